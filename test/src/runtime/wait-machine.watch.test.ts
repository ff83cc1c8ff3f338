import { heldTag } from '../../../lambda/jobs/claims';
import { AwsError } from '../../../local-aws';
import { stackTag } from '../../../src/contract/claims';
import { JOB_UNREAD } from '../../../src/contract/events';
import { WATCH_SECONDS } from '../../../src/contract/waiting';
import { SCOPE } from '../../harness/place';
import { Stage, STACK_ID } from '../../harness/stage';

/** Longer than a watch sleeps, twice. */
const durationSeconds = 4 * 3600;

interface Stack {
  status: string;
  /** What the stack has for the start resource. */
  held?: { readonly id: string; readonly status?: string };
}

/** A job that was started for a stack in this state. */
async function watched(stack: Stack, trouble: (stage: Stage) => void = () => {}, properties: object = {}) {
  const stage = await new Stage(() => ({ durationSeconds, recommendations: [] })).setUp();
  const { operations } = stage.region.cloudformation;
  let looks = 0;
  Object.assign(operations, {
    DescribeStacks: ({ StackName }: any) => {
      looks++;
      expect(StackName).toBe(STACK_ID);
      return { Stacks: [{ StackName, StackStatus: stack.status }] };
    },
    DescribeStackResource: ({ LogicalResourceId }: any) => {
      if (!stack.held) { throw new AwsError('ValidationError', `Resource ${LogicalResourceId} does not exist for stack shop`); }
      return { StackResourceDetail: { LogicalResourceId, PhysicalResourceId: stack.held.id, ResourceStatus: stack.held.status ?? 'CREATE_COMPLETE' } };
    },
  });
  const { Data, PhysicalResourceId } = await stage.send(stage.start('Create', stage.jobProperties(properties)));
  trouble(stage);
  const name: string = Data!.JobName;
  return { stage, stack, name, id: PhysicalResourceId, looks: () => looks, status: () => stage.region.sagemaker.state.jobs.get(name)!.status };
}

const unread = ({ stage }: { stage: Stage }) => stage.events.filter(({ type }) => type === JOB_UNREAD).map(({ detail }) => detail);
/** Until the watch has slept once, with what follows. */
const slept = ({ stage }: { stage: Stage }) => stage.pass(WATCH_SECONDS / 60 + 5);

test.each<Stack>([
  { status: 'ROLLBACK_COMPLETE' },
  { status: 'UPDATE_FAILED', held: { id: 'another' } },
  { status: 'UPDATE_COMPLETE', held: { id: 'same', status: 'DELETE_COMPLETE' } },
])('a job that a stack at rest does not hold is stopped, and an event names it: %j', async (stack) => {
  const job = await watched(stack);
  if (stack.held?.id === 'same') { stack.held = { ...stack.held, id: job.id }; }
  await slept(job);
  expect(job.status()).toBe('STOPPED');
  expect(unread(job)).toEqual([{ StackId: STACK_ID, LogicalResourceId: 'Job', JobName: job.name, StackStatus: stack.status, Stopped: true }]);
  await slept(job);
  expect(job.stage.watches.map(({ status }) => status)).toEqual(['SUCCEEDED']);
});

test('a job that a stack at rest holds runs on, and an event names it', async () => {
  const job = await watched({ status: 'UPDATE_FAILED' });
  job.stack.held = { id: job.id };
  await slept(job);
  expect(job.status()).toBe('IN_PROGRESS');
  expect(unread(job)).toEqual([expect.objectContaining({ JobName: job.name, Stopped: false })]);
});

test('a job in the background that runs longer than the library lets it is stopped; its follower tells of it, and not the watch', async () => {
  const job = await watched({ status: 'UPDATE_COMPLETE' }, undefined, { MaxSeconds: '3600' });
  job.stack.held = { id: job.id };
  await slept(job);
  expect([job.status(), unread(job)]).toEqual(['STOPPED', []]);
});

test('a job in the background that may run longer runs on', async () => {
  const job = await watched({ status: 'UPDATE_COMPLETE' }, undefined, { MaxSeconds: '7200' });
  job.stack.held = { id: job.id };
  await slept(job);
  expect(job.status()).toBe('IN_PROGRESS');
  await slept(job);
  expect(job.status()).toBe('STOPPED');
});

