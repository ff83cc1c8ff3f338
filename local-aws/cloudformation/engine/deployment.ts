import { isDeepStrictEqual } from 'util';
import { cleanUp, keeps, removeStack } from './removal';
import { rollBack } from './rollback';
import { changedProperties, Steps } from './steps';
import { walk } from './walk';
import { ResourceProvider } from '../../kernel';
import { asTheyAre, isCustom, Known, scopeOf } from '../scope';
import { takesStackTags } from '../spec';
import { Definition, DeploymentMode, Output, Resource, Stack } from '../stack';
import { condition, resolveValue, Scope } from '../template/intrinsics';
import { needs } from '../template/references';

export interface DeployOptions {
  readonly onFailure?: 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';
  readonly retainExceptOnCreate?: boolean;
  readonly mode?: DeploymentMode;
}

/** The Region's services that a deployment uses. */
export interface Surroundings {
  readonly providerOf: (type: string) => ResourceProvider;
  /** The value of another stack's export. */
  importValue(name: string): string;
  /** Refuses outputs that would remove an export in use, or use another stack's export name. */
  checkExports(stack: Stack, outputs: readonly Output[]): void;
  /** Ends the waits of a stack: answers of custom resources, nested stacks. */
  interrupt(stack: Stack): void;
}

/** The active resources of a definition, resolved as far as `known` allows. */
export function resourceOf(definition: Definition, scope: Scope, logicalId: string): Resource {
  const written = definition.template.Resources[logicalId];
  const properties = resolveValue<Record<string, any>>(written.Properties ?? {}, scope);
  return {
    logicalId,
    type: written.Type,
    attributes: {},
    status: '',
    needs: needs(definition.template, written),
    properties: isCustom(written.Type) ? asStrings(properties) : properties,
    deletionPolicy: written.DeletionPolicy,
    updateReplacePolicy: written.UpdateReplacePolicy,
    metadata: written.Metadata,
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html
    tags: Object.keys(definition.tags).length > 0 && takesStackTags(written.Type) ? definition.tags : undefined,
  };
}

/** The logical ids of a definition whose conditions hold: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html */
export function activeIds({ template }: Definition, scope: Scope): string[] {
  return Object.entries(template.Resources).filter(([, { Condition }]) => Condition === undefined || condition(Condition, scope)).map(([id]) => id);
}

/** The outputs whose conditions hold: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html */
export function outputsOf({ template }: Definition, scope: Scope): Output[] {
  return Object.entries(template.Outputs).filter(([, { Condition }]) => Condition === undefined || condition(Condition, scope))
    .map(([key, { Value, Description, Export }]) => ({
      key, value: String(resolveValue(Value, scope)), description: Description, exportName: Export && String(resolveValue(Export.Name, scope)),
    }));
}

// No page of AWS says it: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1037
function asStrings(value: any): any {
  if (Array.isArray(value)) { return value.map(asStrings); }
  return typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asStrings(member)])) : String(value);
}

/** Deploys a definition to a stack, and rolls back on failure. Called with the clock held; every failure ends as a status. */
export async function deploy(stack: Stack, target: Definition, around: Surroundings, options: DeployOptions = {}): Promise<void> {
  const verb = stack.status === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE';
  const steps = new Steps(stack, around.providerOf);
  // A paused operation keeps its baseline, and so does one whose clean-up is still to come.
  if (verb === 'UPDATE' && !stack.paused) {
    stack.baseline ??= { definition: stack.definition, resources: new Map(stack.resources), outputs: stack.outputs, imports: new Set(stack.imports) };
  }
  stack.preserves = stack.parent ? stack.parent.preserves : options.onFailure === 'DO_NOTHING';
  stack.mode = options.mode ?? 'STANDARD';
  stack.cleanUp = undefined;
  stack.definition = target;
  stack.cancelled = undefined;
  const usedBefore = stack.imports;
  stack.imports = new Set();
  stack.setStatus(`${verb}_IN_PROGRESS`, 'User Initiated');
  const scope = liveScope(stack, target, asTheyAre(stack), around);
  const problem = await apply(stack, target, scope, steps, around) ?? await finish(stack, target, scope, steps, around, verb);
  if (problem === undefined) { return; }
  usedBefore.forEach((name) => stack.imports.add(name));
  if (stack.cancelled === 'delete') { return; }
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (OnFailure)
  if (options.onFailure === 'DO_NOTHING') {
    stack.setStatus(`${verb}_FAILED`, problem);
  } else if (options.onFailure === 'DELETE' && verb === 'CREATE') {
    await removeStack(stack, steps, []);
  } else {
    await rollBack(stack, steps, verb === 'CREATE' ? `${problem}Rollback requested by user.` : problem, options);
  }
}

