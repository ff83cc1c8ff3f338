import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Arn, ArnFormat, IResource, Resource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EndpointFacts } from '../service/job-rules';
import { AsyncInference } from './async-inference';
import { DataCapture } from './data-capture';
import { Model } from './model';
import { NetworkOptions } from '../common/network-options';
import { TELEMETRY } from './execution-role';
import { adviseOnConfig } from './hosting-advice';
import { allowInterfaces, Network, networkOf } from '../common/network';
import { permit, serviceRole } from '../common/service-role';
import { Variant } from './variant';

const MOST_VARIANTS = 10;

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

/**
 * Properties of an endpoint configuration. Changing any of them but `allowAllOutbound` replaces it. The VPC is for inference components: a
 * model brings its own.
 */
export interface EndpointConfigProps extends NetworkOptions {
  /** Production variants: 1 to 10, with different names. Changing them replaces the configuration. */
  readonly variants: Variant[];
  /**
   * A variant that gets copies of the requests and whose answers nobody gets: at most 1, beside 1 production variant. Changing it replaces
   * the configuration.
   *
   * @default - none
   */
  readonly shadowVariants?: Variant[];
  /**
   * Key that encrypts the storage volumes of the instances. An instance type with local storage takes none. Whoever deploys needs
   * `kms:CreateGrant` on it. Changing it replaces the configuration.
   *
   * @default - a key of SageMaker's own
   */
  readonly encryptionKey?: IKey;
  /**
   * What is captured of the traffic. Changing it replaces the configuration.
   *
   * @default - nothing
   */
  readonly dataCapture?: DataCapture;
  /**
   * How the endpoint answers asynchronously; it then takes no other requests. Changing it replaces the configuration.
   *
   * @default - it answers at once
   */
  readonly asyncInference?: AsyncInference;
  /**
   * Whether the containers of inference components may make no network calls; a model brings its own setting. Changing it replaces the
   * configuration.
   *
   * @default false
   */
  readonly enableNetworkIsolation?: boolean;
  /**
   * The role that the service acts with for inference components and in the VPC; a model brings its own. Changing it replaces the
   * configuration.
   *
   * @default - a new one where there is a variant for inference components or a `vpc`, else none
   */
  readonly role?: IRole;
}

/**
 * What an endpoint runs. It cannot be changed, only replaced, so it has no name of your choice: the new one is made first, the endpoint
 * moves over to it, and the old one is deleted.
 *
 * What has no prop here (explainer, core dump, instance pools, capacity reservations, metrics of more detail) is reached through the
 * `CfnEndpointConfig` below it: `config.node.defaultChild`.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-endpointconfig.html
 *
 * @resource AWS::SageMaker::EndpointConfig
 */
export class EndpointConfig extends Resource implements IEndpointConfig, IConnectable {
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
  /** The role that the service acts with for inference components and in the VPC, if there is one. */
  public readonly role?: IRole;
  /**
   * The production variants, for what must know them before the deploy.
   *
   * @internal
   */
  public readonly _variants: readonly Variant[];
  /** @internal */
  public readonly _isAsynchronous: boolean;
  private readonly network?: Network;
  private readonly ownRole?: IRole;

  /**
   * @throws if there are no variants, more than 10, or two of the same name; or more than one of each kind where there are shadow variants
   */
  constructor(scope: Construct, id: string, props: EndpointConfigProps) {
    super(scope, id);
    const shadows = props.shadowVariants ?? [];
    checkVariants(props.variants, shadows);
    adviseOnConfig(this, props);
    this._variants = [...props.variants];
    this._isAsynchronous = props.asyncInference !== undefined;
    this.network = networkOf(this, props);
    const wantsRole = this.network !== undefined || [...props.variants, ...shadows].some((variant) => !variant._model);
    if (wantsRole && !props.role) { this.ownRole = this.makeRole(); }
    this.role = props.role ?? this.ownRole;
    for (const role of this._ownRoles([...props.variants, ...shadows])) {
      props.dataCapture?._grantUse(role);
      props.asyncInference?._grantUse(role);
    }
    const resource = new CfnEndpointConfig(this, 'Resource', {
      productionVariants: props.variants.map((variant) => variant._render()),
      shadowProductionVariants: shadows.length > 0 ? shadows.map((variant) => variant._render()) : undefined,
      kmsKeyId: props.encryptionKey?.keyArn,
      dataCaptureConfig: props.dataCapture?._render(),
      asyncInferenceConfig: props.asyncInference?._render(),
      vpcConfig: this.network?.vpcConfig,
      enableNetworkIsolation: props.enableNetworkIsolation,
      executionRoleArn: this.role?.roleArn,
    });
    overlay(resource, 'ProductionVariants', props.variants);
    overlay(resource, 'ShadowProductionVariants', shadows);
    if (this.role) { resource.node.addDependency(this.role); }
    this.endpointConfigArn = resource.ref;
    this.endpointConfigName = resource.attrEndpointConfigName;
  }

  /**
   * Network connections of the containers.
   *
   * @throws if the configuration has no VPC
   */
  public get connections(): Connections {
    if (!this.network) { throw new Error('`connections` needs a VPC: set `vpc`.'); }
    return this.network.connections;
  }

  /**
   * What a recommendation job must know of an endpoint that it benchmarks.
   *
   * @internal
   */
  public get _facts(): EndpointFacts {
    return {
      variants: this._variants.length,
      serverless: this._variants.some((variant) => variant._isServerless),
      scalesItself: this._variants.some((variant) => variant._scalesItself),
    };
  }

  /**
   * The roles that containers run with and that this library made: what they need for the endpoint is added to these, and to no others.
   *
   * @internal
   */
  public _ownRoles(variants: readonly Variant[] = this._variants): IRole[] {
    const ofModels = variants.map(({ _model }) => (_model instanceof Model ? _model._ownRole : undefined));
    return [...new Set([...ofModels, this.ownRole])].filter((role): role is IRole => role !== undefined);
  }

  private makeRole(): IRole {
    const role = serviceRole(this, 'Role', { description: 'Hosts the containers of a SageMaker endpoint', service: 'sagemaker' });
    permit(role, 'Telemetry', TELEMETRY);
    if (this.network) { allowInterfaces(role, this.network); }
    return role;
  }
}

function checkVariants(variants: Variant[], shadows: Variant[]): void {
  if (variants.length < 1 || variants.length > MOST_VARIANTS) {
    throw new Error(`\`variants\` must have 1 to ${MOST_VARIANTS} entries, got: ${variants.length}.`);
  }
  // Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html (ShadowProductionVariants)
  if (shadows.length > 1) { throw new Error(`\`shadowVariants\` must have at most 1 entry, got: ${shadows.length}.`); }
  if (shadows.length === 1 && variants.length > 1) {
    throw new Error(`\`variants\` must have 1 entry where there is a shadow variant, got: ${variants.length}.`);
  }
  const names = [...variants, ...shadows].map((variant) => variant._name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) { throw new Error(`\`variants\` must have different names, got '${twice}' twice: set \`variantName\`.`); }
}

function overlay(resource: CfnEndpointConfig, property: string, variants: readonly Variant[]): void {
  variants.forEach((variant, index) => variant._overrides()
    .forEach(([path, value]) => resource.addPropertyOverride(`${property}.${index}.${path}`, value)));
}
