import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { constructPrefix, parseAttempt } from '../../src/contract/job-name';
import { NOT_POLLED, WaitInput, WatchInput } from '../../src/contract/wait-end';
import { LAST_TRY_SECONDS, WATCH_SECONDS } from '../../src/contract/waiting';
import type { Claimant } from '../jobs/claims';
import type { JobDeps, JobFamily } from '../jobs/family';
import { beginExecution } from '../jobs/following';
import type { Starting } from '../jobs/jobs';
import type { AccountApi } from '../runtime/account';
import { askedBy } from '../runtime/asked';
import { addressOf } from '../runtime/custom-resource';
import { DescribeExecution, runningExecutions, StepFunctionsApi, stopEarlier } from '../runtime/executions';
import type { ObjectsApi } from '../runtime/objects';
import type { StacksApi } from '../runtime/stacks';

/** Dependencies of this function, besides those of every handler. */
export interface StartDeps extends JobDeps<JobFamily> {
  readonly stepFunctions: StepFunctionsApi;
  /** The state machine that waits for a family's jobs. */
  readonly waitMachineArn: (family: string) => string;
  readonly objects: ObjectsApi;
  readonly stacks: StacksApi;
  readonly account: AccountApi;
  /** From 0 to 1. It spreads the tries of many callers. */
  readonly random: () => number;
  /** Starts a job with a client that waits no longer than a Delete does. @default - with the client of all calls */
  readonly starting?: Starting;
}

export { runningExecutions };

/** Any event but Delete. */
export type Change = Exclude<CloudFormationCustomResourceEvent, { RequestType: 'Delete' }>;

/** The name is computed from the resource and the request, so a repeated delivery finds the first execution. */
export async function startExecution(
  { name: family }: JobFamily, event: CloudFormationCustomResourceEvent, { stepFunctions, waitMachineArn }: StartDeps, until: number,
  input: Omit<WaitInput, 'family' | 'address' | 'jobName' | 'job' | 'deadline' | 'lastTry'> & { readonly requested: number },
): Promise<void> {
  const { requested, ...given } = input;
  const whole: WaitInput = {
    ...given,
    family,
    deadline: new Date(until).toISOString(),
    lastTry: new Date(requested + LAST_TRY_SECONDS * 1000).toISOString(),
    address: addressOf(event),
    jobName: input.jobNames[0],
    job: { Status: NOT_POLLED },
  };
  await beginExecution(stepFunctions, waitMachineArn(family), prefixOf(event) + event.RequestId, whole);
}

/** Begins to look after a job, before the job starts: whatever happens then, somebody asks whether its stack holds it. */
export async function watchJob(
  { name: family }: JobFamily, claimant: Claimant, jobName: string, deps: StartDeps, maxSeconds?: number,
): Promise<void> {
  const input: WatchInput = {
    family,
    purpose: 'watch',
    jobName,
    claimant,
    pollSeconds: WATCH_SECONDS,
    maxSeconds,
    deadline: new Date(deps.clock.now() + WATCH_SECONDS * 1000).toISOString(),
    job: { Status: NOT_POLLED },
    held: { Id: '', Status: '' },
  };
  const begin = (name: string) => beginExecution(deps.stepFunctions, deps.waitMachineArn(family), watchPrefix(claimant) + name, input);
  if (await begin(jobName) || (await watchedJobs({ name: family }, claimant, deps)).includes(jobName)) { return; }
  // A job of this name was deleted: the name of what looked after it stays taken for 90 days.
  await begin(`${jobName}_${deps.clock.now().toString(36)}`);
}

/** The names of the jobs that are looked after for a construct: all that it may have claimed and that may still run. */
export async function watchedJobs({ name: family }: Pick<JobFamily, 'name'>, claimant: Pick<Claimant, 'StackId' | 'LogicalResourceId'>, deps: StartDeps): Promise<string[]> {
  const prefix = watchPrefix(claimant);
  return (await runningExecutions(deps.stepFunctions, deps.waitMachineArn(family), prefix)).map(({ name }) => jobWatchedBy(name, prefix));
}

/** Names of jobs have no underscores. */
function jobWatchedBy(execution: string, prefix: string): string {
  return execution.slice(prefix.length).split('_')[0];
}

/** Every job of the stack that is looked after, and for which construct. */
export async function allWatched({ name: family }: JobFamily, { stepFunctions, waitMachineArn }: StartDeps): Promise<WatchInput[]> {
  const watches: WatchInput[] = [];
  for (const { name, executionArn } of await runningExecutions(stepFunctions, waitMachineArn(family), '')) {
    if (name.includes('-watch-')) { watches.push(JSON.parse((await stepFunctions.send(new DescribeExecution({ executionArn }))).input)); }
  }
  return watches;
}

/** The names of the executions that look after a construct's jobs. */
export function watchPrefix({ StackId, LogicalResourceId }: Pick<Claimant, 'StackId' | 'LogicalResourceId'>): string {
  return `${constructPrefix(StackId, LogicalResourceId)}watch-`;
}

/**
 * Ends the executions that still wait for a deleted stage, or look after a deleted construct's jobs. An execution that began after the event was sent
 * stays: the event is a repeated delivery then, and the stage has been created again. An error here is ignored, because the execution also ends with
 * its job.
 */
export async function stopWaiting(
  { name: family }: JobFamily, event: CloudFormationCustomResourceEvent, deps: StartDeps, prefix = prefixOf(event),
  keeps: (name: string) => boolean = () => false,
): Promise<void> {
  await stopEarlier({
    stateMachineArn: deps.waitMachineArn(family), prefix, keeps, sent: Date.parse(askedBy(event).at), cause: 'The resource that waits is being deleted.',
  }, deps);
}

/** Ends what looks after a construct's jobs, but for those with an id of `spared`: they run on, and nobody else would find them. */
export function stopWatching(
  family: JobFamily, event: CloudFormationCustomResourceEvent, deps: StartDeps, spared: ReadonlySet<string>,
): Promise<void> {
  const prefix = watchPrefix(event);
  return stopWaiting(family, event, deps, prefix, (name) => spared.has(parseAttempt(jobWatchedBy(name, prefix)).id));
}

/** When CloudFormation's hour began. A repeated delivery comes minutes after the request. */
export function requestedAt(event: CloudFormationCustomResourceEvent, now: number): number {
  return Math.min(now, Date.parse(askedBy(event).at) || now);
}

function prefixOf({ StackId, LogicalResourceId }: CloudFormationCustomResourceEvent): string {
  return constructPrefix(StackId, LogicalResourceId);
}
