import { Explanation, explanationText } from './explanation';
import type { MetricsDeps } from './metrics';
import { SCHEMA_VERSION } from '../../src/contract/custom-resource';
import type { Owner } from '../../src/contract/custom-resource';
import { attributesOf } from '../../src/contract/kinds';
import { fieldsText, parameterNames, textsText } from '../../src/contract/parameters';
import type { JobDeps, JobResultsReader, ResultsDeps } from '../jobs/family';
import type { Attributes } from '../runtime/answer';
import type { WriterDeps } from '../runtime/deps';
import type { StepFunctionsApi } from '../runtime/executions';
import { clearBelow, isOf, objectIn, ours, parametersBelow, writeBelow } from '../runtime/parameters';

/** Dependencies of this function, besides those of every handler. */
export interface RecommendDeps extends JobDeps<JobResultsReader>, ResultsDeps, WriterDeps, MetricsDeps {
  readonly stepFunctions: StepFunctionsApi;
}

/** Writes a recommendation to Parameter Store: fields, texts, its explanation unless the old one is kept, and the whole. So few, because writes are scarce. */
export async function publish(
  owner: Owner, path: string, attributes: Attributes, explanation: Explanation | undefined, deps: RecommendDeps,
): Promise<void> {
  const names = parameterNames(path);
  // Fields first: a reader that finds the whole then finds every field.
  const values = {
    [names.fields]: fieldsText(attributes),
    [names.texts]: textsText(attributes),
    ...explanation && { [names.explanation]: explanationText(explanation) },
    [names.whole]: JSON.stringify({ SchemaVersion: SCHEMA_VERSION, ...attributes }),
  };
  await writeBelow(deps.ssm, owner, path, values, { kept: explanation ? [] : [names.explanation] });
}

export function withdraw(owner: Owner, path: string, deps: RecommendDeps): Promise<void> {
  return clearBelow(deps.ssm, owner, path);
}

/** Moves the values below one path to another. No job of the stack can give this result again. */
export async function move(owner: Owner, from: string, to: string, deps: RecommendDeps): Promise<void> {
  const parameters = await parametersBelow(deps.ssm, from);
  if (!isOf(owner, parameters, from)) { return; }
  const moved = Object.entries(ours(parameters, from)).map(([name, value]) => [to + name.slice(from.length), value]);
  await writeBelow(deps.ssm, owner, to, Object.fromEntries(moved));
  await clearBelow(deps.ssm, owner, from);
}

/** A recommendation as it was written to Parameter Store. */
export interface PublishedRecommendation {
  readonly attributes: Attributes;
  /** Request time of a background result. It is part of the explanation, so it moves with it. */
  readonly askedAt?: string;
}

/** The values of this owner in Parameter Store. Values that an earlier version of this library did not write are empty. */
export async function published(owner: Owner, path: string, family: string, deps: RecommendDeps): Promise<PublishedRecommendation | undefined> {
  const parameters = await parametersBelow(deps.ssm, path);
  const names = parameterNames(path);
  const whole = isOf(owner, parameters, path) ? objectIn(parameters[names.whole]) : undefined;
  if (!whole) { return undefined; }
  const { SchemaVersion: _version, ...attributes } = whole;
  return {
    attributes: { ...Object.fromEntries(attributesOf(family).map((name) => [name, ''])), ...attributes },
    askedAt: objectIn(parameters[names.explanation])?.AskedAt,
  };
}
