import { GenerativeBench, WORKLOAD } from './fixtures';
import { GenerativeScript, TokenRecommendation } from '../../../../local-aws/sagemaker';
import { weightsGb } from '../../../../local-aws/sagemaker/generative/weights';
import { canonicalMetric, canonicalStat, numberIn, quantityOf } from '../../../../src/service/token-metrics';
import { ROLE } from '../fixtures';

const JOB = { AIRecommendationJobName: 'job' };
const ARN = 'arn:aws:sagemaker:eu-west-1:111122223333:ai-recommendation-job/job';
let bench: GenerativeBench;
beforeEach(async () => {
  bench = new GenerativeBench();
  await bench.workload();
});

const describeJob = () => bench.call('DescribeAIRecommendationJob', JOB);
const typesOf = ({ Recommendations: rows }: any): string[] => rows.map(({ DeploymentConfiguration }: any) => DeploymentConfiguration.InstanceType);
const figure = ({ ExpectedPerformance }: any, metric: string, stat: string) => (
  Number(ExpectedPerformance.find(({ Metric, Stat }: any) => Metric === metric && Stat === stat).Value)
);
const aim = (Metric: string) => ({ PerformanceTarget: { Constraints: [{ Metric }] } });
const types = (...InstanceTypes: string[]) => ({ ComputeSpec: { InstanceTypes } });

test('a job runs for hours, and recommends then', async () => {
  expect(await bench.call('CreateAIRecommendationJob', bench.recommendationRequest({ Tags: [{ Key: 'a', Value: '1' }] }))).toEqual({ AIRecommendationJobArn: ARN });
  expect(await describeJob()).toMatchObject({ AIRecommendationJobStatus: 'InProgress', OptimizeModel: true, Tags: [{ Key: 'a', Value: '1' }] });
  expect((await describeJob()).StartTime).toBeUndefined();
  await bench.minutes(120);
  expect(await describeJob()).toMatchObject({ AIRecommendationJobStatus: 'InProgress', StartTime: new Date('2026-01-01T00:01:00Z') });
  expect((await describeJob()).Recommendations).toBeUndefined();
  await bench.minutes(180);
  const job = await describeJob();
  expect(job).toMatchObject({ AIRecommendationJobStatus: 'Completed', EndTime: expect.any(Date) });
  expect(typesOf(job)).toHaveLength(3);
  expect((await bench.call('ListAIRecommendationJobs', { StatusEquals: 'Completed' })).AIRecommendationJobs).toEqual([
    { AIRecommendationJobName: 'job', AIRecommendationJobArn: ARN, AIRecommendationJobStatus: 'Completed', CreationTime: job.CreationTime, EndTime: job.EndTime },
  ]);
});

test.each(['ttft-ms', 'throughput', 'cost'])('the first recommendation is the best for %s', async (metric) => {
  const { Recommendations: rows } = await bench.recommended({ ...aim(metric), ...types('ml.g6.12xlarge', 'ml.p5.48xlarge', 'ml.g5.2xlarge') });
  const hourly: Record<string, number> = { 'ml.g6.12xlarge': 5.75, 'ml.p5.48xlarge': 63.3, 'ml.g5.2xlarge': 1.5 };
  const measure = (row: any) => ({
    'ttft-ms': figure(row, 'TimeToFirstToken', 'p50'),
    'throughput': -figure(row, 'OutputTokenThroughput', 'avg'),
    'cost': hourly[row.DeploymentConfiguration.InstanceType] / figure(row, 'OutputTokenThroughput', 'avg'),
  })[metric]!;
  expect(rows).toHaveLength(3);
  expect(new Set(rows.map(measure).filter(Number.isFinite)).size).toBe(3);
  expect(rows.map(measure)).toEqual(rows.map(measure).sort((a: number, b: number) => a - b));
});

