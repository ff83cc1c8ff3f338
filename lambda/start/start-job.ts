import { Change, StartDeps } from './execution';
import { isJobId, jobId, canonical } from '../../src/contract/job-name';
import type { JobProperties } from '../../src/contract/start';
import type { JobFamily } from '../jobs/family';
import { ensureJob, jobTags, stopJobs } from '../jobs/jobs';
import { Handled, succeeded } from '../runtime/custom-resource';
import { outlastRetryBudget } from '../runtime/retry';
import { isStartedBy, ownerTags, renewTags } from '../runtime/tags';

/** Finds the job of this content or starts it. The answer's id identifies the job for a later stop. */
export async function startJob(family: JobFamily, event: Change, renewed: () => StartDeps): Promise<Handled> {
  try {
    return await ensured(family, event, renewed);
  } catch (error) {
    // The error may come after the job has started. A Delete follows a failed Create, but nothing stops the job of a failed Update.
    if (event.RequestType === 'Update') { await stopJobs(family, event, renewed(), [event.PhysicalResourceId]).catch(() => {}); }
    throw error;
  }
}

async function ensured(family: JobFamily, event: Change, renewed: () => StartDeps): Promise<Handled> {
  let deps = renewed();
  const properties = event.ResourceProperties as unknown as JobProperties;
  const request = family.request(properties);
  const tags = jobTags(properties.Tags, ownerTags(event));
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
  if (event.RequestType === 'Update') {
    // No other running job is needed any more. Nothing is lost of a job that has ended.
    const stopped = await stopJobs(family, event, deps, [id]);
    // A rollback to the job that CloudFormation holds: the update in between has failed.
    if (isCurrent && !isSame && stopped.length === 0) {
      await outlastRetryBudget(deps.clock);
      deps = renewed();
      await stopJobs(family, event, deps, [id]);
    }
  }
  const job = await ensureJob(family, {
    id,
    request,
    tags,
    // If the service has dropped the job, its results are in the stack already and are not paid for again.
    mayStart: (failed) => (failed ? !isTolerated && !isStartedBy(failed, event.RequestId) : !isCurrent),
    check: () => family.check(request, tags, target),
  }, deps);
  if (job && old) { await renewTags(deps.sagemaker, job.arn, properties.Tags, old.Tags); }
  return succeeded(id, { JobName: job?.name ?? id, JobArn: job?.arn ?? family.arn(event, id) });
}

/** Whether two states of the properties mean the same job. CloudFormation delivers both in the same form, so neither needs the API's types. */
function isSameContent(family: JobFamily, properties: JobProperties, old: JobProperties): boolean {
  const [now, before] = [properties, old].map(({ Trigger, Request }) => canonical([Trigger ?? '', family.counted(Request ?? {})]));
  return now === before;
}

export function toleratesFailure(properties: JobProperties): boolean {
  return properties.ToleratesFailure === 'true';
}
