import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { requestedAt, StartDeps, startExecution } from './execution';
import { isJobId } from '../../src/contract/job-name';
import type { CompilationsProperties } from '../../src/contract/start';
import { STOP_POLL_SECONDS, STOP_SECONDS } from '../../src/contract/waiting';
import type { JobFamily } from '../jobs/family';
import { deletableAttempts, jobsOf, Spares, stopJobs } from '../jobs/jobs';
import { askedBy } from '../runtime/asked';
import { ANSWERED_LATER, Handled, succeeded } from '../runtime/custom-resource';
import { outlastRetryBudget } from '../runtime/retry';
import { isHeld, isOwnedBy, isStartedAfter, tagsOf } from '../runtime/tags';

type Event = CloudFormationCustomResourceEvent;
type Delete = Event & { RequestType: 'Delete' };

/** Spares what a later request started: an event that comes late, or once more, stops only what was there before it. */
export function laterThan(event: Event): Spares {
  const asked = askedBy(event);
  return (_id, tags) => isStartedAfter(tags, asked);
}

/** Stops the running jobs of a deleted construct, and answers once none runs any more: the jobs need their role until then. */
export async function stopAndAnswer(family: JobFamily, event: Delete, renewed: () => StartDeps, spares: Spares = () => false): Promise<Handled> {
  let deps = renewed();
  const requested = requestedAt(event, deps.clock.now());
  // In a clean-up, another job may run in the background. Its own Delete comes later.
  let stopping = await stopJobs(family, event, deps, [], (id, tags) => spares(id, tags) || (id !== event.PhysicalResourceId && isHeld(tags)));
  // CloudFormation invents an id if it gave up a Create without an answer.
  if (stopping.length === 0 && !isJobId(event.PhysicalResourceId, event) && event.PhysicalResourceId !== event.LogicalResourceId) {
    await outlastRetryBudget(deps.clock);
    deps = renewed();
    stopping = await stopJobs(family, event, deps, [], spares);
  }
  const ended = await deletableAttempts(family, event, event.PhysicalResourceId, deps.sagemaker);
  const deletedNames = [...new Set([...family.delete ? stopping : [], ...ended])];
  if (stopping.length === 0) {
    for (const name of deletedNames) { await family.delete!(deps.sagemaker, name); }
    return succeeded(event.PhysicalResourceId);
  }
  await startExecution(family, event, deps, requested + STOP_SECONDS * 1000, {
    purpose: 'stop',
    jobNames: stopping,
    deletedNames,
    pollSeconds: STOP_POLL_SECONDS,
    lastStage: true,
    toleratesFailure: false,
  });
  return ANSWERED_LATER;
}

/** Deletes the compilation jobs of every job that a construct has started. */
export async function deleteCompilations(family: JobFamily, event: Delete, deps: StartDeps): Promise<Handled> {
  const { JobLogicalId } = event.ResourceProperties as unknown as CompilationsProperties;
  for (const { name } of await jobsOf(family, { StackId: event.StackId, LogicalResourceId: JobLogicalId }, deps.sagemaker)) {
    const job = await family.describe(deps.sagemaker, name);
    if (job && isOwnedBy(await tagsOf(deps.sagemaker, job.arn), event.StackId)) { await family.deleteCompilations?.(deps, name); }
  }
  return succeeded(event.PhysicalResourceId);
}
