import * as fc from 'fast-check';
import { Bench, ROLE } from './fixtures';
import { INSTANCE_TYPES, modelledBenchmarks } from '../../../local-aws/sagemaker';

const JobName = 'job';
let bench: Bench;
beforeEach(() => { bench = new Bench({ benchmarks: modelledBenchmarks }); });

/** Starts a job on a package, and gives it when it has ended. */
async function job(
  request: { readonly JobType?: string; readonly InputConfig?: object; readonly StoppingConditions?: object } = {}, packaged: object = {},
): Promise<any> {
  const { InputConfig, ...rest } = request;
  const ModelPackageVersionArn = await bench.modelPackage(packaged);
  await bench.call('CreateInferenceRecommendationsJob', { JobName, JobType: 'Default', RoleArn: ROLE, InputConfig: { ModelPackageVersionArn, ...InputConfig }, ...rest });
  await bench.minutes(301);
  return bench.call('DescribeInferenceRecommendationsJob', { JobName });
}

const typesIn = ({ InferenceRecommendations }: any): string[] => InferenceRecommendations.map(({ EndpointConfiguration }: any) => EndpointConfiguration.InstanceType ?? 'serverless');
const steps = async () => (await bench.call('ListInferenceRecommendationsJobSteps', { JobName })).Steps;
const minutesOf = ({ CreationTime, CompletionTime }: any) => (CompletionTime - CreationTime) / 60_000;
const specification = (types: string[], container: object = {}) => ({
  InferenceSpecification: {
    Containers: [{ Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/m:1', ModelDataUrl: 's3://bucket/model.tar.gz', ...container }],
    SupportedContentTypes: ['text/csv'],
    SupportedResponseMIMETypes: ['text/csv'],
    SupportedRealtimeInferenceInstanceTypes: types,
  },
});

describe('a Default job', () => {
  test('says in its log that nothing was measured', async () => {
    await job();
    const { streams } = bench.region.logs.groups.get('/aws/sagemaker/InferenceRecommendationsJobs')!;
    expect(streams.get('job/execution')!.events.map(({ message }) => message).join('\n')).toMatch(/performance model of the local AWS.*no measurement/);
  });

  test('has rows of both kinds of endpoint, or of the one that the container supports', async () => {
    expect(new Set(typesIn(await job({}, specification(['ml.c5.xlarge', 'ml.m5.large']))))).toEqual(new Set(['ml.c5.xlarge', 'ml.m5.large', 'serverless']));
  });

  test.each([['RealTime', false], ['Serverless', true]])('for %s endpoints', async (SupportedEndpointType, isServerless) => {
    const found = await job({ InputConfig: { ContainerConfig: { SupportedEndpointType } } });
    const kinds = typesIn(found).map((type) => type === 'serverless');
    expect(new Set(kinds)).toEqual(new Set([isServerless]));
  });

  test('tries only what both the container and the package support, and ten at most', async () => {
    const lists = fc.uniqueArray(fc.constantFrom(...INSTANCE_TYPES), { minLength: 1, maxLength: 40 });
    await fc.assert(fc.asyncProperty(lists, fc.option(lists, { nil: undefined }), async (ofPackage, ofContainer) => {
      const run = modelledBenchmarks({ JobType: 'Default', InputConfig: { ContainerConfig: { SupportedEndpointType: 'RealTime', SupportedInstanceTypes: ofContainer } } }, 'j', 1, { supportedInstanceTypes: ofPackage });
      const found = run.recommendations.map(({ EndpointConfiguration }) => EndpointConfiguration.InstanceType);
      expect(found.length).toBeLessThanOrEqual(10);
      for (const type of found) { expect([type, ofPackage.includes(type), ofContainer?.includes(type) ?? true]).toEqual([type, true, true]); }
      const allowed = ofPackage.filter((type) => (ofContainer?.includes(type) ?? true) && !type.startsWith('ml.t2.'));
      expect([allowed.length > 0, run.outcome ?? 'COMPLETED']).toEqual(found.length > 0 ? [true, 'COMPLETED'] : [false, 'FAILED']);
    }));
  });

  test('fails if nothing is supported by both', async () => {
    const found = await job({ InputConfig: { ContainerConfig: { SupportedInstanceTypes: ['ml.m5.large'] } } }, specification(['ml.c5.xlarge']));
    expect(found).toMatchObject({ Status: 'FAILED', FailureReason: expect.stringContaining('No instance type is supported by both') });
  });

  test('takes types with accelerators for text generation, and fails on those where it has no room', async () => {
    const text = { Domain: 'NATURAL_LANGUAGE_PROCESSING', Task: 'TEXT_GENERATION' };
    expect(typesIn(await job({ InputConfig: { ContainerConfig: { SupportedEndpointType: 'RealTime' } } }, { ...text, ...specification(['ml.c5.xlarge', 'ml.g5.2xlarge', 'ml.g5.12xlarge']) })))
      .toEqual(['ml.g5.2xlarge', 'ml.g5.12xlarge']);
  });

  test.each<[string, object, boolean]>([
    ['XGBoost 1.3 with the shape of its input', { Framework: 'XGBOOST', FrameworkVersion: '1.3-1', ModelInput: { DataInputConfig: '{"input":[1,10]}' } }, true],
    ['XGBoost 1.7', { Framework: 'XGBOOST', FrameworkVersion: '1.7-1', ModelInput: { DataInputConfig: '{"input":[1,10]}' } }, false],
    ['XGBoost 1.3 without it', { Framework: 'XGBOOST', FrameworkVersion: '1.3-1' }, false],
    ['PyTorch with it', { Framework: 'PYTORCH', FrameworkVersion: '1.8', ModelInput: { DataInputConfig: '{"input":[1,10]}' } }, true],
    ['Hugging Face', { Framework: 'HUGGINGFACE', ModelInput: { DataInputConfig: '{"input":[1,10]}' } }, false],
  ])('compiles, or does not: %s', async (_what, container, isCompiled) => {
    const { InferenceRecommendations: rows } = await job({}, specification(['ml.c5.xlarge', 'ml.c5.2xlarge'], container));
    const compiled = rows.filter(({ ModelConfiguration }: any) => ModelConfiguration.CompilationJobName !== undefined);
    expect(compiled).toHaveLength(isCompiled ? 1 : 0);
    if (isCompiled) {
      const { InstanceType } = compiled[0].EndpointConfiguration;
      const plain = rows.find(({ EndpointConfiguration }: any) => EndpointConfiguration.InstanceType === InstanceType);
      expect(compiled[0].Metrics.CostPerInference).toBeLessThan(plain.Metrics.CostPerInference);
    }
  });
});

describe('an Advanced job', () => {
  const ranges = (...pairs: Array<[string, string[]]>) => (
    { EnvironmentParameterRanges: { CategoricalParameterRanges: pairs.map(([Name, Value]) => ({ Name, Value })) } }
  );
  const phases = (...durations: number[]) => (
    { TrafficType: 'PHASES', Phases: durations.map((DurationInSeconds) => ({ InitialNumberOfUsers: 1, SpawnRate: 1, DurationInSeconds })) }
  );
  const advanced = (InputConfig: object, StoppingConditions?: object) => job({ JobType: 'Advanced', InputConfig, StoppingConditions });

  test('has a result of its own for each type and each combination of values', async () => {
    const { InferenceRecommendations: rows } = await advanced({
      EndpointConfigurations: [{ InstanceType: 'ml.c5.xlarge', ...ranges(['OMP', ['1', '2', '4']], ['MODE', ['a', 'b']]) }, { InstanceType: 'ml.c5.2xlarge' }],
    });
    expect(rows).toHaveLength(7);
    expect(new Set(rows.map(({ Metrics }: any) => JSON.stringify(Metrics))).size).toBe(7);
    expect(new Set(rows.map(({ ModelConfiguration: { EnvironmentParameters: all = [] } }: any) => all.map(({ Key, Value }: any) => `${Key}=${Value}`).join()))).toEqual(
      new Set(['', ...['1', '2', '4'].flatMap((omp) => ['a', 'b'].map((mode) => `OMP=${omp},MODE=${mode}`))]));
  });

  test('makes no more tests than it may, and leaves out no candidate for them', async () => {
    const found = await advanced({
      ResourceLimit: { MaxNumberOfTests: 3 },
      EndpointConfigurations: ['ml.c5.xlarge', 'ml.m5.large'].map((InstanceType) => ({ InstanceType, ...ranges(['OMP', ['1', '2', '4']]) })),
    });
    expect(typesIn(found)).toEqual(['ml.c5.xlarge', 'ml.m5.large', 'ml.c5.xlarge']);
  });

  test.each([[1, 46], [2, 31], [3, 16]])('lasts for its tests, %d at a time', async (MaxParallelOfTests, minutes) => {
    const EndpointConfigurations = ['ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.m5.large'].map((InstanceType) => ({ InstanceType }));
    const found = await advanced({ EndpointConfigurations, TrafficPattern: phases(300, 300), ResourceLimit: { MaxParallelOfTests } }, { FlatInvocations: 'Continue' });
    expect([found.Status, minutesOf(found)]).toEqual(['COMPLETED', minutes]);
  });

  test('shows so many tests IN_PROGRESS as run at a time', async () => {
    const EndpointConfigurations = ['ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.m5.large'].map((InstanceType) => ({ InstanceType }));
    const ModelPackageVersionArn = await bench.modelPackage();
    const InputConfig = { ModelPackageVersionArn, EndpointConfigurations, TrafficPattern: phases(600), ResourceLimit: { MaxParallelOfTests: 2 } };
    await bench.call('CreateInferenceRecommendationsJob', { JobName, JobType: 'Advanced', RoleArn: ROLE, InputConfig });
    await bench.minutes(2);
    expect((await steps()).map(({ Status }: any) => Status)).toEqual(['IN_PROGRESS', 'IN_PROGRESS', 'PENDING']);
  });

  test('ends early at a latency of 1 ms', async () => {
    const EndpointConfigurations = [{ InstanceType: 'ml.c5.xlarge' }];
    const found = await advanced({ EndpointConfigurations, JobDurationInSeconds: 7200, TrafficPattern: phases(1200) }, { ModelLatencyThresholds: [{ Percentile: 'P95', ValueInMilliseconds: 1 }] });
    expect(minutesOf(found)).toBe(7);
  });

  test('takes as many instances as the invocations need, at the price of all', async () => {
    const EndpointConfigurations = [{ InstanceType: 'ml.c5.xlarge' }, { InstanceType: 'ml.c5.9xlarge' }];
    const TrafficPattern = { TrafficType: 'PHASES', Phases: [{ InitialNumberOfUsers: 3, SpawnRate: 3, DurationInSeconds: 1200 }] };
    const { InferenceRecommendations: rows } = await advanced({ EndpointConfigurations, TrafficPattern }, { MaxInvocations: 15_000 });
    const [small, large] = rows.map(({ EndpointConfiguration: { InitialInstanceCount: instances }, Metrics }: any) => ({ instances, ...Metrics }));
    expect(small.instances).toBeGreaterThan(large.instances);
    expect(Math.min(small.MaxInvocations, large.MaxInvocations)).toBeGreaterThanOrEqual(15_000);
    for (const { CostPerHour, CostPerInference, MaxInvocations } of [small, large]) {
      expect(CostPerInference).toBeCloseTo(CostPerHour / (60 * MaxInvocations), 12);
    }
    expect(small.CostPerHour).toBeCloseTo(0.204 * small.instances, 6);
  });

  test('has serverless endpoints with the memory and the concurrency that are asked for', async () => {
    const EndpointConfigurations = [[2048, 1], [4096, 1], [2048, 20]]
      .map(([MemorySizeInMB, MaxConcurrency]) => ({ ServerlessConfig: { MemorySizeInMB, MaxConcurrency } }));
    const { InferenceRecommendations: rows } = await advanced({ EndpointConfigurations });
    expect(rows).toMatchObject(EndpointConfigurations.map((EndpointConfiguration) => ({ EndpointConfiguration })));
    const [one, larger, wider] = rows.map(({ Metrics }: any) => Metrics);
    expect(larger.ModelLatency).toBeLessThan(one.ModelLatency);
    expect(wider.MaxInvocations).toBeGreaterThan(one.MaxInvocations);
    expect(one).not.toHaveProperty('CostPerHour');
  });

  test('fails the tests that its duration leaves no time for', async () => {
    const EndpointConfigurations = ['ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.m5.large'].map((InstanceType) => ({ InstanceType }));
    const found = await advanced({ EndpointConfigurations, JobDurationInSeconds: 1900, TrafficPattern: phases(600) }, { FlatInvocations: 'Continue' });
    expect([found.Status, typesIn(found)]).toEqual(['COMPLETED', ['ml.c5.xlarge', 'ml.c5.2xlarge']]);
    expect((await steps()).at(-1)).toMatchObject({ Status: 'FAILED', InferenceBenchmark: { EndpointConfiguration: { InstanceType: 'ml.m5.large' }, FailureReason: expect.stringContaining('duration') } });
  });

  test('compares with an endpoint as it is', async () => {
    await bench.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: await bench.endpointConfig('one', { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 2 }) });
    const { EndpointPerformances: [{ Metrics }], InferenceRecommendations: [row] } = await advanced({ EndpointConfigurations: [{ InstanceType: 'ml.m5.large' }], Endpoints: [{ EndpointName: 'live' }] });
    expect(Metrics.MaxInvocations).toBeGreaterThan(row.Metrics.MaxInvocations);
  });
});

