import type { ConcludeDeps } from './deps';
import { Explanation, explanationText } from './explanation';
import { EMPTY_PARAMETER, parameterNames, RECOMMENDATION_ATTRIBUTES, SCHEMA_VERSION } from '../../src/api/contract';
import type { Attributes } from '../shared/answer';
import { deleteParameters, parametersBelow, putParameters } from '../shared/parameters';

/** Who writes below a path: what another has written meanwhile is left alone when this one goes. */
interface Owner {
  readonly StackId: string;
  readonly LogicalResourceId: string;
}

/** Writes a recommendation to Parameter Store: whole, explained, and a parameter for each field. */
export async function publish(owner: Owner, path: string, attributes: Attributes, explanation: Explanation, deps: ConcludeDeps): Promise<void> {
  const { StackId, LogicalResourceId } = owner;
  const names = parameterNames(path);
  // Fields first: whoever finds the whole finds all of it.
  const values = {
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [names.field(name), value === '' ? EMPTY_PARAMETER : value])),
    [names.explanation]: explanationText(explanation),
    [names.whole]: JSON.stringify({ SchemaVersion: SCHEMA_VERSION, Owner: { StackId, LogicalResourceId }, ...attributes }),
  };
  const old = await parametersBelow(deps.ssm, path);
  await putParameters(deps.ssm, values, old);
  await deleteParameters(deps.ssm, Object.keys(old).filter((name) => isOurs(name, path) && !(name in values)));
}

export async function withdraw(owner: Owner, path: string, deps: ConcludeDeps): Promise<void> {
  const parameters = await parametersBelow(deps.ssm, path);
  const whole = parameters[parameterNames(path).whole];
  if (whole !== undefined && !isOf(owner, whole)) { return; }
  await deleteParameters(deps.ssm, Object.keys(parameters).filter((name) => isOurs(name, path)));
}

/** By its name: what others keep below the same path is left alone. */
function isOurs(name: string, path: string): boolean {
  const { whole, explanation, field } = parameterNames(path);
  return [whole, explanation, ...RECOMMENDATION_ATTRIBUTES.map(field)].includes(name) || name.startsWith(field('Environment.'));
}

/** What stands in Parameter Store of this owner's, if this version wrote it or all that it would. */
export async function published(owner: Owner, path: string, deps: ConcludeDeps): Promise<Attributes | undefined> {
  const { whole } = parameterNames(path);
  const text = (await parametersBelow(deps.ssm, path))[whole];
  if (text === undefined || !isOf(owner, text)) { return undefined; }
  const { SchemaVersion: _version, Owner: _owner, ...attributes } = JSON.parse(text);
  return RECOMMENDATION_ATTRIBUTES.every((name) => name in attributes) ? attributes : undefined;
}

function isOf(owner: Owner, whole: string): boolean {
  const written = ownerOf(whole);
  return written?.StackId === owner.StackId && written.LogicalResourceId === owner.LogicalResourceId;
}

function ownerOf(whole: string | undefined): Owner | undefined {
  return whole === undefined ? undefined : JSON.parse(whole).Owner;
}
