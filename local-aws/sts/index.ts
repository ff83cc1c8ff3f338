import { createHash } from 'crypto';
import { OPERATIONS, SHAPES } from './shapes';
import { Iam } from '../iam';
import { Context, decide, Decision, PolicyDocument, Statement } from '../iam/policy';
import { AwsError, Call, guarded, Operations, partitionOf, Principal, World } from '../kernel';

/** Temporary credentials. */
export interface Credentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
}

const issued = new WeakMap<World, Map<string, Principal>>();

/** The owner of an access key, and what proves it. */
export interface Identity {
  readonly principal: Principal;
  readonly secret: string;
  /** The session token that belongs to an issued key. Other keys have none. */
  readonly token?: string;
}

/** Issues an access key for a principal. From then on, the key identifies the principal. */
export function issueCredentials(world: World, principal: Principal): Credentials {
  const keys = issued.get(world) ?? new Map<string, Principal>();
  issued.set(world, keys);
  const digest = createHash('sha256').update(`${keys.size} ${principal.arn}`).digest('hex').toUpperCase();
  const AccessKeyId = `ASIA${digest.slice(0, 16)}`;
  keys.set(AccessKeyId, principal);
  return { AccessKeyId, ...proofOf(world, AccessKeyId) };
}

/** The secret and the token of an issued key follow from the run's secret, so nobody who knows only the key has them. */
function proofOf(world: World, accessKeyId: string): Omit<Credentials, 'AccessKeyId'> {
  return { SecretAccessKey: world.derive(`key ${accessKeyId}`).slice(0, 40), SessionToken: `local-${world.derive(`token ${accessKeyId}`)}` };
}

/** The caller: a role by its issued key, an account by its number as the key, or else the default account. */
export function identityOf(world: World, accessKeyId: string, { account: defaultAccount, region }: { account: string; region: string }): Identity {
  const principal = issued.get(world)?.get(accessKeyId);
  if (principal) {
    const { SecretAccessKey: secret, SessionToken: token } = proofOf(world, accessKeyId);
    return { principal, secret, token };
  }
  const account = /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaultAccount;
  return { principal: { account, arn: `arn:${partitionOf(region)[0]}:iam::${account}:user/local` }, secret: world.secret };
}

/** The operations of STS. */
export const stsOperations: Operations = guarded('sts', {
  GetCallerIdentity: (_input, { principal, region }) => ({
    UserId: sessionId(principal, region.world, region.name) ?? `AIDALOCAL${principal.account}`, Account: principal.account, Arn: principal.arn,
  }),

  AssumeRole: (input, call) => {
    const { RoleArn, RoleSessionName, DurationSeconds } = input;
    const [, account, name] = /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(RoleArn ?? '') ?? [];
    if (!name || !RoleArn.startsWith(`arn:${call.region.partition}:`)) { throw new AwsError('ValidationError', `${String(RoleArn)} is invalid`); }
    if (!trusts(account, input, call)) {
      throw new AwsError('AccessDenied', `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`, 403);
    }
    const { world, clock } = call.region;
    const arn = `arn:${call.region.partition}:sts::${account}:assumed-role/${name}/${RoleSessionName}`;
    // Clients compare this with the wall clock, the rest of the world with the virtual clock.
    const expiry = Math.max(Date.now(), clock.now()) + Number(DurationSeconds ?? 3600) * 1000;
    return {
      Credentials: { ...issueCredentials(world, { account, arn }), Expiration: new Date(expiry) },
      AssumedRoleUser: { AssumedRoleId: sessionId({ account, arn }, world, call.region.name), Arn: arn },
    };
  },
}, OPERATIONS, SHAPES);

/** The id of a role's session: the role's, and the session's name. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (aws:userid) */
function sessionId({ account, arn }: Principal, world: World, region: string): string | undefined {
  const [, role, session] = /^arn:[\w-]+:sts::\d{12}:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  return role === undefined ? undefined : `${world.region(account, region).room(Iam).roleId(role)}:${session}`;
}

/** Whether the role exists and trusts the caller. The caller's own policies have been checked before. */
function trusts(account: string, input: any, { region, principal }: Call): boolean {
  const { RoleArn } = input;
  const iamOf = (owner: string) => region.world.region(owner, region.name).room(Iam);
  const iam = iamOf(account);
  const role = iam.role(RoleArn);
  if (!role) { return iam.countsAsThere(RoleArn); }
  const [{ context }] = iam.needs('sts', 'AssumeRole', input);
  return letsIn(role.trust, callerOf(region.world, principal), 'sts:AssumeRole', RoleArn, { ...iamOf(principal.account).principalContext(principal.arn), ...context });
}

/** A caller with all names that a policy may use for it. */
export interface Caller {
  readonly account: string;
  /** A role's session also has the role's ARN. */
  readonly arns: readonly string[];
}

export function callerOf(world: World, { account, arn }: Principal): Caller {
  const [, partition, role] = /^arn:([\w-]+):sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (role === undefined) { return { account, arns: [arn] }; }
  const known = world.allRegions().find((region) => region.account === account && region.partition === partition)?.room(Iam).role(arn);
  return { account, arns: [known?.arn ?? `arn:${partition}:iam::${account}:role/${role}`, arn] };
}

/** Whether a resource's policy (a role's trust, a bus's policy) allows a caller's action on it. */
export function letsIn(document: PolicyDocument, caller: Caller, action: string, resource: string, context: Context = {}): boolean {
  return verdict(document, caller, action, resource, context) === 'Allow';
}

/** What a resource's policy says of a caller's action on it. */
export function verdict(document: PolicyDocument, caller: Caller, action: string, resource: string, context: Context = {}): Decision {
  const { arns: [arn], account } = caller;
  const statements = [document.Statement].flat().filter((statement) => isOf(statement, caller));
  return decide([{ ...document, Statement: statements }], action, resource, { ...arn !== undefined && { 'aws:PrincipalArn': arn }, 'aws:PrincipalAccount': account, ...context });
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html, and reference_policies_elements_notprincipal.html there */
function isOf({ Principal: named, NotPrincipal: excluded }: Statement, { account, arns }: Caller): boolean {
  const principal = named ?? excluded;
  const all = typeof principal === 'object' ? [principal.AWS ?? []].flat() : [principal];
  const isNamed = all.some((one) => one === '*' || one === account || arns.includes(`${one}`) || new RegExp(`^arn:[\\w-]+:iam::${account}:root$`).test(`${one}`));
  return isNamed === (excluded === undefined);
}
