import { StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { FollowInput, FollowProperties } from '../../src/api/contract';
import { FOLLOW_SECONDS, POLL_SECONDS } from '../../src/api/waiting';
import type { Handled } from '../shared/custom-resource';
import { succeeded } from '../shared/custom-resource';
import type { Clock, StepFunctionsApi } from '../shared/deps';
import { errorName } from '../shared/errors';

interface FollowDeps {
  readonly stepFunctions: StepFunctionsApi;
  readonly clock: Clock;
}

type Event = CloudFormationCustomResourceEvent;

/**
 * Follows a job in the background. The physical id is the execution's name, so that CloudFormation itself ends the execution that is followed by
 * another, after an update or a rollback, and the last one with the stack.
 */
export async function follow(event: Event, deps: FollowDeps): Promise<Handled> {
  const properties = event.ResourceProperties as unknown as FollowProperties;
  if (event.RequestType === 'Delete') {
    await stopFollowing(properties.StateMachineArn, event.PhysicalResourceId, deps);
    return succeeded(event.PhysicalResourceId);
  }
  await startFollowing(properties.StateMachineArn, event.RequestId, {
    owner: { StackId: event.StackId, LogicalResourceId: properties.JobLogicalId },
    jobName: properties.JobName,
    recommendations: properties.Recommendations ?? [],
  }, deps);
  return succeeded(event.RequestId);
}

/** Named by what asks for it: a repeated delivery finds the execution of the first. */
export async function startFollowing(
  stateMachineArn: string, name: string, followed: Pick<FollowInput, 'owner' | 'jobName' | 'recommendations' | 'entries'>, deps: FollowDeps,
): Promise<void> {
  const input: FollowInput = {
    ...followed,
    purpose: 'publish',
    pollSeconds: POLL_SECONDS,
    deadline: new Date(deps.clock.now() + FOLLOW_SECONDS * 1000).toISOString(),
    lastStatus: 'NONE',
    job: { Status: 'PENDING' },
  };
  try {
    await deps.stepFunctions.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  } catch (error) {
    if (!errorName(error).startsWith('ExecutionAlreadyExists')) { throw error; }
  }
}

/** One that is over, or that an id of CloudFormation's own invention names, needs no stopping. */
async function stopFollowing(stateMachineArn: string, name: string, { stepFunctions }: FollowDeps): Promise<void> {
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  try {
    await stepFunctions.send(new StopExecutionCommand({ executionArn, cause: 'Nobody follows the job any more.' }));
  } catch (error) {
    if (!errorName(error).startsWith('ExecutionDoesNotExist') && errorName(error) !== 'InvalidArn') { throw error; }
  }
}
