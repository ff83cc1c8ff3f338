import { isDeepStrictEqual } from 'util';

/** Two resources or list elements with less in common are one that went and one that came. */
const ENOUGH_ALIKE = 0.3;

export interface Change { readonly path: string; readonly before?: unknown; readonly after?: unknown }
/** A text in which renamed logical ids have their new names. */
export type Follow = (text: string) => string;
export type Pair<T> = readonly [before: T, after: T];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Texts with references in them differ as texts do: their fragments in a list tell a reader nothing. */
function rendered(value: unknown): string | undefined {
  if (typeof value === 'string') { return value; }
  const [name, ...others] = isRecord(value) ? Object.keys(value) : [];
  if (name === undefined || others.length > 0) { return undefined; }
  const given: any = (value as any)[name];
  if (name === 'Ref') { return `\${${given}}`; }
  if (name === 'Fn::GetAtt') { return `\${${[given].flat().join('.')}}`; }
  if (name === 'Fn::Join' && given[0] === '' && Array.isArray(given[1])) { return given[1].map(inline).join(''); }
  return name.startsWith('Fn::') ? `\${${name.slice(4)} ${inline(given)}}` : undefined;
}

/** A value in one line, with its references as texts. */
export function shown(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value, (_key, each) => rendered(each) ?? each);
}

/** A part of a text without quotes: quotes would end the texts of the JSON around it. */
function inline(value: unknown): string {
  return rendered(value) ?? shown(value).replaceAll('"', '');
}

/** A definition of a state machine or a body of a dashboard is JSON in a text. */
function parsed(text: string): unknown {
  try { return /^\s*[{[]/.test(text) ? JSON.parse(text) : undefined; } catch { return undefined; }
}

/** All single values with their paths; the positions in lists do not count, because lists grow. */
export function leaves(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) { return value.flatMap((each) => leaves(each, `${path}[]`)); }
  if (!isRecord(value) || rendered(value) !== undefined) { return [`${path}=${shown(value)}`]; }
  return Object.entries(value).flatMap(([name, each]) => leaves(each, `${path}/${name}`));
}

/** Which part of two lists of texts is in both. */
export function shared(before: string[], after: string[]): number {
  const [one, other] = [new Set(before), new Set(after)];
  return [...one].filter((each) => other.has(each)).length / Math.max(1, new Set([...one, ...other]).size);
}

/** The pairs that are most alike, each of their members once. */
export function paired<T>(before: readonly T[], after: readonly T[], score: (before: T, after: T) => number): Pair<T>[] {
  const candidates = before.flatMap((one) => after.map((other) => ({ one, other, points: score(one, other) }))).sort((a, b) => b.points - a.points);
  const taken = new Set<T>();
  return candidates.flatMap(({ one, other, points }): Pair<T>[] => (
    points < ENOUGH_ALIKE || taken.has(one) || taken.has(other) ? [] : [[taken.add(one) && one, taken.add(other) && other]]));
}

/** What single actions a policy document allows on single resources: CDK merges statements, and a merge alone grants nothing. */
function grantsOf({ Statement }: any): string[] {
  return Statement.flatMap(({ Action, Resource: on, ...rest }: any) => [Action].flat().flatMap((action) => (
    [on].flat().map((resource) => `${inline(action)} on ${inline(resource)} ${shown(rest)}`))));
}

/** Compares two lists: equal elements belong together, then those that are most alike. */
function changesOfList(path: string, before: readonly any[], after: readonly any[], follow: Follow): Change[] {
  const left = after.map((value, index) => ({ value, index }));
  const kept: number[] = [];
  const gone = before.map((value, index) => ({ value, index })).filter(({ value }) => {
    const at = left.findIndex((each) => isDeepStrictEqual(each.value, value));
    if (at >= 0) { kept.push(...left.splice(at, 1).map(({ index }) => index)); }
    return at < 0;
  });
  const pairs = paired(gone, left, (a, b) => shared(leaves(a.value).map(follow), leaves(b.value)));
  const alone = (each: { value: unknown }) => !pairs.flat().includes(each as any);
  return [
    ...(kept.some((index, at) => at > 0 && index < kept[at - 1]) ? [{ path: `${path} (order)`, before, after }] : []),
    ...pairs.flatMap(([a, b]) => changes(`${path}[${a.index}]`, a.value, b.value, follow)),
    ...gone.filter(alone).map(({ value }) => ({ path: `${path}[]`, before: value })),
    ...left.filter(alone).map(({ value }) => ({ path: `${path}[]`, after: value })),
  ];
}

/** Compares two values. CloudFormation ignores the order of keys; the order of a list is a difference of its own. */
export function changes(path: string, before: any, after: any, follow: Follow): Change[] {
  if (isDeepStrictEqual(before, after)) { return []; }
  const [one, other] = [rendered(before), rendered(after)];
  if (one !== undefined && other !== undefined) {
    const inside = [parsed(one), parsed(other)];
    const found = inside.includes(undefined) ? [] : changes(`${path} (JSON)`, inside[0], inside[1], follow);
    // The same text may be written in two ways, which only the raw values show.
    if (found.length > 0) { return found; }
    const raw = (value: unknown) => (one === other ? JSON.stringify(value) : value);
    return [{ path, before: raw(before), after: raw(after) }];
  }
  if (Array.isArray(before) && Array.isArray(after)) { return changesOfList(path, before, after, follow); }
  if (!isRecord(before) || !isRecord(after) || one !== undefined || other !== undefined) { return [{ path, before, after }]; }
  if (Array.isArray(before.Statement) && Array.isArray(after.Statement) && !isDeepStrictEqual(before.Statement, after.Statement)) {
    const [grants, grantsAfter] = [before, after].map((policy) => [...new Set(grantsOf(policy))].sort());
    return [
      { path: `${path}/Statement (how many, in other order or merged otherwise)`, before: before.Statement.length, after: after.Statement.length },
      ...changesOfList(`${path} (grants)`, grants, grantsAfter, follow),
      ...changes(path, { ...before, Statement: 0 }, { ...after, Statement: 0 }, follow),
    ];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => changes(path ? `${path}/${name}` : name, before[name], after[name], follow));
}
