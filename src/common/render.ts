import { IResolvable, Lazy, TagManager, Token } from 'aws-cdk-lib/core';

/** Removes the members that are undefined. Returns `undefined` if none remains. */
export function prune(record: Record<string, unknown>): Record<string, unknown> | undefined {
  const set = Object.entries(record).filter(([, value]) => value !== undefined);
  return set.length > 0 ? Object.fromEntries(set) : undefined;
}

/** A value that is known only when the template is made. The one cast: the compiler checks it as the value that it becomes. */
export function lazily<T>(produce: () => T | undefined, options?: { readonly omitEmptyArray: boolean }): T {
  const token: IResolvable = Lazy.any({ produce }, options);
  return token as unknown as T;
}

/** Whether a value, or anything in it, is known only when the stack is deployed. */
export function hasToken(value: unknown): boolean {
  if (Token.isUnresolved(value)) { return true; }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasToken);
}

/** Tags in the API's form, for resources that the CDK does not render itself, and then the library's own. Aspects may still add some. */
export function renderTags(manager: TagManager, own: ReadonlyArray<{ Key: string; Value: string }> = []): Array<{ Key: string; Value: string }> {
  return lazily(() => [...Object.entries(manager.tagValues()).map(([Key, Value]) => ({ Key, Value })), ...own], { omitEmptyArray: true });
}

/** A copy with the API's names for members, which the CDK writes with a small first letter. The names in an environment are the user's own. */
export function capitalized(members: object): Record<string, unknown> {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) { return value.map(inner); }
    return typeof value === 'object' && value !== null && !Token.isUnresolved(value) ? capitalized(value) : value;
  };
  return Object.fromEntries(Object.entries(members).map(([name, value]) => (
    [name[0].toUpperCase() + name.slice(1), name === 'environment' ? value : inner(value)])));
}
