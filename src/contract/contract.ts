/**
 * What constructs and handlers agree on. Both sides compile against it, so a name that drifts does not build.
 */
import type { LimitName } from '../service/limits';

/** Rises when an answer gains an attribute: the change in the properties makes CloudFormation ask for a new answer. */
export const SCHEMA_VERSION = '1';

export const START_RESOURCE_TYPE = 'Custom::InferenceRecommendationsJob';
export const WAIT_RESOURCE_TYPE = 'Custom::InferenceRecommendationsJobWait';
export const RECOMMENDATION_RESOURCE_TYPE = 'Custom::InferenceRecommendation';
export const RESULTS_RESOURCE_TYPE = 'Custom::InferenceRecommendationsJobResults';
/** Deletes, with its stack, the compilation jobs that a construct's jobs left behind. */
export const COMPILATIONS_RESOURCE_TYPE = 'Custom::InferenceRecommendationCompilations';
/** Takes an endpoint's variants out of scaling before its configuration changes. */
export const SCALING_PAUSE_RESOURCE_TYPE = 'Custom::InferenceEndpointScalingPause';
/** Scales an endpoint's variants, once its configuration is in service. */
export const SCALING_RESOURCE_TYPE = 'Custom::InferenceEndpointScaling';
/** Follows a job in the background. */
export const FOLLOW_RESOURCE_TYPE = 'Custom::InferenceRecommendationsJobFollow';
/** Stops, with its stack, the jobs that approvals started. */
export const REGISTRY_RESOURCE_TYPE = 'Custom::InferenceRecommendationsRegistry';
/** Copies what is written of a recommendation to another Region or account. */
export const REPLICA_RESOURCE_TYPE = 'Custom::InferenceRecommendationReplica';
export const MODEL_RESOURCE_TYPE = 'Custom::InferenceRecommendationModel';

/** Environment variable of the start function: the state machine that polls. */
export const STATE_MACHINE_ARN_VARIABLE = 'STATE_MACHINE_ARN';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** What the start resource and each wait link are given. */
export interface JobProperties {
  readonly SchemaVersion: string;
  /** The user's own reason to run the job again. */
  readonly Trigger?: string;
  /** CreateInferenceRecommendationsJob without JobName and Tags, nested as in the API. */
  readonly Request: Readonly<Record<string, unknown>>;
  /** 'true' when a recommendation has a fallback: then a job that fails does not fail its links. */
  readonly ToleratesFailure?: string;
  readonly Tags?: readonly Tag[];
}

/** What a wait link is given on top. */
export interface WaitProperties extends JobProperties {
  /** From the start resource or the link before: a change in it is what makes CloudFormation wait again. */
  readonly JobName: string;
  /** This link's place in the relay, from 1. */
  readonly Link: string;
  readonly Links: string;
  /** 'true' for a job that something else started: it is never started, tagged or stopped. */
  readonly IsImported?: string;
}

