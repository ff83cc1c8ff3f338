import type { Owner } from './custom-resource';
import type { LimitName } from '../service/limits';

export const RECOMMENDATION_RESOURCE_TYPE = 'Custom::InferenceRecommendation';

/** Properties of a recommendation. */
export interface RecommendationProperties {
  readonly SchemaVersion: string;
  /** The family of the job. */
  readonly Family: string;
  readonly JobName: string;
  /** One of `OBJECTIVES`. */
  readonly Objective: string;
  /** One of `ENDPOINT_TYPES`. */
  readonly EndpointType: string;
  readonly Limits?: LimitProperties;
  readonly TargetLoad?: { readonly InvocationsPerMinute: string; readonly HeadroomPercent: string };
  readonly Pin?: { readonly RecommendationId?: string; readonly InstanceType?: string };
  readonly Fallback?: FallbackProperties;
  /** Variables of the tuned environment that are answered one by one, as `Environment.NAME`. */
  readonly EnvironmentNames?: readonly string[];
  /** The path in Parameter Store below which the choice is written. */
  readonly ParameterPath?: string;
  /** The path of the pending result, which the recommendation becomes only if it is adopted. */
  readonly PendingPath?: string;
  /** 'true' where nobody waits for the job: what was written before, or the fallback, serves until it is over. */
  readonly InBackground?: string;
  /** What is benchmarked, for a fallback: the job says it otherwise. */
  readonly ModelPackageArn?: string;
  readonly ModelName?: string;
}

/** Figures as `LIMITS` names them, and what may be recommended at all. */
export type LimitProperties = Partial<Record<LimitName, string>> & {
  /** Instance types, or families such as `ml.c5`. */
  readonly AllowedInstanceTypes?: readonly string[];
  readonly RefusedInstanceTypes?: readonly string[];
  /** 'false' refuses compiled models. */
  readonly AllowCompiledModels?: string;
};

/** What is answered when the job failed or nothing may be chosen. */
export interface FallbackProperties {
  readonly InstanceType?: string;
  readonly InitialInstanceCount?: string;
  readonly ServerlessMemorySizeInMB?: string;
  readonly ServerlessMaxConcurrency?: string;
  readonly InferenceSpecificationName?: string;
  readonly Environment?: Readonly<Record<string, string>>;
}

export const OBJECTIVES = ['LowestCostPerInference', 'LowestCostPerHour', 'LowestLatency', 'HighestThroughput'] as const;
export type ObjectiveName = typeof OBJECTIVES[number];

/** As RecommendationJobSupportedEndpointType spells them. */
export const ENDPOINT_TYPES = ['RealTime', 'Serverless'] as const;
export type EndpointTypeName = typeof ENDPOINT_TYPES[number];

/** Every answer for a recommendation carries every one of these, empty where the ranked recommendation has nothing. */
export const RECOMMENDATION_ATTRIBUTES = [
  'JobName',
  'ModelPackageArn',
  'ModelName',
  'RecommendationId',
  'InstanceType',
  'InitialInstanceCount',
  'InstanceCount',
  'ServerlessMemorySizeInMB',
  'ServerlessMaxConcurrency',
  'EndpointName',
  'VariantName',
  'InferenceSpecificationName',
  'CompilationJobName',
  'Environment',
  'CostPerHour',
  'CostPerInference',
  'MaxInvocations',
  'ModelLatency',
  'CpuUtilization',
  'MemoryUtilization',
  'ModelSetupTime',
  'InvocationStartTime',
  'InvocationEndTime',
  'FleetCostPerHour',
  'Source',
  'Summary',
] as const;
export type RecommendationAttribute = typeof RECOMMENDATION_ATTRIBUTES[number];

/** Values of the attribute `Source`: where a recommendation comes from. */
export const SOURCES = { benchmark: 'Benchmark', fallback: 'Fallback', fixed: 'Fixed' } as const;

/** Properties of a job's results. */
export interface ResultsProperties {
  readonly SchemaVersion: string;
  readonly JobName: string;
}

/** Every answer for a job's results carries every one of these, empty where the job has nothing. */
export const RESULTS_ATTRIBUTES = [
  'JobName',
  'JobArn',
  'Status',
  'CreationTime',
  'CompletionTime',
  'LastModifiedTime',
  'RecommendationCount',
  'ExistingEndpointName',
  'ExistingEndpointMaxInvocations',
  'ExistingEndpointModelLatency',
  'BenchmarkStepCount',
  'BenchmarkSteps',
] as const;
export type ResultsAttribute = typeof RESULTS_ATTRIBUTES[number];

/** A recommendation as the background writes it: what its resource is given, and who the resource is. */
export interface FollowedRecommendation extends Omit<RecommendationProperties, 'JobName'> {
  readonly LogicalResourceId: string;
  readonly ParameterPath: string;
  /** 'true' where a pending result is adopted by itself. */
  readonly Adopts?: string;
}

/** The input of an execution that follows a job. */
export interface FollowInput {
  readonly purpose: 'publish';
  readonly owner: Owner;
  readonly jobName: string;
  readonly recommendations: readonly FollowedRecommendation[];
  /**
   * ISO time of the approval or renewal that requested the job: its result replaces the results of earlier requests. Empty where nothing else writes
   * there.
   */
  readonly askedAt: string;
  /** Where there is no job to follow: events to put at once. */
  readonly entries?: Published['Entries'];
  readonly pollSeconds: number;
  /** ISO time after which it gives up. */
  readonly deadline: string;
  readonly lastStatus: string;
  readonly job: { readonly Status: string };
}

/** What publishing answers the machine: events as PutEvents takes them. */
export interface Published {
  readonly Entries: ReadonlyArray<{ readonly Source: string; readonly DetailType: string; readonly Detail: string }>;
}
