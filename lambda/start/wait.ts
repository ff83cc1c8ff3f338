import { Change, requestedAt, StartDeps, startExecution, watchJob } from './execution';
import { toleratesFailure } from './start-job';
import { parseAttempt } from '../../src/contract/job-name';
import type { WaitProperties } from '../../src/contract/start';
import { MAX_JOB_SECONDS } from '../../src/service/job-rules';
import { isNonTerminal } from '../../src/service/job-status';
import { beforeStart, maxSecondsOf } from '../jobs/before-start';
import { Claimant, claimantOf, isGivenUp, isLostToOther, isOfStateAfter, isReportedBefore, isUnclaimed, keyOf, reportedTag } from '../jobs/claims';
import { jobIsGone } from '../jobs/failure';
import type { Job, JobFamily } from '../jobs/family';
import { tagsUnlessGone, unlessGone } from '../jobs/gone';
import { ensureJob, hasFailed, note, overdueAt } from '../jobs/jobs';
import { paceOf, stageEnd } from '../jobs/pace';
import { askedBy, leftState } from '../runtime/asked';
import { ANSWERED_LATER, Handled, physicalIdOf, succeeded } from '../runtime/custom-resource';
import { UserError } from '../runtime/errors';
import type { Tags } from '../runtime/tags';

/** Answers at once if the job has ended. Otherwise an execution of the state machine answers later, or the next stage takes over. */
export async function waitForJob(family: JobFamily, event: Change, deps: StartDeps): Promise<Handled> {
  // Read here, before the calls that precede the execution.
  const requested = requestedAt(event, deps.clock.now());
  const properties = event.ResourceProperties as unknown as WaitProperties;
  const isImported = properties.IsImported === 'true';
  const name = isImported ? properties.JobName : await ensured(family, event, properties, deps);
  const job = name === undefined ? undefined : await family.describe(deps.sagemaker, name);
  if (!job || (hasFailed(job) && await isOwnGone(family, job, event, deps))) {
    const waitedBefore = event.RequestType === 'Update' && (event.OldResourceProperties as unknown as WaitProperties).JobName === properties.JobName;
    // The results are in the stack already, and nothing about the job has changed.
    if (waitedBefore) { return succeeded(physicalIdOf(event), { JobName: properties.JobName, JobArn: family.arn(event, properties.JobName) }); }
    throw new UserError(isImported
      ? `There is no job ${properties.JobName} in this account and Region: import an existing job by its name.`
      : jobIsGone(properties.JobName));
  }
  const isTolerated = job.phase === 'failed' && toleratesFailure(properties);
  // The same as for a failure during a stage: a later deploy without the fallback then starts another attempt.
  if (isTolerated && !isImported) {
    const reported = reportedTag(keyOf(claimantIn(event)), askedBy(event), properties.Stage);
    await unlessGone(family, job.name, deps.sagemaker, () => note(job, claimantIn(event), reported, deps.sagemaker));
  }
  if (isTolerated || job.phase === 'completed') {
    return succeeded(physicalIdOf(event), { JobName: job.name, JobArn: job.arn });
  }
  const maxSeconds = maxSecondsOf(properties);
  const pace = paceOf(job.created, family.earliestSeconds?.(family.request(properties)), await runningJobs(family, deps));
  await startExecution(family, event, deps, Math.min(stageEnd(requested, pace), overdueAt(job, maxSeconds)), {
    purpose: 'wait',
    requested,
    jobNames: [job.name],
    deletedNames: [],
    ...pace,
    stage: properties.Stage,
    lastStage: properties.Stage === properties.Stages,
    toleratesFailure: toleratesFailure(properties),
    isReturn: leftState(event) !== undefined,
    claimant: isImported ? undefined : claimantIn(event),
    maxSeconds,
  });
  return ANSWERED_LATER;
}

/** A page of jobs, and how many there may be if all of it run: what is counted must cost little where calls are scarce. */
const [PAGE, MANY] = [100, 300];

/** How many jobs of the account run now. If the service does not say it, the job is polled as if it were alone. */
async function runningJobs(family: JobFamily, { sagemaker, clock }: StartDeps): Promise<number> {
  const since = new Date(clock.now() - MAX_JOB_SECONDS * 1000);
  const listed = await family.list(sagemaker, undefined, since, PAGE).catch(() => undefined);
  const running = listed?.filter(({ phase }) => isNonTerminal(phase)).length ?? 1;
  return running < PAGE ? running : MANY;
}

/** The attempt to wait for: the running or completed one, or a new one if a failure was reported to an earlier deploy, or others were its reason. */
async function ensured(family: JobFamily, event: Change, properties: WaitProperties, deps: StartDeps): Promise<string | undefined> {
  const request = family.request(properties);
  const asked = askedBy(event);
  const left = leftState(event);
  const claimant = claimantIn(event);
  const state = left === undefined ? properties.AskedAt : asked.at;
  // On a failed attempt that the construct does not claim, nothing can be noted, so no deploy could ever go on from it. The stage still needs a job, unless
  // its construct has left the one that the stage was told of. Where that one is gone, its results may be in the stack already.
  const isOfOthers = async (failed: Tags) => {
    if (!isUnclaimed(failed, claimant)) { return false; }
    const told = await family.describe(deps.sagemaker, properties.JobName);
    const tags = told && await tagsUnlessGone(family, told, deps.sagemaker);
    return tags !== undefined && !isGivenUp(tags, claimant);
  };
  const found = await ensureJob(family, {
    id: parseAttempt(properties.JobName).id,
    claimant,
    asked,
    state,
    told: properties.JobName,
    requestType: event.RequestType,
    request,
    tags: properties.Tags,
    mayStart: async (failed) => failed !== undefined && !toleratesFailure(properties)
      && (isReportedBefore(failed, claimant, asked, properties.Stage) || isLostToOther(failed, claimant) || await isOfOthers(failed))
      // A stage may return to an earlier state alone. Another attempt for that state would run without an owner.
      && (left === undefined || isOfStateAfter(failed, claimant, left)),
    check: async (planned) => beforeStart(family, { ...planned, target: await family.target(deps.sagemaker, request) }, properties, deps),
    watch: (jobName) => watchJob(family, claimant, jobName, deps, maxSecondsOf(properties)),
  }, deps);
  return found?.name;
}

/** Whether the service has dropped the stage's own attempt, and only a failed one is left: an earlier one, or one that the construct does not claim. */
async function isOwnGone(family: JobFamily, left: Job, event: Change, { sagemaker }: StartDeps): Promise<boolean> {
  const { JobName } = event.ResourceProperties as unknown as WaitProperties;
  if (left.name === JobName) { return false; }
  if (parseAttempt(left.name).attempt < parseAttempt(JobName).attempt) { return true; }
  return !await family.describe(sagemaker, JobName) && isUnclaimed(await tagsUnlessGone(family, left, sagemaker) ?? {}, claimantIn(event));
}

/** The construct whose stage an event is about. */
function claimantIn(event: Change): Claimant {
  const properties = event.ResourceProperties as unknown as WaitProperties;
  return claimantOf({ StackId: event.StackId, LogicalResourceId: properties.JobLogicalId! }, properties);
}
