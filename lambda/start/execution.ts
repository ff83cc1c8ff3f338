import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { ExecutionInput } from '../../src/api/contract';
import { addressOf } from '../shared/custom-resource';
import type { StepFunctionsApi } from '../shared/deps';
import { errorName } from '../shared/errors';

interface ExecutionDeps {
  readonly stepFunctions: StepFunctionsApi;
  readonly stateMachineArn: string;
}

/** Named from the request: a repeated delivery finds the execution of the first. */
export async function startExecution(
  event: CloudFormationCustomResourceEvent, deps: ExecutionDeps, until: number, input: Omit<ExecutionInput, 'address' | 'jobName' | 'job' | 'deadline'>,
): Promise<void> {
  const whole: ExecutionInput = { ...input, deadline: new Date(until).toISOString(), address: addressOf(event), jobName: input.jobNames[0], job: { Status: 'PENDING' } };
  try {
    await deps.stepFunctions.send(new StartExecutionCommand({
      stateMachineArn: deps.stateMachineArn, name: event.RequestId, input: JSON.stringify(whole),
    }));
  } catch (error) {
    if (!errorName(error).startsWith('ExecutionAlreadyExists')) { throw error; }
  }
}
