import { explainFailure } from './failure';
import { stepsOf } from '../jobs/steps';
import type { Conclusion } from '../../src/contract/contract';
import { isUnsettled, jobPhase } from '../../src/service/job-status';
import type { Outcome } from '../runtime/answer';
import { succeeded } from '../runtime/custom-resource';
import type { Deps } from '../runtime/deps';
import { errorMessage, errorName, isPassing } from '../runtime/errors';
import { describeJob, jobIsGone } from '../jobs/jobs';
import { reportedTag } from '../runtime/ownership';
import { addTags } from '../runtime/tags';

/** How a wait ends: with the job, or by handing over to the next link. */
export async function endOfWait(conclusion: Conclusion, deps: Deps): Promise<Outcome> {
  const { jobName, address } = conclusion;
  const job = await describeJob(deps.sagemaker, jobName);
  if (!job) { return failed(conclusion, jobIsGone(jobName)); }
  if (jobPhase(job.Status) === 'completed' || (isUnsettled(job.Status) && !conclusion.lastLink)) {
    return succeeded(address.PhysicalResourceId, { JobName: jobName, JobArn: job.JobArn! });
  }
  if (isUnsettled(job.Status)) {
    return failed(conclusion, `Job ${jobName} is still ${job.Status} after the longest time that its links wait.`
      + ' A rollback stops it; a deploy with --no-rollback lets it run on, and the next one waits for it again.');
  }
  // First of all: it lets whoever deploys again have another attempt. Neither it nor the steps are worth losing the reason for.
  if (!conclusion.isImported) { await extra(deps, () => addTags(deps.sagemaker, job.JobArn!, [reportedTag(address.RequestId)])); }
  if (conclusion.toleratesFailure) { return succeeded(address.PhysicalResourceId, { JobName: jobName, JobArn: job.JobArn! }); }
  const steps = await extra(deps, () => stepsOf(deps, jobName, 'FAILED'));
  return failed(conclusion, explainFailure(job, steps ?? []));
}

async function extra<T>(deps: Deps, attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (isPassing(error)) { throw error; }
    deps.log({ message: 'left out', error: errorName(error), reason: errorMessage(error) });
    return undefined;
  }
}

/** How a stop ends: once no job of it runs any more. */
export async function endOfStop(conclusion: Conclusion, deps: Deps): Promise<Outcome> {
  for (const jobName of conclusion.jobNames) {
    const job = await describeJob(deps.sagemaker, jobName);
    if (!job || !isUnsettled(job.Status)) { continue; }
    if (deps.clock.now() >= Date.parse(conclusion.deadline)) {
      return failed(conclusion, `Job ${jobName} was told to stop and is still ${job.Status}. Its role is kept until it has stopped: delete again later.`);
    }
    throw new StillStopping(jobName);
  }
  return succeeded(conclusion.address.PhysicalResourceId);
}

/** Makes the machine poll on: a stop waits for several jobs and the machine watches one. */
export class StillStopping extends Error {
  constructor(jobName: string) {
    super(`Job ${jobName} is still stopping.`);
    this.name = 'StillStopping';
  }
}

export function failed(conclusion: Conclusion, reason: string): Outcome {
  return { status: 'FAILED', physicalId: conclusion.address.PhysicalResourceId, reason };
}
