import { DescribeModelPackageCommand, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Decision } from './decide';
import { approvalDescription } from '../../src/contract/approval';
import type { Owner } from '../../src/contract/custom-resource';
import { APPROVAL_NEEDED, ApprovalNeeded, EVENT_SOURCE } from '../../src/contract/events';
import { constructPrefix } from '../../src/contract/job-name';
import { APPROVALS, ApprovalWait, RecommendationProperties } from '../../src/contract/recommend';
import { APPROVAL_PAUSE_SECONDS, SERVICE_TIMEOUT_SECONDS } from '../../src/contract/waiting';
import { SKIP } from '../jobs/failure';
import { beginExecution } from '../jobs/following';
import type { Attributes } from '../runtime/answer';
import { askedBy } from '../runtime/asked';
import type { Clock, SageMakerDeps } from '../runtime/deps';
import { isNotFound } from '../runtime/errors';
import { isRunning, StepFunctionsApi, stopEarlier } from '../runtime/executions';

/** A package as the registry describes it. */
export interface PackageState {
  /** Absent for a package without a version, and for a version that nobody has given a status. */
  readonly status?: string;
  readonly isVersion: boolean;
}

/** `pass`: it can be deployed, or CreateModel decides. `approve`: the stack approves it. `pending`: somebody may still approve it. */
export type Verdict = 'pass' | 'approve' | 'pending' | 'rejected' | 'gone';

/**
 * What to do about the chosen package. Only versions have an approval. AWS says that a version must be approved to be deployed, and that the status is
 * optional, so a version without one is left to CreateModel, or approved where the stack approves.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html (ModelApprovalStatus)
 */
export function verdictOn(found: PackageState | undefined, approval: typeof APPROVALS[number]): Verdict {
  if (!found) { return 'gone'; }
  const { status, isVersion } = found;
  if (status === 'Rejected') { return 'rejected'; }
  if (!isVersion || status === 'Approved') { return 'pass'; }
  if (approval === 'ByStack') { return 'approve'; }
  return status === undefined ? 'pass' : 'pending';
}

/** Why the winner cannot be deployed. */
export interface ApprovalRefusal {
  readonly sentence: string;
  /** Whether it can be deployed once somebody approves its package. */
  readonly isPending: boolean;
}

type Choice = Pick<RecommendationProperties, 'Approval' | 'ApprovalSeconds' | 'Fallback' | 'InBackground'>;

/** Looks at the approval of the chosen package, and gives it if the stack may. `undefined` if the package can be deployed. */
export async function approvalRefusal(
  decision: Decision, properties: Choice, owner: Owner, deps: SageMakerDeps,
): Promise<ApprovalRefusal | undefined> {
  const name = decision.attributes?.ModelPackageArn;
  const approval = APPROVALS.find((one) => one === properties.Approval);
  // The package of a fallback is the user's own.
  if (!approval || decision.trouble !== undefined || !name) { return undefined; }
  const found = await described(name, deps);
  const verdict = verdictOn(found, approval);
  if (verdict === 'approve') {
    await deps.sagemaker.send(new UpdateModelPackageCommand({
      ModelPackageArn: name, ModelApprovalStatus: 'Approved', ApprovalDescription: approvalDescription(owner, deps.clock.now()),
    }));
    deps.log({ message: 'approved', package: name, before: found?.status });
  }
  if (verdict === 'pass' || verdict === 'approve') { return undefined; }
  return { sentence: sentenceOf(name, verdict, found?.status, properties), isPending: verdict === 'pending' };
}

/**
 * Whether the deploy still waits for the approval: then an execution asks again, instead of this function. Its name is computed from the request, so a
 * repeated delivery, and each look of the execution itself, finds it.
 */
export async function isAwaited(
  event: CloudFormationCustomResourceEvent, { ApprovalSeconds, StateMachineArn, InBackground }: RecommendationProperties, chosen: Attributes,
  deps: AwaitDeps,
): Promise<boolean> {
  if (ApprovalSeconds === undefined || StateMachineArn === undefined || InBackground === 'true') { return false; }
  const now = deps.clock.now();
  const requested = Math.min(now, Date.parse(askedBy(event).at) || now);
  const until = requested + Number(ApprovalSeconds) * 1000;
  if (now >= until) { return false; }
  const { StackId, LogicalResourceId } = event;
  const needed: ApprovalNeeded = {
    StackId,
    LogicalResourceId,
    JobName: chosen.JobName,
    ModelPackageArn: chosen.ModelPackageArn,
    WaitsUntil: new Date(until).toISOString(),
    Summary: chosen.Summary,
  };
  const input: ApprovalWait = {
    purpose: 'answer',
    request: event,
    deadline: new Date(requested + SERVICE_TIMEOUT_SECONDS * 1000).toISOString(),
    entries: [{ Source: EVENT_SOURCE, DetailType: APPROVAL_NEEDED, Detail: JSON.stringify(needed) }],
  };
  await beginExecution(deps.stepFunctions, StateMachineArn, executionName(event), input);
  return true;
}