export interface RecommendationProperties {
  readonly SchemaVersion: string;
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
  /** Where in Parameter Store the choice is written. */
  readonly ParameterPath?: string;
  /** Where the newest result is written, which the recommendation becomes only if it is adopted. */
  readonly CandidatePath?: string;
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

/** Every answer for a recommendation carries every one of these, empty where the row has nothing. */
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

export interface ResultsProperties {
  readonly SchemaVersion: string;
  readonly JobName: string;
}

export interface CompilationsProperties {
  readonly SchemaVersion: string;
  /** Logical id of the start resource, which the names of its jobs follow from. */
  readonly JobLogicalId: string;
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

/** What a field without a value is in Parameter Store, which takes no empty one. */
export const EMPTY_PARAMETER = '-';

/** Names of what is written below a path in Parameter Store. */
export function parameterNames(path: string) {
  return {
    /** Who writes here: written before all others, and deleted after them. */
    owner: `${path}/owner`,
    /** All attributes as JSON, with the schema's version. */
    whole: `${path}/recommendation`,
    explanation: `${path}/explanation`,
    field: (attribute: string) => `${path}/${attribute}`,
    /** The path that a result which is not adopted is written below. */
    candidate: `${path}/candidate`,
  };
}

/** Values of the attribute `Source`: where a recommendation comes from. */
export const SOURCES = { benchmark: 'Benchmark', fallback: 'Fallback', fixed: 'Fixed' } as const;

/** What a model made through the API is given: the recommendation's attributes beside the user's own settings. */
export interface ModelProperties {
  readonly SchemaVersion: string;
  /** What was benchmarked: a model package or else a model. */
  readonly ModelPackageName?: string;
  readonly ModelName?: string;
  readonly InferenceSpecificationName: string;
  readonly CompilationJobName: string;
  /** The tuned environment, as the JSON text that the recommendation answered. */
  readonly Environment: string;
  /** Of a model package's model; a model's own is copied where this is left out. */
  readonly ExecutionRoleArn?: string;
  readonly EnableNetworkIsolation?: string;
  readonly VpcConfig?: { readonly SecurityGroupIds: string[]; readonly Subnets: string[] };
  readonly Tags?: readonly Tag[];
}

/** What comes before an endpoint's update. */
export interface ScalingPauseProperties {
  readonly SchemaVersion: string;
  /** The parameter that holds what is registered. */
  readonly RecordName: string;
  /** A change of it makes CloudFormation ask for the pause, and for its end once all is done or undone. */
  readonly EndpointConfigName: string;
}

/** What comes after it. */
export interface ScalingProperties extends ScalingPauseProperties {
  readonly EndpointName: string;
  readonly VariantNames: readonly string[];
  /** Whose figures are asked for; what is given below goes before them. */
  readonly Recommendation?: {
    readonly JobName: string;
    readonly RecommendationId: string;
    readonly TargetCpuUtilizationPerCore?: string;
    readonly MinInvocationsPerMinute?: string;
    readonly MaxInvocationsPerMinute?: string;
  };
  readonly MinCapacity?: string;
  readonly MaxCapacity?: string;
  readonly ScaleInCooldown?: string;
  readonly ScaleOutCooldown?: string;
  readonly DisableScaleIn?: string;
  readonly TargetValue?: string;
  readonly PredefinedMetricType?: string;
  readonly CustomizedMetric?: {
    readonly MetricName: string;
    readonly Namespace: string;
    readonly Statistic: string;
    readonly Unit?: string;
    readonly Dimensions?: ReadonlyArray<{ readonly Name: string; readonly Value: string }>;
  };
}

export const SCALING_ATTRIBUTES = ['MinCapacity', 'MaxCapacity', 'TargetValue', 'Metric', 'ScaleInCooldown', 'ScaleOutCooldown'] as const;
export type ScalingAttribute = typeof SCALING_ATTRIBUTES[number];

/** Where a recommendation's parameters are copied to. */
export interface ReplicaProperties {
  readonly SchemaVersion: string;
  readonly ParameterPath: string;
  readonly Region: string;
  /** A role of another account. */
  readonly RoleArn?: string;
  /** The fields: a change in them is what makes CloudFormation ask for another copy. */
  readonly Content?: ReadonlyArray<string | number>;
}

/** Where and as what CloudFormation expects an answer. */
export interface AnswerAddress {
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
}

/** The input of one execution of the state machine. */
export interface ExecutionInput {
  /** `wait` ends when the job is over, `stop` when the jobs no longer run. */
  readonly purpose: 'wait' | 'stop';
  readonly address: AnswerAddress;
  /** The job that is polled. */
  readonly jobName: string;
  /** Every job that must be over before a `stop` succeeds. */
  readonly jobNames: readonly string[];
  readonly pollSeconds: number;
  /** ISO time after which this execution polls no more. */
  readonly deadline: string;
  /** Whether a later link goes on waiting when this one's time is up. */
  readonly lastLink: boolean;
  /** Whether the job is somebody else's, which gets no tags of ours. */
  readonly isImported?: boolean;
  /** Whether a job that failed ends the wait like one that completed: a fallback stands in. */
  readonly toleratesFailure: boolean;
  /** Seed of the polled status, so that the machine's choice always finds one. */
  readonly job: { readonly Status: string };
}

/** What the state machine hands to the conclude function. */
export interface Conclusion extends ExecutionInput {
  /** Set when concluding failed before and the machine only wants CloudFormation to be told. */
  readonly failure?: { readonly Error?: string; readonly Cause?: string };
}

/** A recommendation as the background writes it: what its resource is given, and who the resource is. */
export interface FollowedRecommendation extends Omit<RecommendationProperties, 'JobName'> {
  readonly LogicalResourceId: string;
  readonly ParameterPath: string;
  /** 'true' where what is written below `CandidatePath` is adopted by itself. */
  readonly Adopts?: string;
}

/** What is given to whatever follows a job. */
export interface FollowProperties {
  readonly SchemaVersion: string;
  readonly JobName: string;
  /** Logical id of the job's start resource, by which events name it. */
  readonly JobLogicalId: string;
  readonly StateMachineArn: string;
  readonly Recommendations?: readonly FollowedRecommendation[];
}

/** The input of an execution that follows a job. */
export interface FollowInput {
  readonly purpose: 'publish';
  readonly owner: { readonly StackId: string; readonly LogicalResourceId: string };
  readonly jobName: string;
  readonly recommendations: readonly FollowedRecommendation[];
  /** ISO time of the approval or renewal that asked for the job: what is found goes before what was asked for earlier. Empty where nothing else writes there. */
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

/** What a rule of a registry hands to the start function with each event. */
export interface RegistryBenchmark {
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly ModelPackageGroupName: string;
  /** The job's request but for the package. */
  readonly Request: Readonly<Record<string, unknown>>;
  readonly Trigger?: string;
  readonly Tags?: readonly Tag[];
  readonly Recommendations: readonly FollowedRecommendation[];
  readonly MaxJobsPerMonth?: string;
  readonly StateMachineArn: string;
}
