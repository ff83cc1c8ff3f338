import type { Planned, Start } from './before-start';
import {
  Claimant, ClaimKey, claimOf, claimTags, givenUpKeys, givenUpTag, isDeletedByOther, isFull, isGivenUp, isLeaving, isShared, isStarter,
  isStoppedByOther, isUnclaimed, leftTag, ownKeys, starterTags, STOPPING_TAG, stoppingTag,
} from './claims';
import type { Job, JobFamily, JobKey, JobRequest, JobStarter, JobStopper, ListedJob } from './family';
import { Describer, tagsUnlessGone, unlessGone } from './gone';
import { stackTag } from '../../src/contract/claims';
import type { Tag } from '../../src/contract/custom-resource';
import { attemptName, parseAttempt } from '../../src/contract/job-name';
import { isNonTerminal, JobPhase } from '../../src/service/job-status';
import { Asked, isAfter } from '../runtime/asked';
import type { SageMakerApi, SageMakerDeps } from '../runtime/deps';
import { isDenied, UserError } from '../runtime/errors';
import { PAUSE_MS } from '../runtime/retry';
import { checkMakes, stackFacts, StacksApi } from '../runtime/stacks';
import { addTags, deleteTags, MOST_USER_TAGS, Tags, tagsOf, withStackTags } from '../runtime/tags';

type JobsDeps = Pick<SageMakerDeps, 'sagemaker' | 'log' | 'clock'>;
/** Starts a job with the client that it gives. */
export type Starting = <T>(make: (sagemaker: SageMakerApi) => Promise<T>) => Promise<T>;
type StartingDeps = JobsDeps & { readonly stacks: StacksApi; readonly starting?: Starting };

/** Longer than any job takes, from its creation to its end. */
const LONGEST_MS = 3 * 24 * 3600_000;
/** How often a claimed job is looked at while somebody is about to stop it, or to delete it: longer than a call is tried again. */
const MOST_LOOKS: Partial<Record<JobPhase, number>> = { running: 12, completed: 30 };

