import type { TargetTrackingScalingPolicyConfiguration } from '@aws-sdk/client-application-auto-scaling';
import type { DynamicScalingConfiguration } from '@aws-sdk/client-sagemaker';
import { EMPTY_PARAMETER } from '../../src/contract/parameters';
import { ScalingAttribute, ScalingProperties } from '../../src/contract/scaling';
import { PREDEFINED_METRICS, scalableTargetFindings, scalingPolicyFindings, variantResourceId } from '../../src/service/scaling-rules';
import { UserError } from '../runtime/errors';

/** How one variant is scaled. */
export interface VariantScaling {
  readonly resourceId: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly policies: ReadonlyArray<{ readonly name: string; readonly config: TargetTrackingScalingPolicyConfiguration }>;
}

type Metric = Pick<TargetTrackingScalingPolicyConfiguration, 'PredefinedMetricSpecification' | 'CustomizedMetricSpecification'>;

/**
 * What is registered for each variant: the user's figures, and for what they leave open those that the service recommends. Nothing where a fallback
 * stands in, for which nothing is recommended, and the user's figures are not enough.
 *
 * @throws when neither says a capacity or a target, or the service would refuse them
 */
export function scalingOf(properties: ScalingProperties, recommended: DynamicScalingConfiguration = {}): VariantScaling[] {
  const { MinCapacity, MaxCapacity, TargetValue, Recommendation } = properties;
  const isFallback = Recommendation !== undefined && !isRecommended(Recommendation.RecommendationId);
  if (isFallback && [MinCapacity, MaxCapacity, TargetValue].includes(undefined)) { return []; }
  const minCapacity = figure(MinCapacity) ?? recommended.MinCapacity;
  const maxCapacity = figure(MaxCapacity) ?? recommended.MaxCapacity;
  if (minCapacity === undefined || maxCapacity === undefined) {
    throw new UserError(`${minCapacity === undefined ? 'MinCapacity' : 'MaxCapacity'} is known neither from the app nor from a recommendation: set it.`);
  }
  return properties.VariantNames.map((variantName) => {
    const scaling = { resourceId: variantResourceId(properties.EndpointName, variantName), minCapacity, maxCapacity };
    return { ...scaling, policies: policiesOf(properties, recommended, variantName) };
  }).map(judged);
}

/** A fallback has no id, and an id that comes by Parameter Store is never empty. */
export function isRecommended(recommendationId: string): boolean {
  return recommendationId !== '' && recommendationId !== EMPTY_PARAMETER;
}

/** The first variant's figures, for whoever wants to see them. */
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
  if (targets.length === 0) { throw new UserError('A target is known neither from the app nor from a recommendation: set `target`.'); }
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
