import type { Change, StartDeps } from './deps';
import { ensureJob } from './ensure';
import { startExecution } from './execution';
import { checkRequest, jobRequest, jobTags, toleratesFailure } from './request';
import { WaitProperties } from '../../src/contract/contract';
import { parseAttempt } from '../../src/contract/job-name';
import { jobPhase } from '../../src/service/job-status';
import { LINK_SECONDS, POLL_SECONDS } from '../../src/contract/waiting';
import { ANSWERED_LATER, Handled, physicalIdOf, succeeded } from '../runtime/custom-resource';
import { UserError } from '../runtime/errors';
import { describeJob, jobArn, jobIsGone } from '../jobs/jobs';
import { isReportedBefore, ownerTags, reportedTag } from '../runtime/ownership';
import { addTags } from '../runtime/tags';

/** Ends at once where the job is over; otherwise an execution of the state machine answers once it is, or hands over to the next link. */
export async function waitForJob(event: Change, deps: StartDeps): Promise<Handled> {
  // CloudFormation's hour runs from here on, whatever the calls before the execution take.
  const arrived = deps.clock.now();
  const properties = event.ResourceProperties as unknown as WaitProperties;
  const isImported = properties.IsImported === 'true';
  const name = isImported ? properties.JobName : await ensured(event, properties, deps);
  const job = name === undefined ? undefined : await describeJob(deps.sagemaker, name);
  if (!job) {
    const waitedBefore = event.RequestType === 'Update' && (event.OldResourceProperties as unknown as WaitProperties).JobName === properties.JobName;
    // Its results are in the stack already, and nothing about the job has changed.
    if (waitedBefore) { return succeeded(physicalIdOf(event), { JobName: properties.JobName, JobArn: jobArn(event, properties.JobName) }); }
    throw new UserError(isImported
      ? `There is no job ${properties.JobName} in this account and Region: import one that is there, by its name.`
      : jobIsGone(properties.JobName));
  }
  const isTolerated = jobPhase(job.Status) === 'failed' && toleratesFailure(properties);
  // As where it fails while a link waits: whoever deploys without the fallback then asks for another attempt.
  if (isTolerated && !isImported) { await addTags(deps.sagemaker, job.JobArn!, [reportedTag(event.RequestId)]); }
  if (isTolerated || jobPhase(job.Status) === 'completed') {
    return succeeded(physicalIdOf(event), { JobName: job.JobName!, JobArn: job.JobArn! });
  }
  await startExecution(event, deps, arrived + LINK_SECONDS * 1000, {
    purpose: 'wait',
    jobNames: [job.JobName!],
    pollSeconds: POLL_SECONDS,
    lastLink: properties.Link === properties.Links,
    toleratesFailure: toleratesFailure(properties),
    isImported,
  });
  return ANSWERED_LATER;
}

/** The attempt to wait for: the one that runs or is done, or another where a failure was reported to a deploy before. */
async function ensured(event: Change, properties: WaitProperties, deps: StartDeps): Promise<string | undefined> {
  const request = jobRequest(properties);
  const tags = jobTags(properties.Tags, ownerTags(event));
  const found = await ensureJob({
    id: parseAttempt(properties.JobName).id,
    request,
    tags,
    mayStart: (failed) => failed !== undefined && !toleratesFailure(properties) && isReportedBefore(failed, event.RequestId),
    check: () => checkRequest(request, tags),
  }, deps);
  return found?.name;
}
