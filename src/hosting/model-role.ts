import { createHash } from 'crypto';
import { IGrantable, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { permit, serviceRole, statementsFor, TELEMETRY } from '../common/iam';

/** A role for containers: it may read what they are made of, and log and measure as SageMaker's endpoints do. */
export function modelRole(scope: Construct, grantReadArtifacts: (grantee: IGrantable) => void): IRole {
  const role = serviceRole(scope, 'Role', 'sagemaker', 'Runs the containers of a SageMaker model');
  grantUntilReplaced(role, grantReadArtifacts, TELEMETRY);
  return role;
}

/**
 * Grants by a policy whose id follows from what it grants. Other artifacts are another policy: CloudFormation makes it before the new model, and deletes the
 * old one after the endpoint has moved over. A policy changed in place would take the old artifacts from an endpoint that still scales out with them.
 */
export function grantUntilReplaced(role: IRole, grant: (grantee: IGrantable) => void, always: readonly PolicyStatement[] = []): void {
  const statements = statementsFor(role, grant);
  if (statements.length + always.length === 0) { return; }
  const content = JSON.stringify(distinct(statements).map((statement) => withoutTokens(role, statement)));
  const id = `Artifacts${createHash('sha256').update(content).digest('hex').slice(0, 8)}`;
  // Models that are made of the same one have its role, and mostly read the same.
  if (!role.node.tryFindChild(id)) { permit(role, id, [...always, ...statements]); }
}

/** Statements as IAM has them, each once. */
function distinct(statements: readonly PolicyStatement[]): object[] {
  const rendered = statements.map((statement): object => statement.toStatementJson());
  return [...new Map(rendered.map((statement) => [JSON.stringify(statement), statement])).values()];
}

/** As the template will have it, where it is always the same. A part without tokens is left as it is: there are hundreds to go through. */
function withoutTokens(scope: Construct, statement: object): object {
  return Object.fromEntries(Object.entries(statement)
    .map(([name, part]) => [name, /Token\[|unresolved-token/.test(JSON.stringify(part)) ? Stack.of(scope).resolve(part) : part]));
}
