import { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { Duration } from 'aws-cdk-lib/core';
import { BenchmarkTarget } from './benchmark-target';
import { ContainerConfigOptions } from './container-config';
import { JobType } from './job-type';
import { Wait } from './wait';
import { NetworkOptions } from '../common/network-options';
import { IRecommendationJob, Recommendation } from '../recommendation/recommendation';
import { RecommendationOptions } from '../recommendation/recommendation-options';

/** A recommendation job. */
export interface IInferenceRecommendationsJob extends IRecommendationJob {
  /** What the job benchmarks, if that is known here. */
  readonly target?: BenchmarkTarget;

  /**
   * Chooses one of the job's recommendations. A job can have several: each is a small resource of its own.
   *
   * @param id the recommendation's construct id
   * @param options how it is chosen
   */
  addRecommendation(id: string, options?: RecommendationOptions): Recommendation;
}

/** What is known of a job that something else started. */
export interface InferenceRecommendationsJobAttributes {
  /** Name of the job. */
  readonly jobName: string;
  /**
   * What it benchmarked; a model made from its recommendations needs to know.
   *
   * @default - unknown
   */
  readonly target?: BenchmarkTarget;
  /**
   * How long the job may still run: up to 5 hours. Then the deploy waits for it.
   *
   * @default - it has completed
   */
  readonly maxDuration?: Duration;
}

/** Properties of a recommendation job. The VPC is the one that the benchmarked endpoints run in; changing it runs, and bills, a new job. */
export interface InferenceRecommendationsJobProps extends NetworkOptions {
  /** What is benchmarked. Changing it runs, and bills, a new job. */
  readonly target: BenchmarkTarget;
  /**
   * What kind of job runs, and how. Changing it runs, and bills, a new job.
   *
   * @default JobType.instanceRecommendation()
   */
  readonly jobType?: JobType;
  /**
   * Whether the deploy waits for the job. Changing it runs nothing again.
   *
   * @default Wait.forCompletion()
   */
  readonly wait?: Wait;
  /**
   * What the model package does not say of its container, or says differently. Changing it runs, and bills, a new job.
   *
   * @default - what the model package says
   */
  readonly containerConfig?: ContainerConfigOptions;
  /**
   * Existing endpoints to compare with the candidates: at most 1, a real-time endpoint with one production variant that does not scale itself
   * meanwhile. Changing them runs, and bills, a new job.
   *
   * @default - none
   */
  readonly existingEndpoints?: IEndpointRef[];
  /**
   * Key that encrypts the storage of the benchmark instances. Changing it runs, and bills, a new job.
   *
   * @default - a key of SageMaker's own
   */
  readonly volumeEncryptionKey?: IKeyRef;
  /**
   * Key that encrypts what the job writes to S3. Changing it runs, and bills, a new job.
   *
   * @default - the bucket's own encryption
   */
  readonly outputEncryptionKey?: IKeyRef;
  /**
   * Bucket where SageMaker Neo puts compiled models. Changing it runs, and bills, a new job.
   *
   * @default - the service chooses
   */
  readonly compiledOutputBucket?: IBucketRef;
  /**
   * Prefix of the compiled models' keys.
   *
   * @default - none
   */
  readonly compiledOutputPrefix?: string;
  /**
   * The role that the service does the job with. Changing it runs nothing again.
   *
   * @default - a role with what the job's inputs need
   */
  readonly role?: IRoleRef;
  /**
   * Description of the job: up to 128 characters. Changing it runs nothing again.
   *
   * @default - the construct's path
   */
  readonly description?: string;
  /**
   * Your own reason to run the job again: any value not used before in this stack runs, and bills, a new job; one used before finds the job of
   * that time. What the library cannot see (an image tag such as `latest` that was moved, an object in S3 that was overwritten) needs it.
   *
   * @default - the job runs again only when what it benchmarks changes
   */
  readonly trigger?: string;
  /**
   * Whether the compilation jobs that the benchmarks left behind are deleted with this construct, or when this is taken back. What they compiled
   * stays in S3.
   *
   * @default false
   */
  readonly deleteCompilationJobs?: boolean;
}
