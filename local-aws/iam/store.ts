import { createHash } from 'crypto';
import { checkAttached, checkInline, checkManaged, checkName, checkRole, checkTrust } from './limits';
import { awsManagedPolicies } from './managed';
import { checkDocument, Context, decide, Decision, PolicyDocument, trusts } from './policy';
import { AwsError, Region } from '../kernel';

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly roleId: string;
  readonly created: Date;
  trust: PolicyDocument;
  /** Inline policies by their names. */
  readonly policies: Map<string, PolicyDocument>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  boundary?: string;
  /** Its description, its longest session and its tags: IAM answers them as they are. */
  about: Readonly<Record<string, any>>;
}

export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly created: Date;
  readonly document: PolicyDocument;
  readonly description?: string;
  /** Whether it is one of AWS's whose document the local AWS does not have: it grants nothing here. */
  readonly isUnread?: boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Policy.html (PolicyName), and the paths that AWS's own policies have. */
const AWS_POLICY = /^((aws-service-role|service-role|job-function|root-task)\/)?[\w+=,.@-]{1,128}$/;

interface Account {
  /** By name: a role's path is not part of its identity. */
  readonly roles: Map<string, Role>;
  /** The account's own, by ARN. */
  readonly managed: Map<string, ManagedPolicy>;
  readonly deleted: Set<string>;
}

/** The roles and policies of an account: the same in every Region of its partition. */
export class IamStore {
  private readonly store: Account;

  constructor(protected readonly region: Region) {
    const sibling = region.world.allRegions().find(({ account, partition }) => account === region.account && partition === region.partition);
    this.store = sibling?.room(IamStore).store ?? { roles: new Map(), managed: new Map(), deleted: new Set() };
  }

  public get partition(): string {
    return this.region.partition;
  }

  /** An ARN of IAM, which names no Region. */
  public arn(resource: string): string {
    return `arn:${this.partition}:iam::${this.region.account}:${resource}`;
  }

  public roles(): Role[] {
    return [...this.store.roles.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The account's own managed policies. */
  public managedPolicies(): ManagedPolicy[] {
    return [...this.store.managed.values()];
  }

  /** The id of a role, which an assumed role's id begins with. A role that is not kept here, such as one of `cdk bootstrap`, has one as well. */
  public roleId(name: string): string {
    return this.store.roles.get(name)?.roleId ?? idOf('AROA', this.arn(`role/${name}`));
  }

  /** The role of a role's ARN or of an assumed role's ARN. */
  public role(arn: string): Role | undefined {
    const role = this.store.roles.get(roleName(arn) ?? '');
    return role && (arn === role.arn || arn.includes(':assumed-role/')) ? role : undefined;
  }

  /** The role of a name; an error if there is none. */
  public named(name: string): Role {
    const role = this.store.roles.get(name);
    if (!role) { throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404); }
    return role;
  }

  public wasDeleted(arn: string): boolean {
    return this.store.deleted.has(roleName(arn) ?? '');
  }

  /** The properties are those of CloudFormation's role. */
  public createRole(name: string, trust: unknown, properties: Readonly<Record<string, any>> = {}): Role {
    const { Path: path = '/' } = properties;
    checkName('roleName', name);
    checkRole(properties);
    checkDocument(trust, 'trust');
    checkTrust(trust);
    if (isTaken(name, this.store.roles.keys())) { throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409); }
    const arn = this.arn(`role${path}${name}`);
    const role: Role = {
      name,
      path,
      arn,
      roleId: idOf('AROA', `${arn} ${this.store.deleted.size}`),
      created: new Date(this.region.clock.now()),
      trust,
      policies: new Map(),
      attached: new Set(),
      about: aboutOf(properties),
    };
    this.store.roles.set(name, role);
    this.store.deleted.delete(name);
    return role;
  }

  /** Replaces what CloudFormation's role says besides its policies. */
  public describe(name: string, properties: Readonly<Record<string, any>>): void {
    checkRole(properties);
    this.named(name).about = aboutOf(properties);
  }

  public setTrust(name: string, trust: unknown): void {
    checkDocument(trust, 'trust');
    checkTrust(trust);
    this.named(name).trust = trust;
  }

  public deleteRole(name: string): void {
    const role = this.store.roles.get(name);
    if (!role) { return; }
    if (role.policies.size > 0 || role.attached.size > 0) {
      throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
    }
    this.store.roles.delete(name);
    this.store.deleted.add(name);
  }

  public putRolePolicy(name: string, policyName: string, document: unknown): void {
    checkDocument(document, 'identity');
    checkName('policyName', policyName);
    const { policies } = this.named(name);
    checkInline(name, new Map([...policies, [policyName, document]]).values());
    policies.set(policyName, document);
  }

  public deleteRolePolicy(name: string, policyName: string): void {
    this.store.roles.get(name)?.policies.delete(policyName);
  }

  public putManagedPolicy(arn: string, document: unknown, description?: string): void {
    checkDocument(document, 'identity');
    checkName('policyName', arn.slice(arn.lastIndexOf('/') + 1));
    checkManaged(document);
    const created = this.store.managed.get(arn)?.created ?? new Date(this.region.clock.now());
    this.store.managed.set(arn, { ...placeOf(arn), id: idOf('ANPA', arn), created, document, description });
  }

