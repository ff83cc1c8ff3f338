import { IAlarmRef } from 'aws-cdk-lib/aws-cloudwatch';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnInferenceComponent, IEndpointRef, InferenceComponentReference } from 'aws-cdk-lib/aws-sagemaker';
import { Duration, Names, Size, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { componentFacts, ConfigFacts, configFacts, runningConfigs } from './facts';
import { InferenceComponentBase } from './inference-component-base';
import { CopyBatchSize } from './inference-component-options';
import type { IInferenceComponent, InferenceComponentProps } from './inference-component-props';
import { CopyScaling, CopyScalingProps } from './inference-component-scaling';
import { RenderedSpecification, renderSpecifications, TypeSpecification } from './inference-component-specification';
import { grantFromAfar, grantUntilReplaced, isAfar, watchAlarms } from './model-role';
import { checkProp } from '../common/check';
import { checkOneResource, stackPrefixToken } from '../common/names';
import { endOf, endpointNameOf } from '../common/refs';
import { capitalized } from '../common/render';
import { hostedAs, recommendationFacts } from '../recommendation/facts';

const RESOURCE = 'inference-component';
const MOST_ALARMS = 10;
/** The longest name, less the stack's prefix and a hyphen. */
const MOST_OF_NAME = 63 - 9;

/**
 * An inference component: copies of a model on the instances of an endpoint, each with accelerators, CPU cores and memory of its own. Several components
 * may share an endpoint, and an invocation names the one that it is for. The instances are billed, not the components.
 *
 * CloudFormation makes the endpoint before its components, and deletes it after them.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-inferencecomponent.html
 * @resource AWS::SageMaker::InferenceComponent
 * @example
 * const variant = Variant.forInferenceComponents({ instanceType: InstanceType.of('ml.g5.12xlarge') });
 * const shared = new Endpoint(this, 'Shared', { endpointConfig: new EndpointConfig(this, 'SharedConfig', { variants: [variant] }) });
 * new InferenceComponent(this, 'Chat', { endpoint: shared, model, copies: 2, accelerators: 1, minMemory: Size.gibibytes(16) });
 */
export class InferenceComponent extends InferenceComponentBase {
  /**
   * Imports an existing component of this account and Region by its name.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param inferenceComponentName name of the component
   * @param endpoint the endpoint that has the component: without it, no grant to invoke it is possible
   * @throws if the name has a '*' or a '?': a grant would reach more than one resource
   */
  public static fromInferenceComponentName(
    scope: Construct, id: string, inferenceComponentName: string, endpoint?: IEndpointRef,
  ): IInferenceComponent {
    const inferenceComponentArn = Stack.of(scope).formatArn({ service: 'sagemaker', resource: RESOURCE, resourceName: inferenceComponentName });
    return InferenceComponent.fromInferenceComponentArn(scope, id, inferenceComponentArn, endpoint);
  }

  /**
   * Imports an existing component by its ARN.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param inferenceComponentArn ARN of the component
   * @param endpoint the endpoint that has the component: without it, no grant to invoke it is possible
   * @throws if the ARN has a '*' or a '?': a grant would reach more than one resource
   */
  public static fromInferenceComponentArn(scope: Construct, id: string, inferenceComponentArn: string, endpoint?: IEndpointRef): IInferenceComponent {
    class Import extends InferenceComponentBase {
      public readonly inferenceComponentArn = inferenceComponentArn;
      public readonly inferenceComponentName = endOf(inferenceComponentArn);
      public readonly inferenceComponentRef: InferenceComponentReference = { inferenceComponentArn };
      protected readonly _measuredName = this.inferenceComponentName;
      protected readonly _endpoint = endpoint;
    }
    checkOneResource('inferenceComponentArn', inferenceComponentArn);
    return new Import(scope, id, { environmentFromArn: inferenceComponentArn });
  }

  /**
   * ARN of the component.
   * @attribute
   */
  public readonly inferenceComponentArn: string;
  /**
   * Name of the component, in lower case: an invocation of its endpoint must name it.
   * @attribute
   */
  public readonly inferenceComponentName: string;
  /** Reference to the component, as CDK's own constructs take it. */
  public readonly inferenceComponentRef: InferenceComponentReference;
  /** @internal */
  protected readonly _measuredName: string;
  /** @internal */
  protected readonly _endpoint: IEndpointRef;
  private readonly resource: CfnInferenceComponent;
  private scaling?: CopyScaling;

  /**
   * Defines an inference component.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param props the endpoint, what runs, and what each copy needs
   * @throws if there is nothing to run or more than one source, a prop is not for an adapter, a value is out of its range, or the endpoint is known to have
   * no such variant
   */
  constructor(scope: Construct, id: string, props: InferenceComponentProps) {
    super(scope, id, { physicalName: props.inferenceComponentName });
    const all = withRecommended(props);
    checkProp('inferenceComponentName', 'InferenceComponentName', all.inferenceComponentName);
    checkProp('copies', 'CapacitySizeValue', all.copies);
    const config = configFacts.of(runningConfigs.of(all.endpoint));
    const specifications = renderSpecifications(this, all);
    const name = all.inferenceComponentName ?? generatedName(this);
    const isAdapter = all.baseComponent !== undefined;
    this.resource = new CfnInferenceComponent(this, 'Resource', {
      endpointName: endpointNameOf(all.endpoint),
      variantName: isAdapter ? undefined : variantOf(all, config),
      inferenceComponentName: name,
      specification: Array.isArray(specifications) ? {} : specifications.properties,
      runtimeConfig: isAdapter ? undefined : { copyCount: all.copies ?? 1 },
      deploymentConfig: renderUpdate(all),
    });
    overlay(this.resource, specifications);
    const role = config?.componentRole;
    if (role) {
      const read = (grantee: IGrantable) => [specifications].flat().forEach(({ grantRead }) => grantRead(grantee));
      const watch = (grantee: IGrantable) => watchAlarms(grantee, all.rollbackAlarms ?? []);
      this.resource.node.addDependency(role);
      if (isAfar(role, this)) {
        const policy = grantFromAfar(role, this, (grantee) => [read, watch].forEach((grant) => grant(grantee)));
        if (policy) { this.resource.node.addDependency(policy); }
      } else {
        grantUntilReplaced(role, read);
        watch(role);
      }
    }
    this.inferenceComponentArn = this.getResourceArnAttribute(this.resource.attrInferenceComponentArn, {
      service: 'sagemaker', resource: RESOURCE, resourceName: this.physicalName,
    });
    this.inferenceComponentName = this.getResourceNameAttribute(endOf(this.resource.attrInferenceComponentArn));
    this.inferenceComponentRef = { inferenceComponentArn: this.inferenceComponentArn };
    this._measuredName = name;
    componentFacts.keep(this, { givenName: all.inferenceComponentName });
    this._endpoint = all.endpoint;
  }

  /**
   * Scales the number of copies by a metric: call a method of what is returned. The instances scale by themselves if the variant has
   * `managedInstanceScaling`. After an update of the component, scaling begins at `copies` again.
   *
   * @param props bounds of the number of copies
   * @returns the scaling, which tracks nothing yet
   * @throws if a bound is out of its range, the component is an adapter, or it scales already
   */
  public scaleCopies(props: CopyScalingProps): CopyScaling {
    if (this.scaling) { throw new Error(`The copies of '${this.node.path}' scale already: use what the first \`scaleCopies()\` returned.`); }
    if (!this.resource.runtimeConfig) { throw new Error(`'${this.node.path}' is an adapter, which has no copies of its own: scale its base component.`); }
    this.scaling = new CopyScaling(this, 'Scaling', this._measuredName, props);
    this.scaling.node.addDependency(this.resource);
    return this.scaling;
  }
}

/** The recommendation's figures for the props that the app leaves out. A kind without copies has one on each instance. */
function withRecommended(props: InferenceComponentProps): InferenceComponentProps {
  const { recommendation } = props;
  if (!recommendation) { return props; }
  const { copies } = hostedAs(recommendation);
  if (!copies && props.minMemory) { return { ...props, copies: props.copies ?? recommendation.instanceCount }; }
  if (!copies) {
    throw new Error('`recommendation` must be one that knows copies of the model, such as an `AIRecommendationJob` makes, got'
      + ` '${recommendation.node.path}': set \`copies\`, \`accelerators\` and \`minMemory\` yourself.`);
  }
  const lack = recommendationFacts.of(recommendation)?.copiesLack?.filter((prop) => props[prop] === undefined && !props.perInstanceType) ?? [];
  if (lack.length > 0) {
    throw new Error(`\`${lack.join('` and `')}\` must be set, because the figures of '${recommendation.node.path}' that are in the code, such as a fallback, lack`
      + ' them: set them there or on the component. Only a type with accelerators can have a component of such a recommendation.');
  }
  return {
    ...props,
    copies: props.copies ?? copies.copyCount,
    ...props.perInstanceType ? {} : {
      accelerators: props.accelerators ?? copies.acceleratorCount, minMemory: props.minMemory ?? Size.mebibytes(copies.minMemoryMb),
    },
  };
}

/** A name that is known before the component is made, so that its metrics are. The service writes names in lower case, and measures them as given. */
function generatedName(component: Construct): string {
  return `${stackPrefixToken()}-${Names.uniqueResourceName(component, { maxLength: MOST_OF_NAME }).toLowerCase()}`;
}

/** The named variant, or the only one that is for components. */
function variantOf({ variantName }: InferenceComponentProps, config: ConfigFacts | undefined): string {
  checkProp('variantName', 'VariantName', variantName);
  if (!config || Token.isUnresolved(variantName)) { return variantName ?? 'AllTraffic'; }
  const names = config.variants.filter(({ _model }) => _model === undefined).map(({ _name }) => _name);
  if (variantName === undefined ? names.length === 1 : names.includes(variantName)) { return variantName ?? names[0]; }
  const has = names.length > 0 ? `the endpoint has the variants ${names.join(', ')} for them` : 'all variants of the endpoint have a model: use `Variant.forInferenceComponents()`';
  throw new Error(`\`variantName\` must name a variant for inference components, got: ${variantName === undefined ? 'none' : `'${variantName}'`}, and ${has}.`);
}

function renderUpdate(props: InferenceComponentProps): CfnInferenceComponent.InferenceComponentDeploymentConfigProperty | undefined {
  const { rollingUpdate, rollbackAlarms = [] } = props;
  if (rollbackAlarms.length > MOST_ALARMS) { throw new Error(`\`rollbackAlarms\` must have at most ${MOST_ALARMS} entries, got: ${rollbackAlarms.length}.`); }
  if (!rollingUpdate && rollbackAlarms.length === 0) { return undefined; }
  const { maximumBatchSize = CopyBatchSize.copies(1), rollbackMaximumBatchSize, ...times } = rollingUpdate ?? {};
  const { waitInterval = Duration.minutes(5), maximumExecutionTimeout } = times;
  const copies = Token.isUnresolved(props.copies) ? undefined : props.copies ?? 1;
  const wrong = maximumBatchSize._outOfRange('rollingUpdate.maximumBatchSize', copies);
  if (wrong) { throw new Error(`${wrong}${copies === undefined ? '' : ` of ${copies}`}.`); }
  const [wait, timeout] = [waitInterval.toSeconds(), maximumExecutionTimeout?.toSeconds()];
  checkProp('rollingUpdate.waitInterval', 'WaitIntervalInSeconds', wait);
  checkProp('rollingUpdate.maximumExecutionTimeout', 'MaximumExecutionTimeoutInSeconds', timeout);
  return {
    rollingUpdatePolicy: {
      maximumBatchSize: maximumBatchSize._render(),
      rollbackMaximumBatchSize: rollbackMaximumBatchSize?._render(),
      waitIntervalInSeconds: wait,
      maximumExecutionTimeoutInSeconds: timeout,
    },
    autoRollbackConfiguration: rollbackAlarms.length > 0
      ? { alarms: rollbackAlarms.map(({ alarmRef: { alarmName } }: IAlarmRef) => ({ alarmName })) } : undefined,
  };
}

/** Members that the oldest supported aws-cdk-lib does not have. */
function overlay(resource: CfnInferenceComponent, specifications: RenderedSpecification | TypeSpecification[]): void {
  if (Array.isArray(specifications)) {
    resource.addPropertyDeletionOverride('Specification');
    resource.addPropertyOverride('Specifications', specifications.map(({ instanceType, properties, later: { ContainerMetricsConfig, ...later } }) => {
      const { Container, ...members } = capitalized(properties);
      return { InstanceType: instanceType, ...members, Container: Container && { ...Container, ContainerMetricsConfig }, ...later };
    }));
    return;
  }
  const { ContainerMetricsConfig, DataCacheConfig, SchedulingConfig } = specifications.later;
  const members = { 'Container.ContainerMetricsConfig': ContainerMetricsConfig, DataCacheConfig, SchedulingConfig };
  Object.entries(members).filter(([, value]) => value !== undefined).forEach(([path, value]) => resource.addPropertyOverride(`Specification.${path}`, value));
}
