import { IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Duration, Size } from 'aws-cdk-lib/core';
import { CapacityReservation, CoreDump } from './instance-options';
import { ManagedInstanceScaling, RoutingStrategy } from './variant-strategies';
import { InstanceType } from '../common/instance-type';

/**
 * The machine image of a variant's instances, which decides their driver versions.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 * @example
 * const variant = Variant.onInstances(model, {
 *   instanceType: InstanceType.of('ml.g5.xlarge'),
 *   inferenceAmiVersion: InferenceAmiVersion.AL2_GPU_3_1,
 * });
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

  /**
   * An image that has no constant in this version of the library.
   *
   * @param version the value that the service's API uses
   */
  public static of(version: string): InferenceAmiVersion {
    return new InferenceAmiVersion(version);
  }

  private constructor(
    /** The value that the service's API uses. */
    public readonly value: string,
  ) {}
}

/** Options of every variant. Changing any of them replaces the configuration. */
export interface VariantOptions {
  /**
   * Name of the variant: 1 to 63 letters, digits and hyphens, different for each variant of a configuration. Changing it replaces the
   * configuration. Deployment guardrails and retained variant properties apply only if the names do not change.
   *
   * @default AllTraffic
   */
  readonly variantName?: string;
  /**
   * Weight of the variant: its share of the traffic is its weight divided by the sum of all weights. At least 0. Changing it replaces the
   * configuration.
   *
   * @default 1
   */
  readonly initialVariantWeight?: number;
}

/** Options of a variant on instances. Changing any of them replaces the configuration. */
export interface HostingOptions extends VariantOptions {
  /**
   * Size of the storage volume of each instance, in whole GiB: 1 to 512. An instance type with local storage takes no volume. Changing it
   * replaces the configuration.
   *
   * @default - the service default
   */
  readonly volumeSize?: Size;
  /**
   * Maximum time to download a model, in whole seconds: 60 to 3,600. Changing it replaces the configuration.
   *
   * @default - the service default
   */
  readonly modelDataDownloadTimeout?: Duration;
  /**
   * Maximum time until a container passes its health check, in whole seconds: 60 to 3,600. Changing it replaces the configuration.
   *
   * @default - the service default
   */
  readonly containerStartupHealthCheckTimeout?: Duration;
  /**
   * Maximum time to find instances with free capacity, in whole seconds: 300 to 3,600. The service tries one instance pool after the other until
   * then. It does not include the model's download and the start of containers. Changing it replaces the configuration.
   *
   * @default - the service default
   */
  readonly instanceProvisionTimeout?: Duration;
  /**
   * Whether AWS Systems Manager can connect to the containers, e.g. to debug them. Changing it replaces the configuration.
   *
   * @default false
   */
  readonly enableSsmAccess?: boolean;
  /**
   * Machine image of the instances. Changing it replaces the configuration.
   *
   * @default - the service default
   */
  readonly inferenceAmiVersion?: InferenceAmiVersion;
  /**
   * The strategy by which the service distributes requests among the instances. Changing it replaces the configuration.
   *
   * @default - the service default, RANDOM
   */
  readonly routingStrategy?: RoutingStrategy;
  /**
   * Reserved capacity that the instances start in. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly capacityReservation?: CapacityReservation;
  /**
   * Place that gets a dump of a container's memory if it crashes. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly coreDump?: CoreDump;
}

/** Concurrency of a serverless variant of a recommendation. Changing it replaces the configuration. */
export interface ConcurrencyOptions {
  /**
   * Maximum number of concurrent invocations: 1 to 200. The job measures at a concurrency of 1, unless a load test says otherwise. Changing it replaces
   * the configuration.
   *
   * @default - what the target load needs, or else as benchmarked
   */
  readonly maxConcurrency?: number;
  /**
   * Number of concurrent invocations for which the service keeps capacity warm and bills it: 1 to 200. More than `maxConcurrency` is a warning.
   * Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly provisionedConcurrency?: number;
}

/**
 * Settings of a variant of a recommendation. Those of instances are for a real-time recommendation, the concurrency for a serverless one. Changing any of
 * them replaces the configuration.
 */
export interface RecommendedVariantOptions extends HostingOptions, ConcurrencyOptions {}

/** Properties of a variant on instances. Changing any of them replaces the configuration. */
export interface InstanceVariantProps extends HostingOptions {
  /** Instance type of the variant. Changing it replaces the configuration. */
  readonly instanceType: InstanceType;
  /**
   * Initial number of instances: at least 1. Changing it replaces the configuration.
   *
   * @default 1
   */
  readonly initialInstanceCount?: number;
}

/** An instance type that may serve a variant. */
export interface InstancePool {
  /** Instance type of the pool: another one for each pool. */
  readonly instanceType: InstanceType;
  /**
   * Order in which the service looks for capacity: 1, the first, to 5. What has the highest number is removed first.
   *
   * @default - the pool's position in the list, from 1 on
   */
  readonly priority?: number;
  /**
   * A model for this instance type, such as one that is compiled for it.
   *
   * @default - the model of the variant
   */
  readonly model?: IModelRef;
}

/** Properties of a variant on instance pools. Changing any of them replaces the configuration. */
export interface InstancePoolVariantProps extends HostingOptions {
  /** Instance types that may serve, with a priority each: 1 to 5. Changing them replaces the configuration. */
  readonly instancePools: InstancePool[];
  /**
   * Initial number of instances of all pools together: at least 1. Changing it replaces the configuration.
   *
   * @default 1
   */
  readonly initialInstanceCount?: number;
}

/** Properties of a variant for inference components. Changing any of them replaces the configuration. */
export interface InferenceComponentVariantProps extends InstanceVariantProps {
  /**
   * Bounds within which the service changes the number of instances. Changing it replaces the configuration.
   *
   * @default - the number of instances does not change
   */
  readonly managedInstanceScaling?: ManagedInstanceScaling;
}

/** Properties of a serverless variant. Changing any of them replaces the configuration. */
export interface ServerlessVariantProps extends VariantOptions {
  /** Memory of the variant: 1 to 6 GiB in steps of 1 GiB. Changing it replaces the configuration. */
  readonly memorySize: Size;
  /** Maximum number of concurrent invocations: 1 to 200. Changing it replaces the configuration. */
  readonly maxConcurrency: number;
  /**
   * Number of concurrent invocations for which the service keeps capacity warm and bills it: 1 to 200. More than `maxConcurrency` is a warning.
   * Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly provisionedConcurrency?: number;
}
