import { Duration } from 'aws-cdk-lib/core';

/**
 * How requests are shared among a variant's instances.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html
 */
export class RoutingStrategy {
  /** To the instance or copy that has most room. */
  public static readonly LEAST_OUTSTANDING_REQUESTS = RoutingStrategy.of('LEAST_OUTSTANDING_REQUESTS');
  /** To one chosen at random. */
  public static readonly RANDOM = RoutingStrategy.of('RANDOM');

  /** A strategy that this version of the library does not know. */
  public static of(strategy: string): RoutingStrategy {
    return new RoutingStrategy(strategy);
  }

  private constructor(
    /** The name as the service has it. */
    public readonly value: string,
  ) {}
}

/**
 * The machine image of a variant's instances: which drivers they have.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (InferenceAmiVersion)
 */
export class InferenceAmiVersion {
  /** al2-ami-sagemaker-inference-gpu-2 */
  public static readonly AL2_GPU_2 = InferenceAmiVersion.of('al2-ami-sagemaker-inference-gpu-2');
  /** al2-ami-sagemaker-inference-gpu-2-1 */
  public static readonly AL2_GPU_2_1 = InferenceAmiVersion.of('al2-ami-sagemaker-inference-gpu-2-1');
  /** al2-ami-sagemaker-inference-gpu-3-1 */
  public static readonly AL2_GPU_3_1 = InferenceAmiVersion.of('al2-ami-sagemaker-inference-gpu-3-1');
  /** al2-ami-sagemaker-inference-neuron-2 */
  public static readonly AL2_NEURON_2 = InferenceAmiVersion.of('al2-ami-sagemaker-inference-neuron-2');
  /** al2023-ami-sagemaker-inference-gpu-4-1 */
  public static readonly AL2023_GPU_4_1 = InferenceAmiVersion.of('al2023-ami-sagemaker-inference-gpu-4-1');

  /** An image that this version of the library does not know. */
  public static of(version: string): InferenceAmiVersion {
    return new InferenceAmiVersion(version);
  }

  private constructor(
    /** The name as the service has it. */
    public readonly value: string,
  ) {}
}

/**
 * Which instances the service takes away when it scales in.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantManagedInstanceScaling.html (ScaleInPolicy)
 */
export class ScaleInStrategy {
  /** Those that host nothing any more. */
  public static readonly IDLE_RELEASE = ScaleInStrategy.of('IDLE_RELEASE');
  /** Also those whose copies fit on others. */
  public static readonly CONSOLIDATION = ScaleInStrategy.of('CONSOLIDATION');

  /** A strategy that this version of the library does not know. */
  public static of(strategy: string): ScaleInStrategy {
    return new ScaleInStrategy(strategy);
  }

  private constructor(
    /** The name as the service has it. */
    public readonly value: string,
  ) {}
}

/** Bounds within which the service itself changes the number of instances. Changing any of it replaces the configuration. */
export interface ManagedInstanceScaling {
  /**
   * Instances at least: 0 or more; not every Region takes 0. Changing it replaces the configuration.
   *
   * @default - the service's own
   */
  readonly minInstanceCount?: number;
  /**
   * Instances at most: 1 or more. Changing it replaces the configuration.
   *
   * @default - the service's own
   */
  readonly maxInstanceCount?: number;
  /**
   * Which instances are taken away. Changing it replaces the configuration.
   *
   * @default - the service's own
   */
  readonly scaleInStrategy?: ScaleInStrategy;
  /**
   * Instances that are taken away at a time: 1 to 100. It needs a `scaleInStrategy`. Changing it replaces the configuration.
   *
   * @default - the service's own
   */
  readonly scaleInMaximumStepSize?: number;
  /**
   * Rest after a change before more instances are taken away, in whole minutes: 5 to 1,440. It needs a `scaleInStrategy`. Changing it
   * replaces the configuration.
   *
   * @default - the service's own
   */
  readonly scaleInCooldown?: Duration;
}
