import type { Job, JobFamily, JobKey, JobReader, JobRequest, JobStarter, ListedJob } from './family';
import type { Owner, Tag } from '../../src/contract/custom-resource';
import { attemptName, constructPrefix, parseAttempt, stackPrefix } from '../../src/contract/job-name';
import { isNonTerminal } from '../../src/service/job-status';
import type { SageMakerApi, SageMakerDeps } from '../runtime/deps';
import { isOwnedBy, Tags, tagsOf } from '../runtime/tags';

/** The newest attempt of a job that the service knows, with its number. */
interface Attempt<J extends Job> {
  readonly job: J;
  readonly number: number;
}

/** Describes the jobs of a family, with what the caller reads of them. */
interface Describer<J extends Job> {
  describe(sagemaker: SageMakerApi, jobName: string): Promise<J | undefined>;
}

/**
 * A new attempt starts only after a failed one, so the search ends at the first attempt that has not failed,
 * or if the service knows no further attempt. The search skips one attempt that the service has dropped.
 */
export async function newestAttempt<J extends Job>(family: Describer<J>, sagemaker: SageMakerApi, id: string): Promise<Attempt<J> | undefined> {
  let newest: Attempt<J> | undefined;
  for (let number = 1; number - (newest?.number ?? 0) <= 2; number++) {
    const job = await family.describe(sagemaker, attemptName(id, number));
    if (!job) { continue; }
    newest = { job, number };
    if (!hasFailed(job)) { return newest; }
  }
  return newest;
}

/**
 * The named attempt of a job of this stack. If it has failed, the attempt that has completed since: in a rollback, CloudFormation sends old properties,
 * with the name of an attempt that the stages no longer wait for. A job of somebody else's has no attempts, whatever its name looks like.
 */
export async function attemptOf<J extends Job>(
  family: Describer<J>, sagemaker: SageMakerApi, jobName: string, stackId: string,
): Promise<J | undefined> {
  const named = await family.describe(sagemaker, jobName);
  const { id } = parseAttempt(jobName);
  if (!named || !hasFailed(named) || !id.startsWith(`${stackPrefix(stackId)}-`)) { return named; }
  const newest = await newestAttempt(family, sagemaker, id);
  return newest?.job.phase === 'completed' ? newest.job : named;
}

/** Whether an attempt can give no results any more. An attempt that is being stopped counts as failed. */
export function hasFailed({ phase }: Job): boolean {
  return phase !== 'running' && phase !== 'completed';
}

/** Whether to start a job. The argument is the failed attempt's tags, or nothing if the service knows no attempt. */
export type StartRule = (failed: Tags | undefined) => boolean;

/** A job to find or to start. */
export interface Wanted {
  readonly id: string;
  readonly request: JobRequest;
  readonly tags: Tag[];
  readonly mayStart: StartRule;
  /** Throws if the service would refuse the request. Called only before a start, so a job that has ended is never checked again. */
  readonly check: () => Promise<void> | void;
}

/** Finds the job of this content, or starts an attempt if the rule allows it. `undefined` if there is no job and none is started. */
export async function ensureJob(
  family: JobStarter, { id, request, tags, mayStart, check }: Wanted, { sagemaker, log }: Pick<SageMakerDeps, 'sagemaker' | 'log'>,
): Promise<JobKey | undefined> {
  const newest = await newestAttempt(family, sagemaker, id);
  if (newest && !hasFailed(newest.job)) { return newest.job; }
  if (!mayStart(newest && await tagsOf(sagemaker, newest.job.arn))) { return newest?.job; }

  await check();
  const jobName = attemptName(id, (newest?.number ?? 0) + 1);
  const started = await family.create(sagemaker, jobName, request, tags);
  log({ message: 'started', jobName });
  return started;
}

/** The user's tags, then ours. Ours win, because jobs are found by them. */
export function jobTags(user: readonly Tag[] | undefined, own: readonly Tag[]): Tag[] {
  const keys = new Set(own.map((tag) => tag.Key));
  return [...(user ?? []).filter((tag) => !keys.has(tag.Key)), ...own];
}

