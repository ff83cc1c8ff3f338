import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AddTagsCommand, CreateAIBenchmarkJobCommand, CreateAIRecommendationJobCommand, CreateAIWorkloadConfigCommand, CreateEndpointCommand,
  CreateEndpointConfigCommand, CreateModelCommand, DeleteAIBenchmarkJobCommand, DeleteAIRecommendationJobCommand,
  DeleteAIWorkloadConfigCommand, DescribeAIBenchmarkJobCommand, DescribeAIBenchmarkJobResponse, DescribeAIRecommendationJobCommand,
  DescribeAIRecommendationJobResponse, DescribeEndpointCommand, ListAIBenchmarkJobsCommand, ListAIRecommendationJobsCommand,
  ListAIWorkloadConfigsCommand, ListTagsCommand, SageMakerClient, UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { LocalAws, startLocalAws } from '../../../../local-aws';
import { benchmarkRuns } from '../../../../src/service/aiperf';

const ACCOUNT = '111111111111';
const TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }] };
const SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:token`;
const MLFLOW = `arn:aws:sagemaker:us-east-1:${ACCOUNT}:mlflow-app/app`;
const WORKLOAD = { parameters: { concurrency: 4, request_count: 20, streaming: true }, secrets: { hf_token: SECRET } };

/** What a role of each kind of job needs, all of it. */
const OF_BOTH = [
  'sagemaker:CreateTrainingJob', 'iam:PassRole', 'ecr:GetAuthorizationToken', 'ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage',
  'logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:GetSecretValue', 'sagemaker:DescribeMlflowApp', 's3:GetObject', 's3:ListBucket', 's3:PutObject',
];
const NEEDS = {
  recommendation: [...OF_BOTH, 'sagemaker:DescribeModelPackage', 'servicequotas:GetServiceQuota'],
  benchmark: [
    ...OF_BOTH, 'sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
    'ec2:DescribeSecurityGroups', 'ec2:DescribeVpcs', 'ec2:DescribeDhcpOptions', 'ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission',
    'ec2:DeleteNetworkInterface', 'ec2:DeleteNetworkInterfacePermission',
  ],
};

let aws: LocalAws;
let sagemaker: SageMakerClient;
let s3: S3Client;
let count = 0;

function role(actions: readonly string[], trust: object = TRUST): string {
  const { iam } = aws.world.region(ACCOUNT, 'us-east-1');
  const name = `Job${++count}`;
  const { arn } = iam.createRole(name, trust as any);
  iam.putRolePolicy(name, 'p', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: [...actions], Resource: '*' }] });
  return arn;
}

/** The answer of a call once what it describes is over. */
async function over<T extends object>(ask: () => Promise<T>, status: keyof T): Promise<T> {
  for (;;) {
    const found = await ask();
    if (['Completed', 'Failed', 'Stopped', 'InService'].includes(String(found[status]))) { return found; }
    await new Promise(setImmediate);
  }
}

beforeAll(async () => {
  aws = await startLocalAws({ rates: [] });
  sagemaker = new SageMakerClient(aws.client());
  s3 = new S3Client({ ...aws.client(), forcePathStyle: true });
  for (const Bucket of ['models', 'out']) { await s3.send(new CreateBucketCommand({ Bucket })); }
  const index = JSON.stringify({ metadata: { total_size: 16e9 } });
  for (const Key of ['llama/model.safetensors.index.json', 'adapter/weights', 'data/chats.jsonl']) { await s3.send(new PutObjectCommand({ Bucket: 'models', Key, Body: index })); }
  await sagemaker.send(new CreateAIWorkloadConfigCommand({
    AIWorkloadConfigName: 'chat',
    AIWorkloadConfigs: { WorkloadSpec: { Inline: JSON.stringify(WORKLOAD) } },
    DatasetConfig: { InputDataConfig: [{ ChannelName: 'dataset', DataSource: { S3DataSource: { S3Uri: 's3://models/data/' } } }] },
  }));
  const ExecutionRoleArn = role(['s3:GetObject']);
  await sagemaker.send(new CreateModelCommand({ ModelName: 'live', ExecutionRoleArn, PrimaryContainer: { Image: '763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:1' } }));
  const variant = { VariantName: 'main', ModelName: 'live', InstanceType: 'ml.g6.12xlarge', InitialInstanceCount: 1 } as const;
  await sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: 'live', ProductionVariants: [variant] }));
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: 'live', EndpointConfigName: 'live' }));
  await over(() => sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'live' })), 'EndpointStatus');
});
afterAll(() => aws.close());

async function recommended(RoleArn: string, rest: object = {}): Promise<DescribeAIRecommendationJobResponse> {
  const AIRecommendationJobName = `rec-${++count}`;
  await sagemaker.send(new CreateAIRecommendationJobCommand({
    AIRecommendationJobName,
    RoleArn,
    AIWorkloadConfigIdentifier: 'chat',
    ModelSource: { S3: { S3Uri: 's3://models/llama' } },
    OutputConfig: { S3OutputLocation: 's3://out/rec/', MlflowConfig: { MlflowResourceArn: MLFLOW } },
    PerformanceTarget: { Constraints: [{ Metric: 'cost' }] },
    ComputeSpec: { InstanceTypes: ['ml.g6.12xlarge', 'ml.g6e.xlarge'] },
    ...rest,
  }));
  return over(() => sagemaker.send(new DescribeAIRecommendationJobCommand({ AIRecommendationJobName })), 'AIRecommendationJobStatus');
}

async function benchmarked(RoleArn: string): Promise<DescribeAIBenchmarkJobResponse> {
  const AIBenchmarkJobName = `bench-${++count}`;
  await sagemaker.send(new CreateAIBenchmarkJobCommand({
    AIBenchmarkJobName,
    RoleArn,
    AIWorkloadConfigIdentifier: 'chat',
    BenchmarkTarget: { Endpoint: { Identifier: 'live' } },
    OutputConfig: { S3OutputLocation: 's3://out/bench/', MlflowConfig: { MlflowResourceArn: MLFLOW } },
    NetworkConfig: { VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] } },
  }));
  return over(() => sagemaker.send(new DescribeAIBenchmarkJobCommand({ AIBenchmarkJobName })), 'AIBenchmarkJobStatus');
}

/** A version with an adapter's weights, for a job that is given its adapter by it. */
async function adapterPackage(): Promise<string> {
  const { AdapterDetails } = (await recommended(role(NEEDS.recommendation), { AdapterSource: { S3Uris: [{ AdapterId: 'a', S3Uri: 's3://models/adapter/' }] } })).Recommendations![0];
  return AdapterDetails!.ModelPackageArns![0].ModelPackageArn!;
}

test('a life: workload, recommendation, approval, model, benchmark, archive, and everything is deleted', async () => {
  const RoleArn = role(NEEDS.recommendation);
  const { AIRecommendationJobName, AIRecommendationJobArn, Recommendations, ...job } = await recommended(RoleArn);
  expect(job).toMatchObject({ AIRecommendationJobStatus: 'Completed', EndTime: expect.any(Date) });
  const [{ ModelDetails, DeploymentConfiguration, AIBenchmarkJobArn }] = Recommendations!;
  const container = { ModelPackageName: ModelDetails!.ModelPackageArn, InferenceSpecificationName: ModelDetails!.InferenceSpecificationName };
  const model = new CreateModelCommand({ ModelName: 'best', ExecutionRoleArn: RoleArn, PrimaryContainer: container });
  await expect(sagemaker.send(model)).rejects.toMatchObject({ name: 'ValidationException' });
  await sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn: ModelDetails!.ModelPackageArn, ModelApprovalStatus: 'Approved' }));
  await sagemaker.send(model);
  expect(DeploymentConfiguration!.CopyCountPerInstance).toBeGreaterThan(0);

  await sagemaker.send(new AddTagsCommand({ ResourceArn: AIRecommendationJobArn, Tags: [{ Key: 'a', Value: '1' }] }));
  expect((await sagemaker.send(new ListTagsCommand({ ResourceArn: AIRecommendationJobArn }))).Tags).toEqual([{ Key: 'a', Value: '1' }]);

  const own = await sagemaker.send(new DescribeAIBenchmarkJobCommand({ AIBenchmarkJobName: AIBenchmarkJobArn!.split('/')[1] }));
  const measured = await benchmarked(role(NEEDS.benchmark));
  expect(measured).toMatchObject({ AIBenchmarkJobStatus: 'Completed' });
  for (const { OutputConfig } of [own, measured]) {
    const [, Bucket, prefix] = /^s3:\/\/([^/]+)\/(.*)$/.exec(OutputConfig!.S3OutputLocation!)!;
    const archive = Buffer.from(await (await s3.send(new GetObjectCommand({ Bucket, Key: `${prefix}output/output.tar.gz` }))).Body!.transformToByteArray());
    expect(await benchmarkRuns(archive, prefix)).toMatchObject([{ requests: 20 }]);
  }

  await sagemaker.send(new DeleteAIRecommendationJobCommand({ AIRecommendationJobName }));
  await sagemaker.send(new DeleteAIBenchmarkJobCommand({ AIBenchmarkJobName: measured.AIBenchmarkJobName }));
  await expect(sagemaker.send(new DescribeAIBenchmarkJobCommand({ AIBenchmarkJobName: measured.AIBenchmarkJobName }))).rejects.toMatchObject({ name: 'ResourceNotFound' });
  expect((await sagemaker.send(new ListAIBenchmarkJobsCommand({}))).AIBenchmarkJobs).toEqual([]);
  expect((await sagemaker.send(new ListAIRecommendationJobsCommand({}))).AIRecommendationJobs).toEqual([]);
  await sagemaker.send(new CreateAIWorkloadConfigCommand({ AIWorkloadConfigName: 'short' }));
  await sagemaker.send(new DeleteAIWorkloadConfigCommand({ AIWorkloadConfigName: 'short' }));
  expect((await sagemaker.send(new ListAIWorkloadConfigsCommand({}))).AIWorkloadConfigs!.map(({ AIWorkloadConfigName }) => AIWorkloadConfigName)).toEqual(['chat']);
});

describe('a role that lacks a permission fails the job, which says which', () => {
  let AdapterSource: object;
  beforeAll(async () => { AdapterSource = { ModelPackageArns: [{ AdapterId: 'a', ModelPackageArn: await adapterPackage() }] }; });

  test.each(NEEDS.recommendation)('recommendation: %s', async (action) => {
    const job = await recommended(role(NEEDS.recommendation.filter((one) => one !== action)), { AdapterSource });
    expect(job).toMatchObject({ AIRecommendationJobStatus: 'Failed', FailureReason: expect.stringContaining(`is not authorized to perform: ${action} on resource`) });
    expect(job.Recommendations).toBeUndefined();
  });

  test.each(NEEDS.benchmark)('benchmark: %s', async (action) => {
    const job = await benchmarked(role(NEEDS.benchmark.filter((one) => one !== action)));
    expect(job).toMatchObject({ AIBenchmarkJobStatus: 'Failed', FailureReason: expect.stringContaining(`is not authorized to perform: ${action} on resource`) });
  });

  test('and with all of them, both complete', async () => {
    expect(await recommended(role(NEEDS.recommendation), { AdapterSource })).toMatchObject({ AIRecommendationJobStatus: 'Completed' });
    expect(await benchmarked(role(NEEDS.benchmark))).toMatchObject({ AIBenchmarkJobStatus: 'Completed' });
  });
});

test('a role that SageMaker cannot assume is refused at once', async () => {
  const stranger = role(NEEDS.recommendation, { ...TRUST, Statement: [{ ...TRUST.Statement[0], Principal: { Service: 'lambda.amazonaws.com' } }] });
  await expect(recommended(stranger)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('Could not assume role') });
});

test('what is not there fails the job: the model, the bucket of its output', async () => {
  const RoleArn = role(NEEDS.recommendation);
  expect(await recommended(RoleArn, { ModelSource: { S3: { S3Uri: 's3://models/none/' } } }))
    .toMatchObject({ AIRecommendationJobStatus: 'Failed', FailureReason: expect.stringContaining('there is no object at s3://models/none/') });
  expect(await recommended(RoleArn, { OutputConfig: {} }))
    .toMatchObject({ AIRecommendationJobStatus: 'Failed', FailureReason: expect.stringContaining(`the bucket sagemaker-us-east-1-${ACCOUNT} does not exist`) });
});

test('each operation has an action of its own on its resource, those of lists have none, and a job passes its role', () => {
  const { iam } = aws.world.region(ACCOUNT, 'us-east-1');
  const needs = (operation: string, input: object) => iam.needs('sagemaker', operation, input).map(({ action, resource }) => `${action} ${resource.split(':').slice(5).join(':') || resource}`);
  const arn = `arn:aws:iam::${ACCOUNT}:role/Job`;
  expect(needs('CreateAIRecommendationJob', { AIRecommendationJobName: 'j', RoleArn: arn, Tags: [{ Key: 'a', Value: '1' }] })).toEqual([
    'sagemaker:CreateAIRecommendationJob ai-recommendation-job/j', 'sagemaker:AddTags ai-recommendation-job/j', 'iam:PassRole role/Job',
  ]);
  expect(needs('StopAIBenchmarkJob', { AIBenchmarkJobName: 'j' })).toEqual(['sagemaker:StopAIBenchmarkJob ai-benchmark-job/j']);
  expect(needs('DeleteAIWorkloadConfig', { AIWorkloadConfigName: 'w' })).toEqual(['sagemaker:DeleteAIWorkloadConfig ai-workload-config/w']);
  expect(needs('ListAIRecommendationJobs', {})).toEqual(['sagemaker:ListAIRecommendationJobs *']);
});
