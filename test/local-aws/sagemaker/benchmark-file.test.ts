import { Bench, ROLE } from './fixtures';
import { benchmarksFrom, modelledBenchmarks, PUBLISHED } from '../../../local-aws/sagemaker';

// It comes without types.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { dump }: { dump(value: unknown): string } = require('js-yaml');

const JobName = 'job';
const RECORDED = {
  JobName: 'their-job',
  JobType: 'Default',
  Status: 'COMPLETED',
  RoleArn: ROLE,
  CreationTime: '2024-03-01T10:00:00.123000+00:00',
  CompletionTime: '2024-03-01T10:31:00.123000+00:00',
  InferenceRecommendations: PUBLISHED.compiled.map((row, index) => (index > 0 ? row : { ...row, Metrics: { ...row.Metrics, CpuUtilization: NaN }, InvocationStartTime: '2024-03-01T10:01:00+00:00' })),
};
/** As Python prints it. */
const printed = (answer: object) => JSON.stringify(answer, (_key, value) => (Number.isNaN(value) ? 'NaN!' : value), 4).replace(/"NaN!"/g, 'NaN');

let bench: Bench;
/** A job with the results of a file; without one, the model's. */
async function job(text: string | undefined, { JobType = 'Default', InputConfig = {} as object } = {}): Promise<any> {
  bench = new Bench({ benchmarks: text === undefined ? modelledBenchmarks : benchmarksFrom(text) });
  const ModelPackageVersionArn = await bench.modelPackage();
  await bench.call('CreateInferenceRecommendationsJob', { JobName, JobType, RoleArn: ROLE, InputConfig: { ModelPackageVersionArn, ...InputConfig } });
  await bench.minutes(301);
  return bench.call('DescribeInferenceRecommendationsJob', { JobName });
}

const rowsOf = ({ InferenceRecommendations: rows }: any) => rows.map(({ EndpointConfiguration: endpoint, Metrics, ModelConfiguration }: any) => ({
  type: endpoint.InstanceType ?? `${endpoint.ServerlessConfig.MemorySizeInMB} MB`,
  count: endpoint.InitialInstanceCount,
  metrics: Metrics,
  environment: ModelConfiguration.EnvironmentParameters?.map(({ Key, Value }: any) => `${Key}=${Value}`),
}));

