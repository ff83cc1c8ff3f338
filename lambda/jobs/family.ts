import type { Owner, Tag } from '../../src/contract/custom-resource';
import type { RecommendationAttribute } from '../../src/contract/recommend';
import type { JobProperties } from '../../src/contract/start';
import type { JobPhase } from '../../src/service/job-status';
import type { MetricName } from '../../src/service/limits';
import type { Attributes } from '../runtime/answer';
import type { SageMakerApi, SageMakerDeps } from '../runtime/deps';

/** What a job is called. */
export interface JobKey {
  readonly name: string;
  readonly arn: string;
}

/** A job as the service describes it, in words that all families share. */
export interface Job extends JobKey {
  /** In the service's own words. */
  readonly status: string;
  readonly phase: JobPhase;
  readonly failureReason?: string;
  /** What it benchmarks. */
  readonly packageArn?: string;
  readonly modelName?: string;
  /** Once it has completed. */
  readonly recommendations: readonly JobRecommendation[];
}

/** One of a job's recommendations, in words that all families share. */
export interface JobRecommendation {
  readonly id: string;
  /** Empty for a serverless one. */
  readonly instanceType?: string;
  /** How many instances were benchmarked: throughput and cost cover all of them. */
  readonly instanceCount: number;
  readonly serverlessConfig?: { readonly MemorySizeInMB?: number; readonly MaxConcurrency?: number };
  readonly isCompiled: boolean;
  /** The environment that the job tuned. */
  readonly environment: Readonly<Record<string, string>>;
  /** What is compared. NaN stands for what is not reported. */
  readonly figures: Readonly<Record<MetricName, number>>;
  /** What it says of itself, as the service says it. */
  readonly attributes: Readonly<Partial<Record<RecommendationAttribute, string | number>>>;
}

/** A request as the service gets it, without the job's name and tags. */
export type JobRequest = Readonly<Record<string, unknown>>;

/** What a job benchmarks, as the service describes it. */
export interface Target {
  /** One that was made anew under its old name is another. */
  readonly created?: Date;
  /** What the family's checks may know of it. */
  readonly facts?: object;
}

/** A job in a list. */
export interface ListedJob {
  readonly name: string;
  readonly phase: JobPhase;
}

/**
 * All that is particular to one family of jobs: its operations, the names of their members, its statuses, the shape of its results. Waiting, ownership,
 * attempts, stopping, ranking, publishing and following know only this.
 */
export interface JobFamily {
  /** As resource types and properties name it. */
  readonly name: string;
  /** What one job is called in a sentence. */
  readonly title: string;

  /** CloudFormation delivers every scalar as a string: gives the request with the types that the API wants. */
  request(properties: Pick<JobProperties, 'Request'>): JobRequest;
  /** What of a request makes it another job. */
  counted(request: JobRequest): JobRequest;
  /** The request for another package version. */
  forPackage(request: JobRequest, packageArn: string): JobRequest;
  /**
   * Judges what synth could not, because it was a token then.
   *
   * @throws UserError with everything that the service would refuse
   */
  check(request: JobRequest, tags: readonly Tag[], target?: Target): void;
  target(sagemaker: SageMakerApi, request: JobRequest): Promise<Target>;

  arn(owner: Pick<Owner, 'StackId'>, jobName: string): string;
  /** Creates a job; one whose name is taken is our own request that arrived before. */
  create(sagemaker: SageMakerApi, jobName: string, request: JobRequest, tags: readonly Tag[]): Promise<JobKey>;
  /** `undefined` when the service does not know the job. */
  describe(sagemaker: SageMakerApi, jobName: string): Promise<Job | undefined>;
  /** Tells a job to stop, whatever its status. */
  stop(sagemaker: SageMakerApi, jobName: string): Promise<void>;
  /** The jobs whose names contain a text, perhaps only those made after a time. */
  list(sagemaker: SageMakerApi, nameContains: string, since?: Date): Promise<ListedJob[]>;
  /** Deletes a job that is over. A family whose records stay with the service has none. */
  delete?(sagemaker: SageMakerApi, jobName: string): Promise<void>;

  /** A sentence for each part of a job that failed. */
  failures(sagemaker: SageMakerApi, jobName: string): Promise<string[]>;
  /** Where to read more of a job. */
  logs(jobName: string): string;
  /** What a job found besides recommendations, for a family whose jobs have it. */
  results?(deps: SageMakerDeps, jobName: string): Promise<Attributes>;
  /** Deletes the compilation jobs that a job left behind, for a family whose jobs compile. */
  deleteCompilations?(deps: SageMakerDeps, jobName: string): Promise<void>;
}

/** What a handler is given that knows jobs. */
export interface JobDeps extends SageMakerDeps {
  readonly families: readonly JobFamily[];
}

/** @throws when this version does not know the family */
export function familyOf(name: string | undefined, { families }: Pick<JobDeps, 'families'>): JobFamily {
  const family = families.find((one) => one.name === name);
  if (!family) { throw new Error(`The family of jobs is unknown: got '${name}', expected one of ${families.map((one) => one.name).join(', ')}.`); }
  return family;
}