test('a recommendation has all that a deployment needs, and its benchmark', async () => {
  const { Recommendations: [row], OutputConfig } = await bench.recommended({ ...aim('throughput'), ...types('ml.p5.48xlarge'), InferenceSpecification: { Framework: 'VLLM' } });
  expect(OutputConfig).toEqual({ S3OutputLocation: 's3://out/recommendations/', ModelPackageGroupIdentifier: 'job' });
  const { ModelDetails, DeploymentConfiguration: { EnvironmentVariables, ...deployment } } = row;
  expect(ModelDetails).toEqual({
    ModelPackageArn: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/job/1',
    InferenceSpecificationName: 'p5-48xlarge-throughput',
    InstanceDetails: [{ InstanceType: 'ml.p5.48xlarge', InstanceCount: 1, CopyCountPerInstance: 8 }],
  });
  expect(deployment).toEqual({
    S3: [
      { ChannelName: 'base_model', Uri: 's3://models/llama-8b/' },
      { ChannelName: 'draft_model', Uri: 's3://out/recommendations/job/draft-model/' },
    ],
    ImageUri: expect.stringMatching(/\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/vllm:/),
    InstanceType: 'ml.p5.48xlarge',
    InstanceCount: 1,
    CopyCountPerInstance: 8,
    MinCpuMemoryRequiredInMb: expect.any(Number),
  });
  expect(EnvironmentVariables).toMatchObject({ SM_VLLM_TENSOR_PARALLEL_SIZE: '1', SM_NUM_ACCELERATORS: '1', SM_VLLM_SPECULATIVE_CONFIG: expect.stringMatching(/draft_model/) });
  expect(row.OptimizationDetails).toEqual([{ OptimizationType: 'SpeculativeDecoding', OptimizationConfig: expect.any(Object) }]);
  expect(row.ExpectedPerformance).toContainEqual({ Metric: 'OutputTokenThroughput', Stat: 'avg', Value: expect.stringMatching(/^\d+\.\d{3}$/), Unit: 'tokens/sec' });
  const name = row.AIBenchmarkJobArn.split('/')[1];
  expect(await bench.call('DescribeAIBenchmarkJob', { AIBenchmarkJobName: name })).toMatchObject({ AIBenchmarkJobStatus: 'Completed', AIWorkloadConfigIdentifier: WORKLOAD });
  await bench.call('DeleteAIRecommendationJob', JOB);
  expect(await bench.call('ListAIBenchmarkJobs')).toEqual({ AIBenchmarkJobs: [] });
});

test('every figure is one that the library reads', async () => {
  const { Recommendations: [{ ExpectedPerformance }] } = await bench.recommended(types('ml.g6.12xlarge'));
  const read = ExpectedPerformance.map(({ Metric, Stat, Value, Unit }: any) => (
    [canonicalMetric(Metric), canonicalStat(Stat), quantityOf(numberIn(Value), Unit)]
  ));
  expect(read.flat()).not.toContain(undefined);
  expect(new Set(read.map(([metric]: any) => metric)).size).toBe(5);
});

test('without optimization there is none, and the job is shorter', async () => {
  const { Recommendations: [row], EndTime } = await bench.recommended({ ...types('ml.g6.12xlarge'), OptimizeModel: false });
  expect(row.OptimizationDetails).toBeUndefined();
  expect(EndTime.getTime() - Date.UTC(2026, 0, 1)).toBe(45 * 60_000);
});

test('types on which the model does not fit are left out, and if none is left the job fails', async () => {
  const { ModelSource } = bench.recommendationRequest();
  await bench.call('CreateAIWorkloadConfig', { AIWorkloadConfigName: 'long', AIWorkloadConfigs: { WorkloadSpec: { Inline: '{"parameters":{"prompt_input_tokens_mean":900000}}' } } });
  const long = { AIWorkloadConfigIdentifier: 'long', ModelSource };
  expect(typesOf(await bench.recommended({ ...long, ...types('ml.g5.xlarge', 'ml.p5en.48xlarge') }))).toEqual(['ml.p5en.48xlarge']);
  await bench.call('CreateAIRecommendationJob', bench.recommendationRequest({ ...long, AIRecommendationJobName: 'none', ...types('ml.g5.xlarge') }));
  await bench.minutes(60);
  const failed = await bench.call('DescribeAIRecommendationJob', { AIRecommendationJobName: 'none' });
  expect(failed).toMatchObject({ AIRecommendationJobStatus: 'Failed', FailureReason: expect.stringMatching(/does not fit into the accelerators of ml\.g5\.xlarge/) });
  expect(failed.Recommendations).toBeUndefined();
});

