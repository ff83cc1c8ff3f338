import { Duration } from 'aws-cdk-lib/core';
import { PrefixRoutingOptions } from './instance-options';

/**
 * The strategy by which the service distributes requests among a variant's instances.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html
 * @example
 * const variant = Variant.fromRecommendation(model, best, { routingStrategy: RoutingStrategy.LEAST_OUTSTANDING_REQUESTS });
 */
export class RoutingStrategy {
  /** To the instance or copy with the most free capacity. */
  public static readonly LEAST_OUTSTANDING_REQUESTS = RoutingStrategy.of('LEAST_OUTSTANDING_REQUESTS');
  /** To a random instance or copy. */
  public static readonly RANDOM = RoutingStrategy.of('RANDOM');

  /**
   * A strategy that has no constant in this version of the library.
   *
   * @param strategy the value that the service's API uses
   */
  public static of(strategy: string): RoutingStrategy {
    return new RoutingStrategy(strategy);
  }

  /**
   * To the instance that gets all requests with the same beginning, e.g. the same system prompt. A busy instance is passed over.
   *
   * @param options length of the beginning, and the number of requests that makes an instance busy
   * @returns the strategy
   */
  public static prefixAware(options: PrefixRoutingOptions): RoutingStrategy {
    return new RoutingStrategy('PREFIX_AWARE', options);
  }

  private constructor(
    /** The value that the service's API uses. */
    public readonly value: string,
    /** @internal */
    public readonly _prefix?: PrefixRoutingOptions,
  ) {}
}

/**
 * The strategy by which the service chooses the instances that it removes when it scales in.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantManagedInstanceScaling.html
 * @example
 * const variant = Variant.forInferenceComponents({
 *   instanceType: InstanceType.of('ml.g5.xlarge'),
 *   managedInstanceScaling: { maxInstanceCount: 4, scaleInStrategy: ScaleInStrategy.IDLE_RELEASE },
 * });
 */
export class ScaleInStrategy {
  /** Instances that host no copies. */
  public static readonly IDLE_RELEASE = ScaleInStrategy.of('IDLE_RELEASE');
  /** Also instances whose copies fit on other instances. */
  public static readonly CONSOLIDATION = ScaleInStrategy.of('CONSOLIDATION');

  /**
   * A strategy that has no constant in this version of the library.
   *
   * @param strategy the value that the service's API uses
   */
  public static of(strategy: string): ScaleInStrategy {
    return new ScaleInStrategy(strategy);
  }

  private constructor(
    /** The value that the service's API uses. */
    public readonly value: string,
  ) {}
}

/** Bounds within which the service changes the number of instances. Changing any of them replaces the configuration. */
export interface ManagedInstanceScaling {
  /**
   * Minimum number of instances: at least 0; some Regions do not take 0. Changing it replaces the configuration.
   *
   * @default - the service default
   */
  readonly minInstanceCount?: number;
  /**
   * Maximum number of instances: at least 1. Changing it replaces the configuration.
   *
   * @default - the service default
   */
  readonly maxInstanceCount?: number;
  /**
   * The strategy that chooses the instances to remove. It is required if another option of scale-in is set. Changing it replaces the configuration.
   *
   * @default - the service default
   */
  readonly scaleInStrategy?: ScaleInStrategy;
  /**
   * Maximum number of instances that are removed at the same time: 1 to 100. It needs a `scaleInStrategy`. Changing it replaces the configuration.
   *
   * @default - the service default
   */
  readonly scaleInMaximumStepSize?: number;
  /**
   * Pause after a change before more instances are removed, in whole minutes: 5 to 1,440. It needs a `scaleInStrategy`. Changing it
   * replaces the configuration.
   *
   * @default - the service default
   */
  readonly scaleInCooldown?: Duration;
}
