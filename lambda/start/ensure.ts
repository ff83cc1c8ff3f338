import type { CreateInferenceRecommendationsJobCommandInput } from '@aws-sdk/client-sagemaker';
import type { JobRequest } from './request';
import type { Tag } from '../../src/api/contract';
import { attemptName } from '../../src/api/job-name';
import { jobPhase } from '../../src/api/job-status';
import type { Deps } from '../shared/deps';
import { createJob, Job, JobKey, keyOf, newestAttempt } from '../shared/jobs';
import { withPatience } from '../shared/patience';
import { Tags, tagsOf } from '../shared/tags';

/** Whether to start a job: given the tags of the failed attempt, or nothing where the service knows no attempt. */
export type StartRule = (failed: Tags | undefined) => boolean;

/** Finds the job of this content, or starts an attempt if the rule says so; `undefined` when there is none and none is started. */
export async function ensureJob(
  id: string, request: JobRequest, tags: Tag[], deps: Pick<Deps, 'sagemaker' | 'clock' | 'log'>, rule: StartRule,
): Promise<JobKey | undefined> {
  const newest = await newestAttempt(deps.sagemaker, id);
  if (newest && !hasFailed(newest.job)) { return keyOf(newest.job); }
  if (!rule(newest && await tagsOf(deps.sagemaker, newest.job.JobArn!))) { return newest && keyOf(newest.job); }

  const JobName = attemptName(id, (newest?.number ?? 0) + 1);
  const input = { ...request, JobName, Tags: tags } as unknown as CreateInferenceRecommendationsJobCommandInput;
  const started = await withPatience(deps.clock, () => createJob(deps.sagemaker, input));
  deps.log({ message: 'started', jobName: JobName });
  return started;
}

/** A job that is being stopped counts: nobody can wait for its result. */
function hasFailed(job: Job): boolean {
  return !['running', 'completed'].includes(jobPhase(job.Status));
}
