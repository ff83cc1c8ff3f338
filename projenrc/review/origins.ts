import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Where the resources of a statement were added: an error knows its stack, and makes the text of it only when somebody reads it. */
export interface Origin {
  readonly resources: readonly string[];
  readonly at: Error;
}

const ORIGINS = new WeakMap<PolicyStatement, Origin[]>();

/** Keeps from now on where each statement comes from. Statements of constants have what their own file says. */
export function keepOrigins(): void {
  Error.stackTraceLimit = 100;
  const { addResources, copy } = PolicyStatement.prototype;
  // The constructor adds the resources, too, and so does what joins two statements.
  PolicyStatement.prototype.addResources = function (...resources) {
    ORIGINS.set(this, [...originsOf(this), { resources, at: new Error() }]);
    return addResources.apply(this, resources);
  };
  PolicyStatement.prototype.copy = function (overrides) {
    const made = copy.call(this, overrides);
    // A copy that is made later has the origin of what it copies.
    ORIGINS.set(made, [...originsOf(this), ...originsOf(made)]);
    return made;
  };
}

export function originsOf(statement: PolicyStatement): readonly Origin[] {
  return ORIGINS.get(statement) ?? [];
}
