import { mkdtempSync, rmSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import { join } from 'path';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App, CfnResource, Environment, Stack } from 'aws-cdk-lib';
import { cdk } from '../../../demo/cdk';
import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';
import { Region } from '../../../local-aws/world';
import { zipOf } from '../../harness/assembly';
import { UNTIL_DONE_FOR_TOOLS } from '../../harness/waiting';
import { form, issuedIn, RawRequest } from '../wire/raw';

const HOME = '111111111111';
const OTHER = '222222222222';
const ROLE = `arn:aws:iam::${OTHER}:role/Reader`;
let aws: LocalAws;
let other: Region;
beforeEach(async () => {
  aws = await startLocalAws({ ...UNTIL_DONE_FOR_TOOLS, clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z') }) });
  other = aws.world.region(OTHER, 'us-east-1');
});
afterEach(() => aws.close());

const statement = (Principal: unknown, more: object = {}) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...more });
const value = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';

function trusting(...Statement: object[]): void {
  other.iam.createRole('Reader', { Statement });
}

async function assume(by: Pick<RawRequest, 'accessKeyId' | 'credentials'> = { accessKeyId: HOME }, more: Record<string, string> = {}) {
  const { status, body } = await form(aws, 'sts', {
    Action: 'AssumeRole', Version: '2011-06-15', RoleArn: ROLE, RoleSessionName: 'session', ...more,
  }, by);
  return { status, credentials: issuedIn(body), message: value(body, 'Message') };
}

function ssm(account: string, region?: string): SSMClient {
  return new SSMClient(aws.client({ account, region }));
}

const read = async (client: SSMClient, Name: string) => (await client.send(new GetParameterCommand({ Name }))).Parameter!.Value;

describe('an environment', () => {
  test('is of the account and Region that it names, and of those that the local AWS was started with by default', () => {
    expect(aws.environment()).toMatchObject({ AWS_ACCESS_KEY_ID: HOME, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' });
    expect(aws.environment({ account: OTHER, region: 'eu-west-1' })).toEqual({
      ...aws.environment(), AWS_ACCESS_KEY_ID: OTHER, AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1',
    });
  });

  test('keeps accounts apart', async () => {
    const clients = [aws.environment(), aws.environment({ account: OTHER })].map(({ AWS_ACCESS_KEY_ID }) => ssm(AWS_ACCESS_KEY_ID));
    for (const [index, client] of clients.entries()) { await client.send(new PutParameterCommand({ Name: 'p', Type: 'String', Value: `${index}` })); }
    expect(await Promise.all(clients.map((client) => read(client, 'p')))).toEqual(['0', '1']);
  });
});

describe('AssumeRole across accounts', () => {
  test.each<[string, object[], boolean]>([
    ['names the account', [statement({ AWS: HOME })], true],
    ['names the account by its root', [statement({ AWS: [`arn:aws:iam::${HOME}:root`] })], true],
    ['names the caller', [statement({ AWS: `arn:aws:iam::${HOME}:user/local` })], true],
    ['names everybody', [statement('*')], true],
    ['names another account', [statement({ AWS: '333333333333' })], false],
    ['names a service', [statement({ Service: 'lambda.amazonaws.com' })], false],
    ['names only its own account', [statement({ AWS: `arn:aws:iam::${OTHER}:root` })], false],
    ['denies the account', [statement('*'), statement({ AWS: HOME }, { Effect: 'Deny' })], false],
    ['allows another action', [statement({ AWS: HOME }, { Action: 'sts:TagSession' })], false],
  ])('of a role whose trust %s', async (_what, statements, allowed) => {
    trusting(...statements);
    const { status, credentials, message } = await assume();
    expect(status).toBe(allowed ? 200 : 403);
    if (!allowed) { expect([credentials.accessKeyId, message]).toEqual(['', `User: arn:aws:iam::${HOME}:user/local is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`]); }
  });

  test('may ask for an external id', async () => {
    trusting(statement({ AWS: HOME }, { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } }));
    expect([(await assume()).status, (await assume(undefined, { ExternalId: 'wrong' })).status, (await assume(undefined, { ExternalId: 'secret' })).status]).toEqual([403, 403, 200]);
  });

  test('refuses by name what would narrow the session', async () => {
    trusting(statement({ AWS: HOME }));
    expect(await assume(undefined, { Policy: '{}' })).toMatchObject({ status: 400, message: expect.stringMatching(/policy.* Member is not part of the local AWS/) });
  });

  test('gives credentials of the role\'s account, with what the role may', async () => {
    trusting(statement({ AWS: HOME }));
    const Resource = `arn:aws:ssm:us-east-1:${OTHER}:parameter/shared`;
    other.iam.putRolePolicy('Reader', 'p', { Statement: [{ Effect: 'Allow', Action: 'ssm:GetParameter', Resource }] });
    await ssm(OTHER).send(new PutParameterCommand({ Name: '/shared', Type: 'String', Value: 'theirs' }));
    await ssm(OTHER).send(new PutParameterCommand({ Name: '/secret', Type: 'String', Value: 'theirs' }));
    const client = new SSMClient({ ...aws.client(), credentials: (await assume()).credentials });
    expect(await read(client, '/shared')).toBe('theirs');
    await expect(read(client, '/secret')).rejects.toThrow(`not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:${OTHER}:parameter/secret`);
  });

  test('needs the caller\'s own permission too', async () => {
    trusting(statement({ AWS: HOME }));
    const { iam } = aws.world.region(HOME, 'us-east-1');
    iam.createRole('Caller', { Statement: [statement({ AWS: HOME })] });
    const { credentials } = await assume(undefined, { RoleArn: `arn:aws:iam::${HOME}:role/Caller` });
    expect((await assume({ credentials })).message).toContain('because no identity-based policy allows the sts:AssumeRole action');
    iam.putRolePolicy('Caller', 'p', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE }] });
    expect((await assume({ credentials })).status).toBe(200);
  });

  test('of a role that trusts a role lets its sessions in, and no other', async () => {
    trusting(statement({ AWS: `arn:aws:iam::${HOME}:role/path/Caller` }));
    const { iam } = aws.world.region(HOME, 'us-east-1');
    for (const [name, path] of [['Caller', '/path/'], ['Stranger', '/']]) {
      iam.createRole(name, { Statement: [statement({ AWS: HOME })] }, { Path: path });
      iam.putRolePolicy(name, 'p', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] });
    }
    const as = async (role: string) => {
      const { credentials } = await assume(undefined, { RoleArn: `arn:aws:iam::${HOME}:role/${role}` });
      return (await assume({ credentials })).status;
    };
    expect([await as('path/Caller'), await as('Stranger'), (await assume()).status]).toEqual([200, 403, 403]);
  });
});

