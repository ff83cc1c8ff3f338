import type { Owner } from './custom-resource';

/** How a description of an approval begins if a stack has approved the package. The benchmark of a registry leaves such a version alone. */
export const APPROVED_BY_STACK = 'Approved by cdk-sagemaker-inference-recommender:';

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateModelPackage.html (ApprovalDescription) */
const LONGEST = 1024;

/**
 * So much later than its description an approval by a stack may come: the call is tried again, and an event has the time of the change. A test compares it
 * with the budget of the retries.
 */
export const APPROVAL_CALL_SECONDS = 300;

/** What the registry shows of an approval by a stack at a time. */
export function approvalDescription({ StackId, LogicalResourceId }: Owner, time: number): string {
  // A stack's ARN ends with its name and an id.
  const stack = StackId.split('/')[1] ?? StackId;
  return `${APPROVED_BY_STACK} stack ${stack} deploys it, as its resource ${LogicalResourceId} chose at ${new Date(time).toISOString()}.`.slice(0, LONGEST);
}

/**
 * Whether a stack has approved a package, by the description of its approval. A description stays if somebody approves the package anew without one.
 *
 * @param time ISO time of the approval in question. Without it, that of the description
 */
export function isApprovedByStack(description: string | undefined, time?: string): boolean {
  if (!description?.startsWith(APPROVED_BY_STACK)) { return false; }
  const [, described] = /chose at (\S+)\.$/.exec(description) ?? [];
  return time === undefined || described === undefined || Date.parse(time) <= Date.parse(described) + APPROVAL_CALL_SECONDS * 1000;
}
