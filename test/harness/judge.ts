import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { PolicyDocument } from '../../local-aws/iam';

export interface JudgedRequest {
  /** The ARN of a role's session, or of a role. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** @default - the principal's */
  readonly account?: string;
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly policies: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
  /** What the resource's own policy says. */
  readonly resourcePolicy?: PolicyDocument;
}

/**
 * What a simulator of IAM that nobody here wrote says of a request: `Allowed`, `ExplicitlyDenied`, `ImplicitlyDenied`, `NoSuchResource` if the action
 * is not for such resources, or why it is no request or no policy of IAM.
 */
export async function judge({ principal, action, resource, policies, boundary, resourcePolicy, context = {}, account = principal.split(':')[4] }: JudgedRequest): Promise<string> {
  const named = (all: readonly PolicyDocument[]) => all.map((policy, index) => ({ name: `${index}`, policy: JSON.parse(JSON.stringify(policy)) }));
  const result = await runSimulation({
    request: { principal, action, resource: { resource, accountId: account }, contextVariables: context as Record<string, string | string[]> },
    identityPolicies: named(policies),
    permissionBoundaryPolicies: boundary && named([boundary]),
    resourcePolicy,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error' && result.errors.message === 'no.resource.types') { return 'NoSuchResource'; }
  return result.resultType === 'error' ? `${action} on ${resource}: ${JSON.stringify(result.errors)}` : result.overallResult;
}
