import {
  GetPolicyCommand, GetPolicyVersionCommand, GetRoleCommand, GetRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand,
  ListAttachedRolePoliciesCommandOutput, ListRolePoliciesCommand, ListRolePoliciesCommandOutput,
} from '@aws-sdk/client-iam';
import type { PolicyDocument, RoleFacts, Statement } from './facts';
import type { Notes } from './looking';
import { like } from '../../../lambda/jobs/preflight/trust';
import type { ResourceView } from '../account/stack';

/** A role with its trust and policies. If it went with its stack, what the stack's resources say of it. */
export async function readRole(iam: IAMClient, arn: string, resources: readonly ResourceView[], notes: Notes): Promise<RoleFacts | undefined> {
  const RoleName = arn.split('/').at(-1)!;
  const role = await notes.look(`the role ${arn}`, async () => {
    try {
      return { found: (await iam.send(new GetRoleCommand({ RoleName }))).Role };
    } catch (error) {
      if (/NoSuchEntity/.test((error as Error).name)) { return { found: undefined }; }
      throw error;
    }
  });
  if (!role) { return undefined; }
  if (!role.found) { return await roleOfTemplate(iam, arn, resources, notes) ?? { arn, exists: false }; }
  return {
    arn,
    exists: true,
    trust: decoded(role.found.AssumeRolePolicyDocument),
    policies: await notes.look(`what the role ${arn} may do`, async () => [...await inlinePolicies(iam, RoleName), ...await attachedPolicies(iam, RoleName)]),
  };
}

async function inlinePolicies(iam: IAMClient, RoleName: string): Promise<PolicyDocument[]> {
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page: ListRolePoliciesCommandOutput = await iam.send(new ListRolePoliciesCommand({ RoleName, Marker }));
    names.push(...page.PolicyNames ?? []);
    Marker = page.Marker;
  } while (Marker);
  return Promise.all(names.map(async (PolicyName) => decoded((await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))).PolicyDocument)));
}

async function attachedPolicies(iam: IAMClient, RoleName: string): Promise<PolicyDocument[]> {
  const arns: string[] = [];
  let Marker: string | undefined;
  do {
    const page: ListAttachedRolePoliciesCommandOutput = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker }));
    arns.push(...(page.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn!));
    Marker = page.Marker;
  } while (Marker);
  return Promise.all(arns.map((arn) => managedPolicy(iam, arn)));
}

async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<PolicyDocument> {
  const { Policy: policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion: version } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: policy!.DefaultVersionId }));
  return decoded(version!.Document);
}

/** IAM's documents are encoded as in a URL. */
function decoded(text = '{}'): PolicyDocument {
  return JSON.parse(decodeURIComponent(text)) as PolicyDocument;
}

/** What the stack's own resources say of a role that is gone by now. */
async function roleOfTemplate(iam: IAMClient, arn: string, resources: readonly ResourceView[], notes: Notes): Promise<RoleFacts | undefined> {
  const name = arn.split('/').at(-1)!;
  const role = resources.find(({ type, physicalId }) => type === 'AWS::IAM::Role' && physicalId === name);
  if (!role) { return undefined; }
  const { AssumeRolePolicyDocument: trust, Policies: own = [], ManagedPolicyArns: attached = [] } = role.properties as any;
  const documentOf = ({ properties }: ResourceView) => (properties as any).PolicyDocument as PolicyDocument;
  const beside = resources.filter(({ type, properties: { Roles, RoleName } }) => /^AWS::IAM::(Managed|Role)?Policy$/.test(type)
    && ([Roles ?? [], RoleName ?? []].flat() as unknown[]).includes(name));
  const managed = await notes.look(`what the role ${arn} may do`, () => Promise.all((attached as unknown[]).map((one) => {
    const made = resources.find(({ type, physicalId }) => type === 'AWS::IAM::ManagedPolicy' && physicalId === one);
    return made ? documentOf(made) : managedPolicy(iam, String(one));
  })));
  return {
    arn,
    exists: true,
    isOfTemplate: true,
    trust,
    policies: managed && [...own.map(({ PolicyDocument: document }: any) => document), ...beside.map(documentOf), ...managed],
  };
}

/** Whether policies allow an action, on some resource at least. A statement with a condition counts as if the condition held. */
export function allows(policies: readonly PolicyDocument[], action: string, resource?: string): boolean {
  const statements = policies.flatMap(({ Statement: all }) => [all ?? []].flat() as Statement[]);
  const covers = ({ Action, NotAction, Resource, NotResource }: Statement) => {
    const acts = NotAction ? !some(NotAction, action) : some(Action, action);
    return acts && (resource === undefined || (NotResource ? !some(NotResource, resource) : some(Resource, resource)));
  };
  const isDenied = statements.some((statement) => statement.Effect === 'Deny' && !statement.Condition && covers(statement));
  return !isDenied && statements.some((statement) => statement.Effect === 'Allow' && covers(statement));
}

function some(patterns: string | readonly string[] | undefined, text: string): boolean {
  return ([patterns ?? []].flat() as unknown[]).some((pattern) => typeof pattern !== 'string' || like(pattern, text));
}
