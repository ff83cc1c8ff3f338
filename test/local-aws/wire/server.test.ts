import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { form, json, raw } from './raw';
import { CallRecord, LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';

let aws: LocalAws;
let calls: CallRecord[];

beforeEach(async () => {
  aws = await startLocalAws({ clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z') }) });
  calls = [];
  aws.world.watch((call) => calls.push(call));
});

afterEach(() => aws.close());

function ssm(account: string, region?: string): SSMClient {
  return new SSMClient(aws.client({ account, region }));
}

describe('accounts and Regions', () => {
  test('an access key of 12 digits is an account of its own, and a Region holds its own things', async () => {
    await ssm('222222222222', 'eu-west-1').send(new PutParameterCommand({ Name: 'a', Value: 'v', Type: 'String' }));
    const got = await ssm('222222222222', 'eu-west-1').send(new GetParameterCommand({ Name: 'a' }));
    expect(got.Parameter).toMatchObject({ Value: 'v', ARN: 'arn:aws:ssm:eu-west-1:222222222222:parameter/a', LastModifiedDate: new Date('2026-01-01T00:00:00Z') });
    await expect(ssm('333333333333', 'eu-west-1').send(new GetParameterCommand({ Name: 'a' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(ssm('222222222222', 'us-east-1').send(new GetParameterCommand({ Name: 'a' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  test('any other key is the default account', async () => {
    expect((await form(aws, 'sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' }, { accessKeyId: 'AKIADUMMY' })).body).toContain('<Account>111111111111</Account>');
  });

  test('a Region that cannot be one is refused', async () => {
    expect(await json(aws, 'ssm', 'AmazonSSM.GetParameter', {}, { region: 'nowhere' })).toMatchObject({ status: 403, body: expect.stringContaining('InvalidSignatureException') });
  });
});

describe('refusals', () => {
  test('a request without credentials', async () => {
    const answer = await raw(aws, { headers: { 'x-amz-target': 'AmazonSSM.GetParameter' }, body: '{}' });
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('MissingAuthenticationToken') });
  });

  test('a signature that is none', async () => {
    const answer = await raw(aws, { headers: { 'x-amz-target': 'AmazonSSM.GetParameter', 'authorization': 'Basic eDp5' }, body: '{}' });
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('IncompleteSignature') });
  });

  test('an operation that is not there, by its name, in each protocol', async () => {
    expect(await json(aws, 'ssm', 'AmazonSSM.StartSession', {})).toMatchObject({ status: 400, body: expect.stringContaining('UnknownOperationException') });
    expect(await json(aws, 'ssm', 'AmazonSSM.toString', {})).toMatchObject({ status: 400, body: expect.stringContaining('toString is not part') });
    expect(await form(aws, 'cloudformation', { Action: 'CreateStackSet', Version: '2010-05-15' })).toMatchObject({ status: 400, body: expect.stringContaining('<Code>InvalidAction</Code>') });
    expect(await raw(aws, { service: 's3', method: 'GET', path: '/bucket?acl' })).toMatchObject({ status: 501, body: expect.stringContaining('<Code>NotImplemented</Code>') });
    expect(await raw(aws, { service: 'lambda', method: 'DELETE', path: '/2015-03-31/functions/f' })).toMatchObject({
      status: 400, headers: { 'x-amzn-errortype': 'UnknownOperationException' },
    });
  });

  test('a service that is not there, by its name', async () => {
    const answer = await json(aws, 'cloudtrail', 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents', {});
    expect(answer.status).toBe(501);
    expect(JSON.parse(answer.body)).toMatchObject({ __type: 'UnknownOperationException', message: expect.stringContaining('cloudtrail') });
  });

  test('a defect of ours is no 500, and the server goes on', async () => {
    const shown = jest.spyOn(console, 'error').mockImplementation();
    (aws.world.region('111111111111', 'us-east-1').ssm.operations as any).GetParameter = () => { throw new TypeError('oops'); };
    expect(await json(aws, 'ssm', 'AmazonSSM.GetParameter', {})).toMatchObject({ status: 400, body: expect.stringContaining('InternalFailure') });
    expect(shown).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ message: 'oops' }));
    expect((await json(aws, 'ssm', 'AmazonSSM.GetParameters', { Names: ['a'] })).status).toBe(200);
  });
});

describe('custom resources', () => {
  test('an answer reaches the Region that waits for it', async () => {
    const { cloudformation } = aws.world.region('444444444444', 'eu-west-1');
    const got = jest.spyOn(cloudformation, 'respond').mockImplementation((token) => token === 'a token');
    expect((await raw(aws, { method: 'PUT', path: '/cloudformation-response/a%20token?X-Amz-Signature=1', body: '{"Status":"SUCCESS"}' })).status).toBe(200);
    expect(got).toHaveBeenCalledWith('a token', '{"Status":"SUCCESS"}');
  });

  test('an answer that nobody waits for is refused', async () => {
    expect((await raw(aws, { method: 'PUT', path: '/cloudformation-response/unheard-of', body: '{}' })).status).toBe(403);
  });
});

describe('the world around a request', () => {
  test('each call is recorded, with its error', async () => {
    await ssm('111111111111').send(new PutParameterCommand({ Name: 'a', Value: 'v', Type: 'String' }));
    await json(aws, 'ssm', 'AmazonSSM.GetParameter', { Name: 'b' });
    expect(calls).toEqual([
      expect.objectContaining({ service: 'ssm', operation: 'PutParameter', request: { Name: 'a', Value: 'v', Type: 'String' }, status: 200 }),
      expect.objectContaining({ operation: 'GetParameter', status: 400, error: 'ParameterNotFound', principal: 'arn:aws:iam::111111111111:user/local' }),
    ]);
  });

  test('no record holds the URL that a custom resource answers to', async () => {
    const input = JSON.stringify({ event: { ResponseURL: `${aws.endpoint}/cloudformation-response/token?X-Amz-Signature=secret`, RequestId: 'r' } });
    await json(aws, 'states', 'AWSStepFunctions.StartExecution', { stateMachineArn: 'arn:none', input });
    expect(JSON.stringify(calls)).not.toMatch(/token|secret/);
    expect(JSON.parse((calls[0].request as any).input)).toMatchObject({ event: { RequestId: 'r' } });
  });

  test('the clock stands still while a request is under way', async () => {
    const { clock } = aws.world;
    const region = aws.world.region('111111111111', 'us-east-1');
    const began = clock.now();
    let fire = () => {};
    const fired = new Promise<void>((resolve) => { fire = resolve; });
    (region.ssm.operations as any).GetParameter = async () => {
      clock.at(began + 60_000, fire);
      for (let turn = 0; turn < 20; turn++) { await new Promise(setImmediate); }
      return { Parameter: { Value: String(clock.now() - began) } };
    };
    expect((await json(aws, 'ssm', 'AmazonSSM.GetParameter', { Name: 'x' })).body).toContain('"0"');
    await fired;
    expect(clock.now() - began).toBe(60_000);
  });

  test('answers carry the time that the client signed with, so that no SDK corrects its clock', async () => {
    const headers = { 'x-amz-date': '20300203T040506Z' };
    expect((await json(aws, 'ssm', 'AmazonSSM.GetParameter', {}, { headers: { 'x-amz-target': 'AmazonSSM.GetParameter', ...headers } })).headers.date).toBe('Sun, 03 Feb 2030 04:05:06 GMT');
  });

  test('the environment points a client here, and only here', () => {
    expect(aws.environment()).toMatchObject({ AWS_ENDPOINT_URL: aws.endpoint, AWS_ENDPOINT_URL_S3: aws.endpoint, AWS_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true', CI: '1' });
  });
});
