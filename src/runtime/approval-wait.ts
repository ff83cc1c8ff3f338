import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { InferenceRecommenderRuntime } from './inference-recommender-runtime';
import type { JobFamily } from './job-family';
import { Runtime } from './runtime';
import { KEY_ACTIONS, machineContext } from './runtime-options';

/** What a resource needs whose deploy may wait for an approval. */
export interface ApprovalWaiting {
  /** The machine that asks the function again: the one that follows the family's jobs. */
  readonly machineArn: string;
  /** Lets the function start executions. Not in the function's role, which the machine waits for. */
  readonly policy: Construct;
}

/** Lets the function that chooses recommendations leave the wait for an approval to a machine. */
export function approvalWaiting(scope: Construct, family: JobFamily): ApprovalWaiting {
  const runtime = Runtime.of(scope);
  const machineArn = runtime.followMachineArn(family);
  const key = InferenceRecommenderRuntime._optionsOf(Stack.of(scope))?.encryptionKey?.keyRef.keyArn;
  const policy = runtime.recommend(family).allowIn(runtime, [
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn] }),
    ...key ? [new PolicyStatement({ actions: KEY_ACTIONS, resources: [key], conditions: machineContext(Stack.of(scope)) })] : [],
  ], `${family.idPrefix}WaitingPolicy`);
  return { machineArn, policy };
}