test('a parameter has no policy: a role of another account cannot reach it by its ARN', async () => {
  await ssm(OTHER).send(new PutParameterCommand({ Name: '/shared', Type: 'String', Value: 'theirs' }));
  await expect(read(ssm(HOME), `arn:aws:ssm:us-east-1:${OTHER}:parameter/shared`)).rejects.toThrow('not found');
});

describe('a function', () => {
  const sdk = createRequire(__filename).resolve('@aws-sdk/client-ssm');
  const CODE = `
    const { GetParameterCommand, SSMClient } = require(${JSON.stringify(sdk)});
    exports.handler = async ({ region, Name }) => (await new SSMClient({ region }).send(new GetParameterCommand({ Name }))).Parameter.Value;
  `;

  test.each([['eu-west-1', 'far'], [undefined, 'near']])('with a client of the Region %s reaches that Region', async (region, expected) => {
    for (const [name, Value] of [['us-east-1', 'near'], ['eu-west-1', 'far']]) {
      aws.world.region(OTHER, name).ssm.put({ Name: '/p', Type: 'String', Value });
    }
    const zip = zipOf({ 'index.js': CODE });
    other.lambda.create({ functionName: 'f', zip, handler: 'index.handler', roleArn: `arn:aws:iam::${OTHER}:role/F` });
    expect(await aws.world.clock.run(() => other.lambda.invoke('f', { region, Name: '/p' }))).toEqual({ payload: expected });
  });
});

describe('the CDK CLI', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cdk-accounts-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Synthesizes a stack for each environment, with a parameter `/where` of a value of its own. */
  function assembly(name: string, ...environments: Environment[]): string {
    const app = new App({ outdir: join(folder, name), analyticsReporting: false });
    environments.forEach((env, index) => {
      const properties = { Name: '/where', Type: 'String', Value: `${name} ${index}` };
      new CfnResource(new Stack(app, `s${index}`, { env }), 'P', { type: 'AWS::SSM::Parameter', properties });
    });
    return app.synth().directory;
  }

  const deploy = (directory: string, home = {}) => cdk(folder, aws.environment(home), 'deploy', '--all', '--require-approval', 'never', '--app', directory);
  const where = (account: string, region: string) => aws.world.region(account, region).ssm.parameters.get('/where')?.Value;

  test('works in one account while another works in another account and Region', async () => {
    const runs = await Promise.all([
      deploy(assembly('home', {})), deploy(assembly('other', {}), { account: OTHER, region: 'eu-west-1' }),
    ]);
    expect(runs).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect([where(HOME, 'us-east-1'), where(OTHER, 'eu-west-1'), where(HOME, 'eu-west-1'), where(OTHER, 'us-east-1')]).toEqual(['home 0', 'other 0', undefined, undefined]);
  });

  test('deploys to another account and Region from one', async () => {
    const directory = assembly('app', { account: HOME, region: 'us-east-1' }, { account: OTHER, region: 'eu-west-1' });
    expect(await deploy(directory)).toMatchObject({ exitCode: 0 });
    expect([where(HOME, 'us-east-1'), where(OTHER, 'eu-west-1')]).toEqual(['app 0', 'app 1']);
  });
});

describe('a stack', () => {
  const body = (Default: string) => JSON.stringify({
    Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default } },
    Resources: { Out: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/out', Type: 'String', Value: { Ref: 'P' } } } },
  });
  const create = (accessKeyId: string, region: string, Default: string) => form(aws, 'cloudformation', {
    Action: 'CreateStack', Version: '2010-05-15', StackName: 's', TemplateBody: body(Default),
  }, { accessKeyId, region });

  test('resolves a parameter in its own account and Region', async () => {
    const homes = [[HOME, 'us-east-1'], [HOME, 'eu-west-1'], [OTHER, 'us-east-1']] as const;
    for (const [account, region] of homes) { aws.world.region(account, region).ssm.put({ Name: '/p', Type: 'String', Value: `${account} ${region}` }); }
    for (const [account, region] of homes) {
      expect(await create(account, region, '/p')).toMatchObject({ status: 200 });
      expect(aws.world.region(account, region).ssm.parameters.get('/out')!.Value).toBe(`${account} ${region}`);
    }
  });

  test('is refused a parameter of another account by name', async () => {
    other.ssm.put({ Name: '/p', Type: 'String', Value: 'theirs', Tier: 'Advanced' });
    const arn = `arn:aws:ssm:us-east-1:${OTHER}:parameter/p`;
    expect(await create(HOME, 'us-east-1', arn)).toMatchObject({
      status: 400, body: expect.stringContaining(`Unable to fetch parameters [${arn}] from parameter store for this account.`),
    });
  });
});
