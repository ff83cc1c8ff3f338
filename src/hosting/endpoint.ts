import { CfnAlarm, IAlarmRef } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnEndpoint, EndpointReference, IEndpoint, IEndpointConfigRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnResource, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DeploymentConfig } from './deployment-config';
import { EndpointBase } from './endpoint-base';
import { ConfigFacts, configFacts, runningConfigs } from './facts';
import { isInf1 } from './hosting-advice';
import { grantFromAfar, isAfar, watchAlarms } from './model-role';
import { checkProp, enumValue } from '../common/check';
import { checkOneResource } from '../common/names';
import { endOf } from '../common/refs';
import { warn } from '../common/warn';
import { endpointFacts } from '../jobs/job-request';

const MOST_ALARMS = 10;

/**
 * A property of a running variant that an update of the endpoint can retain.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VariantProperty.html
 * @example
 * new Endpoint(this, 'Endpoint', {
 *   endpointConfig: config,
 *   retainAllVariantProperties: true,
 *   excludeRetainedVariantProperties: [VariantProperty.DATA_CAPTURE_CONFIG],
 * });
 */
export class VariantProperty {
  /** The number of instances, e.g. the number that auto scaling has set. */
  public static readonly DESIRED_INSTANCE_COUNT = VariantProperty.of('DesiredInstanceCount');
  /** The share of the traffic. */
  public static readonly DESIRED_WEIGHT = VariantProperty.of('DesiredWeight');
  /** The capture of requests and responses. */
  public static readonly DATA_CAPTURE_CONFIG = VariantProperty.of('DataCaptureConfig');

  /**
   * A property that has no constant in this version of the library.
   *
   * @param property the value that the service's API uses
   */
  public static of(property: string): VariantProperty {
    return new VariantProperty(property);
  }

  private constructor(
    /** The value that the service's API uses. */
    public readonly value: string,
  ) {}
}

/** Properties of an endpoint. */
export interface EndpointProps {
  /** The configuration that the endpoint runs. Changing it updates the endpoint without downtime. */
  readonly endpointConfig: IEndpointConfigRef;
  /**
   * Name of the endpoint: 1 to 63 letters, digits and hyphens. It is required if a rollback alarm measures the endpoint's own metrics. Changing
   * it replaces the endpoint.
   *
   * @default - a name that CloudFormation generates
   */
  readonly endpointName?: string;
  /**
   * The way in which the endpoint moves to a new configuration. Changing it replaces nothing.
   *
   * @default - all at once and without alarms; with `rollbackAlarms`, `DeploymentConfig.allAtOnce()`
   */
  readonly deployment?: DeploymentConfig;
  /**
   * Alarms that stop an update and roll it back: at most 10. Changing them replaces nothing.
   *
   * @default - none
   */
  readonly rollbackAlarms?: IAlarmRef[];
  /**
   * Whether an update retains the present number of instances, weights and data capture, and ignores those of the new configuration. Changing it
   * replaces nothing.
   *
   * @default false
   */
  readonly retainAllVariantProperties?: boolean;
  /**
   * Properties that an update does not retain, but takes from the new configuration: at most 3. Without
   * `retainAllVariantProperties` they have no effect, and synth warns. Changing them replaces nothing.
   *
   * @default - none
   */
  readonly excludeRetainedVariantProperties?: VariantProperty[];
  /**
   * Whether an update reuses the deployment configuration of the last update. Changing it replaces nothing.
   *
   * @default false
   */
  readonly retainDeploymentConfig?: boolean;
}

/**
 * An endpoint: it serves the variants of an endpoint configuration. Its instances cost money from the moment it is deployed.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-endpoint.html
 * @resource AWS::SageMaker::Endpoint
 * @example
 * new Endpoint(this, 'Endpoint', { endpointConfig: config, endpointName: 'prices', rollbackAlarms: [alarm] });
 */
