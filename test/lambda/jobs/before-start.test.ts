import { COST_TAG } from '../../../src/contract/claims';
import { pricesOf } from '../../../src/service/prices';
import { JOB_SHAPES } from '../../../src/service/shapes';
import { archiveOf } from '../../harness/archives';
import { failsAfter, lasts } from '../../harness/courses';
import { ACCOUNT, REGION } from '../../harness/place';
import { serviceError, Stage, STACK_ID } from '../../harness/stage';

const CHECKS = ['objects', 'role', 'quotas'];
/** A type that the table of prices does not have. */
const UNPRICED = JOB_SHAPES.ProductionVariantInstanceType.enum!.find((type) => !type.startsWith('ml.t2.') && pricesOf(REGION)!.hourly(type) === undefined)!;
const LOOKS = ['GetObjectBeginning', 'GetRole', 'ListServiceQuotas', 'SimulatePrincipalPolicy'];

/** A stage with the package's objects, and whose role SageMaker may assume. */
async function ready(stage = new Stage()): Promise<Stage> {
  await stage.setUp();
  const { s3 } = stage.world;
  s3.createBucket('bucket', ACCOUNT, REGION);
  s3.putObject('bucket', 'payload.tar.gz', archiveOf({ 'request.csv': '1,2,3' }));
  s3.putObject('bucket', 'model.tar.gz', archiveOf({ model: 'm' }));
  return stage;
}

const create = (stage: Stage, more: object = {}) => stage.send(stage.start('Create', stage.jobProperties({ Preflight: CHECKS, ...more })));
const started = (stage: Stage) => stage.count('CreateInferenceRecommendationsJob');
const looks = (stage: Stage) => LOOKS.filter((operation) => stage.count(operation) > 0);
const loadTest = (stage: Stage, ...types: string[]) => ({
  Request: {
    ...stage.jobProperties().Request,
    JobType: 'Advanced',
    InputConfig: {
      ModelPackageVersionArn: stage.packageArn,
      JobDurationInSeconds: '3600',
      TrafficPattern: { TrafficType: 'PHASES', Phases: [{ InitialNumberOfUsers: '1', SpawnRate: '1', DurationInSeconds: '120' }] },
      EndpointConfigurations: types.map((InstanceType) => ({ InstanceType })),
    },
  },
});
const untrusted = (stage: Stage) => stage.region.iam.setTrust('benchmark', {
  Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
});
const entry = (stage: Stage, message: string) => stage.logs.map((line) => JSON.parse(line)).find((line) => line.message === message);

