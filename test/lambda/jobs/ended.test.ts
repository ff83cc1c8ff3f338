import { Claimant, claimTags, deletingTag, givenUpTag, isDeletedByOther } from '../../../lambda/jobs/claims';
import { deleteLeft, leaveEnded } from '../../../lambda/jobs/ended';
import type { Job, JobFamily } from '../../../lambda/jobs/family';
import { attemptName } from '../../../src/contract/job-name';
import type { JobPhase } from '../../../src/service/job-status';
import { TableOfAnswers } from '../../harness/ai-service';

const ID = '0a1b2c3d-0123456789abcdef01234567';
const claimant = (stack: string): Claimant => ({
  StackId: `arn:aws:cloudformation:us-east-1:111111111111:stack/${stack}/${stack}-guid`, LogicalResourceId: 'Job', StackKey: stack, Namespace: '0a1b2c3d',
});
const [OURS, OTHERS] = [claimant('aaaaaaaa'), claimant('bbbbbbbb')];
const ASKED = { at: '20260101T000000Z', id: 'request-1' };

/** A family whose jobs can be deleted, or one that keeps its records, with attempts in these phases. */
function service(phases: readonly JobPhase[], deletes = true) {
  const sagemaker = new TableOfAnswers();
  const jobs = new Map(phases.map((phase, at): [string, Job] => {
    const name = attemptName(ID, at + 1);
    return [name, { name, arn: `arn/${name}`, status: phase, phase }];
  }));
  const family = {
    describe: async (_sagemaker: unknown, name: string) => jobs.get(name),
    list: async () => [...jobs.values(), { name: `${ID}0`, arn: '', status: '', phase: 'completed' as const }],
    ...deletes && { delete: async (_sagemaker: unknown, name: string) => { jobs.delete(name); } },
  } as unknown as JobFamily;
  const claim = (by: Claimant, ...attempts: number[]) => {
    for (const at of attempts) { claimTags(by, ASKED).forEach(({ Key, Value }) => sagemaker.tagsOf(`arn/${attemptName(ID, at)}`).set(Key, Value)); }
  };
  const leave = (by = OURS, { isKept = false, spared = false } = {}) => (
    leaveEnded(family, by, ID, { sagemaker: sagemaker.client } as any, { spares: () => spared, isKept }));
  const remove = (names: readonly string[], by = OURS) => deleteLeft(family, by, names, { sagemaker: sagemaker.client } as any);
  const tags = (at: number) => Object.fromEntries(sagemaker.tagsOf(`arn/${attemptName(ID, at)}`));
  return { sagemaker, jobs, claim, leave, remove, tags, keys: (at: number) => [...sagemaker.tagsOf(`arn/${attemptName(ID, at)}`).keys()] };
}

test('all attempts that only this construct claims are to be deleted', async () => {
  const { claim, leave } = service(['failed', 'completed']);
  claim(OURS, 1, 2);
  expect(await leave()).toEqual([ID, `${ID}-a2`]);
});

test('what runs is no job that has ended', async () => {
  const { claim, leave } = service(['running']);
  claim(OURS, 1);
  expect(await leave()).toEqual([]);
});

test('a job that others claim is left to them, and the last of them deletes it', async () => {
  const { claim, leave, keys } = service(['failed', 'completed']);
  [OURS, OTHERS].forEach((by) => claim(by, 1, 2));
  expect(await leave()).toEqual([]);
  expect(keys(2).filter((key) => key.includes(':stack:'))).toEqual([expect.stringContaining(OTHERS.StackKey)]);
  expect(await leave(OTHERS)).toEqual([ID, `${ID}-a2`]);
});

test('two that leave at once do not leave the job to each other', async () => {
  const { claim, leave } = service(['completed']);
  [OURS, OTHERS].forEach((by) => claim(by, 1));
  const names = await Promise.all([leave(), leave(OTHERS)]);
  expect(names.flat()).toContain(ID);
});

test('while a deploy goes back, a completed job is kept for the next one, and its claim is given up', async () => {
  const { claim, leave, keys } = service(['failed', 'completed']);
  claim(OURS, 1, 2);
  expect(await leave(OURS, { isKept: true })).toEqual([ID]);
  expect(keys(2).filter((key) => key.includes(':stack:'))).toEqual([]);
});

test('an end that was cut short goes on: what was given up and not deleted is deleted', async () => {
  const { sagemaker, claim, leave } = service(['completed']);
  claim(OURS, 1);
  const { Key, Value } = givenUpTag(OURS);
  sagemaker.tagsOf(`arn/${ID}`).set(Key, Value);
  expect(await leave()).toEqual([ID]);
});

test('what a later request claimed, or the construct never claimed, is not touched', async () => {
  const { sagemaker, claim, leave } = service(['completed']);
  expect(await leave()).toEqual([]);
  claim(OURS, 1);
  expect(await leave(OURS, { spared: true })).toEqual([]);
  expect(sagemaker.asked('AddTags').concat(sagemaker.asked('DeleteTags'))).toEqual([]);
});

test('a family that keeps its records loses the claim of a completed job, and nothing is deleted', async () => {
  const { claim, leave, keys } = service(['failed', 'completed'], false);
  claim(OURS, 1, 2);
  expect(await leave()).toEqual([]);
  expect([1, 2].map((at) => keys(at).some((key) => key.includes(':stack:')))).toEqual([true, false]);
});

describe('between the decision to delete a completed job and its end', () => {
  test('whoever claims it is told to wait', async () => {
    const { claim, leave, tags, remove, jobs } = service(['failed', 'completed']);
    claim(OURS, 1, 2);
    const names = await leave();
    expect([1, 2].map((at) => isDeletedByOther(tags(at), OTHERS))).toEqual([false, true]);
    expect(isDeletedByOther(tags(2), OURS)).toBe(false);
    await remove(names);
    expect([...jobs.keys()]).toEqual([]);
  });

  test('a claim keeps it, and the construct that leaves takes everything of its own away', async () => {
    const { claim, leave, tags, keys, remove, jobs } = service(['failed', 'completed']);
    claim(OURS, 1, 2);
    const names = await leave();
    claim(OTHERS, 2);
    await remove(names);
    expect([...jobs.keys()]).toEqual([`${ID}-a2`]);
    expect(isDeletedByOther(tags(2), OTHERS)).toBe(false);
    expect(keys(2).filter((key) => key.includes(':stack:'))).toEqual([expect.stringContaining(OTHERS.StackKey)]);
    await remove(await leave(OTHERS), OTHERS);
    expect([...jobs.keys()]).toEqual([]);
  });

  test('the mark of another that leaves stays where it is', async () => {
    const { sagemaker, claim, leave, tags, remove, jobs } = service(['completed']);
    claim(OURS, 1);
    const names = await leave();
    claim(OTHERS, 1);
    const { Key, Value } = deletingTag(OTHERS);
    sagemaker.tagsOf(`arn/${ID}`).set(Key, Value);
    await remove(names);
    expect([...jobs.keys()]).toEqual([ID]);
    expect(isDeletedByOther(tags(1), OURS)).toBe(true);
  });
});
