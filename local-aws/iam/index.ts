import { AwsError, Call, guarded, Operations, Region } from '../kernel';
import { Need, needs, ResourcePolicy, ResourceTags, ServiceNeeds } from './actions';
import { iamNeeds } from './needs';
import { iamOperations } from './operations';
import { OPERATIONS, SHAPES } from './shapes';
import { IamStore } from './store';

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

  /** Whether a service may act as a role: the role trusts it. The roles of `cdk bootstrap` exist from the start, and an imported one if it counts as there. */
  public mayServe(roleArn: string, service: string): boolean {
    if (this.role(roleArn)) { return this.canAssume(roleArn, service); }
    return this.region.world.options.imported !== 'required' || (!this.wasDeleted(roleArn) && /:role\/cdk-[a-z0-9]+-.+-role-/.test(roleArn));
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
}

const QUERY_SERVICES = new Set(['cloudformation', 'iam', 'monitoring', 'sts', 's3']);
