import { CfnAlarm, IAlarmRef } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEndpoint, EndpointReference, IEndpoint, IEndpointConfigRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnResource, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DeploymentConfig } from './deployment-config';
import { EndpointBase } from './endpoint-base';
import { ConfigFacts, configFacts, runningConfigs } from './facts';
import { isInf1 } from './hosting-advice';
import { checkProp } from '../common/check';
import { endOf } from '../common/refs';
import { warn } from '../common/warn';
import { endpointFacts } from '../jobs/job-request';

const MOST_ALARMS = 10;

/**
 * What an update of an endpoint can leave as it is.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VariantProperty.html
 */
export class VariantProperty {
  /** The number of instances, e.g. as scaled since. */
  public static readonly DESIRED_INSTANCE_COUNT = VariantProperty.of('DesiredInstanceCount');
  /** The share of the traffic. */
  public static readonly DESIRED_WEIGHT = VariantProperty.of('DesiredWeight');
  /** What is captured of the traffic. */
  public static readonly DATA_CAPTURE_CONFIG = VariantProperty.of('DataCaptureConfig');

  /** A property that this version of the library does not know. */
  public static of(property: string): VariantProperty {
    return new VariantProperty(property);
  }

  private constructor(
    /** The name as the service has it. */
    public readonly value: string,
  ) {}
}

/** Properties of an endpoint. */
export interface EndpointProps {
  /** What the endpoint runs. Changing it updates the endpoint without a pause in its service. */
  readonly endpointConfig: IEndpointConfigRef;
  /**
   * Name of the endpoint: 1 to 63 letters, digits and hyphens. Changing it replaces the endpoint. With a name, alarms on the endpoint's own
   * metrics can roll it back.
   *
   * @default - a name that CloudFormation makes
   */
  readonly endpointName?: string;
  /**
   * How the endpoint moves to a new configuration. Changing it replaces nothing.
   *
   * @default - all at once, unwatched; with `rollbackAlarms`, DeploymentConfig.allAtOnce()
   */
  readonly deployment?: DeploymentConfig;
  /**
   * Alarms that end an update and take it back: at most 10. Changing them replaces nothing.
   *
   * @default - none
   */
  readonly rollbackAlarms?: IAlarmRef[];
  /**
   * Whether an update leaves the number of instances, the weights and the data capture as they are now, whatever the new configuration says.
   * Changing it replaces nothing.
   *
   * @default false
   */
  readonly retainAllVariantProperties?: boolean;
  /**
   * What an update takes from the new configuration all the same: at most 3. Changing it replaces nothing.
   *
   * @default - nothing
   */
  readonly excludeRetainedVariantProperties?: VariantProperty[];
  /**
   * Whether an update uses the deployment of the last one again. Changing it replaces nothing.
   *
   * @default false
   */
  readonly retainDeploymentConfig?: boolean;
}

/**
 * An endpoint. It costs what its instances cost, from the moment it is deployed.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-endpoint.html
 *
 * @resource AWS::SageMaker::Endpoint
 */
export class Endpoint extends EndpointBase {
  /** An existing endpoint of this account and Region, by its name. */
  public static fromEndpointName(scope: Construct, id: string, endpointName: string): IEndpoint {
    return Endpoint.fromEndpointArn(scope, id, Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: endpointName }));
  }

  /** An existing endpoint, by its ARN. */
  public static fromEndpointArn(scope: Construct, id: string, endpointArn: string): IEndpoint {
    class Import extends EndpointBase {
      public readonly endpointArn = endpointArn;
      public readonly endpointName = endOf(endpointArn);
      public readonly endpointRef: EndpointReference = { endpointArn };
      protected readonly _measuredName = this.endpointName;
      protected readonly _variantNames = undefined;
    }
    return new Import(scope, id, { environmentFromArn: endpointArn });
  }

  /** @attribute */
  public readonly endpointArn: string;
  /** @attribute */
  public readonly endpointName: string;
  public readonly endpointRef: EndpointReference;
  /** @internal */
  protected readonly _measuredName: string;
  /** @internal */
  protected readonly _variantNames: readonly string[] | undefined;
  private readonly config?: ConfigFacts;
  private readonly resource: CfnEndpoint;
  private readonly rollbackAlarms: IAlarmRef[] = [];

  /**
   * @throws if there are more than 10 alarms or 3 excluded properties
   */
  constructor(scope: Construct, id: string, props: EndpointProps) {
    super(scope, id, { physicalName: props.endpointName });
    checkProp('endpointName', 'EndpointName', props.endpointName);
    const excluded = props.excludeRetainedVariantProperties?.map(({ value }) => ({ variantPropertyType: value }));
    // Their number only: `of()` is for properties that the shapes do not know.
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
      });
    }
    props.rollbackAlarms?.forEach((alarm) => this.addRollbackAlarm(alarm));
    this.advise(props);
    this.node.addValidation({ validate: () => this.circles() });
  }

  /**
   * Adds an alarm that ends an update and takes it back. One on this endpoint's own metrics needs an endpoint with an `endpointName`.
   *
   * @throws if there are 10 already
   */
  public addRollbackAlarm(alarm: IAlarmRef): void {
    if (this.rollbackAlarms.length === MOST_ALARMS) {
      throw new Error(`\`rollbackAlarms\` must have at most ${MOST_ALARMS} entries: '${alarm.node.path}' is one too many.`);
    }
    this.rollbackAlarms.push(alarm);
    // Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
    this.config?.ownRoles.forEach((role) => role.addToPrincipalPolicy(new PolicyStatement({
      actions: ['cloudwatch:DescribeAlarms'], resources: [alarm.alarmRef.alarmArn],
    })));
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
    if (oversize) { warn(this, 'deploymentSize', `${oversize} The endpoint begins with ${Math.min(...counts)}.`); }
    // Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html; a Marketplace container is not seen here.
    if ((props.deployment || props.rollbackAlarms?.length) && variants.some(isInf1)) {
      warn(this, 'guardrailExclusions', 'Endpoints on Inf1 instances have no deployment guardrails: updates go all at once, unwatched.');
    }
    const excluded = [
      ...variants.some((variant) => variant._isServerless) ? ['serverless variants'] : [],
      ...variants.length > 1 ? ['several variants'] : [],
    ];
    if (props.deployment?._isRolling && excluded.length > 0) {
      warn(this, 'rollingExclusions', `A rolling deployment does not go with ${excluded.join(' and ')}: choose a blue/green one.`);
    }
  }

  /** An alarm that names this endpoint by a reference waits for it, and it for the alarm: CloudFormation refuses the template. */
  private circles(): string[] {
    const stack = Stack.of(this);
    const reference = `["${stack.getLogicalId(this.resource)}",`;
    return this.rollbackAlarms.flatMap((alarm) => {
      const resource = CfnResource.isCfnResource(alarm) ? alarm : alarm.node.defaultChild;
      if (!(resource instanceof CfnAlarm) || Stack.of(resource) !== stack) { return []; }
      const measured = JSON.stringify(stack.resolve([resource.dimensions, resource.metrics]));
      return measured.includes(reference)
        ? [`'${alarm.node.path}' measures the endpoint that it rolls back, so each waits for the other: set \`endpointName\`.`] : [];
    });
  }
}
