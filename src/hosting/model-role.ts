import { IAlarmRef } from 'aws-cdk-lib/aws-cloudwatch';
import { IGrantable, IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ours, serviceRole, statementsFor, TELEMETRY } from '../common/iam';
import { permit } from '../common/policies';
import { digest } from '../contract/job-name';

/** Creates a role for containers: it may read their artifacts, write logs and publish metrics. */
export function modelRole(scope: Construct, grantReadArtifacts: (grantee: IGrantable) => void): IRole {
  // When: a `Model` is given no `role`, and is no copy of a benchmarked model.
  const role = serviceRole(scope, 'Role', 'sagemaker', 'Runs the containers of a SageMaker model');
  grantUntilReplaced(role, grantReadArtifacts, TELEMETRY);
  return role;
}

/**
 * Grants through a policy whose id is a hash of its statements. If the artifacts change, CloudFormation creates a new policy before the new model
 * and deletes the old one after the endpoint has moved. An update in place would deny the old artifacts to an endpoint that still scales out with them.
 */
export function grantUntilReplaced(role: IRole, grant: (grantee: IGrantable) => void, always: readonly PolicyStatement[] = []): void {
  const statements = statementsFor(role, grant);
  if (statements.length + always.length === 0) { return; }
  const id = replaceable(role, statements);
  // Models that copy the same benchmarked model share its role, and usually read the same artifacts.
  if (!role.node.tryFindChild(id)) { permit(role, id, [...always, ...statements]); }
}

/**
 * The same for a construct that uses the role of another stack: the policy is in the construct's own stack, which depends on the role's. In the role's stack,
 * the policy would make that stack depend on what it names. The construct's resource must wait for the policy.
 */
export function grantFromAfar(role: IRole, user: Construct, grant: (grantee: IGrantable) => void): Policy | undefined {
  const statements = statementsFor(role, grant);
  return statements.length === 0 ? undefined : ours(new Policy(user, replaceable(user, statements), { statements, roles: [role] }));
}

export function isAfar(role: IRole, user: Construct): boolean {
  return Stack.of(role) !== Stack.of(user);
}

/** Lets the service look at alarms. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html */
export function watchAlarms({ grantPrincipal }: IGrantable, alarms: readonly IAlarmRef[]): void {
  for (const { alarmRef } of alarms) {
    // Reason: the service looks at the alarms that roll a deployment back.
    grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: [alarmRef.alarmArn] }));
  }
}

function replaceable(scope: Construct, statements: readonly PolicyStatement[]): string {
  const content = JSON.stringify(distinct(statements).map((statement) => withoutTokens(scope, statement)));
  return `Artifacts${digest(content, 8)}`;
}

/** The statements in IAM's form, without duplicates. */
function distinct(statements: readonly PolicyStatement[]): object[] {
  const rendered = statements.map((statement): object => statement.toStatementJson());
  return [...new Map(rendered.map((statement) => [JSON.stringify(statement), statement])).values()];
}

/** Resolves tokens to their form in the template, where they are stable. It skips parts without tokens because there can be hundreds of parts. */
function withoutTokens(scope: Construct, statement: object): object {
  return Object.fromEntries(Object.entries(statement)
    .map(([name, part]) => [name, /Token\[|unresolved-token/.test(JSON.stringify(part)) ? Stack.of(scope).resolve(part) : part]));
}