test('each answer satisfies the API\'s shapes, whatever is asked for', async () => {
  const environment = fc.uniqueArray(fc.record({ Name: fc.constantFrom('OMP_NUM_THREADS', 'WORKERS', 'BATCH', 'X'), Value: fc.uniqueArray(fc.constantFrom('1', '2', '8', 'auto'), { minLength: 1, maxLength: 3 }) }), { minLength: 1, maxLength: 3, selector: ({ Name }) => Name });
  const candidate = fc.oneof(
    fc.record({ InstanceType: fc.constantFrom(...INSTANCE_TYPES.filter((type) => !type.startsWith('ml.t2.'))), EnvironmentParameterRanges: fc.record({ CategoricalParameterRanges: environment }, { requiredKeys: [] }) }),
    fc.record({
      ServerlessConfig: fc.record({ MemorySizeInMB: fc.constantFrom(1024, 2048, 6144), MaxConcurrency: fc.integer({ min: 1, max: 200 }) }),
    }),
  );
  await fc.assert(fc.asyncProperty(fc.uniqueArray(candidate, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 12 }), fc.constantFrom('IMAGE_CLASSIFICATION', 'CLASSIFICATION', 'TEXT_GENERATION'),
    async (EndpointConfigurations, MaxNumberOfTests, Task) => {
      bench = new Bench({ benchmarks: modelledBenchmarks });
      const found = await job({ JobType: 'Advanced', InputConfig: { EndpointConfigurations, ResourceLimit: { MaxNumberOfTests } } }, { Task });
      expect(['COMPLETED', 'FAILED']).toContain(found.Status);
      expect((await steps()).length).toBeLessThanOrEqual(Math.min(10, MaxNumberOfTests));
    }), { numRuns: 40 });
});
