import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { JobFamily } from './job-family';
import { startingExecutions, stoppingExecutions } from './permissions';
import { Runtime } from './runtime';

/** What a resource needs whose deploy may wait for an approval. */
export interface ApprovalWaiting {
  /** The machine that asks the function again: the one that follows the family's jobs. */
  readonly machineArn: string;
  /** Lets the function start executions, end them, and look whether one still runs. Not in the function's role, which the machine waits for. */
  readonly policy: Construct;
}

/** Lets the function that chooses recommendations leave the wait for an approval to a machine. */
export function approvalWaiting(scope: Construct, family: JobFamily): ApprovalWaiting {
  const runtime = Runtime.of(scope);
  const [machineArn, executions] = [runtime.followMachineArn(family), runtime.followExecutions(family)];
  const policy = runtime.recommend(family).allowIn(runtime, [
    ...startingExecutions(scope, machineArn),
    ...stoppingExecutions(machineArn, executions),
    // Reason: sees whether a wait for an approval still runs.
    new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executions] }),
  ], `${family.idPrefix}WaitingPolicy`);
  return { machineArn, policy };
}
