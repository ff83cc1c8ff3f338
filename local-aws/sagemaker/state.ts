import { BenchmarkRun, BenchmarkScript, InferenceRecommendation } from './benchmarks';

/** A resource tag, as the API has it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface ModelPackageGroup {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly created: Date;
  /** The last version given out: a deleted one's number is not used again. */
  lastVersion: number;
  /** The resource policy, as it was given. */
  policy?: string;
}

export interface ModelPackage {
  readonly arn: string;
  /** Name of its group, if it is a version. */
  readonly group?: string;
  /** What DescribeModelPackage answers. */
  description: Record<string, any>;
}

export interface Model {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  /** As created, without its tags. */
  readonly input: Record<string, any>;
}

export interface EndpointConfig {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  /** As created, without its tags. */
  readonly input: Record<string, any>;
}

export interface Endpoint {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  modified: Date;
  status: 'Creating' | 'Updating' | 'InService' | 'Failed' | 'Deleting';
  /** The configuration that serves, or is to serve first. */
  config: string;
  /** What an update goes to. */
  nextConfig?: string;
  failureReason?: string;
  /** The production variants that serve, as their configuration had them. */
  served?: Array<Record<string, any>>;
  variants?: Array<Record<string, any>>;
  shadows?: Array<Record<string, any>>;
  dataCapture?: Record<string, any>;
  lastDeployment?: Record<string, any>;
}

export interface Job {
  readonly arn: string;
  /** As created, without its tags. */
  readonly request: Record<string, any>;
  /** What it benchmarks. */
  readonly container: Record<string, any>;
  readonly created: Date;
  modified: Date;
  completed?: Date;
  status: 'PENDING' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'STOPPING' | 'STOPPED';
  failureReason?: string;
  readonly run: BenchmarkRun;
  readonly steps: Step[];
}

/** One benchmark of a job. */
export interface Step {
  readonly key: string;
  status: Job['status'];
  /** What it finds, unless it fails. */
  readonly recommendation?: InferenceRecommendation;
  readonly failureReason?: string;
  /** What ListInferenceRecommendationsJobSteps shows of it. */
  benchmark: Record<string, any>;
}

export interface CompilationJob {
  /** What DescribeCompilationJob answers. */
  readonly description: Record<string, any>;
}

/** Who scales variants: Application Auto Scaling, which stands above and puts itself here. */
export interface VariantScaling {
  targetsOf(endpoint: string): ReadonlyArray<{ readonly variantName: string }>;
  deregister(resourceId: string): void;
}

/** Everything that SageMaker keeps for an account in a Region. */
export class SageMakerState {
  public readonly groups = new Map<string, ModelPackageGroup>();
  /** By `name` or `group/version`. */
  public readonly packages = new Map<string, ModelPackage>();
  public readonly models = new Map<string, Model>();
  public readonly endpointConfigs = new Map<string, EndpointConfig>();
  public readonly endpoints = new Map<string, Endpoint>();
  public readonly jobs = new Map<string, Job>();
  public readonly compilationJobs = new Map<string, CompilationJob>();
  /** By ARN, of everything that takes tags. */
  public readonly tags = new Map<string, Tag[]>();
  /** How many recommendation jobs have passed the checks, for scripts that count. */
  public jobsAskedFor = 0;
  public scaling?: VariantScaling;

  constructor(readonly benchmarks: BenchmarkScript) {}
}
