import { kindOf } from '../../src/contract/kinds';
import { ENDPOINT_TYPES, EndpointTypeName, ImageProperties, RecommendationProperties } from '../../src/contract/recommend';
import { MOST_CONCURRENCY } from '../../src/service/limits';
import { formOf, metricText, RecommendationKind } from '../../src/service/recommendation-kinds';
import { UserError } from '../runtime/errors';

/** Expected requests a minute, and headroom in percent of them. */
export interface TargetLoad {
  readonly invocationsPerMinute: number;
  readonly headroomPercent: number;
}

/** A limit on one metric. */
export interface Limit {
  readonly name: string;
  /** How the app sets it. */
  readonly prop: string;
  readonly metric: string;
  readonly bound: 'most' | 'least';
  readonly value: number;
}

/** The criteria for judging and ranking recommendations. */
export interface Criteria {
  readonly kind: RecommendationKind;
  readonly objective: string;
  /** The statistic by which the objective compares. Absent if it compares what the recommendations share. */
  readonly statistic?: string;
  readonly endpointType: EndpointTypeName;
  readonly limits: readonly Limit[];
  /** Instance types or families. If absent, all are allowed. */
  readonly allowed?: readonly string[];
  readonly refused: readonly string[];
  readonly allowCompiled: boolean;
  readonly allowLocalStorage: boolean;
  readonly images: readonly ImageProperties[];
  readonly maxConcurrency: number;
  readonly load?: TargetLoad;
  readonly pin?: { readonly recommendationId?: string; readonly instanceType?: string; readonly inferenceSpecificationName?: string };
  /** The number of instances to deploy. Absent if the recommendations or the load decide it. */
  readonly instanceCount?: number;
  /** The number of instance types to choose. */
  readonly instancePools: number;
}

/**
 * The properties of a recommendation as CloudFormation delivers them: every number is a string.
 *
 * @throws UserError if a value is invalid
 */
export function criteriaOf(properties: RecommendationProperties): Criteria {
  const { Limits: limits = {}, Thresholds: thresholds = [], TargetLoad: load, Pin: pin, InstanceCount: count, InstancePools: pools = '1' } = properties;
  const kind = kindOf(properties.Family);
  return {
    kind,
    objective: oneOf(Object.keys(kind.objectives), 'Objective', properties.Objective),
    statistic: properties.ObjectiveStatistic,
    endpointType: oneOf(ENDPOINT_TYPES, 'EndpointType', properties.EndpointType),
    limits: [
      ...Object.entries(kind.limits)
        .filter(([name]) => limits[name] !== undefined)
        .map(([name, limit]) => ({ name, prop: `limits.${name[0].toLowerCase()}${name.slice(1)}`, ...limit, value: figure(name, `${limits[name]}`) })),
      ...thresholds.map(({ Metric, Statistic, Value }): Limit => {
        const metric = withStatistic(oneOf(Object.keys(kind.metrics), 'Thresholds.Metric', Metric), Statistic);
        const bound = formOf(kind, metric).sign === 1 ? 'most' : 'least';
        return { name: metric, prop: `thresholds (${metricText(metric)})`, metric, bound, value: figure(`Thresholds.${metric}`, Value) };
      }),
    ],
    allowed: limits.AllowedInstanceTypes,
    refused: limits.RefusedInstanceTypes ?? [],
    allowCompiled: limits.AllowCompiledModels !== 'false',
    allowLocalStorage: limits.AllowLocalStorage !== 'false',
    images: properties.Images ?? [],
    maxConcurrency: limits.MaxServerlessConcurrency === undefined ? MOST_CONCURRENCY : figure('MaxServerlessConcurrency', limits.MaxServerlessConcurrency),
    load: load && {
      invocationsPerMinute: figure('TargetLoad.InvocationsPerMinute', load.InvocationsPerMinute),
      headroomPercent: figure('TargetLoad.HeadroomPercent', load.HeadroomPercent),
    },
    pin: pin && {
      recommendationId: pin.RecommendationId, instanceType: pin.InstanceType, inferenceSpecificationName: pin.InferenceSpecificationName,
    },
    instanceCount: count === undefined ? undefined : figure('InstanceCount', count),
    instancePools: figure('InstancePools', pools),
  };
}

/** The name of a figure. */
export function withStatistic(metric: string, statistic: string | undefined): string {
  return statistic === undefined ? metric : `${metric}.${statistic}`;
}

function oneOf<T extends string>(values: readonly T[], property: string, given: string): T {
  const value = values.find((one) => one === given);
  if (!value) { throw new UserError(`${property} must be one of ${values.join(', ')}, got: '${given}'.`); }
  return value;
}

function figure(property: string, given: string): number {
  const value = given.trim() === '' ? NaN : Number(given);
  if (!(value >= 0 && Number.isFinite(value))) { throw new UserError(`${property} must be a number of at least 0, got: '${given}'.`); }
  return value;
}
