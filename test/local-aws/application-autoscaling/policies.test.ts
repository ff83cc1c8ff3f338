import { Bench, ResourceId, TARGET, TRACKING } from './fixtures';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  await bench.endpoint();
  await bench.register();
});

const STEP = { AdjustmentType: 'ChangeInCapacity', StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }], Cooldown: 60 };
const tracking = (config: object) => ({ TargetTrackingScalingPolicyConfiguration: config });

test('target tracking has two alarms, and is described whole', async () => {
  const config = { ...TRACKING, ScaleInCooldown: 300, ScaleOutCooldown: 60, DisableScaleIn: true };
  const { PolicyARN, Alarms } = await bench.put(tracking(config));
  expect(PolicyARN).toMatch(new RegExp(`^arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:[\\da-f-]{36}:resource/sagemaker/${ResourceId}:policyName/track$`));
  expect(Alarms.map(({ AlarmName }: any) => AlarmName)).toEqual([
    expect.stringContaining(`TargetTracking-${ResourceId}-AlarmHigh-`), expect.stringContaining(`TargetTracking-${ResourceId}-AlarmLow-`),
  ]);
  expect(await bench.policies()).toEqual([{
    ...TARGET,
    PolicyARN,
    PolicyName: 'track',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: config,
    Alarms,
    CreationTime: new Date('2026-01-01T00:03:00Z'),
  }]);
});

