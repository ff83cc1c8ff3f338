import type { WaitEnd } from '../../src/contract/wait-end';
import { isNonTerminal } from '../../src/service/job-status';
import { isLeaving, isLostToOther, isUnclaimed, keyOf, reportedTag } from '../jobs/claims';
import { deleteLeft } from '../jobs/ended';
import { explainFailure, jobIsGone, jobIsOverdue } from '../jobs/failure';
import type { Job, JobReader, JobStopper } from '../jobs/family';
import { unlessGone } from '../jobs/gone';
import { overdueAt, released } from '../jobs/jobs';
import type { Outcome } from '../runtime/answer';
import { askedBy } from '../runtime/asked';
import { succeeded } from '../runtime/custom-resource';
import { SageMakerDeps, SKEW_MS } from '../runtime/deps';
import { errorMessage, errorName, isTransient } from '../runtime/errors';
import { addTags, tagsOf } from '../runtime/tags';

/** The end of a wait: the job has ended, or the next stage takes over. */
export async function endOfWait(family: JobReader & JobStopper, end: WaitEnd, deps: SageMakerDeps): Promise<Outcome> {
  const { jobName, address } = end;
  const job = await family.describe(deps.sagemaker, jobName);
  if (!job) { return failed(end, jobIsGone(jobName)); }
  if (isNonTerminal(job.phase) && end.claimant && isOverdue(job, end, deps.clock.now())) {
    return await unlessGone(family, jobName, deps.sagemaker, () => overdue(family, job, end, deps)) ?? failed(end, jobIsGone(jobName));
  }
  if (job.phase === 'completed' || (isNonTerminal(job.phase) && !end.lastStage)) {
    return succeeded(address.PhysicalResourceId, { JobName: jobName, JobArn: job.arn });
  }
  if (isNonTerminal(job.phase)) {
    return failed(end, `Job ${jobName} is still ${job.status} after the whole time of its wait chain.`
      + ' A rollback stops it. A deploy with --no-rollback lets it run on, and the next deploy waits for it again.');
  }
  const { claimant } = end;
  if (claimant && !end.lastStage) {
    // The next stage starts another attempt.
    const tags = await extra(deps, () => tagsOf(deps.sagemaker, job.arn));
    if (tags && isLostToOther(tags, claimant)) { return succeeded(address.PhysicalResourceId, { JobName: jobName, JobArn: job.arn }); }
  }
  // The tag comes first: with it, the next deploy starts another attempt. A failure of the tag or of the steps must not hide the reason.
  if (claimant) { await extra(deps, () => addTags(deps.sagemaker, job.arn, [reportedTag(keyOf(claimant), askedBy(address), end.stage)])); }
  if (end.toleratesFailure) { return succeeded(address.PhysicalResourceId, { JobName: jobName, JobArn: job.arn }); }
  const failures = await extra(deps, () => family.failures(deps.sagemaker, jobName));
  return failed(end, explainFailure(family, job, { failures, mayBeRollback: end.isReturn }));
}

/** The machine has waited until then by its own clock, and the function's may be behind. */
function isOverdue(job: Job, { deadline, maxSeconds }: WaitEnd, now: number): boolean {
  const due = overdueAt(job, maxSeconds);
  return now >= due || (Date.parse(deadline) >= due && now >= due - SKEW_MS);
}

/** The job has run as long as it may. It is stopped, unless others need it. */
async function overdue(family: JobReader & JobStopper, job: Job, end: WaitEnd, deps: SageMakerDeps): Promise<Outcome> {
  const { claimant, maxSeconds, address, stage } = end;
  const tags = await tagsOf(deps.sagemaker, job.arn);
  // A repeated call finds that the job is being stopped already, or that it is left to others: then its claim is gone, and with it the permission.
  const hasLeft = isUnclaimed(tags, claimant!) && !isLeaving(tags, claimant!);
  const isStopped = job.phase === 'ending' || (!hasLeft && await released(family, job, tags, claimant!, deps, { mayReturn: true }));
  if (isStopped) { await extra(deps, () => addTags(deps.sagemaker, job.arn, [reportedTag(keyOf(claimant!), askedBy(address), stage)])); }
  return end.toleratesFailure ? succeeded(address.PhysicalResourceId, { JobName: job.name, JobArn: job.arn })
    : failed(end, jobIsOverdue(family, job, maxSeconds!, isStopped));
}

async function extra<T>(deps: SageMakerDeps, attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (isTransient(error)) { throw error; }
    deps.log({ message: 'left out', error: errorName(error), reason: errorMessage(error) });
    return undefined;
  }
}

/** The end of a stop: no job of it runs any more. */
export async function endOfStop(family: JobReader, end: WaitEnd, deps: SageMakerDeps): Promise<Outcome> {
  for (const jobName of end.jobNames) {
    const job = await family.describe(deps.sagemaker, jobName);
    if (!job || !isNonTerminal(job.phase)) { continue; }
    if (deps.clock.now() >= Date.parse(end.deadline)) {
      return failed(end, `Job ${jobName} was told to stop and is still ${job.status}. Its role is kept until it has stopped: delete again later.`);
    }
    throw new StillStopping(jobName);
  }
  if (end.deletedNames.length > 0) { await deleteLeft(family, end.claimant!, end.deletedNames, deps); }
  return succeeded(end.address.PhysicalResourceId);
}

/** Makes the machine continue its polling: a stop waits for several jobs, and the machine polls one. */
export class StillStopping extends Error {
  constructor(jobName: string) {
    super(`Job ${jobName} is still stopping.`);
    this.name = 'StillStopping';
  }
}

export function failed(end: WaitEnd, reason: string): Outcome {
  return { status: 'FAILED', physicalId: end.address.PhysicalResourceId, reason };
}