/** Ends what still waits for earlier requests of a resource: CloudFormation gives a request up in a rollback, and when the stack is deleted. */
export async function endEarlierWaits(
  event: CloudFormationCustomResourceEvent, deps: Pick<AwaitDeps, 'stepFunctions'> & Pick<SageMakerDeps, 'log'>,
): Promise<void> {
  const before = event.RequestType === 'Update' ? [event.OldResourceProperties] : [];
  const machines = [event.ResourceProperties, ...before].flatMap(({ StateMachineArn }): string[] => StateMachineArn ?? []);
  for (const stateMachineArn of new Set(machines)) {
    const prefix = constructPrefix(event.StackId, event.LogicalResourceId);
    const cause = 'The request that waits for an approval is over.';
    await stopEarlier({ stateMachineArn, prefix, sent: Date.parse(askedBy(event).at), cause }, deps);
  }
}

/** Whether the execution that asks for a request still waits. A later request has ended it otherwise, maybe while the function was at work. */
export function stillWaits(
  event: CloudFormationCustomResourceEvent, { StateMachineArn }: RecommendationProperties, { stepFunctions }: Pick<AwaitDeps, 'stepFunctions'>,
): Promise<boolean> {
  return isRunning(stepFunctions, StateMachineArn!, executionName(event));
}

function executionName({ StackId, LogicalResourceId, RequestId }: CloudFormationCustomResourceEvent): string {
  return constructPrefix(StackId, LogicalResourceId) + RequestId;
}

interface AwaitDeps {
  readonly clock: Clock;
  readonly stepFunctions: StepFunctionsApi;
}

async function described(ModelPackageName: string, { sagemaker }: SageMakerDeps): Promise<PackageState | undefined> {
  try {
    const { ModelApprovalStatus: status, ModelPackageVersion } = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName }));
    return { status, isVersion: ModelPackageVersion !== undefined };
  } catch (error) {
    if (!isNotFound(error)) { throw error; }
    return undefined;
  }
}

/** Which package, its status, and how to mend it. */
function sentenceOf(
  name: string, verdict: 'pending' | 'rejected' | 'gone', status: string | undefined, { Approval, ApprovalSeconds, Fallback, InBackground }: Choice,
): string {
  // Without a fallback, the deploy fails: also that of an earlier state, whose package was rejected or deleted meanwhile.
  const inRollback = Fallback === undefined ? ` ${SKIP}` : '';
  if (verdict === 'gone') {
    return `Model package ${name}, which the job recommends, is gone: somebody deleted it. Change the job's \`trigger\` to make it again: this starts a new job,`
      + ` which you pay for.${inRollback}`;
  }
  const byStack = Approval === 'ByStack' ? ' A stack never approves a rejected package.' : '';
  const orByStack = verdict === 'pending' ? ' Or let the stack approve it: set `approval` to `PackageApproval.byThisStack()`.' : '';
  const isInBackground = InBackground === 'true';
  const waited = verdict === 'pending' && ApprovalSeconds !== undefined && !isInBackground
    ? ` The deploy has waited ${Math.round(Number(ApprovalSeconds) / 60)} minutes for an approval.` : '';
  return `Model package ${name} is ${status}, and only an approved package can be deployed.${byStack}${waited} Approve it in the model registry${
    mended(verdict === 'pending' && isInBackground, Fallback !== undefined)}.${orByStack}${verdict === 'rejected' ? inRollback : ''}`;
}

function mended(isPublishedThen: boolean, hasFallback: boolean): string {
  if (isPublishedThen) { return `: its recommendation is published at most ${APPROVAL_PAUSE_SECONDS / 60} minutes later`; }
  // Without a change of its properties, CloudFormation does not ask the resource again.
  return `, and ${hasFallback ? 'change the `trigger` of the recommendation\'s `approval`' : 'deploy again'}: the job is found, not paid again`;
}
