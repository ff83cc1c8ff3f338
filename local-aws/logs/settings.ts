import { AwsError, Operations } from '../kernel';

/** Retention of log groups, and policies of an account's logs: what functions of the CDK set. The policies are only kept. */
export function settingOperations(groups: ReadonlyMap<string, { retentionInDays?: number }>): Operations {
  const find = (name: string) => {
    const group = groups.get(name);
    if (!group) { throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.'); }
    return group;
  };
  const policies = new Map<string, string>();
  return {
    PutResourcePolicy: ({ policyName, policyDocument }) => {
      policies.set(policyName, policyDocument);
      return { resourcePolicy: { policyName, policyDocument } };
    },
    DeleteResourcePolicy: ({ policyName }) => {
      if (!policies.delete(policyName)) { throw new AwsError('ResourceNotFoundException', `Policy with name [${policyName}] does not exist.`); }
    },
    DescribeResourcePolicies: () => ({ resourcePolicies: [...policies].map(([policyName, policyDocument]) => ({ policyName, policyDocument })) }),
    PutRetentionPolicy: ({ logGroupName, retentionInDays }) => { find(logGroupName).retentionInDays = retentionInDays; },
    DeleteRetentionPolicy: ({ logGroupName }) => { find(logGroupName).retentionInDays = undefined; },
  };
}
