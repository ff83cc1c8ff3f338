import { checkDocument, Context, decide, PolicyDocument } from './policy';
import { IamStore, Role } from './store';
import { AwsError } from '../kernel';

/** A policy that a simulation reads, by the name that its answer gives. */
interface Source {
  readonly id: string;
  readonly document: PolicyDocument;
}

const DECISIONS = { Allow: 'allowed', Deny: 'explicitDeny' } as const;

/**
 * What a role's policies say of requests that nobody makes, one answer for each action and resource. It reads no policy of a bucket, a key or another role.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export function simulated(iam: IamStore, input: any): object[] {
  const { PolicySourceArn, ActionNames, ResourceArns = ['*'], PolicyInputList = [], PermissionsBoundaryPolicyInputList = [], ContextEntries = [] } = input;
  const role = iam.roles().find(({ arn }) => arn === PolicySourceArn);
  if (!role) { throw new AwsError('NoSuchEntity', `The role with ARN ${PolicySourceArn} cannot be found: the local AWS has policies of its own roles only.`, 404); }
  const strange = ActionNames.find((action: string) => !/^[\w-]+:[\w*]+$/.test(action));
  if (strange !== undefined) { throw invalidInput(`Invalid Action: ${strange} must be a service and an operation, such as s3:GetObject`); }
  const context: Context = {
    ...iam.principalContext(role.arn),
    ...Object.fromEntries(ContextEntries.map(({ ContextKeyName, ContextKeyValues }: any) => [ContextKeyName, ContextKeyValues])),
  };
  const sources = [...sourcesOf(iam, role), ...PolicyInputList.map((text: string, index: number): Source => ({ id: `PolicyInputList.${index + 1}`, document: parsed(text) }))];
  const boundary = role.boundary === undefined ? [] : [iam.managedPolicy(role.boundary).document];
  const boundaries: PolicyDocument[] = PermissionsBoundaryPolicyInputList.length > 0 ? PermissionsBoundaryPolicyInputList.map(parsed) : boundary;
  const MissingContextValues = missing([...sources.map(({ document }) => document), ...boundaries], context);
  return ActionNames.flatMap((EvalActionName: string) => ResourceArns.map((EvalResourceName: string) => {
    const said = (documents: readonly PolicyDocument[]) => decide(documents, EvalActionName, EvalResourceName, context);
    const granted = said(sources.map(({ document }) => document));
    const bounded = boundaries.length === 0 ? 'Allow' : said(boundaries);
    const decision = [granted, bounded].includes('Deny') ? 'Deny' : granted === 'Allow' && bounded === 'Allow' ? 'Allow' : undefined;
    return {
      EvalActionName,
      EvalResourceName,
      EvalDecision: decision === undefined ? 'implicitDeny' : DECISIONS[decision],
      MatchedStatements: sources.filter(({ document }) => granted !== undefined && said([document]) === granted)
        .map(({ id }) => ({ SourcePolicyId: id, SourcePolicyType: 'IAM Policy' })),
      MissingContextValues,
      PermissionsBoundaryDecisionDetail: boundaries.length === 0 ? undefined : { AllowedByPermissionsBoundary: bounded === 'Allow' },
    };
  }));
}

function sourcesOf(iam: IamStore, { name, policies, attached }: Role): Source[] {
  return [
    ...[...policies].map(([policyName, document]) => ({ id: `role_${name}_${policyName}`, document })),
    ...[...attached].map((arn) => iam.managedPolicy(arn)).map((policy) => ({ id: policy.name, document: policy.document })),
  ];
}

/** The keys of conditions that have no value. */
function missing(documents: readonly PolicyDocument[], context: Context): string[] {
  const known = Object.keys(context).map((key) => key.toLowerCase());
  const conditions = documents.flatMap(({ Statement }) => [Statement].flat()).flatMap(({ Condition = {} }) => Object.values(Condition));
  const keys = conditions.flatMap((tested) => Object.keys(tested));
  return [...new Set(keys)].filter((key) => !known.includes(key.toLowerCase()));
}

function parsed(text: string): PolicyDocument {
  try {
    const document: unknown = JSON.parse(text);
    checkDocument(document, 'identity');
    return document;
  } catch (error) {
    throw invalidInput(error instanceof AwsError ? error.message : 'This policy contains invalid Json');
  }
}

function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message);
}
