import { connect } from 'net';
import { networkInterfaces } from 'os';
import { form, json, raw } from './raw';
import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';

let aws: LocalAws;
const port = () => Number(new URL(aws.endpoint).port);
afterEach(() => aws.close());

function reaches(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: port() }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

describe('the door', () => {
  beforeEach(async () => { aws = await startLocalAws({ imported: 'assumed' }); });

  test('is on loopback only: no other address of the machine reaches it', async () => {
    const others = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.filter(({ internal }) => !internal));
    // All of 127.0.0.0/8 is the machine itself: whoever listens on every address is reached by the second of these, too.
    const hosts = ['127.0.0.1', '127.0.0.2', ...others.map(({ address, family, scopeid }) => (family === 'IPv6' && scopeid ? `${address}%${scopeid}` : address))];
    expect(await Promise.all(hosts.map(reaches))).toEqual(hosts.map((host) => host === '127.0.0.1'));
  });

  test.each<[string, string, RegExp]>([
    ['no HTTP at all', '\u0000\u0001\u0002 nonsense\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a length that is none', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', /^HTTP\/1\.1 400 /],
    ['chunks that are none', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', /^HTTP\/1\.1 400 |^$/],
    ['headers without end', `POST / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['a body that breaks off', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc', /^$|^HTTP\/1\.1 400 /],
  ])('takes %s, and goes on', async (_what, bytes, answer) => {
    const got = await new Promise<string>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: port() }, () => socket.end(bytes));
      let text = '';
      socket.on('data', (data) => { text += data; });
      socket.on('error', () => {});
      socket.on('close', () => resolve(text));
    });
    expect(got).toMatch(answer);
    expect((await json(aws, 'sagemaker', 'SageMaker.ListModels', {})).status).toBe(200);
  });
});

test.each(['max-keys=many', 'max-keys=-1', 'max-keys=1e3', 'encoding-type=base64'])('S3 refuses a listing with %s', async (parameter) => {
  aws = await startLocalAws({ imported: 'assumed' });
  const path = `/cdk-hnb659fds-assets-111111111111-us-east-1?list-type=2&${parameter}`;
  expect(await raw(aws, { service: 's3', method: 'GET', path })).toMatchObject({ status: 400, body: expect.stringContaining('<Code>InvalidArgument</Code>') });
});

test('several stacks deploy at once', async () => {
  const clock = new VirtualClock({ start: new Date('2026-01-01T00:00:00Z'), jumps: false });
  aws = await startLocalAws({ clock, holdAnswersMs: 1, imported: 'assumed' });
  const names = ['A', 'B', 'C', 'D'];
  const variant = { VariantName: 'v', ModelName: { 'Fn::GetAtt': ['Model', 'ModelName'] }, InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 };
  const TemplateBody = JSON.stringify({
    Resources: {
      Model: { Type: 'AWS::SageMaker::Model', Properties: { PrimaryContainer: { Image: 'image' }, ExecutionRoleArn: 'arn:aws:iam::111111111111:role/Job' } },
      Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ ...variant, InitialVariantWeight: 1 }] } },
      Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointConfigName: { 'Fn::GetAtt': ['Config', 'EndpointConfigName'] } } },
    },
  });
  const { cloudformation } = aws.world.region('111111111111', 'us-east-1');
  const statuses = () => names.map((name) => cloudformation.get(name).status);
  const answers = await Promise.all(names.map((StackName) => form(aws, 'cloudformation', {
    Action: 'CreateStack', Version: '2010-05-15', StackName, TemplateBody,
  })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await clock.settled();
  expect(statuses()).toEqual(names.map(() => 'CREATE_IN_PROGRESS'));
  const begun = names.map((name) => cloudformation.get(name).events.some(({ logicalId, status }) => logicalId === 'Endpoint' && status === 'CREATE_IN_PROGRESS'));
  expect(begun).toEqual([true, true, true, true]);
  await clock.advance(10 * 60_000);
  expect(statuses()).toEqual(names.map(() => 'CREATE_COMPLETE'));
  // Side by side they have taken as long as one of them.
  const ends = names.map((name) => cloudformation.get(name).events.at(-1)!.virtualTime);
  expect(new Set(ends).size).toBe(1);
});
