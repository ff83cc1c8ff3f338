import { Command, jsonCall } from './json-service';
import { isMissing, listPage, placeIn, s3Call, s3Endpoint } from './objects';
import { bytesOf, Config, serviceError, signedCall, textOf } from './signed';
import { textIn } from './xml';
import { HEAD_BYTES } from '../../src/service/archive';

/** The first bytes of an object in S3, with its size, or why there are none. */
export type ObjectBeginning = { readonly head: Buffer; readonly size: number } | 'missing' | 'no bucket' | 'unreadable';

/** Reads the beginning of an object in S3. */
export class GetObjectBeginning extends Command<{ readonly address: string }, ObjectBeginning> {
  public readonly operation = 'GetObjectBeginning';
}

/** What is below a prefix in S3: whether there is any object, or why that is not known. */
export type PrefixFinding = 'objects' | 'empty' | 'no bucket' | 'unreadable';

/** Looks whether there is any object below a prefix: `s3://bucket/` or `s3://bucket/prefix/`. */
export class LookBelow extends Command<{ readonly address: string }, PrefixFinding> {
  public readonly operation = 'LookBelow';
}

/** Reads the trust policy of a role: a JSON text. `undefined` if there is no such role. */
export class GetRole extends Command<{ readonly RoleName: string }, string | undefined> {
  public readonly operation = 'GetRole';
}

export interface QuotasPage {
  readonly Quotas?: ReadonlyArray<{ readonly QuotaName?: string; readonly Value?: number }>;
  readonly NextToken?: string;
}

export class ListServiceQuotas extends Command<
  { readonly ServiceCode: string; readonly MaxResults: number; readonly NextToken?: string }, QuotasPage> {
  public readonly operation = 'ListServiceQuotas';
}

/** An action on a resource, as IAM judges it by a role's own policies. */
export interface SimulatedDecision {
  readonly action: string;
  readonly resource: string;
  readonly decision: string;
  readonly isConditional: boolean;
}

/** Asks IAM what a role's own policies allow. */
export class SimulatePrincipalPolicy extends Command<
  { readonly PolicySourceArn: string; readonly ActionNames: readonly string[]; readonly ResourceArn: string }, SimulatedDecision[]> {
  public readonly operation = 'SimulatePrincipalPolicy';
}

/** Reads what an account has of what a job needs. */
export interface AccountApi {
  send<Output>(command: Command<any, Output>): Promise<Output>;
}

/** S3, IAM and Service Quotas. A call is tried once or for a moment only: nobody waits for what is only a check. */
export function accountReader(config: Config, given = process.env.AWS_ENDPOINT_URL, givenS3 = s3Endpoint()): AccountApi {
  return {
    async send<Output>(command: Command<any, Output>) {
      const { input } = command;
      return await answerTo(command, {
        GetObjectBeginning: () => beginningOf(config, givenS3, input.address),
        LookBelow: () => lookedBelow(config, givenS3, input.address),
        GetRole: () => trustPolicyOf(config, given, input.RoleName),
        SimulatePrincipalPolicy: () => simulated(config, given, input),
        ListServiceQuotas: () => jsonCall(config, { service: 'servicequotas', target: 'ServiceQuotasV20190624', version: '1.1' }, given, 'ListServiceQuotas', input),
      }) as Output;
    },
  };
}

