import { Objective } from './objective';
import { FixedRecommendation } from './recommendation-attributes';
import { IRecommendation } from './recommendation-interface';
import { EndpointType } from '../common/endpoint-type';
import { InstanceType } from '../common/instance-type';

/** Instance types that a recommendation may have. */
export interface InstanceTypeLimits {
  /**
   * Instance types that may be chosen: at least 1. A serverless recommendation has no instance type and passes.
   *
   * @default - all
   */
  readonly allowedInstanceTypes?: InstanceType[];
  /**
   * Families of instance types that may be chosen in addition to `allowedInstanceTypes`, e.g. `ml.c5`: at least 1.
   *
   * @default - all
   */
  readonly allowedInstanceFamilies?: string[];
  /**
   * Instance types that may not be chosen: at least 1.
   *
   * @default - none
   */
  readonly refusedInstanceTypes?: InstanceType[];
  /**
   * Families of instance types that may not be chosen, e.g. `ml.g5`: at least 1.
   *
   * @default - none
   */
  readonly refusedInstanceFamilies?: string[];
  /**
   * Whether an instance type with local storage may be chosen, such as `ml.g5.xlarge` and `ml.m5d.large`: a key of your own does not encrypt that storage.
   *
   * @default true
   */
  readonly allowLocalStorage?: boolean;
}

/**
 * Limits that a recommendation must keep. A metric that the service does not report, or reports as `NaN`, fails its limit. With a target load, the
 * cost per hour is that of all instances that the load needs.
 */
export interface RecommendationLimits extends InstanceTypeLimits {
  /**
   * The highest model latency, in the unit that the service reports: AWS's own pages disagree whether that is ms or µs. At least 0.
   *
   * @default - no limit
   */
  readonly maxModelLatency?: number;
  /**
   * The lowest throughput of the benchmarked instances, in requests a minute. At least 0.
   *
   * @default - no limit
   */
  readonly minInvocations?: number;
  /**
   * The highest cost of all instances, in US dollars an hour. At least 0.
   *
   * @default - no limit
   */
  readonly maxCostPerHour?: number;
  /**
   * The highest cost of one request, in US dollars. At least 0.
   *
   * @default - no limit
   */
  readonly maxCostPerInference?: number;
  /**
   * The highest CPU utilization, in percent: the sum over the cores. At least 0.
   *
   * @default - no limit
   */
  readonly maxCpuUtilization?: number;
  /**
   * The highest memory utilization, in percent. At least 0.
   *
   * @default - no limit
   */
  readonly maxMemoryUtilization?: number;
  /**
   * Whether a model that SageMaker Neo compiled may be chosen.
   *
   * @default true
   */
  readonly allowCompiledModels?: boolean;
  /**
   * The highest concurrency that a serverless endpoint may get: 1 to 200. Set it to your account's quota, which may be lower than the service's maximum
   * of 200. A serverless recommendation for whose target load that is too low is rejected.
   *
   * @default 200
   */
  readonly maxServerlessConcurrency?: number;
}

/** The mechanism by which a stack reads the fields of another stack's recommendation. */
export enum CrossStackReference {
  /**
   * Parameters in Parameter Store. The consumer reads them at its own deploys, so a new recommendation never blocks a deploy. A consumer in another
   * Region or account needs a `RecommendationReplica` there.
   */
  PARAMETER = 'Parameter',
  /**
   * The CDK's own references: exports, unless you tell the CDK to make them weak. A value that another stack imports cannot change, so a new
   * recommendation fails the deploy of its own stack.
   */
  CDK = 'Cdk',
}

/** The load that an endpoint must serve. */
export interface TargetLoad {
  /** Expected load in requests a minute: at least 0. */
  readonly invocationsPerMinute: number;
  /**
   * Spare capacity in percent of the expected load: at least 0. It counts for the number of instances and for a serverless endpoint's concurrency. It
   * does not change the cost of a serverless endpoint, which you pay by the request.
   *
   * @default 0
   */
  readonly headroomPercent?: number;
}

/** Options of recommendations of all kinds. */
export interface ChoiceOptions {
  /**
   * Path in Parameter Store that the recommendation is published below at each deploy. The parameters are deleted with the recommendation.
   * `<path>/recommendation` has all fields as JSON. `<path>/explanation` has the ranking and the reason against each rejected recommendation.
   * `<path>/fields` and `<path>/texts` are for templates: `Recommendation.fromSsmParameter()` reads them.
   *
   * The path begins with a slash, has at most 13 levels and may not be a token. Each path has one owner: the deploy refuses a path with parameters of
   * these names that something other than this library wrote. While a deploy gives the path to a construct with another id, copies of the earlier values
   * are beside, under names that end in `-earlier`: a rollback gives them back.
   *
   * @default - a path of the library's own, and only if another stack, a replica or a job in the background needs it
   */
  readonly parameterPath?: string;
  /**
   * The mechanism by which other stacks of the app read the fields.
   *
   * @default CrossStackReference.PARAMETER
   */
  readonly crossStackReference?: CrossStackReference;
  /**
   * Whether the stack gets an output with `summary`: the choice with its cost, the runner-up, and where the console has the job.
   *
   * @default - true if there is a `fallback` or a `startFrom`, otherwise false
   */
  readonly explain?: boolean;
}

