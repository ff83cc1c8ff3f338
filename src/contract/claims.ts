import type { ClaimProperties } from './start';

/** Prefix of this library's own tags. */
export const TAG_PREFIX = 'cdk-sagemaker-inference-recommender:';
/** The stack that started a job. */
export const STACK_TAG = `${TAG_PREFIX}stack-id`;
/** Prefix of the tags by which constructs claim a job. */
export const CLAIM_TAG = `${TAG_PREFIX}claim:`;

/** The tag that a job has from its creation on: what it may cost, such as `12.40 USD`. */
export const COST_TAG = 'InferenceRecommender:EstimatedCost';

/** The tag of a job that says whether the model packages that it has registered are deleted with it. */
export const DELETE_PACKAGES_TAG = 'InferenceRecommender:DeletePackages';

/** The tag by which IAM knows that a stack claims a job. Its value is the stack's id. */
export function stackTag({ StackKey }: Pick<ClaimProperties, 'StackKey'>): string {
  return `${TAG_PREFIX}stack:${StackKey}`;
}

/** Patterns of the tags by which a stack claims a job. */
export function claimTagKeys(claims: Pick<ClaimProperties, 'StackKey'>): string[] {
  return [stackTag(claims), `${CLAIM_TAG}${claims.StackKey}-*`];
}
