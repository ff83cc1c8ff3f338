import { Bench, ROLE } from './fixtures';
import { BenchmarkScript } from '../../../local-aws/sagemaker';

const JobName = 'job';
const ARN = 'arn:aws:sagemaker:eu-west-1:111122223333:inference-recommendations-job/job';
let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const describeJob = () => bench.call('DescribeInferenceRecommendationsJob', { JobName });
const stepStatuses = async () => (await bench.call('ListInferenceRecommendationsJobSteps', { JobName })).Steps.map(({ Status }: any) => Status);

async function request(inputConfig: object = {}, rest: object = {}): Promise<any> {
  const ModelPackageVersionArn = await bench.modelPackage();
  return { JobName, JobType: 'Default', RoleArn: ROLE, InputConfig: { ModelPackageVersionArn, ...inputConfig }, ...rest };
}

async function start(inputConfig: object = {}, rest: object = {}): Promise<string> {
  return (await bench.call('CreateInferenceRecommendationsJob', await request(inputConfig, rest))).JobArn;
}

describe('a Default job', () => {
  test('runs its benchmarks one after the other and finds the published rows within 45 minutes', async () => {
    expect(await start()).toBe(ARN);
    expect(await describeJob()).toMatchObject({ Status: 'PENDING', JobType: 'Default' });
    await bench.minutes(1);
    expect(await describeJob()).toMatchObject({ Status: 'IN_PROGRESS' });
    expect(await stepStatuses()).toEqual(['IN_PROGRESS', 'PENDING', 'PENDING', 'PENDING']);
    const { Steps } = await bench.call('ListInferenceRecommendationsJobSteps', { JobName });
    expect(Steps.map(({ InferenceBenchmark }: any) => typeof InferenceBenchmark.EndpointConfiguration?.InstanceType)).toEqual(['string', ...Array(3).fill('undefined')]);
    await bench.minutes(11);
    expect(await stepStatuses()).toEqual(['COMPLETED', 'IN_PROGRESS', 'PENDING', 'PENDING']);
    await bench.minutes(33);
    const job = await describeJob();
    expect(job).toMatchObject({ Status: 'COMPLETED', CompletionTime: new Date('2026-01-01T00:45:00Z') });
    const rows = job.InferenceRecommendations.map(({ RecommendationId, EndpointConfiguration, Metrics }: any) => (
      [RecommendationId, EndpointConfiguration.InstanceType, Metrics.CostPerInference]
    ));
    expect(rows).toEqual([
      ['job/00011122', 'ml.c5.9xlarge', 9.15e-7],
      ['job/11122233', 'ml.c5.2xlarge', 2.11e-7],
      ['job/22233344', 'ml.c5.xlarge', 1.86e-7],
      ['job/33344455', 'ml.c5.xlarge', 1.6e-7],
    ]);
  });

  test('for serverless endpoints finds serverless ones only, at a concurrency of 1', async () => {
    await start({ ContainerConfig: { SupportedEndpointType: 'Serverless' } });
    await bench.minutes(45);
    const { InferenceRecommendations: found } = await describeJob();
    const rows = found.map(({ EndpointConfiguration, Metrics }: any) => [EndpointConfiguration.ServerlessConfig, Metrics.CostPerHour]);
    expect(rows).toEqual([2048, 4096, 6144].map((MemorySizeInMB) => [{ MaxConcurrency: 1, MemorySizeInMB }, undefined]));
  });

  test('leaves its compilation behind', async () => {
    await start({}, { OutputConfig: { CompiledOutputConfig: { S3OutputUri: 's3://out/compiled/' } } });
    await bench.minutes(45);
    const { ModelConfiguration: { CompilationJobName } } = (await describeJob()).InferenceRecommendations[3];
    const compilation = await bench.call('DescribeCompilationJob', { CompilationJobName });
    expect(compilation).toMatchObject({
      CompilationJobStatus: 'COMPLETED',
      InferenceImage: '301217895009.dkr.ecr.eu-west-1.amazonaws.com/xgboost-neo:latest',
      ModelArtifacts: { S3ModelArtifacts: `s3://out/compiled/${CompilationJobName}/model.tar.gz` },
      InputConfig: { Framework: 'XGBOOST', S3Uri: 's3://bucket/model.tar.gz' },
    });
    await bench.call('DeleteCompilationJob', { CompilationJobName });
    expect(await bench.refused('DescribeCompilationJob', { CompilationJobName })).toMatchObject({ code: 'ResourceNotFound' });
  });

  test('has compilations of its own', async () => {
    await start();
    await start({}, { JobName: 'other' });
    await bench.minutes(45);
    expect(bench.region.sagemaker.state.compilationJobs.size).toBe(2);
  });
});