describe('the model package', () => {
  const container = async () => {
    const { Recommendations: [{ ModelDetails: { ModelPackageArn, InferenceSpecificationName } }] } = await describeJob();
    return { ModelName: 'm', ExecutionRoleArn: ROLE, PrimaryContainer: { ModelPackageName: ModelPackageArn, InferenceSpecificationName } };
  };

  test('has a specification for each recommendation, and is deployed once somebody has approved it', async () => {
    await bench.recommended(types('ml.g6.12xlarge', 'ml.p5.48xlarge'));
    const model = await container();
    const { ModelPackageName } = model.PrimaryContainer;
    const described = await bench.call('DescribeModelPackage', { ModelPackageName });
    expect(described).toMatchObject({ ModelApprovalStatus: 'PendingManualApproval', ModelPackageGroupName: 'job' });
    expect(described.AdditionalInferenceSpecifications.map((one: any) => [one.Name, one.SupportedRealtimeInferenceInstanceTypes]))
      .toEqual([['p5-48xlarge-ttft-ms', ['ml.p5.48xlarge']], ['g6-12xlarge-ttft-ms', ['ml.g6.12xlarge']]]);
    expect(await bench.refused('CreateModel', model)).toMatchObject({ message: expect.stringMatching(/PendingManualApproval, not Approved/) });
    await bench.call('UpdateModelPackage', { ModelPackageArn: ModelPackageName, ModelApprovalStatus: 'Approved' });
    await bench.call('CreateModel', model);
    model.PrimaryContainer.InferenceSpecificationName = 'other';
    expect(await bench.refused('CreateModel', { ...model, ModelName: 'n' })).toMatchObject({ message: expect.stringMatching(/Could not find inference specification "other"/) });
  });

  test('goes into the given group, by its name or ARN', async () => {
    const { ModelPackageGroupArn } = await bench.call('CreateModelPackageGroup', { ModelPackageGroupName: 'mine' });
    const job = await bench.recommended({ OutputConfig: { S3OutputLocation: 's3://out/', ModelPackageGroupIdentifier: ModelPackageGroupArn }, ...types('ml.g6.12xlarge') });
    expect(job.OutputConfig.ModelPackageGroupIdentifier).toBe(ModelPackageGroupArn);
    expect(job.Recommendations[0].ModelDetails.ModelPackageArn).toMatch(/model-package\/mine\/1$/);
    expect((await bench.call('ListModelPackageGroups')).ModelPackageGroupSummaryList).toHaveLength(1);
  });

  test('is told of like any other, so automation of a registry sees it', async () => {
    const { region } = bench;
    const call = { region, principal: region.root, requestId: 'r' };
    region.logs.createGroup('heard');
    await region.events.operations.PutRule({ Name: 'r', EventPattern: JSON.stringify({ source: ['aws.sagemaker'] }) }, call);
    await region.events.operations.PutTargets({ Rule: 'r', Targets: [{ Id: '1', Arn: region.arn('logs', 'log-group:heard') }] }, call);
    const { Recommendations: [{ ModelDetails }] } = await bench.recommended(types('ml.g6.12xlarge'));
    expect(region.logs.tail('heard').map((line) => JSON.parse(line))).toMatchObject([{
      'detail-type': 'SageMaker Model Package State Change',
      'resources': [ModelDetails.ModelPackageArn],
      'detail': { ModelApprovalStatus: 'PendingManualApproval' },
    }]);
  });
});

describe('adapters', () => {
  test('by their locations get packages of their own', async () => {
    const S3Uris = [{ AdapterId: 'one', S3Uri: 's3://adapters/one/' }, { AdapterId: 'two', S3Uri: 's3://adapters/two/' }];
    const { Recommendations: [{ AdapterDetails, ModelDetails }] } = await bench.recommended({ AdapterSource: { S3Uris }, ...types('ml.g6.12xlarge') });
    expect(ModelDetails.ModelPackageArn).toMatch(/job\/1$/);
    expect(AdapterDetails).toEqual({
      S3Uris,
      ModelPackageArns: [2, 3].map((version, index) => (
        { AdapterId: S3Uris[index].AdapterId, ModelPackageArn: `arn:aws:sagemaker:eu-west-1:111122223333:model-package/job/${version}` }
      )),
    });
  });

  test('by their packages tell the locations', async () => {
    const ModelPackageArns = [{ AdapterId: 'one', ModelPackageArn: await bench.modelPackage() }];
    const { Recommendations: [{ AdapterDetails }] } = await bench.recommended({ AdapterSource: { ModelPackageArns }, ...types('ml.g6.12xlarge') });
    expect(AdapterDetails).toEqual({ ModelPackageArns, S3Uris: [{ AdapterId: 'one', S3Uri: 's3://bucket/model.tar.gz' }] });
  });
});

