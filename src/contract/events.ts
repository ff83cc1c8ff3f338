import type { Owner } from './custom-resource';
import type { RecommendationAttribute } from './recommend';

/**
 * Events on the default bus of EventBridge. The service emits none for recommendation jobs; these are this library's own, and a contract: members
 * are added, never taken away or changed.
 */
export const EVENT_SOURCE = 'cdk-sagemaker-inference-recommender';

/** A job that is followed in the background has another status. */
export const JOB_STATE_CHANGE = 'Inference Recommendations Job State Change';
/** Another recommendation was chosen than the one before. */
export const RECOMMENDATION_CHANGE = 'Inference Recommendation Change';
/** What stands in Parameter Store of a recommendation was written, changed or not. For this library's own replicas: no part of the contract. */
export const RECOMMENDATION_WRITTEN = 'Inference Recommendation Written';
/** A version was to be benchmarked and was not, e.g. because there were as many benchmarks in this month as are allowed. */
export const BENCHMARK_SKIPPED = 'Inference Benchmark Skipped';

export interface JobStateChange extends Owner {
  readonly JobName: string;
  /** As the service says it. */
  readonly Status: string;
  /** `NONE` at first. */
  readonly PreviousStatus: string;
}

/** Why a version was not benchmarked. */
export interface BenchmarkSkipped extends Owner {
  /** Empty where there is none to benchmark. */
  readonly ModelPackageArn: string;
  readonly Reason: string;
}

export interface RecommendationChange extends Owner {
  readonly JobName: string;
  /** The recommendation's own path. One that is not adopted stands at `<path>/pending`, and at the path still what was there. */
  readonly ParameterPath: string;
  readonly Adopted: boolean;
  readonly Current: Readonly<Record<string, string>>;
  /** The recommendation before; where nothing is adopted, as it stands. */
  readonly Previous: Readonly<Record<string, string>>;
}

export interface RecommendationWritten extends Owner {
  readonly ParameterPath: string;
}

/** The fields that make another endpoint of a recommendation: figures alone do not. */
export const DEPLOYED_FIELDS = [
  'InstanceType', 'InstanceCount', 'ServerlessMemorySizeInMB', 'ServerlessMaxConcurrency', 'InferenceSpecificationName', 'CompilationJobName', 'Environment',
  'ModelPackageArn', 'ModelName',
] as const satisfies readonly RecommendationAttribute[];