describe('an Advanced job', () => {
  const advanced = { JobType: 'Advanced' };

  test('has a row for each endpoint asked for, after as long as it may take', async () => {
    await start({
      JobDurationInSeconds: 18_000,
      EndpointConfigurations: [
        { InstanceType: 'ml.c5.xlarge', EnvironmentParameterRanges: { CategoricalParameterRanges: [{ Name: 'THREADS', Value: ['1', '2'] }] } },
        { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 } },
      ],
    }, advanced);
    await bench.minutes(299);
    expect(await describeJob()).toMatchObject({ Status: 'IN_PROGRESS' });
    await bench.minutes(1);
    expect((await describeJob()).InferenceRecommendations).toMatchObject([
      { EndpointConfiguration: { InstanceType: 'ml.c5.xlarge' }, ModelConfiguration: { EnvironmentParameters: [{ Key: 'THREADS', Value: '1' }] } },
      { EndpointConfiguration: { ServerlessConfig: { MemorySizeInMB: 2048 } } },
    ]);
  });

  test('shows what existing endpoints can do', async () => {
    await bench.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: await bench.endpointConfig('one') });
    await start({ EndpointConfigurations: [{ InstanceType: 'ml.c5.xlarge' }], Endpoints: [{ EndpointName: 'live' }] }, advanced);
    await bench.minutes(120);
    expect((await describeJob()).EndpointPerformances).toEqual([
      { EndpointInfo: { EndpointName: 'live' }, Metrics: { MaxInvocations: 1113, ModelLatency: 100000 } },
    ]);
  });
});

describe('a scripted job', () => {
  test('fails as the script says, its finished benchmarks kept', async () => {
    bench = new Bench({
      benchmarks: () => ({
        durationSeconds: 600,
        outcome: 'FAILED',
        failureReason: 'CLIENT_ERROR: the container crashed',
        recommendations: [{ EndpointConfiguration: { InstanceType: 'ml.c5.xlarge' }, ModelConfiguration: {}, Metrics: { CpuUtilization: NaN } }],
        failedSteps: [{ failureReason: 'No answer', EndpointConfiguration: { InstanceType: 'ml.m5.large' } }],
      }),
    });
    await start();
    await bench.minutes(10);
    const job = await describeJob();
    expect(job).toMatchObject({ Status: 'FAILED', FailureReason: 'CLIENT_ERROR: the container crashed' });
    expect(job.InferenceRecommendations).toBeUndefined();
    const { Steps } = await bench.call('ListInferenceRecommendationsJobSteps', { JobName });
    expect(Steps).toMatchObject([
      { Status: 'COMPLETED', InferenceBenchmark: { Metrics: { CpuUtilization: NaN } } },
      { Status: 'FAILED', InferenceBenchmark: { FailureReason: 'No answer', EndpointConfiguration: { InstanceType: 'ml.m5.large' } } },
    ]);
    expect((await bench.call('ListInferenceRecommendationsJobSteps', { JobName, Status: 'FAILED' })).Steps).toHaveLength(1);
  });

  test('can go another way at each attempt', async () => {
    const attempts: Array<[string, number]> = [];
    const benchmarks: BenchmarkScript = (_request, jobName, attempt) => {
      attempts.push([jobName, attempt]);
      return { durationSeconds: 60, outcome: attempt === 1 ? 'FAILED' : 'COMPLETED', recommendations: [] };
    };
    bench = new Bench({ benchmarks });
    await start();
    await start({}, { JobName: 'job-a2' });
    await bench.minutes(1);
    expect(await describeJob()).toMatchObject({ Status: 'FAILED' });
    expect(await bench.call('DescribeInferenceRecommendationsJob', { JobName: 'job-a2' })).toMatchObject({ Status: 'COMPLETED' });
    expect(attempts).toEqual([['job', 1], ['job-a2', 2]]);
  });
});

