import { TagManager } from 'aws-cdk-lib/core';

/** Without the members that are not set; nothing, if none is. */
export function prune(record: Record<string, unknown>): Record<string, unknown> | undefined {
  const set = Object.entries(record).filter(([, value]) => value !== undefined);
  return set.length > 0 ? Object.fromEntries(set) : undefined;
}

/** Tags as the API has them, for resources that the CDK does not render itself. */
export function renderTags(manager: TagManager): Array<{ Key: string; Value: string }> | undefined {
  const tags = Object.entries(manager.tagValues());
  return tags.length === 0 ? undefined : tags.map(([Key, Value]) => ({ Key, Value }));
}
