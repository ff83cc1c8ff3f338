import { isDeepStrictEqual } from 'util';
import { activeIds, outputsOf, resourceOf } from './engine/deployment';
import { changedProperties } from './engine/steps';
import { attributeOf, isCustom, Known, scopeOf } from './scope';
import { replacement } from './spec';
import { Definition, Resource, Stack } from './stack';
import { isUnknown, KNOWN_AFTER_APPLY } from './template/intrinsics';
import { needs } from './template/references';

/** One resource's change, as a change set lists it. */
export interface ResourceChange {
  readonly Action: 'Add' | 'Modify' | 'Remove';
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly Replacement?: 'True' | 'False' | 'Conditional';
  readonly PolicyAction?: string;
  readonly Scope: string[];
  readonly Details: unknown[];
}

/** A change set. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stack: Stack;
  readonly definition: Definition;
  /** The stack's definition at the time of the change set. */
  readonly base: Definition;
  readonly changes: readonly ResourceChange[];
  readonly type: 'CREATE' | 'UPDATE';
  readonly input: any;
  readonly created: Date;
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  readonly reason?: string;
  executionStatus: string;
}

/** The changes that a definition would make in a stack, as far as they are known before the deployment. */
export function changesOf(
  stack: Stack, definition: Definition, room: { importValue(name: string): string },
): { readonly changes: ResourceChange[]; readonly any: boolean } {
  const foreseen = new Map<string, ResourceChange>();
  const existing = (logicalId: string) => {
    const resource = stack.resources.get(logicalId);
    return resource?.physicalId === undefined || resource.status === 'CREATE_FAILED' ? undefined : resource;
  };
  const known: Known = {
    ref: (logicalId) => {
      const resource = existing(logicalId);
      const change = foreseen.get(logicalId);
      return !resource || change?.Replacement === 'True' || (change && isCustom(resource.type)) ? KNOWN_AFTER_APPLY : resource.physicalId;
    },
    attribute: (logicalId, name) => {
      const resource = existing(logicalId);
      // If one is missing, the deployment fails on it.
      const settled = resource && !foreseen.get(logicalId)?.Scope.includes('Properties');
      return (settled ? attributeOf(resource, name) : undefined) ?? KNOWN_AFTER_APPLY;
    },
  };
  const scope = scopeOf(stack, definition, known, (name) => room.importValue(name));
  const active = activeIds(definition, scope);
  for (const logicalId of inOrder(active, definition)) {
    const change = changeOf(existing(logicalId), resourceOf(definition, scope, logicalId));
    if (change) { foreseen.set(logicalId, change); }
  }
  const removed = [...stack.resources.values()].filter(({ logicalId }) => !active.includes(logicalId)).map((resource): ResourceChange => ({
    Action: 'Remove',
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Scope: [],
    Details: [],
    PolicyAction: /^Retain/.test(resource.deletionPolicy ?? '') ? 'Retain' : 'Delete',
  }));
  const changes = [...active.flatMap((id) => foreseen.get(id) ?? []), ...removed];
  const others = !isDeepStrictEqual(definition.tags, stack.definition.tags) || !isDeepStrictEqual(outputsOf(definition, scope), stack.outputs);
  return { changes, any: changes.length > 0 || others || stack.paused };
}

function inOrder(active: readonly string[], definition: Definition): string[] {
  const ordered = new Set<string>();
  const visit = (logicalId: string) => {
    if (ordered.has(logicalId)) { return; }
    needs(definition.template, definition.template.Resources[logicalId]).forEach(visit);
    ordered.add(logicalId);
  };
  active.forEach(visit);
  return [...ordered].filter((id) => active.includes(id));
}

function changeOf(current: Resource | undefined, next: Resource): ResourceChange | undefined {
  const common = { LogicalResourceId: next.logicalId, ResourceType: next.type };
  if (!current) { return { ...common, Action: 'Add', Scope: [], Details: [] }; }
  const properties = changedProperties(current.attempted ?? current.properties, next.properties);
  const detail = (Attribute: string, Name?: string) => {
    const dynamic = Name !== undefined && isUnknown(next.properties[Name]);
    const replaces = Name === undefined || isCustom(next.type) ? 'no' : replacement(next.type, Name);
    return {
      Target: { Attribute, Name, RequiresRecreation: { yes: 'Always', no: 'Never', maybe: 'Conditionally' }[replaces] },
      Evaluation: dynamic ? 'Dynamic' : 'Static',
      ChangeSource: dynamic ? 'ResourceAttribute' : 'DirectModification',
    };
  };
  const about = (['Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'] as const).filter((name) => {
    const key = `${name[0].toLowerCase()}${name.slice(1)}` as 'metadata' | 'deletionPolicy' | 'updateReplacePolicy';
    return !isDeepStrictEqual(current[key], next[key]);
  });
  const tags = isDeepStrictEqual(current.tags, next.tags) ? [] : ['Tags'];
  if (properties.length === 0 && about.length === 0 && tags.length === 0 && current.status !== 'UPDATE_FAILED') { return undefined; }
  const details = [...properties.map((name) => detail('Properties', name)), ...[...about, ...tags].map((name) => detail(name))];
  const replaces = details.filter(({ Target }) => Target.RequiresRecreation === 'Always');
  const Replacement = replaces.some(({ Evaluation }) => Evaluation === 'Static') ? 'True'
    : details.some(({ Target }) => Target.RequiresRecreation !== 'Never') ? 'Conditional' : 'False';
  const retained = /^Retain/.test(current.updateReplacePolicy ?? '');
  return {
    ...common,
    Action: 'Modify',
    PhysicalResourceId: current.physicalId,
    Replacement,
    PolicyAction: Replacement === 'True' ? retained ? 'ReplaceAndRetain' : 'ReplaceAndDelete' : undefined,
    Scope: [...properties.length > 0 ? ['Properties'] : [], ...about, ...tags],
    Details: details,
  };
}
