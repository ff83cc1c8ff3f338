/**
 * What constructs and handlers agree on. Both sides compile against it, so a name that drifts does not build.
 */

/** Rises when an answer gains an attribute: the change in the properties makes CloudFormation ask for a new answer. */
export const SCHEMA_VERSION = '1';

export const START_RESOURCE_TYPE = 'Custom::InferenceRecommendationsJob';
export const WAIT_RESOURCE_TYPE = 'Custom::InferenceRecommendationsJobWait';
export const RECOMMENDATION_RESOURCE_TYPE = 'Custom::InferenceRecommendation';
export const RESULTS_RESOURCE_TYPE = 'Custom::InferenceRecommendationsJobResults';
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
  readonly Tags?: readonly Tag[];
}

/** What a wait link is given on top. */
export interface WaitProperties extends JobProperties {
  /** From the start resource or the link before: a change in it is what makes CloudFormation wait again. */
  readonly JobName: string;
  /** This link's place in the relay, from 1. */
  readonly Link: string;
  readonly Links: string;
}

export interface RecommendationProperties {
  readonly SchemaVersion: string;
  readonly JobName: string;
  /** One of `OBJECTIVES`. */
  readonly Objective: string;
  /** One of `ENDPOINT_TYPES`. */
  readonly EndpointType: string;
}

export const OBJECTIVES = ['LowestCostPerInference', 'LowestCostPerHour', 'LowestLatency', 'HighestThroughput'] as const;
export type ObjectiveName = typeof OBJECTIVES[number];

/** As RecommendationJobSupportedEndpointType spells them. */
export const ENDPOINT_TYPES = ['RealTime', 'Serverless'] as const;
export type EndpointTypeName = typeof ENDPOINT_TYPES[number];

/** Every answer for a recommendation carries every one of these, empty where the row has nothing. */
export const RECOMMENDATION_ATTRIBUTES = [
  'JobName',
  'RecommendationId',
  'InstanceType',
  'InitialInstanceCount',
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
] as const;
export type RecommendationAttribute = typeof RECOMMENDATION_ATTRIBUTES[number];

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

/** What a model made through the API is given: the recommendation's attributes beside the user's own settings. */
export interface ModelProperties {
  readonly SchemaVersion: string;
  readonly ModelPackageName: string;
  readonly InferenceSpecificationName: string;
  readonly CompilationJobName: string;
  /** The tuned environment, as the JSON text that the recommendation answered. */
  readonly Environment: string;
  readonly ExecutionRoleArn: string;
  readonly EnableNetworkIsolation?: string;
  readonly VpcConfig?: { readonly SecurityGroupIds: string[]; readonly Subnets: string[] };
  readonly Tags?: readonly Tag[];
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
  /** Seed of the polled status, so that the machine's choice always finds one. */
  readonly job: { readonly Status: string };
}

/** What the state machine hands to the conclude function. */
export interface Conclusion extends ExecutionInput {
  /** Set when concluding failed before and the machine only wants CloudFormation to be told. */
  readonly failure?: { readonly Error?: string; readonly Cause?: string };
}
