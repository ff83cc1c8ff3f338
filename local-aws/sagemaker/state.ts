import { BenchmarkRun, BenchmarkScript, InferenceRecommendation } from './benchmarks';
import type { BenchmarkJobRun, GenerativeScript, RecommendationRun, TokenRun } from './generative/script';
import { AI_RECOMMENDATION_STATUSES } from '../../src/service/job-status';

/** A resource tag, in the API's form. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface ModelPackageGroup {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly created: Date;
  /** The last version number. The number of a deleted version is not used again. */
  lastVersion: number;
  /** The resource policy, as given. */
  policy?: string;
}

export interface ModelPackage {
  readonly arn: string;
  /** Name of its group, if it is a version. */
  readonly group?: string;
  /** The answer of DescribeModelPackage. */
  description: Record<string, any>;
}

export interface Model {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  /** The request, without its tags. */
  readonly input: Record<string, any>;
}

export interface EndpointConfig {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  /** The request, without its tags. */
  readonly input: Record<string, any>;
}

export interface Endpoint {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  modified: Date;
  status: 'Creating' | 'Updating' | 'InService' | 'Failed' | 'Deleting';
  /** The configuration that serves, or will serve first. */
  config: string;
  /** The configuration after the current update. */
  nextConfig?: string;
  failureReason?: string;
  /** When it began to serve. */
  inService?: Date;
  /** The production variants that serve, as in their configuration. */
  served?: Array<Record<string, any>>;
  variants?: Array<Record<string, any>>;
  shadows?: Array<Record<string, any>>;
  dataCapture?: Record<string, any>;
  lastDeployment?: Record<string, any>;
}

export interface InferenceComponent {
  readonly name: string;
  readonly arn: string;
  readonly endpointName: string;
  /** Nothing for an adapter: it runs in the copies of its base. */
  readonly variantName?: string;
  readonly created: Date;
  modified: Date;
  status: 'Creating' | 'Updating' | 'InService' | 'Failed' | 'Deleting';
  failureReason?: string;
  /** The members Specification and Specifications, as given. */
  input: Record<string, any>;
  /** The number of copies that it should have; nothing for an adapter. */
  copies?: number;
  /** Where its copies run. */
  placed: ReadonlyMap<string, number>;
  lastDeployment?: Record<string, any>;
}

export interface Job {
  readonly arn: string;
  /** The request, without its tags. */
  readonly request: Record<string, any>;
  /** The benchmarked container. */
  readonly container: Record<string, any>;
  /** The locations in S3 of what it reads: the payload and the model's data. */
  readonly inputs?: readonly string[];
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
  /** The result, unless the benchmark fails. */
  readonly recommendation?: InferenceRecommendation;
  readonly failureReason?: string;
  /** What its container logs, if it fails. */
  readonly log?: readonly string[];
  readonly lacksEndpoint?: boolean;
  /** When it began, once it has: without it, no endpoint was made. */
  begun?: Date;
  ended?: Date;
  /** When it began and ended to be invoked, once it has. */
  times?: { readonly InvocationStartTime: Date; readonly InvocationEndTime: Date };
  /** Its entry in ListInferenceRecommendationsJobSteps. */
  benchmark: Record<string, any>;
}

export interface CompilationJob {
  /** The answer of DescribeCompilationJob. */
  readonly description: Record<string, any>;
}

/** How AIPerf sends requests to an endpoint of a generative model. */
export interface WorkloadConfig {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  /** The request, without its tags. */
  readonly input: Record<string, any>;
}

/** A job of the generative family. */
export interface AIJob<Run extends TokenRun = TokenRun> {
  readonly name: string;
  readonly arn: string;
  /** The request, without its tags. */
  readonly request: Record<string, any>;
  /** The name of its workload configuration, whichever way the request names it. */
  readonly workloadName: string;
  /** The spec of its workload, and the ARNs of the secrets in it. */
  readonly workload: { readonly spec: object; readonly streaming: boolean; readonly secrets: readonly string[]; readonly inputs: readonly string[] };
  readonly created: Date;
  started?: Date;
  ended?: Date;
  status: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  failureReason?: string;
  readonly run: Run;
}

