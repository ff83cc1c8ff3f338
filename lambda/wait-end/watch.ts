import { parseAttempt } from '../../src/contract/job-name';
import type { Unread, Watched } from '../../src/contract/wait-end';
import { isNonTerminal } from '../../src/service/job-status';
import { claimOf, isHeld, isLeaving } from '../jobs/claims';
import type { Job, JobStopper } from '../jobs/family';
import { unlessGone } from '../jobs/gone';
import { overdueAt, released } from '../jobs/jobs';
import type { SageMakerDeps } from '../runtime/deps';
import { tagsOf } from '../runtime/tags';

const READ: Unread = { Unread: false, Stopped: false };

/** Stops a job that runs for a stack which is at rest and does not hold it. Tells of one that the stack holds and does not wait for. */
export async function endOfWatch(family: JobStopper, watched: Watched, deps: SageMakerDeps): Promise<Unread> {
  const job = await family.describe(deps.sagemaker, watched.jobName);
  if (!job || !isNonTerminal(job.phase)) { return READ; }
  return await unlessGone(family, job.name, deps.sagemaker, () => stoppedIfUnread(family, job, watched, deps)) ?? READ;
}

async function stoppedIfUnread(
  family: JobStopper, job: Job, { jobName, claimant, held, maxSeconds }: Watched, deps: SageMakerDeps,
): Promise<Unread> {
  const tags = await tagsOf(deps.sagemaker, job.arn);
  if (!claimOf(tags, claimant) && !isLeaving(tags, claimant)) { return READ; }
  // A stage of the wait chain would have stopped it: no deploy waits for this job.
  if (deps.clock.now() >= overdueAt(job, maxSeconds)) {
    return { Unread: false, Stopped: await released(family, job, tags, claimant, deps, { mayReturn: true }) };
  }
  if (held.Id === parseAttempt(jobName).id && !held.Status.startsWith('DELETE_')) { return { Unread: !isHeld(tags, claimant), Stopped: false }; }
  const stopped = await released(family, job, tags, claimant, deps);
  return { Unread: stopped, Stopped: stopped };
}