/** The newest attempt of a job that the service knows, with its number. */
interface Attempt<J extends Job> {
  readonly job: J;
  readonly number: number;
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
 * The named attempt of a job. If it has failed, the attempt that has completed since: in a rollback, CloudFormation sends old properties, with the
 * name of an attempt that the stages no longer wait for. A job outside the namespace is somebody else's and has no attempts.
 */
export async function attemptOf<J extends Job>(
  family: Describer<J>, sagemaker: SageMakerApi, jobName: string, namespace: string | undefined,
): Promise<J | undefined> {
  const named = await family.describe(sagemaker, jobName);
  const { id } = parseAttempt(jobName);
  if (!named || !hasFailed(named) || !id.startsWith(`${namespace}-`)) { return named; }
  const newest = await newestAttempt(family, sagemaker, id);
  return newest?.job.phase === 'completed' ? newest.job : named;
}

/** Whether an attempt can give no results any more. An attempt that is being stopped counts as failed. */
export function hasFailed({ phase }: Job): boolean {
  return phase !== 'running' && phase !== 'completed';
}

/** When a job has run as long as the library lets it: never, if it is not limited. */
export function overdueAt({ created }: Job, maxSeconds: number | undefined): number {
  return maxSeconds === undefined || created === undefined ? Infinity : created.getTime() + maxSeconds * 1000;
}

/** A job to find or to start. */
export interface Wanted {
  readonly id: string;
  readonly claimant: Claimant;
  readonly asked: Asked;
  /** When the start resource was asked for the state of the stack that needs the job. @default - the time of `asked` */
  readonly state?: string;
  readonly request: JobRequest;
  /** The user's tags. */
  readonly tags: readonly Tag[] | undefined;
  /** The job that a stage was told of. The construct has claimed it; if it no longer does, the stage's own Delete is on its way. */
  readonly told?: string;
  /** Whether a job that the construct has not claimed before is left alone. */
  readonly ownOnly?: boolean;
  /** CloudFormation's, if a request of its wants the job. */
  readonly requestType?: string;
  /** Whether to start a job. The argument is the failed attempt's tags, or nothing if the service knows no attempt. */
  readonly mayStart: (failed: Tags | undefined) => Promise<boolean> | boolean;
  /** Throws if the job would certainly fail. Called only before a start, so a job that has ended is never checked again. */
  readonly check: (planned: Planned) => Promise<Start>;
  /** Begins to look after a job, before the construct has it. */
  readonly watch?: (jobName: string) => Promise<void>;
}

/**
 * Finds the job of this content and claims it, or starts an attempt if the rule allows it. `undefined` if there is no job and none is started.
 *
 * Names are unique, so of several constructs that start the same job at once, one does, and the others find it.
 */
export async function ensureJob(family: JobStarter, wanted: Wanted, deps: StartingDeps): Promise<JobKey | undefined> {
  const { id, request, tags, claimant, asked, state, mayStart, check, watch } = wanted;
  const { sagemaker, log, starting = (make) => make(sagemaker) } = deps;
  for (;;) {
    const newest = await newestAttempt(family, sagemaker, id);
    const found = newest && await unlessGone(family, newest.job.name, sagemaker, () => claimed(family, newest.job, wanted, deps));
    if (newest && !found) { continue; }
    if (found?.isUsable) { return newest!.job; }
    if (!await mayStart(found?.tags)) { return newest?.job; }
    if (tags && tags.length > MOST_USER_TAGS) {
      throw new UserError(`A job takes at most ${MOST_USER_TAGS} tags of your own, got ${tags.length}: the library needs the other 6.`);
    }
    const jobName = attemptName(id, (newest?.number ?? 0) + 1);
    const own = jobTags(tags, starterTags(claimant, asked, state));
    const { tags: ofStack, status } = await stackFacts(deps.stacks, claimant.StackId, deps);
    checkMakes(wanted.requestType ?? '', status);
    const start = await check({ request, jobName, StackId: claimant.StackId, tags: withStackTags(own, ofStack) });
    await watch?.(jobName);
    // What is noted of a job gives way to the user's own tags, as the stack's tags do.
    const started = await starting((client) => family.create(client, jobName, request, withStackTags(own, [...start.tags, ...ofStack])));
    if (!started.isFound) {
      log({ message: 'started', jobName, ...start.log });
      return started;
    }
  }
}

/** Claims a job that runs or has completed, and reads its tags. Somebody may stop it before the claim is there. */
async function claimed(
  family: JobStarter, job: Job, { claimant, asked, state, told, ownOnly, watch }: Wanted, { sagemaker, clock, log }: JobsDeps,
): Promise<{ readonly isUsable: boolean; readonly tags: Tags }> {
  let tags = await tagsOf(sagemaker, job.arn);
  const own = claimOf(tags, claimant);
  if (hasFailed(job) || (ownOnly && !own)) { return { isUsable: false, tags }; }
  // Only a running job may be stopped by an event that comes late, so only its claim has to be renewed.
  if (own && (job.phase === 'completed' || !isAfter(state ?? asked.at, own.state))) { return { isUsable: true, tags }; }
  if (!own && told !== undefined && await hasLeft(family, told, claimant, sagemaker)) {
    throw new UserError(`The construct has given up job ${told}: it is being deleted.`);
  }
  if (!own && job.phase === 'running') { await watch?.(job.name); }
  if (isFull(tags)) {
    log({ message: 'used without a claim', jobName: job.name });
  } else {
    await addTags(sagemaker, job.arn, claimTags(claimant, asked, state));
    log({ message: 'claimed', jobName: job.name });
  }
  const old = job.phase === 'completed' ? givenUpKeys(await tagsOf(sagemaker, job.arn)) : [];
  if (old.length > 0 && !isFull(tags)) { await deleteTags(sagemaker, job.arn, old); }
  for (let looks = 1; ; looks++) {
    const now = await family.describe(sagemaker, job.name);
    tags = await tagsOf(sagemaker, job.arn);
    if (!now || hasFailed(now)) { return { isUsable: false, tags }; }
    const isEnding = now.phase === 'completed' ? isDeletedByOther(tags, claimant) : isStoppedByOther(tags, claimant);
    if (!isEnding || looks >= MOST_LOOKS[now.phase]!) { return { isUsable: true, tags }; }
    await clock.sleep(PAUSE_MS);
  }
}

/** Whether the construct has left the job to others, or has stopped it. */
async function hasLeft(family: JobStarter, jobName: string, claimant: Claimant, sagemaker: SageMakerApi): Promise<boolean> {
  const job = await family.describe(sagemaker, jobName);
  const tags = job && await tagsUnlessGone(family, job, sagemaker);
  return tags !== undefined && isGivenUp(tags, claimant);
}

/**
 * Notes something on a job that the construct claims. The claim is the permission. A job without it needs no note: after its failure, a stage starts another
 * attempt in any case, and no clean-up of the construct stops it.
 */
export async function note(job: JobKey, claimant: ClaimKey, tag: Tag, sagemaker: SageMakerApi): Promise<void> {
  if (!isUnclaimed(await tagsOf(sagemaker, job.arn), claimant)) { await addTags(sagemaker, job.arn, [tag]); }
}

/** The user's tags, then ours. Ours win, because jobs are found by them. */
function jobTags(user: readonly Tag[] | undefined, own: readonly Tag[]): Tag[] {
  const keys = new Set(own.map((tag) => tag.Key));
  return [...(user ?? []).filter((tag) => !keys.has(tag.Key)), ...own];
}

/** Whether a claim is exempt from a release. The id is the one that a job's attempts share. */
export type Spares = (id: string, tags: Tags) => boolean;

/** What of a construct's jobs is released. */
export interface Release {
  /** Ids of the jobs that stay. */
  readonly keep?: readonly string[];
  readonly spares?: Spares;
  /** The jobs to look at. @default - all that run in the construct's namespace */
  readonly names?: readonly string[];
}

/**
 * Gives up a construct's claims on running jobs. Stops each job that nobody else needs, and returns those that have not ended yet, as they were before.
 *
 * What a construct may have claimed is known by what looks after its jobs, and not by a physical id: CloudFormation invents an id if a Create was never
 * answered, and keeps an old id if an Update was never answered.
 */
export async function releaseJobs(
  family: JobFamily, claimant: Claimant, deps: JobsDeps, { keep = [], spares = () => false, names }: Release = {},
): Promise<Job[]> {
  const stopped: Job[] = [];
  for (const name of names ?? await runningIn(family, claimant, deps)) {
    const { id } = parseAttempt(name);
    const job = keep.includes(id) ? undefined : await family.describe(deps.sagemaker, name);
    if (!job || !isNonTerminal(job.phase)) { continue; }
    const isStopped = await unlessGone(family, name, deps.sagemaker, async () => {
      const tags = await tagsOf(deps.sagemaker, job.arn);
      if (!(claimOf(tags, claimant) || isLeaving(tags, claimant)) || spares(id, tags)) { return false; }
      return released(family, job, tags, claimant, deps);
    });
    if (isStopped) { stopped.push(job); }
  }
  return stopped;
}

/**
 * Gives up one claim on a running job. Whether the job was told to stop, because nobody else needs it. Two that leave at once both see the other's claim
 * at first, and one of them at least does not in the end.
 *
 * @param mayReturn whether a later deploy may claim the job again, because the construct itself stays
 */
export async function released(
  family: JobStopper, job: Job, tags: Tags, claimant: ClaimKey, deps: JobsDeps, { mayReturn = false } = {},
): Promise<boolean> {
  const { sagemaker, log } = deps;
  const stopping = stoppingTag(claimant, mayReturn);
  if (!isShared(tags, claimant) && await isStoppedAsLast(family, job, claimant, stopping, deps)) { return true; }
  if (isStarter(tags, claimant)) { await addTags(sagemaker, job.arn, [leftTag(claimant)]); }
  const mark = givenUpTag(claimant, mayReturn);
  await addTags(sagemaker, job.arn, [mark]);
  if (!isShared(await tagsOf(sagemaker, job.arn), claimant) && await isStoppedAsLast(family, job, claimant, stopping, deps)) { return true; }
  await takeAway(job, await tagsOf(sagemaker, job.arn), claimant, sagemaker, mayReturn ? [mark.Key] : []);
  log({ message: 'left to others', jobName: job.name });
  return false;
}

/** Whoever claims the job from now on waits until it has stopped, or until the mark is taken back. */
async function isStoppedAsLast(family: JobStopper, job: Job, claimant: ClaimKey, stopping: Tag, { sagemaker, log }: JobsDeps): Promise<boolean> {
  await addTags(sagemaker, job.arn, [stopping]);
  if (isShared(await tagsOf(sagemaker, job.arn), claimant)) {
    await deleteTags(sagemaker, job.arn, [STOPPING_TAG]);
    return false;
  }
  await stopJob(family, sagemaker, job.name);
  log({ message: 'stopped', jobName: job.name });
  return true;
}

/** Gives a construct's claim up. */
export async function unclaim(job: JobKey, tags: Tags, claimant: ClaimKey, sagemaker: SageMakerApi): Promise<void> {
  await addTags(sagemaker, job.arn, [givenUpTag(claimant)]);
  await takeAway(job, tags, claimant, sagemaker, []);
}

/** Takes away the marks of a claim that was given up, its notes, and the tag of its stack if no other construct of the stack needs it. */
async function takeAway(job: JobKey, tags: Tags, claimant: ClaimKey, sagemaker: SageMakerApi, marks: readonly string[]): Promise<void> {
  const keys = [...marks, ...ownKeys(tags, claimant), ...isShared(tags, claimant, claimant.StackKey) ? [] : [stackTag(claimant)]];
  if (keys.length === 0) { return; }
  try {
    await deleteTags(sagemaker, job.arn, keys);
  } catch (error) {
    // The claim is the permission: a call whose answer was lost is denied the second time.
    if (!isDenied(error) || stackTag(claimant) in await tagsOf(sagemaker, job.arn)) { throw error; }
  }
}

/** The names of the jobs that run in the construct's namespace, whoever claims them. */
async function runningIn(family: JobFamily, claimant: Claimant, deps: JobsDeps): Promise<string[]> {
  return (await jobsIn(family, claimant, deps)).filter(({ phase }) => isNonTerminal(phase)).map(({ name }) => name);
}

/** The jobs in the construct's namespace that were made after a time. By default, those that may still run. */
export async function jobsIn(
  family: JobFamily, { Namespace }: Claimant, { sagemaker, clock }: Pick<JobsDeps, 'sagemaker' | 'clock'>, since = new Date(clock.now() - LONGEST_MS),
): Promise<ListedJob[]> {
  return (await family.list(sagemaker, `${Namespace}-`, since)).filter(({ name }) => name.startsWith(`${Namespace}-`));
}

/** Requests the stop of a job. A job that has ended meanwhile or is gone is no error. */
async function stopJob(family: JobStopper, sagemaker: SageMakerApi, jobName: string): Promise<void> {
  try {
    await family.stop(sagemaker, jobName);
  } catch (error) {
    const job = await family.describe(sagemaker, jobName);
    if (job?.phase === 'running') { throw error; }
  }
}
