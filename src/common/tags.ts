import { TagManager } from 'aws-cdk-lib/core';

/** Tags as the API has them, for resources that CDK does not render itself. */
export function renderTags(manager: TagManager): Array<{ Key: string; Value: string }> | undefined {
  const tags = Object.entries(manager.tagValues());
  return tags.length === 0 ? undefined : tags.map(([Key, Value]) => ({ Key, Value }));
}
