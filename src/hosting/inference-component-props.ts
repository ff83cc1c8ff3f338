import type { IAlarmRef, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEndpointRef, IInferenceComponentRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import type { Duration, IResource, Size } from 'aws-cdk-lib/core';
import type { InferenceComponentGrants } from './inference-component-grants';
import type { CopyBatchSize, PlacementStrategy } from './inference-component-options';
import type { InstanceType } from '../common/instance-type';
import type { ContainerImage } from '../model-package/container-image';
import type { ModelData } from '../model-package/s3-source';
import { IRecommendation } from '../recommendation/recommendation-interface';

/** An inference component, of this library or imported. */
export interface IInferenceComponent extends IResource, IInferenceComponentRef {
  /**
   * ARN of the component.
   * @attribute
   */
  readonly inferenceComponentArn: string;
  /**
   * Name of the component: an invocation of its endpoint must name it.
   * @attribute
   */
  readonly inferenceComponentName: string;

  /**
   * Grants of the component.
   *
   * @throws if the component is imported without its endpoint
   */
  readonly grants: InferenceComponentGrants;

  /**
   * A metric of the component's invocations, in the namespace `AWS/SageMaker`. The default statistic is the average.
   *
   * @param metricName name of the metric in CloudWatch
   * @param props the metric's options
   */
  metric(metricName: string, props?: MetricOptions): Metric;
}

/**
 * The place where a container publishes metrics of its own in Prometheus's format.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerMetricsConfig.html
 */
export interface ContainerMetricsEndpoint {
  /** Path that begins with a slash: up to 256 letters, digits, slashes, underscores, hyphens and dots. Changing it replaces nothing. */
  readonly path: string;
  /**
   * Time between two publications: 10, 30, 60, 120, 180, 240 or 300 seconds. Changing it replaces nothing.
   *
   * @default - the service's default, 60 seconds
   */
  readonly publishFrequency?: Duration;
}

/**
 * The way in which the service places copies on instances.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentSchedulingConfig.html
 */
export interface CopyScheduling {
  /** Strategy, within each Availability Zone if their copies are balanced. Changing it replaces nothing. */
  readonly placementStrategy: PlacementStrategy;
  /**
   * Maximum difference between the numbers of copies in two Availability Zones: 0 to 100. The service exceeds it if capacity is missing. Changing it
   * replaces nothing.
   *
   * @default 0
   */
  readonly maxZoneImbalance?: number;
}

/**
 * What an inference component runs, and what a copy of it needs of an instance.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentSpecification.html
 */
export interface InferenceComponentOptions {
  /**
   * Model that the component runs. It has the image, the model data and the environment. Changing it replaces nothing.
   *
   * @default - `image`
   */
  readonly model?: IModelRef;
  /**
   * Image of the component's container, in place of a model. Changing it replaces nothing.
   *
   * @default - `model`
   */
  readonly image?: ContainerImage;
  /**
   * Artifacts of the trained model in S3: one `.tar.gz`, with `image` or, for an adapter, with `baseComponent`. Changing them replaces nothing.
   *
   * @default - the model is part of the image
   */
  readonly modelData?: ModelData;
  /**
   * Environment variables of the container, with `image`: up to 100, of up to 1,024 characters each. Changing them replaces nothing.
   *
   * @default - those of the image
   */
  readonly environment?: { [name: string]: string };
  /**
   * Place of the container's own metrics, with `image`. Changing it replaces nothing.
   *
   * @default - for images of AWS, the place is known; for others, the path /metrics
   */
  readonly metricsEndpoint?: ContainerMetricsEndpoint;
  /**
   * Memory that a copy gets at least: 128 MiB or more, in whole MiB. It is required, unless the component is an adapter. Changing it replaces nothing.
   *
   * @default - that of the `recommendation`; an adapter uses the resources of its base component
   */
  readonly minMemory?: Size;
  /**
   * Memory that a copy gets at most: not less than `minMemory`, in whole MiB. Changing it replaces nothing.
   *
   * @default - no limit
   */
  readonly maxMemory?: Size;
  /**
   * Number of CPU cores that a copy gets: at least 0.25. Changing it replaces nothing.
   *
   * @default - none is reserved
   */
  readonly cpuCores?: number;
  /**
   * Number of accelerators that a copy gets, GPUs or chips of AWS: at least 1. Changing it replaces nothing.
   *
   * @default - those of the `recommendation`, else none
   */
  readonly accelerators?: number;
  /**
   * Time to download and unpack the model data: 60 to 3,600 whole seconds. Changing it replaces nothing.
   *
   * @default - the service's default
   */
  readonly modelDataDownloadTimeout?: Duration;
  /**
   * Time until the container must pass its health check: 60 to 3,600 whole seconds. Changing it replaces nothing.
   *
   * @default - the service's default
   */
  readonly containerStartupHealthCheckTimeout?: Duration;
  /**
   * Whether each instance keeps the image and the model data, so that further copies start faster. Changing it replaces nothing.
   *
   * @default - the service's default
   */
  readonly dataCaching?: boolean;
  /**
   * Placement of the copies on instances. Changing it replaces nothing.
   *
   * @default - the service's default
   */
  readonly scheduling?: CopyScheduling;
}

/** What an inference component runs, and what a copy of it needs, on one instance type of a variant on instance pools. */
export interface InstanceTypeComponentOptions extends InferenceComponentOptions {
  /** Instance type: another one in each entry. Changing it replaces nothing. */
  readonly instanceType: InstanceType;
}

/**
 * The way in which the copies of an inference component are replaced by an update, batch by batch.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentRollingUpdatePolicy.html
 */
export interface ComponentRollingUpdate {
  /**
   * Maximum size of each batch: 5 to 50% of the copies, or one copy. Changing it replaces nothing.
   *
   * @default CopyBatchSize.copies(1)
   */
  readonly maximumBatchSize?: CopyBatchSize;
  /**
   * Maximum size of each batch of a rollback. Changing it replaces nothing.
   *
   * @default - all old copies at once
   */
  readonly rollbackMaximumBatchSize?: CopyBatchSize;
  /**
   * How long the service watches the alarms after each batch, in whole seconds: 0 to 3,600. Changing it replaces nothing.
   *
   * @default Duration.minutes(5)
   */
  readonly waitInterval?: Duration;
  /**
   * Maximum time for the whole update, in whole seconds: 600 to 28,800 (8 hours). Changing it replaces nothing.
   *
   * @default - the service's default
   */
  readonly maximumExecutionTimeout?: Duration;
}

/**
 * Properties of an inference component.
 *
 * Numbers may be tokens, such as those of a recommendation.
 */
export interface InferenceComponentProps extends InferenceComponentOptions {
  /**
   * Endpoint whose instances run the component. Its variant must be one of `Variant.forInferenceComponents()`. CloudFormation does not replace a
   * component: to move it to another endpoint, give the construct another id.
   */
  readonly endpoint: IEndpointRef;
  /**
   * Name of the endpoint's variant. To move the component to another variant, give the construct another id.
   *
   * @default - the endpoint's only variant for inference components, or `AllTraffic` if its configuration is unknown; an adapter has none
   */
  readonly variantName?: string;
  /**
   * Name of the component: 1 to 63 letters, digits and hyphens. To change it, give the construct another id, too.
   *
   * @default - a name that is made of the stack's id and the construct's path
   */
  readonly inferenceComponentName?: string;
  /**
   * Recommendation that gives `copies`, `accelerators` and `minMemory` where you leave them out: one of an `AIRecommendationJob`. The variant should have its
   * instances, as `Variant.forInferenceComponents()` of its `instanceType` and `instanceCount` has.
   *
   * @default - none
   */
  readonly recommendation?: IRecommendation;
  /**
   * Number of copies at creation and after an update of it: at least 1. Each has the resources that the other props name. Changing it replaces nothing.
   *
   * @default - those of the `recommendation` on all of its instances, else 1
   */
  readonly copies?: number;
  /**
   * Component that this one adapts: an adapter, e.g. of LoRA. It has `modelData`, and runs in the copies of its base. To change it, give the construct
   * another id.
   *
   * @default - the component is no adapter
   */
  readonly baseComponent?: IInferenceComponentRef;
  /**
   * What the component runs and needs on each instance type of a variant on instance pools: 1 to 5. It replaces the props that say so for all types.
   * Changing it replaces nothing.
   *
   * @default - the same on all types
   */
  readonly perInstanceType?: InstanceTypeComponentOptions[];
  /**
   * The way in which an update replaces the copies. Changing it replaces nothing.
   *
   * @default - the service's default; with `rollbackAlarms`, one copy at a time
   */
  readonly rollingUpdate?: ComponentRollingUpdate;
  /**
   * Alarms that stop an update and roll it back: at most 10. Changing them replaces nothing.
   *
   * @default - none
   */
  readonly rollbackAlarms?: IAlarmRef[];
}
