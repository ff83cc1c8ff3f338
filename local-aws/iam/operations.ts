import { awsManagedPolicies } from './managed';
import { PolicyDocument as Document } from './policy';
import { simulated } from './simulation';
import { IamStore, ManagedPolicy, Role } from './store';
import { AwsError, invalid, numberedPage, Operations } from '../kernel';

/** IAM's limit of a page, if a request says none. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html (MaxItems) */
const PAGE = 100;

/** The operations of roles and policies, with their rules: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html, each operation's page. */
export function iamOperations(iam: IamStore): Operations {
  return {
    CreateRole: ({ RoleName, AssumeRolePolicyDocument, PermissionsBoundary, ...properties }) => {
      const role = iam.createRole(RoleName, parsed(AssumeRolePolicyDocument), properties);
      try {
        iam.setBoundary(RoleName, PermissionsBoundary);
      } catch (error) {
        iam.deleteRole(RoleName);
        throw error;
      }
      return { Role: describedRole(role) };
    },
    GetRole: ({ RoleName }) => ({ Role: describedRole(iam.named(RoleName)) }),
    ListRoles: ({ PathPrefix = '/', ...paging }) => {
      const found = iam.roles().filter(({ path }) => path.startsWith(PathPrefix));
      return page('Roles', found.map((role) => ({ ...describedRole(role), Tags: undefined, PermissionsBoundary: undefined, RoleLastUsed: undefined })), paging);
    },
    UpdateAssumeRolePolicy: ({ RoleName, PolicyDocument }) => { iam.setTrust(RoleName, parsed(PolicyDocument)); },
    DeleteRole: ({ RoleName }) => { iam.deleteRole(iam.named(RoleName).name); },
    ListRoleTags: ({ RoleName, ...paging }) => page('Tags', iam.named(RoleName).about.Tags ?? [], paging),

    PutRolePolicy: ({ RoleName, PolicyName, PolicyDocument }) => { iam.putRolePolicy(RoleName, PolicyName, parsed(PolicyDocument)); },
    GetRolePolicy: ({ RoleName, PolicyName }) => ({ RoleName, PolicyName, PolicyDocument: encoded(inline(iam.named(RoleName), PolicyName)) }),
    ListRolePolicies: ({ RoleName, ...paging }) => page('PolicyNames', [...iam.named(RoleName).policies.keys()], paging),
    DeleteRolePolicy: ({ RoleName, PolicyName }) => {
      inline(iam.named(RoleName), PolicyName);
      iam.deleteRolePolicy(RoleName, PolicyName);
    },

    AttachRolePolicy: ({ RoleName, PolicyArn }) => { iam.attach(RoleName, PolicyArn); },
    DetachRolePolicy: ({ RoleName, PolicyArn }) => {
      if (!iam.named(RoleName).attached.has(PolicyArn)) { throw new AwsError('NoSuchEntity', `Policy ${PolicyArn} was not found.`, 404); }
      iam.detach(RoleName, PolicyArn);
    },
    ListAttachedRolePolicies: ({ RoleName, PathPrefix = '/', ...paging }) => page('AttachedPolicies', [...iam.named(RoleName).attached]
      .map((PolicyArn) => iam.managedPolicy(PolicyArn)).filter(({ path }) => path.startsWith(PathPrefix))
      .map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })), paging),

    CreatePolicy: ({ PolicyName, Path = '/', PolicyDocument, Description }) => {
      const arn = iam.arn(`policy${Path}${PolicyName}`);
      if (iam.hasManagedPolicy(arn)) { throw new AwsError('EntityAlreadyExists', `A policy called ${PolicyName} already exists.`, 409); }
      iam.putManagedPolicy(arn, parsed(PolicyDocument), Description);
      return { Policy: describedPolicy(iam, iam.managedPolicy(arn)) };
    },
    GetPolicy: ({ PolicyArn }) => {
      const policy = iam.managedPolicy(PolicyArn);
      return { Policy: { ...describedPolicy(iam, policy), Description: policy.description } };
    },
    GetPolicyVersion: ({ PolicyArn, VersionId }) => {
      const { document, created, isUnread } = iam.managedPolicy(PolicyArn);
      if (isUnread) { throw new AwsError('NoSuchEntity', `The document of ${PolicyArn} is not part of the local AWS.`, 404); }
      if (VersionId !== VERSION) { throw new AwsError('NoSuchEntity', `Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`, 404); }
      return { PolicyVersion: { Document: encoded(document), VersionId, IsDefaultVersion: true, CreateDate: created } };
    },
    ListPolicies: ({ Scope = 'All', OnlyAttached = false, PathPrefix = '/', ...paging }) => {
      const aws = Object.keys(awsManagedPolicies).map((name) => iam.managedPolicy(`arn:${iam.partition}:iam::aws:policy/${name}`));
      const all = [...Scope === 'AWS' ? [] : iam.managedPolicies(), ...Scope === 'Local' ? [] : aws].filter(({ path }) => path.startsWith(PathPrefix));
      return page('Policies', all.filter(({ arn }) => !OnlyAttached || iam.rolesWith(arn).length > 0).map((policy) => describedPolicy(iam, policy)), paging);
    },
    ListPolicyVersions: ({ PolicyArn, ...paging }) => (
      page('Versions', [{ VersionId: VERSION, IsDefaultVersion: true, CreateDate: iam.managedPolicy(PolicyArn).created }], paging)
    ),
    SimulatePrincipalPolicy: ({ Marker, MaxItems, ...input }) => page('EvaluationResults', simulated(iam, input), { Marker, MaxItems }),
    DeletePolicy: ({ PolicyArn }) => { iam.deleteManagedPolicy(iam.managedPolicy(PolicyArn).arn); },
  };
}

/** A managed policy has this version only: CloudFormation's updates replace it. */
const VERSION = 'v1';

function page(member: string, all: readonly unknown[], { Marker, MaxItems = PAGE }: any): object {
  const { items, next } = numberedPage(all, Marker, MaxItems, () => invalid('Invalid Marker.', 'iam'));
  return { [member]: items, IsTruncated: next !== undefined, Marker: next };
}

function describedRole({ name, path, arn, roleId, created, trust, boundary, about }: Role): object {
  return {
    Path: path,
    RoleName: name,
    RoleId: roleId,
    Arn: arn,
    CreateDate: created,
    AssumeRolePolicyDocument: encoded(trust),
    Description: about.Description,
    MaxSessionDuration: about.MaxSessionDuration ?? 3600,
    PermissionsBoundary: boundary && { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary },
    Tags: about.Tags,
    RoleLastUsed: {},
  };
}

function describedPolicy(iam: IamStore, { name, path, arn, id, created }: ManagedPolicy): object {
  return {
    PolicyName: name,
    PolicyId: id,
    Arn: arn,
    Path: path,
    DefaultVersionId: VERSION,
    AttachmentCount: iam.rolesWith(arn).length,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: created,
    UpdateDate: created,
  };
}

function inline({ policies }: Role, policyName: string): Document {
  const document = policies.get(policyName);
  if (!document) { throw new AwsError('NoSuchEntity', `The role policy with name ${policyName} cannot be found.`, 404); }
  return document;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'This policy contains invalid Json');
  }
}

/** IAM answers documents in the encoding of a URL (RFC 3986). */
function encoded(document: unknown): string {
  return encodeURIComponent(JSON.stringify(document)).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
