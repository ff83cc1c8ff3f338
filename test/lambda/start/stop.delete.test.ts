import { constructPrefix } from '../../../src/contract/job-name';
import { serviceError, Stage, STACK_ID } from '../../harness/stage';

const THROTTLED = serviceError('ThrottlingException', 'Rate exceeded');

/** How the jobs of a stage are, in alphabetical order. */
async function statuses(stage: Stage): Promise<string[]> {
  const { InferenceRecommendationsJobs } = await stage.sagemaker('ListInferenceRecommendationsJobs', {});
  return InferenceRecommendationsJobs.map(({ Status }: any) => Status).sort();
}

test('Delete with an old id stops a job of an update that CloudFormation never heard of', async () => {
  const stage = await new Stage().setUp();
  const first = await stage.send(stage.start('Create'));
  await stage.pass(60);
  const stray = await stage.send(stage.start('Update', stage.jobProperties({ Trigger: 'lost' }), { PhysicalResourceId: first.PhysicalResourceId }));
  await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: first.PhysicalResourceId }));
  expect(await stage.sagemaker('DescribeInferenceRecommendationsJob', { JobName: stray.PhysicalResourceId })).toMatchObject({ Status: 'STOPPED' });
});

test('several jobs are all waited for', async () => {
  const stage = await new Stage().setUp();
  const first = await stage.send(stage.start('Create'));
  await stage.send(stage.start('Create', stage.jobProperties({ Trigger: 'two' })));
  const answer = await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: first.PhysicalResourceId }));
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  const { InferenceRecommendationsJobs } = await stage.sagemaker('ListInferenceRecommendationsJobs', {});
  expect(InferenceRecommendationsJobs.map(({ Status }: any) => Status)).toEqual(['STOPPED', 'STOPPED']);
});

test('Delete stops a running job and answers only once it is stopped', async () => {
  const stage = await new Stage().setUp();
  const first = await stage.send(stage.start('Create'));
  const answer = await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: first.PhysicalResourceId }));
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first.PhysicalResourceId });
  expect(await stage.sagemaker('DescribeInferenceRecommendationsJob', { JobName: first.PhysicalResourceId })).toMatchObject({ Status: 'STOPPED' });
});

test('Delete of a finished job stops nothing', async () => {
  const stage = await new Stage().setUp();
  const first = await stage.send(stage.start('Create'));
  await stage.pass(120);
  expect(await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: first.PhysicalResourceId }))).toMatchObject({ Status: 'SUCCESS' });
  expect(stage.count('StopInferenceRecommendationsJob')).toBe(0);
});

test('Delete with an id that CloudFormation invented stops what runs for this construct of this stack only', async () => {
  const stage = await new Stage().setUp();
  const own = await stage.send(stage.start('Create'));
  const otherStack = STACK_ID.replace('0a1b2c3d', '99999999');
  const foreign = await stage.send(stage.start('Create', stage.jobProperties(), { StackId: otherStack }));
  const sibling = await stage.send(stage.start('Create', stage.jobProperties(), { LogicalResourceId: 'OtherJob' }));
  await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: 'shop-Job-1ABCDEFGHIJKL' }));
  const stopped = stage.calls.filter(({ operation }) => operation === 'StopInferenceRecommendationsJob').map(({ input }) => input.JobName);
  expect(stopped).toEqual([own.PhysicalResourceId]);
  expect(stopped).not.toContain(foreign.PhysicalResourceId);
  expect(stopped).not.toContain(sibling.PhysicalResourceId);
});

test('a job under our prefix without our tag is never touched', async () => {
  const stage = await new Stage().setUp();
  const JobName = `${constructPrefix(STACK_ID, 'Job')}0123456789abcdef`;
  await stage.sagemaker('CreateInferenceRecommendationsJob', { ...stage.jobProperties().Request, JobName });
  expect(await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: 'shop-Job-1ABCDEFGHIJKL' }))).toMatchObject({ Status: 'SUCCESS' });
  expect(stage.count('StopInferenceRecommendationsJob')).toBe(0);
});

test('Delete of a job that is gone succeeds', async () => {
  const stage = await new Stage().setUp();
  const PhysicalResourceId = `${constructPrefix(STACK_ID, 'Job')}0123456789abcdef`;
  expect(await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId }))).toMatchObject({ Status: 'SUCCESS' });
});

test('a Delete whose Create was given up while it was still retrying stops the job that the Create starts in the end', async () => {
  const stage = await new Stage().setUp();
  stage.fail('DescribeModelPackage', THROTTLED, 20);
  void stage.deliver(stage.start('Create'));
  await stage.pass(1);
  expect(await statuses(stage)).toEqual([]);
  expect(await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: 'shop-Job-1ABCDEFGHIJKL' }))).toMatchObject({ Status: 'SUCCESS' });
  expect(await statuses(stage)).toEqual(['STOPPED']);
});

test('a Delete after a Create that was answered waits for nothing', async () => {
  const stage = await new Stage().setUp();
  const before = stage.clock.now();
  await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: 'Job' }));
  expect(stage.clock.now()).toBe(before);
});

test.each(['ListInferenceRecommendationsJobs', 'ListTags', 'StopInferenceRecommendationsJob', 'StartExecution'])(
  '%s that is throttled five times leaves no job behind on Delete', async (operation) => {
    const stage = await new Stage().setUp();
    const { PhysicalResourceId } = await stage.send(stage.start('Create'));
    stage.fail(operation, THROTTLED, 5);
    expect(await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId }))).toMatchObject({ Status: 'SUCCESS' });
    expect(await stage.sagemaker('DescribeInferenceRecommendationsJob', { JobName: PhysicalResourceId })).toMatchObject({ Status: 'STOPPED' });
  });
