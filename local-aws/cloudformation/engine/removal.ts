import { Steps } from './steps';
import { walk } from './walk';
import { Resource, Stack } from '../stack';

const ATTEMPTS = 3;

/**
 * Whether a resource's policy keeps its physical resource. A resource that the undone operation created may be an exception:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export function keeps(policy: string | undefined, undone: boolean, retainExceptOnCreate = false): boolean {
  return policy === 'Retain' ? !(undone && retainExceptOnCreate) : policy === 'RetainExceptOnCreate' && !undone;
}

export interface Removed {
  /** Logical ids of the resources that could not be deleted. */
  readonly failed: readonly string[];
  /** Those resources, and the ones that depend on them. */
  readonly left: readonly Resource[];
}

/**
 * Deletes physical resources, each after its dependents:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
 */
export async function removeAll(
  stack: Stack, steps: Steps, doomed: readonly Resource[], keep: (resource: Resource) => boolean, attempts = 1,
): Promise<Removed> {
  const failed: string[] = [];
  const left = new Set(doomed);
  const dependants = doomed.map(({ logicalId }, index): [string, string[]] => [
    String(index), doomed.flatMap(({ needs }, other) => needs.includes(logicalId) ? [String(other)] : []),
  ]);
  await walk(stack.region.clock, new Map(dependants), async (index) => {
    const resource = doomed[Number(index)];
    for (let attempt = 1; left.has(resource) && attempt <= attempts; attempt++) {
      if (await steps.delete(resource, keep(resource))) { left.delete(resource); }
    }
    if (left.has(resource)) {
      failed.push(resource.logicalId);
      throw new Error('The deletion failed, so the resources that it needs stay.');
    }
  });
  return { failed, left: [...left] };
}

/** Puts undeleted resources aside for the next try, if the stack no longer has them. */
export function keepAside(stack: Stack, left: readonly Resource[]): void {
  stack.superseded = left.filter((resource) => !stack.holds(resource));
  stack.newcomers = [];
}

/**
 * Deletes a whole stack. After a failed deletion, the next one can retain those resources:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-delete-stack-fails
 */
export async function removeStack(stack: Stack, steps: Steps, retained: readonly string[]): Promise<void> {
  stack.cleanUp = undefined;
  stack.setStatus('DELETE_IN_PROGRESS', 'User Initiated');
  const living = [...stack.superseded, ...stack.newcomers, ...stack.resources.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
  const keep = ({ logicalId, deletionPolicy }: Resource) => retained.includes(logicalId) || keeps(deletionPolicy, false);
  const { failed, left } = await removeAll(stack, steps, living, keep);
  keepAside(stack, left);
  if (failed.length > 0) {
    stack.setStatus('DELETE_FAILED', `The following resource(s) failed to delete: [${failed.join(', ')}]. `);
    return;
  }
  stack.outputs = [];
  stack.imports.clear();
  stack.setStatus('DELETE_COMPLETE');
  stack.deletionTime = stack.events[stack.events.length - 1].timestamp;
}

/** The resources that a clean-up deletes, and those among them that policies keep. */
export interface Leftovers {
  /** Physical resources that the stack no longer has, or has under other ids. */
  readonly doomed: readonly Resource[];
  /** Logical resources that the stack no longer has. */
  readonly gone: readonly Resource[];
  readonly keep: (resource: Resource) => boolean;
}

/**
 * Ends an update or its rollback: deletes the leftovers. A resource that three attempts cannot delete leaves the stack without failing it:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-monitor-stack.html
 * Nested stacks wait for all others of their tree, so that each can still roll back:
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
