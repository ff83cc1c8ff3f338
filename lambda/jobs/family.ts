import type { JobNeeds } from './preflight/preflight';
import type { Owner, Tag } from '../../src/contract/custom-resource';
import type { RecommendationAttribute, Source } from '../../src/contract/recommend';
import type { JobProperties } from '../../src/contract/start';
import type { JobEstimate } from '../../src/service/estimate';
import type { JobPhase } from '../../src/service/job-status';
import type { Attributes } from '../runtime/answer';
import type { SageMakerApi, SageMakerDeps } from '../runtime/deps';
import type { StoredApi } from '../runtime/objects';

/** A job's name and ARN. */
export interface JobKey {
  readonly name: string;
  readonly arn: string;
}

/** A job as the service describes it, in words that all families share. */
export interface Job extends JobKey {
  /** The service's own status. */
  readonly status: string;
  readonly phase: JobPhase;
  readonly failureReason?: string;
  readonly created?: Date;
  /** Where the user finds more, if the service says it of this job. */
  readonly logs?: string;
  /** The model package that the job benchmarks. */
  readonly packageArn?: string;
  readonly modelName?: string;
}

/** A job with what it recommends. */
export interface JobWithRecommendations extends Job {
  /** Empty until the job has completed. */
  readonly recommendations: readonly JobRecommendation[];
}

/** One of a job's recommendations, in words that all families share. */
export interface JobRecommendation {
  readonly id: string;
  /** Empty for a serverless endpoint. */
  readonly instanceType?: string;
  /** The number of benchmarked instances. Throughput and cost are totals over all of them. */
  readonly instanceCount: number;
  readonly serverlessConfig?: { readonly MemorySizeInMB?: number; readonly MaxConcurrency?: number };
  readonly isCompiled: boolean;
  /** Why it cannot be deployed, whatever is wanted. Absent if it can. */
  readonly flaw?: string;
  /** The environment that the job tuned. */
  readonly environment: Readonly<Record<string, string>>;
  /** The compared figures, by the names of their kind. One that is absent or NaN was not reported. */
  readonly figures: Figures;
  /** What the service reported of figures that cannot be compared, such as one without a unit. */
  readonly reported?: Readonly<Record<string, string>>;
  /** The other attributes, as the service spells them. */
  readonly attributes: Readonly<Partial<Record<RecommendationAttribute, string | number>>>;
}

/** Figures by their names. */
export type Figures = Readonly<Record<string, number>>;

/** Dependencies of what reads the results of a job. */
export interface ResultsDeps extends SageMakerDeps {
  /** Objects that a job has written. */
  readonly stored: StoredApi;
}

/** A job that was created, or found under its name. */
export interface CreatedJob extends JobKey {
  readonly isFound?: boolean;
}

/** A request as the service gets it, without the job's name and tags. */
export type JobRequest = Readonly<Record<string, unknown>>;

/** The model package or model that a job benchmarks, as the service describes it. */
export interface Target {
  /** Its ARN or name. */
  readonly name: string;
  /** A target that was deleted and made again under its old name has another creation time. */
  readonly created?: Date;
  /** The described members that decide whether two targets are the same. */
  readonly described?: object;
  /** Facts for the family's checks. */
  readonly facts?: object;
  /** The description of a package's approval. */
  readonly approval?: string;
  /** When a package was changed last, such as by its approval. Absent if it was never changed. */
  readonly changed?: Date;
}

/** Where a job is to run, and under which name. */
export interface JobPlace {
  readonly region: string;
  readonly account: string;
  readonly jobName: string;
}

/** What is benchmarked and how, without names and addresses that do not count. */
export interface Content {
  readonly counted: unknown;
  /** Whether two equal contents are certainly the same: every image and object is named by what it contains. */
  readonly isCertain: boolean;
  /** By what its own construct tells a job apart while the content is not certain. @default - by the part of the request that counts */
  readonly own?: unknown;
}

/** A job in a list. */
export interface ListedJob {
  readonly name: string;
  readonly phase: JobPhase;
  readonly created?: Date;
}

/** A part of a job that failed, such as a benchmark, and why. */
export type Failure = readonly [what: string, reason: string];

/** The part of a family that reads jobs. A function carries only the part that it uses: `JobReader`, `JobResultsReader`, `JobStarter` or `JobFamily`. */
export interface JobReader {
  /** The name in resource types and properties. */
  readonly name: string;
  /** The name of one job in a sentence. */
  readonly title: string;

  /** `undefined` if the service does not know the job. */
  describe(sagemaker: SageMakerApi, jobName: string): Promise<Job | undefined>;
  /** The failed parts of a job, each with its reason. */
  failures(sagemaker: SageMakerApi, jobName: string): Promise<Failure[]>;
  /** Where the user finds more about a job. Absent in a family without logs. */
  logs?(jobName: string): string;
  /** Deletes a job that has ended. Absent in a family whose jobs cannot be deleted. */
  delete?(sagemaker: SageMakerApi, jobName: string): Promise<void>;
}

