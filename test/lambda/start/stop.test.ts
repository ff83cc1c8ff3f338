import { serviceError, Stage } from '../../harness/stage';

const THROTTLED = serviceError('ThrottlingException', 'Rate exceeded');

/** How the jobs of a stage are, in alphabetical order. */
async function statuses(stage: Stage): Promise<string[]> {
  const { InferenceRecommendationsJobs } = await stage.sagemaker('ListInferenceRecommendationsJobs', {});
  return InferenceRecommendationsJobs.map(({ Status }: any) => Status).sort();
}

test('an update to other content stops the job that it leaves running, and does not wait for a Delete that may get lost', async () => {
  const stage = await new Stage().setUp();
  const { PhysicalResourceId } = await stage.send(stage.start('Create'));
  await stage.send(stage.start('Update', stage.jobProperties({ Trigger: 'v2' }), { PhysicalResourceId }));
  await stage.pass(5);
  expect(await statuses(stage)).toEqual(['IN_PROGRESS', 'STOPPED']);
});

test('an update that fails after its job was made stops that job', async () => {
  const stage = await new Stage().setUp();
  const first = await stage.send(stage.start('Create'));
  await stage.pass(60);
  stage.fail('CreateInferenceRecommendationsJob', serviceError('ValidationException', 'cannot be read'), 1, true);
  const event = stage.start('Update', stage.jobProperties({ Trigger: 'v2' }), { PhysicalResourceId: first.PhysicalResourceId });
  expect(await stage.send(event)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: first.PhysicalResourceId });
  await stage.pass(10);
  const { InferenceRecommendationsJobs } = await stage.sagemaker('ListInferenceRecommendationsJobs', {});
  expect(InferenceRecommendationsJobs.map(({ Status }: any) => Status).sort()).toEqual(['COMPLETED', 'STOPPED']);
});

test('a repeated delivery of Create that fails does not stop the job of the first', async () => {
  const stage = await new Stage().setUp();
  const event = stage.start('Create');
  const { PhysicalResourceId } = await stage.send(event);
  stage.fail('DescribeInferenceRecommendationsJob', serviceError('ValidationException', 'broken'), 1);
  expect(await stage.send(event)).toMatchObject({ Status: 'FAILED' });
  expect(stage.count('StopInferenceRecommendationsJob')).toBe(0);
  expect((await stage.sagemaker('DescribeInferenceRecommendationsJob', { JobName: PhysicalResourceId })).Status).not.toMatch(/STOP/);
});

test('a rollback of an update that was given up while it was still retrying stops the job that the update starts in the end', async () => {
  const stage = await new Stage().setUp();
  const { PhysicalResourceId } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  stage.fail('CreateInferenceRecommendationsJob', THROTTLED, 20);
  const update = stage.jobProperties({ Trigger: 'v2' });
  void stage.deliver(stage.start('Update', update, { PhysicalResourceId, OldResourceProperties: stage.jobProperties() }));
  await stage.pass(1);
  expect(await statuses(stage)).toEqual(['COMPLETED']);
  const back = stage.start('Update', stage.jobProperties(), { PhysicalResourceId, OldResourceProperties: update });
  expect(await stage.send(back)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  await stage.pass(5);
  expect(await statuses(stage)).toEqual(['COMPLETED', 'STOPPED']);
});

test('an update that fails before it has come to stopping stops what an earlier one left', async () => {
  const stage = await new Stage().setUp();
  const { PhysicalResourceId } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  // Its answer never came, and CloudFormation has given it up.
  await stage.send(stage.start('Update', stage.jobProperties({ Trigger: 'v2' }), { PhysicalResourceId }));
  expect(await statuses(stage)).toEqual(['COMPLETED', 'PENDING']);
  stage.fail('DescribeModelPackage', THROTTLED, 100);
  expect(await stage.send(stage.start('Update', stage.jobProperties({ Trigger: 'v3' }), { PhysicalResourceId }))).toMatchObject({ Status: 'FAILED' });
  await stage.pass(5);
  expect(await statuses(stage)).toEqual(['COMPLETED', 'STOPPED']);
});
