import { checkRule, holds } from '../../../local-aws/step-functions/choice';
import { NOT_POLLED } from '../../../src/contract/wait-end';
import { INFERENCE_RECOMMENDER } from '../../../src/jobs/family';
import { AI_BENCHMARKER, AI_RECOMMENDER } from '../../../src/jobs/generative/family';
import { followMachineDefinition } from '../../../src/runtime/follow-machine';
import type { JobFamily } from '../../../src/runtime/job-family';
import { waitMachineDefinition } from '../../../src/runtime/wait-machine';

const FAMILIES: readonly JobFamily[] = [INFERENCE_RECOMMENDER, AI_RECOMMENDER, AI_BENCHMARKER];
const DEADLINE = '2026-01-01T01:00:00Z';

/** The state that follows a choice. */
function after(machine: any, state: string, input: object, time: string): string {
  const { Choices, Default } = machine.States[state];
  Choices.forEach((rule: any) => checkRule(rule));
  return Choices.find((rule: any) => holds(rule, { input, context: { State: { EnteredTime: time } } } as any))?.Next ?? Default;
}

describe.each(FAMILIES)('$name', (family) => {
  const machines = {
    wait: waitMachineDefinition('aws', 'arn:end', family),
    follow: followMachineDefinition('aws', 'arn:recommend', family),
  };

  test.each(Object.entries(machines))('a job whose first polls fail is not over for the %s machine, and a terminal status ends it', (_name, machine) => {
    const decided = (Status: string) => after(machine, 'IsOver', { job: { Status }, deadline: DEADLINE }, '2026-01-01T00:00:00Z');
    const [, terminal] = [family.outcomes.completed, family.outcomes.failed].map(([status]) => decided(status));
    expect([decided(NOT_POLLED), ...family.poll.nonTerminalStatuses.map(decided)]).toEqual(['Wait', ...family.poll.nonTerminalStatuses.map(() => 'Wait')]);
    expect(decided(family.outcomes.completed[0])).toBe(terminal);
    expect(terminal).not.toBe('Wait');
  });

  test('the machines wait for no status that is a family\'s own before the first poll', () => {
    expect([...family.poll.nonTerminalStatuses, ...family.outcomes.completed, ...family.outcomes.failed]).not.toContain(NOT_POLLED);
    expect(after(machines.follow, 'IsNews', { job: { Status: NOT_POLLED }, lastStatus: NOT_POLLED }, DEADLINE)).toBe('IsOver');
  });
});
