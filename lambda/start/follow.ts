import { createHash } from 'crypto';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { runningExecutions } from './execution';
import { canonical, constructPrefix } from '../../src/contract/job-name';
import type { FollowProperties } from '../../src/contract/start';
import { isNonTerminal } from '../../src/service/job-status';
import { Claimant, claimantOf, heldTag } from '../jobs/claims';
import type { JobFamily } from '../jobs/family';
import { startFollowing } from '../jobs/following';
import { unlessGone } from '../jobs/gone';
import { note } from '../jobs/jobs';
import { Handled, succeeded } from '../runtime/custom-resource';
import type { Clock, SageMakerApi } from '../runtime/deps';
import { errorName } from '../runtime/errors';
import { StepFunctionsApi, StopExecution } from '../runtime/executions';

interface FollowDeps {
  readonly sagemaker: SageMakerApi;
  readonly stepFunctions: StepFunctionsApi;
  readonly clock: Clock;
}

type Event = CloudFormationCustomResourceEvent;

/**
 * Follows a job in the background. The physical id is the execution's name, so CloudFormation itself ends a replaced execution, and the last
 * one with the stack. The name is computed from the followed content: a rollback finds the earlier execution, which still runs.
 */
export async function follow(family: JobFamily, event: Event, deps: FollowDeps): Promise<Handled> {
  const properties = event.ResourceProperties as unknown as FollowProperties;
  const { StateMachineArn, JobName, JobLogicalId, Recommendations } = properties;
  const prefix = constructPrefix(event.StackId, event.LogicalResourceId);
  const content = prefix + createHash('sha256').update(canonical([JobName, JobLogicalId, Recommendations])).digest('hex').slice(0, 16);
  if (event.RequestType === 'Delete') {
    // CloudFormation invented this id, so it is unknown which execution a Create started.
    const names = event.PhysicalResourceId.startsWith(prefix) ? [event.PhysicalResourceId] : await running(StateMachineArn, content, deps);
    for (const name of names) { await stopFollowing(StateMachineArn, name, deps); }
    return succeeded(event.PhysicalResourceId);
  }
  await hold(family, JobName, claimantOf({ StackId: event.StackId, LogicalResourceId: JobLogicalId }, properties), deps);
  const [found] = await running(StateMachineArn, content, deps);
  if (found) { return succeeded(found); }
  const followed = { owner: { StackId: event.StackId, LogicalResourceId: JobLogicalId }, jobName: JobName, recommendations: Recommendations ?? [] };
  if (await startFollowing(StateMachineArn, content, followed, deps)) { return succeeded(content); }
  // Followed before and given up: a name stays taken for 90 days.
  const again = `${content}-${event.RequestId}`;
  await startFollowing(StateMachineArn, again, followed, deps);
  return succeeded(again);
}

/** Exempts this job from the clean-up of an update, which stops the earlier job. */
async function hold(family: JobFamily, jobName: string, claimant: Claimant, { sagemaker }: FollowDeps): Promise<void> {
  const job = await family.describe(sagemaker, jobName);
  if (job && isNonTerminal(job.phase)) {
    await unlessGone(family, jobName, sagemaker, () => note(job, claimant, heldTag(claimant), sagemaker));
  }
}

/** Names of the running executions that follow the same content. */
async function running(stateMachineArn: string, content: string, { stepFunctions }: FollowDeps): Promise<string[]> {
  return (await runningExecutions(stepFunctions, stateMachineArn, content)).map(({ name }) => name);
}

/** An execution that is already gone is no error. */
async function stopFollowing(stateMachineArn: string, name: string, { stepFunctions }: FollowDeps): Promise<void> {
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  try {
    await stepFunctions.send(new StopExecution({ executionArn, cause: 'No resource follows the job any more.' }));
  } catch (error) {
    if (!errorName(error).startsWith('ExecutionDoesNotExist')) { throw error; }
  }
}
