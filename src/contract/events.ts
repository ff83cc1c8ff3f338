import type { Owner } from './custom-resource';
import type { RecommendationAttribute } from './recommend';

/**
 * Events on EventBridge's default bus. SageMaker emits none for recommendation jobs; these are this library's own, and a contract: members are
 * added, never removed or changed.
 */
export const EVENT_SOURCE = 'cdk-sagemaker-inference-recommender';

/** A job that is followed in the background has a new status. */
export const JOB_STATE_CHANGE = 'Inference Recommendations Job State Change';
/** The chosen recommendation differs from the one before. */
export const RECOMMENDATION_CHANGE = 'Inference Recommendation Change';
/** The values of a recommendation in Parameter Store were written, changed or not. Only for this library's own replicas: not part of the contract. */
export const RECOMMENDATION_WRITTEN = 'Inference Recommendation Written';
/** A version was not benchmarked, e.g. because this month's limit of benchmarks is reached. */
export const BENCHMARK_SKIPPED = 'Inference Benchmark Skipped';

/** The package of the chosen recommendation waits for somebody's approval, and only an approved one can be deployed. */
export const APPROVAL_NEEDED = 'Inference Package Approval Needed';

/** A job runs, and nothing reads it: its stack is at rest. It was stopped, or it runs on until the next deploy or the deletion of its stack. */
export const JOB_UNREAD = 'Inference Recommendations Job Unread';

export interface JobUnread extends Owner {
  readonly JobName: string;
  readonly StackStatus: string;
  /** Whether the library has stopped the job: no resource of the stack holds it, so no deploy would find it. */
  readonly Stopped: boolean;
}

export interface JobStateChange extends Owner {
  readonly JobName: string;
  /** The service's own status. */
  readonly Status: string;
  /** `NONE` for the first event. */
  readonly PreviousStatus: string;
}

export interface ApprovalNeeded extends Owner {
  readonly JobName: string;
  readonly ModelPackageArn: string;
  /** ISO time until which the library waits for the approval. */
  readonly WaitsUntil: string;
  /** The chosen recommendation in one sentence. */
  readonly Summary: string;
}

/** Why a version was not benchmarked. */
export interface BenchmarkSkipped extends Owner {
  /** Empty if there is no version to benchmark. */
  readonly ModelPackageArn: string;
  readonly Reason: string;
}

export interface RecommendationChange extends Owner {
  readonly JobName: string;
  /** The recommendation's own path. A result that is not adopted is at `<path>/pending`, and the path keeps the earlier recommendation. */
  readonly ParameterPath: string;
  readonly Adopted: boolean;
  readonly Current: Readonly<Record<string, string>>;
  /** The earlier recommendation. If nothing is adopted, it stays the current one. */
  readonly Previous: Readonly<Record<string, string>>;
}

export interface RecommendationWritten extends Owner {
  readonly ParameterPath: string;
}

/** What of copies means a different endpoint, for a kind that has them. */
export const DEPLOYED_COPIES = ['CopyCountPerInstance', 'CopyCount', 'AcceleratorCount', 'MinMemoryRequiredInMb'] as const satisfies readonly RecommendationAttribute[];

/** The fields whose change means a different endpoint. Changed metrics alone do not. */
export const DEPLOYED_FIELDS = [
  'InstanceType', 'InstanceCount', 'ServerlessMemorySizeInMB', 'ServerlessMaxConcurrency', 'InferenceSpecificationName', 'CompilationJobName', 'Environment',
  'ModelPackageArn', 'ModelName',
] as const satisfies readonly RecommendationAttribute[];
