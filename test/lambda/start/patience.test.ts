import { lasts } from '../../harness/courses';
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
  test.each(['DescribeModelPackage', 'ListInferenceRecommendationsJobs', 'CreateInferenceRecommendationsJob'])('outlasts %s for ten minutes, and starts one job', async (operation) => {
    const stage = await new Stage(lasts(45)).setUp();
    stage.stackStatus = 'CREATE_IN_PROGRESS';
    throttle(stage, operation, 10);
    const asked = stage.clock.now();
    expect(await stage.send(stage.start('Create'))).toMatchObject({ Status: 'SUCCESS' });
    expect(stage.clock.now() - asked).toBeGreaterThanOrEqual(operation === 'ListInferenceRecommendationsJobs' ? 0 : 10 * MINUTE);
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
    expect({ Status, Reason }).toEqual({ Status: 'FAILED', Reason: `SageMaker refused calls for minutes, and the stack is ${later} by now: no job was started.` });
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
