import { Construct } from 'constructs';

/** Context that turns every job of an app into figures of its code: for previews and CI. */
export const WITHOUT_JOBS = 'cdk-sagemaker-inference-recommender:withoutJobs';

export function isWithoutJobs(scope: Construct): boolean {
  return [true, 'true'].includes(scope.node.tryGetContext(WITHOUT_JOBS));
}
