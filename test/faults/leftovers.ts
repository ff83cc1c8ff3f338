import type { AppName } from './apps';
import type { Foreign } from './foreign';
import type { HostileAws } from './hostile-aws';
import type { StackLife } from './stack-life';
import { Region } from '../../local-aws';
import { stackPrefix } from '../../src/contract/job-name';
import { SERVICE_TIMEOUT_SECONDS, WATCH_SECONDS } from '../../src/contract/waiting';

/** The calls of a look, with all their retries and what an outage adds. */
const LOOK_SECONDS = 30 * 60;

/** Jobs that run longer than they may: what looks after them looks again after a while. */
export function overdue(
  aws: HostileAws, lives: readonly StackLife[], foreign: Foreign, createdOf: (region: Region, name: string) => Date,
  maxSeconds: (app: AppName) => number,
): string[] {
  const { region, ledger, world: { clock } } = aws;
  return aws.jobs().filter(({ name, phase }) => phase === 'running' && !foreign.has(name)).flatMap(({ name }) => {
    const start = ledger.starts.find(({ jobName }) => jobName === name);
    const life = lives.find((one) => start?.stackId.includes(`/${one.name}/`));
    const seconds = (clock.now() - createdOf(region, name).getTime()) / 1000;
    // Inherent: what looks after the job looks only while its stack is at rest, and CloudFormation waits for a request that nobody answers.
    const isHeld = [...ledger.requests.values()].filter(({ muted, answers }) => muted || answers.length === 0).some(({ event, asked }) => (
      event.StackId === start?.stackId && (clock.now() - asked) / 1000 < SERVICE_TIMEOUT_SECONDS + WATCH_SECONDS + LOOK_SECONDS));
    return life && !isHeld && seconds > maxSeconds(life.appName) + WATCH_SECONDS + LOOK_SECONDS ? [`${name} of ${life.name} runs for ${Math.round(seconds / 60)} minutes`] : [];
  });
}

/** What is there of a stack that was deleted. A deletion that had to skip something leaves it. */
export function left({ region: { cloudformation, sagemaker: { state } } }: HostileAws, lives: readonly StackLife[]): string[] {
  return lives.filter(({ status, skipped }) => status === 'DELETE_COMPLETE' && !skipped).flatMap(({ name }) => {
    const stacks = [...cloudformation.stacks.values()].filter((stack) => stack.name === name);
    // Inherent: what a clean-up could not delete is nobody's.
    if (stacks.some(({ events }) => events.some(({ status }) => status === 'DELETE_FAILED'))) { return []; }
    const prefixes = [`${name}-`, name.toLowerCase(), ...stacks.map(({ id }) => stackPrefix(id))];
    const there = { workload: state.workloadConfigs, endpoint: state.endpoints, configuration: state.endpointConfigs, component: state.components };
    return Object.entries(there).flatMap(([what, named]) => [...named.keys()].filter((one) => prefixes.some((prefix) => one.startsWith(prefix)))
      .map((one) => `the ${what} ${one} of ${name} is left behind`));
  });
}
