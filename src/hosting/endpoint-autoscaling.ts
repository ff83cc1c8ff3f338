import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEndpoint, IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { Resource, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EndpointAutoScalingOptions, EndpointAutoScalingProps } from './endpoint-autoscaling-props';
import { adviseOfOthers, configNameOf, ScaledVariant, scaledVariants } from './scaled-variants';
import { ScalingTarget } from './scaling-target';
import { checkProp, checkRange } from '../common/check';
import { Facts } from '../common/facts';
import { arn, parameterArn, sagemakerArns, stackPrefixToken } from '../common/names';
import { endpointArns, endpointNameOf } from '../common/refs';
import { warn } from '../common/warn';
import { isWithoutJobs } from '../common/without-jobs';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import {
  SCALING_PAUSE_RESOURCE_TYPE, SCALING_RESOURCE_TYPE, ScalingAttribute, ScalingPauseProperties, ScalingProperties,
} from '../contract/scaling';
import { INFERENCE_RECOMMENDER } from '../jobs/family';
import { benchmarkedEndpoints, endpointFacts } from '../jobs/job-request';
import { hostedAs, kindFacts } from '../recommendation/facts';
import { IRecommendation } from '../recommendation/recommendation-interface';
import { Runtime } from '../runtime/runtime';
import type { RuntimeFunction } from '../runtime/runtime-function';
import { existingEndpointRules, Finding } from '../service/job-rules';
import { outOfZeroFindings, scalableTargetFindings, trackedMetricFindings, variantResourceId } from '../service/scaling-rules';

/**
 * Auto scaling of an endpoint: target tracking on the number of instances of its variants.
 *
 * A registered variant cannot change its instance type. So this construct deregisters the variants before each update of the endpoint's
 * configuration, and registers them again after the update or its rollback. The new configuration begins with its own number of instances.
 * If you change the instance type and also remove this construct or change its id, use two deploys. To go to scaling of your own, such as a
 * `CfnScalableTarget`, or to come from it, use two deploys as well: CloudFormation would register the new target before it deregisters the old one.
 * A registration waits until the endpoint is in service, up to 14 minutes: a deploy in CloudFormation's express mode does not wait for it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
 * @example
 * new EndpointAutoScaling(this, 'Scaling', { endpoint, recommendation: best, maxCapacity: 8 });
 */
export class EndpointAutoScaling extends Resource {
  /** Minimum number of instances, as registered. */
  public readonly minCapacity: number;
  /** Maximum number of instances, as registered. */
  public readonly maxCapacity: number;
  /** Target value of the metric that auto scaling tracks. */
  public readonly targetValue: string;
  /** Name of the metric that auto scaling tracks. */
  public readonly targetMetricName: string;

