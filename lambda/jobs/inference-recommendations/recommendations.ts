import type { InferenceRecommendation } from '@aws-sdk/client-sagemaker';
import { METRICS, MetricName } from '../../../src/service/limits';
import type { JobRecommendation } from '../family';

/** A row of the service's answer, in words that all families share. */
export function recommendationOf(row: InferenceRecommendation): JobRecommendation {
  const { EndpointConfiguration: endpoint, ModelConfiguration: model, Metrics: metrics } = row;
  // The guide's own example of a serverless row still carries an instance type and count.
  const serverlessConfig = endpoint?.ServerlessConfig;
  return {
    id: row.RecommendationId ?? '',
    instanceType: serverlessConfig ? undefined : endpoint?.InstanceType,
    instanceCount: endpoint?.InitialInstanceCount ?? 1,
    serverlessConfig,
    isCompiled: model?.CompilationJobName !== undefined,
    environment: Object.fromEntries((model?.EnvironmentParameters ?? []).map(({ Key, Value }) => [Key!, Value!])),
    figures: Object.fromEntries(METRICS.map((metric) => [metric, known(metrics?.[metric])])) as Record<MetricName, number>,
    attributes: {
      RecommendationId: row.RecommendationId,
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
      InvocationStartTime: row.InvocationStartTime?.toISOString(),
      InvocationEndTime: row.InvocationEndTime?.toISOString(),
    },
  };
}

/** The wire has NaN and infinities too. */
function known(figure: number | undefined): number {
  return figure !== undefined && Number.isFinite(figure) ? figure : NaN;
}
