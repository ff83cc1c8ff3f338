import { CfnEndpointConfig, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Token } from 'aws-cdk-lib/core';
import { Capacity, hosting, inferenceComponents, instances, serverless } from './variant-capacity';
import { HostingOptions, InferenceComponentVariantProps, InstanceVariantProps, ServerlessVariantProps, VariantOptions } from './variant-props';
import { checkProp } from '../common/check';
import { EndpointType } from '../common/endpoint-type';
import { modelNameOf } from '../common/refs';
import { IRecommendation } from '../recommendation/recommendation-interface';

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
  public static fromRecommendation(model: IModelRef, recommendation: IRecommendation, options: HostingOptions = {}): Variant {
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
  public static onInstances(model: IModelRef, props: InstanceVariantProps): Variant {
    return new Variant(model, props, instances(props));
  }

  /**
   * A serverless variant of your choice.
   *
   * @throws if memory or concurrency is out of its range
   */
  public static serverless(model: IModelRef, props: ServerlessVariantProps): Variant {
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
    public readonly _model: IModelRef | undefined,
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
      modelName: this._model && modelNameOf(this._model),
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
