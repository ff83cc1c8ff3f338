import { CfnEndpointConfig, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnResource, Mixin, Token } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { warnOfOtherModel } from './served-model';
import { checkIsA } from '../../common/check';
import { EndpointType } from '../../common/endpoint-type';
import { modelNameOf } from '../../common/refs';
import { hasToken } from '../../common/render';
import { warn, warnOfType } from '../../common/warn';
import { modelImages, warnOfMisfits, warnOfServerlessImages } from '../../model-package/image-hardware';
import { IRecommendation } from '../../recommendation/recommendation-interface';
import { adviseOnStorage, hasSeveralContainers, refusedOf, refuseServerless, warnOfServerless } from '../hosting-advice';
import { Capacity, knownTypes, recommended } from '../variant-capacity';
import { ConcurrencyOptions } from '../variant-props';

type Variant = CfnEndpointConfig.ProductionVariantProperty;

/** The properties that say how much a variant may serve, and that a recommendation decides together. */
const CAPACITY = ['instanceType', 'initialInstanceCount', 'instancePools', 'serverlessConfig'] as const satisfies ReadonlyArray<keyof Variant>;
/** What a serverless variant has besides. */
const OF_SERVERLESS = ['variantName', 'modelName', 'initialVariantWeight', ...CAPACITY] as const satisfies ReadonlyArray<keyof Variant>;

/** Options of recommended hosting. */
export interface RecommendedHostingOptions extends ConcurrencyOptions {
  /**
   * Name of the production variant that is hosted as recommended.
   *
   * @default - the only production variant
   */
  readonly variantName?: string;
  /**
   * The model that the variant serves. A `Model` with the same `recommendation` also has the recommended environment variables and the compiled artifact.
   *
   * @default - the variant keeps its model; synth warns if the recommendation may change what is in it
   */
  readonly model?: IModelRef;
}

/**
 * Hosts a variant of any `CfnEndpointConfig` as recommended: it sets the instance type and count, the instance pools, or the serverless memory and
 * concurrency. All other properties of the variant stay as they are.
 *
 * Apply it with `with()` to the configuration, or to a construct that contains it. `EndpointConfig` of this library needs no mixin: see
 * `Variant.fromRecommendation()`.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/mixins.html
 * @example
 * const model = new Model(this, 'Model', { recommendation: best });
 * const config = new sagemaker.CfnEndpointConfig(this, 'Config', {
 *   productionVariants: [{ variantName: 'AllTraffic', modelName: model.modelName, initialVariantWeight: 1, instanceType: 'ml.m5.large' }],
 * });
 * config.with(new RecommendedHosting(best));
 */
export class RecommendedHosting extends Mixin {
  /**
   * Defines the hosting.
   *
   * @param recommendation the recommendation of instances or serverless capacity
   * @param options the variant, its model and its concurrency
   * @throws if the recommendation may be real-time or serverless, or the concurrency is out of its range or for a real-time recommendation
   */
  constructor(private readonly recommendation: IRecommendation, private readonly options: RecommendedHostingOptions = {}) {
    super();
    if (options.model !== undefined) { checkIsA('model', options.model, 'modelRef', 'a model, such as `Model.fromModelName()` returns'); }
    this.capacityFor({});
  }

  /**
   * Whether a construct is an endpoint configuration of CloudFormation, of this or another copy of aws-cdk-lib.
   *
   * @param construct the construct
   */
  public supports(construct: IConstruct): boolean {
    return CfnResource.isCfnResource(construct) && construct.cfnResourceType === CfnEndpointConfig.CFN_RESOURCE_TYPE_NAME;
  }

  /**
   * Hosts a production variant of an endpoint configuration as recommended.
   *
   * @param construct the endpoint configuration. Any other construct stays as it is
   * @throws if the variant is not there or not named, or the configuration has a fixed name or something that the recommended kind of endpoint excludes
   */
  public applyTo(construct: IConstruct): void {
    if (!this.supports(construct)) { return; }
    const config = construct as CfnEndpointConfig;
    const [variants, index] = this.variantOf(config);
    const variant = variants[index];
    const capacity = this.capacityFor(variant);
    this.checkName(config, capacity);
    this.adviseOn(config, variants, variant, capacity);
    const { model } = this.options;
    const others = Object.entries(variant).filter(([name]) => !CAPACITY.some((one) => one === name));
    const hosted: Variant = {
      ...Object.fromEntries(others) as Partial<Variant>,
      variantName: variant.variantName,
      modelName: model ? modelNameOf(model) : variant.modelName,
      ...capacity.properties,
    };
    config.productionVariants = variants.map((one, at) => (at === index ? hosted : one));
    if (hosted.modelName !== undefined) { warnOfOtherModel(config, hosted.modelName, model, this.recommendation); }
  }

