import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { allWatched, Change, requestedAt, StartDeps, startExecution, stopWaiting, stopWatching, watchedJobs, watchPrefix } from './execution';
import { isJobId } from '../../src/contract/job-name';
import type { ClaimProperties, CompilationsProperties, WatchesProperties } from '../../src/contract/start';
import { STOP_POLL_SECONDS, STOP_SECONDS } from '../../src/contract/waiting';
import { Claimant, claimantOf, claimOf, isClaimedAfter, isGivenUp, isHeld, isShared, isStarter } from '../jobs/claims';
import { deleteLeft, leaveEnded } from '../jobs/ended';
import type { Job, JobFamily } from '../jobs/family';
import { jobsIn, releaseJobs, Spares, unclaim } from '../jobs/jobs';
import { askedBy } from '../runtime/asked';
import { ANSWERED_LATER, Handled, succeeded } from '../runtime/custom-resource';
import { outlastRetryBudget } from '../runtime/retry';
import { isRollingBack } from '../runtime/stacks';
import { tagsOf } from '../runtime/tags';

type Event = CloudFormationCustomResourceEvent;
type Delete = Event & { RequestType: 'Delete' };

/** Spares what a later request claimed: an event that comes late, or once more, stops only what was there before it. */
function laterThan(event: Event, claimant: Claimant): Spares {
  const asked = askedBy(event);
  return (_id, tags) => isClaimedAfter(tags, claimant, asked);
}

/** Gives up every other running job of the construct, but none that a later request claimed: then this event comes late, or once more. */
export async function releaseEarlier(family: JobFamily, event: Change, deps: StartDeps, kept: string): Promise<Job[]> {
  const claimant = claimantOf(event, event.ResourceProperties as unknown as ClaimProperties);
  return releaseJobs(family, claimant, deps, { names: await watchedJobs(family, event, deps), keep: [kept], spares: laterThan(event, claimant) });
}

/** Gives up what an update that fails may have started. */
export async function releaseFailed(family: JobFamily, event: Change & { RequestType: 'Update' }, deps: StartDeps): Promise<void> {
  await releaseEarlier(family, event, deps, event.PhysicalResourceId);
}

/**
 * Stops the running jobs of a deleted construct that nobody else needs, and answers once none of them runs any more: the jobs need their role until then.
 * A registry has no later request than its end.
 */
export async function stopAndAnswer(family: JobFamily, event: Delete, renewed: () => StartDeps, isLast = false): Promise<Handled> {
  let deps = renewed();
  const requested = requestedAt(event, deps.clock.now());
  // In a clean-up, another job may run in the background. Its own Delete comes later.
  const claimant = claimantOf(event, event.ResourceProperties as unknown as ClaimProperties);
  const spares = isLast ? () => false : laterThan(event, claimant);
  const spared = new Set<string>();
  const release = async (isSpared: Spares) => {
    spared.clear();
    const noted: Spares = (id, tags) => isSpared(id, tags) && spared.add(id) !== undefined;
    const watched = await watchedJobs(family, event, deps);
    // A repeated delivery may come after the first one has ended what looks after the jobs.
    return releaseJobs(family, claimant, deps, { names: watched.length > 0 ? watched : undefined, spares: noted });
  };
  let stopping = await release((id, tags) => spares(id, tags) || (id !== event.PhysicalResourceId && isHeld(tags, claimant)));
  // CloudFormation invents an id if it gave up a Create without an answer.
  if (!stopping.some(({ phase }) => phase === 'running') && !isJobId(event.PhysicalResourceId) && event.PhysicalResourceId !== event.LogicalResourceId) {
    await outlastRetryBudget(deps.clock);
    deps = renewed();
    stopping = await release(spares);
  }
  // A job of a deploy that has failed for another reason is paid for, and the next deploy finds it.
  const isKept = family.delete !== undefined && await isRollingBack(deps.stacks, event.StackId, deps);
  const ended = isJobId(event.PhysicalResourceId) ? await leaveEnded(family, claimant, event.PhysicalResourceId, deps, { spares, isKept }) : [];
  const deletedNames = [...new Set([...family.delete ? stopping.map(({ name }) => name) : [], ...ended])];
  if (stopping.length === 0) {
    await deleteLeft(family, claimant, deletedNames, deps);
    await stopWatching(family, event, deps, spared);
    return succeeded(event.PhysicalResourceId);
  }
  await startExecution(family, event, deps, requested + STOP_SECONDS * 1000, {
    purpose: 'stop',
    requested,
    jobNames: stopping.map(({ name }) => name),
    deletedNames,
    pollSeconds: STOP_POLL_SECONDS,
    lastStage: true,
    toleratesFailure: false,
    claimant,
  });
  // A machine with a running execution cannot be deleted.
  await stopWatching(family, event, deps, spared);
  return ANSWERED_LATER;
}

/**
 * Stops what still runs for a construct whose own end CloudFormation has given up. All other constructs of the stack have ended by now, and so will what
 * looks after their jobs.
 */
export async function stopAbandoned(family: JobFamily, event: Delete, deps: StartDeps): Promise<Handled> {
  const { Retained = [] } = event.ResourceProperties as unknown as WatchesProperties;
  for (const { jobName, claimant } of await allWatched(family, deps)) {
    if (!Retained.includes(claimant.LogicalResourceId)) {
      await releaseJobs(family, claimant, deps, { names: [jobName], spares: laterThan(event, claimant) });
    }
    // A machine with a running execution cannot be deleted.
    await stopWaiting(family, event, deps, watchPrefix(claimant));
  }
  return succeeded(event.PhysicalResourceId);
}

/** Deletes the compilation jobs of every job that a construct claims or has claimed, and nobody else does now. */
export async function deleteCompilations(family: JobFamily, event: Delete, deps: StartDeps): Promise<Handled> {
  const properties = event.ResourceProperties as unknown as CompilationsProperties;
  const claimant = claimantOf({ StackId: event.StackId, LogicalResourceId: properties.JobLogicalId }, properties);
  for (const { name } of await jobsIn(family, claimant, deps, new Date(0))) {
    const job = await family.describe(deps.sagemaker, name);
    const tags = job && await tagsOf(deps.sagemaker, job.arn);
    // A construct that left the job at its longest time has no mark on it.
    if (!tags || !(claimOf(tags, claimant) || isGivenUp(tags, claimant) || isStarter(tags, claimant))) { continue; }
    if (!isShared(tags, claimant)) { await family.deleteCompilations?.(deps, name); }
    if (claimOf(tags, claimant)) { await unclaim(job, tags, claimant, deps.sagemaker); }
  }
  return succeeded(event.PhysicalResourceId);
}