/** The jobs of a construct, optionally only those made after a time. */
export async function jobsOf(family: JobFamily, { StackId, LogicalResourceId }: Owner, sagemaker: SageMakerApi, since?: Date): Promise<ListedJob[]> {
  const prefix = constructPrefix(StackId, LogicalResourceId);
  return (await family.list(sagemaker, prefix, since)).filter(({ name }) => name.startsWith(prefix));
}

/** Whether a job's tags exempt it from the stop. The id is the one that its attempts share. */
export type Spares = (id: string, tags: Tags) => boolean;

/**
 * Stops the running jobs of a construct and returns the names of those that have not ended yet. `keep` has the ids of jobs that stay.
 *
 * The search uses the construct's name prefix and not a physical id: CloudFormation invents an id if a Create was never answered,
 * and keeps an old id if an Update was never answered.
 */
export async function stopJobs(
  family: JobFamily, owner: Owner, { sagemaker, log }: Pick<SageMakerDeps, 'sagemaker' | 'log'>, keep: readonly string[] = [], spares: Spares = () => false,
): Promise<string[]> {
  const stopped: string[] = [];
  for (const { name, phase } of await jobsOf(family, owner, sagemaker)) {
    if (!isNonTerminal(phase) || keep.includes(parseAttempt(name).id)) { continue; }
    const job = await family.describe(sagemaker, name);
    if (!job) { continue; }
    const tags = await tagsOf(sagemaker, job.arn);
    if (!isOwnedBy(tags, owner.StackId) || spares(parseAttempt(name).id, tags)) { continue; }
    await stopJob(family, sagemaker, name);
    log({ message: 'stopped', jobName: name });
    stopped.push(name);
  }
  return stopped;
}

/** Requests the stop of a job. A job that has ended meanwhile or is gone is no error. */
async function stopJob(family: JobFamily, sagemaker: SageMakerApi, jobName: string): Promise<void> {
  try {
    await family.stop(sagemaker, jobName);
  } catch (error) {
    const job = await family.describe(sagemaker, jobName);
    if (job?.phase === 'running') { throw error; }
  }
}

/** The attempts of a job that this stack owns, if the family can delete them. */
export async function deletableAttempts(family: JobFamily, owner: Owner, id: string, sagemaker: SageMakerApi): Promise<string[]> {
  if (!family.delete) { return []; }
  const names: string[] = [];
  for (const { name } of await jobsOf(family, owner, sagemaker)) {
    if (parseAttempt(name).id !== id) { continue; }
    const job = await family.describe(sagemaker, name);
    if (job && isOwnedBy(await tagsOf(sagemaker, job.arn), owner.StackId)) { names.push(name); }
  }
  return names;
}

/** The common message for a job that SageMaker no longer knows. */
export function jobIsGone(jobName: string): string {
  return `Job ${jobName} is gone: SageMaker no longer knows it. Change the job's 'trigger' to run it again. ${SKIP}`;
}

/** The way out of a rollback to a job that has no results any more. */
const SKIP = 'If a rollback fails with this, continue it with ContinueUpdateRollback and skip this resource.';

/**
 * Why a job did not complete: the service's own reason, each failed part, and where to read more. If the failure may be that of a rollback, the way out
 * of it, too: the job cannot be run again for an earlier state.
 */
export function explainFailure(
  family: JobReader, { name, status, failureReason }: Job,
  { failures = [], mayBeRollback }: { readonly failures?: readonly string[]; readonly mayBeRollback?: boolean },
): string {
  return [
    `${family.title} ${name} ended ${status}: ${failureReason ?? (/^stopped$/i.test(status) ? 'it was stopped before it was done' : 'the service gave no reason')}`,
    ...(failures.length > 0 ? [`Failed benchmarks: ${failures.join('; ')}`] : []),
    `Logs: ${family.logs(name)}`,
    ...(mayBeRollback ? [SKIP] : []),
  ].map((sentence) => sentence.replace(/\.?$/, '.')).join(' ');
}
