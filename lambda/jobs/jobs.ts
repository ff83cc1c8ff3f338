import {
  CreateInferenceRecommendationsJobCommand, CreateInferenceRecommendationsJobCommandInput,
  DescribeInferenceRecommendationsJobCommand, DescribeInferenceRecommendationsJobCommandOutput, ListInferenceRecommendationsJobsCommand,
  ListInferenceRecommendationsJobsCommandOutput, StopInferenceRecommendationsJobCommand,
} from '@aws-sdk/client-sagemaker';
import type { SageMakerApi } from '../runtime/deps';
import { errorName, isNotFound } from '../runtime/errors';
import { attemptName } from '../../src/contract/job-name';
import { isUnsettled, jobPhase } from '../../src/service/job-status';

export type Job = DescribeInferenceRecommendationsJobCommandOutput;

/** What a job is called. */
export interface JobKey {
  readonly name: string;
  readonly arn: string;
}

/** The newest attempt of a job that the service knows, with its number. */
export interface Attempt {
  readonly job: Job;
  readonly number: number;
}

/** `undefined` when the service does not know the job. */
export async function describeJob(sagemaker: SageMakerApi, jobName: string): Promise<Job | undefined> {
  try {
    return await sagemaker.send(new DescribeInferenceRecommendationsJobCommand({ JobName: jobName }));
  } catch (error) {
    if (isNotFound(error)) { return undefined; }
    throw error;
  }
}

/**
 * Only a failed attempt is followed by another, so the walk ends at the first that is not, or where no attempt is known any more. One
 * that the service has dropped meanwhile does not hide the next.
 */
export async function newestAttempt(sagemaker: SageMakerApi, id: string): Promise<Attempt | undefined> {
  let newest: Attempt | undefined;
  for (let number = 1; number - (newest?.number ?? 0) <= 2; number++) {
    const job = await describeJob(sagemaker, attemptName(id, number));
    if (!job) { continue; }
    newest = { job, number };
    if (!hasFailed(job)) { return newest; }
  }
  return newest;
}

/** Whether nothing can be had from an attempt any more. One that is being stopped counts. */
export function hasFailed(job: Job): boolean {
  return !['running', 'completed'].includes(jobPhase(job.Status));
}

/** Creates a job. A name already taken is our own request that arrived before: a repeated delivery, or an answer that was lost. */
export async function createJob(sagemaker: SageMakerApi, input: CreateInferenceRecommendationsJobCommandInput): Promise<JobKey> {
  try {
    const created = await sagemaker.send(new CreateInferenceRecommendationsJobCommand(input));
    return { name: input.JobName!, arn: created.JobArn! };
  } catch (error) {
    const job = errorName(error) === 'ResourceInUse' ? await describeJob(sagemaker, input.JobName!) : undefined;
    if (!job) { throw error; }
    return keyOf(job);
  }
}

/** The ARN of a job that the service may know no more. */
export function jobArn({ StackId }: { StackId: string }, jobName: string): string {
  const [, partition, , region, account] = StackId.split(':');
  return `arn:${partition}:sagemaker:${region}:${account}:inference-recommendations-job/${jobName}`;
}

export function keyOf(job: Job): JobKey {
  return { name: job.JobName!, arn: job.JobArn! };
}

/** Tells a job to stop. One that ended meanwhile, or is gone, needs no telling. */
export async function stopJob(sagemaker: SageMakerApi, jobName: string): Promise<void> {
  try {
    await sagemaker.send(new StopInferenceRecommendationsJobCommand({ JobName: jobName }));
  } catch (error) {
    const job = await describeJob(sagemaker, jobName);
    if (job && jobPhase(job.Status) === 'running') { throw error; }
  }
}

/** Names of the jobs under a prefix that may still cost money. */
export function unsettledJobs(sagemaker: SageMakerApi, prefix: string): Promise<string[]> {
  return jobNames(sagemaker, prefix, { counts: isUnsettled });
}

interface JobFilter {
  readonly counts?: (status: string | undefined) => boolean;
  /** Made after this time. */
  readonly since?: Date;
}

/** Names of the jobs under a prefix. */
export async function jobNames(sagemaker: SageMakerApi, prefix: string, { counts = () => true, since }: JobFilter = {}): Promise<string[]> {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page: ListInferenceRecommendationsJobsCommandOutput = await sagemaker.send(
      new ListInferenceRecommendationsJobsCommand({ NameContains: prefix, CreationTimeAfter: since, MaxResults: 100, NextToken: nextToken }));
    for (const job of page.InferenceRecommendationsJobs ?? []) {
      if (job.JobName?.startsWith(prefix) && counts(job.Status)) { names.push(job.JobName); }
    }
    nextToken = page.NextToken;
  } while (nextToken);
  return names;
}

/** The same words wherever a job is missed. */
export function jobIsGone(jobName: string): string {
  return `Job ${jobName} is gone: SageMaker no longer knows it. Change the job's 'trigger' to run it again.`
    + ' A rollback that ends here goes on with ContinueUpdateRollback, skipping this resource.';
}
