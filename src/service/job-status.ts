/**
 * What the status of a recommendation job means for whoever waits.
 * Source: RecommendationJobStatus, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeInferenceRecommendationsJob.html
 */
export type JobPhase = 'running' | 'ending' | 'completed' | 'failed';

const PHASES: Readonly<Record<string, JobPhase>> = {
  PENDING: 'running',
  IN_PROGRESS: 'running',
  STOPPING: 'ending',
  DELETING: 'ending',
  COMPLETED: 'completed',
  FAILED: 'failed',
  STOPPED: 'failed',
  DELETED: 'failed',
};

/** The statuses that a poll waits out. */
export const UNSETTLED_STATUSES = Object.keys(PHASES).filter(isUnsettled);

/** Whether a job may still cost money. */
export function isUnsettled(status: string | undefined): boolean {
  return ['running', 'ending'].includes(jobPhase(status));
}

/** @throws when the service answers a status that this version does not know */
export function jobPhase(status: string | undefined): JobPhase {
  const phase = PHASES[status ?? ''];
  if (!phase) {
    throw new Error(`Unknown status of a recommendation job: got '${status}', expected one of ${Object.keys(PHASES).join(', ')};`
      + ' a newer version of cdk-sagemaker-inference-recommender may know it.');
  }
  return phase;
}
