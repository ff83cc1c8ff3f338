import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { Size } from 'aws-cdk-lib/core';
import { GenerativeObjective, TokenThreshold } from './generative-objective';
import { PackageApproval } from './package-approval';
import { ChoiceOptions, InstanceTypeLimits, TargetLoad } from './recommendation-options';
import { InstanceType } from '../common/instance-type';

/** Limits that what is recommended for a generative model must keep. A cost that is not known fails its limit. */
export interface GenerativeLimits extends InstanceTypeLimits {
  /**
   * The highest cost of all instances, in US dollars an hour. At least 0.
   *
   * @default - no limit
   */
  readonly maxCostPerHour?: number;
  /**
   * The highest cost of a million input tokens, in US dollars. At least 0.
   *
   * @default - no limit
   */
  readonly maxCostPerMillionInputTokens?: number;
  /**
   * The highest cost of a million output tokens, in US dollars. At least 0.
   *
   * @default - no limit
   */
  readonly maxCostPerMillionOutputTokens?: number;
}

/** What is deployed for a generative model without a job, fixed in your code. */
export interface FixedGenerativeRecommendation {
  /** The model package to deploy. It must be approved. */
  readonly modelPackage: IModelPackageRef;
  /** Instance type. */
  readonly instanceType: InstanceType;
  /**
   * Number of instances: at least 1.
   *
   * @default 1
   */
  readonly initialInstanceCount?: number;
  /**
   * Name of the package's inference specification to deploy: an additional one, or the package's own if it is left out.
   *
   * @default - the package's own inference specification
   */
  readonly inferenceSpecificationName?: string;
  /**
   * Copies of the model on each instance: at least 1.
   *
   * @default 1
   */
  readonly copyCountPerInstance?: number;
  /**
   * Accelerators of each copy: at least 1.
   *
   * @default - those of the instance type, divided by the copies
   */
  readonly acceleratorCount?: number;
  /**
   * Memory of the instance that each copy gets at least. An `InferenceComponent` of the recommendation needs it.
   *
   * @default - none
   */
  readonly minMemory?: Size;
}

/** Rules by which one of the recommendations for a generative model is chosen. Changing any of them starts no new job. */
export interface GenerativeRecommendationOptions extends ChoiceOptions {
  /**
   * The metric that ranks the recommendations. A tie is broken by the lower cost per million output tokens, then the lower time to the first token, the lower
   * latency between tokens, the higher throughput in output tokens, the lower cost per million input tokens, and other figures of the kind; last by the
   * name of the specification.
   *
   * @default - that of the job's own performance target; the lowest cost of a million output tokens for an imported job
   */
  readonly objective?: GenerativeObjective;
  /**
   * Bounds of the expected performance.
   *
   * @default - none
   */
  readonly thresholds?: TokenThreshold[];
  /**
   * Limits on costs and on instance types.
   *
   * @default - none
   */
  readonly limits?: GenerativeLimits;
  /**
   * The load that the choice is for, in requests a minute. It decides the number of instances, by the requests that the benchmark served, and the cost per
   * hour is that of this load.
   *
   * @default - number of instances and cost as benchmarked
   */
  readonly targetLoad?: TargetLoad;
  /**
   * Name of the inference specification to choose. The objective then decides only between instance types of it, and the limits hold.
   *
   * @default - all
   */
  readonly pinnedSpecification?: string;
  /**
   * Instance type to choose. If several recommendations have it, the objective decides, and the limits hold.
   *
   * @default - all instance types
   */
  readonly pinnedInstanceType?: InstanceType;
  /**
   * US dollars for an hour of one instance, by instance type, e.g. `{ 'ml.p5.48xlarge': 61.2 }`. The service reports no costs: those of a recommendation
   * follow from these prices. More than 0.
   *
   * @default - AWS's public on-demand prices that this version of the library carries, which lack many types and Regions. A cost without a price is not known
   */
  readonly instancePrices?: { [instanceType: string]: number };
  /**
   * What to deploy if the job fails or no recommendation keeps the limits. An output of the stack then has a warning. With a fallback, a failed job fails no
   * deploy, and a new job starts only after the content or the `trigger` changes.
   *
   * @default - the deploy fails
   */
  readonly fallback?: FixedGenerativeRecommendation;
  /**
   * What to deploy if the context `cdk-sagemaker-inference-recommender:withoutJobs` is true. Then the app starts no job.
   *
   * @default - the fallback
   */
  readonly withoutJobs?: FixedGenerativeRecommendation;
  /**
   * What happens if the chosen package is not approved: a job registers its packages with a pending approval, and only an approved one can be deployed.
   *
   * @default PackageApproval.required()
   */
  readonly approval?: PackageApproval;
  /**
   * Whether the figures of all recommendations of the job become metrics in CloudWatch: see `RecommendationOptions`. Their names are those of this kind, such
   * as `TimeToFirstToken` in milliseconds.
   *
   * @default false
   */
  readonly publishMetrics?: boolean;
}
