import { weakestOf } from '../../../lambda/scaling/weakest';
import { OWN, ScaledEndpoint, XLARGE } from '../../harness/scaled-endpoint';

const advice = (target: number | undefined, MinCapacity?: number, MaxCapacity?: number) => ({
  MinCapacity, MaxCapacity, ScaleInCooldown: target, ScalingPolicies: target === undefined ? [] : [{ TargetTracking: { TargetValue: target } }],
});

test('the lowest target, and the largest capacities', () => {
  expect(weakestOf([advice(300, 1, 9), advice(100, 2, 4), advice(200, 3, 5)])).toEqual(advice(100, 3, 9));
});

test('of one, itself', () => {
  expect(weakestOf([advice(300, 1, 9)])).toEqual(advice(300, 1, 9));
});

test('a figure that one lacks is that of the others', () => {
  expect(weakestOf([advice(undefined, 2), advice(100)])).toEqual(advice(100, 2, undefined));
  expect(weakestOf([])).toBeUndefined();
});

test('each pool is asked for, and the weakest is registered', async () => {
  const invocations = [800, 100, 400];
  const endpointOf = (MaxInvocations: number) => ({
    Metrics: { MaxInvocations, CostPerInference: 1 }, EndpointConfiguration: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 }, ModelConfiguration: {},
  });
  const stack = await new ScaledEndpoint(() => ({ durationSeconds: 60, recommendations: invocations.map(endpointOf) })).setUp();
  const { Data } = await stack.send(stack.start('Create'));
  await stack.pass(5);
  const { InferenceRecommendations } = await stack.sagemaker('DescribeInferenceRecommendationsJob', { JobName: Data!.JobName });
  const [RecommendationId, ...NextRecommendationIds] = InferenceRecommendations.map((row: any) => row.RecommendationId);
  const { TargetValue: _target, ...own } = OWN as any;
  const answer = await stack.create({
    ...XLARGE,
    properties: {
      ...own, PredefinedMetricType: undefined, Recommendation: { JobName: Data!.JobName, RecommendationId, NextRecommendationIds },
    },
  });
  // The local AWS recommends half of what an instance takes.
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { TargetValue: '50' } });
});
