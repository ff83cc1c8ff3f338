import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Duration, Size, Token } from 'aws-cdk-lib/core';
import { EndpointType } from '../common/endpoint-type';
import { InferenceAmiVersion, ManagedInstanceScaling, RoutingStrategy } from './instance-hosting';
import { InstanceType } from '../common/instance-type';
import { IModel } from './model';
import { checkProp } from '../common/check';
import { Capacity, hosting, inferenceComponents, instances, serverless } from './variant-capacity';
import { IRecommendation } from '../recommendation/recommendation-interface';

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

/**
 * One variant: a model, and what it runs on.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 */
export class Variant {
  /**
   * A variant on what a recommendation says: its instances, or its serverless memory and concurrency.
   *
   * @throws if a figure is out of its range, or a serverless variant is given what only instances have
   */
  public static fromRecommendation(model: IModel, recommendation: IRecommendation, options: HostingOptions = {}): Variant {
    const properties = hosting(options);
    if (recommendation.endpointType !== EndpointType.SERVERLESS) {
      const { instanceType, instanceCount: initialInstanceCount } = recommendation;
      return new Variant(model, options, { properties: { instanceType, initialInstanceCount, ...properties } });
    }
    const [lost] = (['volumeSize', 'modelDataDownloadTimeout', 'containerStartupHealthCheckTimeout', 'enableSsmAccess', 'inferenceAmiVersion',
      'routingStrategy'] as const).filter((prop) => options[prop] !== undefined);
    if (lost) { throw new Error(`\`${lost}\` is for variants on instances, and the recommendation is serverless: leave it out.`); }
    const { serverlessMemorySizeInMb: memorySizeInMb, serverlessMaxConcurrency: maxConcurrency } = recommendation;
    return new Variant(model, options, { properties: { serverlessConfig: { memorySizeInMb, maxConcurrency } } });
  }

  /**
   * A variant on instances of your choice.
   *
   * @throws if a figure is out of its range
   */
  public static onInstances(model: IModel, props: InstanceVariantProps): Variant {
    return new Variant(model, props, instances(props));
  }

  /**
   * A serverless variant of your choice.
   *
   * @throws if memory or concurrency is out of its range
   */
  public static serverless(model: IModel, props: ServerlessVariantProps): Variant {
    return new Variant(model, props, serverless(props));
  }

  /**
   * Instances without a model of their own: inference components (`CfnInferenceComponent`) are placed on them. Only such a variant may scale
   * itself; CreateEndpointConfig answers otherwise "ManagedInstanceScaling is only supported for inference component endpoints"
   * (https://github.com/hashicorp/terraform-provider-aws/pull/45926).
   *
   * @throws if a figure is out of its range
   */
  public static forInferenceComponents(props: InferenceComponentVariantProps): Variant {
    return new Variant(undefined, props, inferenceComponents(props));
  }

  /** @internal */
  public readonly _name: string;
  /** @internal */
  public readonly _isServerless: boolean;
  /** @internal */
  public readonly _scalesItself: boolean;
  /** @internal */
  public readonly _advice?: string;

  private constructor(
    /** @internal */
    public readonly _model: IModel | undefined,
    private readonly options: VariantOptions,
    private readonly capacity: Capacity,
  ) {
    checkProp('variantName', 'VariantName', options.variantName);
    checkProp('initialVariantWeight', 'VariantWeight', options.initialVariantWeight);
    this._name = options.variantName ?? 'AllTraffic';
    this._isServerless = capacity.properties.serverlessConfig !== undefined;
    this._scalesItself = capacity.properties.managedInstanceScaling !== undefined;
    this._advice = capacity.advice;
  }

  /**
   * The type of its instances, if it has any and if that is known before the deploy.
   *
   * @internal
   */
  public get _instanceType(): string | undefined {
    const { instanceType } = this.capacity.properties;
    return Token.isUnresolved(instanceType) ? undefined : instanceType;
  }

  /**
   * How many instances it begins with, if it has any and if that is known before the deploy.
   *
   * @internal
   */
  public get _instanceCount(): number | undefined {
    const { initialInstanceCount } = this.capacity.properties;
    return Token.isUnresolved(initialInstanceCount) ? undefined : initialInstanceCount;
  }

  /** @internal */
  public _render(): CfnEndpointConfig.ProductionVariantProperty {
    return {
      variantName: this._name,
      modelName: this._model?.modelName,
      initialVariantWeight: this.options.initialVariantWeight ?? 1,
      ...this.capacity.properties,
    };
  }

  /**
   * Properties to lay over the rendered ones, by their path.
   *
   * @internal
   */
  public _overrides(): Array<[string, unknown]> {
    return Object.entries(this.capacity.overrides ?? {}).filter(([, value]) => value !== undefined);
  }
}
