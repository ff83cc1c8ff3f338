import { createHash } from 'crypto';
import {
  AddToPrincipalPolicyResult, IGrantable, Policy, PolicyStatement, PrincipalBase, PrincipalPolicyFragment, Role, ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Aws, Stack } from 'aws-cdk-lib/core';
import { Construct, DependencyGroup } from 'constructs';

import { onAnyResource } from './without-resource';

/** A role for containers: it may read what they are made of, and log and measure as SageMaker's endpoints do. */
export function modelRole(scope: Construct, grantReadArtifacts: (grantee: IGrantable) => void): Role {
  const role = new Role(scope, 'Role', {
    description: 'Runs the containers of a SageMaker model',
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
  });
  allowTelemetry(role);
  grantUntilReplaced(role, grantReadArtifacts);
  return role;
}

/**
 * Grants by a policy whose id follows from what it grants. Other artifacts are another policy: it comes before the new model and the old one goes
 * after the endpoint has moved over. A policy changed in place would take the old artifacts from an endpoint that still scales out with them.
 */
export function grantUntilReplaced(role: Role, grant: (grantee: IGrantable) => void): void {
  const collector = new StatementCollector(role);
  grant(collector);
  if (collector.statements.length === 0) { return; }
  const content = JSON.stringify(Stack.of(role).resolve(collector.statements.map((statement) => statement.toStatementJson())));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  new Policy(role, `Artifacts${hash}`, { roles: [role], statements: collector.statements });
}

/** Takes statements in a role's place, as the role for whatever names it. */
class StatementCollector extends PrincipalBase {
  public readonly statements: PolicyStatement[] = [];

  constructor(private readonly role: Role) {
    super();
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
export function allowTelemetry(role: Role): void {
  role.addToPolicy(new PolicyStatement({
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:/aws/sagemaker/*`],
  }));
  role.addToPolicy(new PolicyStatement({
    ...onAnyResource('cloudwatch:PutMetricData'),
    conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
  }));
}
