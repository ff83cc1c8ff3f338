import { UserError } from './errors';
import { deleteParameters, parametersBelow, putParameters, Ssm, Values } from './parameters';
import { parameterNames, RECOMMENDATION_ATTRIBUTES } from '../../src/contract/contract';

/** Who writes below a path: what another has written meanwhile is left alone when this one goes. */
export interface Owner {
  readonly StackId: string;
  readonly LogicalResourceId: string;
}

/** Who writes below a path, as it stands there. */
interface Marker extends Owner {
  /** The resource of the same stack that it was taken over from, until that one goes: a rollback may bring it back, and tells it nothing. */
  readonly Before?: string;
}

/** How many names a sentence has room for. */
const MOST_NAMED = 3;

/** Of those below a path, the ones that a recommendation writes, without the owner; the whole last, since whoever finds it finds all of it. */
export function ours(parameters: Values, path: string): Values {
  const { whole } = parameterNames(path);
  const names = Object.keys(parameters).filter((name) => isOurs(name, path) && name !== whole);
  return Object.fromEntries([...names, ...whole in parameters ? [whole] : []].map((name) => [name, parameters[name]]));
}

export function isOf({ StackId, LogicalResourceId }: Owner, parameters: Values, path: string): boolean {
  const written = ownerOf(parameters, path);
  return written?.StackId === StackId && written.LogicalResourceId === LogicalResourceId;
}

/** The recommendation or replica that writes below a path, if one does. */
export function ownerOf(parameters: Values, path: string): Marker | undefined {
  const { StackId, LogicalResourceId, Before } = objectIn(parameters[parameterNames(path).owner]) ?? {};
  return typeof StackId === 'string' && typeof LogicalResourceId === 'string' ? { StackId, LogicalResourceId, Before } : undefined;
}

interface Writing {
  /** Names of what stays as it is. */
  readonly kept?: readonly string[];
  /** The place of the path, where that is not here. */
  readonly where?: string;
}

/**
 * Makes these the values below a path: what was written there besides goes, unless it is kept. A path that another recommendation writes is taken over.
 *
 * @throws UserError where somebody else's parameters are in the way
 */
export async function writeBelow(
  ssm: Ssm, owner: Owner, path: string, values: Values, { kept = [], where }: Writing = {},
): Promise<void> {
  const old = await parametersBelow(ssm, path);
  checkFree(old, path, where);
  await putParameters(ssm, { ...marked(path, takenOver(owner, ownerOf(old, path))), ...values }, old);
  await deleteParameters(ssm, Object.keys(ours(old, path)).filter((name) => !(name in values) && !kept.includes(name)));
}

/** Deletes what an owner has below a path, if it is the owner still. What it took over from a resource that is still there goes back to that one. */
export async function clearBelow(ssm: Ssm, owner: Owner, path: string): Promise<void> {
  const parameters = await parametersBelow(ssm, path);
  const { StackId, LogicalResourceId, Before } = ownerOf(parameters, path) ?? {};
  if (StackId !== owner.StackId) { return; }
  if (LogicalResourceId === owner.LogicalResourceId && Before === undefined) {
    await deleteParameters(ssm, Object.keys(ours(parameters, path)).reverse());
    // In a request of its own: as long as anything is left, it says whose that is.
    await deleteParameters(ssm, [parameterNames(path).owner]);
  } else if ([LogicalResourceId, Before].includes(owner.LogicalResourceId)) {
    const left = LogicalResourceId === owner.LogicalResourceId ? Before! : LogicalResourceId!;
    await putParameters(ssm, marked(path, { StackId, LogicalResourceId: left }), parameters);
  }
}

function takenOver({ StackId, LogicalResourceId }: Owner, from: Marker | undefined): Marker {
  if (from?.StackId !== StackId) { return { StackId, LogicalResourceId }; }
  return { StackId, LogicalResourceId, Before: from.LogicalResourceId === LogicalResourceId ? from.Before : from.LogicalResourceId };
}

function marked(path: string, marker: Marker): Values {
  return { [parameterNames(path).owner]: JSON.stringify(marker) };
}

function checkFree(parameters: Values, path: string, where: string | undefined): void {
  if (ownerOf(parameters, path)) { return; }
  const { owner } = parameterNames(path);
  const theirs = [...Object.keys(ours(parameters, path)), ...owner in parameters ? [owner] : []].sort();
  if (theirs.length === 0) { return; }
  const more = theirs.length > MOST_NAMED ? ` and ${theirs.length - MOST_NAMED} more` : '';
  throw new UserError(`Below ${path}${where === undefined ? '' : ` in ${where}`} stand parameters that no recommendation has written, and that one would overwrite:`
    + ` ${theirs.slice(0, MOST_NAMED).join(', ')}${more}. Give the recommendation another \`parameterPath\`, or delete them.`);
}

/** Whether a recommendation writes a parameter, by its name: what others keep below the same path is left alone. */
function isOurs(name: string, path: string): boolean {
  const { whole, explanation, field } = parameterNames(path);
  return [whole, explanation, ...RECOMMENDATION_ATTRIBUTES.map(field)].includes(name) || name.startsWith(field('Environment.'));
}

/** The object that a parameter's value is, if it is one: a value may be of somebody else. */
export function objectIn(text: string | undefined): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value as Record<string, string> : undefined;
  } catch {
    return undefined;
  }
}