export class Endpoint extends EndpointBase {
  /**
   * Imports an existing endpoint of this account and Region by its name.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param endpointName name of the endpoint
   * @throws if it has a '*' or a '?': a grant would reach more than one resource
   */
  public static fromEndpointName(scope: Construct, id: string, endpointName: string): IEndpoint {
    return Endpoint.fromEndpointArn(scope, id, Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: endpointName }));
  }

  /**
   * Imports an existing endpoint by its ARN.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param endpointArn ARN of the endpoint
   * @throws if it has a '*' or a '?': a grant would reach more than one resource
   */
  public static fromEndpointArn(scope: Construct, id: string, endpointArn: string): IEndpoint {
    class Import extends EndpointBase {
      public readonly endpointArn = endpointArn;
      public readonly endpointName = endOf(endpointArn);
      public readonly endpointRef: EndpointReference = { endpointArn };
      protected readonly _measuredName = this.endpointName;
      protected readonly _variantNames = undefined;
    }
    checkOneResource('endpointArn', endpointArn);
    return new Import(scope, id, { environmentFromArn: endpointArn });
  }

  /**
   * ARN of the endpoint.
   * @attribute
   */
  public readonly endpointArn: string;
  /**
   * Name of the endpoint.
   * @attribute
   */
  public readonly endpointName: string;
  /** Reference to the endpoint, as CDK's own constructs take it. */
  public readonly endpointRef: EndpointReference;
  /** @internal */
  protected readonly _measuredName: string;
  /** @internal */
  protected readonly _variantNames: readonly string[] | undefined;
  private readonly config?: ConfigFacts;
  private readonly resource: CfnEndpoint;
  private readonly rollbackAlarms: IAlarmRef[] = [];

  /**
   * Defines an endpoint.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param props the configuration, and the way in which updates are deployed
   * @throws if the name is invalid, or there are more than 10 alarms or more than 3 excluded properties
   */
  constructor(scope: Construct, id: string, props: EndpointProps) {
    super(scope, id, { physicalName: props.endpointName });
    checkProp('endpointName', 'EndpointName', props.endpointName);
    const excluded = props.excludeRetainedVariantProperties?.map((property) => (
      { variantPropertyType: enumValue('excludeRetainedVariantProperties', property, 'VariantProperty') }));
    // Checks only the number of properties, because `of()` allows properties that the shapes do not have.
    checkProp('excludeRetainedVariantProperties', 'VariantPropertyList',
      excluded?.map(() => ({ VariantPropertyType: VariantProperty.DESIRED_WEIGHT.value })));
    this.config = configFacts.of(props.endpointConfig);
    this._variantNames = this.config?.variants.map((variant) => variant._name);
    this.resource = new CfnEndpoint(this, 'Resource', {
      endpointName: props.endpointName,
      endpointConfigName: props.endpointConfig.endpointConfigRef.endpointConfigName,
      deploymentConfig: Lazy.any({ produce: () => this.renderDeployment(props.deployment) }),
      retainAllVariantProperties: props.retainAllVariantProperties,
      excludeRetainedVariantProperties: excluded,
      retainDeploymentConfig: props.retainDeploymentConfig,
    });
    this.endpointArn = this.getResourceArnAttribute(this.resource.attrEndpointArn, {
      service: 'sagemaker', resource: 'endpoint', resourceName: this.physicalName,
    });
    this.endpointName = this.getResourceNameAttribute(this.resource.attrEndpointName);
    this.endpointRef = { endpointArn: this.endpointArn };
    this._measuredName = props.endpointName ?? this.endpointName;
    runningConfigs.keep(this, props.endpointConfig);
    const variants = this.config?.variants;
    if (variants) {
      endpointFacts.keep(this, {
        variants: variants.length,
        serverless: variants.some((variant) => variant._isServerless),
        scalesItself: variants.some((variant) => variant._scalesItself),
        hostsComponents: variants.some(({ _model: model }) => model === undefined),
      });
    }
    props.rollbackAlarms?.forEach((alarm) => this.addRollbackAlarm(alarm));
    this.advise(props);
    this.node.addValidation({ validate: () => this.circularAlarms() });
  }

  /**
   * Adds an alarm that stops an update and rolls it back. If the alarm measures this endpoint's own metrics, the endpoint needs an `endpointName`;
   * without one, synth fails.
   *
   * @param alarm the alarm
   * @throws if the endpoint has 10 alarms already
   */
  public addRollbackAlarm(alarm: IAlarmRef): void {
    if (this.rollbackAlarms.length === MOST_ALARMS) {
      throw new Error(`\`rollbackAlarms\` must have at most ${MOST_ALARMS} entries, got one more: '${alarm.node.path}'.`);
    }
    this.rollbackAlarms.push(alarm);
    this.config?.ownRoles.forEach((role, index) => {
      if (isAfar(role, this)) {
        const policy = grantFromAfar(role, new Construct(this, `Alarm${this.rollbackAlarms.length}Role${index + 1}`), (grantee) => watchAlarms(grantee, [alarm]))!;
        this.resource.node.addDependency(policy);
      } else {
        watchAlarms(role, [alarm]);
      }
    });
  }

  private renderDeployment(deployment: DeploymentConfig | undefined): CfnEndpoint.DeploymentConfigProperty | undefined {
    if (this.rollbackAlarms.length === 0) { return deployment?._render(); }
    return {
      ...(deployment ?? DeploymentConfig.allAtOnce())._render(),
      autoRollbackConfiguration: { alarms: this.rollbackAlarms.map(({ alarmRef: { alarmName } }) => ({ alarmName })) },
    };
  }

  private advise(props: EndpointProps): void {
    if (props.excludeRetainedVariantProperties?.length && !props.retainAllVariantProperties) {
      // Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html (ExcludeRetainedVariantProperties)
      warn(this, 'excludeWithoutRetain', '`excludeRetainedVariantProperties` has no effect unless `retainAllVariantProperties` is true.');
    }
    const variants = this.config?.variants ?? [];
    const counts = variants.flatMap(({ _instanceCount }) => (_instanceCount === undefined ? [] : [_instanceCount]));
    const oversize = props.deployment?._oversize(counts.length > 0 ? Math.min(...counts) : undefined);
    if (oversize) { warn(this, 'deploymentSize', `${oversize} The smallest instance count of its variants is ${Math.min(...counts)}.`); }
    // Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html; this library cannot see a Marketplace container.
    if ((props.deployment || props.rollbackAlarms?.length) && variants.some(isInf1)) {
      warn(this, 'guardrailExclusions', 'Endpoints on Inf1 instances have no deployment guardrails: an update is deployed all at once and without alarms.');
    }
    const excluded = [
      ...variants.some((variant) => variant._isServerless) ? ['serverless variants'] : [],
      ...variants.length > 1 ? ['several variants'] : [],
    ];
    if (props.deployment?._isRolling && excluded.length > 0) {
      warn(this, 'rollingExclusions', `A rolling deployment does not support ${excluded.join(' and ')}: use a blue/green deployment.`);
    }
  }

  /** Finds alarms that refer to this endpoint. The endpoint and the alarm would depend on each other, and CloudFormation refuses such a template. */
  private circularAlarms(): string[] {
    const stack = Stack.of(this);
    const reference = `["${stack.getLogicalId(this.resource)}",`;
    return this.rollbackAlarms.flatMap((alarm) => {
      const resource = CfnResource.isCfnResource(alarm) ? alarm : alarm.node.defaultChild;
      if (!CfnAlarm.isCfnAlarm(resource) || Stack.of(resource) !== stack) { return []; }
      const measured = JSON.stringify(stack.resolve([resource.dimensions, resource.metrics]));
      return measured.includes(reference)
        ? [`'${alarm.node.path}' measures the endpoint that it rolls back, so they depend on each other: set \`endpointName\`.`] : [];
    });
  }
}
