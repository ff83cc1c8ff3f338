import type { Deps } from './deps';
import { errorMessage, errorName } from './errors';
import { Command, jsonCall } from './json-service';
import type { Config } from './signed';

export interface ExecutionListItem {
  readonly name: string;
  readonly executionArn: string;
  readonly startDate: Date;
}

export class StartExecution extends Command<{ readonly stateMachineArn: string; readonly name: string; readonly input: string }, void> {
  public readonly operation = 'StartExecution';
}

export class ListExecutions extends Command<
  { readonly stateMachineArn: string; readonly statusFilter: 'RUNNING'; readonly maxResults: number }, { readonly executions?: ExecutionListItem[] }> {
  public readonly operation = 'ListExecutions';
}

export class DescribeExecution extends Command<{ readonly executionArn: string }, { readonly input: string; readonly status: string }> {
  public readonly operation = 'DescribeExecution';
}

export class StopExecution extends Command<{ readonly executionArn: string; readonly cause: string }, void> {
  public readonly operation = 'StopExecution';
}

/** Sends a request to Step Functions. */
export interface StepFunctionsApi {
  send<Output>(command: Command<any, Output>): Promise<Output>;
}

function withDate(execution: Omit<ExecutionListItem, 'startDate'> & { readonly startDate: number }): ExecutionListItem {
  return { ...execution, startDate: new Date(execution.startDate * 1000) };
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
export function stepFunctionsExecutions(config: Config, given = process.env.AWS_ENDPOINT_URL_SFN ?? process.env.AWS_ENDPOINT_URL): StepFunctionsApi {
  return {
    async send({ operation, input }) {
      const answer = await jsonCall(config, { service: 'states', target: 'AWSStepFunctions', version: '1.0' }, given, operation, input);
      return operation === 'ListExecutions' ? { executions: (answer.executions ?? []).map(withDate) } : answer;
    },
  };
}

/** The running executions whose names have this prefix. */
export async function runningExecutions(stepFunctions: StepFunctionsApi, stateMachineArn: string, prefix: string): Promise<ExecutionListItem[]> {
  const { executions = [] } = await stepFunctions.send(new ListExecutions({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1000 }));
  return executions.filter(({ name }) => name.startsWith(prefix));
}

/** Which executions are of an earlier request. */
interface Earlier {
  readonly stateMachineArn: string;
  readonly prefix: string;
  /** Whether one stays, by its name. @default - none does */
  readonly keeps?: (name: string) => boolean;
  /** When the request was sent: an execution that began after it belongs to a later one. */
  readonly sent: number;
  readonly cause: string;
}

/** Ends the running executions of earlier requests. An error is ignored, because they also end by themselves. */
export async function stopEarlier(
  { stateMachineArn, prefix, keeps = () => false, sent, cause }: Earlier, { stepFunctions, log }: Pick<Deps, 'log'> & { readonly stepFunctions: StepFunctionsApi },
): Promise<void> {
  try {
    const running = await runningExecutions(stepFunctions, stateMachineArn, prefix);
    for (const { executionArn, name } of running.filter((one) => one.startDate.getTime() < sent && !keeps(one.name))) {
      await stepFunctions.send(new StopExecution({ executionArn, cause }));
      log({ message: 'stopped waiting', execution: name });
    }
  } catch (error) {
    log({ message: 'left waiting', error: errorName(error), reason: errorMessage(error) });
  }
}

/** Whether an execution runs. One that is not known any more does not. */
export async function isRunning(stepFunctions: StepFunctionsApi, stateMachineArn: string, name: string): Promise<boolean> {
  try {
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    return (await stepFunctions.send(new DescribeExecution({ executionArn }))).status === 'RUNNING';
  } catch (error) {
    if (!errorName(error).startsWith('ExecutionDoesNotExist')) { throw error; }
    return false;
  }
}
