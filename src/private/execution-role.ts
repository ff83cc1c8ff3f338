import { createHash } from 'crypto';
import {
  AddToPrincipalPolicyResult, IGrantable, Policy, PolicyStatement, PrincipalBase, PrincipalPolicyFragment, Role, ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct, DependencyGroup } from 'constructs';
import { arn } from './arns';
import { onAnyResource } from './without-resource';

/** A role for containers: it may read what they are made of, and log and measure as SageMaker's endpoints do. */
export function modelRole(scope: Construct, grantReadArtifacts: (grantee: IGrantable) => void): Role {
  const role = new Role(scope, 'Role', {
    description: 'Runs the containers of a SageMaker model',
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
  });
  grantUntilReplaced(role, grantReadArtifacts, telemetry());
  return role;
}

/**
 * Grants by a policy whose id follows from what it grants. Other artifacts are another policy: it comes before the new model and the old one goes
 * after the endpoint has moved over. A policy changed in place would take the old artifacts from an endpoint that still scales out with them.
 */
export function grantUntilReplaced(role: Role, grant: (grantee: IGrantable) => void, always: PolicyStatement[] = []): void {
  const collector = new StatementCollector(role);
  grant(collector);
  const { statements } = collector;
  if (statements.length + always.length === 0) { return; }
  const content = JSON.stringify(Stack.of(role).resolve(statements.map((statement) => statement.toStatementJson())));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  new Policy(role, `Artifacts${hash}`, { roles: [role], statements: [...always, ...statements] });
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
  telemetry().forEach((statement) => role.addToPolicy(statement));
}

function telemetry(): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [arn('logs', 'log-group:', '/aws/sagemaker/*')],
    }),
    new PolicyStatement({
      ...onAnyResource('cloudwatch:PutMetricData'),
      conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
    }),
  ];
}
