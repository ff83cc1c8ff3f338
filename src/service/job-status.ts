/** The meaning of a job's status for a wait, in words that all families of jobs share. */
export type JobPhase = 'running' | 'ending' | 'completed' | 'failed';

/** Whether a job may still cost money. */
export function isNonTerminal(phase: JobPhase): boolean {
  return phase === 'running' || phase === 'ending';
}

/** The statuses of one family of jobs. */
export class JobStatuses {
  /** The statuses that a poll waits for to end. */
  public readonly nonTerminal: readonly string[];

  /**
   * @param what the family's name in a sentence, e.g. `a recommendation job`
   * @param phases the phase of each status
   */
  constructor(private readonly what: string, private readonly phases: Readonly<Record<string, JobPhase>>) {
    this.nonTerminal = Object.keys(phases).filter((status) => isNonTerminal(phases[status]));
  }

  /** @throws if the service answers a status that this version does not know */
  public phaseOf(status: string | undefined): JobPhase {
    const phase = Object.hasOwn(this.phases, status ?? '') ? this.phases[status ?? ''] : undefined;
    if (!phase) {
      throw new Error(`The status of ${this.what} is unknown: got '${status}', expected one of ${Object.keys(this.phases).join(', ')}.`
        + ' A newer version of cdk-sagemaker-inference-recommender may know it.');
    }
    return phase;
  }
}

/** Source: RecommendationJobStatus, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeInferenceRecommendationsJob.html */
export const RECOMMENDATIONS_JOB_STATUSES = new JobStatuses('a recommendation job', {
  PENDING: 'running',
  IN_PROGRESS: 'running',
  STOPPING: 'ending',
  DELETING: 'ending',
  COMPLETED: 'completed',
  FAILED: 'failed',
  STOPPED: 'failed',
  DELETED: 'failed',
});

const AI_PHASES = { InProgress: 'running', Stopping: 'ending', Completed: 'completed', Failed: 'failed', Stopped: 'failed' } as const;

/** Source: AIRecommendationJobStatus, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeAIRecommendationJob.html */
export const AI_RECOMMENDATION_STATUSES = new JobStatuses('an AI recommendation job', AI_PHASES);

/** Source: AIBenchmarkJobStatus, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeAIBenchmarkJob.html */
export const AI_BENCHMARK_STATUSES = new JobStatuses('an AI benchmark job', AI_PHASES);

/** Source: RecommendationStatus, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentRecommendation.html */
export const DEPLOYMENT_RECOMMENDATION_STATUSES = new JobStatuses('a deployment recommendation', {
  IN_PROGRESS: 'running', COMPLETED: 'completed', FAILED: 'failed', NOT_APPLICABLE: 'failed',
});