describe('what the aws command prints of a job', () => {
  test.each([['JSON', printed(RECORDED)], ['YAML', dump({ ...RECORDED })]])('as %s: the same rows and duration, under the name of the new job', async (_form, text) => {
    const found = await job(text);
    expect([found.Status, (found.CompletionTime - found.CreationTime) / 60_000]).toEqual(['COMPLETED', 31]);
    expect(found.InferenceRecommendations.map(({ RecommendationId }: any) => RecommendationId)).toEqual(PUBLISHED.compiled.map(({ RecommendationId }) => RecommendationId!.replace(/.*\//, 'job/')));
    expect(found.InferenceRecommendations[0].Metrics.CpuUtilization).toBeNaN();
    expect(found.InferenceRecommendations[1].Metrics).toEqual(PUBLISHED.compiled[1].Metrics);
    expect(found.InferenceRecommendations[0].InvocationStartTime.getTime()).toBeGreaterThanOrEqual(found.CreationTime.getTime());
    expect(JSON.stringify(found)).not.toContain('their-job');
  });

  test('twice: each job has compilations of its own', async () => {
    const script = benchmarksFrom(printed(RECORDED));
    const names = ['a', 'b'].map((name) => script({ JobType: 'Default', InputConfig: {} }, name, 1, {}).recommendations.at(-1)!.ModelConfiguration.CompilationJobName);
    expect(new Set(names).size).toBe(2);
  });

  test('a job that failed fails with its reason, and one that was stopped is STOPPED', async () => {
    const failed = { JobName: 'x', JobType: 'Default', Status: 'FAILED', FailureReason: 'Their reason', CreationTime: 1700000000, LastModifiedTime: 1700001200 };
    expect(await job(printed(failed))).toMatchObject({ Status: 'FAILED', FailureReason: 'Their reason', CompletionTime: new Date('2026-01-01T00:20:00Z') });
    expect(await job(printed({ ...failed, Status: 'STOPPED', FailureReason: undefined }))).toMatchObject({ Status: 'STOPPED' });
  });

  test('is not for jobs of another type: those have the figures of the model', async () => {
    const found = await job(printed(RECORDED), { JobType: 'Advanced', InputConfig: { EndpointConfigurations: [{ InstanceType: 'ml.m5.large' }] } });
    expect(rowsOf(found)).toMatchObject([{ type: 'ml.m5.large' }]);
  });

  test.each<[string, object, string]>([
    ['a job that runs', { Status: 'IN_PROGRESS' }, 'Status must be COMPLETED, FAILED, STOPPED, because only a job that has ended can be replayed, got "IN_PROGRESS".'],
    ['another type', { JobType: 'Quick' }, 'JobType must be Default or Advanced, got "Quick".'],
    ['no list', { InferenceRecommendations: {} }, 'InferenceRecommendations must be a list, got a mapping of nothing.'],
    ['a text for a number', { InferenceRecommendations: [{ EndpointConfiguration: {}, ModelConfiguration: {}, Metrics: { MaxInvocations: 'many' } }] }, 'InferenceRecommendations.0.Metrics.MaxInvocations must be of type integer, got "many".'],
    ['a row without a model', { InferenceRecommendations: [{ EndpointConfiguration: {} }] }, 'InferenceRecommendations.0.ModelConfiguration must be given, got nothing.'],
    ['a row that is none', { InferenceRecommendations: ['x'] }, 'InferenceRecommendations.0 must be a result, got "x".'],
    ['an endpoint without its figures', { EndpointPerformances: [{ Metrics: { MaxInvocations: 5 } }] }, 'EndpointPerformances.0.Metrics.ModelLatency must be given, got nothing.'],
    ['a time that is none', { CreationTime: 'yesterday' }, 'CreationTime must be a time, such as 2026-01-31T12:00:00Z, got "yesterday".'],
  ])('with %s is refused', (_what, change, message) => {
    expect(() => benchmarksFrom(printed({ ...RECORDED, ...change }))).toThrow(message);
  });

  test('in the form of 2021, with an older name and empty lists', async () => {
    const row = { EndpointConfiguration: { InstanceType: 'ml.c5.xlarge', EndpointName: 'sm-epc-1' }, ModelConfiguration: { Compiled: false, EnvironmentParameters: [] }, Metrics: { MaximumInvocations: 648, ModelLatency: 9 } };
    const found = await job(printed({ JobName: 'x', JobType: 'Default', Status: 'COMPLETED', InputConfig: { JobDurationInSeconds: 0 }, InferenceRecommendations: [row] }));
    expect(found.InferenceRecommendations).toMatchObject([{ Metrics: { MaxInvocations: 648, ModelLatency: 9 } }]);
  });

  test('a type that is not known yet is taken', async () => {
    const row = { EndpointConfiguration: { InstanceType: 'ml.z99.large' }, ModelConfiguration: {}, Metrics: { MaxInvocations: 1, ModelLatency: 1 } };
    const { recommendations } = benchmarksFrom(printed({ JobName: 'x', InferenceRecommendations: [row] }))({ JobType: 'Default', InputConfig: {} }, 'j', 1, {});
    expect(recommendations).toMatchObject([row]);
  });
});

describe('results by type', () => {
  const TEXT = `
types:
  ml.c5.xlarge: { maxInvocations: 1200, modelLatency: 40 }
  ml.m5.large:
    - { maxInvocations: 300, modelLatency: 90, costPerHour: 0.2, environment: { OMP_NUM_THREADS: 1 }, takes: 10m }
    - { maxInvocations: 500, modelLatency: 70, instances: 2, environment: { OMP_NUM_THREADS: 2 }, takes: 20m }
  ml.g5.xlarge: { failure: The container ran out of memory. }
  serverless-2048: { maxInvocations: 600, modelLatency: 100 }
`;

  test('a Default job has those that it supports', async () => {
    const found = await job(TEXT);
    const rows = rowsOf(found);
    expect(rows.map(({ type, count }: any) => [type, count])).toEqual([['ml.c5.xlarge', 1], ['ml.m5.large', 1], ['ml.m5.large', 2], ['2048 MB', undefined]]);
    expect(rows[0].metrics).toEqual({ CostPerHour: 0.204, CostPerInference: 0.204 / (60 * 1200), MaxInvocations: 1200, ModelLatency: 40 });
    expect(rows[1].metrics.CostPerHour).toBe(0.2);
    const { Steps } = await bench.call('ListInferenceRecommendationsJobSteps', { JobName, Status: 'FAILED' });
    expect(Steps).toMatchObject([{ InferenceBenchmark: { FailureReason: 'The container ran out of memory.', EndpointConfiguration: { InstanceType: 'ml.g5.xlarge' } } }]);
    expect(rowsOf(await job(TEXT, { InputConfig: { ContainerConfig: { SupportedInstanceTypes: ['ml.m5.large'], SupportedEndpointType: 'RealTime' } } })).map(({ type }: any) => type))
      .toEqual(['ml.m5.large', 'ml.m5.large']);
  });

  test('a load test has those that it asks for, with their times, and the model\'s for others', async () => {
    const EnvironmentParameterRanges = { CategoricalParameterRanges: [{ Name: 'OMP_NUM_THREADS', Value: ['1', '2', '4'] }] };
    const found = await job(TEXT, { JobType: 'Advanced', InputConfig: { EndpointConfigurations: [{ InstanceType: 'ml.m5.large', EnvironmentParameterRanges }] } });
    expect(rowsOf(found).map(({ metrics, environment }: any) => [environment[0], metrics.MaxInvocations])).toEqual([
      ['OMP_NUM_THREADS=1', 300], ['OMP_NUM_THREADS=2', 500], ['OMP_NUM_THREADS=4', expect.any(Number)],
    ]);
    const [{ steps }] = bench.region.sagemaker.state.jobs.values();
    const minutes = steps.map(({ times }) => (times!.InvocationEndTime.getTime() - times!.InvocationStartTime.getTime()) / 60_000);
    expect(minutes.slice(0, 2)).toEqual([10, 20]);
  });

  describe('the time of a load test of four tests', () => {
    const TYPES = ['ml.c5.large', 'ml.c5.xlarge', 'ml.m5.large', 'ml.m5.xlarge'];
    const ended = (types: object | undefined, ResourceLimit: object, more: object = {}, others = '') => job(types && `${others}\ntypes: ${JSON.stringify(types)}`, {
      JobType: 'Advanced', InputConfig: { EndpointConfigurations: TYPES.map((InstanceType) => ({ InstanceType })), ResourceLimit, ...more },
    });
    const seconds = ({ CreationTime: from, CompletionTime: to }: any) => (to - from) / 1000;
    const result = { maxInvocations: 1200, modelLatency: 40 };
    /** When each benchmark with a result begins and ends, in minutes from the job's begin. */
    const minutes = ({ CreationTime, InferenceRecommendations: rows }: any) => (
      rows.map(({ InvocationStartTime: from, InvocationEndTime: to }: any) => [from, to].map((time) => (time - CreationTime) / 60_000)));

    test.each([[1, 2580], [2, 1380], [3, 1320], [4, 720]])('without takes is the model\'s, with %d at a time', async (MaxParallelOfTests, total) => {
      const modelled = await ended(undefined, { MaxParallelOfTests });
      expect(seconds(modelled)).toBe(total);
      const one = await ended({ 'ml.c5.xlarge': result }, { MaxParallelOfTests });
      expect([seconds(one), minutes(one)]).toEqual([seconds(modelled), minutes(modelled)]);
      expect(seconds(await ended({ 'ml.c5.large': { failure: 'no luck' } }, { MaxParallelOfTests }))).toBe(seconds(modelled));
    });

    test('with takes is that of the lane that ends last', async () => {
      const types = Object.fromEntries(TYPES.map((type, index) => [type, { ...result, takes: `${[30, 10, 15, 10][index]}m` }]));
      expect(minutes(await ended(types, { MaxParallelOfTests: 2 }))).toEqual([[1, 31], [1, 11], [11, 26], [26, 36]]);
      expect(seconds(await ended(types, { MaxParallelOfTests: 2 }))).toBe(36 * 60);
      expect(seconds(await ended(types, {}))).toBe(66 * 60);
    });

    test('ends at the job\'s duration, and what had not ended by then fails', async () => {
      const types = Object.fromEntries(TYPES.map((type) => [type, { ...result, takes: '25m' }]));
      const found = await ended(types, { MaxParallelOfTests: 2 }, { JobDurationInSeconds: 2400 });
      expect([seconds(found), minutes(found)]).toEqual([2400, [[1, 26], [1, 26]]]);
      const { Steps } = await bench.call('ListInferenceRecommendationsJobSteps', { JobName, Status: 'FAILED' });
      expect(Steps.map(({ InferenceBenchmark: { FailureReason } }: any) => FailureReason)).toEqual(Array.from({ length: 2 }, () => 'The duration of the job ended before this test.'));
    });

    test('shrinks to the duration that the file has', async () => {
      const types = Object.fromEntries(TYPES.map((type) => [type, { ...result, takes: '10m' }]));
      expect(minutes(await ended(types, {}, {}, 'duration: 21m'))).toEqual([[1, 6], [6, 11], [11, 16], [16, 21]]);
    });
  });

  test('a job may last and end otherwise', async () => {
    expect(await job(`duration: 1h30m\nstatus: FAILED\nfailureReason: Their reason\n${TEXT}`)).toMatchObject({ Status: 'FAILED', FailureReason: 'Their reason', CompletionTime: new Date('2026-01-01T01:30:00Z') });
  });

  test('with failures only, it fails with the first one', async () => {
    expect(await job('types: { ml.c5.xlarge: { failure: no luck } }')).toMatchObject({ Status: 'FAILED', FailureReason: 'no luck' });
  });

  test('with nothing that the job supports, it fails', async () => {
    expect(await job(TEXT, { InputConfig: { ContainerConfig: { SupportedInstanceTypes: ['ml.p5.48xlarge'], SupportedEndpointType: 'RealTime' } } })).toMatchObject({ Status: 'FAILED' });
  });

  test.each<[string, string]>([
    ['types: []', 'types must be a mapping of instance types to results, got [].'],
    ['types: { c5.xlarge: { failure: x } }', 'types.c5.xlarge must be named by an instance type such as ml.c5.xlarge, or serverless-2048 for 2048 MB, got \'c5.xlarge\'.'],
    ['types: { ml.c5.xlarge: 5 }', 'types.ml.c5.xlarge must be a mapping such as { maxInvocations: 900, modelLatency: 40 } or { failure: why }, got 5.'],
    ['types: { ml.c5.xlarge: { maxInvocations: 5 } }', 'types.ml.c5.xlarge.modelLatency must be a number above 0, got nothing.'],
    ['types: { ml.c5.xlarge: [{ maxInvocations: 5, modelLatency: fast }] }', 'types.ml.c5.xlarge.0.modelLatency must be a number above 0, got "fast".'],
    ['types: { ml.c5.xlarge: { maxInvocations: 5, modelLatency: 1, takes: soon } }', 'types.ml.c5.xlarge.takes must be a duration such as 45m, 1h30m or 90s, got "soon".'],
    ['types: { ml.c5.xlarge: { latency: 5 } }', 'types.ml.c5.xlarge.latency is no member that is known here: expected one of maxInvocations, '],
    ['types: { ml.c5.xlarge: { failure: x } }\nstatus: DONE', 'status must be COMPLETED, FAILED, STOPPED, got "DONE".'],
    ['types: { ml.c5.xlarge: { failure: x } }\nseconds: 5', 'seconds is no member that is known here: expected one of types, duration, status, failureReason.'],
    ['', 'The file must be what `aws sagemaker describe-inference-recommendations-job` prints, or a mapping with types, got nothing.'],
    ['[1, 2]', 'The file must be what `aws sagemaker describe-inference-recommendations-job` prints, or a mapping with types, got [1,2].'],
    ['{"Steps": []}', 'The file has the steps of a job'],
    ['a: [', 'The file is neither JSON nor YAML: '],
    ['{\'JobName\': \'x\', \'CreationTime\': datetime.datetime(2024, 1, 1)}', 'The file is no JSON: '],
  ])('refused: %s', (text, message) => {
    expect(() => benchmarksFrom(text)).toThrow(message);
  });
});
