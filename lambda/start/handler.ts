import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { ensureJob } from './ensure';
import { startExecution } from './execution';
import { checkRequest, isSameContent, jobRequest, jobTags } from './request';
import { stopJobs } from './stop';
import { describeTarget } from './target';
import { JobProperties, WAIT_RESOURCE_TYPE, WaitProperties } from '../../src/api/contract';
import { isJobId, jobId, parseAttempt } from '../../src/api/job-name';
import { jobPhase } from '../../src/api/job-status';
import { LINK_SECONDS, POLL_SECONDS, STOP_POLL_SECONDS, STOP_SECONDS } from '../../src/api/waiting';
import { ANSWERED_LATER, Handled, physicalIdOf, serve, succeeded } from '../shared/custom-resource';
import type { Deps, StepFunctionsApi } from '../shared/deps';
import { UserError } from '../shared/errors';
import { describeJob, jobIsGone } from '../shared/jobs';
import { isReportedBefore, isStartedBy, ownerTags } from '../shared/ownership';
import { patient } from '../shared/patience';
import { renewTags } from '../shared/tags';

export interface StartDeps extends Deps {
  readonly stepFunctions: StepFunctionsApi;
  readonly stateMachineArn: string;
}

type Event = CloudFormationCustomResourceEvent;
type Change = Exclude<Event, { RequestType: 'Delete' }>;

/** Starts and stops jobs, and starts the executions that wait for them. */
export function startHandler(deps: StartDeps): (event: Event) => Promise<void> {
  const withPatience = { ...deps, stepFunctions: patient(deps.stepFunctions, deps.clock) };
  return (event) => serve(event, withPatience, (given) => {
    if (event.ResourceType === WAIT_RESOURCE_TYPE) {
      return event.RequestType === 'Delete' ? Promise.resolve(succeeded(event.PhysicalResourceId)) : waitForJob(event, given);
    }
    return event.RequestType === 'Delete' ? stop(event, given) : start(event, given);
  });
}

async function start(event: Change, deps: StartDeps): Promise<Handled> {
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
  if (event.RequestType === 'Update') { await stopJobs(event, deps, [id, event.PhysicalResourceId]); }
  try {
    const job = await ensureJob({
      id,
      request,
      tags,
      // The results of a job that the service has dropped since are in the stack already: not paid again.
      mayStart: (failed) => (failed ? !isStartedBy(failed, event.RequestId) : !isCurrent),
      check: () => checkRequest(request, tags, target?.facts),
    }, deps);
    if (job && old) { await renewTags(deps.sagemaker, job.arn, properties.Tags, old.Tags); }
    return succeeded(id, { JobName: job?.name ?? id, JobArn: job?.arn ?? '' });
  } catch (error) {
    // What may have been started in spite of the error: a failed Create is followed by a Delete, a failed Update only by more of the old.
    if (event.RequestType === 'Update' && !isCurrent) { await stopJobs(event, deps, [event.PhysicalResourceId]).catch(() => {}); }
    throw error;
  }
}

async function waitForJob(event: Change, deps: StartDeps): Promise<Handled> {
  // CloudFormation's hour runs from here on, whatever the calls before the execution take.
  const arrived = deps.clock.now();
  const properties = event.ResourceProperties as unknown as WaitProperties;
  const { id } = parseAttempt(properties.JobName);
  const request = jobRequest(properties);
  const tags = jobTags(properties.Tags, ownerTags(event));
  const found = await ensureJob({
    id,
    request,
    tags,
    // A failure that the stack was told of before: whoever deploys again asks for another attempt.
    mayStart: (failed) => failed !== undefined && isReportedBefore(failed, event.RequestId),
    check: () => checkRequest(request, tags),
  }, deps);
  const job = found && await describeJob(deps.sagemaker, found.name);
  if (!job) {
    const waitedBefore = event.RequestType === 'Update' && (event.OldResourceProperties as unknown as WaitProperties).JobName === properties.JobName;
    // Its results are in the stack already, and nothing about the job has changed.
    if (waitedBefore) { return succeeded(physicalIdOf(event), { JobName: properties.JobName, JobArn: '' }); }
    throw new UserError(jobIsGone(id));
  }
  if (jobPhase(job.Status) === 'completed') {
    return succeeded(physicalIdOf(event), { JobName: job.JobName!, JobArn: job.JobArn! });
  }
  await startExecution(event, deps, arrived + LINK_SECONDS * 1000, {
    purpose: 'wait',
    jobNames: [job.JobName!],
    pollSeconds: POLL_SECONDS,
    lastLink: properties.Link === properties.Links,
  });
  return ANSWERED_LATER;
}

async function stop(event: Event & { RequestType: 'Delete' }, deps: StartDeps): Promise<Handled> {
  const arrived = deps.clock.now();
  const stopping = await stopJobs(event, deps);
  if (stopping.length === 0) { return succeeded(event.PhysicalResourceId); }
  await startExecution(event, deps, arrived + STOP_SECONDS * 1000, {
    purpose: 'stop',
    jobNames: stopping,
    pollSeconds: STOP_POLL_SECONDS,
    lastLink: true,
  });
  return ANSWERED_LATER;
}
