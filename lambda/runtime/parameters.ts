import { DeleteParametersCommand, GetParametersByPathCommand, GetParametersByPathCommandOutput, PutParameterCommand } from '@aws-sdk/client-ssm';
import { isAfter } from './asked';
import type { SsmApi } from './deps';
import { errorMessage, errorName, isDenied, isThrottled, UserError } from './errors';
import type { Owner } from '../../src/contract/custom-resource';
import { parameterNames } from '../../src/contract/parameters';

export type Values = Readonly<Record<string, string>>;

/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html (Names) */
const MOST_DELETED = 10;

/** Values by name of the parameters directly below a path. */
export async function parametersBelow(ssm: SsmApi, path: string): Promise<Values> {
  const found: Record<string, string> = {};
  let NextToken: string | undefined;
  do {
    const page: GetParametersByPathCommandOutput = await ssm.send(new GetParametersByPathCommand({ Path: path, NextToken }));
    for (const { Name, Value } of page.Parameters ?? []) { found[Name!] = Value!; }
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/** Writes the values that differ from the old ones, in the given order. */
export async function putParameters(ssm: SsmApi, values: Values, old: Values): Promise<void> {
  for (const [Name, Value] of Object.entries(values)) {
    if (old[Name] === Value) { continue; }
    // Up to 4 KB the tier is standard and free; up to 8 KB it is advanced.
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true, Tier: 'Intelligent-Tiering' })).catch(refuseIfBusy);
  }
}

/** The calls have outlasted the throttling as long as they could. */
function refuseIfBusy(error: unknown): never {
  if (!isThrottled(error)) { throw error; }
  throw new UserError(`Parameter Store took too few writes in this function's time: ${errorName(error)}: ${errorMessage(error)}. Nothing of the job is lost: deploy again,`
    + ' and only the rest is written. Parameter Store\'s setting for higher throughput permits more writes a second.');
}

/** Parameters that are already gone are no error. */
export async function deleteParameters(ssm: SsmApi, names: readonly string[]): Promise<void> {
  for (let from = 0; from < names.length; from += MOST_DELETED) {
    await ssm.send(new DeleteParametersCommand({ Names: names.slice(from, from + MOST_DELETED) }));
  }
}

/** The owner of a path, as its owner parameter names it. */
interface Marker extends Owner {
  /** The resource of the same stack that owned the path before. It is kept until that one is deleted: a rollback may restore it without an event. */
  readonly Before?: string;
}

/** The most names that a message lists. */
const MOST_NAMED = 3;

/** The parameters that a recommendation writes below a path, without the owner. The whole comes last: a reader that finds it finds every field. */
export function ours(parameters: Values, path: string): Values {
  const { whole } = parameterNames(path);
  const names = Object.keys(parameters).filter((name) => isOurs(name, path) && name !== whole);
  return Object.fromEntries([...names, ...whole in parameters ? [whole] : []].map((name) => [name, parameters[name]]));
}

/** The values that the path's earlier owner had, by their own names. */
function earlier(parameters: Values, path: string): Values {
  return ours(Object.fromEntries(Object.entries(parameters).flatMap(([name, value]) => (
    name.endsWith(EARLIER) ? [[name.slice(0, -EARLIER.length), value]] : []))), path);
}

/** Values by the names of their copies. */
function copiesOf(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name + EARLIER, value]));
}

/** What a path's new owner keeps for an earlier one of its stack: what that one has left, or what is kept already. */
function keptBy({ Before }: Marker, from: Marker | undefined, parameters: Values, path: string): Values {
  if (Before === undefined) { return {}; }
  return copiesOf(Before === from?.LogicalResourceId ? ours(parameters, path) : earlier(parameters, path));
}

/** The names of all that stands below a path because of a recommendation, without the owner. */
function namesBelow(parameters: Values, path: string): string[] {
  return Object.keys({ ...copiesOf(earlier(parameters, path)), ...ours(parameters, path) });
}

export function isOf({ StackId, LogicalResourceId }: Owner, parameters: Values, path: string): boolean {
  const written = ownerOf(parameters, path);
  return written?.StackId === StackId && written.LogicalResourceId === LogicalResourceId;
}

/** The recommendation or replica that owns a path, if one does. */
export function ownerOf(parameters: Values, path: string): Marker | undefined {
  const { StackId, LogicalResourceId, AskedAt, Before } = objectIn(parameters[parameterNames(path).owner]) ?? {};
  return typeof StackId === 'string' && typeof LogicalResourceId === 'string' ? { StackId, LogicalResourceId, AskedAt, Before } : undefined;
}

/** Ends the names of the earlier owner's values. */
const EARLIER = '-earlier';

interface Writing {
  /** Names of parameters that stay unchanged. */
  readonly kept?: readonly string[];
  /** The place of the path, if it is not in this account and Region. */
  readonly where?: string;
}

/**
 * Writes these values below a path. Other values of a recommendation there are deleted unless they are kept. A path of another
 * recommendation is taken over. A request that comes late, or once more, writes nothing over what a later one has written.
 *
 * @throws UserError if the path has other people's parameters
 */
