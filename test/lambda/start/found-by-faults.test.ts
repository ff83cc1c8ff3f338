import { RESPONSE_URL, serviceError, Stage } from '../../harness/stage';

/** An execution environment of the start function: it is warm, and its handler the same, from event to event. */
let mockEnvironment: unknown;

jest.mock('../../../lambda/start/handler', () => {
  const real = jest.requireActual('../../../lambda/start/handler');
  return { ...real, startHandler: (deps: unknown) => (mockEnvironment ??= real.startHandler(deps)) };
});

beforeEach(() => { mockEnvironment = undefined; });

const THROTTLED = serviceError('ThrottlingException', 'Rate exceeded');

async function statuses(stage: Stage): Promise<string[]> {
  const { InferenceRecommendationsJobs } = await stage.sagemaker('ListInferenceRecommendationsJobs', {});
  return InferenceRecommendationsJobs.map(({ Status }: any) => Status).sort();
}

test('an environment that is warm for long is as patient with Step Functions as a new one', async () => {
  const stage = await new Stage().setUp();
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(10);
  stage.fail('StartExecution', THROTTLED, 3);
  expect(await stage.send(stage.wait('Create', { JobName: Data!.JobName }))).toMatchObject({ Status: 'SUCCESS' });
});

test('an update to other content stops the job that it leaves running, and does not wait for a Delete that may get lost', async () => {
  const stage = await new Stage().setUp();
  const { PhysicalResourceId } = await stage.send(stage.start('Create'));
  await stage.send(stage.start('Update', stage.jobProperties({ Trigger: 'v2' }), { PhysicalResourceId }));
  await stage.pass(5);
  expect(await statuses(stage)).toEqual(['IN_PROGRESS', 'STOPPED']);
});

test('a Delete whose Create was given up while it was still patient stops the job that the Create starts in the end', async () => {
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

test('a rollback of an update that was given up while it was still patient stops the job that the update starts in the end', async () => {
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

test('an update that fails when its patience is at an end has new patience to stop what it has started', async () => {
  const stage = await new Stage().setUp();
  const { PhysicalResourceId } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  stage.fail('CreateInferenceRecommendationsJob', serviceError('TimeoutError', 'timed out', undefined as any), 1, true);
  const update = stage.start('Update', stage.jobProperties({ Trigger: 'v2' }), { PhysicalResourceId });
  void stage.deliver(update);
  await stage.clock.settled();
  // For longer than two minutes nothing can be read of what was started.
  stage.fail('DescribeInferenceRecommendationsJob', THROTTLED, 30);
  expect(await stage.answerTo(update.RequestId)).toMatchObject({ Status: 'FAILED' });
  await stage.pass(5);
  expect(await statuses(stage)).toEqual(['COMPLETED', 'STOPPED']);
});

test('a job that the service has dropped keeps the ARN that it had', async () => {
  const stage = await new Stage().setUp();
  const { PhysicalResourceId, Data } = await stage.send(stage.start('Create'));
  stage.region.sagemaker.state.jobs.delete(PhysicalResourceId);
  const update = { PhysicalResourceId, OldResourceProperties: stage.jobProperties() };
  expect((await stage.send(stage.start('Update', stage.jobProperties({ Tags: [{ Key: 'a', Value: 'b' }] }), update))).Data).toEqual(Data);
  const link = { PhysicalResourceId: 'JobWait1', OldResourceProperties: { JobName: PhysicalResourceId } };
  expect((await stage.send(stage.wait('Update', { JobName: PhysicalResourceId }, link))).Data).toEqual(Data);
});

describe('the Delete of a link', () => {
  /** A URL that CloudFormation signed now. */
  const signedNow = ({ clock }: Stage) => ({
    ResponseURL: `${RESPONSE_URL}&X-Amz-Date=${new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '')}`,
  });
  const waiting = ({ region }: Stage) => [...region.stepFunctions.executions.values()].map(({ status }) => status);

  test('ends what waits for it, and nothing that began after it was sent: it is delivered once more then, and the link made again', async () => {
    const stage = await new Stage().setUp();
    const { Data } = await stage.send(stage.start('Create'));
    const properties = { JobName: Data!.JobName };
    await stage.deliver(stage.wait('Create', properties));
    await stage.pass(1);
    const deletion = stage.wait('Delete', properties, signedNow(stage));
    await stage.deliverToTheEnd(deletion);
    expect(waiting(stage)).toEqual(['ABORTED']);

    await stage.deliver(stage.wait('Create', properties));
    await stage.pass(1);
    await stage.deliverToTheEnd(deletion);
    expect(waiting(stage)).toEqual(['ABORTED', 'RUNNING']);
  });

  test('ends nothing where it does not say when it was sent', async () => {
    const stage = await new Stage().setUp();
    const { Data } = await stage.send(stage.start('Create'));
    await stage.deliver(stage.wait('Create', { JobName: Data!.JobName }));
    await stage.pass(1);
    expect(await stage.send(stage.wait('Delete', { JobName: Data!.JobName }))).toMatchObject({ Status: 'SUCCESS' });
    expect(waiting(stage)).toEqual(['RUNNING']);
  });
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
