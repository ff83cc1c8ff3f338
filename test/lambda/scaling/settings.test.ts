import { scalingOf } from '../../../lambda/scaling/settings';
import { BenchmarkScript, ScalingAdvice } from '../../../local-aws/sagemaker';
import type { ScalingProperties } from '../../../src/contract/scaling';
import { ID, INVOCATIONS, LARGER, OWN, REGISTERED, REGISTERED_LARGER, ScaledEndpoint, scalingProperties, tracking, XLARGE } from '../../harness/scaled-endpoint';
import { ROLE_ARN } from '../../harness/stage';

describe('the figures', () => {
  const recommended = {
    MinCapacity: 2,
    MaxCapacity: 6,
    ScaleInCooldown: 120,
    ScaleOutCooldown: 60,
    ScalingPolicies: [{ TargetTracking: { TargetValue: 500, MetricSpecification: { Predefined: { PredefinedMetricType: INVOCATIONS } } } }],
  };
  const Recommendation = { JobName: 'job', RecommendationId: 'job/a' };
  const of = (properties: Partial<ScalingProperties>, given: any = recommended) => scalingOf(scalingProperties({ ...XLARGE, properties }), given);
  const cooldowns = { ScaleInCooldown: 120, ScaleOutCooldown: 60 };

  test('are the recommended ones', () => {
    expect(of({ Recommendation })).toEqual([{
      resourceId: ID, minCapacity: 2, maxCapacity: 6, policies: [{ name: 'AllTraffic-target-tracking', config: tracking(500, cooldowns)['AllTraffic-target-tracking'] }],
    }]);
  });

  test.each<[string, Partial<ScalingProperties>, object, object?]>([
    ['MinCapacity', { MinCapacity: '3' }, { minCapacity: 3, maxCapacity: 6 }],
    ['MaxCapacity', { MaxCapacity: '9' }, { minCapacity: 2, maxCapacity: 9 }],
    ['ScaleInCooldown', { ScaleInCooldown: '0' }, {}, { TargetValue: 500, ScaleInCooldown: 0, ScaleOutCooldown: 60 }],
    ['ScaleOutCooldown', { ScaleOutCooldown: '10' }, {}, { TargetValue: 500, ScaleInCooldown: 120, ScaleOutCooldown: 10 }],
    ['the target', { TargetValue: '0.5', PredefinedMetricType: INVOCATIONS }, {}, { TargetValue: 0.5, ...cooldowns }],
    ['DisableScaleIn', { DisableScaleIn: 'true' }, {}, { DisableScaleIn: true }],
    ['DisableScaleIn, false', { DisableScaleIn: 'false' }, {}, { DisableScaleIn: false }],
  ])('the user\'s go before them: %s', (_what, properties, capacity, config = {}) => {
    expect(of({ Recommendation, ...properties })).toMatchObject([{ ...capacity, policies: [{ config }] }]);
  });

  test('a recommended metric of the service\'s own measures the variant', () => {
    const Customized = { MetricName: 'CPUUtilizationNormalized', Namespace: '/aws/sagemaker/Endpoints', Statistic: 'Average' };
    const policies = [{ TargetTracking: { TargetValue: 50, MetricSpecification: { Customized } } }];
    expect(of({ Recommendation }, { ...recommended, ScalingPolicies: policies })).toMatchObject([{
      policies: [{
        config: { CustomizedMetricSpecification: { ...Customized, Dimensions: [{ Name: 'EndpointName', Value: 'live' }, { Name: 'VariantName', Value: 'AllTraffic' }] } },
      }],
    }]);
  });

  test('each recommended policy has a name of its own', () => {
    const [policy] = recommended.ScalingPolicies;
    const [{ policies }] = of({ Recommendation }, { ...recommended, ScalingPolicies: [policy, {}, policy] });
    expect(policies.map(({ name }) => name)).toEqual(['AllTraffic-target-tracking', 'AllTraffic-target-tracking-2']);
  });

  test.each<[string, Partial<ScalingProperties>, object, string]>([
    ['no minimum', { ...OWN, MinCapacity: undefined }, {}, 'MinCapacity is missing: neither the app nor the recommendation has it. Set it in the app.'],
    ['no maximum', { ...OWN, MaxCapacity: undefined }, {}, 'MaxCapacity is missing: neither the app nor the recommendation has it. Set it in the app.'],
    ['no target', { MinCapacity: '1', MaxCapacity: '2' }, {}, 'The target is missing: neither the app nor the recommendation has it. Set `target`.'],
    ['a minimum above a recommended maximum', { Recommendation, MinCapacity: '7' }, recommended,
      `Application Auto Scaling would refuse ${ID}: MinCapacity must not be greater than MaxCapacity (6), got: 7.`],
    ['a recommended metric that variants do not have', { Recommendation },
      { ...recommended, ScalingPolicies: [{ TargetTracking: { TargetValue: 1, MetricSpecification: { Predefined: { PredefinedMetricType: 'ALBRequestCountPerTarget' } } } }] },
      'got: \'ALBRequestCountPerTarget\''],
  ])('%s is refused in a sentence', (_what, properties, given, sentence) => {
    expect(() => of(properties, given)).toThrow(sentence);
  });
});

