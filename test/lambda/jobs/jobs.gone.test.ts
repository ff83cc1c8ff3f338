import { Claimant, claimTags } from '../../../lambda/jobs/claims';
import { leaveEnded } from '../../../lambda/jobs/ended';
import type { Job, JobFamily, JobReader } from '../../../lambda/jobs/family';
import { ensureJob, releaseJobs } from '../../../lambda/jobs/jobs';
import { endOfWait } from '../../../lambda/wait-end/end';
import { endOfWatch } from '../../../lambda/wait-end/watch';
import type { WaitEnd, Watched } from '../../../src/contract/wait-end';
import type { JobPhase } from '../../../src/service/job-status';
import { serviceError, TableOfAnswers } from '../../harness/ai-service';

const ID = '0a1b2c3d-0123456789abcdef01234567';
const claimant = (stack: string): Claimant => ({
  StackId: `arn:aws:cloudformation:us-east-1:111111111111:stack/${stack}/${stack}-guid`, LogicalResourceId: 'Job', StackKey: stack, Namespace: '0a1b2c3d',
});
const [OURS, OTHERS] = [claimant('aaaaaaaa'), claimant('bbbbbbbb')];
const HOUR_MS = 3_600_000;
const asked = { at: '2026-01-01T00:00:00.000Z', id: 'request-1' };

/** What the service says of a job that is gone. Where a tag is the permission, IAM speaks first. */
const REFUSALS: ReadonlyArray<[string, () => Error]> = [
  ['unknown', () => serviceError('ValidationException', 'Could not find resource "arn".')],
  ['denied', () => serviceError('AccessDeniedException')],
];

/** A service that has a job of two stacks. Before a call of ours, the other stack deletes it. */
function service(phase: JobPhase, refusal: () => Error, deletedBefore: number) {
  let calls = 0;
  const job: Job = { name: ID, arn: 'arn/1', status: phase, phase, created: new Date(0) };
  const jobs = new Map<string, Job>([[ID, job]]);
  const table = new TableOfAnswers();
  for (const by of [OURS, OTHERS]) { claimTags(by, asked).forEach(({ Key, Value }) => table.tagsOf(job.arn).set(Key, Value)); }
  const call = () => {
    calls += 1;
    if (calls === deletedBefore) { jobs.delete(ID); table.tags.delete(job.arn); }
  };
  const sagemaker = {
    send: async (command: any) => {
      call();
      if (![...jobs.values()].some(({ arn }) => arn === command.input.ResourceArn)) { throw refusal(); }
      return table.client.send(command);
    },
  };
  const family = {
    describe: async (_sagemaker: unknown, name: string) => { call(); return jobs.get(name); },
    list: async () => { call(); return [...jobs.values()]; },
    stop: async (_sagemaker: unknown, name: string) => {
      call();
      if (!jobs.has(name)) { throw serviceError('ResourceNotFound'); }
    },
    create: async (_sagemaker: unknown, name: string) => {
      const isFound = jobs.has(name);
      const started: Job = jobs.get(name) ?? { name, arn: 'arn/2', status: 'InProgress', phase: 'running' };
      jobs.set(name, started);
      return { ...started, isFound };
    },
    delete: async () => {},
  } as unknown as JobFamily;
  const deps = {
    sagemaker, log: () => {}, clock: { now: () => HOUR_MS, sleep: async () => {} }, stacks: { send: async () => ({ tags: [] }) },
  } as any;
  const unclaim = (by: Claimant) => claimTags(by, asked).forEach(({ Key }) => table.tagsOf(job.arn).delete(Key));
  return { family, deps, jobs, unclaim, wasDeleted: () => calls >= deletedBefore };
}

type Service = ReturnType<typeof service>;

/** Deletes the job before each call in turn, until the work makes fewer calls than that. */
async function beforeEachCall(phase: JobPhase, refusal: () => Error, work: (service: Service) => Promise<void>): Promise<number> {
  for (let call = 1; ; call++) {
    const world = service(phase, refusal, call);
    await work(world);
    if (!world.wasDeleted()) { return call - 1; }
  }
}

describe.each(REFUSALS)('a job that another stack deletes at any moment, and then is %s', (_name, refusal) => {
  test.each(['running', 'completed'] as const)('is started anew by who claims it: it was %s', async (phase) => {
    const calls = await beforeEachCall(phase, refusal, async (world) => {
      const { family, deps, jobs, unclaim } = world;
      unclaim(OURS);
      const found = await ensureJob(family, {
        id: ID, claimant: OURS, asked, request: {}, tags: [], mayStart: (failed) => failed === undefined, check: async () => ({ tags: [], log: {} }),
      }, deps);
      // Only between the last look and the answer nobody can know it.
      if (world.wasDeleted() && jobs.size > 0) { expect([found?.name, found?.arn]).toEqual([ID, 'arn/2']); }
    });
    expect(calls).toBeGreaterThan(4);
  });

  test('is released without a failure', async () => {
    expect(await beforeEachCall('running', refusal, async ({ family, deps }) => {
      await releaseJobs(family, OURS, deps, { names: [ID] });
    })).toBeGreaterThan(3);
  });

  test.each([['is too long', { maxSeconds: 60, held: { Id: ID, Status: 'CREATE_COMPLETE' } }], ['is not held', { held: { Id: 'other', Status: 'CREATE_COMPLETE' } }]])(
    'is looked after without a failure, and nobody is told of it: it %s', async (_why, more) => {
      expect(await beforeEachCall('running', refusal, async ({ family, deps }) => {
        expect(await endOfWatch(family, { jobName: ID, claimant: OURS, ...more } as Watched, deps)).toEqual({ Unread: false, Stopped: false });
      })).toBeGreaterThan(3);
    });

  test('is said to be gone where a stage waited for it too long', async () => {
    const end = { jobName: ID, claimant: OURS, maxSeconds: 60, stage: '1', deadline: new Date(HOUR_MS).toISOString(), address: { PhysicalResourceId: 'id' } };
    expect(await beforeEachCall('running', refusal, async ({ family, deps }) => {
      const outcome = await endOfWait(family as unknown as JobReader & JobFamily, end as unknown as WaitEnd, deps);
      expect(outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/ is gone: |It runs on, because others need it/) });
    })).toBeGreaterThan(3);
  });

  test.each(['completed', 'failed'] as const)('is left without a failure: it was %s', async (phase) => {
    expect(await beforeEachCall(phase, refusal, async ({ family, deps }) => {
      await leaveEnded(family, OURS, ID, deps, { spares: () => false, isKept: false });
    })).toBeGreaterThan(3);
  });
});

test('a refusal of a job that is still there is told', async () => {
  const { family, deps } = service('completed', () => new Error(), Infinity);
  deps.sagemaker = { send: async () => { throw serviceError('AccessDeniedException'); } };
  await expect(leaveEnded(family, OURS, ID, deps, { spares: () => false, isKept: false })).rejects.toThrow('AccessDenied');
});
