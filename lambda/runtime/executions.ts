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

export class DescribeExecution extends Command<{ readonly executionArn: string }, { readonly input: string }> {
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
