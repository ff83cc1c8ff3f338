import { ExpectedMetric } from './expected-performance';
import { Measurements } from './measurements';
import { TokenWorkload } from './workload-spec';

/** One recommendation of a job, before the job has registered its model package. */
export interface TokenRecommendation {
  readonly instanceType: string;
  /** @default 1 */
  readonly instanceCount?: number;
  /** @default 1 */
  readonly copyCountPerInstance?: number;
  /** @default - made of the type and what the job aims at */
  readonly specificationName?: string;
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly minCpuMemoryMb?: number;
  readonly optimizations?: ReadonlyArray<{ readonly OptimizationType: string; readonly OptimizationConfig?: Readonly<Record<string, string>> }>;
  /** Whether a draft model was made for it, which it loads besides its own weights. */
  readonly hasDraftModel?: boolean;
  readonly description?: string;
  readonly performance: readonly ExpectedMetric[];
  /** What its benchmark writes to S3. @default - nothing */
  readonly measured?: Measurements;
}

/** How a job runs and ends. */
export interface TokenRun {
  /** From its creation to its end, in virtual seconds. */
  readonly durationSeconds: number;
  /** @default 'Completed' */
  readonly outcome?: 'Completed' | 'Failed';
  readonly failureReason?: string;
  /** A line for its log stream, which says where the figures come from. @default - none */
  readonly note?: string;
}

/** The run of a recommendation job. */
export interface RecommendationRun extends TokenRun {
  /** In the service's order: the first fits the target best. */
  readonly recommendations: readonly TokenRecommendation[];
}

/** The run of a benchmark job. */
export interface BenchmarkJobRun extends TokenRun {
  readonly measured: Measurements;
}

/** What both kinds of job know of their run. */
export interface RunTarget {
  readonly jobName: string;
  /** The number of jobs of the kind that were created in the account and Region, including this one. */
  readonly attempt: number;
  readonly work: TokenWorkload;
}

/** What both kinds of job know of what they benchmark. */
export interface TokenTarget extends RunTarget {
  /** GB of the model's weights. */
  readonly weightsGb: number;
}

export interface RecommendationTarget extends TokenTarget {
  readonly region: string;
  /** Of the registries of AWS's images. */
  readonly urlSuffix: string;
}

export interface EndpointTarget extends TokenTarget {
  readonly instanceType: string;
  readonly instanceCount: number;
  /** The container's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** What answers on an endpoint of inference components. Without it, the model has all of the instances. */
  readonly components?: { readonly copies: number; readonly acceleratorsPerCopy: number };
}

/** What DescribeModel recommends of a model. */
export interface InstantRun {
  readonly status: 'COMPLETED' | 'FAILED' | 'NOT_APPLICABLE';
  readonly recommendations?: ReadonlyArray<{ readonly instanceType: string; readonly environment?: Readonly<Record<string, string>> }>;
}

/** Defines the runs of the generative family's jobs. Each is called once, at a job's creation. If it throws an error, the job is refused. */
export interface GenerativeScript {
  readonly recommend: (request: any, target: RecommendationTarget) => RecommendationRun;
  readonly benchmark: (request: any, target: EndpointTarget) => BenchmarkJobRun;
  /** What is recommended at once with a model, from what is usually: called whenever a model is described. */
  readonly instant: (containers: readonly any[], usual: InstantRun) => InstantRun;
}