describe('a fallback, for which nothing is recommended', () => {
  const Recommendation = { JobName: 'job', RecommendationId: '', MinInvocationsPerMinute: '5' };
  const empty = { MinCapacity: '', MaxCapacity: '', TargetValue: '', Metric: '', ScaleInCooldown: '', ScaleOutCooldown: '' };

  test.each<[string, Partial<ScalingProperties>]>([
    ['without figures', {}], ['without a maximum', { ...OWN, MaxCapacity: undefined }], ['without a target', { MinCapacity: '1', MaxCapacity: '2' }],
  ])('%s is not scaled, and every attribute is answered empty', async (_what, figures) => {
    const stack = await new ScaledEndpoint().setUp();
    expect(await stack.create({ ...XLARGE, properties: { Recommendation, ...figures } })).toMatchObject({ Status: 'SUCCESS', Data: empty });
    expect(stack.registered).toEqual({});
    expect(stack.count('GetScalingConfigurationRecommendation')).toBe(0);
    expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
    expect(stack.registered).toEqual(REGISTERED_LARGER);
  });

  test('with the user\'s figures is scaled by these', async () => {
    const stack = await new ScaledEndpoint().setUp();
    expect(await stack.create({ ...XLARGE, properties: { Recommendation, ...OWN } })).toMatchObject({ Data: { ...empty, MinCapacity: '1', MaxCapacity: '4', TargetValue: '100', Metric: INVOCATIONS } });
    expect(stack.registered).toEqual(REGISTERED);
  });

  test('that comes in place of a winner ends its scaling', async () => {
    const stack = await new ScaledEndpoint().setUp();
    await stack.create(XLARGE);
    expect(stack.registered).toEqual(REGISTERED);
    expect(await stack.update({ ...LARGER, properties: { Recommendation } })).toBe('UPDATE_COMPLETE');
    expect(stack.registered).toEqual({});
  });
});

describe('a job\'s recommendation', () => {
  const row = { RecommendationId: 'job/a', Metrics: { MaxInvocations: 3000, ModelLatency: 12 }, EndpointConfiguration: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 3 }, ModelConfiguration: {} };
  const script = (advice?: ScalingAdvice): BenchmarkScript => () => (
    { durationSeconds: 60, recommendations: [row], scaling: advice && (() => advice) });
  const Recommendation = { JobName: 'job', RecommendationId: 'job/a' };

  async function afterJob(properties: Partial<ScalingProperties>, advice?: ScalingAdvice) {
    const stack = await new ScaledEndpoint(script(advice)).setUp();
    await stack.sagemaker('CreateInferenceRecommendationsJob', { JobName: 'job', JobType: 'Default', RoleArn: ROLE_ARN, InputConfig: { ModelPackageVersionArn: stack.packageArn } });
    await stack.pass(2);
    return { stack, answer: await stack.create({ ...XLARGE, properties }) };
  }

  test('is asked for, registered and answered', async () => {
    const { stack, answer } = await afterJob({ Recommendation });
    expect(answer).toMatchObject({
      PhysicalResourceId: 'Scaling',
      Data: { MinCapacity: '1', MaxCapacity: '4', TargetValue: '500', Metric: INVOCATIONS, ScaleInCooldown: '300', ScaleOutCooldown: '300' },
    });
    expect(stack.registered).toEqual({ [ID]: { min: 1, max: 4, policies: tracking(500, { ScaleInCooldown: 300, ScaleOutCooldown: 300 }) } });
  });

  test('is asked for by the utilization and the traffic given', async () => {
    const { stack } = await afterJob({ Recommendation: { ...Recommendation, TargetCpuUtilizationPerCore: '80', MaxInvocationsPerMinute: '8000' } });
    expect(stack.calls.find(({ operation }) => operation === 'GetScalingConfigurationRecommendation')!.input).toEqual({
      InferenceRecommendationsJobName: 'job', RecommendationId: 'job/a', TargetCpuUtilizationPerCore: 80, ScalingPolicyObjective: { MaxInvocationsPerMinute: 8000 },
    });
    expect(stack.registered).toMatchObject({ [ID]: { min: 1, max: 10, policies: tracking(800) } });
  });

  test('of two policies leaves none of them beside the user\'s own target', async () => {
    const policyOf = (PredefinedMetricType: string) => (
      { TargetTracking: { TargetValue: 5, MetricSpecification: { Predefined: { PredefinedMetricType } } } });
    const ScalingPolicies = [policyOf(INVOCATIONS), policyOf('SageMakerVariantConcurrentRequestsPerModelHighResolution')];
    const { stack } = await afterJob({ Recommendation }, { DynamicScalingConfiguration: { MinCapacity: 1, MaxCapacity: 2, ScalingPolicies } });
    expect(Object.keys(stack.registered[ID].policies)).toHaveLength(2);
    await stack.scale('Update', XLARGE, { PhysicalResourceId: 'Scaling' });
    expect(stack.registered).toEqual(REGISTERED);
  });

  test('that the service does not know fails with its words, and nothing is registered or recorded', async () => {
    const { stack, answer } = await afterJob({ Recommendation: { ...Recommendation, RecommendationId: 'job/b' } });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^ResourceNotFound: .*"job\/b" of job "job"/) });
    expect([stack.registered, stack.record]).toEqual([{}, undefined]);
  });
});