describe('stopping', () => {
  test.each([0.5, 20])('takes two minutes, from minute %d on', async (minute) => {
    await start();
    await bench.minutes(minute);
    await bench.call('StopInferenceRecommendationsJob', { JobName });
    await bench.call('StopInferenceRecommendationsJob', { JobName });
    expect(await describeJob()).toMatchObject({ Status: 'STOPPING' });
    await bench.minutes(2);
    expect(await describeJob()).toMatchObject({ Status: 'STOPPED' });
    await bench.minutes(60);
    expect(await describeJob()).toMatchObject({ Status: 'STOPPED' });
    expect((await stepStatuses()).at(-1)).toBe('STOPPED');
  });

  test('is refused once the job is over', async () => {
    await start();
    await bench.minutes(45);
    expect(await bench.refused('StopInferenceRecommendationsJob', { JobName })).toMatchObject({ code: 'ValidationException' });
  });
});

test.each(['Describe', 'Stop'])('%s of an unknown job is refused', async (verb) => {
  expect(await bench.refused(`${verb}InferenceRecommendationsJob`, { JobName })).toMatchObject({ code: 'ResourceNotFound', status: 400 });
});

test('a name is used once, for ever', async () => {
  await start();
  await bench.minutes(45);
  expect(await bench.refused('CreateInferenceRecommendationsJob', await request())).toMatchObject({ code: 'ResourceInUse', status: 400 });
});

