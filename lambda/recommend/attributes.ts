import type { Candidate } from './ranked-recommendation';
import { FallbackProperties, RECOMMENDATION_ATTRIBUTES, RecommendationAttribute, RecommendationProperties, SOURCES } from '../../src/contract/contract';
import type { Attributes } from '../runtime/answer';

/** What a job benchmarked: a model package or a model. */
export interface Benchmarked {
  readonly jobName: string;
  readonly packageArn?: string;
  readonly modelName?: string;
}

type Values = Readonly<Record<string, string | number | undefined>>;

/** A chosen row as attributes of its resource: every one is there, empty where the row has nothing. */
export function attributesOf(
  { row, instanceCount, figures }: Candidate, benchmarked: Benchmarked, summary: string, names: readonly string[] = [],
): Attributes {
  const { EndpointConfiguration: endpoint, ModelConfiguration: model, Metrics: metrics } = row;
  const parameters = model?.EnvironmentParameters ?? [];
  const environment: Record<string, string | undefined> = Object.fromEntries(parameters.map(({ Key, Value }) => [Key, Value]));
  const attributes: Record<RecommendationAttribute, string | number | undefined> = {
    JobName: benchmarked.jobName,
    ModelPackageArn: benchmarked.packageArn,
    ModelName: benchmarked.modelName,
    RecommendationId: row.RecommendationId,
    InstanceType: endpoint?.InstanceType,
    InitialInstanceCount: endpoint?.InitialInstanceCount ?? (endpoint?.InstanceType ? 1 : undefined),
    InstanceCount: instanceCount,
    ServerlessMemorySizeInMB: endpoint?.ServerlessConfig?.MemorySizeInMB,
    ServerlessMaxConcurrency: endpoint?.ServerlessConfig?.MaxConcurrency,
    EndpointName: endpoint?.EndpointName,
    VariantName: endpoint?.VariantName,
    InferenceSpecificationName: model?.InferenceSpecificationName,
    CompilationJobName: model?.CompilationJobName,
    Environment: JSON.stringify(environment),
    CostPerHour: metrics?.CostPerHour,
    CostPerInference: metrics?.CostPerInference,
    MaxInvocations: metrics?.MaxInvocations,
    ModelLatency: metrics?.ModelLatency,
    CpuUtilization: metrics?.CpuUtilization,
    MemoryUtilization: metrics?.MemoryUtilization,
    ModelSetupTime: metrics?.ModelSetupTime,
    InvocationStartTime: row.InvocationStartTime?.toISOString(),
    InvocationEndTime: row.InvocationEndTime?.toISOString(),
    FleetCostPerHour: Number.isNaN(figures.CostPerHour) ? undefined : figures.CostPerHour,
    Source: SOURCES.benchmark,
    Summary: summary,
  };
  return { ...asStrings(attributes), ...oneByOne(names, environment) };
}

/** What stands in where nothing may be chosen. */
export function fallbackAttributes(properties: RecommendationProperties, fallback: FallbackProperties, warning: string): Attributes {
  const { JobName, ModelPackageArn, ModelName, EnvironmentNames: names = [] } = properties;
  const { Environment: environment = {}, ...hosting } = fallback;
  const attributes: Values = {
    ...Object.fromEntries(RECOMMENDATION_ATTRIBUTES.map((name) => [name, undefined])),
    ...hosting,
    InstanceCount: fallback.InitialInstanceCount,
    JobName,
    ModelPackageArn,
    ModelName,
    Environment: JSON.stringify(environment),
    Source: SOURCES.fallback,
    Summary: warning,
  };
  return { ...asStrings(attributes), ...oneByOne(names, environment) };
}

/** Flat strings, empty for what is absent: `Fn::GetAtt` finds no key that is left out. */
export function asStrings(attributes: Values): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value === undefined ? '' : String(value)]));
}

function oneByOne(names: readonly string[], environment: Readonly<Record<string, string | undefined>>): Attributes {
  return asStrings(Object.fromEntries(names.map((name) => [`Environment.${name}`, environment[name]])));
}
