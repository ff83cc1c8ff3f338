import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Alarm, IAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CapacitySize, DeploymentConfig, Endpoint, EndpointConfig, EndpointProps, InstanceType, Variant, VariantProperty } from '../../../src';
import { arn, deployed, idOf, newStack, only, permissionsOf } from '../../harness/constructs';
import { endpointProperties, onInstances, ON_INSTANCES, ownModel, served, warningsOf } from '../../harness/endpoints';

const BLUE_GREEN = { waitInterval: Duration.minutes(10), terminationWait: Duration.minutes(2), maximumExecutionTimeout: Duration.hours(1) };
const RENDERED = { TerminationWaitInSeconds: 120, MaximumExecutionTimeoutInSeconds: 3600 };
const half = CapacitySize.percent(50);

function endpointIn(stack: Stack, props: Partial<EndpointProps> = {}): Endpoint {
  const endpointConfig = props.endpointConfig ?? new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)] });
  return new Endpoint(stack, 'Endpoint', { ...props, endpointConfig });
}

const deployment = (config: DeploymentConfig) => endpointProperties(() => ({ deployment: config })).DeploymentConfig;
const imported = (stack: Stack, name: string) => Alarm.fromAlarmArn(stack, name, arn('cloudwatch', `alarm:${name}`));

describe('a deployment', () => {
  test('all at once', () => {
    expect(deployment(DeploymentConfig.allAtOnce(BLUE_GREEN))).toEqual({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 600 }, ...RENDERED },
    });
  });

  test('by a canary', () => {
    expect(deployment(DeploymentConfig.canary({ canarySize: CapacitySize.instances(1), ...BLUE_GREEN }))).toEqual({
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'CANARY', CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 }, WaitIntervalInSeconds: 600 }, ...RENDERED,
      },
    });
  });

  test('in equal steps', () => {
    expect(deployment(DeploymentConfig.linear({ stepSize: CapacitySize.percent(25), ...BLUE_GREEN }))).toEqual({
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'LINEAR', LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 25 }, WaitIntervalInSeconds: 600 }, ...RENDERED,
      },
    });
  });

  test('in batches', () => {
    expect(deployment(DeploymentConfig.rolling({
      maximumBatchSize: half,
      rollbackMaximumBatchSize: CapacitySize.percent(100),
      waitInterval: Duration.minutes(1),
      maximumExecutionTimeout: Duration.hours(8),
    }))).toEqual({
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 50 },
        RollbackMaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 100 },
        WaitIntervalInSeconds: 60,
        MaximumExecutionTimeoutInSeconds: 28800,
      },
    });
  });

  test('watches for five minutes where nothing else is said', () => {
    expect(deployment(DeploymentConfig.allAtOnce()).BlueGreenUpdatePolicy).toEqual({
      TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 300 },
    });
  });

  test.each<[string, () => unknown, RegExp]>([
    ['waiting over an hour', () => DeploymentConfig.allAtOnce({ waitInterval: Duration.seconds(3601) }), /^`waitInterval` must be at most 3600, got: 3601\.$/],
    ['keeping the old fleet over an hour', () => DeploymentConfig.allAtOnce({ terminationWait: Duration.hours(2) }),
      /^`terminationWait` must be at most 3600, got: 7200\.$/],
    ['under ten minutes', () => DeploymentConfig.allAtOnce({ maximumExecutionTimeout: Duration.minutes(9) }),
      /^`maximumExecutionTimeout` must be at least 600, got: 540\.$/],
    ['over eight hours', () => DeploymentConfig.rolling({ maximumBatchSize: half, maximumExecutionTimeout: Duration.hours(9) }),
      /^`maximumExecutionTimeout` must be at most 28800, got: 32400\.$/],
    ['by a canary over half', () => DeploymentConfig.canary({ canarySize: CapacitySize.percent(51) }), /^`canarySize` must be at most 50% .*, got: 51%\.$/],
    ['in steps under a tenth', () => DeploymentConfig.linear({ stepSize: CapacitySize.percent(9) }), /^`stepSize` must be 10 to 50% .*, got: 9%\.$/],
    ['in batches under a twentieth', () => DeploymentConfig.rolling({ maximumBatchSize: CapacitySize.percent(4) }),
      /^`maximumBatchSize` must be 5 to 50% .*, got: 4%\.$/],
    ['of no instance', () => CapacitySize.instances(0), /^`instances` must be at least 1, got: 0\.$/],
  ])('%s is refused', (_what, wrong, sentence) => {
    expect(wrong).toThrow(sentence);
  });
});

