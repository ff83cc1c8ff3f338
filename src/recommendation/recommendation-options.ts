import { EndpointType } from '../common/endpoint-type';
import { InstanceType } from '../common/instance-type';
import { Objective } from './objective';
import { FixedRecommendation } from './recommendation-attributes';

/**
 * What a recommendation must keep. A metric that the service does not report, or reports as `NaN`, keeps no limit. Where a target load is
 * given, the cost per hour is that of the fleet that the load needs.
 */
export interface RecommendationLimits {
  /**
   * Latency at most, in the unit that the service reports: AWS's own pages disagree whether that is ms or µs. At least 0.
   *
   * @default - no limit
   */
  readonly maxModelLatency?: number;
  /**
   * Requests a minute at least, of the instances that were benchmarked. At least 0.
   *
   * @default - no limit
   */
  readonly minInvocations?: number;
  /**
   * US dollars an hour at most, for all instances. At least 0.
   *
   * @default - no limit
   */
  readonly maxCostPerHour?: number;
  /**
   * US dollars for one request at most. At least 0.
   *
   * @default - no limit
   */
  readonly maxCostPerInference?: number;
  /**
   * CPU utilization at most, in percent: the sum over the cores. At least 0.
   *
   * @default - no limit
   */
  readonly maxCpuUtilization?: number;
  /**
   * Memory utilization at most, in percent. At least 0.
   *
   * @default - no limit
   */
  readonly maxMemoryUtilization?: number;
  /**
   * Instance types that may be recommended. Serverless recommendations have none and pass.
   *
   * @default - all
   */
  readonly allowedInstanceTypes?: InstanceType[];
  /**
   * Families of instance types that may be recommended besides, e.g. `ml.c5`.
   *
   * @default - all
   */
  readonly allowedInstanceFamilies?: string[];
  /**
   * Instance types that may not be recommended.
   *
   * @default - none
   */
  readonly refusedInstanceTypes?: InstanceType[];
  /**
   * Families of instance types that may not be recommended, e.g. `ml.g5`.
   *
   * @default - none
   */
  readonly refusedInstanceFamilies?: string[];
  /**
   * Whether models that SageMaker Neo compiled may be recommended.
   *
   * @default true
   */
  readonly allowCompiledModels?: boolean;
}

/** How a stack gets the fields of another stack's recommendation. */
export enum CrossStackReference {
  /**
   * By parameters in Parameter Store, which the consumer reads at its own deploys: a new recommendation locks nobody. Another Region or account
   * needs a `RecommendationReplica` there.
   */
  PARAMETER = 'Parameter',
  /**
   * By the CDK's own references: exports, where the CDK is not told to make them weak. A value that another stack imports cannot change, so a new
   * recommendation fails the deploy of its own stack.
   */
  CDK = 'Cdk',
}

/** The traffic that an endpoint must bear. */
export interface TargetLoad {
  /** Requests a minute that are expected: at least 0. */
  readonly invocationsPerMinute: number;
  /**
   * Room to spare, in percent of the requests that are expected: at least 0. It counts for instances; serverless endpoints are paid by the request.
   *
   * @default 0
   */
  readonly headroomPercent?: number;
}

/** How one of a job's recommendations is chosen. Changing any of it never runs the job again. */
export interface RecommendationOptions {
  /**
   * By what the best is chosen. Of equals, the one with the lower cost per inference wins, then the lower latency, the higher throughput,
   * the lower cost per hour, the lower CPU, then memory utilization, the lower id.
   *
   * @default Objective.lowestCostPerInference()
   */
  readonly objective?: Objective;
  /**
   * The kind of endpoint; recommendations of the other kind are passed over.
   *
   * @default EndpointType.REAL_TIME
   */
  readonly endpointType?: EndpointType;
  /**
   * What the recommendation must keep.
   *
   * @default - nothing
   */
  readonly limits?: RecommendationLimits;
  /**
   * The load to choose for. The number of instances follows from it, and the cost per hour is that of as many instances: with
   * `Objective.lowestCostPerHour()`, the fleet that costs least at this load is chosen. Other figures stay as benchmarked.
   *
   * @default - cost and number of instances as benchmarked
   */
  readonly targetLoad?: TargetLoad;
  /**
   * Id of the recommendation to take, whatever the objective. The limits hold for it, too.
   *
   * @default - the best
   */
  readonly pinnedRecommendationId?: string;
  /**
   * Instance type to take, the best of it by the objective. The limits hold for it, too.
   *
   * @default - the best of all
   */
  readonly pinnedInstanceType?: InstanceType;
  /**
   * What stands in, with a warning in an output of the stack, when the job fails or no recommendation may be chosen. The job's failure then
   * fails no deploy, and is not tried again until its content or trigger changes.
   *
   * @default - the deploy fails
   */
  readonly fallback?: FixedRecommendation;
  /**
   * What stands in where the context `cdk-sagemaker-inference-recommender:withoutJobs` is true: then no job of the app is made.
   *
   * @default - the fallback
   */
  readonly withoutJobs?: FixedRecommendation;
  /**
   * Path in Parameter Store that the choice is written below when the stack is deployed, and deleted from with it: `<path>/recommendation` has
   * all fields as JSON, `<path>/explanation` the ranking and the reason against each rejected one, `<path>/InstanceType` and the like one field
   * each, `-` where it is empty. It begins with a slash and may not be a token. A path with parameters of these names that nothing of this library
   * wrote is refused.
   *
   * @default - it is not written
   */
  readonly parameterPath?: string;
  /**
   * How other stacks of the app get the fields.
   *
   * @default CrossStackReference.PARAMETER
   */
  readonly crossStackReference?: CrossStackReference;
  /**
   * Whether an output of the stack says what was chosen and before what.
   *
   * @default - only where there is a fallback
   */
  readonly explain?: boolean;
}
