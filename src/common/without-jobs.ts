import { Construct } from 'constructs';

/** Context key that replaces every job of an app by figures in its code, for previews and CI. */
export const WITHOUT_JOBS = 'cdk-sagemaker-inference-recommender:withoutJobs';

export function isWithoutJobs(scope: Construct): boolean {
  return [true, 'true'].includes(scope.node.tryGetContext(WITHOUT_JOBS));
}
