import { TagManager } from 'aws-cdk-lib/core';

/** Removes the members that are undefined. Returns `undefined` if none remains. */
export function prune(record: Record<string, unknown>): Record<string, unknown> | undefined {
  const set = Object.entries(record).filter(([, value]) => value !== undefined);
  return set.length > 0 ? Object.fromEntries(set) : undefined;
}

/** Tags in the API's form, for resources that the CDK does not render itself. */
export function renderTags(manager: TagManager): Array<{ Key: string; Value: string }> | undefined {
  const tags = Object.entries(manager.tagValues());
  return tags.length === 0 ? undefined : tags.map(([Key, Value]) => ({ Key, Value }));
}
