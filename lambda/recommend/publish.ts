import { Explanation, explanationText } from './explanation';
import { SCHEMA_VERSION } from '../../src/contract/custom-resource';
import { EMPTY_PARAMETER, parameterNames } from '../../src/contract/parameters';
import { RECOMMENDATION_ATTRIBUTES } from '../../src/contract/recommend';
import type { Attributes } from '../runtime/answer';
import type { Owner } from '../../src/contract/custom-resource';
import type { JobDeps } from '../jobs/family';
import type { SsmApi } from '../runtime/deps';
import { clearBelow, isOf, objectIn, ours, parametersBelow, writeBelow } from '../runtime/parameters';

/** What this function is given besides what every handler is. */
export interface RecommendDeps extends JobDeps {
  readonly ssm: SsmApi;
}

/** Writes a recommendation to Parameter Store: whole, explained unless the explanation there stays, and a parameter for each field. */
export async function publish(
  owner: Owner, path: string, attributes: Attributes, explanation: Explanation | undefined, deps: RecommendDeps,
): Promise<void> {
  const names = parameterNames(path);
  // Fields first: whoever finds the whole finds all of it.
  const values = {
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [names.field(name), value === '' ? EMPTY_PARAMETER : value])),
    ...explanation && { [names.explanation]: explanationText(explanation) },
    [names.whole]: JSON.stringify({ SchemaVersion: SCHEMA_VERSION, ...attributes }),
  };
  await writeBelow(deps.ssm, owner, path, values, { kept: explanation ? [] : [names.explanation] });
}

export function withdraw(owner: Owner, path: string, deps: RecommendDeps): Promise<void> {
  return clearBelow(deps.ssm, owner, path);
}

/** Brings what stands below one path below another: a result that no job of the stack's tells any more. */
export async function move(owner: Owner, from: string, to: string, deps: RecommendDeps): Promise<void> {
  const parameters = await parametersBelow(deps.ssm, from);
  if (!isOf(owner, parameters, from)) { return; }
  const moved = Object.entries(ours(parameters, from)).map(([name, value]) => [to + name.slice(from.length), value]);
  await writeBelow(deps.ssm, owner, to, Object.fromEntries(moved));
  await clearBelow(deps.ssm, owner, from);
}

/** A recommendation as it was written. */
export interface PublishedRecommendation {
  readonly attributes: Attributes;
  /** When it was asked for, if it is a result of the background: that goes with its explanation, wherever both are brought. */
  readonly askedAt?: string;
}

/** What stands in Parameter Store of this owner's; empty what a version before this did not write. */
export async function published(owner: Owner, path: string, deps: RecommendDeps): Promise<PublishedRecommendation | undefined> {
  const parameters = await parametersBelow(deps.ssm, path);
  const names = parameterNames(path);
  const whole = isOf(owner, parameters, path) ? objectIn(parameters[names.whole]) : undefined;
  if (!whole) { return undefined; }
  const { SchemaVersion: _version, ...attributes } = whole;
  return {
    attributes: { ...Object.fromEntries(RECOMMENDATION_ATTRIBUTES.map((name) => [name, ''])), ...attributes },
    askedAt: objectIn(parameters[names.explanation])?.AskedAt,
  };
}
