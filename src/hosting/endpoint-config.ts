import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IRole, IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig, EndpointConfigReference, IEndpointConfigRef } from 'aws-cdk-lib/aws-sagemaker';
import { IResource, Resource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { AsyncInference } from './async-inference';
import { DataCapture } from './data-capture';
import { configFacts, modelFacts } from './facts';
import { adviseOnConfig } from './hosting-advice';
import { Variant } from './variant';
import { permit, serviceRole, TELEMETRY } from '../common/iam';
import { allowInterfaces, Network, networkOf } from '../common/network';
import { NetworkOptions } from '../common/network-options';
import { endOf, grantableRole } from '../common/refs';

const MOST_VARIANTS = 10;

/** An endpoint configuration. */
export interface IEndpointConfig extends IResource, IEndpointConfigRef {
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
  readonly encryptionKey?: IKeyRef;
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
  readonly role?: IRoleRef;
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
      public readonly endpointConfigName = endOf(endpointConfigArn);
      public readonly endpointConfigRef: EndpointConfigReference = { endpointConfigId: endpointConfigArn, endpointConfigName: this.endpointConfigName };
    }
    return new Import(scope, id, { environmentFromArn: endpointConfigArn });
  }

  public readonly endpointConfigArn: string;
  public readonly endpointConfigName: string;
  /** The role that the service acts with for inference components and in the VPC, if there is one. */
  public readonly role?: IRole;
  private readonly network?: Network;

  /**
   * @throws if there are no variants, more than 10, or two of the same name; or more than one of each kind where there are shadow variants
   */
  constructor(scope: Construct, id: string, props: EndpointConfigProps) {
    super(scope, id);
    const shadows = props.shadowVariants ?? [];
    checkVariants(props.variants, shadows);
    adviseOnConfig(this, props);
    this.network = networkOf(this, props);
    const all = [...props.variants, ...shadows];
    const wantsRole = this.network !== undefined || all.some((variant) => !variant._model);
    const ownRole = wantsRole && !props.role ? this.makeRole() : undefined;
    this.role = props.role ? grantableRole(this, 'GivenRole', props.role) : ownRole;
    for (const role of ownRoles(all, ownRole)) {
      props.dataCapture?._grantUse(role);
      props.asyncInference?._grantUse(role);
    }
    const role = props.role ?? ownRole;
    const resource = new CfnEndpointConfig(this, 'Resource', {
      productionVariants: props.variants.map((variant) => variant._render()),
      shadowProductionVariants: shadows.length > 0 ? shadows.map((variant) => variant._render()) : undefined,
      kmsKeyId: props.encryptionKey?.keyRef.keyArn,
      dataCaptureConfig: props.dataCapture?._render(),
      asyncInferenceConfig: props.asyncInference?._render(),
      vpcConfig: this.network?.vpcConfig,
      enableNetworkIsolation: props.enableNetworkIsolation,
      executionRoleArn: role?.roleRef.roleArn,
    });
    overlay(resource, 'ProductionVariants', props.variants);
    overlay(resource, 'ShadowProductionVariants', shadows);
    if (role) { resource.node.addDependency(role); }
    this.endpointConfigArn = resource.ref;
    this.endpointConfigName = resource.attrEndpointConfigName;
    configFacts.keep(this, {
      variants: [...props.variants], isAsynchronous: props.asyncInference !== undefined, ownRoles: ownRoles(props.variants, ownRole),
    });
  }

  public get endpointConfigRef(): EndpointConfigReference {
    return { endpointConfigId: this.endpointConfigArn, endpointConfigName: this.endpointConfigName };
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

  private makeRole(): IRole {
    const role = serviceRole(this, 'Role', 'sagemaker', 'Hosts the containers of a SageMaker endpoint');
    permit(role, 'Telemetry', TELEMETRY);
    if (this.network) { allowInterfaces(role, this.network); }
    return role;
  }
}

/** The roles that containers run with and that this library made. */
function ownRoles(variants: readonly Variant[], ownRole: IRole | undefined): IRole[] {
  const roles = [...variants.map(({ _model }) => modelFacts.of(_model)?.ownRole), ownRole];
  return [...new Set(roles)].filter((role): role is IRole => role !== undefined);
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
