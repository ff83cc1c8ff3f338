import { failsAfter, lasts } from '../../harness/courses';
import { serviceError, Stage } from '../../harness/stage';

const THROTTLED = serviceError('ThrottlingException', 'Rate exceeded');
const MINUTE = 60_000;

/** Refuses an operation for so many minutes, from now on. */
function throttle(stage: Stage, operation: string, minutes: number): void {
  const until = stage.clock.now() + minutes * MINUTE;
  stage.clients.before = async (called) => {
    if (called === operation && stage.clock.now() < until) { throw THROTTLED; }
  };
}

const jobs = ({ region }: Stage) => [...region.sagemaker.state.jobs.keys()];

describe('a start whose calls are throttled', () => {
  test.each(['DescribeModelPackage', 'DescribeInferenceRecommendationsJob', 'CreateInferenceRecommendationsJob'])('outlasts %s for ten minutes, and starts one job', async (operation) => {
    const stage = await new Stage(lasts(45)).setUp();
    stage.stackStatus = 'CREATE_IN_PROGRESS';
    throttle(stage, operation, 10);
    const asked = stage.clock.now();
    expect(await stage.send(stage.start('Create'))).toMatchObject({ Status: 'SUCCESS' });
    expect(stage.clock.now() - asked).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(jobs(stage)).toHaveLength(1);
  });

  test.each([
    ['Create', 'ROLLBACK_IN_PROGRESS'], ['Create', 'DELETE_IN_PROGRESS'], ['Update', 'UPDATE_ROLLBACK_IN_PROGRESS'],
  ] as const)('starts nothing for a %s once the stack is %s: a Delete would not wait for it', async (type, later) => {
    const stage = await new Stage(lasts(45)).setUp();
    const first = type === 'Update' ? await stage.send(stage.start('Create')) : undefined;
    stage.stackStatus = `${type === 'Create' ? 'CREATE' : 'UPDATE'}_IN_PROGRESS`;
    throttle(stage, 'CreateInferenceRecommendationsJob', 5);
    stage.clock.at(stage.clock.now() + 3 * MINUTE, () => { stage.stackStatus = later; });
    const before = jobs(stage);
    const { Status, Reason } = await stage.send(stage.start(type, stage.jobProperties({ Trigger: 'v2' }), first && { PhysicalResourceId: first.PhysicalResourceId }));
    const reasons = {
      Create: `The stack is ${later}: CloudFormation no longer waits for this Create, so it makes nothing.`,
      Update: `SageMaker refused calls for minutes, and the stack is ${later} by now: no job was started.`,
    };
    expect({ Status, Reason }).toEqual({ Status: 'FAILED', Reason: reasons[type] });
    expect(jobs(stage)).toEqual(before);
  });

  test('starts in a rollback, too, if its request came with that', async () => {
    const stage = await new Stage(lasts(45)).setUp();
    const first = await stage.send(stage.start('Create'));
    stage.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    throttle(stage, 'CreateInferenceRecommendationsJob', 5);
    const event = stage.start('Update', stage.jobProperties({ Trigger: 'v2' }), { PhysicalResourceId: first.PhysicalResourceId });
    expect(await stage.send(event)).toMatchObject({ Status: 'SUCCESS' });
    expect(jobs(stage)).toHaveLength(2);
  });

  test('does not go beyond its retry budget if it may not know the stack', async () => {
    const stage = await new Stage(lasts(45)).setUp();
    stage.clients.before = async (called) => {
      if (called === 'DescribeStacks') { throw serviceError('AccessDenied', 'not authorized to perform: cloudformation:DescribeStacks'); }
      if (called === 'CreateInferenceRecommendationsJob') { throw THROTTLED; }
    };
    const asked = stage.clock.now();
    expect(await stage.send(stage.start('Create'))).toMatchObject({ Status: 'FAILED', Reason: 'ThrottlingException: Rate exceeded' });
    expect(stage.clock.now() - asked).toBeLessThanOrEqual(3 * MINUTE);
    expect(jobs(stage)).toEqual([]);
  });
});

describe('a Create that comes while its stack goes back or ends', () => {
  test.each(['ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS', 'DELETE_COMPLETE'])('starts nothing: %s', async (status) => {
    const stage = await new Stage(lasts(45)).setUp();
    stage.stackStatus = status;
    expect(await stage.send(stage.start('Create'))).toMatchObject({
      Status: 'FAILED', PhysicalResourceId: 'Job', Reason: `The stack is ${status}: CloudFormation no longer waits for this Create, so it makes nothing.`,
    });
    expect(jobs(stage)).toEqual([]);
  });

  test('finds the job that it has started before', async () => {
    const stage = await new Stage(lasts(45)).setUp();
    const create = stage.start('Create');
    const first = await stage.send(create);
    stage.stackStatus = 'ROLLBACK_IN_PROGRESS';
    await stage.deliverToTheEnd(create);
    expect(jobs(stage)).toEqual([first.Data!.JobName]);
  });

  test('starts no further attempt for a stage, either', async () => {
    const stage = await new Stage(failsAfter(1)).setUp();
    const first = await stage.send(stage.start('Create'));
    const names = { JobName: first.Data!.JobName, AskedAt: first.Data!.AskedAt };
    expect(await stage.send(stage.wait('Create', names))).toMatchObject({ Status: 'FAILED' });
    stage.stackStatus = 'ROLLBACK_IN_PROGRESS';
    expect(await stage.send(stage.wait('Create', names))).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^The stack is ROLLBACK_IN_PROGRESS: /) });
    expect(jobs(stage)).toHaveLength(1);
  });
});
