import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Grant, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnEndpointConfig, EndpointConfigReference, IEndpointConfigRef } from 'aws-cdk-lib/aws-sagemaker';
import { IResource, Resource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { renderExplainer, renderMetricsConfig } from './config-options';
import { EndpointConfigProps } from './endpoint-config-props';
import { configFacts, modelFacts } from './facts';
import { adviseOnConfig } from './hosting-advice';
import { Variant } from './variant';
import { firstTwice } from '../common/check';
import { dependOnPoliciesOf } from '../common/dependencies';
import { serviceRole, TELEMETRY } from '../common/iam';
import { allowInterfaces, Network, networkOf } from '../common/network';
import { permit } from '../common/policies';
import { endOf, grantableRole } from '../common/refs';

const MOST_VARIANTS = 10;

/** An endpoint configuration, of this library or imported. */
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
 * An endpoint configuration: the variants that an endpoint runs, and their options.
 *
 * A configuration cannot be changed, only replaced: CloudFormation creates the new one, the endpoint moves to it, and the old one is deleted.
 * So it has no name of your choice.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-endpointconfig.html
 * @resource AWS::SageMaker::EndpointConfig
 * @example
 * new EndpointConfig(this, 'EndpointConfig', { variants: [Variant.fromRecommendation(model, best)] });
 */
export class EndpointConfig extends Resource implements IEndpointConfig, IConnectable {
  /**
   * Imports an existing configuration of this account and Region by its name.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param endpointConfigName name of the configuration
   */
  public static fromEndpointConfigName(scope: Construct, id: string, endpointConfigName: string): IEndpointConfig {
    return EndpointConfig.fromEndpointConfigArn(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker', resource: 'endpoint-config', resourceName: endpointConfigName,
    }));
  }

  /**
   * Imports an existing configuration by its ARN.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param endpointConfigArn ARN of the configuration
   */
  public static fromEndpointConfigArn(scope: Construct, id: string, endpointConfigArn: string): IEndpointConfig {
    class Import extends Resource implements IEndpointConfig {
      public readonly endpointConfigArn = endpointConfigArn;
      public readonly endpointConfigName = endOf(endpointConfigArn);
      public readonly endpointConfigRef: EndpointConfigReference = {
        endpointConfigId: endpointConfigArn, endpointConfigName: this.endpointConfigName,
      };
    }
    return new Import(scope, id, { environmentFromArn: endpointConfigArn });
  }

  /** ARN of the configuration. */
  public readonly endpointConfigArn: string;
  /** Name of the configuration. */
  public readonly endpointConfigName: string;
  /** The role that the service assumes for inference components and in the VPC, if there is one. */
  public readonly role?: IRole;
  private readonly network?: Network;

  /**
   * Defines an endpoint configuration.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param props the variants and their options
   * @throws if there are no variants, more than 10, or two with the same name; or if there is a shadow variant and more than one variant of either
   * kind
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
    const explainer = props.explainer && renderExplainer(props.explainer);
    for (const role of ownRoles(all, ownRole)) {
      props.dataCapture?._grantUse(role);
      props.asyncInference?._grantUse(role);
      // Reason: the explainer reads its baseline.
      if (explainer?.baseline) { Grant.addToPrincipal({ grantee: role, actions: ['s3:GetObject'], resourceArns: [explainer.baseline.objectsArn('object')] }); }
    }
    for (const variant of all) {
      const user = variant._model ? modelFacts.of(variant._model)?.ownRole : ownRole;
      if (user) { variant._grantUse(user); }
    }
    const role = props.role ?? ownRole;
    const resource = new CfnEndpointConfig(this, 'Resource', {
      productionVariants: props.variants.map((variant) => variant._render()),
      shadowProductionVariants: shadows.length > 0 ? shadows.map((variant) => variant._render()) : undefined,
      kmsKeyId: props.encryptionKey?.keyRef.keyArn,
      dataCaptureConfig: props.dataCapture?._render(),
      asyncInferenceConfig: props.asyncInference?._render(),
      explainerConfig: explainer?.property,
      vpcConfig: this.network?.vpcConfig,
      enableNetworkIsolation: props.enableNetworkIsolation,
      executionRoleArn: role?.roleRef.roleArn,
    });
    // The oldest supported aws-cdk-lib does not have it.
    if (props.metricsConfig) { resource.addPropertyOverride('MetricsConfig', renderMetricsConfig(props.metricsConfig)); }
    overlay(resource, 'ProductionVariants', props.variants);
    overlay(resource, 'ShadowProductionVariants', shadows);
    if (role) { dependOnPoliciesOf(role, resource); }
    this.endpointConfigArn = resource.ref;
    this.endpointConfigName = resource.attrEndpointConfigName;
    configFacts.keep(this, {
      variants: [...props.variants],
      isAsynchronous: props.asyncInference !== undefined,
      ownRoles: ownRoles(props.variants, ownRole),
      componentRole: ownRole,
    });
  }

  /** Reference to the configuration, as CDK's own constructs take it. */
  public get endpointConfigRef(): EndpointConfigReference {
    return { endpointConfigId: this.endpointConfigArn, endpointConfigName: this.endpointConfigName };
  }

  /**
   * Network connections of the inference components' containers.
   *
   * @throws if the configuration has no VPC
   */
  public get connections(): Connections {
    if (!this.network) { throw new Error('`connections` needs a VPC: set `vpc`.'); }
    return this.network.connections;
  }

  private makeRole(): IRole {
    // When: an `EndpointConfig` has a VPC or a variant without a model of its own, such as one for inference components, and is given no `role`.
    const role = serviceRole(this, 'Role', 'sagemaker', 'Hosts the containers of a SageMaker endpoint');
    permit(role, 'Telemetry', TELEMETRY);
    if (this.network) { allowInterfaces(role, this.network); }
    return role;
  }
}

/** The roles of the containers that this library created. */
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
    throw new Error(`\`variants\` must have 1 entry if there is a shadow variant, got: ${variants.length}.`);
  }
  const names = [...variants, ...shadows].map((variant) => variant._name);
  const twice = firstTwice(names);
  if (twice !== undefined) { throw new Error(`\`variants\` must have different names, got '${twice}' twice: set \`variantName\`.`); }
}

function overlay(resource: CfnEndpointConfig, property: string, variants: readonly Variant[]): void {
  variants.forEach((variant, index) => variant._overrides()
    .forEach(([path, value]) => resource.addPropertyOverride(`${property}.${index}.${path}`, value)));
}
