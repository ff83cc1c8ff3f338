import type { CreateInferenceRecommendationsJobCommandInput } from '@aws-sdk/client-sagemaker';
import type { JobRequest } from './request';
import type { Tag } from '../../src/contract/contract';
import { attemptName } from '../../src/contract/job-name';
import type { Deps } from '../runtime/deps';
import { createJob, hasFailed, JobKey, keyOf, newestAttempt } from '../jobs/jobs';
import { Tags, tagsOf } from '../runtime/tags';

/** Whether to start a job: given the tags of the failed attempt, or nothing where the service knows no attempt. */
export type StartRule = (failed: Tags | undefined) => boolean;

/** A job to find or to start. */
export interface Wanted {
  readonly id: string;
  readonly request: JobRequest;
  readonly tags: Tag[];
  readonly mayStart: StartRule;
  /** Throws when the service would refuse the request: asked only before a start, so that a job that is done is never judged again. */
  readonly check: () => Promise<void> | void;
}

/** Finds the job of this content, or starts an attempt if the rule says so; `undefined` when there is none and none is started. */
export async function ensureJob({ id, request, tags, mayStart, check }: Wanted, deps: Pick<Deps, 'sagemaker' | 'log'>): Promise<JobKey | undefined> {
  const newest = await newestAttempt(deps.sagemaker, id);
  if (newest && !hasFailed(newest.job)) { return keyOf(newest.job); }
  if (!mayStart(newest && await tagsOf(deps.sagemaker, newest.job.JobArn!))) { return newest && keyOf(newest.job); }

  await check();
  const JobName = attemptName(id, (newest?.number ?? 0) + 1);
  const started = await createJob(deps.sagemaker, { ...request, JobName, Tags: tags } as unknown as CreateInferenceRecommendationsJobCommandInput);
  deps.log({ message: 'started', jobName: JobName });
  return started;
}