/** The part of a family that reads the results of jobs. */
export interface JobResultsReader extends JobReader {
  /** How long the function that chooses waits for the end, in milliseconds. Absent in a family of jobs, because the stages of a deploy wait for those. */
  readonly waitMs?: number;
  /** What recommends, if it is no job. A job is paid for, and can be run again. */
  readonly source?: RecommendationSource;

  describe(sagemaker: SageMakerApi, jobName: string): Promise<JobWithRecommendations | undefined>;
  /** A recommendation with the costs that follow from the price of an instance's hour. Absent in a family that reports its own costs. */
  priced?(recommendation: JobRecommendation, hourly: (instanceType: string) => number | undefined): JobRecommendation;
  /** The address of what the console has of a job. Absent in a family without such a page, `undefined` in a Region without a public console. */
  link?(job: JobKey): string | undefined;
  /** Results besides recommendations. Absent in a family without them. */
  results?(deps: ResultsDeps, jobName: string): Promise<Attributes>;
}

/** What recommends instead of a job, and its words. */
export interface RecommendationSource {
  /** The value of the attribute `Source`. */
  readonly value: Source;
  /** What its name follows in a sentence. */
  readonly noun: string;
  /** What to do if it recommends nothing, and there is no fallback. */
  readonly remedy: string;

  /** Where a recommendation comes from, for the summary. */
  origin(name: string): string;
  /** Why there is nothing to read. */
  gone(name: string): string;
}

/**
 * Everything particular to one family of jobs: its operations, the names of their members, its statuses, the shape of its results.
 * Waiting, ownership, attempts, stopping, ranking, publishing and following use only this interface.
 */
export interface JobFamily extends JobReader {
  /** Converts the request to the API's types: CloudFormation delivers every scalar as a string. */
  request(properties: Pick<JobProperties, 'Request'>): JobRequest;
  /** The part of a request that decides whether two jobs are the same, with its target by its name. */
  counted(request: JobRequest): JobRequest;
  /** The content of a request. */
  contentOf(request: JobRequest, target: Target, etagOf: EtagOf): Promise<Content>;
  /** The request for another package version. */
  forPackage(request: JobRequest, packageArn: string): JobRequest;
  /**
   * Checks the values that were tokens at synth.
   *
   * @throws UserError with everything that the service would refuse
   */
  check(request: JobRequest, tags: readonly Tag[], target?: Partial<Target>): void;
  target(sagemaker: SageMakerApi, request: JobRequest): Promise<Target>;
  /** What a job needs of its account. Absent in a family whose jobs are not checked before their start. */
  needs?(request: JobRequest, target: Target | undefined, place: JobPlace): JobNeeds;
  /** What a job costs at most, if it runs no longer than the library lets it. Absent in a family whose costs are not known. */
  estimate?(request: JobRequest, target: Target | undefined, region: string, maxSeconds?: number): JobEstimate | undefined;

  /** How long a job takes at least, in seconds from its creation, if it does not fail at once. Absent in a family of which nothing is known, and `undefined` for such a request. */
  earliestSeconds?(request: JobRequest): number | undefined;

  arn(owner: Pick<Owner, 'StackId'>, jobName: string): string;
  /** Creates a job. If the name is taken, an earlier delivery of the same request created the job, or another stack. */
  create(sagemaker: SageMakerApi, jobName: string, request: JobRequest, tags: readonly Tag[]): Promise<CreatedJob>;
  /** Requests the stop of a job, whatever its status. */
  stop(sagemaker: SageMakerApi, jobName: string): Promise<void>;
  /** The jobs whose names contain a text, optionally only those made after a time. With `most`, no further page is read once there are so many. */
  list(sagemaker: SageMakerApi, nameContains: string | undefined, since?: Date, most?: number): Promise<ListedJob[]>;
  /** Deletes the compilation jobs that a job started. Absent in a family whose jobs compile nothing. */
  deleteCompilations?(deps: SageMakerDeps, jobName: string): Promise<void>;
}

/** The part of a family that finds and starts jobs. */
export type JobStarter = Omit<JobFamily, 'title' | 'failures' | 'logs' | 'delete' | 'list' | 'deleteCompilations'>;

/** The part of a family that stops jobs. */
export type JobStopper = Pick<JobFamily, 'describe' | 'stop'>;

/** The ETag of an object in S3, by its `s3://` address. Undefined if it may not be read, or is not there. */
export type EtagOf = (address: string) => Promise<string | undefined>;

/** Dependencies of a handler that works with jobs. */
export interface JobDeps<F extends Pick<JobReader, 'name'>> extends SageMakerDeps {
  readonly families: readonly F[];
}

/** @throws if this version does not know the family */
export function familyOf<F extends Pick<JobReader, 'name'>>(name: string | undefined, { families }: Pick<JobDeps<F>, 'families'>): F {
  const family = families.find((one) => one.name === name);
  if (!family) { throw new Error(`The family of jobs is unknown: got '${name}', expected one of ${families.map((one) => one.name).join(', ')}.`); }
  return family;
}