test.each<[string, object]>([
  ['a metric by its name', { TargetValue: 1, CustomizedMetricSpecification: { MetricName: 'CPUUtilization', Namespace: '/aws/sagemaker/Endpoints', Statistic: 'Average' } }],
  ['a calculated metric', { TargetValue: 1, CustomizedMetricSpecification: { Metrics: [{ Id: 'm', Expression: 'a / b' }] } }],
  ['concurrency', { TargetValue: 5, PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantConcurrentRequestsPerModelHighResolution' } }],
])('target tracking takes %s', async (_what, config) => {
  await bench.put(tracking(config));
  expect(await bench.policies()).toMatchObject([tracking(config)]);
});

test('step scaling has no alarms of its own', async () => {
  expect((await bench.put({ PolicyType: 'StepScaling', StepScalingPolicyConfiguration: STEP, ...tracking(undefined as any) })).Alarms).toEqual([]);
  expect(await bench.policies()).toMatchObject([{ PolicyType: 'StepScaling', StepScalingPolicyConfiguration: STEP }]);
});

test('a policy put again keeps its ARN, and what is not given', async () => {
  const { PolicyARN } = await bench.put();
  const changed = { ...TRACKING, TargetValue: 50 };
  expect(await bench.scaling('PutScalingPolicy', { ...TARGET, PolicyName: 'track', ...tracking(changed) })).toMatchObject({ PolicyARN });
  expect(await bench.policies()).toMatchObject([{ PolicyType: 'TargetTrackingScaling', ...tracking(changed) }]);
});

test('a policy of another type drops the configuration of the old one', async () => {
  await bench.put();
  await bench.scaling('PutScalingPolicy', { ...TARGET, PolicyName: 'track', PolicyType: 'StepScaling', StepScalingPolicyConfiguration: STEP });
  expect((await bench.policies())[0]).not.toHaveProperty('TargetTrackingScalingPolicyConfiguration');
});

const CUSTOM = { MetricName: 'm', Namespace: 'n', Statistic: 'Sum' };
test.each<[string, object, string]>([
  ['of no type', { PolicyType: undefined }, 'PolicyType must be TargetTrackingScaling or StepScaling for a variant, got: none'],
  ['that predicts', { PolicyType: 'PredictiveScaling' }, 'PolicyType must be TargetTrackingScaling or StepScaling for a variant, got: PredictiveScaling'],
  ['without its configuration', tracking(undefined as any), 'TargetTrackingScalingPolicyConfiguration is required'],
  ['with the configuration of another type', { StepScalingPolicyConfiguration: STEP }, 'StepScalingPolicyConfiguration does not go with a policy of type TargetTrackingScaling'],
  ['without a target', tracking({ PredefinedMetricSpecification: TRACKING.PredefinedMetricSpecification }), 'targetTrackingScalingPolicyConfiguration.targetValue'],
  ['with a target beyond bounds', tracking({ ...TRACKING, TargetValue: 1e109 }), 'TargetValue must be between -2^360 and 2^360'],
  ['without a metric', tracking({ TargetValue: 1 }), 'got: none'],
  ['with two metrics', tracking({ ...TRACKING, CustomizedMetricSpecification: CUSTOM }), 'got: both'],
  ['with a metric of another service', tracking({ TargetValue: 1, PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' } }), 'PredefinedMetricType must be one of'],
  ['with a metric that is none', tracking({ TargetValue: 1, PredefinedMetricSpecification: { PredefinedMetricType: 'Mood' } }), 'Member must satisfy enum value set'],
  ['with a load balancer\'s label', tracking({ TargetValue: 1, PredefinedMetricSpecification: { ...TRACKING.PredefinedMetricSpecification, ResourceLabel: 'x' } }), 'ResourceLabel is valid only for'],
  ['with half a metric', tracking({ TargetValue: 1, CustomizedMetricSpecification: { MetricName: 'm', Namespace: 'n' } }), 'Statistic is required if there are no Metrics'],
  ['with a metric and a calculated one', tracking({ TargetValue: 1, CustomizedMetricSpecification: { ...CUSTOM, Metrics: [{ Id: 'm' }] } }), 'Metrics must be the only member, got also: MetricName, Namespace, Statistic'],
  ['of steps without their kind', { PolicyType: 'StepScaling', ...tracking(undefined as any), StepScalingPolicyConfiguration: { StepAdjustments: STEP.StepAdjustments } }, 'AdjustmentType is required'],
  ['of no steps', { PolicyType: 'StepScaling', ...tracking(undefined as any), StepScalingPolicyConfiguration: { ...STEP, StepAdjustments: [] } }, 'must have at least one adjustment'],
  ['of a name that cannot be printed', { PolicyName: 'tr\u00e4ck' }, "at 'policyName' failed to satisfy constraint"],
])('a policy %s is refused', async (_what, input, message) => {
  await expect(bench.put(input)).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) });
  expect(await bench.policies()).toEqual([]);
});

test('a metric is tracked by one policy only', async () => {
  await bench.put();
  await expect(bench.put({ PolicyName: 'more' })).rejects.toMatchObject({
    code: 'ValidationException', message: 'Only one TargetTrackingScaling policy for a given metric specification is allowed.',
  });
});

test('a target must be registered before', async () => {
  await bench.scaling('DeregisterScalableTarget', TARGET);
  await expect(bench.put()).rejects.toMatchObject({
    code: 'ObjectNotFoundException',
    message: `No scalable target registered for service namespace: sagemaker, resource ID: ${ResourceId}, scalable dimension: sagemaker:variant:DesiredInstanceCount`,
  });
});

test('a policy is deleted once', async () => {
  await bench.put();
  await bench.scaling('DeleteScalingPolicy', { ...TARGET, PolicyName: 'track' });
  expect(await bench.policies()).toEqual([]);
  await expect(bench.scaling('DeleteScalingPolicy', { ...TARGET, PolicyName: 'track' })).rejects.toMatchObject({ code: 'ObjectNotFoundException' });
});

test('descriptions are of the policies asked for', async () => {
  await bench.put();
  await bench.put({ PolicyName: 'step', PolicyType: 'StepScaling', StepScalingPolicyConfiguration: STEP, ...tracking(undefined as any) });
  const names = async (input: object) => (await bench.scaling('DescribeScalingPolicies', { ServiceNamespace: 'sagemaker', ...input })).ScalingPolicies
    .map(({ PolicyName }: any) => PolicyName);
  expect(await names({ PolicyNames: ['step'] })).toEqual(['step']);
  expect(await names({ ResourceId, ScalableDimension: TARGET.ScalableDimension })).toEqual(['track', 'step']);
  expect(await names({ ResourceId: 'endpoint/other/variant/main' })).toEqual([]);
  await expect(names({ ScalableDimension: TARGET.ScalableDimension })).rejects.toMatchObject({ code: 'ValidationException' });
});
