import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { Duration } from 'aws-cdk-lib/core';
import { BenchmarkTarget } from './benchmark-target';
import { ContainerConfigOptions } from './container-config';
import { JobReuse } from './job-reuse';
import { JobType } from './job-type';
import { Wait } from './wait';
import { NetworkOptions } from '../common/network-options';
import { Recommendation } from '../recommendation/recommendation';
import { IRecommendationJob } from '../recommendation/recommendation-interface';
import { RecommendationOptions } from '../recommendation/recommendation-options';

/** An Inference Recommender job, of this app or imported. */
export interface IInferenceRecommendationsJob extends IRecommendationJob {
  /** The target that the job benchmarks; undefined if this app does not know it. */
  readonly target?: BenchmarkTarget;

  /**
   * Chooses one of the job's recommendations. You can add several to a job: each is a small resource of its own.
   *
   * @param id construct id of the recommendation, unique in the job
   * @param options objective, limits and the other rules of the choice
   * @returns the recommendation, whose fields are tokens
   */
  addRecommendation(id: string, options?: RecommendationOptions): Recommendation;

  /**
   * A metric of the job, in the namespace `/aws/sagemaker/InferenceRecommendationsJobs`. The default statistic is the average. The service keeps it for
   * 15 months, also if the job's stack is deleted.
   *
   * AWS documents four metrics, for each of which there is a method, and the dimensions `JobName` and `EndpointName`. It does not say whether the service
   * publishes a metric by both, or by each alone: if a metric of the job has no data, name the `endpointName` of a recommendation.
   *
   * @param metricName name of the metric in CloudWatch
   * @param props the benchmarked endpoint, and the metric's options
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
   */
  metric(metricName: string, props?: JobMetricOptions): Metric;

  /**
   * Number of requests that the job sent to the endpoints that it benchmarks.
   *
   * @param props the benchmarked endpoint, and the metric's options
   */
  metricClientInvocations(props?: JobMetricOptions): Metric;

  /**
   * Number of those requests that failed.
   *
   * @param props the benchmarked endpoint, and the metric's options
   */
  metricClientInvocationErrors(props?: JobMetricOptions): Metric;

  /**
   * Time between a request of the job and its response, on average, in milliseconds. It includes the network, and an endpoint's own `ModelLatency` does
   * not: that is in microseconds.
   *
   * @param props the benchmarked endpoint, and the metric's options
   */
  metricClientLatency(props?: JobMetricOptions): Metric;

  /**
   * The most users that sent requests at the same time.
   *
   * @param props the benchmarked endpoint, and the metric's options
   */
  metricNumberOfUsers(props?: JobMetricOptions): Metric;
}

/** Options of a metric of a job. */
export interface JobMetricOptions extends MetricOptions {
  /**
   * Name of one benchmarked endpoint, e.g. `benchmarkEndpointName` of a recommendation: the dimension `EndpointName` in addition to `JobName`.
   *
   * @default - the metric of the job without the dimension `EndpointName`
   */
  readonly endpointName?: string;
}

/**
 * What is looked at right before a job starts. All findings come at once, within seconds, and the job is not started. Only what will certainly fail is a
 * finding. What may not be looked at, or is not certain, is a line in the function's log, and the job starts.
 *
 * A check that is switched off makes no calls, and the function has no permission for them. Changing the checks starts no new job.
 */
export interface PreflightOptions {
  /**
   * Whether the sample payload and the model artifacts are looked at: each must exist, and be a gzipped tar by its first 16 KB. The payload must have a
   * file, and no file that is too large for a request. The function may read exactly these objects. Assets are not looked at: synthesis has done it.
   *
   * @default true
   */
  readonly objects?: boolean;
  /**
   * Whether the trust policy of the `role` that you pass is looked at: SageMaker must be allowed to assume the role. The function may call `iam:GetRole` for
   * it. A role that this library makes is not looked at.
   *
   * @default true
   */
  readonly role?: boolean;
  /**
   * Whether the quotas `<type> for endpoint usage` are looked at. A type that the request lists must have a quota of at least 1. Quotas do not show what is
   * in use. The function may call `servicequotas:ListServiceQuotas`.
   *
   * @default true
   */
  readonly quotas?: boolean;
  /**
   * Whether IAM simulates the permissions of the job's role. The simulation does not see the policies of buckets and keys. The function may call
   * `iam:SimulatePrincipalPolicy` for the role.
   *
   * @default false
   */
  readonly permissions?: boolean;
}

