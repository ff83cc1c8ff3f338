import { ExecutionListItem, ListExecutionsCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { ExecutionInput } from '../../src/contract/contract';
import { constructPrefix } from '../../src/contract/job-name';
import { addressOf } from '../runtime/custom-resource';
import type { Deps, StepFunctionsApi } from '../runtime/deps';
import { errorMessage, errorName } from '../runtime/errors';

/** A state machine, and who is asked about it. */
export interface ExecutionDeps {
  readonly stepFunctions: StepFunctionsApi;
  readonly stateMachineArn: string;
}

/** Named from the resource and the request: a repeated delivery finds the execution of the first. */
export async function startExecution(
  event: CloudFormationCustomResourceEvent, deps: ExecutionDeps, until: number, input: Omit<ExecutionInput, 'address' | 'jobName' | 'job' | 'deadline'>,
): Promise<void> {
  const whole: ExecutionInput = { ...input, deadline: new Date(until).toISOString(), address: addressOf(event), jobName: input.jobNames[0], job: { Status: 'PENDING' } };
  await beginExecution(deps, prefixOf(event) + event.RequestId, whole);
}

/** Gives whether it is a new one: where the name is taken, by a repeated delivery or by what has ended within 90 days, none begins. */
export async function beginExecution({ stepFunctions, stateMachineArn }: ExecutionDeps, name: string, input: object): Promise<boolean> {
  try {
    await stepFunctions.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    return true;
  } catch (error) {
    if (!errorName(error).startsWith('ExecutionAlreadyExists')) { throw error; }
    return false;
  }
}

/** The running executions whose names begin so. */
export async function runningExecutions({ stepFunctions, stateMachineArn }: ExecutionDeps, prefix: string): Promise<ExecutionListItem[]> {
  const { executions = [] } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1000 }));
  return executions.filter(({ name }) => name!.startsWith(prefix));
}

/**
 * Ends what still waits for a link that goes: nobody is told any more. What began after the event was sent is left alone: it is a repeated one then, and
 * the link has been made again. Not worth failing for: what waits ends with its job, too.
 */
export async function stopWaiting(event: CloudFormationCustomResourceEvent, deps: ExecutionDeps & Pick<Deps, 'log'>): Promise<void> {
  const sent = sentAt(event.ResponseURL);
  if (sent === undefined) { return; }
  try {
    const before = (await runningExecutions(deps, prefixOf(event))).filter(({ startDate }) => startDate!.getTime() < sent);
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
