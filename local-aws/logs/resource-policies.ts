import { AwsError, Operations } from '../kernel';

/** Policies of an account's logs, by their names: what functions of the CDK set. They are only kept. */
export function policyOperations(policies: Map<string, string>): Operations {
  return {
    PutResourcePolicy: ({ policyName, policyDocument }) => {
      policies.set(policyName, policyDocument);
      return { resourcePolicy: { policyName, policyDocument } };
    },
    DeleteResourcePolicy: ({ policyName }) => {
      if (!policies.delete(policyName)) { throw new AwsError('ResourceNotFoundException', `Policy with name [${policyName}] does not exist.`); }
    },
    DescribeResourcePolicies: () => ({ resourcePolicies: [...policies].map(([policyName, policyDocument]) => ({ policyName, policyDocument })) }),
  };
}