function answerTo({ operation }: Command<any, unknown>, answers: Readonly<Record<string, () => Promise<unknown>>>): Promise<unknown> {
  return answers[operation]();
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Range, and its errors) */
async function beginningOf(config: Config, given: string | undefined, address: string): Promise<ObjectBeginning> {
  const place = placeIn(address);
  if (!place) { return 'unreadable'; }
  const { statusCode, headers, body } = await s3Call(config, given, place, { method: 'GET', headers: { range: `bytes=0-${HEAD_BYTES - 1}` } });
  const bytes = await bytesOf(body);
  switch (statusCode) {
    case 200:
    case 206: return { head: bytes.subarray(0, HEAD_BYTES), size: Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] ?? bytes.length) };
    case 416: return { head: Buffer.alloc(0), size: 0 };
    case 404: return textIn(bytes.toString(), 'Code') === 'NoSuchBucket' ? 'no bucket' : 'missing';
    case 403: return await isMissing(config, given, place) ? 'missing' : 'unreadable';
    case 301:
    case 400: return 'unreadable';
    default: throw serviceError(`Status${statusCode}`, `S3 answered for ${address} with status ${statusCode}.`, statusCode);
  }
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
async function lookedBelow(config: Config, given: string | undefined, address: string): Promise<PrefixFinding> {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(address) ?? [];
  if (bucket === undefined) { return 'unreadable'; }
  const { statusCode, objects } = await listPage(config, given, { bucket, key }, { most: 1 });
  switch (statusCode) {
    case 200: return objects.length > 0 ? 'objects' : 'empty';
    case 404: return 'no bucket';
    case 301:
    case 400:
    case 403: return 'unreadable';
    default: throw serviceError(`Status${statusCode}`, `S3 answered for ${address} with status ${statusCode}.`, statusCode);
  }
}

async function trustPolicyOf(config: Config, given: string | undefined, RoleName: string): Promise<string | undefined> {
  try {
    return decodeURIComponent(textIn(await iamCall(config, given, { Action: 'GetRole', RoleName }), 'AssumeRolePolicyDocument'));
  } catch (error) {
    if ((error as Error).name === 'NoSuchEntity') { return undefined; }
    throw error;
  }
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
async function simulated(
  config: Config, given: string | undefined, { PolicySourceArn, ActionNames, ResourceArn }: SimulatePrincipalPolicy['input'],
): Promise<SimulatedDecision[]> {
  const actions = Object.fromEntries(ActionNames.map((action, index) => [`ActionNames.member.${index + 1}`, action]));
  const xml = await iamCall(config, given, {
    'Action': 'SimulatePrincipalPolicy', PolicySourceArn, 'MaxItems': '1000', ...actions, 'ResourceArns.member.1': ResourceArn, ...CONTEXT,
  });
  return xml
    .replace(/<MatchedStatements>.*?<\/MatchedStatements>/gs, '')
    // With one resource, the missing values are there, or in what is said of that resource.
    .replace(/<MissingContextValues>\s*<member>.*?<\/MissingContextValues>/gs, '<IsConditional/>')
    .replace(/<ResourceSpecificResults>.*?<\/ResourceSpecificResults>/gs, (inner) => (inner.includes('<IsConditional/>') ? '<IsConditional/>' : ''))
    .split('</member>')
    .filter((result) => result.includes('<EvalDecision>'))
    .map((result) => ({
      action: textIn(result, 'EvalActionName'),
      resource: ResourceArn,
      decision: textIn(result, 'EvalDecision'),
      // Nor does IAM tell the conditions of an organization's policies.
      isConditional: result.includes('<IsConditional/>') || result.includes('<AllowedByOrganizations>false'),
    }));
}

/** A value of the condition that a permission to pass a role mostly has. */
const CONTEXT = {
  'ContextEntries.member.1.ContextKeyName': 'iam:PassedToService',
  'ContextEntries.member.1.ContextKeyType': 'string',
  'ContextEntries.member.1.ContextKeyValues.member.1': 'sagemaker.amazonaws.com',
};

async function iamCall(config: Config, given: string | undefined, request: Record<string, string>): Promise<string> {
  const { statusCode, body } = await signedCall(config, 'iam', given, {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `${new URLSearchParams({ Version: '2010-05-08', ...request })}`,
  });
  const xml = await textOf(body);
  if (statusCode !== 200) { throw serviceError(textIn(xml, 'Code'), textIn(xml, 'Message'), statusCode); }
  return xml;
}
