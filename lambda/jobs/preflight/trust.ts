import { Checked, finding, note, PASSED } from './checked';

/** A statement of a role's trust policy, as far as it matters here. */
interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: unknown;
  readonly Condition?: object;
}

const ACTION = 'sts:AssumeRole';
const SERVICE = 'sagemaker.amazonaws.com';

/**
 * Whether SageMaker may assume a role, by its trust policy. What depends on a condition, or names its principals by exclusion, is not certain.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export function trustOf(roleArn: string, document: { readonly Statement?: Statement | readonly Statement[] }): Checked {
  const statements = ([document.Statement ?? []].flat() as Statement[]).filter(isAboutSageMaker);
  const denying = statements.filter(({ Effect }) => Effect === 'Deny');
  const allowing = statements.filter(({ Effect }) => Effect === 'Allow');
  if (denying.some((statement) => isCertain(statement) && !isAnybody(statement.Principal))) {
    return finding(`The trust policy of the role ${roleArn} denies ${ACTION} to ${SERVICE}: remove that statement`);
  }
  if (allowing.length === 0) {
    return finding(`SageMaker may not assume the role ${roleArn}: let its trust policy allow ${ACTION} to the service ${SERVICE}`);
  }
  if (denying.length > 0 || !allowing.some(isCertain)) {
    return note(`Whether SageMaker may assume the role ${roleArn} depends on conditions of its trust policy.`);
  }
  return PASSED;
}

function isAboutSageMaker({ Action, NotAction, Principal, NotPrincipal }: Statement): boolean {
  const acts = NotAction !== undefined || [Action ?? []].flat().some((pattern) => like(pattern, ACTION));
  return acts && (NotPrincipal !== undefined || Principal === '*' || servicesOf(Principal).includes(SERVICE) || isAnybody(Principal));
}

/** Whether a statement holds for every request of SageMaker's. */
function isCertain({ NotAction, Principal, Condition }: Statement): boolean {
  const names = Principal === '*' || servicesOf(Principal).includes(SERVICE) || isAnybody(Principal);
  return NotAction === undefined && names && Object.keys(Condition ?? {}).length === 0;
}

function isAnybody(principal: Statement['Principal']): boolean {
  return typeof principal === 'object' && [principal.AWS ?? []].flat().includes('*');
}

/** In China the service has two names. */
function servicesOf(principal: Statement['Principal']): string[] {
  const services = typeof principal === 'object' ? [principal.Service ?? []].flat() as string[] : [];
  return services.map((name) => name.replace(/\.cn$/, ''));
}

/** Whether a pattern of a policy stands for an action, by its wildcards. Case does not count. */
export function like(pattern: string, action: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, 'i').test(action);
}
