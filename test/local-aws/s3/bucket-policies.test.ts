import { LocalAws, startLocalAws } from '../../../local-aws';
import { form, issuedIn, raw, RawCredentials } from '../wire/raw';

const ACCOUNT = '111111111111';
const [BUCKET, READER] = ['models', `arn:aws:iam::${ACCOUNT}:role/Reader`];
let aws: LocalAws;
let credentials: RawCredentials;
beforeAll(async () => {
  aws = await startLocalAws();
  const { iam } = aws.world.region(ACCOUNT, 'us-east-1');
  iam.createRole('Reader', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ACCOUNT } }] });
  aws.world.s3.createBucket(BUCKET, ACCOUNT, 'us-east-1');
  ['k', 'm.tar.gz'].forEach((key) => aws.world.s3.putObject(BUCKET, key, Buffer.from('x')));
  const { body } = await form(aws, 'sts', { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: READER, RoleSessionName: 'session' });
  credentials = issuedIn(body);
});
afterAll(() => aws.close());

const s3 = (method: string, path: string, options: object = {}) => raw(aws, { service: 's3', method, path: `/${BUCKET}${path}`, ...options });
const put = (...Statement: object[]) => s3('PUT', '?policy', { body: JSON.stringify({ Version: '2012-10-17', Statement }) });
const statement = (Principal: unknown, more: object = {}) => ({ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*`, ...more });

/** What the role gets when it reads. */
const read = async () => (await s3('GET', '/k', { credentials })).status;

test.each<[string, object[], number]>([
  ['names the role', [statement({ AWS: READER })], 200],
  ['names the session', [statement({ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/Reader/session` })], 200],
  ['names everybody', [statement('*')], 200],
  ['names the account, whose own policies allow nothing', [statement({ AWS: ACCOUNT })], 403],
  ['names another role', [statement({ AWS: `${READER}2` })], 403],
  ['allows another action', [statement({ AWS: READER }, { Action: 's3:PutObject' })], 403],
  ['allows and denies', [statement({ AWS: READER }), statement('*', { Effect: 'Deny' })], 403],
  ['allows without TLS only', [statement('*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })], 403],
  ['denies all but the role', [statement({ AWS: READER }), { ...statement('*', { Effect: 'Deny' }), Principal: undefined, NotPrincipal: { AWS: READER } }], 200],
])('a policy that %s', async (_what, statements, status) => {
  expect((await put(...statements)).status).toBe(204);
  expect(await read()).toBe(status);
});

test('an explicit deny is told, and the account\'s user is denied, too', async () => {
  await put(statement('*', { Effect: 'Deny' }));
  expect((await s3('GET', '/k')).body).toContain(`not authorized to perform: s3:GetObject on resource: arn:aws:s3:::${BUCKET}/k with an explicit deny in a resource-based policy`);
});

test('a policy is read back as it is, and is gone after its deletion', async () => {
  await put(statement({ AWS: READER }));
  expect(JSON.parse((await s3('GET', '?policy')).body)).toEqual({ Version: '2012-10-17', Statement: [statement({ AWS: READER })] });
  expect((await s3('DELETE', '?policy')).status).toBe(204);
  expect([(await s3('GET', '?policy')).body, await read()]).toEqual([expect.stringContaining('<Code>NoSuchBucketPolicy</Code>'), 403]);
});

test.each<[string, string, string]>([
  ['no JSON', '{', 'Policies must be valid JSON'],
  ['no statement', '{}', 'Syntax errors in policy.'],
  ['no principal', JSON.stringify({ Statement: [{ ...statement('*'), Principal: undefined }] }), 'Missing required field Principal'],
  ['an unknown operator', JSON.stringify({ Statement: [statement('*', { Condition: { StringMatches: { 'aws:userid': 'x' } } })] }), 'Invalid Condition type : StringMatches.'],
])('a policy with %s is refused', async (_what, body, message) => {
  expect(await s3('PUT', '?policy', { body })).toMatchObject({ status: 400, body: expect.stringMatching(new RegExp(`<Code>MalformedPolicy</Code>.*${message}`, 's')) });
});

test('what a bucket\'s policy allows is enough for a model\'s role', async () => {
  const { iam, sagemaker, clock } = aws.world.region(ACCOUNT, 'us-east-1');
  const { arn } = iam.createRole('Model', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }] });
  const create = () => clock.run(() => sagemaker.call('CreateModel', { ModelName: 'm', ExecutionRoleArn: arn, PrimaryContainer: { Image: 'i', ModelDataUrl: `s3://${BUCKET}/m.tar.gz` } }));
  await put(statement({ AWS: READER }));
  await expect(create()).rejects.toThrow(`the role ${arn} is not authorized to perform: s3:GetObject`);
  await put(statement({ AWS: arn }));
  expect(await create()).toMatchObject({ ModelArn: expect.stringMatching(/:model\/m$/) });
});
