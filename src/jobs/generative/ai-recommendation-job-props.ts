import { IModelPackageGroupRef } from 'aws-cdk-lib/aws-sagemaker';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import {
  AIRecommendationPreflightOptions, GenerativeCapacityReservation, GenerativeFramework, GenerativeJobOptions, PerformanceTarget,
} from './generative-job-options';
import { GenerativeModelSource } from './generative-model-source';
import { LoraAdapter } from './lora-adapter';
import { InstanceType } from '../../common/instance-type';

/** Properties of a job that recommends for a generative model. */
export interface AIRecommendationJobProps extends GenerativeJobOptions {
  /** The files of the model. Another model runs, and bills, a new job. Files that are overwritten do so at the next change of the job's properties. */
  readonly model: GenerativeModelSource;
  /** The performance that the service aims at. Changing it runs, and bills, a new job. */
  readonly performanceTarget: PerformanceTarget;
  /**
   * The software that serves the model. Changing it runs, and bills, a new job.
   *
   * @default - the service chooses
   */
  readonly framework?: GenerativeFramework;
  /**
   * Whether the service may optimize the model: quantization, speculative decoding, tuned kernels. Changing it runs, and bills, a new job.
   *
   * AWS's guide says that each recommendation has a model package, also without an optimization. One that has none is never chosen, because it cannot be
   * deployed.
   *
   * @default true
   */
  readonly optimizeModel?: boolean;
  /**
   * The instance types to try: at most 3. Changing them runs, and bills, a new job.
   *
   * @default - the service chooses
   */
  readonly instanceTypes?: InstanceType[];
  /**
   * Reserved capacity on which the job runs. Changing it runs, and bills, a new job.
   *
   * @default - on-demand capacity
   */
  readonly capacityReservation?: GenerativeCapacityReservation;
  /**
   * LoRA adapters that the endpoint serves besides the base model: at most 10, all of a bucket or all model packages. Changing them runs, and bills, a new
   * job.
   *
   * @default - none
   */
  readonly adapters?: LoraAdapter[];
  /**
   * The group in which the service registers the optimized models, each as a version. Leave groups out that a `ModelRegistryBenchmark` looks after: if somebody
   * approves such a version, a benchmark starts there. An approval by `PackageApproval.byThisStack()` starts none. Changing it runs, and bills, a new job, because the results of the old one are in the old group.
   *
   * @default - the service registers where it chooses
   */
  readonly modelPackageGroup?: IModelPackageGroupRef;
  /**
   * Who deletes the model packages that the job has registered. With `RETAIN` they stay in the registry, and you delete them. With `DESTROY` they are deleted
   * with the job: when the stack is deleted, or another job has taken this one's place. It needs `modelPackageGroup`. Models that were made from a package
   * are not deleted with it. Changing it starts no new job.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly packageRemovalPolicy?: RemovalPolicy;
  /**
   * How long the job may run: 15 minutes to 20 hours. The service has no such limit. After this time the library stops the job, and the deploy fails, or uses
   * the fallback of its recommendation. A job in the background is stopped up to 75 minutes later. Time that a job has run is billed. Changing it starts no
   * new job.
   *
   * @default Duration.hours(6)
   */
  readonly maxDuration?: Duration;
  /**
   * The highest cost of the job in US dollars: above 0. A job whose estimate is higher is not started. The estimate is one instance of each listed type for
   * the whole `maxDuration`, by AWS's public on-demand prices, of a table in this library, so `instanceTypes` is required. AWS's pages do not say on how many
   * instances a job runs. Changing it starts no new job.
   *
   * @default - no limit
   */
  readonly maxCost?: number;
  /**
   * What is looked at right before the job starts. Changing it starts no new job.
   *
   * @default - all checks
   */
  readonly preflight?: AIRecommendationPreflightOptions;
}
