import {
  CreateInferenceRecommendationsJobCommand, CreateModelCommand, CreateModelPackageCommand, CreateModelPackageGroupCommand, ListModelsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { request, REGION, seed, Seeded, snapshot, VERSION } from './account';
import { CASES } from './cases';
import { AwsError, LocalAws, LocalAwsOptions, startLocalAws, throttles, VirtualClock } from '../../../local-aws';
import { publishedBenchmarks } from '../../../local-aws/sagemaker';
import { SAGEMAKER_OPERATIONS } from '../../../local-aws/sagemaker/shapes';
import { form, json } from '../wire/raw';

const ACCOUNT = '200000000000';
/** What a request names that must be there. A job of the generative family names its workload besides itself. */
const NAMING = [
  'AIWorkloadConfigIdentifier', 'AIWorkloadConfigName', 'AIRecommendationJobName', 'AIBenchmarkJobName', 'JobName', 'CompilationJobName',
  'InferenceRecommendationsJobName',
];
const MODEL = { ModelName: 'm', PrimaryContainer: { Image: 'image' } };
let aws: LocalAws;
let seeded: Seeded;

async function start(options: LocalAwsOptions = {}): Promise<SageMakerClient> {
  const clock = new VirtualClock({ start: new Date('2026-01-01T00:00:00Z'), jumps: false });
  aws = await startLocalAws({ benchmarks: publishedBenchmarks, clock, imported: 'assumed', ...options });
  return new SageMakerClient(aws.client({ account: ACCOUNT, region: REGION }));
}

async function outcome(operation: string, input: object): Promise<string> {
  const { status, body } = await json(aws, 'sagemaker', `SageMaker.${operation}`, input, { accessKeyId: ACCOUNT, region: REGION });
  return `${status} ${JSON.parse(body).__type}`;
}

afterEach(() => aws.close());

describe('of the service\'s model', () => {
  beforeEach(async () => {
    await start();
    [seeded] = await seed(aws, [ACCOUNT]);
  });

  test.each(Object.keys(SAGEMAKER_OPERATIONS).filter((operation) => SAGEMAKER_OPERATIONS[operation].errors?.includes('ResourceNotFound')))(
    '%s of what is not there: ResourceNotFound', async (operation) => {
      const valid = request(operation, await CASES[operation][0](seeded));
      const name = NAMING.find((member) => member in valid)!;
      const before = snapshot(seeded.region);
      expect(await outcome(operation, { ...valid, [name]: 'none', NextToken: undefined })).toBe('400 ResourceNotFound');
      expect(snapshot(seeded.region)).toEqual(before);
    });

  test.each([
    ['CreateInferenceRecommendationsJob', 'JobName', 'done'], ['CreateAIRecommendationJob', 'AIRecommendationJobName', 'done'],
    ['CreateAIBenchmarkJob', 'AIBenchmarkJobName', 'done'], ['CreateAIWorkloadConfig', 'AIWorkloadConfigName', 'workload'],
    ['DeleteAIWorkloadConfig', 'AIWorkloadConfigName', 'workload'],
  ])('%s with a name that was used, or is in use: ResourceInUse', async (operation, member, name) => {
    const valid = request(operation, await CASES[operation][0](seeded));
    const before = snapshot(seeded.region);
    expect(await outcome(operation, { ...valid, [member]: name })).toBe('400 ResourceInUse');
    expect(snapshot(seeded.region)).toEqual(before);
  });

  test('a group with versions that is to go: ConflictException', async () => {
    expect(await outcome('DeleteModelPackageGroup', { ModelPackageGroupName: 'group' })).toBe('400 ConflictException');
    expect(await outcome('DescribeModelPackageGroup', { ModelPackageGroupName: 'group' })).toBe('200 undefined');
  });
});

describe('that a script injects', () => {
  test('a throttled call is tried again by the SDK, and nothing came of it before', async () => {
    const client = await start({ faults: [throttles('sagemaker', 'CreateModel', 2)] });
    const statuses: unknown[] = [];
    aws.world.watch(({ operation, status, error }) => statuses.push([operation, status, error]));
    expect(await client.send(new CreateModelCommand(MODEL))).toMatchObject({ ModelArn: expect.stringContaining('model/m'), $metadata: { attempts: 3 } });
    expect(statuses).toEqual([['CreateModel', 400, 'ThrottlingException'], ['CreateModel', 400, 'ThrottlingException'], ['CreateModel', 200, undefined]]);
  });

  test('a call that is throttled to the end: ThrottlingException', async () => {
    const client = await start({ faults: [throttles('sagemaker', 'CreateModel', Infinity)] });
    await expect(client.send(new CreateModelCommand(MODEL))).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded', $metadata: { attempts: 3 } });
    expect((await client.send(new ListModelsCommand({}))).Models).toEqual([]);
  });

  test.each([['cloudformation', '2010-05-15', 'ListStacks'], ['sts', '2011-06-15', 'GetCallerIdentity']])('%s throttles in its own words', async (service, Version, Action) => {
    await start({ faults: [throttles(service, Action, 1)] });
    expect(await form(aws, service, { Action, Version })).toMatchObject({ status: 400, body: expect.stringContaining('<Code>Throttling</Code>') });
    expect(await form(aws, service, { Action, Version })).toMatchObject({ status: 200 });
  });

  test('a quota that is used up: ResourceLimitExceeded', async () => {
    const groups = new Set<string>();
    const client = await start({
      faults: [({ operation, request: { ModelPackageGroupName: name } }: any) => (
        operation === 'CreateModelPackageGroup' && groups.add(name).size > 1 ? new AwsError('ResourceLimitExceeded', 'The account-level service limit is 1.') : undefined
      )],
    });
    await client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'one' }));
    await expect(client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'two' }))).rejects.toMatchObject({ name: 'ResourceLimitExceeded' });
  });

  test('a benchmark script refuses a job by what it throws', async () => {
    const client = await start({ benchmarks: () => { throw new AwsError('ResourceLimitExceeded', 'The account-level service limit is 0.'); } });
    await client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'group' }));
    const { ModelPackageArn: ModelPackageVersionArn } = await client.send(new CreateModelPackageCommand(request('CreateModelPackage', VERSION)));
    const job = { JobName: 'j', JobType: 'Default', RoleArn: `arn:aws:iam::${ACCOUNT}:role/Job`, InputConfig: { ModelPackageVersionArn } } as const;
    await expect(client.send(new CreateInferenceRecommendationsJobCommand(job))).rejects.toMatchObject({ name: 'ResourceLimitExceeded' });
    expect(aws.world.region(ACCOUNT, REGION).sagemaker.state.jobs.size).toBe(0);
  });
});
