import { Duration, Size } from 'aws-cdk-lib/core';
import { InstanceType } from '../common/instance-type';

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

/** What every variant may be given. Changing any of it replaces the configuration. */
export interface VariantOptions {
  /**
   * Name of the variant: 1 to 63 letters, digits and hyphens. Changing it replaces the configuration; deployment guardrails and retained
   * variant properties hold only while names stay.
   *
   * @default AllTraffic
   */
  readonly variantName?: string;
  /**
   * Share of the traffic: its weight over the sum of all weights. At least 0. Changing it replaces the configuration.
   *
   * @default 1
   */
  readonly initialVariantWeight?: number;
}

/** What a variant on instances may be given. Changing any of it replaces the configuration. */
export interface HostingOptions extends VariantOptions {
  /**
   * Size of the storage volume of each instance, in whole GiB: 1 to 512. An instance type with local storage takes none. Changing it replaces
   * the configuration.
   *
   * @default - the service's own
   */
  readonly volumeSize?: Size;
  /**
   * Time to download a model in, in whole seconds: 60 to 3,600. Changing it replaces the configuration.
   *
   * @default - the service's own
   */
  readonly modelDataDownloadTimeout?: Duration;
  /**
   * Time for a container to pass its health check in, in whole seconds: 60 to 3,600. Changing it replaces the configuration.
   *
   * @default - the service's own
   */
  readonly containerStartupHealthCheckTimeout?: Duration;
  /**
   * Whether AWS Systems Manager reaches the containers, e.g. to look for faults. Changing it replaces the configuration.
   *
   * @default false
   */
  readonly enableSsmAccess?: boolean;
  /**
   * Machine image of the instances. Changing it replaces the configuration.
   *
   * @default - the service's own
   */
  readonly inferenceAmiVersion?: InferenceAmiVersion;
  /**
   * How requests are shared among the instances. Changing it replaces the configuration.
   *
   * @default - the service's own, RANDOM
   */
  readonly routingStrategy?: RoutingStrategy;
}

/** A variant on instances. Changing any of it replaces the configuration. */
export interface InstanceVariantProps extends HostingOptions {
  /** Instance type of the variant. Changing it replaces the configuration. */
  readonly instanceType: InstanceType;
  /**
   * Instances to begin with: at least 1. Changing it replaces the configuration.
   *
   * @default 1
   */
  readonly initialInstanceCount?: number;
}

/** A variant that inference components are placed on. Changing any of it replaces the configuration. */
export interface InferenceComponentVariantProps extends InstanceVariantProps {
  /**
   * Bounds within which the service changes the number of instances itself. Changing it replaces the configuration.
   *
   * @default - the number of instances stays
   */
  readonly managedInstanceScaling?: ManagedInstanceScaling;
}

/** A serverless variant. Changing any of it replaces the configuration. */
export interface ServerlessVariantProps extends VariantOptions {
  /** Memory: 1 to 6 GiB in steps of 1 GiB. Changing it replaces the configuration. */
  readonly memorySize: Size;
  /** Invocations that it serves at a time: 1 to 200. Changing it replaces the configuration. */
  readonly maxConcurrency: number;
  /**
   * Invocations that capacity is kept warm, and billed, for: 1 to 200, and not more than `maxConcurrency`. Changing it replaces the
   * configuration.
   *
   * @default - none
   */
  readonly provisionedConcurrency?: number;
}