  /** A managed policy, the account's own or AWS's; an error if there is none. */
  public managedPolicy(arn: string): ManagedPolicy {
    const [, name] = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
    const own = this.store.managed.get(arn);
    if (own) { return own; }
    if (name !== undefined && Object.hasOwn(awsManagedPolicies, name)) {
      const document = JSON.parse(JSON.stringify(awsManagedPolicies[name]).replaceAll('arn:aws:', `arn:${this.partition}:`));
      return { ...placeOf(arn), id: idOf('ANPA', arn), created: new Date(0), document };
    }
    if (name !== undefined && AWS_POLICY.test(name)) {
      return { ...placeOf(arn), id: idOf('ANPA', arn), created: new Date(0), document: { Version: '2012-10-17', Statement: [] }, isUnread: true };
    }
    throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, 404);
  }

  /** Whether the account has a managed policy of this policy's name, on whatever path. */
  public hasManagedPolicy(arn: string): boolean {
    return isTaken(placeOf(arn).name, [...this.store.managed.values()].map(({ name }) => name));
  }

  /** The names of the roles that have a managed policy. */
  public rolesWith(policyArn: string): string[] {
    return [...this.store.roles.values()].filter(({ attached }) => attached.has(policyArn)).map(({ name }) => name);
  }

  public deleteManagedPolicy(arn: string): void {
    if (this.rolesWith(arn).length > 0) {
      throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
    }
    this.store.managed.delete(arn);
  }

  public attach(name: string, policyArn: string): void {
    const { isUnread } = this.managedPolicy(policyArn);
    const { attached } = this.named(name);
    checkAttached(new Set([...attached, policyArn]).size);
    if (isUnread) {
      this.region.world.notice(`${policyArn} grants nothing here, because the local AWS does not have its document. Whether AWS has a policy of this name is not checked`);
    }
    attached.add(policyArn);
  }

  public detach(name: string, policyArn: string): void {
    this.store.roles.get(name)?.attached.delete(policyArn);
  }

  public setBoundary(name: string, policyArn: string | undefined): void {
    if (policyArn !== undefined && this.managedPolicy(policyArn).isUnread) {
      throw new AwsError('NoSuchEntity', `Policy ${policyArn} is not part of the local AWS, so nothing is known of what it would let through as a boundary.`, 404);
    }
    this.named(name).boundary = policyArn;
  }

  /** Whether the role exists and trusts the service (`lambda.amazonaws.com`, `sagemaker.amazonaws.com`, …), which asks for a resource of this account. */
  public canAssume(roleArn: string, service: string, sourceArn?: string): boolean {
    const role = this.role(roleArn);
    const source = { 'aws:SourceAccount': this.region.account, ...sourceArn !== undefined && { 'aws:SourceArn': sourceArn } };
    return role !== undefined && trusts(role.trust, service, roleArn, source);
  }

  /** A principal that is not a role of this IAM, such as the user's dummy keys, may do everything. A deleted role may do nothing. */
  public allows(principalArn: string, action: string, resourceArn: string, context: Context = {}): boolean {
    const { granted, bounded } = this.decisions(principalArn, action, resourceArn, { ...this.principalContext(principalArn), ...context });
    return granted === 'Allow' && bounded === 'Allow';
  }

  /** What a principal's own policies say, and its boundary. The context has the principal's own, too. */
  protected decisions(principalArn: string, action: string, resource: string, whole: Context): { granted: Decision; bounded: Decision } {
    const role = this.role(principalArn);
    if (!role) { return { granted: this.wasDeleted(principalArn) ? undefined : 'Allow', bounded: 'Allow' }; }
    const { boundary } = role;
    return {
      granted: decide([...role.policies.values(), ...[...role.attached].map((arn) => this.managedPolicy(arn).document)], action, resource, whole),
      bounded: boundary === undefined ? 'Allow' : decide([this.managedPolicy(boundary).document], action, resource, whole),
    };
  }

  /** What every request of a role's session tells of it. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
  public principalContext(principalArn: string): Context {
    const role = this.role(principalArn);
    if (!role) { return {}; }
    const { arn, roleId, about: { Tags = [] } } = role;
    const now = this.region.clock.now();
    return {
      'aws:PrincipalArn': arn,
      'aws:PrincipalAccount': this.region.account,
      'aws:PrincipalType': 'AssumedRole',
      'aws:userid': `${roleId}:${principalArn.split('/').pop()}`,
      'aws:CurrentTime': new Date(now).toISOString(),
      'aws:EpochTime': `${Math.floor(now / 1000)}`,
      ...Object.fromEntries(Tags.map(({ Key, Value }: any) => [`aws:PrincipalTag/${Key}`, `${Value}`])),
    };
  }
}

/** Names are unique whatever their case. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
function isTaken(name: string, names: Iterable<string>): boolean {
  return [...names].some((one) => one.toLowerCase() === name.toLowerCase());
}

function roleName(arn: string): string | undefined {
  return /^arn:[\w-]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn)?.[1] ?? /^arn:[\w-]+:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
}

function placeOf(arn: string): Pick<ManagedPolicy, 'arn' | 'name' | 'path'> {
  const [, path, name] = /:policy(\/(?:.*\/)?)([^/]+)$/.exec(arn)!;
  return { arn, name, path };
}

function aboutOf({ Description, MaxSessionDuration, Tags }: Readonly<Record<string, any>>): Readonly<Record<string, any>> {
  return { Description, MaxSessionDuration, Tags };
}

/** An id in IAM's form. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (unique IDs) */
function idOf(prefix: string, text: string): string {
  return prefix + createHash('sha256').update(text).digest('hex').slice(0, 17).toUpperCase();
}
