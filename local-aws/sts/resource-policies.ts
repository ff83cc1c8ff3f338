import { callerOf, verdict } from './index';
import { Iam, ResourcePolicy } from '../iam';
import { PolicyDocument } from '../iam/policy';
import { S3 } from '../s3';

/** What a bucket's policy says of a request: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
export const bucketPolicy: ResourcePolicy = (region, request) => {
  const { policy } = region.room(S3).find(request.resource.split(':').slice(5).join(':').split('/')[0]) ?? {};
  return policy === undefined ? undefined : said(JSON.parse(policy), region, request);
};

/** What a role's trust policy says of who would assume it. Across accounts, the caller's own policies must allow it too. */
export const trustPolicy: ResourcePolicy = (region, request) => {
  const role = request.resource.split(':')[4] === request.principal.account ? region.room(Iam).role(request.resource) : undefined;
  return role && said(role.trust, region, request);
};

type Asked = Parameters<ResourcePolicy>;

function said(document: PolicyDocument, { world }: Asked[0], { principal, action, resource, context }: Asked[1]) {
  const caller = callerOf(world, principal);
  const whole = { 'aws:PrincipalArn': caller.arns[0], 'aws:PrincipalAccount': caller.account, ...context };
  const decision = verdict(document, caller, action, resource, whole);
  if (decision !== 'Allow') { return decision; }
  // What names the account only leaves it to the account's own policies.
  const allows = (arns: readonly string[]) => verdict(document, { account: '', arns }, action, resource, whole) === 'Allow';
  return allows([principal.arn]) ? 'AllowSession' : allows(caller.arns) ? 'AllowRole' : undefined;
}
