import type { ConcludeDeps } from './deps';
import { Explanation, explanationText } from './explanation';
import { EMPTY_PARAMETER, parameterNames, RECOMMENDATION_ATTRIBUTES, SCHEMA_VERSION } from '../../src/api/contract';
import type { Attributes } from '../shared/answer';
import { deleteParameters, parametersBelow, putParameters } from '../shared/parameters';
import { ours, Owner, ownerOf } from '../shared/recommendation-parameters';

type Parameters = Readonly<Record<string, string>>;

/** Writes a recommendation to Parameter Store: whole, explained unless the explanation there stays, and a parameter for each field. */
export async function publish(
  owner: Owner, path: string, attributes: Attributes, explanation: Explanation | undefined, deps: ConcludeDeps,
): Promise<void> {
  const { StackId, LogicalResourceId } = owner;
  const names = parameterNames(path);
  // Fields first: whoever finds the whole finds all of it.
  const values = {
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [names.field(name), value === '' ? EMPTY_PARAMETER : value])),
    ...explanation && { [names.explanation]: explanationText(explanation) },
    [names.whole]: JSON.stringify({ SchemaVersion: SCHEMA_VERSION, Owner: { StackId, LogicalResourceId }, ...attributes }),
  };
  const old = await parametersBelow(deps.ssm, path);
  await putParameters(deps.ssm, values, old);
  await deleteParameters(deps.ssm, Object.keys(ours(old, path)).filter((name) => !(name in values) && (explanation || name !== names.explanation)));
}

export async function withdraw(owner: Owner, path: string, deps: ConcludeDeps): Promise<void> {
  const parameters = await parametersBelow(deps.ssm, path);
  if (!isFreeFor(owner, parameters, path)) { return; }
  await deleteParameters(deps.ssm, Object.keys(ours(parameters, path)));
}

/** Brings what stands below one path below another: a result that no job of the stack's tells any more. */
export async function move(owner: Owner, from: string, to: string, deps: ConcludeDeps): Promise<void> {
  const parameters = await parametersBelow(deps.ssm, from);
  if (!isOf(owner, parameters, from)) { return; }
  const moved = ours(parameters, from);
  await putParameters(deps.ssm, Object.fromEntries(Object.entries(moved).map(([name, value]) => [to + name.slice(from.length), value])), {});
  await deleteParameters(deps.ssm, Object.keys(moved));
}

/** What stands in Parameter Store of this owner's; empty what a version before this did not write. */
export async function published(owner: Owner, path: string, deps: ConcludeDeps): Promise<Attributes | undefined> {
  const parameters = await parametersBelow(deps.ssm, path);
  if (!isOf(owner, parameters, path)) { return undefined; }
  const { SchemaVersion: _version, Owner: _owner, ...attributes } = JSON.parse(parameters[parameterNames(path).whole]);
  return { ...Object.fromEntries(RECOMMENDATION_ATTRIBUTES.map((name) => [name, ''])), ...attributes };
}

function isFreeFor(owner: Owner, parameters: Parameters, path: string): boolean {
  return ownerOf(parameters, path) === undefined || isOf(owner, parameters, path);
}

function isOf(owner: Owner, parameters: Parameters, path: string): boolean {
  const written = ownerOf(parameters, path);
  return written?.StackId === owner.StackId && written.LogicalResourceId === owner.LogicalResourceId;
}
