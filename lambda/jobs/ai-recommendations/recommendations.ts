import type { AIRecommendation, DescribeAIRecommendationJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { METRICS, MetricName } from '../../../src/service/limits';
import type { JobRecommendation } from '../family';

/** What a job recommends, in words that all families share. It has figures of tokens, and none of those that the first family compares. */
export function recommendationsOf(job: Pick<DescribeAIRecommendationJobCommandOutput, 'Recommendations'>): JobRecommendation[] {
  return (job.Recommendations ?? []).map(recommendationOf);
}

function recommendationOf({ ModelDetails: model, DeploymentConfiguration: deployment }: AIRecommendation): JobRecommendation {
  const [details] = model?.InstanceDetails ?? [];
  const instanceType = deployment?.InstanceType ?? details?.InstanceType;
  const instanceCount = deployment?.InstanceCount ?? details?.InstanceCount ?? 1;
  const specification = model?.InferenceSpecificationName;
  return {
    // The service gives no id.
    id: `${specification ?? ''}/${instanceType ?? ''}`,
    instanceType,
    instanceCount,
    isCompiled: false,
    environment: {},
    figures: Object.fromEntries(METRICS.map((metric) => [metric, NaN])) as Record<MetricName, number>,
    attributes: { InstanceType: instanceType, InitialInstanceCount: instanceCount, InferenceSpecificationName: specification },
  };
}
