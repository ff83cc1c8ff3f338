import fc from 'fast-check';
import { Bench, ROLE } from './fixtures';
import { startLocalAws } from '../../../local-aws';
import { BenchmarkRun, timesOf, withFailures } from '../../../local-aws/sagemaker';
import { scaleVariant } from '../../../local-aws/sagemaker/endpoint-variants';

const C5 = 'ml.c5.xlarge for endpoint usage';
const TOTAL = 'Number of instances across active endpoints';
const limit = (name: string, value: number, used: number, more: number) => (
  `The account-level service limit '${name}' is ${value} Instances, with current utilization of ${used} Instances and a request delta of ${more} Instances. `
  + 'Please use AWS Service Quotas to request an increase for this quota.'
);
const variant = (InitialInstanceCount: number, InstanceType = 'ml.c5.xlarge') => ({ InstanceType, InitialInstanceCount });

/** Creates an endpoint with a configuration of its own. */
async function create(bench: Bench, EndpointName: string, ...given: Parameters<typeof variant>): Promise<void> {
  await bench.endpointConfig(EndpointName, variant(...given));
  await bench.call('CreateEndpoint', { EndpointName, EndpointConfigName: EndpointName });
}

test('an endpoint beyond the quota of its type is refused, whether the others are in service or are being made', async () => {
  const bench = new Bench({ quotas: { [C5]: 3 } });
  await create(bench, 'first', 2);
  await bench.endpointConfig('second', variant(2));
  const second = { EndpointName: 'second', EndpointConfigName: 'second' };
  expect(await bench.refused('CreateEndpoint', second)).toMatchObject({ code: 'ResourceLimitExceeded', message: limit(C5, 3, 2, 2) });
  await bench.minutes(5);
  expect((await bench.refused('CreateEndpoint', second)).message).toBe(limit(C5, 3, 2, 2));
  await create(bench, 'other', 50, 'ml.m5.xlarge');
  await bench.call('DeleteEndpoint', { EndpointName: 'first' });
  await bench.minutes(5);
  await bench.call('CreateEndpoint', second);
});

test('all types together have a quota, and a serverless endpoint counts in neither', async () => {
  const bench = new Bench({ quotas: { [TOTAL]: 3 } });
  await create(bench, 'first', 2);
  await bench.endpointConfig('second', variant(2, 'ml.m5.xlarge'));
  expect((await bench.refused('CreateEndpoint', { EndpointName: 'second', EndpointConfigName: 'second' })).message).toBe(limit(TOTAL, 3, 2, 2));
  await bench.endpointConfig('serverless', { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } });
  await bench.call('CreateEndpoint', { EndpointName: 'serverless', EndpointConfigName: 'serverless' });
});

test('an update counts what the endpoint has already, and scaling stops at the quota', async () => {
  const bench = new Bench({ quotas: { [C5]: 3 } });
  await create(bench, 'live', 2);
  await bench.minutes(5);
  await bench.endpointConfig('larger', variant(3));
  await bench.endpointConfig('too-large', variant(4));
  expect((await bench.refused('UpdateEndpoint', { EndpointName: 'live', EndpointConfigName: 'too-large' })).message).toBe(limit(C5, 3, 2, 2));
  const count = () => bench.region.sagemaker.state.endpoints.get('live')!.variants![0].CurrentInstanceCount;
  scaleVariant(bench.region.sagemaker.state.endpoints.get('live')!, 'main', { min: 4, max: 9 }, bench.region);
  await bench.minutes(5);
  expect(count()).toBe(2);
  scaleVariant(bench.region.sagemaker.state.endpoints.get('live')!, 'main', { min: 3, max: 9 }, bench.region);
  await bench.minutes(5);
  expect(count()).toBe(3);
  scaleVariant(bench.region.sagemaker.state.endpoints.get('live')!, 'main', { min: 1, max: 1 }, bench.region);
  await bench.minutes(5);
  expect(count()).toBe(1);
  await bench.call('UpdateEndpoint', { EndpointName: 'live', EndpointConfigName: 'larger' });
});

const job = async (bench: Bench, JobName = 'j') => ({
  JobName, JobType: 'Default', RoleArn: ROLE, InputConfig: { ModelPackageVersionArn: await bench.modelPackage() },
});