describe('stopping and deleting', () => {
  test('a job stops in two minutes, and can be deleted then; its name is free again', async () => {
    await bench.call('CreateAIRecommendationJob', bench.recommendationRequest());
    expect(await bench.refused('DeleteAIRecommendationJob', JOB)).toMatchObject({ code: 'ValidationException', message: expect.stringMatching(/InProgress/) });
    await bench.minutes(30);
    for (let time = 0; time < 2; time++) { expect(await bench.call('StopAIRecommendationJob', JOB)).toEqual({ AIRecommendationJobArn: ARN }); }
    expect(await describeJob()).toMatchObject({ AIRecommendationJobStatus: 'Stopping' });
    expect(await bench.refused('DeleteAIRecommendationJob', JOB)).toMatchObject({ message: expect.stringMatching(/Stopping/) });
    await bench.minutes(2);
    expect(await describeJob()).toMatchObject({ AIRecommendationJobStatus: 'Stopped', EndTime: new Date('2026-01-01T00:32:00Z') });
    await bench.minutes(24 * 60);
    expect(await describeJob()).toMatchObject({ AIRecommendationJobStatus: 'Stopped' });
    expect(await bench.call('ListModelPackageGroups')).toEqual({ ModelPackageGroupSummaryList: [] });
    expect(await bench.call('DeleteAIRecommendationJob', JOB)).toEqual({ AIRecommendationJobArn: ARN });
    expect(await bench.refused('DescribeAIRecommendationJob', JOB)).toMatchObject({ code: 'ResourceNotFound' });
    await bench.call('CreateAIRecommendationJob', bench.recommendationRequest());
  });

  test('is refused once the job is over', async () => {
    await bench.recommended();
    expect(await bench.refused('StopAIRecommendationJob', JOB)).toMatchObject({ code: 'ValidationException', message: expect.stringMatching(/Completed/) });
  });

  test.each(['Describe', 'Stop', 'Delete'])('%s of an unknown job is refused', async (verb) => {
    expect(await bench.refused(`${verb}AIRecommendationJob`, JOB)).toMatchObject({ code: 'ResourceNotFound', status: 400 });
  });
});

describe('a job is refused', () => {
  test.each<[string, object, string, RegExp]>([
    ['without its workload', { AIWorkloadConfigIdentifier: 'other' }, 'ResourceNotFound', /Could not find AI workload configuration "other"/],
    ['without a metric', { PerformanceTarget: { Constraints: [] } }, 'ValidationException', /must name a metric/],
    ['without a model', { ModelSource: { S3: {} } }, 'ValidationException', /must be the location of the model in S3/],
    ['with a web address for its output', { OutputConfig: { S3OutputLocation: 'https://out/a' } }, 'ValidationException', /must be a location in S3/],
    ['without its group', { OutputConfig: { ModelPackageGroupIdentifier: 'none' } }, 'ValidationException', /ModelPackageGroup .* does not exist/],
    ['with two adapters of one id', { AdapterSource: { S3Uris: [1, 2].map((one) => ({ AdapterId: 'a', S3Uri: `s3://a/${one}/` })) } }, 'ValidationException', /different AdapterIds/],
    ['with four types', types('ml.g5.xlarge', 'ml.g5.2xlarge', 'ml.g5.4xlarge', 'ml.g5.8xlarge'), 'ValidationException', /less than or equal to 3/],
    ['for a type that it does not know', types('ml.c5.xlarge'), 'ValidationException', /enum value set/],
  ])('%s', async (_what, rest, code, message) => {
    expect(await bench.refused('CreateAIRecommendationJob', bench.recommendationRequest(rest))).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await bench.call('ListAIRecommendationJobs')).toEqual({ AIRecommendationJobs: [] });
  });

  test('with a name that is taken', async () => {
    await bench.call('CreateAIRecommendationJob', bench.recommendationRequest());
    expect(await bench.refused('CreateAIRecommendationJob', bench.recommendationRequest())).toMatchObject({ code: 'ResourceInUse' });
  });

  test('beyond the quota', async () => {
    bench = new GenerativeBench({ quotas: { 'Number of AI recommendation jobs': 0 } });
    await bench.workload();
    expect(await bench.refused('CreateAIRecommendationJob', bench.recommendationRequest())).toMatchObject({ code: 'ResourceLimitExceeded' });
  });
});