describe('a job is refused', () => {
  const phase = (users: number, SpawnRate: number, DurationInSeconds: number) => ({ InitialNumberOfUsers: users, SpawnRate, DurationInSeconds });
  test.each<[string, object, RegExp]>([
    ['for an unknown package', { ModelPackageVersionArn: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/models/9' }, /does not exist/],
    ['for a package and a model', { ModelName: 'm' }, /Exactly one of/],
    ['for an unknown model', { ModelPackageVersionArn: undefined, ModelName: 'm' }, /Could not find model/],
    ['for t2', { EndpointConfigurations: [{ InstanceType: 'ml.t2.medium' }] }, /t2 family: recommendation jobs refuse it, got: 'ml\.t2\.medium'/],
    ['for provisioned concurrency',
      { EndpointConfigurations: [{ ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1, ProvisionedConcurrency: 1 } }] },
      /ProvisionedConcurrency/],
    ['for an uneven memory size', { EndpointConfigurations: [{ ServerlessConfig: { MemorySizeInMB: 1500, MaxConcurrency: 1 } }] }, /multiple of 1024/],
    ['for more than five hours', { JobDurationInSeconds: 18_001 }, /at most 18000/],
    ['for phases longer than itself', { JobDurationInSeconds: 200, TrafficPattern: { TrafficType: 'PHASES', Phases: [phase(1, 0, 120), phase(1, 0, 120)] } },
      /240 seconds in all/],
    ['for stairs that are none', { TrafficPattern: { TrafficType: 'STAIRS', Phases: [phase(1, 1, 120)] } }, /must have Stairs/],
    ['for an unknown endpoint', { Endpoints: [{ EndpointName: 'live' }] }, /Could not find endpoint/],
  ])('%s', async (_what, inputConfig, message) => {
    expect(await bench.refused('CreateInferenceRecommendationsJob', await request(inputConfig)))
      .toMatchObject({ code: 'ValidationException', message: expect.stringMatching(message) });
    expect(await bench.call('ListInferenceRecommendationsJobs')).toEqual({ InferenceRecommendationsJobs: [] });
  });

  test('for what neither package nor ContainerConfig tells', async () => {
    const ModelPackageVersionArn = await bench.modelPackage({ Domain: undefined, SamplePayloadUrl: undefined });
    const job = { JobName, JobType: 'Default', RoleArn: ROLE, InputConfig: { ModelPackageVersionArn, ContainerConfig: {} } };
    expect(await bench.refused('CreateInferenceRecommendationsJob', job)).toMatchObject({ message: expect.stringMatching(/Domain must be given/) });
    job.InputConfig.ContainerConfig = { Domain: 'OTHER', PayloadConfig: { SamplePayloadUrl: 's3://bucket/p.tar.gz' } };
    await bench.call('CreateInferenceRecommendationsJob', job);
  });

  test('but not for what a page only advises against: P99 in a load test', async () => {
    await start({ EndpointConfigurations: [{ InstanceType: 'ml.c5.xlarge' }] },
      { JobType: 'Advanced', StoppingConditions: { ModelLatencyThresholds: [{ Percentile: 'P99', ValueInMilliseconds: 5 }] } });
    expect(await describeJob()).toMatchObject({ Status: 'PENDING' });
  });
});

describe('lists of jobs', () => {
  beforeEach(async () => {
    for (const name of ['app-one', 'app-two', 'other']) {
      await start({}, { JobName: name });
      await bench.minutes(1);
    }
  });

  const names = async (filter: object) => (await bench.call('ListInferenceRecommendationsJobs', filter)).InferenceRecommendationsJobs
    .map((job: any) => job.JobName);

  test.each<[object, string[]]>([
    [{}, ['other', 'app-two', 'app-one']],
    [{ NameContains: 'app', SortOrder: 'Ascending' }, ['app-one', 'app-two']],
    [{ SortBy: 'Name', SortOrder: 'Ascending' }, ['app-one', 'app-two', 'other']],
    [{ StatusEquals: 'COMPLETED' }, []],
    [{ StatusEquals: 'IN_PROGRESS', MaxResults: 1 }, ['other']],
    [{ CreationTimeAfter: new Date('2026-01-01T00:00:30Z'), CreationTimeBefore: new Date('2026-01-01T00:01:30Z') }, ['app-two']],
    [{ LastModifiedTimeAfter: Date.parse('2026-01-01T00:02:30Z') / 1000 }, ['other']],
    [{ ModelPackageVersionArnEquals: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/models/1' }, ['app-one']],
  ])('%j', async (filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });

  test('come in pages', async () => {
    const { NextToken } = await bench.call('ListInferenceRecommendationsJobs', { MaxResults: 2 });
    expect(await names({ MaxResults: 2, NextToken })).toEqual(['app-one']);
  });
});

test('a finished job says how to scale', async () => {
  await start();
  const input = { InferenceRecommendationsJobName: JobName, RecommendationId: 'job/33344455', TargetCpuUtilizationPerCore: 40 };
  expect(await bench.refused('GetScalingConfigurationRecommendation', input)).toMatchObject({ code: 'ValidationException' });
  await bench.minutes(45);
  expect(await bench.call('GetScalingConfigurationRecommendation', input)).toMatchObject({ Metric: { InvocationsPerInstance: 21286, ModelLatency: 42 } });
  expect(await bench.refused('GetScalingConfigurationRecommendation', { ...input, RecommendationId: 'job/0' })).toMatchObject({ code: 'ResourceNotFound' });
});
