import type { InferenceRecommendation } from '@aws-sdk/client-sagemaker';
import { variedOf } from './varied';
import { METRICS } from '../../../src/service/limits';
import type { JobRecommendation } from '../family';

/** Converts a recommendation of the service's answer to the words that all families share. Of its environment, only varied variables are read. */
export function recommendationOf(
  recommendation: InferenceRecommendation, varied: ReadonlySet<string>, isCompiled = Boolean(recommendation.ModelConfiguration?.CompilationJobName),
): JobRecommendation {
  const { EndpointConfiguration: endpoint, ModelConfiguration: model, Metrics: metrics } = recommendation;
  // In the guide's own example, a serverless recommendation still carries an instance type and a count.
  const serverlessConfig = endpoint?.ServerlessConfig;
  return {
    id: recommendation.RecommendationId ?? '',
    instanceType: serverlessConfig ? undefined : endpoint?.InstanceType,
    instanceCount: endpoint?.InitialInstanceCount ?? 1,
    serverlessConfig,
    isCompiled,
    environment: Object.fromEntries(variedOf(recommendation, varied).map(({ Key, Value }) => [Key!, Value!])),
    figures: Object.fromEntries(METRICS.map((metric) => [metric, known(metrics?.[metric])])),
    attributes: {
      RecommendationId: recommendation.RecommendationId,
      InstanceType: endpoint?.InstanceType,
      InitialInstanceCount: endpoint?.InitialInstanceCount ?? (endpoint?.InstanceType ? 1 : undefined),
      ServerlessMemorySizeInMB: serverlessConfig?.MemorySizeInMB,
      ServerlessMaxConcurrency: serverlessConfig?.MaxConcurrency,
      EndpointName: endpoint?.EndpointName,
      VariantName: endpoint?.VariantName,
      InferenceSpecificationName: model?.InferenceSpecificationName,
      CompilationJobName: model?.CompilationJobName,
      CostPerHour: metrics?.CostPerHour,
      CostPerInference: metrics?.CostPerInference,
      MaxInvocations: metrics?.MaxInvocations,
      ModelLatency: metrics?.ModelLatency,
      CpuUtilization: metrics?.CpuUtilization,
      MemoryUtilization: metrics?.MemoryUtilization,
      ModelSetupTime: metrics?.ModelSetupTime,
      InvocationStartTime: recommendation.InvocationStartTime?.toISOString(),
      InvocationEndTime: recommendation.InvocationEndTime?.toISOString(),
    },
  };
}

/** The service also sends NaN and infinities. */
function known(figure: number | undefined): number {
  return figure !== undefined && Number.isFinite(figure) ? figure : NaN;
}
