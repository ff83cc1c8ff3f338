import { INFERENCE_RECOMMENDER } from '../../../src/jobs/family';
import { followMachineDefinition } from '../../../src/runtime/follow-machine';
import { arn } from '../../harness/constructs';

describe('the machine that follows', () => {
  const { States: states, StartAt } = followMachineDefinition('aws', arn('lambda', 'function:recommend'), INFERENCE_RECOMMENDER) as any;
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
