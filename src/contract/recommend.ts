import type { Owner } from './custom-resource';
import type { ImageHardware } from '../service/instance-facts';

export const RECOMMENDATION_RESOURCE_TYPE = 'Custom::InferenceRecommendation';

/** The namespace in CloudWatch of the figures of recommendations. */
export const METRICS_NAMESPACE = 'InferenceRecommender';

/** Properties of a recommendation. */
export interface RecommendationProperties {
  readonly SchemaVersion: string;
  /** The family of the job. */
  readonly Family: string;
  readonly JobName: string;
  /** The prefix of the names of the job's attempts. Absent for a job of somebody else's. */
  readonly Namespace?: string;
  /** One of the kind's objectives. */
  readonly Objective: string;
  /** The statistic that the objective compares by, such as `p99`. Absent if the kind has one figure a metric. */
  readonly ObjectiveStatistic?: string;
  /** One of `ENDPOINT_TYPES`. */
  readonly EndpointType: string;
  readonly Limits?: LimitProperties;
  /** Bounds of the kind's metrics that have a statistic. */
  readonly Thresholds?: readonly ThresholdProperties[];
  /** What an hour of one instance costs, in US dollars, by type, where that differs from the public prices. */
  readonly InstancePrices?: Readonly<Record<string, string>>;
  readonly TargetLoad?: { readonly InvocationsPerMinute: string; readonly HeadroomPercent: string };
  /** The images of the target that say for which hardware they are. */
  readonly Images?: readonly ImageProperties[];
  readonly Pin?: { readonly RecommendationId?: string; readonly InstanceType?: string; readonly InferenceSpecificationName?: string };
  /** The number of instances to deploy, of a kind that recommends none. */
  readonly InstanceCount?: string;
  /** The number of instance types to choose, for as many instance pools. Absent if one is chosen. */
  readonly InstancePools?: string;
  readonly Fallback?: FallbackProperties;
  /** Variables of the tuned environment that are attributes of their own, as `Environment.NAME`. */
  readonly EnvironmentNames?: readonly string[];
  /** The path in Parameter Store below which the recommendation is written. */
  readonly ParameterPath?: string;
  /** The path of the pending result. The result replaces the recommendation only if it is adopted. */
  readonly PendingPath?: string;
  /** 'true' if the figures of all recommendations of the job are put to CloudWatch. */
  readonly PublishMetrics?: string;
  /** 'true' if no deploy waits for the job: the earlier recommendation, or the fallback, is used until the job has ended. */
  readonly InBackground?: string;
  /** The stack's own package, which is deployed: a job that another stack started has another one of the same content. Absent if only the job names it. */
  readonly ModelPackageArn?: string;
  readonly ModelName?: string;
  /** One of `APPROVALS`: what happens if the chosen package is not approved. Absent if it needs no approval. */
  readonly Approval?: string;
  /** The user's own reason to look at the package again. No function reads it. */
  readonly ApprovalTrigger?: string;
  /** How long a deploy waits for an approval. Absent if it does not. */
  readonly ApprovalSeconds?: string;
  /** The machine that asks again meanwhile. */
  readonly StateMachineArn?: string;
}

/** `Required`: somebody else approves it. `Wait`: the same, and the deploy waits for that. `ByStack`: the function approves it. */
export const APPROVALS = ['Required', 'Wait', 'ByStack'] as const;

/** An image of an inference specification; without a name, of the target's own. The values are those of `ImageHardware`. */
export interface ImageProperties {
  readonly InferenceSpecificationName?: string;
  readonly Architecture?: ImageHardware['architecture'];
  readonly Accelerator?: ImageHardware['accelerator'];
}

/** At most the value, or at least it for a metric of which more is better. In milliseconds, or a second. */
export interface ThresholdProperties {
  readonly Metric: string;
  /** Such as `p99`. Absent for the statistic that the job's recommendations share. */
  readonly Statistic?: string;
  readonly Value: string;
}

/** Values by the names of the kind's limits, and the permitted types and models. */
export interface LimitProperties {
  readonly [name: string]: string | readonly string[] | undefined;
  /** Instance types, or families such as `ml.c5`. */
  readonly AllowedInstanceTypes?: readonly string[];
  readonly RefusedInstanceTypes?: readonly string[];
  /** 'false' refuses compiled models. */
  readonly AllowCompiledModels?: string;
  /** 'false' refuses instance types with local storage. */
  readonly AllowLocalStorage?: string;
  /** The highest concurrency of a serverless endpoint. */
  readonly MaxServerlessConcurrency?: string;
}

/** The answer if the job failed or no recommendation may be chosen. */
export interface FallbackProperties {
  /** The package of a fallback, if the recommendations have others: each job that an approval starts names its own. */
  readonly ModelPackageArn?: string;
  readonly InstanceType?: string;
  readonly InitialInstanceCount?: string;
  /** The types of the instance pools after the first. */
  readonly NextInstanceTypes?: readonly string[];
  readonly ServerlessMemorySizeInMB?: string;
  readonly ServerlessMaxConcurrency?: string;
  readonly InferenceSpecificationName?: string;
  readonly CopyCountPerInstance?: string;
  readonly CopyCount?: string;
  readonly AcceleratorCount?: string;
  readonly MinMemoryRequiredInMb?: string;
  readonly Environment?: Readonly<Record<string, string>>;
  /** Variables as JSON text, if another recommendation has them. */
  readonly EnvironmentText?: string;
}

