import { Need, needs, ResourcePolicy, ResourceTags, ServiceNeeds } from './actions';
import { iamNeeds } from './needs';
import { iamOperations } from './operations';
import { OPERATIONS, SHAPES } from './shapes';
import { IamStore } from './store';
import { AwsError, Call, guarded, Operations, Region } from '../kernel';

export type { Need, ResourcePolicy, ResourceTags, ServiceNeeds } from './actions';
export type { Context, PolicyDocument } from './policy';
export type { Role } from './store';

/** IAM: roles and policies, kept as documents and evaluated. An account has one, the same in every Region. */
export class Iam extends IamStore {
  public readonly operations: Operations = guarded('iam', iamOperations(this), OPERATIONS, SHAPES);

  /** Each service's additional permissions, and the tags of its resources and what their policies say, by the service's name. */
  constructor(
    region: Region, private readonly serviceNeeds: Readonly<Record<string, ServiceNeeds>> = {},
    private readonly resourceTags: Readonly<Record<string, ResourceTags>> = {},
    private readonly resourcePolicies: Readonly<Record<string, ResourcePolicy>> = {},
  ) {
    super(region);
    this.serviceNeeds = { ...serviceNeeds, iam: iamNeeds(this) };
  }

  /** Whether a service may act as a role: the role trusts it, or counts as there. */
  public mayServe(roleArn: string, service: string, sourceArn?: string): boolean {
    return this.role(roleArn) ? this.canAssume(roleArn, service, sourceArn) : this.countsAsThere(roleArn);
  }

  /** Whether a role that nobody has made here counts as there, and trusts everybody: those of `cdk bootstrap`, and all others if imports are assumed. */
  public countsAsThere(roleArn: string): boolean {
    return !this.wasDeleted(roleArn) && (this.region.world.options.imported !== 'required' || /:role\/(.*\/)?cdk-[a-z0-9]+-.+-role-/.test(roleArn));
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
    const caller = this.principalContext(principal.arn);
    for (const { action, resource, ...need } of this.needs(service, operation, input ?? {})) {
      const context = { ...caller, ...need.context };
      const { granted, bounded } = this.decisions(principal.arn, action, resource, context);
      const other = this.resourcePolicies[service]?.(this.region, { principal, action, resource, context });
      const policies = { 'identity-based policy': granted, 'permissions boundary': bounded, 'resource-based policy': other };
      const denying = Object.entries(policies).find(([, decision]) => decision === 'Deny')?.[0];
      // In one account, either the principal's or the resource's policy is enough; a boundary does not limit what the latter gives to the session itself:
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html and access_policies_boundaries.html
      const isGranted = granted === 'Allow' || other === 'AllowRole';
      if (denying === undefined && ((isGranted && bounded === 'Allow') || other === 'AllowSession')) { continue; }
      const missing = isGranted ? 'permissions boundary' : 'identity-based policy';
      const why = denying !== undefined ? `with an explicit deny in ${/^i/.test(denying) ? 'an' : 'a'} ${denying}` : `because no ${missing} allows the ${action} action`;
      const [code, status] = QUERY_SERVICES.has(service) ? ['AccessDenied', 403] : ['AccessDeniedException', service === 'lambda' ? 403 : 400];
      throw new AwsError(code as string, `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`, status as number);
    }
  }
}

const QUERY_SERVICES = new Set(['cloudformation', 'iam', 'monitoring', 'sts', 's3']);
