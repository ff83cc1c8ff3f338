import { IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { Duration } from 'aws-cdk-lib/core';
import { ScalingTarget } from './scaling-target';
import { IRecommendation } from '../recommendation/recommendation-interface';

/** Options of auto scaling. A recommendation gives the figures that you do not set. */
export interface EndpointAutoScalingOptions {
  /**
   * CPU utilization of each core that the recommended figures aim at, in percent: 1 to 100. It needs a `recommendation`.
   *
   * @default - the service default of 50
   */
  readonly targetCpuUtilizationPerCore?: number;
  /**
   * Minimum number of requests a minute that you expect; the recommended figures are for this load. At least 0. It needs a `recommendation`.
   *
   * @default - the service default
   */
  readonly minInvocationsPerMinute?: number;
  /**
   * Maximum number of requests a minute that you expect; the recommended figures are for this load. At least 0. It needs a `recommendation`.
   *
   * @default - the service default
   */
  readonly maxInvocationsPerMinute?: number;
  /**
   * Minimum number of instances: at least 1, or 0 for an asynchronous endpoint. 0 for another endpoint is a warning.
   *
   * @default - as recommended; required without a `recommendation`
   */
  readonly minCapacity?: number;
  /**
   * Maximum number of instances: at least `minCapacity`.
   *
   * @default - as recommended; required without a `recommendation`
   */
  readonly maxCapacity?: number;
  /**
   * Number of instances that an asynchronous endpoint gets when a request waits and there is no instance: 0 or more. A step scaling policy adds them, and
   * an alarm on `HasBacklogWithoutCapacity` that the function makes invokes it. Without it, such an endpoint stays at zero until the backlog exceeds the
   * target. It has an effect only if `minCapacity` is 0.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
   * @default - 1 for an endpoint that is known to be asynchronous, else 0
   */
  readonly instancesOutOfZero?: number;
  /**
   * The metric that auto scaling tracks, and its target value. With instance pools, give what the weakest type takes, because the service tracks one
   * value over the instances of all types.
   *
   * @default - a backlog of 5 requests for each instance if the endpoint is known to be asynchronous; else as recommended, and required without a
   * `recommendation`
   */
  readonly target?: ScalingTarget;
  /**
   * Pause after instances were removed, in whole seconds.
   *
   * @default - as recommended if figures are requested from the service, else the service default of 300 seconds
   */
  readonly scaleInCooldown?: Duration;
  /**
   * Pause after instances were added, in whole seconds.
   *
   * @default - as recommended if figures are requested from the service, else the service default of 300 seconds
   */
  readonly scaleOutCooldown?: Duration;
  /**
   * Whether auto scaling only adds instances and never removes any.
   *
   * @default false
   */
  readonly disableScaleIn?: boolean;
}

/** Properties of the auto scaling of an endpoint. */
export interface EndpointAutoScalingProps extends EndpointAutoScalingOptions {
  /** The endpoint: an `Endpoint` or a `CfnEndpoint` in the same stack. */
  readonly endpoint: IEndpointRef;
  /**
   * Names of the variants that scale: at least 1. They are required if the endpoint's configuration is not an `EndpointConfig` of this app.
   *
   * @default - all variants on instances
   */
  readonly variantNames?: string[];
  /**
   * The recommendation that gives the missing figures. They are requested from the service when the stack is deployed, so the recommendation's job
   * must be in this account and Region. A fallback has no figures: then the endpoint does not scale. If `minCapacity`, `maxCapacity` and `target`
   * are all set, nothing is requested, and the endpoint scales by these figures.
   *
   * With instance pools, one target is tracked over the instances of all types. So the figures of each type are requested, and the weakest type
   * decides: the lowest target, and the largest capacities.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_GetScalingConfigurationRecommendation.html
   * @default - none: `minCapacity`, `maxCapacity` and `target` are required
   */
  readonly recommendation?: IRecommendation;
}