  private capacityFor({ serverlessConfig }: Partial<Variant>): Capacity {
    const isServerless = this.recommendation.endpointType === EndpointType.SERVERLESS;
    const { model, maxConcurrency, provisionedConcurrency = isServerless ? ownConcurrency(serverlessConfig) : undefined } = this.options;
    const capacity = recommended(model, this.recommendation, { maxConcurrency, provisionedConcurrency });
    // What is not set must not hide what the variant has of its own.
    return { ...capacity, properties: Object.fromEntries(Object.entries(capacity.properties).filter(([, value]) => value !== undefined)) };
  }

  private variantOf(config: CfnEndpointConfig): [Variant[], number] {
    const at = `'${config.node.path}'`;
    const given: unknown = config.productionVariants;
    if (!Array.isArray(given)) {
      throw new Error(`\`productionVariants\` of ${at} must be a list, got ${given === undefined ? 'none: a plain CfnResource has its properties in the template only'
        : 'a token'}. Use a CfnEndpointConfig with its variants.`);
    }
    const variants: Variant[] = given;
    const { variantName } = this.options;
    const names = variants.map((variant) => (Token.isUnresolved(variant) ? 'a token' : variant.variantName));
    const index = variantName === undefined ? 0 : variants.findIndex((variant) => variant.variantName === variantName);
    const found = names.length === 0 ? 'no variants' : `the variant${names.length > 1 ? 's' : ''} ${names.join(', ')}`;
    if (variantName !== undefined && index < 0) {
      throw new Error(`\`variantName\` must be that of a production variant of ${at}, got: '${variantName}', but it has ${found}.`);
    }
    if (names.length === 0) { throw new Error(`${at} has no production variants: add the variant that is to be hosted as recommended.`); }
    if (variantName === undefined && names.length > 1) { throw new Error(`\`variantName\` is required, because ${at} has ${found}.`); }
    if (Token.isUnresolved(variants[index])) { throw new Error(`The variant of ${at} must be an object, got a token. Use a CfnEndpointConfig with its variants.`); }
    return [variants, index];
  }

  /** CloudFormation creates the new configuration before it deletes the old one, so both would have the name. */
  private checkName({ endpointConfigName: name, node }: CfnEndpointConfig, { properties }: Capacity): void {
    if (name === undefined || Token.isUnresolved(name) || !hasToken(properties)) { return; }
    throw new Error(`\`endpointConfigName\` of '${node.path}' must not be fixed, got: '${name}'. The recommendation is chosen when the stack is deployed, another`
      + ' choice replaces the configuration, and CloudFormation cannot replace a resource whose name stays. Remove the name.');
  }

  private adviseOn(config: CfnEndpointConfig, variants: readonly Variant[], variant: Variant, capacity: Capacity): void {
    const { properties, advice, mayHaveLocalStorage = false } = capacity;
    const { model } = this.options;
    const images = modelImages.of(model) ?? [];
    if (advice) { warn(config, 'provisionedConcurrency', `Variant '${variant.variantName}': ${advice}`); }
    if (properties.serverlessConfig === undefined) {
      const types = knownTypes(properties);
      types.forEach((type) => warnOfType(config, 'instanceType', type));
      warnOfMisfits(config, images, types.map((type) => [`variant '${variant.variantName}'`, type] as const));
      if (config.kmsKeyId !== undefined) { adviseOnStorage(config, 'kmsKeyId', types, mayHaveLocalStorage); }
      return;
    }
    const lost = Object.entries(variant).filter(([name, value]) => value !== undefined && !OF_SERVERLESS.some((one) => one === name));
    if (lost.length > 0) {
      throw new Error(`\`${lost[0][0]}\` of the variant '${variant.variantName}' is only for variants on instances, but the recommendation is serverless: remove it.`);
    }
    refuseServerless([
      ...config.vpcConfig ? ['`vpcConfig` must be left out'] : [],
      ...config.enableNetworkIsolation ? ['`enableNetworkIsolation` must be left out'] : [],
      ...refusedOf(model),
    ]);
    warnOfServerless(config, [
      ...variants.length > 1 ? ['several production variants'] : [],
      ...config.dataCaptureConfig ? ['`dataCaptureConfig`'] : [],
      ...hasSeveralContainers(model) ? ['a model of several containers'] : [],
    ]);
    warnOfServerlessImages(config, images);
  }
}

/** The concurrency that a variant keeps warm, which no recommendation decides. */
function ownConcurrency(config: Variant['serverlessConfig']): number | undefined {
  return config && 'provisionedConcurrency' in config ? config.provisionedConcurrency : undefined;
}
