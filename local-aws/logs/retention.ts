import { AwsError, Operations } from '../kernel';
import type { LogGroup } from './index';

/** Retention policies, which functions of the CDK put on the log groups of other functions. */
export function retentionOperations(groups: ReadonlyMap<string, LogGroup>): Operations {
  const find = (name: string) => {
    const group = groups.get(name);
    if (!group) { throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.'); }
    return group;
  };
  return {
    PutRetentionPolicy: ({ logGroupName, retentionInDays }) => { find(logGroupName).retentionInDays = retentionInDays; },
    DeleteRetentionPolicy: ({ logGroupName }) => { find(logGroupName).retentionInDays = undefined; },
  };
}
