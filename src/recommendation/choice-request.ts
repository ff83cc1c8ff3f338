import { Token, Tokenization } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import type { InstanceTypeLimits, TargetLoad } from './recommendation-options';
import { enumValue } from '../common/check';
import type { InstanceType } from '../common/instance-type';
import { warnOfFamilies, warnOfType, warnOfTypes } from '../common/warn';
import type { LimitProperties, RecommendationProperties } from '../contract/recommend';
import { isOneOf } from '../service/limits';

/** Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html (names; a field's name follows) */
const PATH = /^(?!\/(aws|ssm))(\/[a-z0-9_.-]+){1,13}$/i;
const FAMILY = /^ml\.[a-z0-9-]+$/;

export const INSTANCE_LISTS = ['allowedInstanceTypes', 'allowedInstanceFamilies', 'refusedInstanceTypes', 'refusedInstanceFamilies'] as const;

/** The options that name instance types. */
export interface NamesInstances {
  readonly limits?: InstanceTypeLimits;
  readonly pinnedInstanceType?: InstanceType;
  readonly fallback?: { readonly instanceType?: InstanceType };
  readonly withoutJobs?: { readonly instanceType?: InstanceType };
}

/** Warns of names that may be mistyped: they would match nothing, and that would show only after a job is paid for. */
export function warnOfInstances(scope: IConstruct, { limits = {}, pinnedInstanceType, fallback, withoutJobs }: NamesInstances): void {
  warnOfType(scope, 'pinnedInstanceType', pinnedInstanceType?.value);
  warnOfType(scope, 'fallback.instanceType', fallback?.instanceType?.value);
  warnOfType(scope, 'withoutJobs.instanceType', withoutJobs?.instanceType?.value);
  for (const prop of ['allowedInstanceTypes', 'refusedInstanceTypes'] as const) { warnOfTypes(scope, `limits.${prop}`, limits[prop]); }
  for (const prop of ['allowedInstanceFamilies', 'refusedInstanceFamilies'] as const) { warnOfFamilies(scope, `limits.${prop}`, limits[prop]); }
}

/** Refuses a pin that no recommendation can match, before a job is paid for. */
export function checkPin(instanceType: string | undefined, limits: LimitProperties = {}): void {
  if (instanceType === undefined) { return; }
  const { AllowedInstanceTypes, RefusedInstanceTypes } = limits;
  if ([instanceType, ...AllowedInstanceTypes ?? [], ...RefusedInstanceTypes ?? []].some(Token.isUnresolved)) { return; }
  if ((AllowedInstanceTypes && !isOneOf(AllowedInstanceTypes, instanceType)) || isOneOf(RefusedInstanceTypes ?? [], instanceType)) {
    throw new Error(`\`pinnedInstanceType\` must be an instance type that \`limits\` allow, got: '${instanceType}'. Change one of the two.`);
  }
}

/** @throws if it is no path, or begins with `aws` or `ssm` */
export function checkParameterPath(parameterPath: string): void {
  if (PATH.test(parameterPath)) { return; }
  throw new Error('`parameterPath` must be a path such as \'/shop/recommendation\', with at most 13 levels of letters, digits and _.-, and must not begin'
    + ` with aws or ssm, got: ${Token.isUnresolved(parameterPath) ? 'a token' : `'${parameterPath}'`}.`);
}

/** @throws if a figure of the load is out of its range */
export function renderLoad(targetLoad: TargetLoad | undefined): RecommendationProperties['TargetLoad'] {
  checkFigure('targetLoad.invocationsPerMinute', targetLoad?.invocationsPerMinute);
  checkFigure('targetLoad.headroomPercent', targetLoad?.headroomPercent);
  return targetLoad && {
    InvocationsPerMinute: Tokenization.stringifyNumber(targetLoad.invocationsPerMinute),
    HeadroomPercent: Tokenization.stringifyNumber(targetLoad.headroomPercent ?? 0),
  };
}

/** @throws if a list is empty, or a family is none */
export function renderTypeLimits(
  limits: InstanceTypeLimits,
): Pick<LimitProperties, 'AllowedInstanceTypes' | 'RefusedInstanceTypes' | 'AllowLocalStorage'> {
  for (const prop of INSTANCE_LISTS) {
    if (limits[prop]?.length === 0) { throw new Error(`\`limits.${prop}\` must have at least 1 entry, got none: leave it out.`); }
  }
  for (const family of [...limits.allowedInstanceFamilies ?? [], ...limits.refusedInstanceFamilies ?? []]) {
    if (!Token.isUnresolved(family) && !FAMILY.test(family)) {
      throw new Error(`An instance family must look like 'ml.c5', got: '${family}'.${familyRemedy(family)}`);
    }
  }
  const types = (prop: 'allowed' | 'refused') => {
    const named = limits[`${prop}InstanceTypes`]?.map((type) => enumValue(`limits.${prop}InstanceTypes`, type, 'InstanceType')) ?? [];
    const all = [...named, ...limits[`${prop}InstanceFamilies`] ?? []];
    return all.length > 0 ? all : undefined;
  };
  return {
    AllowedInstanceTypes: types('allowed'),
    RefusedInstanceTypes: types('refused'),
    AllowLocalStorage: limits.allowLocalStorage === false ? 'false' : undefined,
  };
}

/**
 * The figures of limits as custom resource properties, by the names of their properties.
 *
 * @param props the prop that sets each
 * @throws if a figure is no number of at least 0
 */
export function renderLimitFigures<P extends string>(
  limits: { readonly [prop in P]?: number }, props: Readonly<Record<string, P>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(props).map(([name, prop]) => {
    const figure = limits[prop];
    checkFigure(`limits.${prop}`, figure);
    return [name, figure === undefined ? undefined : Tokenization.stringifyNumber(figure)];
  }));
}

function familyRemedy(given: string): string {
  const [, family] = /^(?:ml\.)?([a-z0-9-]+)(\..*)?$/.exec(given) ?? [];
  if (!family) { return ''; }
  return given.startsWith('ml.') ? ` Did you mean 'ml.${family}'? One type belongs to the list of types.` : ` Did you mean 'ml.${family}'?`;
}

function checkFigure(prop: string, value: number | undefined): void {
  if (value === undefined || Token.isUnresolved(value)) { return; }
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new Error(`\`${prop}\` must be a number of at least 0, got: ${value}. Leave it out for none.`);
  }
}
