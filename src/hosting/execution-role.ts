import { createHash } from 'crypto';
import {
  AddToPrincipalPolicyResult, IGrantable, IPrincipal, IRole, PolicyStatement, PrincipalBase, PrincipalPolicyFragment,
} from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct, DependencyGroup } from 'constructs';
import { arn } from '../common/arns';
import { permit, serviceRole } from '../common/service-role';
import { renderStatements } from '../common/statements';
import { onAnyResource } from '../common/without-resource';

/** A role for containers: it may read what they are made of, and log and measure as SageMaker's endpoints do. */
export function modelRole(scope: Construct, grantReadArtifacts: (grantee: IGrantable) => void): IRole {
  const role = serviceRole(scope, 'Role', { description: 'Runs the containers of a SageMaker model', service: 'sagemaker' });
  grantUntilReplaced(role, grantReadArtifacts, TELEMETRY);
  return role;
}

/**
 * Grants by a policy whose id follows from what it grants. Other artifacts are another policy: it comes before the new model and the old one goes
 * after the endpoint has moved over. A policy changed in place would take the old artifacts from an endpoint that still scales out with them.
 */
export function grantUntilReplaced(role: IRole, grant: (grantee: IGrantable) => void, always: readonly PolicyStatement[] = []): void {
  const statements = statementsFor(role, grant);
  if (statements.length + always.length === 0) { return; }
  const content = JSON.stringify(renderStatements(statements).map((statement) => withoutTokens(role, statement)));
  const id = `Artifacts${createHash('sha256').update(content).digest('hex').slice(0, 8)}`;
  // Models that are made of the same one have its role, and mostly read the same.
  if (!role.node.tryFindChild(id)) { permit(role, id, [...always, ...statements]); }
}

/** As the template will have it, where it is always the same. What has no tokens is left as it is: there are hundreds to go through. */
function withoutTokens(scope: Construct, statement: object): object {
  return Object.fromEntries(Object.entries(statement)
    .map(([name, part]) => [name, /Token\[|unresolved-token/.test(JSON.stringify(part)) ? Stack.of(scope).resolve(part) : part]));
}

/** What is granted to a role, without giving it the grants. */
export function statementsFor(role: IRole, grant: (grantee: IPrincipal) => void): PolicyStatement[] {
  const collector = new StatementCollector(role);
  grant(collector);
  return collector.statements;
}

/** Takes statements in a role's place, as the role for whatever names it. */
class StatementCollector extends PrincipalBase {
  public readonly statements: PolicyStatement[] = [];
  /** Without it, what is granted of a resource with a policy would stand in that policy, too. */
  public readonly principalAccount: string | undefined;

  constructor(private readonly role: IRole) {
    super();
    this.principalAccount = role.principalAccount;
  }

  public get policyFragment(): PrincipalPolicyFragment {
    return this.role.policyFragment;
  }

  public addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.statements.push(statement);
    return { statementAdded: true, policyDependable: new DependencyGroup() };
  }

  public dedupeString(): string | undefined {
    return undefined;
  }
}

/** Logs and metrics of SageMaker's own namespaces. */
export const TELEMETRY: readonly PolicyStatement[] = [
  new PolicyStatement({
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [arn('logs', 'log-group:', '/aws/sagemaker/*')],
  }),
  new PolicyStatement({
    ...onAnyResource('cloudwatch:PutMetricData'),
    conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
  }),
];