/** Rules by which one of a job's recommendations is chosen. Changing any of them starts no new job. */
export interface RecommendationOptions extends ChoiceOptions {
  /**
   * The metric that ranks the recommendations. A tie is broken by the lower cost per inference, then the lower latency, the higher throughput,
   * the lower cost per hour, the lower CPU utilization, the lower memory utilization, and the lower id.
   *
   * @default Objective.lowestCostPerInference()
   */
  readonly objective?: Objective;
  /**
   * The kind of endpoint. Recommendations of the other kind are ignored.
   *
   * @default EndpointType.REAL_TIME
   */
  readonly endpointType?: EndpointType;
  /**
   * Limits that the recommendation must keep.
   *
   * @default - no limits
   */
  readonly limits?: RecommendationLimits;
  /**
   * The load that the choice is for. It decides the number of instances, or the concurrency of a serverless endpoint, and the cost per hour is that of
   * this load: with `Objective.lowestCostPerHour()`, the choice is what costs least at this load. Other figures stay as benchmarked.
   *
   * @default - cost, number of instances and concurrency as benchmarked
   */
  readonly targetLoad?: TargetLoad;
  /**
   * Id of the recommendation to choose. The objective is then ignored, but the limits hold. You cannot set it together with `pinnedInstanceType`.
   *
   * @default - the best one
   */
  readonly pinnedRecommendationId?: string;
  /**
   * Instance type to choose. If several recommendations have it, the objective decides, and the limits hold. It must be allowed by `limits`, and
   * only a real-time recommendation can have it.
   *
   * @default - all instance types
   */
  readonly pinnedInstanceType?: InstanceType;
  /**
   * Number of instance types to choose, for a variant with as many instance pools: 2 to 5. The first is the best recommendation, and the next best ones
   * follow, each on another type; if the first lacks capacity, the next serves. The template has this number of pools, so the choice fails if there are
   * fewer types with a recommendation that keeps the limits. It may not be a token, and goes with no pin and no serverless endpoint.
   *
   * The variant has as many instances as the weakest type needs for the `targetLoad`, because all of them may be of that type, and each type keeps
   * `maxCostPerHour` with that many. The service checks your account's quota of each type.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html
   * @default - one instance type, without pools
   */
  readonly instancePools?: number;
  /**
   * Figures to use if the job fails or no recommendation keeps the limits. An output of the stack then has a warning. With a fallback, a failed job
   * fails no deploy, and a new job starts only after the content or the `trigger` changes. With `instancePools`, it needs `nextInstanceTypes`.
   *
   * @default - the deploy fails
   */
  readonly fallback?: FixedRecommendation;
  /**
   * A recommendation without a benchmark, such as an `InstantRecommendation`, to use as the `fallback`: it is deployed until a job in the background has a
   * result, or if the job fails. You cannot set it together with `fallback`, `instancePools` or a serverless `endpointType`.
   *
   * @default - none
   */
  readonly startFrom?: IRecommendation;
  /**
   * Figures to use if the context `cdk-sagemaker-inference-recommender:withoutJobs` is true. Then the app starts no job.
   *
   * @default - the fallback, or `startFrom`
   */
  readonly withoutJobs?: FixedRecommendation;
  /**
   * Whether the figures of all recommendations of the job, the rejected ones too, become metrics in CloudWatch at each deploy of this resource, and when a
   * job in the background has ended. They are in the namespace `InferenceRecommender`: `CostPerHour` and `CostPerInference` in US dollars, `MaxInvocations`
   * in requests a minute, `ModelLatency` in the unit that the service reports, `CpuUtilization` and `MemoryUtilization` in percent. Their dimensions are
   * `JobName`, `Recommendation` (its id) and `InstanceType`, which is `serverless` for a serverless endpoint. What the service does not report is left out.
   *
   * CloudWatch bills each as a custom metric, up to 60 a job, in each month in which there is a value. If they cannot be put, the function logs it, and
   * nothing fails.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
   * @default false
   */
  readonly publishMetrics?: boolean;
}
