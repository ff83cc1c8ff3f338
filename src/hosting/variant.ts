import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnEndpointConfig, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Token } from 'aws-cdk-lib/core';
import { Capacity, inferenceComponents, instances, knownTypes, pools, recommended, serverless } from './variant-capacity';
import {
  InferenceComponentVariantProps, InstancePoolVariantProps, InstanceVariantProps, RecommendedVariantOptions, ServerlessVariantProps, VariantOptions,
} from './variant-props';
import { checkIsA, checkProp } from '../common/check';
import { modelNameOf } from '../common/refs';
import { IRecommendation } from '../recommendation/recommendation-interface';

/**
 * A variant of an endpoint: a model, and the instances or the serverless capacity that it runs on.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 * @example
 * new EndpointConfig(this, 'EndpointConfig', { variants: [Variant.fromRecommendation(model, best)] });
 */
export class Variant {
  /**
   * A variant on the recommended instances, or with the recommended serverless memory and concurrency. A recommendation with `instancePools` gives a
   * variant on pools: it has `variantInstanceCount` instances, of the recommended type where capacity is free, and of the next best types where not.
   *
   * @param model the model
   * @param recommendation the recommendation of instances or serverless capacity
   * @param options name, weight, and settings of the instances or the concurrency
   * @throws if a figure is out of its range, or an option is for the other kind of endpoint
   */
  public static fromRecommendation(model: IModelRef, recommendation: IRecommendation, options: RecommendedVariantOptions = {}): Variant {
    return new Variant(model, options, recommended(model, recommendation, options));
  }

  /**
   * A variant on instances of your choice.
   *
   * @param model the model
   * @param props type and number of instances, and their settings
   * @throws if a figure is out of its range
   */
  public static onInstances(model: IModelRef, props: InstanceVariantProps): Variant {
    return new Variant(model, props, instances(props));
  }

  /**
   * A variant on instance types of your choice: where the first lacks capacity, the next serves, at creation and when the variant scales out. A
   * request may reach any of them, so let `RoutingStrategy.LEAST_OUTSTANDING_REQUESTS` give the stronger ones more.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html
   * @param model the model of each pool that has none of its own
   * @param props the pools, the number of instances of all together, and their settings
   * @throws if there are no pools or more than 5, a type appears twice, or a figure is out of its range
   */
  public static onInstancePools(model: IModelRef, props: InstancePoolVariantProps): Variant {
    return new Variant(model, props, pools(props));
  }

  /**
   * A serverless variant with memory and concurrency of your choice.
   *
   * @param model the model
   * @param props memory and concurrency
   * @throws if the memory, a concurrency or the weight is out of its range, or the name is invalid
   */
  public static serverless(model: IModelRef, props: ServerlessVariantProps): Variant {
    return new Variant(model, props, serverless(props));
  }

  /**
   * A variant without a model: you place inference components (`InferenceComponent`) on its instances. Only such a variant may have managed
   * instance scaling. For others CreateEndpointConfig fails with "ManagedInstanceScaling is only supported for inference component endpoints"
   * (https://github.com/hashicorp/terraform-provider-aws/pull/45926).
   *
   * Network and isolation of its components are those of the configuration: set `vpc` and `enableNetworkIsolation` of `EndpointConfig`, not of a `Model`.
   *
   * @param props type and number of instances, their settings and scaling
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
  /** @internal */
  public readonly _mayHaveLocalStorage: boolean;

  private constructor(
    /** @internal */
    public readonly _model: IModelRef | undefined,
    private readonly options: VariantOptions,
    private readonly capacity: Capacity,
  ) {
    if (_model !== undefined) { checkIsA('model', _model, 'modelRef', 'a model, such as `Model.fromModelName()` returns'); }
    checkProp('variantName', 'VariantName', options.variantName);
    checkProp('initialVariantWeight', 'VariantWeight', options.initialVariantWeight);
    this._name = options.variantName ?? 'AllTraffic';
    this._isServerless = capacity.properties.serverlessConfig !== undefined;
    this._scalesItself = capacity.properties.managedInstanceScaling !== undefined;
    this._advice = capacity.advice;
    this._mayHaveLocalStorage = capacity.mayHaveLocalStorage ?? false;
  }

  /**
   * The instance types that may serve, as far as they are known at synth. A variant on instance pools has several.
   *
   * @internal
   */
  public get _instanceTypes(): string[] {
    return knownTypes(this.capacity.properties);
  }

  /**
   * The initial number of instances, if the variant has instances and the number is known at synth.
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
   * Lets the role of the variant's containers use what the variant names.
   *
   * @internal
   */
  public _grantUse(grantee: IGrantable): void {
    this.capacity.grantUse?.(grantee);
  }

  /**
   * Properties that override the rendered ones, by their path.
   *
   * @internal
   */
  public _overrides(): Array<[string, unknown]> {
    return Object.entries(this.capacity.overrides ?? {}).filter(([, value]) => value !== undefined);
  }
}
