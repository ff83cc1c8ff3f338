import { ComparedJob } from './jobs';
import { Side } from './side';
import { jobResourceOf } from '../../../src/contract/start';
import { deployedEndpoints, nextBehind } from '../account/endpoints';
import { nameOf } from '../subject/choice';

/** An endpoint of a stack, and the job behind it. */
export interface StackEndpoint {
  readonly name: string;
  readonly job: ComparedJob;
}

/**
 * The endpoints of a stack that run what one of its jobs recommends or has benchmarked, or the endpoint of one job.
 *
 * @throws Error with one sentence if there is none
 */
export function endpointsOf({ subject, jobs }: Pick<Side, 'subject' | 'jobs'>, word: string): StackEndpoint[] {
  const stack = subject?.stack;
  const own = jobs.flatMap((job) => (job.endpointName === undefined ? [] : [{ name: job.endpointName, job }]));
  if (!stack && own.length > 0) { return own; }
  if (!stack) { throw new Error(`${word} is a job: say what it is compared with, another job, a stack, a file, or --endpoint NAME`); }
  const endpoints = deployedEndpoints(stack.resources);
  if (endpoints.length === 0) { throw new Error(`The stack ${word} has no endpoint: name one with --endpoint`); }
  const found = endpoints.flatMap(({ name, resource }) => {
    const constructs = nextBehind(resource, stack.resources, ({ type }) => jobResourceOf(type)?.role === '').map(nameOf);
    const mine = jobs.filter(({ construct }) => construct !== undefined && constructs.includes(construct));
    // Of one job and one endpoint, nothing else can be meant.
    const [job] = mine.length > 0 ? mine : endpoints.length === 1 && jobs.length === 1 ? jobs : [];
    const benchmarks = own.filter((one) => one.name.toLowerCase() === name.toLowerCase() && one.job !== job);
    return [...job ? [{ name, job }] : [], ...benchmarks];
  });
  if (found.length === 0) { throw new Error(`None of the endpoints of ${word} runs what one of its jobs recommends or has benchmarked: name one with --endpoint, and the job instead of the stack`); }
  return found;
}
