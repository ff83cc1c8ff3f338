import { Context, decide, PolicyDocument, Statement } from '../iam/policy';
import { Principal, World } from '../world';

/** A caller by all the names that a policy may have for it. */
export interface Caller {
  readonly account: string;
  /** A role's session goes by the role's ARN as well. */
  readonly arns: readonly string[];
}

export function callerOf(world: World, { account, arn }: Principal): Caller {
  const [, role] = /^arn:[\w-]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (role === undefined) { return { account, arns: [arn] }; }
  const known = world.allRegions().find((region) => region.account === account)?.iam.role(arn);
  return { account, arns: [known?.arn ?? `arn:aws:iam::${account}:role/${role}`, arn] };
}

/** Whether the policy of a resource (a role's trust, a bus's policy) lets a caller do something to it. */
export function letsIn(document: PolicyDocument, caller: Caller, action: string, resource: string, context: Context = {}): boolean {
  const statements = [document.Statement].flat().filter((statement) => names(statement.Principal, caller));
  const whole = { 'aws:PrincipalArn': caller.arns[0], 'aws:PrincipalAccount': caller.account, ...context };
  return decide([{ Statement: statements }], action, resource, whole) === 'Allow';
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function names(principal: Statement['Principal'], { account, arns }: Caller): boolean {
  const named = typeof principal === 'object' ? [principal.AWS ?? []].flat() : [principal];
  return named.some((one) => one === '*' || one === account || arns.includes(`${one}`) || new RegExp(`^arn:[\\w-]+:iam::${account}:root$`).test(`${one}`));
}
