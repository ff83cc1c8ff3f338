import { ENDPOINT_TYPES, EndpointTypeName, ImageProperties, OBJECTIVES, ObjectiveName, RecommendationProperties } from '../../src/contract/recommend';
import { LimitName, LIMITS, MetricName, MOST_CONCURRENCY } from '../../src/service/limits';
import { UserError } from '../runtime/errors';

/** Expected requests a minute, and headroom in percent of them. */
export interface TargetLoad {
  readonly invocationsPerMinute: number;
  readonly headroomPercent: number;
}

/** A limit on one metric. */
export interface Limit {
  readonly name: LimitName;
  readonly metric: MetricName;
  readonly bound: 'most' | 'least';
  readonly value: number;
}

/** The criteria for judging and ranking recommendations. */
export interface Criteria {
  readonly objective: ObjectiveName;
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
  readonly pin?: { readonly recommendationId?: string; readonly instanceType?: string };
  /** The number of instance types to choose. */
  readonly instancePools: number;
}

/**
 * The properties of a recommendation as CloudFormation delivers them: every number is a string.
 *
 * @throws UserError if a value is invalid
 */
export function criteriaOf(properties: RecommendationProperties): Criteria {
  const { Limits: limits = {}, TargetLoad: load, Pin: pin, InstancePools: pools = '1' } = properties;
  return {
    objective: oneOf(OBJECTIVES, 'Objective', properties.Objective),
    endpointType: oneOf(ENDPOINT_TYPES, 'EndpointType', properties.EndpointType),
    limits: (Object.keys(LIMITS) as LimitName[])
      .filter((name) => limits[name] !== undefined)
      .map((name) => ({ name, ...LIMITS[name], value: figure(name, limits[name]!) })),
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
    pin: pin && { recommendationId: pin.RecommendationId, instanceType: pin.InstanceType },
    instancePools: figure('InstancePools', pools),
  };
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
