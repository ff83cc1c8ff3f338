import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { ensureJob } from './ensure';
import { jobRequest, jobTags } from './request';
import { stopJobsOf, stopStrays } from './stop';
import { targetCreated } from './target';
import { ExecutionInput, JobProperties, WAIT_RESOURCE_TYPE, WaitProperties } from '../../src/api/contract';
import { jobId, parseAttempt } from '../../src/api/job-name';
import { jobPhase } from '../../src/api/job-status';
import { LINK_SECONDS, POLL_SECONDS, STOP_POLL_SECONDS, STOP_SECONDS } from '../../src/api/waiting';
import { ANSWERED_LATER, addressOf, Handled, physicalIdOf, serve, succeeded } from '../shared/custom-resource';
import type { Deps, StepFunctionsApi } from '../shared/deps';
import { errorName, UserError } from '../shared/errors';
import { describeJob } from '../shared/jobs';
import { isReportedBefore, isStartedBy, ownerTags } from '../shared/ownership';
import { withPatience } from '../shared/patience';
import { renewTags } from '../shared/tags';

export interface StartDeps extends Deps {
  readonly stepFunctions: StepFunctionsApi;
  readonly stateMachineArn: string;
}

type Event = CloudFormationCustomResourceEvent;

/** Starts and stops jobs, and starts the executions that wait for them. */
export function startHandler(deps: StartDeps): (event: Event) => Promise<void> {
  return (event) => serve(event, deps, () => {
    if (event.ResourceType === WAIT_RESOURCE_TYPE) {
      return event.RequestType === 'Delete' ? Promise.resolve(succeeded(event.PhysicalResourceId)) : waitForJob(event, deps);
    }
    return event.RequestType === 'Delete' ? stop(event, deps) : start(event, deps);
  });
}

async function start(event: Exclude<Event, { RequestType: 'Delete' }>, deps: StartDeps): Promise<Handled> {
  const properties = event.ResourceProperties as unknown as JobProperties;
  const request = jobRequest(properties);
  const id = jobId({
    stackId: event.StackId,
    logicalId: event.LogicalResourceId,
    trigger: properties.Trigger,
    request,
    targetCreated: await withPatience(deps.clock, () => targetCreated(deps.sagemaker, request)),
  });
  if (event.RequestType === 'Update') { await stopStrays([id, event.PhysicalResourceId], event, deps); }

  const isCurrent = event.RequestType === 'Update' && id === event.PhysicalResourceId;
  const job = await ensureJob(id, request, jobTags(properties.Tags, ownerTags(event)), deps,
    // The results of a job that the service has dropped since are in the stack already: not paid again.
    (failed) => (failed ? !isStartedBy(failed, event.RequestId) : !isCurrent));
  if (!job) { return succeeded(id, { JobName: id, JobArn: '' }); }
  if (event.RequestType === 'Update') {
    await renewTags(deps.sagemaker, job.arn, properties.Tags, (event.OldResourceProperties as unknown as JobProperties).Tags);
  }
  return succeeded(id, { JobName: job.name, JobArn: job.arn });
}

async function waitForJob(event: Exclude<Event, { RequestType: 'Delete' }>, deps: StartDeps): Promise<Handled> {
  const properties = event.ResourceProperties as unknown as WaitProperties;
  const { id } = parseAttempt(properties.JobName);
  const request = jobRequest(properties);
  const found = await ensureJob(id, request, jobTags(properties.Tags, ownerTags(event)), deps,
    // A failure that the stack was told of before: whoever deploys again asks for another attempt.
    (failed) => failed !== undefined && isReportedBefore(failed, event.RequestId));
  const job = found && await describeJob(deps.sagemaker, found.name);
  if (!job) { throw new UserError(`Job ${id} is gone: SageMaker no longer knows it. Change the job's 'trigger' to run it again.`); }
  if (jobPhase(job.Status) === 'completed') {
    return succeeded(physicalIdOf(event), { JobName: job.JobName!, JobArn: job.JobArn! });
  }
  await startExecution(event, deps, {
    purpose: 'wait',
    jobNames: [job.JobName!],
    pollSeconds: POLL_SECONDS,
    deadline: inSeconds(deps, LINK_SECONDS),
    lastLink: properties.Link === properties.Links,
  });
  return ANSWERED_LATER;
}

async function stop(event: Event & { RequestType: 'Delete' }, deps: StartDeps): Promise<Handled> {
  const stopping = await stopJobsOf(event.PhysicalResourceId, event, deps);
  if (stopping.length === 0) { return succeeded(event.PhysicalResourceId); }
  await startExecution(event, deps, {
    purpose: 'stop',
    jobNames: stopping,
    pollSeconds: STOP_POLL_SECONDS,
    deadline: inSeconds(deps, STOP_SECONDS),
    lastLink: true,
  });
  return ANSWERED_LATER;
}

/** Named from the request: a repeated delivery finds the execution of the first. */
async function startExecution(event: Event, deps: StartDeps, input: Omit<ExecutionInput, 'address' | 'jobName' | 'job'>): Promise<void> {
  const whole: ExecutionInput = { ...input, address: addressOf(event), jobName: input.jobNames[0], job: { Status: 'PENDING' } };
  try {
    await deps.stepFunctions.send(new StartExecutionCommand({
      stateMachineArn: deps.stateMachineArn, name: event.RequestId, input: JSON.stringify(whole),
    }));
  } catch (error) {
    if (!errorName(error).startsWith('ExecutionAlreadyExists')) { throw error; }
  }
}

function inSeconds(deps: StartDeps, seconds: number): string {
  return new Date(deps.clock.now() + seconds * 1000).toISOString();
}
