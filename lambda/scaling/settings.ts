import type { StepScalingPolicyConfiguration, TargetTrackingScalingPolicyConfiguration } from '@aws-sdk/client-application-auto-scaling';
import type { DynamicScalingConfiguration } from '@aws-sdk/client-sagemaker';
import { ScalingAttribute, ScalingProperties } from '../../src/contract/scaling';
import { PREDEFINED_METRICS, scalableTargetFindings, scalingPolicyFindings, variantResourceId } from '../../src/service/scaling-rules';
import { UserError } from '../runtime/errors';

/** The scaling of one variant. */
export interface VariantScaling {
  readonly resourceId: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly policies: ReadonlyArray<{ readonly name: string; readonly config: TargetTrackingScalingPolicyConfiguration }>;
  /** How the variant leaves zero as soon as a request waits. */
  readonly outOfZero?: { readonly name: string; readonly config: StepScalingPolicyConfiguration };
}

type Metric = Pick<TargetTrackingScalingPolicyConfiguration, 'PredefinedMetricSpecification' | 'CustomizedMetricSpecification'>;

/**
 * The registration of each variant: the user's values, and the service's recommended values for the rest. Empty if the fallback is used,
 * because it has no recommended values, and the user's values are not enough.
 *
 * @throws UserError if a capacity or target is missing in both, or if the service would refuse the values
 */
export function scalingOf(properties: ScalingProperties, recommended: DynamicScalingConfiguration = {}): VariantScaling[] {
  const { MinCapacity, MaxCapacity, TargetValue, Recommendation } = properties;
  const isFallback = Recommendation !== undefined && !isRecommended(Recommendation.RecommendationId);
  if (isFallback && [MinCapacity, MaxCapacity, TargetValue].includes(undefined)) { return []; }
  const minCapacity = figure(MinCapacity) ?? recommended.MinCapacity;
  const maxCapacity = figure(MaxCapacity) ?? recommended.MaxCapacity;
  if (minCapacity === undefined || maxCapacity === undefined) {
    throw new UserError(`${minCapacity === undefined ? 'MinCapacity' : 'MaxCapacity'} is missing: neither the app nor the recommendation has it. Set it in the app.`);
  }
  return properties.VariantNames.map((variantName) => {
    const scaling = { resourceId: variantResourceId(properties.EndpointName, variantName), minCapacity, maxCapacity };
    return { ...scaling, policies: policiesOf(properties, recommended, variantName), outOfZero: outOfZero(properties, variantName, minCapacity) };
  }).map(judged);
}

/** Whether this function, now or in an earlier deploy, has put a policy on a variant. */
export function isOwnPolicy(name: string, resourceId: string): boolean {
  const variantName = resourceId.split('/').pop()!;
  return name.startsWith(variantName) && /^-(target-tracking(-\d+)?|out-of-zero)$/.test(name.slice(variantName.length));
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html (scaling up from zero for new requests) */
function outOfZero({ InstancesOutOfZero, ScaleOutCooldown }: ScalingProperties, variantName: string, minCapacity: number): VariantScaling['outOfZero'] {
  const instances = figure(InstancesOutOfZero) ?? 0;
  if (instances === 0 || minCapacity > 0) { return undefined; }
  return {
    name: `${variantName}-out-of-zero`,
    config: {
      AdjustmentType: 'ChangeInCapacity',
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: instances }],
      MetricAggregationType: 'Average',
      Cooldown: figure(ScaleOutCooldown) ?? DEFAULT_COOLDOWN_SECONDS,
    },
  };
}

const DEFAULT_COOLDOWN_SECONDS = 300;

/** A fallback has no id. */
export function isRecommended(recommendationId: string): boolean {
  return recommendationId !== '';
}

/** The first variant's values, as attributes. */
export function attributesOf([first]: readonly VariantScaling[]): Record<ScalingAttribute, string> {
  const config: Partial<TargetTrackingScalingPolicyConfiguration> = first?.policies[0].config ?? {};
  const text = (value: unknown) => (value === undefined ? '' : String(value));
  return {
    MinCapacity: text(first?.minCapacity),
    MaxCapacity: text(first?.maxCapacity),
    TargetValue: text(config.TargetValue),
    Metric: text(config.PredefinedMetricSpecification?.PredefinedMetricType ?? config.CustomizedMetricSpecification?.MetricName),
    ScaleInCooldown: text(config.ScaleInCooldown),
    ScaleOutCooldown: text(config.ScaleOutCooldown),
  };
}

function policiesOf(properties: ScalingProperties, recommended: DynamicScalingConfiguration, variantName: string): VariantScaling['policies'] {
  const common = {
    ScaleInCooldown: figure(properties.ScaleInCooldown) ?? recommended.ScaleInCooldown,
    ScaleOutCooldown: figure(properties.ScaleOutCooldown) ?? recommended.ScaleOutCooldown,
    DisableScaleIn: properties.DisableScaleIn === undefined ? undefined : properties.DisableScaleIn === 'true',
  };
  const own = figure(properties.TargetValue);
  const targets = own !== undefined ? [{ value: own, metric: ownMetric(properties) }] : recommendedTargets(properties, recommended, variantName);
  if (targets.length === 0) { throw new UserError('The target is missing: neither the app nor the recommendation has it. Set `target`.'); }
  return targets.map(({ value, metric }, index) => ({
    name: `${variantName}-target-tracking${index === 0 ? '' : `-${index + 1}`}`,
    config: { TargetValue: value, ...metric, ...common },
  }));
}

function ownMetric({ PredefinedMetricType, CustomizedMetric }: ScalingProperties): Metric {
  return CustomizedMetric
    ? { CustomizedMetricSpecification: CustomizedMetric as Metric['CustomizedMetricSpecification'] }
    : { PredefinedMetricSpecification: { PredefinedMetricType: PredefinedMetricType as typeof PREDEFINED_METRICS[number] } };
}

/** The service names a metric without its dimensions: they are the variant's own. */
function recommendedTargets({ EndpointName }: ScalingProperties, { ScalingPolicies = [] }: DynamicScalingConfiguration, variantName: string) {
  return ScalingPolicies.flatMap(({ TargetTracking }) => {
    const { TargetValue: value, MetricSpecification: metric } = TargetTracking ?? {};
    if (value === undefined) { return []; }
    const { Predefined, Customized } = metric ?? {};
    const Dimensions = [{ Name: 'EndpointName', Value: EndpointName }, { Name: 'VariantName', Value: variantName }];
    return [{
      value,
      metric: (Customized
        ? { CustomizedMetricSpecification: { ...Customized, Dimensions } }
        : { PredefinedMetricSpecification: Predefined }) as Metric,
    }];
  });
}

function judged(scaling: VariantScaling): VariantScaling {
  const found = [
    ...scalableTargetFindings({ MinCapacity: scaling.minCapacity, MaxCapacity: scaling.maxCapacity }),
    ...scaling.policies.flatMap(({ config }) => scalingPolicyFindings({ PolicyType: 'TargetTrackingScaling', TargetTrackingScalingPolicyConfiguration: config })),
  ].filter(({ severity }) => severity === 'error').map(({ path, sentence }) => `${path.join('.')} ${sentence}`);
  if (found.length > 0) { throw new UserError(`Application Auto Scaling would refuse ${scaling.resourceId}: ${[...new Set(found)].join('; ')}.`); }
  return scaling;
}

function figure(given: string | undefined): number | undefined {
  return given === undefined ? undefined : Number(given);
}
