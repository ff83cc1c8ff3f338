import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { Duration, Resource, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { configNameOf, ScaledVariant, scaledVariants } from './scaled-variants';
import { renderScalingMetric, ScalingMetric } from './scaling-metric';
import { checkProp, checkRange } from '../common/check';
import { Facts } from '../common/facts';
import { parameterArn, sagemakerArn, stackPrefixToken } from '../common/names';
import { endpointNameOf } from '../common/refs';
import { warn } from '../common/warn';
import { isWithoutJobs } from '../common/without-jobs';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import {
  SCALING_PAUSE_RESOURCE_TYPE, SCALING_RESOURCE_TYPE, ScalingAttribute, ScalingPauseProperties, ScalingProperties,
} from '../contract/scaling';
import { INFERENCE_RECOMMENDER } from '../jobs/family';
import { IRecommendation } from '../recommendation/recommendation-interface';
import { Runtime } from '../runtime/runtime';
import type { RuntimeFunction } from '../runtime/runtime-function';
import { Finding } from '../service/job-rules';
import { scalableTargetFindings } from '../service/scaling-rules';

/** Registering takes seconds; the rest is for an endpoint that is adding instances, and for roles that IAM has not spread yet. */
const TIMEOUT = Duration.minutes(30);

/**
 * The metric that auto scaling tracks, and its target.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html
 */
export class ScalingTarget {
  /** So many requests a minute for each instance. */
  public static invocationsPerInstance(invocations: number): ScalingTarget {
    return new ScalingTarget(invocations, { predefined: 'SageMakerVariantInvocationsPerInstance' });
  }

  /** So many requests at a time for each model, measured every ten seconds. */
  public static concurrentRequestsPerModel(requests: number): ScalingTarget {
    return new ScalingTarget(requests, { predefined: 'SageMakerVariantConcurrentRequestsPerModelHighResolution' });
  }

  /** Any other metric of the variant that falls when there are more instances, e.g. `endpoint.metricCpuUtilization()`. */
  public static metric(metric: Metric, value: number): ScalingTarget {
    return new ScalingTarget(value, { customized: metric });
  }

  private constructor(
    private readonly value: number,
    private readonly scalingMetric: ScalingMetric,
  ) {
    checkPositive('target', value);
  }

  /** @internal */
  public _render(): Pick<ScalingProperties, 'TargetValue' | 'PredefinedMetricType' | 'CustomizedMetric'> {
    return { TargetValue: Tokenization.stringifyNumber(this.value), ...renderScalingMetric(this.scalingMetric) };
  }
}

/** Figures of a scaled endpoint. What is not given is what a recommendation says. */
export interface EndpointAutoScalingOptions {
  /**
   * CPU utilization of each core that the recommended figures aim at, in percent: 1 to 100.
   *
   * @default - the service's own, 50
   */
  readonly targetCpuUtilizationPerCore?: number;
  /**
   * Requests a minute at least, which the recommended figures are for. At least 0.
   *
   * @default - the service's own
   */
  readonly minInvocationsPerMinute?: number;
  /**
   * Requests a minute at most, which the recommended figures are for. At least 0.
   *
   * @default - the service's own
   */
  readonly maxInvocationsPerMinute?: number;
  /**
   * Instances at least: 1, or 0 for an asynchronous endpoint.
   *
   * @default - as recommended
   */
  readonly minCapacity?: number;
  /**
   * Instances at most: at least `minCapacity`.
   *
   * @default - as recommended
   */
  readonly maxCapacity?: number;
  /**
   * What is held.
   *
   * @default - as recommended
   */
  readonly target?: ScalingTarget;
  /**
   * Rest after instances were taken away, in whole seconds.
   *
   * @default - as recommended where the service is asked, or the service's own of 300 seconds
   */
  readonly scaleInCooldown?: Duration;
  /**
   * Rest after instances were added, in whole seconds.
   *
   * @default - as recommended where the service is asked, or the service's own of 300 seconds
   */
  readonly scaleOutCooldown?: Duration;
  /**
   * Whether no instances are ever taken away.
   *
   * @default false
   */
  readonly disableScaleIn?: boolean;
}

/** Properties of a scaled endpoint. */
export interface EndpointAutoScalingProps extends EndpointAutoScalingOptions {
  /** The endpoint: an `Endpoint` or a `CfnEndpoint` of this stack. */
  readonly endpoint: IEndpointRef;
  /**
   * Names of the variants that scale: at least 1. They are required if the endpoint's configuration is not an `EndpointConfig` of this app.
   *
   * @default - all variants on instances
   */
  readonly variantNames?: string[];
  /**
   * The recommendation whose figures are asked for when the stack is deployed, of the job in this account and Region. A fallback has none: then the
   * endpoint does not scale. Where `minCapacity`, `maxCapacity` and `target` are all given, nothing is asked, and the endpoint scales by them.
   *
   * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_GetScalingConfigurationRecommendation.html
   *
   * @default - none: all figures are given here
   */
  readonly recommendation?: IRecommendation;
}

/**
 * Target tracking on the instances of an endpoint's variants.
 *
 * A registered variant cannot change its instance type: it is deregistered before each update of the endpoint's configuration and registered again
 * after it, and after a rollback, too. The new configuration begins with its own number of instances. To change the instance type and end scaling,
 * or give this construct another id, deploy twice.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
 */
export class EndpointAutoScaling extends Resource {
  /** Instances at least, as registered. */
  public readonly minCapacity: number;
  /** Instances at most, as registered. */
  public readonly maxCapacity: number;
  /** The figure that is held. */
  public readonly targetValue: string;
  /** Name of the metric that is held. */
  public readonly targetMetricName: string;

  /**
   * @throws if nothing says how far and by what to scale, a figure is out of its range, or the endpoint has no variant on instances or scales already
   */
  constructor(scope: Construct, id: string, props: EndpointAutoScalingProps) {
    super(scope, id);
    const { endpoint, recommendation } = props;
    if (Stack.of(endpoint) !== Stack.of(this)) { throw new Error(`\`endpoint\` must be of the scaling's own stack, got one of ${Stack.of(endpoint).node.path}.`); }
    const scaled = scaledVariants(props);
    this.check(props, scaled);
    SCALED.keep(endpoint, this);
    const scaling = Runtime.of(this).scaling();
    const recordName = `${allowRecords(scaling)}/${this.node.addr.slice(-8)}`;
    // In a policy of its own: the endpoint waits for the function, so the function's policy cannot name the endpoint.
    const policy = scaling.allowIn(this, [
      new PolicyStatement({ actions: ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'], resources: [endpoint.endpointRef.endpointArn] }),
      // Which configuration an endpoint runs is known only once it is described.
      new PolicyStatement({ actions: ['sagemaker:DescribeEndpointConfig'], resources: [sagemakerArn('endpoint-config', '*')] }),
      ...recommendation && isAsked(props) && isOfJob(recommendation) ? [new PolicyStatement({
        actions: ['sagemaker:GetScalingConfigurationRecommendation'], resources: [sagemakerArn(INFERENCE_RECOMMENDER.arnResource, recommendation.jobName)],
      })] : [],
    ]);

    const pauseProperties: ScalingPauseProperties = {
      SchemaVersion: SCHEMA_VERSION, RecordName: recordName, EndpointConfigName: configNameOf(endpoint),
    };
    const pause = scaling.provide(this, 'Pause', SCALING_PAUSE_RESOURCE_TYPE, pauseProperties, TIMEOUT);
    (endpoint.node.defaultChild ?? endpoint).node.addDependency(pause);
    const properties: ScalingProperties = {
      ...pauseProperties, EndpointName: endpointNameOf(endpoint), VariantNames: scaled.map(({ name }) => name), ...render(props),
    };
    const resource = scaling.provide(this, 'Resource', SCALING_RESOURCE_TYPE, properties, TIMEOUT);
    // After the pause, so that it is deleted before: a pause that is deleted may register again.
    resource.node.addDependency(policy, pause);
    const text = (attribute: ScalingAttribute) => resource.getAtt(attribute).toString();
    this.minCapacity = Token.asNumber(resource.getAtt('MinCapacity' satisfies ScalingAttribute));
    this.maxCapacity = Token.asNumber(resource.getAtt('MaxCapacity' satisfies ScalingAttribute));
    this.targetValue = text('TargetValue');
    this.targetMetricName = text('Metric');
  }

  private check(props: EndpointAutoScalingProps, variants: readonly ScaledVariant[]): void {
    const scaled = SCALED.of(props.endpoint);
    if (scaled) { throw new Error(`\`endpoint\` is scaled by '${scaled.node.path}' already: set its figures there.`); }
    const isRecommended = props.recommendation && (isOfJob(props.recommendation) || isWithoutJobs(this));
    for (const name of ['minCapacity', 'maxCapacity', 'target'] as const) {
      if (!isRecommended && props[name] === undefined) {
        throw new Error(`\`${name}\` is required where there is no \`recommendation\` of a job.`);
      }
    }
    for (const name of ['targetCpuUtilizationPerCore', 'minInvocationsPerMinute', 'maxInvocationsPerMinute'] as const) {
      if (props[name] === undefined) { continue; }
      if (!props.recommendation) { throw new Error(`\`${name}\` goes with a \`recommendation\`: give one, or leave it out.`); }
      if (!isRecommended || !isAsked(props)) {
        warn(this, 'UnusedScalingFigure', `\`${name}\` is of no use: ${isRecommended
          ? '`minCapacity`, `maxCapacity` and `target` leave nothing to ask the service for' : 'the `recommendation` is of no job that could be asked'}.`);
      }
    }
    checkProp('targetCpuUtilizationPerCore', 'UtilizationPercentagePerCore', props.targetCpuUtilizationPerCore);
    for (const name of ['minInvocationsPerMinute', 'maxInvocationsPerMinute', 'minCapacity', 'maxCapacity'] as const) {
      checkRange(name, props[name], 0, MOST_INSTANCES);
    }
    const isKnown = (value: unknown) => value !== undefined && !Token.isUnresolved(value);
    const capacity = { MinCapacity: props.minCapacity, MaxCapacity: props.maxCapacity };
    const findings = variants.flatMap((variant) => scalableTargetFindings(capacity, variant, isKnown));
    for (const finding of findings) { this.tell(finding); }
  }

  private tell({ severity, rule, path, sentence }: Finding): void {
    const message = `\`${PROPS[path[0]]}\` ${sentence}.`;
    if (severity === 'error') { throw new Error(message); }
    warn(this, rule, message);
  }
}

/** By what an endpoint scales: a variant has one registration, and the first of two that is deleted would end it. */
const SCALED = new Facts<IEndpointRef, EndpointAutoScaling>();

/** The largest figure that Application Auto Scaling's integers hold. */
const MOST_INSTANCES = 2 ** 31 - 1;

const PROPS: Readonly<Record<string, string>> = { MinCapacity: 'minCapacity', MaxCapacity: 'maxCapacity', ResourceId: 'endpoint' };

function render(props: EndpointAutoScalingProps): Omit<ScalingProperties, keyof ScalingPauseProperties | 'EndpointName' | 'VariantNames'> {
  const text = (value: number | undefined) => (value === undefined ? undefined : Tokenization.stringifyNumber(value));
  const { recommendation } = props;
  return {
    Recommendation: recommendation && isAsked(props) ? {
      JobName: recommendation.jobName,
      // Without a job there is nobody to ask.
      RecommendationId: isOfJob(recommendation) ? recommendation.recommendationId : '',
      TargetCpuUtilizationPerCore: text(props.targetCpuUtilizationPerCore),
      MinInvocationsPerMinute: text(props.minInvocationsPerMinute),
      MaxInvocationsPerMinute: text(props.maxInvocationsPerMinute),
    } : undefined,
    MinCapacity: text(props.minCapacity),
    MaxCapacity: text(props.maxCapacity),
    ScaleInCooldown: text(props.scaleInCooldown?.toSeconds()),
    ScaleOutCooldown: text(props.scaleOutCooldown?.toSeconds()),
    DisableScaleIn: props.disableScaleIn === undefined ? undefined : String(props.disableScaleIn),
    ...props.target?._render(),
  };
}

/** Where a function keeps its records. */
const RECORDS = new Facts<RuntimeFunction, string>();

/** The whole path: policies change before what left the stack is deleted, its record too. */
function allowRecords(scaling: RuntimeFunction): string {
  let path = RECORDS.of(scaling);
  if (path === undefined) {
    path = `/cdk-sagemaker-inference-recommender/${stackPrefixToken()}`;
    RECORDS.keep(scaling, path);
    scaling.allow(['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'], parameterArn(`${path}/*`));
  }
  return path;
}

/** Whether the figures leave anything open: a recommendation may have come from where its job is not. */
function isAsked({ minCapacity, maxCapacity, target }: EndpointAutoScalingOptions): boolean {
  return minCapacity === undefined || maxCapacity === undefined || target === undefined;
}

/** Whether the service can be asked: figures of the code may be of no job. */
function isOfJob({ jobName, recommendationId }: IRecommendation): boolean {
  return jobName !== '' && recommendationId !== '';
}

function checkPositive(prop: string, value: number): void {
  if (!Token.isUnresolved(value) && !(value > 0 && Number.isFinite(value))) { throw new Error(`\`${prop}\` must be more than 0, got: ${value}.`); }
}
