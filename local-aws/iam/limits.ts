import { AwsError } from '../kernel';

/**
 * IAM's quotas on names and sizes. IAM does not count white space, and counts all inline policies of a role together.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST = { inline: 10_240, managed: 6_144, trust: 2_048, attached: 10, path: 512, description: 1_000 };

/** Words: https://github.com/aws/aws-cdk/issues/12403 */
export function checkInline(role: string, documents: Iterable<unknown>): void {
  const size = [...documents].reduce((sum: number, document) => sum + sizeOf(document), 0);
  if (size > MOST.inline) { throw exceeded(`Maximum policy size of ${MOST.inline} bytes exceeded for role ${role}`); }
}

/** Words: https://github.com/aws-cloudformation/cfn-lint/issues/3804 */
export function checkManaged(document: unknown): void {
  checkQuota('PolicySize', sizeOf(document), MOST.managed);
}

/** Words: https://github.com/kubeflow/dashboard/issues/29 */
export function checkTrust(document: unknown): void {
  checkQuota('ACLSizePerRole', sizeOf(document), MOST.trust);
}

/** Words: https://github.com/aws/eks-hybrid/pull/741 */
export function checkAttached(count: number): void {
  checkQuota('PoliciesPerRole', count, MOST.attached);
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html, and API_PutRolePolicy.html and API_CreatePolicy.html there */
export function checkName(member: 'roleName' | 'policyName', name: string): void {
  const most = member === 'roleName' ? 64 : 128;
  if (`${name}`.length > most) { throw unmet(member, name, `Member must have length less than or equal to ${most}`); }
  if (!/^[\w+=,.@-]+$/.test(name)) { throw invalid(`The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`); }
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export function checkRole({ Path: path, MaxSessionDuration: seconds, Description: description }: Readonly<Record<string, any>>): void {
  if (path !== undefined && !/^\/$|^\/[\u0021-\u007e]+\/$/.test(path)) {
    throw invalid('The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.');
  }
  if (path?.length > MOST.path) { throw unmet('path', path, `Member must have length less than or equal to ${MOST.path}`); }
  if (description?.length > MOST.description) { throw unmet('description', description, `Member must have length less than or equal to ${MOST.description}`); }
  if (Number(seconds) < 3_600) { throw unmet('maxSessionDuration', seconds, 'Member must have value greater than or equal to 3600'); }
  if (Number(seconds) > 43_200) { throw unmet('maxSessionDuration', seconds, 'Member must have value less than or equal to 43200'); }
}

function sizeOf(document: unknown): number {
  return JSON.stringify(document).replace(/\s/g, '').length;
}

function checkQuota(name: string, got: number, most: number): void {
  if (got > most) { throw exceeded(`Cannot exceed quota for ${name}: ${most}`); }
}

/** Status: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
function exceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', message, 409);
}

function unmet(member: string, value: unknown, constraint: string): AwsError {
  return invalid(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
