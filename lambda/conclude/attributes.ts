import type { InferenceRecommendation } from '@aws-sdk/client-sagemaker';
import type { RecommendationAttribute } from '../../src/api/contract';
import type { Attributes } from '../shared/answer';

/** A recommendation as attributes of its resource: every one is there, empty where the row has nothing. */
export function attributesOf(row: InferenceRecommendation, jobName: string): Attributes {
  const { EndpointConfiguration: endpoint, ModelConfiguration: model, Metrics: metrics } = row;
  const environment = (model?.EnvironmentParameters ?? []).map(({ Key, Value }) => [Key, Value] as const);
  const attributes: Record<RecommendationAttribute, string | number | undefined> = {
    JobName: jobName,
    RecommendationId: row.RecommendationId,
    InstanceType: endpoint?.InstanceType,
    InitialInstanceCount: endpoint?.InitialInstanceCount ?? (endpoint?.InstanceType ? 1 : undefined),
    ServerlessMemorySizeInMB: endpoint?.ServerlessConfig?.MemorySizeInMB,
    ServerlessMaxConcurrency: endpoint?.ServerlessConfig?.MaxConcurrency,
    EndpointName: endpoint?.EndpointName,
    VariantName: endpoint?.VariantName,
    InferenceSpecificationName: model?.InferenceSpecificationName,
    CompilationJobName: model?.CompilationJobName,
    Environment: JSON.stringify(Object.fromEntries(environment)),
    CostPerHour: metrics?.CostPerHour,
    CostPerInference: metrics?.CostPerInference,
    MaxInvocations: metrics?.MaxInvocations,
    ModelLatency: metrics?.ModelLatency,
    CpuUtilization: metrics?.CpuUtilization,
    MemoryUtilization: metrics?.MemoryUtilization,
    ModelSetupTime: metrics?.ModelSetupTime,
    InvocationStartTime: row.InvocationStartTime?.toISOString(),
    InvocationEndTime: row.InvocationEndTime?.toISOString(),
  };
  return asStrings(attributes);
}

/** Flat strings, empty for what is absent: `Fn::GetAtt` finds no key that is left out. */
export function asStrings(attributes: Readonly<Record<string, string | number | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value === undefined ? '' : String(value)]));
}
