import { AwsError } from '../errors';
import { Call, Operations } from '../world';
import { issueCredentials } from './credentials';
import { callerOf, letsIn } from './resource-policies';

export type { Credentials } from './credentials';
export { issueCredentials, principalOf } from './credentials';

/** The members of AssumeRole: without session policies, tags, a source identity and MFA. */
const TAKEN = ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId'];

/** The operations of STS. */
export const stsOperations: Operations = {
  GetCallerIdentity: (_input, { principal }) => ({ UserId: `AIDALOCAL${principal.account}`, Account: principal.account, Arn: principal.arn }),

  AssumeRole: (input, call) => {
    const { RoleArn, RoleSessionName, DurationSeconds } = input;
    if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName ?? '')) {
      throw new AwsError('ValidationError', "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: "
        + 'Member must satisfy regular expression pattern: [\\w+=,.@-]* and have length between 2 and 64');
    }
    const strange = Object.keys(input).find((member) => !TAKEN.includes(member));
    if (strange) { throw new AwsError('ValidationError', `${strange} of AssumeRole is not part of the local AWS`); }
    const [, account, name] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(RoleArn ?? '') ?? [];
    if (!name) { throw new AwsError('ValidationError', `${String(RoleArn)} is invalid`); }
    if (!trusts(account, name, input, call)) {
      throw new AwsError('AccessDenied', `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`, 403);
    }
    const { world, clock } = call.region;
    const arn = `arn:aws:sts::${account}:assumed-role/${name}/${RoleSessionName}`;
    // Clients hold this against the wall clock, the rest of the world against the virtual one.
    const expiry = Math.max(Date.now(), clock.now()) + Number(DurationSeconds ?? 3600) * 1000;
    return {
      Credentials: { ...issueCredentials(world, { account, arn }), Expiration: new Date(expiry) },
      AssumedRoleUser: { AssumedRoleId: `AROALOCAL:${RoleSessionName}`, Arn: arn },
    };
  },
};

/** Whether the role is there and lets the caller in; what the caller's own policies say has been asked before. */
function trusts(account: string, name: string, { RoleArn, RoleSessionName, ExternalId }: any, { region, principal }: Call): boolean {
  const { iam } = region.world.region(account, region.name);
  const role = iam.role(RoleArn);
  // The roles that `cdk bootstrap` makes are there from the beginning, and let everybody in; of all others, only those that were created.
  if (!role) { return !iam.wasDeleted(RoleArn) && /^cdk-[a-z0-9]+-.+-role-/.test(name); }
  return letsIn(role.trust, callerOf(region.world, principal), 'sts:AssumeRole', RoleArn, {
    'sts:RoleSessionName': RoleSessionName, ...ExternalId !== undefined && { 'sts:ExternalId': String(ExternalId) },
  });
}
