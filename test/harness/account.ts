import { AwsError, Call } from '../../local-aws';
import { Iam } from '../../local-aws/iam';
import { S3 } from '../../local-aws/s3';
import { ServiceQuotas } from '../../local-aws/service-quotas';

/** What a function reads of its account before a job starts, as its own reader makes it of the services' answers. */
export async function accountAnswer(call: Call, operation: string, input: any): Promise<unknown> {
  const { region } = call;
  const iam = region.room(Iam);
  const check = (service: string, named = operation, given = input) => iam.check(call, service, named, given);
  switch (operation) {
    case 'GetObjectBeginning': return beginningOf(call, input.address, (given) => check('s3', 'GetObject', given));
    case 'LookBelow': return lookedBelow(call, input.address, (given) => check('s3', 'ListObjectsV2', given));
    case 'GetRole': {
      check('iam');
      const role = iam.roles().find(({ name }) => name === input.RoleName);
      return role && JSON.stringify(role.trust);
    }
    case 'SimulatePrincipalPolicy': {
      check('iam');
      const given = { PolicySourceArn: input.PolicySourceArn, ActionNames: input.ActionNames, ResourceArns: [input.ResourceArn] };
      const { EvaluationResults } = await iam.operations.SimulatePrincipalPolicy(given, call) as any;
      return EvaluationResults.map(({ EvalActionName, EvalResourceName, EvalDecision, MissingContextValues }: any) => (
        { action: EvalActionName, resource: EvalResourceName, decision: EvalDecision, isConditional: MissingContextValues.length > 0 }));
    }
    case 'ListServiceQuotas':
      check('servicequotas');
      return region.room(ServiceQuotas).operations.ListServiceQuotas(input, call);
    default: throw new Error(`Nothing is asked of the account as ${operation}.`);
  }
}

async function lookedBelow(call: Call, address: string, check: (input: object) => void): Promise<unknown> {
  const [, Bucket, Prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(address) ?? [];
  try {
    check({ Bucket, Prefix });
    const { Contents } = await call.region.room(S3).operations.ListObjectsV2({ Bucket, Prefix, MaxKeys: 1 }, call) as any;
    return Contents.length > 0 ? 'objects' : 'empty';
  } catch (error) {
    if (!(error instanceof AwsError) || error.status >= 500) { throw error; }
    return error.name === 'NoSuchBucket' ? 'no bucket' : 'unreadable';
  }
}

async function beginningOf(call: Call, address: string, check: (input: object) => void): Promise<unknown> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
  try {
    check({ Bucket, Key });
    const { Body } = await call.region.room(S3).operations.GetObject({ Bucket, Key }, call) as any;
    const bytes: Buffer = Body.content.bytes();
    return { head: bytes.subarray(0, 16_384), size: bytes.length };
  } catch (error) {
    if (!(error instanceof AwsError) || error.status >= 500) { throw error; }
    return error.name === 'NoSuchBucket' ? 'no bucket' : error.name === 'NoSuchKey' ? 'missing' : 'unreadable';
  }
}

/** What a function reads of the objects that a job has written, as its own reader makes it of S3's answers. */
export async function storedAnswer(call: Call, operation: string, { address }: { readonly address: string }): Promise<unknown> {
  const { operations } = call.region.room(S3);
  const [, Bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(address)!;
  const isList = operation === 'ListStored';
  const input = isList ? { Bucket, Prefix: key } : { Bucket, Key: key };
  call.region.room(Iam).check(call, 's3', isList ? 'ListObjectsV2' : 'GetObject', input);
  const answer: any = await operations[isList ? 'ListObjectsV2' : 'GetObject'](input, call);
  return isList ? answer.Contents.map(({ Key, Size }: any) => ({ address: `s3://${Bucket}/${Key}`, bytes: Number(Size) })) : answer.Body.content.bytes();
}
