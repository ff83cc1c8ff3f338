import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { Change, StartDeps } from './execution';
import { laterThan } from './stop';
import { isJobId, jobId, canonical } from '../../src/contract/job-name';
import type { JobProperties } from '../../src/contract/start';
import type { JobFamily } from '../jobs/family';
import { ensureJob, jobTags, stopJobs } from '../jobs/jobs';
import { askedBy } from '../runtime/asked';
import { Handled, physicalIdOf, succeeded } from '../runtime/custom-resource';
import { mayPass } from '../runtime/errors';
import { OutOfTime, outlastRetryBudget } from '../runtime/retry';
import { isStartedSince, ownerTags, renewTags } from '../runtime/tags';

/** Finds the job of this content or starts it. The answer's id identifies the job for a later stop. */
export async function startJob(family: JobFamily, event: Change, renewed: () => StartDeps): Promise<Handled> {
  try {
    return await ensured(family, event, renewed);
  } catch (error) {
    // The error may come after the job has started. A Delete follows a failed Create, but nothing stops the job of a failed Update.
    if (event.RequestType === 'Update') { await stopEarlier(family, event, renewed(), event.PhysicalResourceId).catch(() => {}); }
    throw error;
  }
}

async function ensured(family: JobFamily, event: Change, renewed: () => StartDeps): Promise<Handled> {
  let deps = renewed();
  const properties = event.ResourceProperties as unknown as JobProperties;
  const request = family.request(properties);
  const asked = askedBy(event);
  const tags = jobTags(properties.Tags, ownerTags(event, asked));
  const old = event.RequestType === 'Update' ? event.OldResourceProperties as unknown as JobProperties : undefined;
  // A job that has ended is not checked again: its package may be gone by now.
  const isSame = event.RequestType === 'Update' && isSameContent(family, properties, old!) && isJobId(event.PhysicalResourceId, event);
  const target = isSame ? undefined : await family.target(deps.sagemaker, request);
  const id = isSame ? event.PhysicalResourceId : jobId({
    stackId: event.StackId,
    logicalId: event.LogicalResourceId,
    trigger: properties.Trigger,
    counted: family.counted(request),
    targetCreated: target?.created,
  });
  const isCurrent = event.RequestType === 'Update' && id === event.PhysicalResourceId;
  // A failure that does not fail the stack: only changed content starts a new job. A rollback comes with the old properties.
  const isTolerated = toleratesFailure(properties) || (isCurrent && toleratesFailure(old!));
  // No other running job is needed any more. Nothing is lost of a job that has ended. A Create meets one if the Delete of an earlier Create has failed.
  const stopped = await stopEarlier(family, event, deps, id);
  // A rollback to the job that CloudFormation holds: the update in between has failed.
  if (isCurrent && !isSame && stopped.length === 0) {
    await outlastRetryBudget(deps.clock);
    deps = renewed();
    await stopEarlier(family, event, deps, id);
  }
  const job = await ensureJob(family, {
    id,
    request,
    tags,
    // If the service has dropped the job, its results are in the stack already and are not paid for again.
    mayStart: (failed) => (failed ? !isTolerated && !isStartedSince(failed, asked) : !isCurrent),
    check: () => family.check(request, tags, target),
  }, deps);
  if (job && old) { await renewTags(deps.sagemaker, job.arn, properties.Tags, old.Tags); }
  return succeeded(id, { JobName: job?.name ?? id, JobArn: job?.arn ?? family.arn(event, id), AskedAt: asked.at });
}

/**
 * If a Create fails for a reason that may pass, a repeated delivery of it may still start the job. The id then tells the Delete to wait for that: it is
 * neither the id of a job nor that of a Create which failed for good.
 */
export function failedStartId(event: CloudFormationCustomResourceEvent, error: unknown): string {
  const mayStart = event.RequestType === 'Create' && (mayPass(error) || error instanceof OutOfTime);
  return physicalIdOf(event) + (mayStart ? '-unsettled' : '');
}

/** Stops every other job of the construct, but none that a later request started: then this event comes late, or once more. */
function stopEarlier(family: JobFamily, event: Change, deps: StartDeps, kept: string): Promise<string[]> {
  return stopJobs(family, event, deps, [kept], laterThan(event));
}

/** Whether two states of the properties mean the same job. CloudFormation delivers both in the same form, so neither needs the API's types. */
function isSameContent(family: JobFamily, properties: JobProperties, old: JobProperties): boolean {
  const [now, before] = [properties, old].map(({ Trigger, Request }) => canonical([Trigger ?? '', family.counted(Request ?? {})]));
  return now === before;
}

export function toleratesFailure(properties: JobProperties): boolean {
  return properties.ToleratesFailure === 'true';
}
