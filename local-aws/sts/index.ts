import { AwsError } from '../errors';
import { Operations } from '../world';
import { issueCredentials } from './credentials';

export type { Credentials } from './credentials';
export { issueCredentials, principalOf } from './credentials';

/** The operations of STS. */
export const stsOperations: Operations = {
  GetCallerIdentity: (_input, { principal }) => ({ UserId: `AIDALOCAL${principal.account}`, Account: principal.account, Arn: principal.arn }),

  AssumeRole: ({ RoleArn, RoleSessionName, DurationSeconds }, { region, principal }) => {
    if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName ?? '')) {
      throw new AwsError('ValidationError', "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: "
        + 'Member must satisfy regular expression pattern: [\\w+=,.@-]* and have length between 2 and 64');
    }
    const [, account, name] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(RoleArn ?? '') ?? [];
    if (!name) { throw new AwsError('ValidationError', `${String(RoleArn)} is invalid`); }
    const { iam } = region.world.region(account, region.name);
    // The roles that `cdk bootstrap` makes are there from the beginning; of all others, only those that were created.
    if (!iam.role(RoleArn) && (iam.wasDeleted(RoleArn) || !/^cdk-[a-z0-9]+-.+-role-/.test(name))) {
      throw new AwsError('AccessDenied', `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`, 403);
    }
    const arn = `arn:aws:sts::${account}:assumed-role/${name}/${RoleSessionName}`;
    // Clients hold this against the wall clock, the rest of the world against the virtual one.
    const expiry = Math.max(Date.now(), region.clock.now()) + Number(DurationSeconds ?? 3600) * 1000;
    return {
      Credentials: { ...issueCredentials(region.world, { account, arn }), Expiration: new Date(expiry) },
      AssumedRoleUser: { AssumedRoleId: `AROALOCAL:${RoleSessionName}`, Arn: arn },
    };
  },
};
