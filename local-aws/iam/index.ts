import { createHash } from 'crypto';
import { AwsError, Call, Region } from '../kernel';
import { Need, needs, ResourcePolicy, ResourceTags, ServiceNeeds } from './actions';
import { checkAttached, checkInline, checkManaged, checkName, checkRole, checkTrust } from './limits';
import { awsManagedPolicies } from './managed';
import { checkDocument, Context, decide, PolicyDocument, trusts } from './policy';

export type { Need, ResourcePolicy, ResourceTags, ServiceNeeds } from './actions';
export type { Context, PolicyDocument } from './policy';

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly roleId: string;
  trust: PolicyDocument;
  /** Inline policies by their names. */
  readonly policies: Map<string, PolicyDocument>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  boundary?: string;
}

interface Account {
  /** By name: a role's path is not part of its identity. */
  readonly roles: Map<string, Role>;
  readonly managed: Map<string, PolicyDocument>;
  readonly deleted: Set<string>;
}

/** IAM: roles and policies, kept as documents and evaluated. An account has one, the same in every Region. */
export class Iam {
  private readonly store: Account;

  /** Each service's additional permissions, and the tags of its resources and what their policies say, by the service's name. */
  constructor(
    private readonly region: Region, private readonly serviceNeeds: Readonly<Record<string, ServiceNeeds>> = {},
    private readonly resourceTags: Readonly<Record<string, ResourceTags>> = {},
    private readonly resourcePolicies: Readonly<Record<string, ResourcePolicy>> = {},
  ) {
    const sibling = region.world.allRegions().find(({ account }) => account === region.account);
    this.store = sibling?.room(Iam).store ?? { roles: new Map(), managed: new Map(), deleted: new Set() };
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
    if (this.store.roles.has(name)) { throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409); }
    const arn = `arn:${this.region.partition}:iam::${this.region.account}:role${path}${name}`;
    const roleId = `AROA${createHash('sha256').update(`${arn} ${this.store.deleted.size}`).digest('hex').slice(0, 17).toUpperCase()}`;
    const role: Role = { name, arn, roleId, trust, policies: new Map(), attached: new Set() };
    this.store.roles.set(name, role);
    this.store.deleted.delete(name);
    return role;
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

  public putManagedPolicy(arn: string, document: unknown): void {
    checkDocument(document, 'identity');
    checkName('policyName', arn.slice(arn.lastIndexOf('/') + 1));
    checkManaged(document);
    this.store.managed.set(arn, document);
  }

  public hasManagedPolicy(arn: string): boolean {
    return this.store.managed.has(arn);
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
    this.document(policyArn);
    const { attached } = this.named(name);
    checkAttached(new Set([...attached, policyArn]).size);
    attached.add(policyArn);
  }

  public detach(name: string, policyArn: string): void {
    this.store.roles.get(name)?.attached.delete(policyArn);
  }

  public setBoundary(name: string, policyArn: string | undefined): void {
    if (policyArn !== undefined) { this.document(policyArn); }
    this.named(name).boundary = policyArn;
  }

  /** Whether the role exists and trusts the service (`lambda.amazonaws.com`, `sagemaker.amazonaws.com`, …). */
  public canAssume(roleArn: string, service: string): boolean {
    const role = this.role(roleArn);
    return role !== undefined && trusts(role.trust, service);
  }

  /** A principal that is not a role of this IAM, such as the user's dummy keys, may do everything. A deleted role may do nothing. */
  public allows(principalArn: string, action: string, resourceArn: string, context: Context = {}): boolean {
    return this.decision(principalArn, action, resourceArn, context) === 'Allow';
  }

  /** All permissions that a request needs. */
  public needs(service: string, operation: string, input: any): Need[] {
    const tagsOf = this.resourceTags[service] ?? (() => ({}));
    const all = needs(this.region, service, operation, input, this.serviceNeeds[service]);
    // What a request makes has no tags yet, also if the name is taken: the service says that only after the authorization.
    const isMade = (resource: string) => operation.startsWith('Create') && resource.split('/')[0] === all[0].resource.split('/')[0];
    return all.map((need): Need => ({
      ...need,
      context: {
        ...need.context,
        ...!isMade(need.resource) && Object.fromEntries(Object.entries(tagsOf(this.region, need.resource)).map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
      },
    }));
  }

  /** Refuses a request that its principal's policies do not allow, with AWS's message. */
  public check({ principal }: Pick<Call, 'principal'>, service: string, operation: string, input: any): void {
    for (const { action, resource, context = {} } of this.needs(service, operation, input ?? {})) {
      const own = this.decision(principal.arn, action, resource, context);
      // In one account, either policy is enough, and either may deny:
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
      const other = own === 'Deny' ? undefined : this.resourcePolicies[service]?.(this.region, { principal, action, resource, context });
      const decision = other ?? own;
      if (decision === 'Allow') { continue; }
      const why = decision === 'Deny' ? 'with an explicit deny in an identity-based policy' : `because no identity-based policy allows the ${action} action`;
      const [code, status] = QUERY_SERVICES.has(service) ? ['AccessDenied', 403] : ['AccessDeniedException', service === 'lambda' ? 403 : 400];
      throw new AwsError(code as string, `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`, status as number);
    }
  }

  private decision(principalArn: string, action: string, resource: string, context: Context) {
    const role = this.role(principalArn);
    if (!role) { return this.wasDeleted(principalArn) ? undefined : 'Allow'; }
    const whole = { 'aws:PrincipalArn': role.arn, 'aws:PrincipalAccount': this.region.account, ...context };
    const granted = decide([...role.policies.values(), ...[...role.attached].map((arn) => this.document(arn))], action, resource, whole);
    if (granted !== 'Allow' || role.boundary === undefined) { return granted; }
    return decide([this.document(role.boundary)], action, resource, whole);
  }

  private document(arn: string): PolicyDocument {
    const [, name] = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
    const document = name ? awsManagedPolicies[name] : this.store.managed.get(arn);
    if (document) { return name ? JSON.parse(JSON.stringify(document).replaceAll('arn:aws:', `arn:${this.region.partition}:`)) : document; }
    throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable${name ? ': it is not part of the local AWS' : ''}.`, 404);
  }
}

const QUERY_SERVICES = new Set(['cloudformation', 'monitoring', 'sts', 's3']);

function roleName(arn: string): string | undefined {
  return /^arn:[\w-]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn)?.[1] ?? /^arn:[\w-]+:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
}
