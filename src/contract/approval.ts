import type { Owner } from './custom-resource';

/** How a description of an approval begins if a stack has approved the package. The benchmark of a registry leaves such a version alone. */
export const APPROVED_BY_STACK = 'Approved by cdk-sagemaker-inference-recommender:';

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateModelPackage.html (ApprovalDescription) */
const LONGEST = 1024;

/** What the registry shows of an approval by a stack. */
export function approvalDescription({ StackId, LogicalResourceId }: Owner): string {
  // A stack's ARN ends with its name and an id.
  const stack = StackId.split('/')[1] ?? StackId;
  return `${APPROVED_BY_STACK} stack ${stack} deploys it, as its resource ${LogicalResourceId} chose.`.slice(0, LONGEST);
}

/** Whether a stack has approved a package, by the description of its approval. */
export function isApprovedByStack(description: string | undefined): boolean {
  return description?.startsWith(APPROVED_BY_STACK) ?? false;
}