describe('before a job', () => {
  test('where nothing is wrong, the job starts, and nothing is said of the checks', async () => {
    const stage = await ready();
    expect(await create(stage)).toMatchObject({ Status: 'SUCCESS' });
    expect([started(stage), looks(stage), entry(stage, 'notes before the start')]).toEqual([1, LOOKS.slice(0, 3), undefined]);
  });

  test('all that is wrong is told in one answer, the request\'s own errors first, and no job starts, not even one that somebody looks after', async () => {
    const stage = await ready();
    const { s3 } = stage.world;
    s3.putObject('bucket', 'payload.tar.gz', Buffer.from('1,2,3'));
    s3.remove(s3.find('bucket')!, 'model.tar.gz');
    untrusted(stage);
    const answer = await create(stage, { ...loadTest(stage, 'ml.t2.medium') });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'Job' });
    expect(answer.Reason).toMatch(/^The job was not started, for 4 reasons: \(1\) The job's request would be refused: .*t2 family.* \(2\) The sample payload .* \(3\) The model artifact .* \(4\) SageMaker may not assume .*\.$/);
    expect([started(stage), stage.watches]).toEqual([0, []]);
  });

  test('one finding is one sentence', async () => {
    const stage = await ready();
    untrusted(stage);
    expect((await create(stage)).Reason).toBe('The job was not started. SageMaker may not assume the role arn:aws:iam::111111111111:role/benchmark:'
      + ' let its trust policy allow sts:AssumeRole to the service sagemaker.amazonaws.com.');
  });

  test('a request that would be refused is told as before where nothing else is wrong', async () => {
    const stage = await ready();
    expect((await create(stage, loadTest(stage, 'ml.t2.medium'))).Reason).toMatch(/^The job's request would be refused: /);
    const strange = { Request: { ...stage.jobProperties().Request, InputConfig: { EndpointConfigurations: 'two' } } };
    expect((await create(stage, strange)).Reason).toMatch(/^The job's request would be refused: /);
  });

  test('only the checks that are asked for are made, and none for a stack that was deployed before they existed', async () => {
    for (const [Preflight, operations] of [[['role'], ['GetRole']], [['permissions'], ['SimulatePrincipalPolicy']], [undefined, []]] as const) {
      const stage = await ready();
      await create(stage, { Preflight, Trigger: `${Preflight}` });
      expect(looks(stage)).toEqual(operations);
    }
  });

  test('a simulation tells each permission that the role lacks', async () => {
    const stage = await ready();
    const { Status, Reason } = await create(stage, { Preflight: ['permissions'] });
    expect(Status).toBe('FAILED');
    for (const action of ['sagemaker:CreateModel', 'sagemaker:CreateEndpointConfig', 'sagemaker:CreateEndpoint', 'sagemaker:InvokeEndpoint', 'iam:PassRole']) {
      expect(Reason).toContain(`may not do ${action} on arn:aws:`);
    }
  });

  test('a job that runs or has completed is not checked again', async () => {
    const stage = await ready(new Stage(lasts(10)));
    const { PhysicalResourceId } = await create(stage);
    const before = stage.calls.length;
    untrusted(stage);
    for (const minutes of [1, 60]) {
      await stage.pass(minutes);
      const update = stage.start('Update', stage.jobProperties({ Preflight: [...CHECKS, 'permissions'], MaxCost: '0.01' }), { PhysicalResourceId });
      expect(await stage.send(update)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    }
    expect(stage.calls.slice(before).filter(({ operation }) => LOOKS.includes(operation))).toEqual([]);
    expect(started(stage)).toBe(1);
  });

  test('another attempt is checked once more, also where a stage starts it', async () => {
    const stage = await ready(new Stage(failsAfter(1)));
    const { JobName } = (await create(stage)).Data!;
    await stage.pass(60);
    expect(await stage.send(stage.wait('Create', { JobName, Preflight: CHECKS }))).toMatchObject({ Status: 'FAILED' });
    untrusted(stage);
    const resumed = stage.wait('Update', { JobName, Preflight: CHECKS }, { PhysicalResourceId: 'JobWait1' });
    expect((await stage.send(resumed)).Reason).toMatch(/^The job was not started\. SageMaker may not assume/);
    expect(started(stage)).toBe(1);
  });
});

describe('what may not be looked at, or does not answer', () => {
  test.each([
    ['a permission that is missing', 'AccessDenied', 403],
    ['a service that is throttled', 'ThrottlingException', 400],
    ['a service that is broken', 'InternalFailure', 500],
    ['a service without an endpoint in the Region', 'ENOTFOUND', undefined],
  ])('%s is a line in the log, and the job starts', async (_what, name, status) => {
    for (const operation of LOOKS.slice(0, 3)) {
      const stage = await ready();
      stage.fail(operation, serviceError(name, 'out of reach', status as number), 1000);
      expect(await create(stage)).toMatchObject({ Status: 'SUCCESS' });
      expect(started(stage)).toBe(1);
      expect(entry(stage, 'notes before the start').notes).toEqual(expect.arrayContaining([expect.stringContaining(`${name}: out of reach`)]));
    }
  });

  test('an object of another account is a line in the log', async () => {
    const stage = await ready();
    stage.world.s3.createBucket('theirs', '222222222222', REGION);
    const properties = stage.jobProperties();
    const InputConfig = { ...properties.Request.InputConfig as object, ContainerConfig: { PayloadConfig: { SamplePayloadUrl: 's3://theirs/payload.tar.gz' } } };
    expect(await create(stage, { Request: { ...properties.Request, InputConfig } })).toMatchObject({ Status: 'SUCCESS' });
    expect(entry(stage, 'notes before the start').notes).toEqual([expect.stringMatching(/^The sample payload s3:\/\/theirs\/payload\.tar\.gz was not looked at/)]);
  });
});

describe('the cost', () => {
  const tagsOf = async (stage: Stage, JobArn: string) => (await stage.sagemaker('ListTags', { ResourceArn: JobArn })).Tags as Array<{ Key: string; Value: string }>;

  test('is in the job\'s tags and in the log, also without any check', async () => {
    const stage = await ready();
    const { Data } = await create(stage, { ...loadTest(stage, 'ml.c5.xlarge'), Preflight: undefined });
    const tag = (await tagsOf(stage, Data!.JobArn)).find(({ Key }) => Key === COST_TAG);
    expect(tag!.Value).toMatch(/^0\.\d\d USD$/);
    expect(entry(stage, 'started')).toEqual({ message: 'started', jobName: Data!.JobName, estimate: tag!.Value });
  });

  test('is a range where the service chooses, without a sign that no tag may have', async () => {
    const stage = await ready();
    const { Data } = await create(stage);
    expect((await tagsOf(stage, Data!.JobArn)).find(({ Key }) => Key === COST_TAG)!.Value).toMatch(/^\d+\.\d\d to \d+\.\d\d USD$/);
  });

  test('is not there for a type without a price', async () => {
    const stage = await ready();
    const { Status, Data } = await create(stage, { ...loadTest(stage, UNPRICED), Preflight: undefined });
    expect(Status).toBe('SUCCESS');
    expect((await tagsOf(stage, Data!.JobArn)).map(({ Key }) => Key)).not.toContain(COST_TAG);
    expect(entry(stage, 'started')).toEqual({ message: 'started', jobName: Data!.JobName });
  });

  test('gives way to the user\'s own tags, so that claims always have room', async () => {
    for (const [count, hasCost] of [[39, true], [40, false], [44, false]] as const) {
      const stage = await ready();
      stage.stackTags = Array.from({ length: 50 }, (_, at) => ({ Key: `stack-${at}`, Value: 'x' }));
      const { Status, Data } = await create(stage, { Tags: Array.from({ length: count }, (_, at) => ({ Key: `own-${at}`, Value: 'x' })) });
      expect(Status).toBe('SUCCESS');
      const keys = (await tagsOf(stage, Data!.JobArn)).map(({ Key }) => Key);
      expect([count, keys.includes(COST_TAG), keys.filter((key) => key.startsWith('own-')).length]).toEqual([count, hasCost, count]);
      expect(keys.length).toBeLessThanOrEqual(48);
    }
  });

  test('above the limit, the job does not start, and one sentence says the figure, what it is made of, and the remedy', async () => {
    const stage = await ready();
    const { Reason } = await create(stage, { ...loadTest(stage, 'ml.c5.xlarge', 'ml.c5.large'), MaxCost: '0.1' });
    expect(Reason).toMatch(/^The job was not started\. The job may cost \d+\.\d\d USD \(at most 60 minutes on ml\.c5\.xlarge, ml\.c5\.large\), and 'maxCost' is 0\.10 USD: raise 'maxCost', shorten the job, or name fewer or cheaper types\.$/);
    expect(started(stage)).toBe(0);
    expect(await create(stage, { ...loadTest(stage, 'ml.c5.xlarge', 'ml.c5.large'), MaxCost: '10' })).toMatchObject({ Status: 'SUCCESS' });
  });

  test('with a limit, the types must be listed, and have prices', async () => {
    const stage = await ready();
    expect((await create(stage, { MaxCost: '1000' })).Reason).toMatch(/the service chooses the instance types.*list the types/);
    expect((await create(stage, { ...loadTest(stage, 'ml.new9.large'), MaxCost: '1000', Preflight: undefined })).Reason).toMatch(/no price of ml\.new9\.large in us-east-1/);
    const elsewhere = { ...stage.start('Create', stage.jobProperties({ MaxCost: '1000' })), StackId: STACK_ID.replace(REGION, 'mx-central-1') };
    expect((await stage.send(elsewhere)).Reason).toMatch(/has no prices of mx-central-1/);
    expect(started(stage)).toBe(0);
  });

  test('is that of the types that the package supports', async () => {
    const stage = await ready(new Stage());
    const listed = await stage.sagemaker('CreateModelPackage', {
      ...await stage.sagemaker('DescribeModelPackage', { ModelPackageName: stage.packageArn }).then(({ Domain, Task, SamplePayloadUrl, InferenceSpecification }: any) => (
        { Domain, Task, SamplePayloadUrl, InferenceSpecification: { ...InferenceSpecification, SupportedRealtimeInferenceInstanceTypes: ['ml.c5.large'] } })),
      ModelPackageGroupName: 'group',
    });
    const properties = stage.jobProperties();
    const InputConfig = { ModelPackageVersionArn: listed.ModelPackageArn, ContainerConfig: { SupportedEndpointType: 'RealTime' } };
    expect(await create(stage, { Request: { ...properties.Request, InputConfig }, MaxCost: '1' })).toMatchObject({ Status: 'SUCCESS' });
  });
});
