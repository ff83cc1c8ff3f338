import { GetScalingConfigurationRecommendationCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { Bench, ROLE } from './fixtures';
import { startLocalAws } from '../../../local-aws';
import { BenchmarkScript } from '../../../local-aws/sagemaker';

const row = (EndpointConfiguration: object) => ({ RecommendationId: 'job/a', Metrics: { MaxInvocations: 3000, ModelLatency: 12 }, EndpointConfiguration, ModelConfiguration: {} });
const script = (endpoint: object, rest: object = {}): BenchmarkScript => () => ({ durationSeconds: 60, recommendations: [row(endpoint)], ...rest });
const THREE = { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 3, EndpointName: 'sm-epc-a' };
const ASKED = { InferenceRecommendationsJobName: 'job', RecommendationId: 'job/a' };

async function benchAfter(benchmarks: BenchmarkScript): Promise<Bench> {
  const bench = new Bench({ benchmarks });
  const InputConfig = { ModelPackageVersionArn: await bench.modelPackage() };
  await bench.call('CreateInferenceRecommendationsJob', { JobName: 'job', JobType: 'Default', RoleArn: ROLE, InputConfig });
  await bench.world.clock.advance(60_000);
  return bench;
}

const advise = async (input: object = {}, benchmarks = script(THREE)) =>
  (await benchAfter(benchmarks)).call('GetScalingConfigurationRecommendation', { ...ASKED, ...input });

const refused = async (input: object, benchmarks = script(THREE)) =>
  (await benchAfter(benchmarks)).refused('GetScalingConfigurationRecommendation', { ...ASKED, ...input });

test('is computed from the row: its invocations by instance, at half of the CPU', async () => {
  expect(await advise()).toEqual({
    ...ASKED,
    TargetCpuUtilizationPerCore: 50,
    Metric: { InvocationsPerInstance: 1000, ModelLatency: 12 },
    DynamicScalingConfiguration: {
      MinCapacity: 1,
      MaxCapacity: 4,
      ScaleInCooldown: 300,
      ScaleOutCooldown: 300,
      ScalingPolicies: [{
        TargetTracking: { MetricSpecification: { Predefined: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' } }, TargetValue: 500 },
      }],
    },
  });
});

test('goes by the traffic and the utilisation that are asked for, and repeats them', async () => {
  const asked = { TargetCpuUtilizationPerCore: 80, ScalingPolicyObjective: { MinInvocationsPerMinute: 1601, MaxInvocationsPerMinute: 8000 } };
  expect(await advise(asked)).toMatchObject({
    ...asked,
    DynamicScalingConfiguration: { MinCapacity: 3, MaxCapacity: 10, ScalingPolicies: [{ TargetTracking: { TargetValue: 800 } }] },
  });
});

test('is had by the benchmarked endpoint\'s name too', async () => {
  const input = { RecommendationId: undefined, EndpointName: 'sm-epc-a' };
  expect(await advise(input)).toMatchObject({ EndpointName: 'sm-epc-a', Metric: { InvocationsPerInstance: 1000 } });
});

test.each<[string, object, string]>([
  ['both an id and a name', { EndpointName: 'sm-epc-a' }, 'ValidationException'],
  ['neither', { RecommendationId: undefined }, 'ValidationException'],
  ['an id of no row', { RecommendationId: 'job/b' }, 'ResourceNotFound'],
  ['an unknown job', { InferenceRecommendationsJobName: 'other' }, 'ResourceNotFound'],
  ['a utilisation of 0', { TargetCpuUtilizationPerCore: 0 }, 'ValidationException'],
  ['a utilisation of 101', { TargetCpuUtilizationPerCore: 101 }, 'ValidationException'],
])('is refused for %s', async (_what, input, code) => {
  expect(await refused(input)).toMatchObject({ code });
});

test('is refused for a row without instances', async () => {
  expect(await refused({}, script({ ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }))).toMatchObject({ code: 'ValidationException' });
});

test('is what the script says instead', async () => {
  const scaling = (request: any, { RecommendationId }: any) => ({
    DynamicScalingConfiguration: { MinCapacity: request.TargetCpuUtilizationPerCore, MaxCapacity: 99, ScalingPolicies: [] }, RecommendationId,
  });
  expect(await advise({}, script(THREE, { scaling }))).toMatchObject({
    Metric: { InvocationsPerInstance: 1000 }, DynamicScalingConfiguration: { MinCapacity: 50, MaxCapacity: 99, ScalingPolicies: [] },
  });
});

test('reaches the SDK', async () => {
  const aws = await startLocalAws({ benchmarks: script(THREE), imported: 'assumed' });
  try {
    const { sagemaker, clock } = aws.world.region('111111111111', 'us-east-1');
    await sagemaker.call('CreateModel', { ModelName: 'm', PrimaryContainer: { Image: 'i' }, ExecutionRoleArn: ROLE });
    const ContainerConfig = { Domain: 'OTHER', Task: 'OTHER', Framework: 'XGBOOST', PayloadConfig: { SamplePayloadUrl: 's3://b/p.tar.gz' }, DataInputConfig: '{}' };
    await sagemaker.call('CreateInferenceRecommendationsJob', { JobName: 'job', JobType: 'Default', RoleArn: ROLE, InputConfig: { ModelName: 'm', ContainerConfig } });
    await clock.run(() => clock.sleep(61_000));
    const client = new SageMakerClient(aws.client());
    const { DynamicScalingConfiguration } = await client.send(new GetScalingConfigurationRecommendationCommand(ASKED));
    expect(DynamicScalingConfiguration?.ScalingPolicies?.[0].TargetTracking?.TargetValue).toBe(500);
  } finally {
    await aws.close();
  }
});
