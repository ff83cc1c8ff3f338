import { APPROVAL_SECONDS, LONGEST_PAUSE_SECONDS, OUTAGE_SECONDS } from '../../../src/contract/waiting';
import { INFERENCE_RECOMMENDER } from '../../../src/jobs/family';
import { AI_RECOMMENDER } from '../../../src/jobs/generative/family';
import { followMachineDefinition } from '../../../src/runtime/follow-machine';
import type { JobFamily } from '../../../src/runtime/job-family';
import { arn } from '../../harness/constructs';

const definitionWith = (approve?: string, family: JobFamily = INFERENCE_RECOMMENDER) => (
  followMachineDefinition('aws', arn('lambda', 'function:recommend'), family, approve) as any);

describe.each<[string, string | undefined, JobFamily]>([
  ['', undefined, INFERENCE_RECOMMENDER],
  [' and takes approvals', arn('lambda', 'function:approve'), INFERENCE_RECOMMENDER],
  [' and waits for approvals', undefined, AI_RECOMMENDER],
  [' and does both', arn('lambda', 'function:approve'), AI_RECOMMENDER],
])('the machine that follows%s', (_what, approve, family) => {
  const { States: states, StartAt } = definitionWith(approve, family);
  const nextOf = (name: string): string[] => [
    states[name].Next, states[name].Default, ...[...states[name].Choices ?? [], ...states[name].Catch ?? []].map(({ Next }) => Next),
  ].filter((next) => next !== undefined);

  test('has no state that nothing leads to, and leads to none that is not there', () => {
    const reached = new Set<string>([StartAt]);
    for (const name of reached) { nextOf(name).forEach((next) => reached.add(next)); }
    expect([...reached].sort()).toEqual(Object.keys(states).sort());
  });

  test('ends on every path', () => {
    const ends = new Set(Object.keys(states).filter((name) => ['Succeed', 'Fail'].includes(states[name].Type)));
    for (let size = -1; size !== ends.size;) {
      size = ends.size;
      Object.keys(states).filter((name) => nextOf(name).some((next) => ends.has(next))).forEach((name) => ends.add(name));
    }
    expect([...ends].sort()).toEqual(Object.keys(states).sort());
    const stuck = Object.keys(states).filter((name) => nextOf(name).length === 0 && !states[name].End && !['Succeed', 'Fail'].includes(states[name].Type));
    expect(stuck).toEqual([]);
  });

  test('every task has a timeout and is tried again', () => {
    const tasks = Object.values<any>(states).filter(({ Type }) => Type === 'Task');
    expect(tasks.map(({ TimeoutSeconds, Retry }) => TimeoutSeconds > 0 && Retry.length > 0)).toEqual(tasks.map(() => true));
  });

  test('compares before it writes, and tells after: replicas first, and others in any case', () => {
    expect(['Compare', 'Publish'].map((name) => [nextOf(name), states[name].Parameters.comparesOnly, states[name].ResultPath])).toEqual([
      [['Publish'], true, '$.published'], [['IsWritten'], undefined, '$.written'],
    ]);
    expect([nextOf('IsWritten').sort(), nextOf('TellReplicas')]).toEqual([['HasChanged', 'TellReplicas'], ['HasChanged', 'HasChanged']]);
  });
});

test('an approval is tried again for 14 days, and what is told of it as long', () => {
  const { States: { Approve, GiveUp, Tell } } = definitionWith(arn('lambda', 'function:approve'));
  for (const { Retry } of [Approve, GiveUp, Tell]) {
    expect(Retry).toHaveLength(1);
    const [{ ErrorEquals, IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts, JitterStrategy }] = Retry;
    const pauses = [...Array(MaxAttempts).keys()].map((tried) => Math.min(IntervalSeconds * BackoffRate ** tried, MaxDelaySeconds));
    const seconds = pauses.reduce((sum, pause) => sum + pause);
    expect([ErrorEquals, MaxDelaySeconds, JitterStrategy]).toEqual([['States.ALL'], LONGEST_PAUSE_SECONDS, undefined]);
    expect(seconds).toBeGreaterThanOrEqual(OUTAGE_SECONDS);
    expect(seconds).toBeLessThan(OUTAGE_SECONDS + 3600);
    // Scheduled, started, failed: the history takes 25,000 events.
    expect(3 * MaxAttempts).toBeLessThan(25_000 / 2);
  }
});

test('without approvals the machine knows nothing of them', () => {
  expect(JSON.stringify(definitionWith())).not.toMatch(/Approve|GiveUp|Tell"/);
});

test('looks for the approval of a result for 14 days, with room in the execution\'s history', () => {
  const { States: states } = definitionWith(undefined, AI_RECOMMENDER);
  const looks = APPROVAL_SECONDS / states.AwaitApproval.Seconds;
  // A comparison and a writing have 5 events each, and the 5 states between them 2.
  expect([states.AwaitApproval.Next, looks * 20 < 25_000]).toEqual(['Compare', true]);
});
