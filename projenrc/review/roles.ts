import { App, Stack } from 'aws-cdk-lib';
import { CfnRole, ManagedPolicy, Policy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Remark, remarkOn } from './comments';
import { originsOf } from './origins';

/** Resources of a statement that have one reason. */
export interface Permission {
  readonly actions: readonly string[];
  /** As the template has them. */
  readonly resources: readonly unknown[];
  readonly conditions: unknown;
  readonly reason?: Remark;
  /** Where it is, for whoever writes the reason. */
  readonly stack?: string;
}

/** A role of the library in a stack. */
export interface ReviewedRole {
  readonly description: string;
  readonly assumedBy: unknown;
  readonly when?: Remark;
  readonly stack: Stack;
  readonly logicalId: string;
  readonly permissions: readonly Permission[];
}

/** What the CDK keeps to itself. A test compares what is found here with the template. */
const statementsIn = (document: PolicyDocument): PolicyStatement[] => (document as any).statements;
const inlineOf = (role: Role): PolicyDocument[] => Object.values((role as any).inlinePolicies);
const managedOf = (role: Role): unknown[] => (role as any).managedPolicies;
const rolesOf = (policy: Policy): unknown[] => (policy as any).roles;

/** The roles that the library makes in a synthesized app: those whose creation is in its source. */
export function rolesIn(app: App): ReviewedRole[] {
  const all = app.node.findAll();
  const policies = all.filter((one): one is Policy => one instanceof Policy);
  const shared = all.filter((one): one is ManagedPolicy => one instanceof ManagedPolicy);
  return all.filter((one): one is Role => one instanceof Role && isOurs(one)).map((role) => {
    const stack = Stack.of(role);
    const documents = [
      ...inlineOf(role),
      ...policies.filter((policy) => rolesOf(policy).includes(role)).map(({ document }) => document),
      ...shared.filter((policy) => managedOf(role).includes(policy) || attachedTo(policy, role)).map(({ document }) => document),
    ];
    const [trust] = statementsIn(role.assumeRolePolicy!);
    return {
      description: (role.node.defaultChild as CfnRole).description!,
      assumedBy: stack.resolve(trust.toStatementJson()),
      when: remarkOn(originsOf(trust)[0].at, 'When'),
      stack,
      logicalId: stack.getLogicalId(role.node.defaultChild as CfnRole),
      permissions: documents.flatMap(statementsIn).flatMap((statement) => permissionsOf(stack, statement)),
    };
  });
}

function isOurs(role: Role): boolean {
  const made = originsOf(statementsIn(role.assumeRolePolicy!)[0])[0]?.at.stack ?? '';
  return /\/src\/[^\n]*\.ts:\d/.test(made);
}

function attachedTo(policy: ManagedPolicy, role: Role): boolean {
  return ((policy as any).roles as unknown[]).includes(role);
}

function permissionsOf(stack: Stack, statement: PolicyStatement): Permission[] {
  const { Action, Resource, Condition, Effect, ...others } = stack.resolve(statement.toStatementJson());
  if (Effect !== 'Allow' || Object.keys(others).some((name) => name !== 'Sid')) { throw new Error(`A role has a statement that this page cannot show: ${JSON.stringify({ Effect, ...others })}`); }
  const reasons = originsOf(statement).map(({ resources, at }) => ({ resources: resources.map((one) => JSON.stringify(stack.resolve(one))), at }));
  const byReason = new Map<string, { resources: unknown[]; reason?: Remark; stack?: string }>();
  for (const resource of [Resource].flat()) {
    const origins = reasons.filter(({ resources }) => resources.includes(JSON.stringify(resource)));
    // What was added last is nearest to the reason: a copy has first what it copies.
    const found = origins.map(({ at }) => remarkOn(at, 'Reason')).filter((remark) => remark !== undefined);
    for (const reason of found.length > 0 ? found : [undefined]) {
      const key = reason ? `${reason.file}@${reason.at}` : '';
      const known = byReason.get(key) ?? { resources: [], reason, stack: origins[0]?.at.stack };
      byReason.set(key, { ...known, resources: [...known.resources, resource] });
    }
  }
  return [...byReason.values()].map((one) => ({ ...one, actions: [Action].flat(), conditions: Condition }));
}
