import { error, Finding, GUIDE, warning } from './job-rules';

/** A variant's instance count, in Application Auto Scaling's terms. */
export const SCALABLE_VARIANT = { ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount' } as const;

/** The predefined metrics for this dimension. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html */
export const PREDEFINED_METRICS = ['SageMakerVariantInvocationsPerInstance', 'SageMakerVariantConcurrentRequestsPerModelHighResolution'] as const;

/** The number of copies of an inference component. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html */
export const SCALABLE_COMPONENT = { ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount' } as const;

/** The predefined metrics of each dimension, and what it counts. */
const DIMENSIONS: Readonly<Record<string, { readonly of: string; readonly metrics: readonly string[] }>> = {
  [SCALABLE_VARIANT.ScalableDimension]: { of: 'a variant', metrics: PREDEFINED_METRICS },
  [SCALABLE_COMPONENT.ScalableDimension]: {
    of: 'an inference component',
    metrics: ['SageMakerInferenceComponentInvocationsPerCopy', 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution'],
  },
};

/** Namespace of an endpoint's metrics of requests. */
export const REQUEST_METRICS = 'AWS/SageMaker';

/** The metric by which an asynchronous endpoint scales. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html */
export const BACKLOG_PER_INSTANCE = 'ApproximateBacklogSizePerInstance';

/** The metrics that only asynchronous endpoints publish, and those that they do not. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html */
const ONLY_ASYNCHRONOUS = [BACKLOG_PER_INSTANCE, 'ApproximateBacklogSize', 'ApproximateAgeOfOldestRequest', 'HasBacklogWithoutCapacity'];
const NOT_ASYNCHRONOUS = [...PREDEFINED_METRICS, 'Invocations', 'InvocationsPerInstance', 'OverheadLatency', 'ConcurrentRequestsPerModel', 'ModelSetupTime'];

/** Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html */
export const MAX_TARGET_VALUE = 2 ** 360;

/** The resource id of a variant. */
export function variantResourceId(endpointName: string, variantName: string): string {
  return `endpoint/${endpointName}/variant/${variantName}`;
}

/** The resource id of an inference component. */
export function componentResourceId(name: string): string {
  return `inference-component/${name}`;
}

/** Beginning of the names of the alarms by which variants leave zero. */
export const OUT_OF_ZERO_ALARMS = 'InferenceScaling-endpoint/';

/** The alarm by which a variant leaves zero. */
export function outOfZeroAlarm(resourceId: string): string {
  return `${OUT_OF_ZERO_ALARMS}${resourceId.split('/').slice(1).join('/')}-OutOfZero`;
}

/** Known facts of the variant that scales. */
export interface VariantFacts {
  /** The types that may serve: several if the variant has instance pools. */
  readonly instanceTypes?: readonly string[];
  /** An asynchronous endpoint may scale to zero. */
  readonly asynchronous?: boolean;
}

type IsKnown = (value: unknown) => boolean;

const every: IsKnown = () => true;

/** Every rule that a variant's registration breaks. Its members have passed the shapes, or are tokens. */
export function scalableTargetFindings({ MinCapacity: min, MaxCapacity: max }: any, facts: VariantFacts = {}, isKnown: IsKnown = every): Finding[] {
  const found: Finding[] = [];
  if (isKnown(min) && min < 0) { found.push(error('MinCapacity', ['MinCapacity'], `must be at least 0, got: ${min}`)); }
  if (isKnown(min) && min === 0 && !facts.asynchronous) {
    // The API's page allows 0 for variants, but the guide requires 1 unless the endpoint is asynchronous.
    found.push(warning('MinCapacity', ['MinCapacity'], `should be at least 1, unless the endpoint is asynchronous, got: 0. See ${GUIDE}endpoint-auto-scaling-add-policy.html`));
  }
  if (isKnown(min) && isKnown(max) && min > max) {
    found.push(error('CapacityOrder', ['MinCapacity'], `must not be greater than MaxCapacity (${max}), got: ${min}`));
  }
  // https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-console.html
  const burstable = facts.instanceTypes?.find((type) => isKnown(type) && /^ml\.t\d/.test(type));
  if (burstable !== undefined) {
    found.push(error('NoBurstable', ['ResourceId'], `must not be on burstable instances: they do not scale automatically, got: '${burstable}'`));
  }
  return found;
}

/** Whether a policy that leaves zero never has anything to do. */
export function outOfZeroFindings(
  { instancesOutOfZero: instances, minCapacity: min, maxCapacity: max }: any, { asynchronous }: VariantFacts, isKnown: IsKnown = every,
): Finding[] {
  const at = ['InstancesOutOfZero'];
  if (!isKnown(instances) || instances === 0) { return []; }
  if (isKnown(min) && min > 0) { return [warning('OutOfZero', at, `has no effect if MinCapacity (${min}) is more than 0`)]; }
  if (asynchronous === false) { return [error('OutOfZero', at, 'needs an asynchronous endpoint: no other one says that requests wait while there is no instance')]; }
  return isKnown(max) && instances > max ? [warning('OutOfZero', at, `adds no more than MaxCapacity (${max}), got: ${instances}`)] : [];
}

/** Whether a variant never scales, because its endpoint does not publish the metric. A predefined metric has no namespace. */
export function trackedMetricFindings({ Namespace, MetricName: name }: any, { asynchronous }: VariantFacts, isKnown: IsKnown = every): Finding[] {
  if (asynchronous === undefined || !isKnown(name) || (Namespace !== undefined && Namespace !== REQUEST_METRICS)) { return []; }
  if (!(asynchronous ? NOT_ASYNCHRONOUS : ONLY_ASYNCHRONOUS).includes(name)) { return []; }
  return [error('PublishedMetric', ['Metric'], asynchronous
    ? `must not track ${name}, which an asynchronous endpoint does not publish: track ${BACKLOG_PER_INSTANCE}, as is the default`
    : `must not track ${name}, which only an asynchronous endpoint publishes: set \`asyncInference\`, or track InvocationsPerInstance`)];
}

/** Every rule that a scaling policy breaks. Its members have passed the shapes, or are tokens. */
export function scalingPolicyFindings(policy: any, isKnown: IsKnown = every): Finding[] {
  const { PolicyType: type, TargetTrackingScalingPolicyConfiguration: tracking, StepScalingPolicyConfiguration: steps } = policy;
  const { of, metrics } = DIMENSIONS[policy.ScalableDimension ?? SCALABLE_VARIANT.ScalableDimension];
  switch (type) {
    case 'TargetTrackingScaling': return [...targetTracking(tracking, isKnown, { of, metrics }), ...strange('StepScalingPolicyConfiguration', steps, type)];
    case 'StepScaling': return [...stepScaling(steps), ...strange('TargetTrackingScalingPolicyConfiguration', tracking, type)];
    // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
    default: return [error('PolicyType', ['PolicyType'], `must be TargetTrackingScaling or StepScaling for ${of}, got: ${type ?? 'none'}`)];
  }
}

function targetTracking(config: any, isKnown: IsKnown, dimension: typeof DIMENSIONS[string]): Finding[] {
  const at = 'TargetTrackingScalingPolicyConfiguration';
  if (config === undefined) { return [error('PolicyConfiguration', [at], 'is required for a policy of type TargetTrackingScaling')]; }
  const { TargetValue: target, PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } = config;
  const found: Finding[] = [];
  if ((predefined === undefined) === (customized === undefined)) {
    found.push(error('OneMetric', [at], `must have exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification, got: ${predefined ? 'both' : 'none'}`));
  }
  if (isKnown(target) && Math.abs(target) > MAX_TARGET_VALUE) {
    found.push(error('TargetValue', [at, 'TargetValue'], `must be between -2^360 and 2^360, got: ${target}`));
  }
  if (predefined !== undefined) { found.push(...predefinedMetric(predefined, [at, 'PredefinedMetricSpecification'], isKnown, dimension)); }
  if (customized !== undefined) { found.push(...customizedMetric(customized, [at, 'CustomizedMetricSpecification'])); }
  return found;
}

function predefinedMetric(
  { PredefinedMetricType: type, ResourceLabel }: any, at: readonly string[], isKnown: IsKnown, { of, metrics }: typeof DIMENSIONS[string],
): Finding[] {
  const found: Finding[] = [];
  if (isKnown(type) && !metrics.includes(type)) {
    found.push(error('PredefinedMetric', [...at, 'PredefinedMetricType'], `must be one of ${metrics.join(', ')} for ${of}, got: '${type}'`));
  }
  if (ResourceLabel !== undefined) {
    found.push(error('ResourceLabel', [...at, 'ResourceLabel'], 'is valid only for the metric ALBRequestCountPerTarget, which nothing of SageMaker has'));
  }
  return found;
}

// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_CustomizedMetricSpecification.html
function customizedMetric({ Metrics, ...single }: any, at: readonly string[]): Finding[] {
  if (Metrics !== undefined) {
    const given = Object.keys(single).filter((member) => single[member] !== undefined);
    return given.length === 0 ? [] : [error('OneMetric', [...at, 'Metrics'], `must be the only member, got also: ${given.join(', ')}`)];
  }
  return ['MetricName', 'Namespace', 'Statistic'].filter((member) => single[member] === undefined)
    .map((member) => error('CustomizedMetric', [...at, member], 'is required if there are no Metrics'));
}

// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepScalingPolicyConfiguration.html
function stepScaling(config: any): Finding[] {
  const at = 'StepScalingPolicyConfiguration';
  if (config === undefined) { return [error('PolicyConfiguration', [at], 'is required for a policy of type StepScaling')]; }
  return [
    ...config.AdjustmentType === undefined ? [error('StepScaling', [at, 'AdjustmentType'], 'is required')] : [],
    ...config.StepAdjustments?.length ? [] : [error('StepScaling', [at, 'StepAdjustments'], 'must have at least one adjustment')],
  ];
}

function strange(member: string, config: unknown, type: string): Finding[] {
  return config === undefined ? [] : [error('PolicyConfiguration', [member], `does not go with a policy of type ${type}`)];
}
