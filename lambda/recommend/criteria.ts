import { ENDPOINT_TYPES, EndpointTypeName, OBJECTIVES, ObjectiveName, RecommendationProperties } from '../../src/contract/recommend';
import { LimitName, LIMITS, MetricName } from '../../src/service/limits';
import { UserError } from '../runtime/errors';

/** Requests a minute that are expected, and room to spare in percent of them. */
export interface TargetLoad {
  readonly invocationsPerMinute: number;
  readonly headroomPercent: number;
}

/** One figure that a recommendation must keep. */
export interface Limit {
  readonly metric: MetricName;
  readonly bound: 'most' | 'least';
  readonly value: number;
}

/** By what recommendations are judged and ranked. */
export interface Criteria {
  readonly objective: ObjectiveName;
  readonly endpointType: EndpointTypeName;
  readonly limits: readonly Limit[];
  /** Instance types or families; none given means all. */
  readonly allowed?: readonly string[];
  readonly refused: readonly string[];
  readonly allowCompiled: boolean;
  readonly load?: TargetLoad;
  readonly pin?: { readonly recommendationId?: string; readonly instanceType?: string };
}

/**
 * The properties of a recommendation as CloudFormation delivers them: every figure a string.
 *
 * @throws when one is not what it must be
 */
export function criteriaOf(properties: RecommendationProperties): Criteria {
  const { Limits: limits = {}, TargetLoad: load, Pin: pin } = properties;
  return {
    objective: oneOf(OBJECTIVES, 'Objective', properties.Objective),
    endpointType: oneOf(ENDPOINT_TYPES, 'EndpointType', properties.EndpointType),
    limits: (Object.keys(LIMITS) as LimitName[])
      .filter((name) => limits[name] !== undefined)
      .map((name) => ({ ...LIMITS[name], value: figure(name, limits[name]!) })),
    allowed: limits.AllowedInstanceTypes,
    refused: limits.RefusedInstanceTypes ?? [],
    allowCompiled: limits.AllowCompiledModels !== 'false',
    load: load && {
      invocationsPerMinute: figure('TargetLoad.InvocationsPerMinute', load.InvocationsPerMinute),
      headroomPercent: figure('TargetLoad.HeadroomPercent', load.HeadroomPercent),
    },
    pin: pin && { recommendationId: pin.RecommendationId, instanceType: pin.InstanceType },
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