  /**
   * Registers the endpoint's variants that run on instances.
   *
   * @param scope where to add it, usually `this`; it must be in the endpoint's stack
   * @param id id of the construct within `scope`
   * @param props the endpoint, and a recommendation or figures of your own
   * @throws if a figure is missing and no recommendation gives it, a figure is out of its range, or the endpoint is in another stack, has no
   * variant on instances, hosts inference components or is scaled already
   */
  constructor(scope: Construct, id: string, props: EndpointAutoScalingProps) {
    super(scope, id);
    const { endpoint, recommendation } = props;
    if (Stack.of(endpoint) !== Stack.of(this)) { throw new Error(`\`endpoint\` must be in the same stack as its auto scaling, got one of ${Stack.of(endpoint).node.path}.`); }
    const configName = configNameOf(endpoint);
    const scaled = scaledVariants(props);
    const figures = figuresOf(props, scaled);
    this.check(figures, scaled);
    SCALED.keep(endpoint, this);
    endpointFacts.keep(endpoint, { variants: scaled.length, serverless: false, ...endpointFacts.of(endpoint), scalesItself: true });
    if (benchmarkedEndpoints.has(endpoint)) {
      for (const finding of existingEndpointRules(endpointFacts.of(endpoint))) { this.tell({ ...finding, path: ['ResourceId'] }); }
    }
    const scaling = Runtime.of(this).scaling();
    const endpointResource = (endpoint.node.defaultChild ?? endpoint) as CfnEndpoint;
    adviseOfOthers(this, endpointResource);
    // One record for each endpoint: if another construct comes to scale it, the function knows both.
    const recordName = `${allowRecords(scaling)}/${endpointResource.node.addr.slice(-8)}`;
    // A separate policy: the endpoint depends on the function, so the function's own policy cannot name the endpoint.
    const policy = scaling.allowIn(this, [
      // Reason: Application Auto Scaling reads and sets the number of instances with its caller's permissions. Only of this endpoint.
      new PolicyStatement({ actions: ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'], resources: [...endpointArns(endpoint)] }),
      // An alarm of any name may invoke a policy of the endpoint. What else the alarm does stays as it is. An alarm invokes only policies of its own Region.
      // Reason: moves an alarm of yours to the new policy, when a change of instances replaces the old one. Only alarms that act on this endpoint.
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricAlarm'],
        resources: [arn('cloudwatch', 'alarm:', '*')],
        conditions: { 'ForAnyValue:StringLike': { 'cloudwatch:AlarmActions': [`arn:*:resource/sagemaker/${variantResourceId(endpointNameOf(endpoint), '*')}`] } },
      }),
      // Reason: asks the service which figures to scale by, where the app leaves some out.
      ...recommendation && isAsked(figures) && isOfJob(recommendation) ? [new PolicyStatement({
        actions: ['sagemaker:GetScalingConfigurationRecommendation'], resources: sagemakerArns(INFERENCE_RECOMMENDER.arnResource, recommendation.jobName),
      })] : [],
    ]);

    const pauseProperties: ScalingPauseProperties = {
      SchemaVersion: SCHEMA_VERSION, RecordName: recordName, EndpointConfigName: configName,
    };
    const pause = scaling.provide(this, 'Pause', SCALING_PAUSE_RESOURCE_TYPE, pauseProperties);
    endpointResource.node.addDependency(pause);
    const properties: ScalingProperties = {
      ...pauseProperties, EndpointName: endpointNameOf(endpoint), VariantNames: scaled.map(({ name }) => name), ...render(figures),
    };
    const resource = scaling.provide(this, 'Resource', SCALING_RESOURCE_TYPE, properties);
    // It is created after the pause, so CloudFormation deletes it before: the deletion of a pause may register the variants again.
    resource.node.addDependency(policy, pause);
    const text = (attribute: ScalingAttribute) => resource.getAtt(attribute).toString();
    this.minCapacity = Token.asNumber(resource.getAtt('MinCapacity' satisfies ScalingAttribute));
    this.maxCapacity = Token.asNumber(resource.getAtt('MaxCapacity' satisfies ScalingAttribute));
    this.targetValue = text('TargetValue');
    this.targetMetricName = text('Metric');
  }

  private check(props: EndpointAutoScalingProps, variants: readonly ScaledVariant[]): void {
    const scaled = SCALED.of(props.endpoint);
    if (scaled) { throw new Error(`\`endpoint\` is already scaled by '${scaled.node.path}': set the figures there.`); }
    const isRecommended = props.recommendation && (isOfJob(props.recommendation) || isWithoutJobs(this));
    for (const name of ['minCapacity', 'maxCapacity', 'target'] as const) {
      if (!isRecommended && props[name] === undefined) {
        throw new Error(`\`${name}\` is required if there is no \`recommendation\` from a job.`);
      }
    }
    for (const name of ['targetCpuUtilizationPerCore', 'minInvocationsPerMinute', 'maxInvocationsPerMinute'] as const) {
      if (props[name] === undefined) { continue; }
      if (!props.recommendation) { throw new Error(`\`${name}\` needs a \`recommendation\`: set one, or remove \`${name}\`.`); }
      if (!isRecommended || !isAsked(props)) {
        warn(this, 'UnusedScalingFigure', `\`${name}\` has no effect: ${isRecommended
          ? '`minCapacity`, `maxCapacity` and `target` already give all figures' : 'the `recommendation` does not come from a job'}.`);
      }
    }
    checkProp('targetCpuUtilizationPerCore', 'UtilizationPercentagePerCore', props.targetCpuUtilizationPerCore);
    for (const name of ['minInvocationsPerMinute', 'maxInvocationsPerMinute', 'minCapacity', 'maxCapacity', 'instancesOutOfZero'] as const) {
      checkRange(name, props[name], 0, MOST_INSTANCES);
    }
    const isKnown = (value: unknown) => value !== undefined && !Token.isUnresolved(value);
    const capacity = { MinCapacity: props.minCapacity, MaxCapacity: props.maxCapacity };
    const tracked = props.target?._render(endpointNameOf(props.endpoint));
    const metric = tracked?.CustomizedMetric ?? { MetricName: tracked?.PredefinedMetricType };
    const findings = variants.flatMap((variant) => [
      ...scalableTargetFindings(capacity, variant, isKnown), ...trackedMetricFindings(metric, variant, isKnown),
      ...outOfZeroFindings(props, variant, isKnown),
    ]);
    for (const finding of findings) { this.tell(finding); }
  }