export async function writeBelow(
  ssm: SsmApi, owner: Owner, path: string, values: Values, { kept = [], where }: Writing = {},
): Promise<void> {
  const old = await parametersBelow(ssm, path);
  checkFree(old, path, where);
  const from = ownerOf(old, path);
  if (isAfter(from?.AskedAt, owner.AskedAt)) { return; }
  const marker = takenOver(owner, from);
  // First: a rollback gives these values back, and sends no event to the earlier owner.
  const copies = keptBy(marker, from, old, path);
  await putParameters(ssm, copies, old);
  const isSame = Object.entries(values).every(([name, value]) => old[name] === value) && isOf(owner, old, path);
  // The time is written even if nothing else changes, for an earlier request that comes once more. A rollback must not fail because of it.
  await putParameters(ssm, marked(path, marker), old).catch((error) => { if (!isSame || !isDenied(error)) { throw error; } });
  await putParameters(ssm, values, old);
  await deleteParameters(ssm, namesBelow(old, path).filter((name) => !(name in values) && !(name in copies) && !kept.includes(name)));
  // A repeated delivery, or what is published in the background, may write while a Delete clears the path: what it wrote after that would belong to nobody.
  const written = await parametersBelow(ssm, path);
  if (!ownerOf(written, path)) { await deleteParameters(ssm, namesBelow(written, path)); }
}

/** Deletes an owner's values below a path, if it still owns the path. A path that it took over returns to its earlier owner, with the values of then. */
export async function clearBelow(ssm: SsmApi, owner: Owner, path: string): Promise<void> {
  const parameters = await parametersBelow(ssm, path);
  const { StackId, LogicalResourceId, AskedAt, Before } = ownerOf(parameters, path) ?? {};
  if (StackId !== owner.StackId || isAfter(AskedAt, owner.AskedAt)) { return; }
  const isOwner = LogicalResourceId === owner.LogicalResourceId;
  if (isOwner && Before === undefined) {
    let left = namesBelow(parameters, path);
    while (left.length > 0) {
      await deleteParameters(ssm, left.reverse());
      // A repeated delivery of an earlier request may have written meanwhile.
      left = namesBelow(await parametersBelow(ssm, path), path);
    }
    // In a separate request: the owner parameter must outlast all others.
    await deleteParameters(ssm, [parameterNames(path).owner]);
  } else if (isOwner || Before === owner.LogicalResourceId) {
    if (isOwner) { await giveBack(ssm, parameters, path); }
    await deleteParameters(ssm, Object.keys(copiesOf(earlier(parameters, path))));
    // Last, so that a Delete that comes once more goes on here. Its own time: a Create that is delivered once more must not take the path again.
    const left = isOwner ? { LogicalResourceId: Before!, AskedAt: owner.AskedAt ?? AskedAt } : { LogicalResourceId: LogicalResourceId!, AskedAt };
    await putParameters(ssm, marked(path, { StackId, ...left }), parameters);
  }
}

/** Without copies there is nothing to give back: an earlier version kept none, or a Delete that died has given them back already. */
async function giveBack(ssm: SsmApi, parameters: Values, path: string): Promise<void> {
  const values = earlier(parameters, path);
  if (Object.keys(values).length === 0) { return; }
  await putParameters(ssm, values, parameters);
  await deleteParameters(ssm, Object.keys(ours(parameters, path)).filter((name) => !(name in values)));
}

function takenOver({ StackId, LogicalResourceId, AskedAt = undefined }: Owner, from: Marker | undefined): Marker {
  if (from?.StackId !== StackId) { return { StackId, LogicalResourceId, AskedAt }; }
  const Before = from.LogicalResourceId === LogicalResourceId ? from.Before : from.LogicalResourceId;
  // What is published in the background is of no request.
  return { StackId, LogicalResourceId, AskedAt: AskedAt ?? from.AskedAt, Before };
}

function marked(path: string, marker: Marker): Values {
  return { [parameterNames(path).owner]: JSON.stringify(marker) };
}

function checkFree(parameters: Values, path: string, where: string | undefined): void {
  if (ownerOf(parameters, path)) { return; }
  const { owner } = parameterNames(path);
  const theirs = [...namesBelow(parameters, path), ...owner in parameters ? [owner] : []].sort();
  if (theirs.length === 0) { return; }
  const more = theirs.length > MOST_NAMED ? ` and ${theirs.length - MOST_NAMED} more` : '';
  throw new UserError(`The path ${path}${where === undefined ? '' : ` in ${where}`} has parameters that no recommendation wrote, and a recommendation would overwrite them:`
    + ` ${theirs.slice(0, MOST_NAMED).join(', ')}${more}. Give the recommendation another \`parameterPath\`, or delete these parameters.`);
}

/** Whether a recommendation writes a parameter of this name. Other parameters below the path stay untouched. */
function isOurs(name: string, path: string): boolean {
  const { fields, texts, explanation, whole } = parameterNames(path);
  return [fields, texts, explanation, whole].includes(name);
}

/** The object in a parameter's value, if there is one: somebody else may have written the value. */
export function objectIn(text: string | undefined): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value as Record<string, string> : undefined;
  } catch {
    return undefined;
  }
}
