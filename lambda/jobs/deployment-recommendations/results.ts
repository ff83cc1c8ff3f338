import { DescribeModelCommand, DescribeModelCommandOutput, RealTimeInferenceRecommendation } from '@aws-sdk/client-sagemaker';
import { DEPLOYMENT_RECOMMENDATIONS } from '../../../src/contract/families';
import { SOURCES } from '../../../src/contract/recommend';
import { DEPLOYMENT_RECOMMENDATION_STATUSES } from '../../../src/service/job-status';
import type { SageMakerApi } from '../../runtime/deps';
import { isNotFound } from '../../runtime/errors';
import { RETRY_BUDGET_MS } from '../../runtime/retry';
import type { JobRecommendation, JobResultsReader, JobWithRecommendations } from '../family';

/** AWS's own notebook expects the recommendation within a second, and gives up after a minute. The rest of the retry budget is for calls that fail. */
const WAIT_MS = RETRY_BUDGET_MS / 2;

/** Why a list is empty, by the status. The service gives no reason. */
const REASONS: Readonly<Record<string, string>> = {
  COMPLETED: 'its list of instance types is empty',
  FAILED: 'the service gave no reason',
  NOT_APPLICABLE: 'what SageMaker knows of the model is not enough to recommend an instance type',
};

/** Reads what SageMaker recommends with a model. The name of a job is that of the model. */
export const deploymentRecommendations = {
  name: DEPLOYMENT_RECOMMENDATIONS,
  title: 'The recommendation for model',
  waitMs: WAIT_MS,
  source: {
    value: SOURCES.instant,
    noun: 'model',
    remedy: 'Set `fallback`, or benchmark the model with an `InferenceRecommendationsJob`.',
    origin: (name) => `recommended by SageMaker for model ${name}, without a benchmark`,
    gone: (name) => `Model ${name} is gone: SageMaker no longer knows it, so it recommends nothing for it.`,
  },

  async describe(sagemaker: SageMakerApi, modelName: string): Promise<JobWithRecommendations | undefined> {
    try {
      return modelJobOf(await sagemaker.send(new DescribeModelCommand({ ModelName: modelName })));
    } catch (error) {
      if (isNotFound(error)) { return undefined; }
      throw error;
    }
  },

  failures: async () => [],
} satisfies JobResultsReader;

/**
 * What a described model says of its recommendation. The member is optional, and AWS's own notebook asks again if it is not there yet.
 * Source: https://github.com/aws/amazon-sagemaker-examples (sagemaker-inference-recommender/deployment-recommendations)
 */
export function modelJobOf({ ModelName, ModelArn, DeploymentRecommendation: found }: DescribeModelCommandOutput): JobWithRecommendations {
  const status = found?.RecommendationStatus ?? 'IN_PROGRESS';
  const phase = DEPLOYMENT_RECOMMENDATION_STATUSES.phaseOf(status);
  const rows = phase === 'completed' ? found?.RealTimeInferenceRecommendations ?? [] : [];
  return {
    name: ModelName!,
    arn: ModelArn!,
    status,
    phase: phase === 'completed' && rows.length === 0 ? 'failed' : phase,
    failureReason: rows.length > 0 ? undefined : REASONS[status],
    modelName: ModelName,
    recommendations: rows.map(recommendationOf),
  };
}

/** The service tells nothing of an instance type but its place in the list. */
function recommendationOf({ RecommendationId, InstanceType, Environment = {} }: RealTimeInferenceRecommendation, index: number): JobRecommendation {
  return {
    id: RecommendationId ?? '',
    instanceType: InstanceType,
    instanceCount: 1,
    isCompiled: false,
    environment: Environment,
    figures: { Place: index + 1 },
    attributes: { RecommendationId, InstanceType, InitialInstanceCount: 1 },
  };
}
