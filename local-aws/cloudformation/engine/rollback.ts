import { cleanUp, keepAside, keeps, removeAll } from './removal';
import { Steps } from './steps';
import { walk } from './walk';
import { Resource, Stack } from '../stack';

export interface RollbackOptions {
  readonly retainExceptOnCreate?: boolean;
  /** Logical ids that ContinueUpdateRollback skips. */
  readonly skip?: readonly string[];
}

/**
 * Undoes a failed operation: back to the baseline, or to nothing if there is none:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html
 */
export async function rollBack(stack: Stack, steps: Steps, reason: string | undefined, options: RollbackOptions = {}): Promise<void> {
  stack.cleanUp = undefined;
  await (stack.baseline ? undoUpdate : undoCreate)(stack, steps, reason, options);
}

async function undoCreate(stack: Stack, steps: Steps, reason: string | undefined, { retainExceptOnCreate }: RollbackOptions): Promise<void> {
  stack.setStatus('ROLLBACK_IN_PROGRESS', reason);
  const made = [...stack.superseded, ...stack.newcomers, ...stack.resources.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
  const { failed, left } = await removeAll(stack, steps, made, ({ deletionPolicy }) => keeps(deletionPolicy, true, retainExceptOnCreate));
  keepAside(stack, left);
  stack.outputs = [];
  stack.imports.clear();
  if (failed.length > 0) { stack.setStatus('ROLLBACK_FAILED', `The following resource(s) failed to delete: [${failed.join(', ')}]. `); } else { stack.setStatus('ROLLBACK_COMPLETE'); }
}

async function undoUpdate(stack: Stack, steps: Steps, reason: string | undefined, options: RollbackOptions): Promise<void> {
  const { definition, resources, outputs, imports } = stack.baseline!;
  stack.setStatus('UPDATE_ROLLBACK_IN_PROGRESS', reason);
  stack.definition = definition;
  const failed: string[] = [];
  await walk(stack.region.clock, new Map([...resources].map(([id, { needs }]) => [id, needs])), async (id) => {
    const old = resources.get(id)!;
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html (ResourcesToSkip)
    if (options.skip?.includes(id)) {
      stack.put({ ...old, status: 'UPDATE_COMPLETE', reason: 'Resource skipped during UpdateRollback' });
      return;
    }
    await steps.restore(stack.resources.get(id) ?? old, old).catch((error) => {
      failed.push(id);
      throw error;
    });
  });
  stack.unrestored = failed;
  if (failed.length > 0) {
    stack.setStatus('UPDATE_ROLLBACK_FAILED', `The following resource(s) failed to update: [${failed.join(', ')}]. `);
    return;
  }
  stack.outputs = outputs;
  stack.imports = new Set(imports);
  const isOld = ({ logicalId, physicalId }: Resource) => resources.get(logicalId)?.physicalId === physicalId;
  await cleanUp(stack, steps, 'UPDATE_ROLLBACK_COMPLETE', () => ({
    // A resource that the rollback restored is no longer put aside, and several updates may have put aside more.
    doomed: [...stack.newcomers, ...stack.superseded.filter((resource) => !isOld(resource))].filter((resource) => !stack.holds(resource)),
    gone: [...stack.resources.values()].filter(({ logicalId }) => !resources.has(logicalId)),
    keep: ({ deletionPolicy }) => keeps(deletionPolicy, true, options.retainExceptOnCreate),
  }));
}