test.each([0.5, 60])('a job whose role was deleted at minute %d can do nothing more, and fails', async (minute) => {
  bench.region.iam.createRole('Job', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }] });
  bench.region.iam.putRolePolicy('Job', 'all', { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
  await bench.call('CreateAIRecommendationJob', bench.recommendationRequest());
  await bench.minutes(minute);
  bench.region.iam.deleteRolePolicy('Job', 'all');
  bench.region.iam.deleteRole('Job');
  await bench.minutes(24 * 60);
  expect(await describeJob()).toMatchObject({ AIRecommendationJobStatus: 'Failed', FailureReason: expect.stringMatching(/cannot assume the role .*: it was deleted/) });
});

test('a job whose group was deleted has nowhere to register its packages, and fails', async () => {
  await bench.call('CreateModelPackageGroup', { ModelPackageGroupName: 'short-lived' });
  await bench.call('CreateAIRecommendationJob', bench.recommendationRequest({ OutputConfig: { S3OutputLocation: 's3://out/', ModelPackageGroupIdentifier: 'short-lived' } }));
  await bench.minutes(10);
  await bench.call('DeleteModelPackageGroup', { ModelPackageGroupName: 'short-lived' });
  await bench.minutes(24 * 60);
  expect(await describeJob()).toMatchObject({ AIRecommendationJobStatus: 'Failed', FailureReason: expect.stringMatching(/^ClientError: ModelPackageGroup .*\/short-lived does not exist\.$/) });
});

test('types without capacity or quota are left out', async () => {
  bench = new GenerativeBench({ withoutCapacity: ['ml.g6.12xlarge'], quotas: { 'ml.p5.48xlarge for endpoint usage': 0 } });
  await bench.workload();
  expect(typesOf(await bench.recommended(types('ml.g6.12xlarge', 'ml.p5.48xlarge', 'ml.g5.12xlarge')))).toEqual(['ml.g5.12xlarge']);
  await bench.call('CreateAIRecommendationJob', bench.recommendationRequest({ AIRecommendationJobName: 'none', ...types('ml.g6.12xlarge') }));
  await bench.minutes(24 * 60);
  expect(await bench.call('DescribeAIRecommendationJob', { AIRecommendationJobName: 'none' }))
    .toMatchObject({ AIRecommendationJobStatus: 'Failed', FailureReason: expect.stringMatching(/InsufficientInstanceCapacity/) });
});

test('a script says what a job finds, and how it ends', async () => {
  const row: TokenRecommendation = {
    instanceType: 'ml.g6e.xlarge', image: 'i', performance: [{ Metric: 'time_to_first_token', Stat: 'p99', Value: '180', Unit: 'ms' }],
  };
  const recommend: GenerativeScript['recommend'] = (_request, { attempt }) => (
    attempt === 1 ? { durationSeconds: 600, outcome: 'Failed', failureReason: 'no luck', recommendations: [] } : { durationSeconds: 600, recommendations: [row] }
  );
  bench = new GenerativeBench({ generative: { recommend } });
  await bench.workload();
  expect(await bench.recommended()).toMatchObject({ AIRecommendationJobStatus: 'Failed', FailureReason: 'no luck' });
  await bench.call('CreateAIRecommendationJob', bench.recommendationRequest({ AIRecommendationJobName: 'again' }));
  await bench.minutes(10);
  const { Recommendations } = await bench.call('DescribeAIRecommendationJob', { AIRecommendationJobName: 'again' });
  expect(Recommendations).toMatchObject([{
    ModelDetails: { InferenceSpecificationName: 'ml-g6e-xlarge-1' }, DeploymentConfiguration: { InstanceType: 'ml.g6e.xlarge' }, ExpectedPerformance: row.performance,
  }]);
});

test('a location is its folder, with and without a slash at its end, and not its neighbour', () => {
  const { world } = bench;
  const region = world.region('111122223333', 'eu-west-1');
  expect(weightsGb('s3://nowhere/llama', region)).toBe(weightsGb('s3://nowhere/llama/', region));
  world.s3.createBucket('sizes', '111122223333', 'eu-west-1');
  world.s3.putObject('sizes', 'llama/model.safetensors.index.json', Buffer.from(JSON.stringify({ metadata: { total_size: 16e9 } })));
  world.s3.putObject('sizes', 'llama-70b/model.safetensors.index.json', Buffer.from(JSON.stringify({ metadata: { total_size: 140e9 } })));
  expect(['s3://sizes/llama', 's3://sizes/llama/', 's3://sizes/llama-70b', 's3://sizes/llama/model.safetensors.index.json'].map((uri) => weightsGb(uri, region)))
    .toEqual([16, 16, 140, 16]);
});