/** Attributes of a job that something other than this app started. */
export interface InferenceRecommendationsJobAttributes {
  /** Name of the job: 1 to 64 letters, digits and hyphens. */
  readonly jobName: string;
  /**
   * The target that the job benchmarked. It is required if you make a model from one of its recommendations.
   *
   * @default - unknown
   */
  readonly target?: BenchmarkTarget;
  /**
   * The longest time that the job may still run, in whole seconds: 1 to 18,000 (5 hours). If you set it, the deploy waits for the job.
   *
   * @default - it has completed
   */
  readonly maxDuration?: Duration;
}

/** Properties of an Inference Recommender job. The benchmarked endpoints run in the VPC. Changing the network starts no new job. */
export interface InferenceRecommendationsJobProps extends NetworkOptions {
  /** The model package or model to benchmark. Changing it runs, and bills, a new job. */
  readonly target: BenchmarkTarget;
  /**
   * The type of the job, with its options. Changing it runs, and bills, a new job.
   *
   * @default JobType.instanceRecommendation()
   */
  readonly jobType?: JobType;
  /**
   * Whether the deploy waits for the job. Changing it starts no new job.
   *
   * @default Wait.forCompletion()
   */
  readonly wait?: Wait;
  /**
   * Facts about the container that the model package lacks, or that replace the package's own. Changing it runs, and bills, a new job.
   *
   * @default - the model package's own values
   */
  readonly containerConfig?: ContainerConfigOptions;
  /**
   * Existing endpoints to compare with the endpoint candidates: at most 1. It must be a real-time endpoint with one production variant, and must not
   * scale automatically during the job. Changing them runs, and bills, a new job.
   *
   * @default - none
   */
  readonly existingEndpoints?: IEndpointRef[];
  /**
   * Key that encrypts the storage volumes of the benchmark instances. Changing it starts no new job.
   *
   * @default - a key that SageMaker owns
   */
  readonly volumeEncryptionKey?: IKeyRef;
  /**
   * Key that encrypts the objects that the job writes to S3. Changing it starts no new job.
   *
   * @default - the bucket's own encryption
   */
  readonly outputEncryptionKey?: IKeyRef;
  /**
   * Bucket where SageMaker Neo puts compiled models. Changing it starts no new job.
   *
   * @default - the service chooses
   */
  readonly compiledOutputBucket?: IBucketRef;
  /**
   * Prefix of the compiled models' keys. It requires `compiledOutputBucket`. Changing it starts no new job.
   *
   * @default - none
   */
  readonly compiledOutputPrefix?: string;
  /**
   * The role that the service assumes for the job. Changing it starts no new job.
   *
   * @default - a new role with the permissions that the job's inputs need
   */
  readonly role?: IRoleRef;
  /**
   * Description of the job: up to 128 characters. Changing it starts no new job.
   *
   * @default - the construct's path
   */
  readonly description?: string;
  /**
   * How far the job is found again, so that the same benchmark is not paid for twice. Changing it runs, and bills, a new job, unless there is one in the
   * new scope. From `CONSTRUCT` to `NEVER` or back, it starts none.
   *
   * @default JobReuse.STACK
   */
  readonly reuse?: JobReuse;
  /**
   * A value that you change to run the job again. A value that this stack has not used before runs, and bills, a new job. A value that it has used
   * before finds the job of that time. Change it after a change that the library cannot see: a moved image tag such as `latest`, or an overwritten
   * object in S3.
   *
   * @default - the job runs again only if its target or one of its other inputs changes
   */
  readonly trigger?: string;
  /**
   * Whether the compilation jobs of the benchmarks are deleted when this construct is deleted, or when you set this back to false. The compiled
   * models stay in S3.
   *
   * @default false
   */
  readonly deleteCompilationJobs?: boolean;
  /**
   * What is looked at right before the job starts. Changing it starts no new job.
   *
   * @default - all checks but the simulation of permissions
   */
  readonly preflight?: PreflightOptions;
  /**
   * The highest cost of the job in US dollars: above 0. A job whose estimate is higher is not started. The estimate is the highest cost by AWS's public
   * on-demand prices, of a table in this library, so the job must list its instance types: as `endpointCandidates`, in
   * `containerConfig.supportedInstanceTypes`, or in the model package. If the Region is known at synthesis, a job that is too dear is refused there.
   * Changing it starts no new job.
   *
   * @default - no limit
   */
  readonly maxCost?: number;
}