test('nothing is stopped or told while the stack is in progress; no function runs until then', async () => {
  const job = await watched({ status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' });
  await slept(job);
  expect([job.looks(), job.status(), unread(job), job.stage.invocations.filter(({ name }) => name === 'wait-end')]).toEqual([1, 'IN_PROGRESS', [], []]);
  job.stack.status = 'ROLLBACK_COMPLETE';
  await slept(job);
  expect([job.looks(), job.status()]).toEqual([2, 'STOPPED']);
});

test('a job that is followed in the background is nobody\'s concern', async () => {
  const job = await watched({ status: 'CREATE_COMPLETE' });
  job.stack.held = { id: job.id };
  await job.stage.sagemaker('AddTags', {
    ResourceArn: job.stage.region.sagemaker.state.jobs.get(job.name)!.arn,
    Tags: [heldTag({ StackId: STACK_ID, LogicalResourceId: 'Job', ...SCOPE })],
  });
  await slept(job);
  expect([job.status(), unread(job)]).toEqual(['IN_PROGRESS', []]);
});

test('a job that another stack claims runs on for it', async () => {
  const job = await watched({ status: 'ROLLBACK_COMPLETE' });
  const other = { ...SCOPE, StackKey: 'ffffffff' };
  const { arn } = job.stage.region.sagemaker.state.jobs.get(job.name)!;
  const guid = '9a1b2c3d-1111-2222-3333-444455556666';
  await job.stage.sagemaker('AddTags', {
    ResourceArn: arn,
    Tags: [
      { Key: stackTag(other), Value: STACK_ID.replace(/[^/]+$/, guid) },
      { Key: 'cdk-sagemaker-inference-recommender:claim:ffffffff-00000000', Value: `2026-01-01T00:00:00.000Z request 2026-01-01T00:00:00.000Z ${guid}` },
    ],
  });
  await slept(job);
  expect([job.status(), unread(job)]).toEqual(['IN_PROGRESS', []]);
  expect((await job.stage.sagemaker('ListTags', { ResourceArn: arn })).Tags.map(({ Key }: any) => Key)).not.toContain(stackTag(SCOPE));
});

test('a job that could not be stopped is named', async () => {
  const job = await watched({ status: 'ROLLBACK_COMPLETE' }, (stage) => { stage.broken.set('wait-end', 'Runtime.ExitError'); });
  await slept(job);
  expect([job.status(), unread(job)]).toEqual(['IN_PROGRESS', [expect.objectContaining({ JobName: job.name, Stopped: false })]]);
});

test('a job that is over is not looked after any more, and a deletion ends what looks after a job', async () => {
  const over = await watched({ status: 'CREATE_COMPLETE' });
  await over.stage.sagemaker('StopInferenceRecommendationsJob', { JobName: over.name });
  await slept(over);
  expect([over.looks(), over.stage.watches.map(({ status }) => status)]).toEqual([0, ['SUCCEEDED']]);

  const deleted = await watched({ status: 'DELETE_IN_PROGRESS' });
  await deleted.stage.pass(1);
  await deleted.stage.send(deleted.stage.start('Delete', deleted.stage.jobProperties(), { PhysicalResourceId: deleted.id }));
  expect(deleted.stage.watches.map(({ status }) => status)).toEqual(['ABORTED']);
});

test('a stack that does not answer is asked again later', async () => {
  const job = await watched({ status: 'ROLLBACK_COMPLETE' });
  const { operations } = job.stage.region.cloudformation;
  const { DescribeStacks } = operations;
  Object.assign(operations, { DescribeStacks: () => { throw new AwsError('Throttling', 'Rate exceeded'); } });
  await slept(job);
  expect([job.status(), unread(job)]).toEqual(['IN_PROGRESS', []]);
  Object.assign(operations, { DescribeStacks });
  await slept(job);
  expect(job.status()).toBe('STOPPED');
});

test('what looks after a job waits for one that is not there yet, and ends where none comes', async () => {
  const job = await watched({ status: 'ROLLBACK_COMPLETE' }, (stage) => { stage.region.sagemaker.state.jobs.clear(); });
  await job.stage.pass(WATCH_SECONDS / 60 - 5);
  expect(job.stage.watches.map(({ status }) => status)).toEqual(['RUNNING']);
  await job.stage.pass(10);
  expect([job.stage.watches.map(({ status }) => status), job.looks()]).toEqual([['SUCCEEDED'], 0]);
});
