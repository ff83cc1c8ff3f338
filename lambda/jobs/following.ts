import type { FollowInput } from '../../src/contract/recommend';
import { NOT_POLLED } from '../../src/contract/wait-end';
import { FOLLOW_SECONDS, POLL_SECONDS } from '../../src/contract/waiting';
import type { Clock } from '../runtime/deps';
import { errorName } from '../runtime/errors';
import { StartExecution, StepFunctionsApi } from '../runtime/executions';

/** Whether a new execution began. None begins if the name is taken, by a repeated delivery or by an execution that ended within 90 days. */
export async function beginExecution(stepFunctions: StepFunctionsApi, stateMachineArn: string, name: string, input: object): Promise<boolean> {
  try {
    await stepFunctions.send(new StartExecution({ stateMachineArn, name, input: JSON.stringify(input) }));
    return true;
  } catch (error) {
    if (!errorName(error).startsWith('ExecutionAlreadyExists')) { throw error; }
    return false;
  }
}

/** The name is computed from the request, so a repeated delivery finds the first execution and starts none. */
export async function startFollowing(
  stateMachineArn: string,
  name: string,
  followed: Pick<FollowInput, 'owner' | 'jobName' | 'recommendations' | 'entries'> & Partial<Pick<FollowInput, 'askedAt'>>,
  { stepFunctions, clock }: { readonly stepFunctions: StepFunctionsApi; readonly clock: Clock },
): Promise<boolean> {
  const input: FollowInput = {
    askedAt: '',
    ...followed,
    purpose: 'publish',
    pollSeconds: POLL_SECONDS,
    deadline: new Date(clock.now() + FOLLOW_SECONDS * 1000).toISOString(),
    lastStatus: NOT_POLLED,
    job: { Status: NOT_POLLED },
  };
  return beginExecution(stepFunctions, stateMachineArn, name, input);
}
