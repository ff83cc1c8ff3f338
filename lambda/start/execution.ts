import { ExecutionListItem, ListExecutionsCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { constructPrefix } from '../../src/contract/job-name';
import type { WaitInput } from '../../src/contract/wait-end';
import type { JobDeps, JobFamily } from '../jobs/family';
import { addressOf } from '../runtime/custom-resource';
import type { StepFunctionsApi } from '../runtime/deps';
import { errorMessage, errorName } from '../runtime/errors';

/** What this function is given besides what every handler is. */
export interface StartDeps extends JobDeps {
  readonly stepFunctions: StepFunctionsApi;
  /** The state machine that waits for a family's jobs. */
  readonly waitMachineArn: (family: string) => string;
}

/** Any event but Delete. */
export type Change = Exclude<CloudFormationCustomResourceEvent, { RequestType: 'Delete' }>;

/** Named from the resource and the request: a repeated delivery finds the execution of the first. */
export async function startExecution(
  { name: family }: JobFamily, event: CloudFormationCustomResourceEvent, { stepFunctions, waitMachineArn }: StartDeps, until: number,
  input: Omit<WaitInput, 'family' | 'address' | 'jobName' | 'job' | 'deadline'>,
): Promise<void> {
  const whole: WaitInput = {
    ...input, family, deadline: new Date(until).toISOString(), address: addressOf(event), jobName: input.jobNames[0], job: { Status: 'PENDING' },
  };
  await beginExecution(stepFunctions, waitMachineArn(family), prefixOf(event) + event.RequestId, whole);
}

/** Gives whether it is a new one: where the name is taken, by a repeated delivery or by what has ended within 90 days, none begins. */
export async function beginExecution(stepFunctions: StepFunctionsApi, stateMachineArn: string, name: string, input: object): Promise<boolean> {
  try {
    await stepFunctions.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    return true;
  } catch (error) {
    if (!errorName(error).startsWith('ExecutionAlreadyExists')) { throw error; }
    return false;
  }
}

/** The running executions whose names begin so. */
export async function runningExecutions(stepFunctions: StepFunctionsApi, stateMachineArn: string, prefix: string): Promise<ExecutionListItem[]> {
  const { executions = [] } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1000 }));
  return executions.filter(({ name }) => name!.startsWith(prefix));
}

/**
 * Ends the executions that still wait for a stage that is deleted. An execution that began after the event was sent is left alone: the event is a repeated
 * one then, and the stage has been made again. An error here fails nothing: the execution ends with its job, too.
 */
export async function stopWaiting({ name: family }: JobFamily, event: CloudFormationCustomResourceEvent, deps: StartDeps): Promise<void> {
  const sent = sentAt(event.ResponseURL);
  if (sent === undefined) { return; }
  try {
    const running = await runningExecutions(deps.stepFunctions, deps.waitMachineArn(family), prefixOf(event));
    const before = running.filter(({ startDate }) => startDate!.getTime() < sent);
    for (const { executionArn, name } of before) {
      await deps.stepFunctions.send(new StopExecutionCommand({ executionArn, cause: 'The resource that waits is being deleted.' }));
      deps.log({ message: 'stopped waiting', execution: name });
    }
  } catch (error) {
    deps.log({ message: 'left waiting', error: errorName(error), reason: errorMessage(error) });
  }
}

function prefixOf({ StackId, LogicalResourceId }: CloudFormationCustomResourceEvent): string {
  return constructPrefix(StackId, LogicalResourceId);
}

/**
 * When CloudFormation signed an answer's URL, in milliseconds since 1970, if it says so. The event itself does not.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (X-Amz-Date)
 */
function sentAt(responseUrl: string): number | undefined {
  const [, ...parts] = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(new URL(responseUrl).searchParams.get('X-Amz-Date') ?? '') ?? [];
  const [year, month, ...rest] = parts.map(Number);
  return parts.length > 0 ? Date.UTC(year, month - 1, ...rest) : undefined;
}
