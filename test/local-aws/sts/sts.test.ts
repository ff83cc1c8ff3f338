import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';
import { form, issuedIn } from '../wire/raw';

let aws: LocalAws;
beforeEach(async () => { aws = await startLocalAws({ clock: new VirtualClock({ start: new Date('2020-01-01') }) }); });
afterEach(() => aws.close());

const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }] };

function assume(RoleArn: string, accessKeyId?: string, RoleSessionName = 'session') {
  return form(aws, 'sts', { Action: 'AssumeRole', Version: '2011-06-15', RoleArn, RoleSessionName }, { accessKeyId });
}

const value = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';

test('the keys of an assumed role are that role, in its own account', async () => {
  aws.world.region('222222222222', 'us-east-1').iam.createRole('Deployer', trust);
  const answer = await assume('arn:aws:iam::222222222222:role/Deployer');
  const who = await form(aws, 'sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' }, { credentials: issuedIn(answer.body) });
  expect(value(who.body, 'Arn')).toBe('arn:aws:sts::222222222222:assumed-role/Deployer/session');
  expect(value(who.body, 'Account')).toBe('222222222222');
});

test('credentials are not over for a client that lives by the wall clock', async () => {
  const asked = Date.now();
  const answer = await assume('arn:aws:iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-us-east-1');
  expect(Date.parse(value(answer.body, 'Expiration'))).toBeGreaterThan(asked);
});

test('a role that is not there cannot be assumed', async () => {
  expect(await assume('arn:aws:iam::111111111111:role/nobody')).toMatchObject({
    status: 403, body: expect.stringContaining('is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/nobody'),
  });
});

test('a role that an app imports can be assumed, if imports are assumed, until it is deleted here', async () => {
  await aws.close();
  aws = await startLocalAws({ imported: 'assumed' });
  const role = 'arn:aws:iam::222222222222:role/imported';
  expect(await assume(role)).toMatchObject({ status: 200 });
  const { iam } = aws.world.region('222222222222', 'us-east-1');
  iam.createRole('imported', trust);
  iam.deleteRole('imported');
  expect(await assume(role)).toMatchObject({ status: 403 });
});

test.each([['arn:aws:iam::1:role/x', 'session'], ['x', 'session'], ['arn:aws:iam::111111111111:role/x', '!']])('AssumeRole of %s as %s is refused', async (role, session) => {
  expect(await assume(role, undefined, session)).toMatchObject({ status: 400, body: expect.stringContaining('<Code>ValidationError</Code>') });
});