/** Values of RecommendationJobSupportedEndpointType, and either of them. */
export const ENDPOINT_TYPES = ['RealTime', 'Serverless', 'Any'] as const;
export type EndpointTypeName = typeof ENDPOINT_TYPES[number];

/** Attributes that recommendations of every kind have. */
const COMMON_ATTRIBUTES = [
  'JobName',
  'ModelPackageArn',
  'ModelName',
  // The package's ARN or the model's name once more, for IAM, which compares with case: a template cannot lower it.
  'TargetInLowerCase',
  'RecommendationId',
  'InstanceType',
  'InitialInstanceCount',
  'InstanceCount',
  'InferenceSpecificationName',
  'Environment',
  'FleetCostPerHour',
  'Source',
  'Summary',
] as const;

/** Attributes of what SageMaker Inference Recommender benchmarked. Every answer has every one of these; it is empty if the recommendation has no value. */
export const RECOMMENDATION_ATTRIBUTES = [
  ...COMMON_ATTRIBUTES,
  'ServerlessMemorySizeInMB',
  'ServerlessMaxConcurrency',
  'EndpointName',
  'VariantName',
  'CompilationJobName',
  'CostPerHour',
  'CostPerInference',
  'MaxInvocations',
  'ModelLatency',
  'CpuUtilization',
  'MemoryUtilization',
  'ModelSetupTime',
  'InvocationStartTime',
  'InvocationEndTime',
] as const;

/** Attributes of what is recommended for a generative model. Times are in milliseconds, throughputs a second, costs in US dollars. */
export const GENERATIVE_ATTRIBUTES = [
  ...COMMON_ATTRIBUTES,
  'CopyCountPerInstance',
  'CopyCount',
  'AcceleratorCount',
  'MinMemoryRequiredInMb',
  'CostPerHour',
  'CostPerMillionInputTokens',
  'CostPerMillionOutputTokens',
  'TimeToFirstToken',
  'InterTokenLatency',
  'OutputTokenThroughput',
  'RequestThroughput',
  'BenchmarkJobName',
  'Performance',
] as const;

/** Attributes of what the service recommends with a model. */
export const INSTANT_ATTRIBUTES = COMMON_ATTRIBUTES;

export type RecommendationAttribute = typeof RECOMMENDATION_ATTRIBUTES[number] | typeof GENERATIVE_ATTRIBUTES[number];

/** Values of the attribute `Source`: the origin of a recommendation. */
export const SOURCES = { benchmark: 'Benchmark', instant: 'Instant', fallback: 'Fallback', fixed: 'Fixed' } as const;
export type Source = typeof SOURCES[keyof typeof SOURCES];

/** Properties of a job's results. */
export interface ResultsProperties {
  readonly SchemaVersion: string;
  readonly JobName: string;
  /** The prefix of the names of the job's attempts. Absent for a job of somebody else's. */
  readonly Namespace?: string;
}

/** Attributes of a job's results. Every answer has every one of these; it is empty if the job has no value. */
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
  'CostAtLeast',
] as const;
export type ResultsAttribute = typeof RESULTS_ATTRIBUTES[number];

/** A recommendation that the background writes: its resource's properties, and which resource it is. */
export interface FollowedRecommendation extends Omit<RecommendationProperties, 'JobName'> {
  readonly LogicalResourceId: string;
  readonly ParameterPath: string;
  /** 'true' if a pending result is adopted without a deploy. */
  readonly Adopts?: string;
  /** ISO time until which its package may be approved. Absent until the comparison finds that its package needs an approval. */
  readonly WaitsUntil?: string;
}

/** The input of an execution that follows a job. */
export interface FollowInput {
  readonly purpose: 'publish';
  readonly owner: Owner;
  readonly jobName: string;
  readonly recommendations: readonly FollowedRecommendation[];
  /**
   * ISO time of the approval or renewal that requested the job: its result replaces the results of earlier requests. Empty if nothing else writes
   * there.
   */
  readonly askedAt: string;
  /** Events to put at once, if there is no job to follow. */
  readonly entries?: Published['Entries'];
  readonly pollSeconds: number;
  /** ISO time at which the execution gives up. */
  readonly deadline: string;
  readonly lastStatus: string;
  readonly job: { readonly Status: string };
}

/** The function's answer to the machine: events as PutEvents takes them. */
export interface Published {
  readonly Entries: ReadonlyArray<{ readonly Source: string; readonly DetailType: string; readonly Detail: string }>;
  /** Of a comparison: the recommendations whose packages wait for an approval. The machine asks again for them. */
  readonly Pending?: readonly FollowedRecommendation[];
}

/** The input of an execution that waits for an approval. */
export interface ApprovalWait {
  readonly purpose: 'answer';
  /** CloudFormation's request, which is answered later. */
  readonly request: object;
  /** ISO time at which CloudFormation takes no answer any more. */
  readonly deadline: string;
  /** Events to put at once: they tell of the package. */
  readonly entries: Published['Entries'];
}

/** The function's answer to the machine. */
export interface ApprovalAsked {
  readonly Answered: boolean;
}