/** Whether nothing happens to a job any more. Both kinds of job have the same statuses. */
export function isTerminal({ status }: Pick<AIJob, 'status'>): boolean {
  return !AI_RECOMMENDATION_STATUSES.nonTerminal.includes(status);
}

export interface AIRecommendationJob extends AIJob<RecommendationRun> {
  /** Where its model packages go, once it has made some. */
  groupName?: string;
  /** The answer's recommendations, once it has completed. */
  recommendations?: Array<Record<string, any>>;
}

export interface AIBenchmarkJob extends AIJob<BenchmarkJobRun> {
  /** The training job that runs AIPerf, and a part of the key of its results. */
  readonly trainingJob: string;
  /** The recommendation job that it belongs to. */
  readonly parent?: string;
}

/** The service that scales variants: Application Auto Scaling, a higher room that registers itself here. */
export interface VariantScaling {
  targetsOf(endpoint: string): ReadonlyArray<{ readonly endpointName: string; readonly variantName: string }>;
  deregister(resourceId: string): void;
  /** The bounds of a target that is registered. */
  boundsOf(resourceId: string): { readonly min: number; readonly max: number } | undefined;
}

/** Whether two names or ARNs are those of one resource. Their case does not count: see `Region.spellings`. */
export function isSameName(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

/** By name or ARN, as `isSameName` compares them. */
class ByName<T> extends Map<string, T> {
  public override get(name: string): T | undefined {
    return super.get(keyOf(name));
  }

  public override has(name: string): boolean {
    return super.has(keyOf(name));
  }

  public override set(name: string, value: T): this {
    return super.set(keyOf(name), value);
  }

  public override delete(name: string): boolean {
    return super.delete(keyOf(name));
  }
}

/** The service tells the names of workload configurations apart by their case, too. */
function keyOf(name: string): string {
  return String(name).includes(':ai-workload-config/') ? name : String(name).toLowerCase();
}

/** The state of SageMaker for an account in a Region. */
export class SageMakerState {
  public readonly groups = new ByName<ModelPackageGroup>();
  /** By `name` or `group/version`. */
  public readonly packages = new ByName<ModelPackage>();
  public readonly models = new ByName<Model>();
  public readonly endpointConfigs = new ByName<EndpointConfig>();
  public readonly endpoints = new ByName<Endpoint>();
  public readonly components = new ByName<InferenceComponent>();
  public readonly jobs = new ByName<Job>();
  public readonly compilationJobs = new ByName<CompilationJob>();
  /** By name as it is given: the service tells upper from lower case here. */
  public readonly workloadConfigs = new Map<string, WorkloadConfig>();
  public readonly aiRecommendationJobs = new ByName<AIRecommendationJob>();
  public readonly aiBenchmarkJobs = new ByName<AIBenchmarkJob>();
  /** Where compilations have written their artifacts: no bytes are kept of them, and they stay after the compilations. */
  public readonly artifacts = new Set<string>();
  /** By ARN, for every taggable resource. */
  public readonly tags = new ByName<Tag[]>();
  /** Digests of images whose tags were moved. */
  public readonly imageDigests = new Map<string, string>();
  /** Instance types of which no instance is free. Add and delete them at will: those that serve already stay. */
  public readonly withoutCapacity: Set<string>;
  /** The number of recommendation jobs that passed the checks, for scripts that count. */
  public jobsRequested = 0;
  /** The same of the generative family. */
  public aiRecommendationJobsRequested = 0;
  public aiBenchmarkJobsRequested = 0;
  public scaling?: VariantScaling;

  /** `load`: the requests a minute that each endpoint takes. */
  constructor(
    readonly benchmarks: BenchmarkScript, readonly generative: GenerativeScript, withoutCapacity: readonly string[] = [], readonly load = 0,
  ) {
    this.withoutCapacity = new Set(withoutCapacity);
  }
}
