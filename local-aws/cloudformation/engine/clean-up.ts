import { keepAside, removeAll } from './removal';
import { Steps } from './steps';
import { Resource, Stack } from '../stack';

const ATTEMPTS = 3;

/** What a clean-up deletes, and what of it policies keep. */
export interface Leftovers {
  /** Physical resources that the stack has no more, or under other ids. */
  readonly doomed: readonly Resource[];
  /** Logical resources that the stack no longer has. */
  readonly gone: readonly Resource[];
  readonly keep: (resource: Resource) => boolean;
}

/**
 * Ends an update or its rollback: deletes what is left over. What three attempts cannot delete leaves the stack, and does not fail it:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-monitor-stack.html
 * Nested stacks wait for all others of their tree, so that each can still go back:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-nested-stacks-are-stuck
 */
export async function cleanUp(stack: Stack, steps: Steps, status: 'UPDATE_COMPLETE' | 'UPDATE_ROLLBACK_COMPLETE', leftovers: () => Leftovers): Promise<void> {
  stack.setStatus(`${status}_CLEANUP_IN_PROGRESS`);
  stack.cleanUp = async () => {
    for (const child of stack.children) { await child.cleanUp?.(); }
    const { doomed, gone, keep } = leftovers();
    const { failed } = await removeAll(stack, steps, [...doomed, ...gone], keep, ATTEMPTS);
    gone.forEach(({ logicalId }) => stack.resources.delete(logicalId));
    keepAside(stack, []);
    stack.baseline = undefined;
    stack.cleanUp = undefined;
    stack.setStatus(status, failed.length > 0 ? `${status === 'UPDATE_COMPLETE' ? 'Update successful. ' : ''}One or more resources could not be deleted.` : undefined);
  };
  if (!stack.parent) { await stack.cleanUp(); }
}