/** The values of a stack during its deployment. It records the exports of other stacks that it uses. */
export function liveScope(stack: Stack, target: Definition, known: Known, around: Pick<Surroundings, 'importValue'>): Scope {
  return scopeOf(stack, target, known, (name) => {
    const value = around.importValue(name);
    stack.imports.add(name);
    return value;
  });
}

async function apply(
  stack: Stack, target: Definition, scope: Scope, steps: Steps, around: Surroundings,
): Promise<string | undefined> {
  const failed: string[] = [];
  const graph = new Map(activeIds(target, scope).map((id) => [id, needs(target.template, target.template.Resources[id])]));
  await walk(stack.region.clock, graph, async (id) => {
    try {
      await step(stack, target, scope, steps, id);
    } catch (error) {
      failed.push(id);
      // The first failure ends the waits of its siblings; other work continues to its end. Without rollback, each path continues to its own failure:
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
      if (failed.length === 1 && !stack.preserves) { around.interrupt(stack); }
      throw error;
    }
  }, () => (stack.preserves || failed.length === 0) && !stack.cancelled);
  const created = failed.filter((id) => stack.resources.get(id)?.status === 'CREATE_FAILED');
  const updated = failed.filter((id) => !created.includes(id));
  const sentence = (verb: string, ids: string[]) => ids.length > 0 ? `The following resource(s) failed to ${verb}: [${ids.join(', ')}]. ` : '';
  if (stack.cancelled === 'update') { return 'User Initiated'; }
  return `${sentence('create', created)}${sentence('update', updated)}` || (stack.cancelled ? 'User Initiated' : undefined);
}

async function step(stack: Stack, target: Definition, scope: Scope, steps: Steps, id: string): Promise<void> {
  const current = stack.resources.get(id);
  const making = current === undefined || current.physicalId === undefined || current.status === 'CREATE_FAILED';
  let next: Resource;
  try {
    next = resourceOf(target, scope, id);
  } catch (error) {
    const written = target.template.Resources[id];
    const known = current ?? { logicalId: id, type: written.Type, attributes: {}, properties: {}, needs: needs(target.template, written) };
    stack.put({ ...known, status: making ? 'CREATE_FAILED' : 'UPDATE_FAILED', reason: (error as Error).message });
    throw error;
  }
  if (making) {
    if (current?.physicalId !== undefined) { await steps.clear(current); }
    await steps.create(next);
  } else if (current.attempted !== undefined || changedProperties(current.properties, next.properties).length > 0 || current.type !== next.type
    || !isDeepStrictEqual(current.tags, next.tags)) {
    await steps.update(current, next);
  } else {
    // The resource is unchanged: only its other attributes in the template may be new.
    const { needs: needed, deletionPolicy, updateReplacePolicy, metadata } = next;
    const same = { ...current, needs: needed, deletionPolicy, updateReplacePolicy, metadata };
    if (current.status === 'UPDATE_FAILED') { stack.put({ ...same, status: 'UPDATE_COMPLETE', reason: undefined }); } else { stack.resources.set(id, same); }
  }
}

async function finish(stack: Stack, target: Definition, scope: Scope, steps: Steps, around: Surroundings, verb: string): Promise<string | undefined> {
  try {
    const outputs = outputsOf(target, scope);
    around.checkExports(stack, outputs);
    stack.outputs = outputs;
  } catch (error) {
    return (error as Error).message;
  }
  if (verb === 'CREATE') {
    stack.setStatus('CREATE_COMPLETE');
    return undefined;
  }
  const active = new Set(activeIds(target, scope));
  const gone = [...stack.resources.values()].filter(({ logicalId }) => !active.has(logicalId));
  await cleanUp(stack, steps, 'UPDATE_COMPLETE', () => ({
    // A later update of a paused stack may have restored a resource that was put aside.
    doomed: [...stack.superseded, ...stack.newcomers].filter((resource) => !stack.holds(resource)),
    gone,
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
    keep: (resource) => keeps(gone.includes(resource) ? resource.deletionPolicy : resource.updateReplacePolicy, false),
  }));
  return undefined;
}
