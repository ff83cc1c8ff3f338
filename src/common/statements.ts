import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Grants what is the same for whoever it is granted to: such statements are made, and rendered, once. */
export function grantStatements({ grantPrincipal }: IGrantable, statements: readonly PolicyStatement[]): void {
  statements.forEach((statement) => grantPrincipal.addToPrincipalPolicy(statement));
}

/** Statements as IAM has them, each once. */
export function renderStatements(statements: readonly PolicyStatement[]): object[] {
  const distinct = new Map(statements.map(rendered).map((statement) => [JSON.stringify(statement), statement]));
  return [...distinct.values()];
}

const RENDERED = new WeakMap<PolicyStatement, object>();

function rendered(statement: PolicyStatement): object {
  const json: object = RENDERED.get(statement) ?? statement.toStatementJson();
  RENDERED.set(statement, json);
  return json;
}
