import { CfnManagedPolicy, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';

/** A wildcard of a policy, as cdk-nag names it, with the actions that are allowed there. */
export interface Wildcard {
  /** The id of the finding: `Action::<action>` or `Resource::<resource>`. */
  readonly id: string;
  readonly actions: readonly string[];
}

interface Statement { readonly Effect: string; readonly Action?: string | string[]; readonly Resource?: unknown }

/** The wildcards of a role's inline policies, or of a policy. Other constructs have none. */
export function wildcardsOf(construct: IConstruct): Wildcard[] {
  const found = new Map<string, string[]>();
  const enter = (id: string, actions: string[]) => { found.set(id, [...found.get(id) ?? [], ...actions]); };
  for (const { Effect, Action, Resource } of statementsOf(construct)) {
    if (Effect !== 'Allow') { continue; }
    const actions = listOf(Action);
    actions.filter((action) => action.includes('*')).forEach((action) => enter(`Action::${action}`, [action]));
    listOf(Resource).map(flattened).filter((resource) => resource.includes('*')).forEach((resource) => enter(`Resource::${resource}`, actions));
  }
  return [...found].map(([id, actions]) => ({ id, actions }));
}

/**
 * A wildcard's id as a person reads it: an ARN of the stack's own account and Region from its service on, `<stack>` for the prefix of the stack's names,
 * and `<jobs>` for that of the jobs' names.
 */
export function readable(id: string): string {
  const [, kind, resource] = /^(\w+::)(.*)$/s.exec(id)!;
  const text = resource.startsWith('[') ? substituted(JSON.parse(resource)) : resource;
  return kind + text.split(STACK).join('<stack>').replace(/\/[0-9a-f]{8}-\*$/, '/<jobs>-*').replace(/^arn:(<AWS::Partition>|[\w-]+):/, '')
    .replace(/:(<AWS::Region>|[a-z]+(?:-[a-z]+)+-\d):(<AWS::AccountId>|\d{12}):/, ':');
}

const STACK = JSON.stringify({ 'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }] });

function statementsOf(construct: IConstruct): Statement[] {
  const resolve = (value: unknown) => Stack.of(construct).resolve(value);
  if (CfnRole.isCfnRole(construct)) {
    return listOf(resolve(construct.policies)).flatMap((policy: any) => listOf(resolve(policy.policyDocument).Statement));
  }
  const isPolicy = CfnPolicy.isCfnPolicy(construct) || CfnManagedPolicy.isCfnManagedPolicy(construct);
  return isPolicy ? listOf(resolve(construct.policyDocument).Statement) : [];
}

function listOf<T>(given: T | T[] | undefined): T[] {
  return given === undefined ? [] : Array.isArray(given) ? given : [given];
}

/** The text that cdk-nag makes of a reference. A test compares both. */
function flattened(value: any): string {
  if (typeof value === 'string') { return value.split('${').join('<').split('}').join('>'); }
  const [[name, inner]] = Object.entries<any>(value);
  switch (name) {
    case 'Fn::Join': return inner[1].map(flattened).join(inner[0]);
    case 'Fn::Sub': return flattened(inner);
    case 'Fn::GetAtt': return `<${inner.map(flattened).join('.')}>`;
    case 'Fn::ImportValue': return flattened(inner);
    case 'Ref': return `<${flattened(inner)}>`;
    default: return JSON.stringify(value);
  }
}

/** What `Fn::Sub` makes of a text and what goes into it. */
function substituted([text, values]: [string, Record<string, any>]): string {
  const written = (value: any) => (typeof value === 'string' ? value : JSON.stringify(value));
  const filled = (name: string) => [values[name]['Fn::Join']?.[1] ?? values[name]].flat().map(written).join('');
  return text.replace(/\$\{([^}]+)\}/g, (_found, name) => (name in values ? filled(name) : `<${name}>`));
}
