import { Bench, TRACKING } from './fixtures';
import { componentResourceId, SCALABLE_COMPONENT } from '../../../src/service/scaling-rules';
import { IMAGE, ROLE } from '../sagemaker/fixtures';

let bench: Bench;
const TARGET = { ...SCALABLE_COMPONENT, ResourceId: componentResourceId('llm') };
const NEEDS = { MinMemoryRequiredInMb: 1024, NumberOfAcceleratorDevicesRequired: 1 };
const Specification = { Container: { Image: IMAGE }, ComputeResourceRequirements: NEEDS };

beforeEach(async () => {
  bench = new Bench();
  await bench.call('CreateEndpointConfig', {
    EndpointConfigName: 'components', ExecutionRoleArn: ROLE, ProductionVariants: [{ VariantName: 'main', InstanceType: 'ml.g5.12xlarge', InitialInstanceCount: 1 }],
  });
  await bench.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'components' });
  await bench.minutes(3);
  await bench.call('CreateInferenceComponent', { InferenceComponentName: 'llm', EndpointName: 'live', Specification });
  await bench.minutes(3);
});

const register = (capacity: object, more: object = {}) => bench.scaling('RegisterScalableTarget', { ...TARGET, ...capacity, ...more });
const copies = async () => (await bench.call('DescribeInferenceComponent', { InferenceComponentName: 'llm' })).RuntimeConfig;

test('copies are brought within the bounds, and to zero', async () => {
  await register({ MinCapacity: 2, MaxCapacity: 4 });
  expect(await bench.targets()).toMatchObject([{ ...TARGET, MinCapacity: 2, MaxCapacity: 4 }]);
  expect(await copies()).toMatchObject({ DesiredCopyCount: 2, CurrentCopyCount: 1 });
  await bench.minutes(3);
  expect(await copies()).toMatchObject({ DesiredCopyCount: 2, CurrentCopyCount: 2 });
  await register({ MinCapacity: 0, MaxCapacity: 1 });
  await bench.minutes(3);
  expect(await copies()).toMatchObject({ CurrentCopyCount: 1 });
  await bench.scaling('PutScheduledAction', { ...TARGET, ScheduledActionName: 'night', Schedule: 'rate(1 hour)', ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 0 } });
  await bench.minutes(70);
  expect(await copies()).toEqual({ DesiredCopyCount: 0, CurrentCopyCount: 0 });
});

test('bounds that come while the component is updated count at its end', async () => {
  await bench.call('UpdateInferenceComponent', { InferenceComponentName: 'llm', Specification });
  await register({ MinCapacity: 3, MaxCapacity: 4 });
  expect(await copies()).toMatchObject({ DesiredCopyCount: 1 });
  await bench.minutes(3);
  expect(await copies()).toMatchObject({ DesiredCopyCount: 3, CurrentCopyCount: 1 });
  await bench.minutes(3);
  expect(await copies()).toMatchObject({ DesiredCopyCount: 3, CurrentCopyCount: 3 });
});

test('bounds that have no room are tried once, and the component goes on', async () => {
  await register({ MinCapacity: 9, MaxCapacity: 9 });
  await bench.minutes(3);
  expect(await copies()).toMatchObject({ DesiredCopyCount: 1, CurrentCopyCount: 1 });
  await bench.minutes(60);
  expect(await bench.call('DescribeInferenceComponent', { InferenceComponentName: 'llm' })).toMatchObject({
    InferenceComponentStatus: 'InService', FailureReason: expect.stringContaining('has no room'),
  });
});

test('a policy tracks the metrics of components, and those of variants not', async () => {
  await register({ MinCapacity: 1, MaxCapacity: 4 });
  const put = (PredefinedMetricType: string) => bench.scaling('PutScalingPolicy', {
    ...TARGET,
    PolicyName: PredefinedMetricType,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 5, PredefinedMetricSpecification: { PredefinedMetricType } },
  });
  await put('SageMakerInferenceComponentInvocationsPerCopy');
  await put('SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution');
  await expect(put('SageMakerVariantInvocationsPerInstance')).rejects.toThrow('for an inference component, got: \'SageMakerVariantInvocationsPerInstance\'');
  expect(await bench.policies()).toHaveLength(2);
  await bench.scaling('DeregisterScalableTarget', TARGET);
  expect([await bench.targets(), await bench.policies()]).toEqual([[], []]);
});

test('a step policy adds copies when its alarm says so', async () => {
  await register({ MinCapacity: 1, MaxCapacity: 3 });
  const { PolicyARN } = await bench.scaling('PutScalingPolicy', {
    ...TARGET,
    PolicyName: 'steps',
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: { AdjustmentType: 'ChangeInCapacity', StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 5 }] },
  });
  const { operations } = bench.region.cloudwatch;
  const call = { region: bench.region, principal: bench.region.root, requestId: 'r' };
  await operations.PutMetricAlarm({
    AlarmName: 'waiting',
    AlarmActions: [PolicyARN],
    MetricName: 'NoCapacityInvocationFailures',
    Namespace: 'AWS/SageMaker',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  }, call);
  await operations.SetAlarmState({ AlarmName: 'waiting', StateValue: 'ALARM', StateReason: 'test' }, call);
  await bench.minutes(3);
  expect(await copies()).toMatchObject({ CurrentCopyCount: 3 });
});

test.each<[string, object, string]>([
  ['a component that is not there', { ResourceId: componentResourceId('none') }, 'No SageMaker inference component found for resource ID: inference-component/none'],
  ['an endpoint', { ResourceId: 'endpoint/live/variant/main' }, 'Unsupported service namespace, resource type or scalable dimension'],
  ['an adapter', { ResourceId: componentResourceId('lora') }, 'inference-component/lora is an adapter: it has no copies to scale'],
])('registration of %s is refused', async (_what, more, words) => {
  await bench.call('CreateInferenceComponent', {
    InferenceComponentName: 'lora', EndpointName: 'live', Specification: { BaseInferenceComponentName: 'llm', Container: { ArtifactUrl: 's3://models/lora.tar.gz' } },
  });
  await expect(register({ MinCapacity: 1, MaxCapacity: 2 }, more)).rejects.toThrow(words);
});

test('a deleted component leaves a target that scales nothing', async () => {
  await register({ MinCapacity: 1, MaxCapacity: 4 });
  await bench.scaling('PutScheduledAction', { ...TARGET, ScheduledActionName: 'noon', Schedule: 'rate(1 hour)', ScalableTargetAction: { MinCapacity: 3 } });
  await bench.call('DeleteInferenceComponent', { InferenceComponentName: 'llm' });
  await bench.minutes(70);
  expect(await bench.targets()).toMatchObject([{ MinCapacity: 3 }]);
  await expect(bench.put({ ...TARGET, TargetTrackingScalingPolicyConfiguration: TRACKING })).rejects.toThrow('for an inference component');
});

test('a registration reads and updates the component with its caller\'s permissions', () => {
  const needs = bench.region.iam.needs('application-autoscaling', 'RegisterScalableTarget', TARGET).map(({ action, resource }) => `${action} ${resource}`);
  expect(needs.filter((need) => need.startsWith('sagemaker:'))).toEqual(['DescribeInferenceComponent', 'UpdateInferenceComponentRuntimeConfig']
    .map((action) => `sagemaker:${action} arn:aws:sagemaker:eu-west-1:111122223333:inference-component/llm`));
});
