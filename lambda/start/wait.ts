import { Change, requestedAt, StartDeps, startExecution } from './execution';
import { toleratesFailure } from './start-job';
import { parseAttempt } from '../../src/contract/job-name';
import type { WaitProperties } from '../../src/contract/start';
import { POLL_SECONDS, STAGE_SECONDS } from '../../src/contract/waiting';
import type { JobFamily } from '../jobs/family';
import { ensureJob, jobIsGone, jobTags } from '../jobs/jobs';
import { askedBy, leftState } from '../runtime/asked';
import { ANSWERED_LATER, Handled, physicalIdOf, succeeded } from '../runtime/custom-resource';
import { UserError } from '../runtime/errors';
import { addTags, isOfStateAfter, isReportedBefore, ownerTags, reportedTag } from '../runtime/tags';

/** Answers at once if the job has ended. Otherwise an execution of the state machine answers later, or the next stage takes over. */
export async function waitForJob(family: JobFamily, event: Change, deps: StartDeps): Promise<Handled> {
  // Read here, before the calls that precede the execution.
  const requested = requestedAt(event, deps.clock.now());
  const properties = event.ResourceProperties as unknown as WaitProperties;
  const isImported = properties.IsImported === 'true';
  const name = isImported ? properties.JobName : await ensured(family, event, properties, deps);
  const job = name === undefined ? undefined : await family.describe(deps.sagemaker, name);
  if (!job) {
    const waitedBefore = event.RequestType === 'Update' && (event.OldResourceProperties as unknown as WaitProperties).JobName === properties.JobName;
    // The results are in the stack already, and nothing about the job has changed.
    if (waitedBefore) { return succeeded(physicalIdOf(event), { JobName: properties.JobName, JobArn: family.arn(event, properties.JobName) }); }
    throw new UserError(isImported
      ? `There is no job ${properties.JobName} in this account and Region: import an existing job by its name.`
      : jobIsGone(properties.JobName));
  }
  const isTolerated = job.phase === 'failed' && toleratesFailure(properties);
  // The same as for a failure during a stage: a later deploy without the fallback then starts another attempt.
  if (isTolerated && !isImported) { await addTags(deps.sagemaker, job.arn, [reportedTag(askedBy(event))]); }
  if (isTolerated || job.phase === 'completed') {
    return succeeded(physicalIdOf(event), { JobName: job.name, JobArn: job.arn });
  }
  await startExecution(family, event, deps, requested + STAGE_SECONDS * 1000, {
    purpose: 'wait',
    jobNames: [job.name],
    deletedNames: [],
    pollSeconds: POLL_SECONDS,
    lastStage: properties.Stage === properties.Stages,
    toleratesFailure: toleratesFailure(properties),
    isImported,
    isReturn: leftState(event) !== undefined,
  });
  return ANSWERED_LATER;
}

/** The attempt to wait for: the running or completed one, or a new one if a failure was reported to an earlier deploy. */
async function ensured(family: JobFamily, event: Change, properties: WaitProperties, deps: StartDeps): Promise<string | undefined> {
  const request = family.request(properties);
  const asked = askedBy(event);
  const left = leftState(event);
  const tags = jobTags(properties.Tags, ownerTags(event, asked, left === undefined ? properties.AskedAt : asked.at));
  const found = await ensureJob(family, {
    id: parseAttempt(properties.JobName).id,
    request,
    tags,
    mayStart: (failed) => failed !== undefined && !toleratesFailure(properties) && isReportedBefore(failed, asked)
      // A stage may return to an earlier state alone. Another attempt for that state would run without an owner.
      && (left === undefined || isOfStateAfter(failed, left)),
    check: () => family.check(request, tags),
  }, deps);
  return found?.name;
}
