import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { accountReader, GetObjectBeginning, GetRole, ListServiceQuotas, LookBelow, SimulatePrincipalPolicy } from '../../../lambda/runtime/account';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { archiveOf } from '../../harness/archives';
import { callIn } from '../../harness/clients';
import { ACCOUNT, REGION } from '../../harness/place';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/benchmark`;
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

type Reply = readonly [status: number, body: string, headers?: Record<string, string>];

/** An account whose network answers so, one reply after the other, and what it was asked. */
function network(replies: readonly Reply[], more: object = {}) {
  const asked: any[] = [];
  const handle = async (request: any) => {
    asked.push(request);
    const [statusCode, body, headers = {}] = replies[Math.min(asked.length, replies.length) - 1];
    return { response: { statusCode, headers, body: [Buffer.from(body)] } };
  };
  const { config } = new SageMakerClient({ region: REGION, credentials, requestHandler: { handle } as any, ...more });
  return { asked, account: accountReader(config) };
}

const refusal = (code: string) => `<Error><Code>${code}</Code><Message>No.</Message></Error>`;
const beginning = (account: ReturnType<typeof accountReader>) => account.send(new GetObjectBeginning({ address: 's3://models/a b/m.tar.gz' }));

describe('the beginning of an object', () => {
  test('is asked for as a range, signed, and tells the size of the whole', async () => {
    const { asked, account } = network([[206, 'first', { 'content-range': 'bytes 0-16383/99999' }]]);
    expect(await beginning(account)).toEqual({ head: Buffer.from('first'), size: 99999 });
    expect(asked).toMatchObject([{ method: 'GET', hostname: 's3.us-east-1.amazonaws.com', path: '/models/a%20b/m.tar.gz', headers: { range: 'bytes=0-16383' } }]);
    expect(asked[0].headers.authorization).toContain('/us-east-1/s3/aws4_request');
  });

  test.each([
    ['an answer without a range', [[200, 'all']], { head: Buffer.from('all'), size: 3 }],
    ['an empty object', [[416, '']], { head: Buffer.alloc(0), size: 0 }],
    ['a key that is not there', [[404, refusal('NoSuchKey')]], 'missing'],
    ['a bucket that is not there', [[404, refusal('NoSuchBucket')]], 'no bucket'],
    ['another Region', [[301, refusal('PermanentRedirect')]], 'unreadable'],
    ['a denial, and a list that has the key', [[403, ''], [200, '<Contents><Key>a b/m.tar.gz</Key></Contents>']], 'unreadable'],
    ['a denial, and a list that has a longer key', [[403, ''], [200, '<Contents><Key>a b/m.tar.gz.old</Key></Contents>']], 'missing'],
    ['a denial, and an empty list', [[403, ''], [200, '<ListBucketResult/>']], 'missing'],
    ['a denial, and no permission to list', [[403, ''], [403, refusal('AccessDenied')]], 'unreadable'],
  ] as Array<[string, Reply[], unknown]>)('%s', async (_what, replies, expected) => {
    expect(await beginning(network(replies).account)).toEqual(expected);
  });

  test('a list is asked for with the key alone', async () => {
    const { asked, account } = network([[403, ''], [200, '']]);
    await beginning(account);
    expect(asked[1]).toMatchObject({ path: '/models', query: { 'list-type': '2', 'max-keys': '1', 'prefix': 'a b/m.tar.gz' } });
  });

  test.each([429, 500, 503])('a status of %d is an error', async (status) => {
    await expect(beginning(network([[status, '']]).account)).rejects.toMatchObject({ name: `Status${status}` });
  });

  test('of what is no object\'s address, nobody is asked', async () => {
    const { asked, account } = network([[200, '']]);
    expect(await account.send(new GetObjectBeginning({ address: 'https://models/a' }))).toBe('unreadable');
    expect(asked).toEqual([]);
  });
});

describe('IAM', () => {
  const role = (account: ReturnType<typeof accountReader>) => account.send(new GetRole({ RoleName: 'benchmark' }));
  const policy = encodeURIComponent('{"Statement":[]}');

  // Of the SDK's own client for IAM.
  test.each([
    ['eu-west-1', 'iam.amazonaws.com', 'us-east-1', {}],
    ['us-east-1', 'iam.amazonaws.com', 'us-east-1', {}],
    ['us-west-2', 'iam-fips.amazonaws.com', 'us-east-1', { useFipsEndpoint: true }],
    ['cn-northwest-1', 'iam.cn-north-1.amazonaws.com.cn', 'cn-north-1', {}],
    ['us-gov-east-1', 'iam.us-gov.amazonaws.com', 'us-gov-west-1', {}],
    ['us-gov-east-1', 'iam.us-gov.amazonaws.com', 'us-gov-west-1', { useFipsEndpoint: true }],
    ['us-iso-east-1', 'iam.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1', {}],
  ])('of %s is asked at %s, signed for %s', async (region, hostname, signedFor, more) => {
    const { asked, account } = network([[200, `<AssumeRolePolicyDocument>${policy}</AssumeRolePolicyDocument>`]], { region, ...more });
    expect(await role(account)).toBe('{"Statement":[]}');
    expect(asked).toMatchObject([{ hostname, headers: { host: hostname, authorization: expect.stringContaining(`/${signedFor}/iam/aws4_request`) } }]);
  });

  test('a role that is not there is none, and a denial is an error', async () => {
    expect(await role(network([[404, refusal('NoSuchEntity')]]).account)).toBeUndefined();
    await expect(role(network([[403, refusal('AccessDenied')]]).account)).rejects.toMatchObject({ name: 'AccessDenied', message: 'No.' });
  });

  test('a simulation is read whatever the order of its members, with what is missing for a condition', async () => {
    const result = (action: string, decision: string, missing = '') => `<member><MatchedStatements><member><SourcePolicyId>p</SourcePolicyId></member></MatchedStatements>
      <MissingContextValues>${missing}</MissingContextValues><EvalResourceName>r</EvalResourceName><EvalDecision>${decision}</EvalDecision><EvalActionName>${action}</EvalActionName></member>`;
    const { asked, account } = network([[200, `<EvaluationResults>${result('s3:GetObject', 'allowed')}${result('s3:PutObject', 'implicitDeny', '<member>aws:SourceIp</member>')}</EvaluationResults>`]]);
    const request = { PolicySourceArn: ROLE, ActionNames: ['s3:GetObject', 's3:PutObject'], ResourceArn: 'r' };
    expect(await account.send(new SimulatePrincipalPolicy(request))).toEqual([
      { action: 's3:GetObject', resource: 'r', decision: 'allowed', isConditional: false },
      { action: 's3:PutObject', resource: 'r', decision: 'implicitDeny', isConditional: true },
    ]);
    const nested = (inner: string) => network([[200, `<EvaluationResults><member><EvalActionName>s3:GetObject</EvalActionName><EvalDecision>explicitDeny</EvalDecision>${inner}</member></EvaluationResults>`]])
      .account.send(new SimulatePrincipalPolicy(request));
    const ofResource = (missing: string) => `<ResourceSpecificResults><member><EvalResourceDecision>explicitDeny</EvalResourceDecision><MissingContextValues>${missing}</MissingContextValues></member></ResourceSpecificResults>`;
    const conditional = await Promise.all([
      ofResource('<member>aws:RequestedRegion</member>'), '<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations></OrganizationsDecisionDetail>', ofResource(''),
    ].map(nested));
    expect(conditional).toEqual([true, true, false].map((isConditional) => [{ action: 's3:GetObject', resource: 'r', decision: 'explicitDeny', isConditional }]));
    const sent = new URLSearchParams(asked[0].body);
    expect([sent.get('ActionNames.member.2'), sent.get('ContextEntries.member.1.ContextKeyName')]).toEqual(['s3:PutObject', 'iam:PassedToService']);
  });
});

test('a service that nothing leads to is a transient error', async () => {
  const handle = async () => { throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { name: 'Error' }); };
  const { config } = new SageMakerClient({ region: REGION, credentials, requestHandler: { handle } as any });
  await expect(accountReader(config).send(new GetRole({ RoleName: 'r' }))).rejects.toMatchObject({ message: 'getaddrinfo ENOTFOUND', $metadata: {} });
});

describe('of the local AWS', () => {
  let aws: LocalAws;
  let account: ReturnType<typeof accountReader>;
  beforeAll(async () => {
    aws = await startLocalAws();
    account = accountReader(new SageMakerClient(aws.client()).config, aws.endpoint, aws.endpoint);
    aws.world.s3.createBucket('models', ACCOUNT, REGION);
    const region = aws.world.region(ACCOUNT, REGION);
    const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }] };
    await region.clock.run(async () => region.iam.operations.CreateRole({ RoleName: 'benchmark', AssumeRolePolicyDocument: JSON.stringify(trust) }, callIn(region)));
  });
  afterAll(() => aws.close());

  test('objects of all sizes, and none', async () => {
    const large = Buffer.alloc(50_000, 'x');
    aws.world.s3.putObject('models', 'large', large);
    aws.world.s3.putObject('models', 'empty', Buffer.alloc(0));
    aws.world.s3.putObject('models', 'a (1)+é.tar.gz', archiveOf({ a: '1' }));
    const read = (key: string, bucket = 'models') => account.send(new GetObjectBeginning({ address: `s3://${bucket}/${key}` }));
    expect(await read('large')).toEqual({ head: large.subarray(0, 16_384), size: 50_000 });
    expect(await read('empty')).toEqual({ head: Buffer.alloc(0), size: 0 });
    expect(await read('a (1)+é.tar.gz')).toMatchObject({ size: expect.any(Number) });
    expect([await read('none'), await read('none', 'nobody')]).toEqual(['missing', 'no bucket']);
  });

  test('whether anything is below a prefix', async () => {
    aws.world.s3.createBucket('chats', ACCOUNT, REGION);
    aws.world.s3.createBucket('their-chats', '222222222222', REGION);
    aws.world.s3.putObject('chats', 'chat/config.json', Buffer.from('{}'));
    const look = (address: string) => account.send(new LookBelow({ address }));
    expect(await Promise.all(['s3://chats/', 's3://chats', 's3://chats/chat/', 's3://chats/none/', 's3://nobody/', 's3://their-chats/', 'chats/'].map(look)))
      .toEqual(['objects', 'objects', 'objects', 'empty', 'no bucket', 'unreadable', 'unreadable']);
  });

  test('a role\'s trust, quotas, and a simulation', async () => {
    expect(JSON.parse((await account.send(new GetRole({ RoleName: 'benchmark' })))!)).toMatchObject({ Statement: [{ Action: 'sts:AssumeRole' }] });
    expect(await account.send(new GetRole({ RoleName: 'nobody' }))).toBeUndefined();
    const page = await account.send(new ListServiceQuotas({ ServiceCode: 'sagemaker', MaxResults: 10 }));
    expect([page.Quotas!.length, typeof page.Quotas![0].QuotaName, typeof page.Quotas![0].Value, typeof page.NextToken]).toEqual([10, 'string', 'number', 'string']);
    expect(await account.send(new SimulatePrincipalPolicy({ PolicySourceArn: ROLE, ActionNames: ['s3:GetObject'], ResourceArn: 'arn:aws:s3:::models/a' })))
      .toEqual([{ action: 's3:GetObject', resource: 'arn:aws:s3:::models/a', decision: 'implicitDeny', isConditional: false }]);
  });
});
