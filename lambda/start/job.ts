import type { Change, StartDeps } from './deps';
import { ensureJob } from './ensure';
import { checkRequest, isSameContent, jobRequest, jobTags, toleratesFailure } from './request';
import { stopJobs } from './stop';
import { describeTarget } from './target';
import { JobProperties } from '../../src/contract/contract';
import { isJobId, jobId } from '../../src/contract/job-name';
import { Handled, succeeded } from '../runtime/custom-resource';
import { jobArn } from '../jobs/jobs';
import { isStartedBy, ownerTags } from '../runtime/ownership';
import { outlastPatience } from '../runtime/retry';
import { renewTags } from '../runtime/tags';

/** Finds the job of this content or starts it, and answers with an id that it can be stopped by. */
export async function startJob(event: Change, renewed: () => StartDeps): Promise<Handled> {
  try {
    return await ensured(event, renewed);
  } catch (error) {
    // What may have been started in spite of the error: a failed Create is followed by a Delete, a failed Update only by more of the old.
    if (event.RequestType === 'Update') { await stopJobs(event, renewed(), [event.PhysicalResourceId]).catch(() => {}); }
    throw error;
  }
}

async function ensured(event: Change, renewed: () => StartDeps): Promise<Handled> {
  let deps = renewed();
  const properties = event.ResourceProperties as unknown as JobProperties;
  const request = jobRequest(properties);
  const tags = jobTags(properties.Tags, ownerTags(event));
  const old = event.RequestType === 'Update' ? event.OldResourceProperties as unknown as JobProperties : undefined;
  // What is done is not looked at again: its package may be gone by now.
  const isSame = event.RequestType === 'Update' && isSameContent(properties, old!) && isJobId(event.PhysicalResourceId, event);
  const target = isSame ? undefined : await describeTarget(deps.sagemaker, request);
  const id = isSame ? event.PhysicalResourceId : jobId({
    stackId: event.StackId, logicalId: event.LogicalResourceId, trigger: properties.Trigger, request, targetCreated: target?.created,
  });
  const isCurrent = event.RequestType === 'Update' && id === event.PhysicalResourceId;
  // A failure that does not fail the stack, or did not: only another content asks for another job. A rollback comes with the old properties.
  const isTolerated = toleratesFailure(properties) || (isCurrent && toleratesFailure(old!));
  if (event.RequestType === 'Update') {
    // Whatever else runs is of no use any more: of a job that is done, nothing is lost.
    const stopped = await stopJobs(event, deps, [id]);
    // Back to what CloudFormation holds already: it has given up what was asked in between.
    if (isCurrent && !isSame && stopped.length === 0) {
      await outlastPatience(deps.clock);
      deps = renewed();
      await stopJobs(event, deps, [id]);
    }
  }
  const job = await ensureJob({
    id,
    request,
    tags,
    // The results of a job that the service has dropped since are in the stack already: not paid again.
    mayStart: (failed) => (failed ? !isTolerated && !isStartedBy(failed, event.RequestId) : !isCurrent),
    check: () => checkRequest(request, tags, target?.facts),
  }, deps);
  if (job && old) { await renewTags(deps.sagemaker, job.arn, properties.Tags, old.Tags); }
  return succeeded(id, { JobName: job?.name ?? id, JobArn: job?.arn ?? jobArn(event, id) });
}