test('a benchmark on a type without quota fails with the service\'s reason, and the others go on', async () => {
  const bench = new Bench({ quotas: { [C5]: 0 } });
  await bench.call('CreateInferenceRecommendationsJob', await job(bench));
  await bench.minutes(60);
  const { Status, InferenceRecommendations } = await bench.call('DescribeInferenceRecommendationsJob', { JobName: 'j' });
  const { Steps } = await bench.call('ListInferenceRecommendationsJobSteps', { JobName: 'j' });
  const failed = Steps.filter((step: any) => step.Status === 'FAILED').map(({ InferenceBenchmark: { FailureReason, EndpointConfiguration } }: any) => [EndpointConfiguration.InstanceType, FailureReason]);
  expect(Status).toBe('COMPLETED');
  expect(InferenceRecommendations.map(({ EndpointConfiguration }: any) => EndpointConfiguration.InstanceType)).not.toContain('ml.c5.xlarge');
  expect(failed.length).toBeGreaterThan(0);
  expect(new Set(failed.map(String))).toEqual(new Set([
    `ml.c5.xlarge,An error occurred (ResourceLimitExceeded) when calling the CreateEndpoint operation: ${limit(C5, 0, 0, 1)}`,
  ]));
});

test('a job without any endpoint fails, and one beyond the jobs that may run does not start', async () => {
  const bench = new Bench({ quotas: { [TOTAL]: 0, 'Number of inference recommender jobs': 1 } });
  await bench.call('CreateInferenceRecommendationsJob', await job(bench));
  expect(await bench.refused('CreateInferenceRecommendationsJob', await job(bench, 'k'))).toMatchObject({
    code: 'ResourceLimitExceeded',
    message: expect.stringContaining("The account-level service limit 'Number of inference recommender jobs' is 1, with current utilization of 1 and a request delta of 1."),
  });
  await bench.minutes(60);
  expect(await bench.call('DescribeInferenceRecommendationsJob', { JobName: 'j' })).toMatchObject({
    Status: 'FAILED', FailureReason: 'CLIENT_ERROR: ResourceLimitExceeded when calling CreateEndpoint operation. Use AWS Service Quotas to request an increase.',
  });
  await bench.call('CreateInferenceRecommendationsJob', await job(bench, 'k'));
});

test.each<[string, number, string]>([
  ['ml.c5.xlarg for endpoint usage', 0, 'quotas: SageMaker has no quota ml.c5.xlarg for endpoint usage here; it has "TYPE for endpoint usage" for each instance type'],
  ['jobs', 1, ', "Number of instances across active endpoints", "Number of inference recommender jobs", "Number of AI recommendation jobs" and "Number of AI benchmark jobs"'],
  ['toString', 1, 'quotas: SageMaker has no quota toString here'],
  [C5, -1, `quotas: the quota ${C5} must be a whole number of at least 0, got: -1`],
  [TOTAL, 1.5, `quotas: the quota ${TOTAL} must be a whole number of at least 0, got: 1.5`],
  [TOTAL, NaN, `quotas: the quota ${TOTAL} must be a whole number of at least 0, got: NaN`],
])('a local AWS with the quota %s = %d is refused', async (name, value, message) => {
  await expect(startLocalAws({ quotas: { [C5]: 1, [name]: value } })).rejects.toThrow(message);
});

test('benchmarks that fail keep their times, and no other one changes', () => {
  const row = (InstanceType: string) => ({ EndpointConfiguration: { InstanceType, InitialInstanceCount: 1 }, ModelConfiguration: {} });
  const steps = fc.array(fc.record({ seconds: fc.integer({ min: 1, max: 900 }), fails: fc.boolean() }), { minLength: 1, maxLength: 8 });
  fc.assert(fc.property(steps, fc.integer({ min: 1, max: 3 }), (list, parallelSteps) => {
    const run: BenchmarkRun = {
      durationSeconds: 10_000,
      recommendations: list.map((_, index) => row(`type${index}`)),
      failedSteps: [{ failureReason: 'early', EndpointConfiguration: { InstanceType: 'last' } }],
      stepSeconds: [...list.map(({ seconds }) => seconds), 7],
      parallelSteps,
    };
    const timeByType = (one: BenchmarkRun) => Object.fromEntries([...one.recommendations, ...one.failedSteps!]
      .map(({ EndpointConfiguration }, index) => [EndpointConfiguration!.InstanceType, timesOf(one)[index]]));
    const found = withFailures(run, (_row, index) => (list[index].fails ? { failureReason: 'late' } : undefined));
    expect(timeByType(found)).toEqual(timeByType(run));
    expect(found.recommendations).toEqual(run.recommendations.filter((_, index) => !list[index].fails));
    expect(found.failedSteps!.map(({ failureReason }) => failureReason)).toEqual([...list.filter(({ fails }) => fails).map(() => 'late'), 'early']);
  }));
});

test('capacity is lacked only by types that the service knows', async () => {
  const message = /^withoutCapacity: SageMaker has no instance type ml\.c5\.tiny here; of ml\.c5 it has ml\.c5\./;
  await expect(startLocalAws({ withoutCapacity: ['ml.c5.xlarge', 'ml.c5.tiny'] })).rejects.toThrow(message);
});
