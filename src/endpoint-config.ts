import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Arn, ArnFormat, IResource, Resource, Size, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { InstanceType } from './instance-type';
import { IModel } from './model';
import { checkProp, checkRange } from './private/check';
import { EndpointType, IRecommendation } from './recommendation';

/** What every variant may be given. */
export interface VariantOptions {
  /**
   * Name of the variant: 1 to 63 letters, digits and hyphens.
   *
   * @default AllTraffic
   */
  readonly variantName?: string;
  /**
   * Share of the traffic: its weight over the sum of all weights. At least 0.
   *
   * @default 1
   */
  readonly initialVariantWeight?: number;
}

/** A variant on instances. */
export interface InstanceVariantProps extends VariantOptions {
  /** Instance type of the variant. */
  readonly instanceType: InstanceType;
  /**
   * Instances to begin with: at least 1.
   *
   * @default 1
   */
  readonly initialInstanceCount?: number;
}

/** A serverless variant. */
export interface ServerlessVariantProps extends VariantOptions {
  /** Memory: 1 to 6 GiB in steps of 1 GiB. */
  readonly memorySize: Size;
  /** Invocations that it serves at a time: 1 to 200. */
  readonly maxConcurrency: number;
}

/**
 * One production variant: a model, and what it runs on.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 */
export class Variant {
  /** A variant on what a recommendation says: its instances, or its serverless memory and concurrency. */
  public static fromRecommendation(model: IModel, recommendation: IRecommendation, options: VariantOptions = {}): Variant {
    return new Variant(model, options, recommendation.endpointType === EndpointType.SERVERLESS
      ? serverless(recommendation.serverlessMemorySizeInMb, recommendation.serverlessMaxConcurrency)
      : { instanceType: recommendation.instanceType, initialInstanceCount: recommendation.initialInstanceCount });
  }

  /**
   * A variant on instances of your choice.
   *
   * @throws if the count is less than 1
   */
  public static onInstances(model: IModel, props: InstanceVariantProps): Variant {
    const count = props.initialInstanceCount ?? 1;
    checkRange('initialInstanceCount', count, 1, Number.MAX_SAFE_INTEGER);
    return new Variant(model, props, { instanceType: props.instanceType.value, initialInstanceCount: count });
  }

  /**
   * A serverless variant of your choice.
   *
   * @throws if memory or concurrency is out of its range
   */
  public static serverless(model: IModel, props: ServerlessVariantProps): Variant {
    checkProp('memorySize', 'ServerlessMemorySizeInMB', props.memorySize.toMebibytes());
    checkProp('maxConcurrency', 'ServerlessMaxConcurrency', props.maxConcurrency);
    return new Variant(model, props, serverless(props.memorySize.toMebibytes(), props.maxConcurrency));
  }

  private constructor(
    private readonly model: IModel,
    private readonly options: VariantOptions,
    private readonly capacity: Partial<CfnEndpointConfig.ProductionVariantProperty>,
  ) {}

  /** @internal */
  public _render(): CfnEndpointConfig.ProductionVariantProperty {
    return {
      variantName: this.options.variantName ?? 'AllTraffic',
      modelName: this.model.modelName,
      initialVariantWeight: this.options.initialVariantWeight ?? 1,
      ...this.capacity,
    };
  }
}

/** An endpoint configuration. */
export interface IEndpointConfig extends IResource {
  /**
   * ARN of the configuration.
   * @attribute
   */
  readonly endpointConfigArn: string;
  /**
   * Name of the configuration.
   * @attribute
   */
  readonly endpointConfigName: string;
}

/** Properties of an endpoint configuration. */
export interface EndpointConfigProps {
  /** Production variants: 1 to 10, with different names. */
  readonly variants: Variant[];
  /**
   * Key that encrypts the storage of the instances.
   *
   * @default - a key of SageMaker's own
   */
  readonly encryptionKey?: IKey;
}

/**
 * What an endpoint runs. It cannot be changed, only replaced, so it has no name of your choice: the new one is made first, the endpoint
 * moves over to it, and the old one is deleted.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-endpointconfig.html
 *
 * @resource AWS::SageMaker::EndpointConfig
 */
export class EndpointConfig extends Resource implements IEndpointConfig {
  /** An existing configuration of this account and Region, by its name. */
  public static fromEndpointConfigName(scope: Construct, id: string, endpointConfigName: string): IEndpointConfig {
    return EndpointConfig.fromEndpointConfigArn(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker', resource: 'endpoint-config', resourceName: endpointConfigName,
    }));
  }

  /** An existing configuration, by its ARN. */
  public static fromEndpointConfigArn(scope: Construct, id: string, endpointConfigArn: string): IEndpointConfig {
    class Import extends Resource implements IEndpointConfig {
      public readonly endpointConfigArn = endpointConfigArn;
      public readonly endpointConfigName = Arn.split(endpointConfigArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
    }
    return new Import(scope, id, { environmentFromArn: endpointConfigArn });
  }

  public readonly endpointConfigArn: string;
  public readonly endpointConfigName: string;

  /**
   * @throws if there are no variants, more than 10, or two of the same name
   */
  constructor(scope: Construct, id: string, props: EndpointConfigProps) {
    super(scope, id);
    const variants = props.variants.map((variant) => variant._render());
    if (variants.length < 1 || variants.length > 10) {
      throw new Error(`\`variants\` must have 1 to 10 entries, got: ${variants.length}.`);
    }
    const names = variants.map((variant) => variant.variantName);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new Error(`\`variants\` must have different names, got '${twice}' twice: set \`variantName\`.`);
    }
    const resource = new CfnEndpointConfig(this, 'Resource', { productionVariants: variants, kmsKeyId: props.encryptionKey?.keyArn });
    this.endpointConfigArn = resource.ref;
    this.endpointConfigName = resource.attrEndpointConfigName;
  }
}

function serverless(memorySizeInMb: number, maxConcurrency: number): Partial<CfnEndpointConfig.ProductionVariantProperty> {
  return { serverlessConfig: { memorySizeInMb, maxConcurrency } };
}