  private tell({ severity, rule, path, sentence }: Finding): void {
    const message = `\`${PROPS[path[0]]}\` ${sentence.replace(/\b(MinCapacity|MaxCapacity)\b/g, (name) => `\`${PROPS[name]}\``)}.`;
    if (severity === 'error') { throw new Error(message); }
    warn(this, rule, message);
  }
}

/** The one auto scaling of each endpoint: a variant has one registration, and the deletion of a second construct would remove it. */
const SCALED = new Facts<IEndpointRef, EndpointAutoScaling>();

/** What AWS's guide tracks: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html */
const BACKLOG = ScalingTarget.backlogPerInstance(5);

/** The figures with the defaults of an asynchronous endpoint: a recommended target is of a metric that it does not publish. */
function figuresOf(props: EndpointAutoScalingProps, variants: readonly ScaledVariant[]): EndpointAutoScalingProps {
  if (!variants.every(({ asynchronous }) => asynchronous)) { return props; }
  const mayBeZero = !props.minCapacity || Token.isUnresolved(props.minCapacity);
  const { target = BACKLOG, instancesOutOfZero = mayBeZero ? 1 : undefined } = props;
  return { ...props, target, instancesOutOfZero };
}

/** The largest figure that Application Auto Scaling's integers hold. */
const MOST_INSTANCES = 2 ** 31 - 1;

const PROPS: Readonly<Record<string, string>> = { MinCapacity: 'minCapacity', MaxCapacity: 'maxCapacity', ResourceId: 'endpoint', Metric: 'target', InstancesOutOfZero: 'instancesOutOfZero' };

function render(props: EndpointAutoScalingProps): Omit<ScalingProperties, keyof ScalingPauseProperties | 'EndpointName' | 'VariantNames'> {
  const text = (value: number | undefined) => (value === undefined ? undefined : Tokenization.stringifyNumber(value));
  const { recommendation } = props;
  return {
    Recommendation: recommendation && isAsked(props) ? {
      JobName: recommendation.jobName,
      // Without a job the service has no figures.
      RecommendationId: isOfJob(recommendation) ? recommendation.recommendationId : '',
      NextRecommendationIds: isOfJob(recommendation)
        ? hostedAs(recommendation).pools?.nextBest.map(({ recommendationId }) => recommendationId) : undefined,
      TargetCpuUtilizationPerCore: text(props.targetCpuUtilizationPerCore),
      MinInvocationsPerMinute: text(props.minInvocationsPerMinute),
      MaxInvocationsPerMinute: text(props.maxInvocationsPerMinute),
    } : undefined,
    MinCapacity: text(props.minCapacity),
    MaxCapacity: text(props.maxCapacity),
    ScaleInCooldown: text(props.scaleInCooldown?.toSeconds()),
    ScaleOutCooldown: text(props.scaleOutCooldown?.toSeconds()),
    DisableScaleIn: props.disableScaleIn === undefined ? undefined : String(props.disableScaleIn),
    InstancesOutOfZero: text(props.instancesOutOfZero),
    ...props.target?._render(endpointNameOf(props.endpoint)),
  };
}

/** Path of each function's records. */
const RECORDS = new Facts<RuntimeFunction, string>();

/** Allows the whole path: CloudFormation updates policies before it deletes removed resources, which still delete their records. */
function allowRecords(scaling: RuntimeFunction): string {
  let path = RECORDS.of(scaling);
  if (path === undefined) {
    path = `/cdk-sagemaker-inference-recommender/${stackPrefixToken()}`;
    RECORDS.keep(scaling, path);
    // Reason: keeps what is registered for an endpoint between two events. Only below the stack's own path.
    scaling.allow(['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'], parameterArn(`${path}/*`));
  }
  return path;
}

/** Whether a figure is missing. If none is, the service is not asked: the recommendation's job may be in another account or Region. */
function isAsked({ minCapacity, maxCapacity, target }: EndpointAutoScalingOptions): boolean {
  return minCapacity === undefined || maxCapacity === undefined || target === undefined;
}

/** Whether the recommendation comes from a job. A recommendation that is fixed in code may have none. */
function isOfJob(recommendation: IRecommendation): boolean {
  const { jobName, recommendationId } = recommendation;
  return jobName !== '' && recommendationId !== '' && kindFacts(recommendation).isScalable === true;
}