describe('alarms', () => {
  test('roll back the deployment that is given, or one at once', () => {
    const alarms = { Alarms: [{ AlarmName: 'slow' }, { AlarmName: 'errors' }] };
    const given = (props: Partial<EndpointProps>) => endpointProperties((stack) => ({ rollbackAlarms: [imported(stack, 'slow'), imported(stack, 'errors')], ...props }));
    expect(given({}).DeploymentConfig).toMatchObject({
      AutoRollbackConfiguration: alarms, BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE' } },
    });
    expect(given({ deployment: DeploymentConfig.rolling({ maximumBatchSize: half }) }).DeploymentConfig)
      .toMatchObject({ AutoRollbackConfiguration: alarms, RollingUpdatePolicy: {} });
  });

  test('are at most ten', () => {
    const stack = newStack();
    const endpoint = endpointIn(stack, { rollbackAlarms: Array.from({ length: 10 }, (_, n) => imported(stack, `alarm${n}`)) });
    expect(() => endpoint.addRollbackAlarm(imported(stack, 'eleventh'))).toThrow(/^`rollbackAlarms` must have at most 10 entries, got one more: 'Shop\/eleventh'/);
  });

  test('are described by the roles that the library made, each alarm by its name', () => {
    const stack = newStack();
    const endpointConfig = new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(ownModel(stack), ON_INSTANCES)] });
    endpointIn(stack, { endpointConfig, rollbackAlarms: [imported(stack, 'slow')] });
    const resources = deployed(stack);
    expect(permissionsOf(resources, idOf(resources, 'ModelRole'))['cloudwatch:DescribeAlarms']).toEqual([arn('cloudwatch', 'alarm:slow')]);
  });

  const alarmOn = (stack: Stack, metric: Metric): IAlarm => metric.createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 });

  test('on the endpoint\'s own metrics need its name, or each would wait for the other', () => {
    const stack = newStack();
    const endpoint = endpointIn(stack);
    endpoint.addRollbackAlarm(alarmOn(stack, endpoint.metricInvocation5xxErrors()));
    expect(() => deployed(stack)).toThrow(/'Shop\/Errors' measures the endpoint that it rolls back, .* set `endpointName`/);
  });

  test('on the endpoint\'s own metrics, with its name', () => {
    const stack = newStack();
    const endpoint = endpointIn(stack, { endpointName: 'live' });
    endpoint.addRollbackAlarm(alarmOn(stack, endpoint.metricInvocation5xxErrors()));
    expect(only(deployed(stack), 'AWS::CloudWatch::Alarm').Properties.Dimensions).toContainEqual({ Name: 'EndpointName', Value: 'live' });
  });

  test('on another endpoint\'s metrics need no name', () => {
    const stack = newStack();
    const other = new Endpoint(stack, 'Other', { endpointConfig: EndpointConfig.fromEndpointConfigName(stack, 'Imported', 'live') });
    endpointIn(stack).addRollbackAlarm(alarmOn(stack, other.metricInvocation5xxErrors({ variantName: 'main' })));
    expect(() => deployed(stack)).not.toThrow();
  });
});

describe('a warning', () => {
  const canary = DeploymentConfig.canary({ canarySize: CapacitySize.instances(1) });
  const rolling = DeploymentConfig.rolling({ maximumBatchSize: half });
  const serverless = (stack: Stack) => [Variant.serverless(served(stack), { memorySize: Size.gibibytes(1), maxConcurrency: 1 })];
  const two = (stack: Stack) => [onInstances(stack, { variantName: 'a' }), onInstances(stack, { variantName: 'b' })];
  const inf1 = (stack: Stack) => [onInstances(stack, { instanceType: InstanceType.ML_INF1_XLARGE })];

  test.each<[string, string[], (stack: Stack) => Variant[], Partial<EndpointProps>]>([
    ['Inf1 with guardrails', ['guardrailExclusions'], inf1, { deployment: DeploymentConfig.allAtOnce() }],
    ['Inf1 without', [], inf1, {}],
    ['rolling serverless', ['rollingExclusions'], serverless, { deployment: rolling }],
    ['blue/green serverless', [], serverless, { deployment: DeploymentConfig.allAtOnce() }],
    ['rolling two variants', ['rollingExclusions'], two, { deployment: rolling }],
    ['blue/green two variants', [], two, { deployment: DeploymentConfig.allAtOnce() }],
    ['a canary of the only instance', ['deploymentSize'], (stack) => [onInstances(stack)], { deployment: canary }],
    ['a canary of one instance in two', [], (stack) => [onInstances(stack, { initialInstanceCount: 2 })], { deployment: canary }],
    ['excluding where nothing is retained', ['excludeWithoutRetain'], (stack) => [onInstances(stack)],
      { excludeRetainedVariantProperties: [VariantProperty.DESIRED_WEIGHT] }],
  ])('for %s: %j', (_what, expected, variants, props) => {
    const stack = newStack();
    endpointIn(stack, { endpointConfig: new EndpointConfig(stack, 'Config', { variants: variants(stack) }), ...props });
    expect(warningsOf(stack)).toEqual(expected);
  });
});
