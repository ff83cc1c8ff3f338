import * as fc from 'fast-check';
import { json, raw, RawRequest } from './raw';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { services } from '../../../local-aws/wire/services';

/** Over all protocols; more by `MALFORMED_REQUESTS=5000 npx jest test/local-aws/wire/malformed`. */
const RUNS = Number(process.env.MALFORMED_REQUESTS ?? 500);

let aws: LocalAws;
beforeAll(async () => { aws = await startLocalAws({ imported: 'assumed' }); });
afterAll(() => aws.close());

const target = (name: string) => ({ 'x-amz-target': name });
const formed = { 'content-type': 'application/x-www-form-urlencoded' };

/** Requests that are well-formed, by the protocol that they speak. */
const VALID: Readonly<Record<string, readonly RawRequest[]>> = {
  'JSON 1.1': [
    { service: 'sagemaker', headers: target('SageMaker.DescribeModel'), body: '{"ModelName":"m"}' },
    { service: 'sagemaker', headers: target('SageMaker.ListInferenceRecommendationsJobs'), body: '{"MaxResults":5,"NameContains":"a"}' },
    { service: 'sagemaker', headers: target('SageMaker.CreateModel'), body: '{"ModelName":"m","Containers":[{"Image":"i","Environment":{"A":"b"}}]}' },
    { service: 'ssm', headers: target('AmazonSSM.PutParameter'), body: '{"Name":"/a/b","Value":"v","Type":"String","Tags":[{"Key":"k","Value":"v"}]}' },
    { service: 'ssm', headers: target('AmazonSSM.GetParametersByPath'), body: '{"Path":"/a","MaxResults":5,"Recursive":true}' },
    { service: 'logs', headers: target('Logs_20140328.FilterLogEvents'), body: '{"logGroupName":"g","logStreamNames":["a"]}' },
  ],
  'JSON 1.0': [
    { service: 'states', headers: target('AWSStepFunctions.ListExecutions'), body: '{"stateMachineArn":"arn:aws:states:us-east-1:111111111111:stateMachine:m"}' },
    { service: 'states', headers: target('AWSStepFunctions.DescribeExecution'), body: '{"executionArn":"arn:aws:states:us-east-1:111111111111:execution:m:e"}' },
    {
      service: 'states',
      headers: target('AWSStepFunctions.CreateStateMachine'),
      body: '{"name":"m","roleArn":"arn:aws:iam::111111111111:role/r","definition":"{\\"StartAt\\":\\"P\\",\\"States\\":{\\"P\\":{\\"Type\\":\\"Pass\\",\\"End\\":true}}}"}',
    },
  ],
  'query': [
    { service: 'cloudformation', headers: formed, body: 'Action=DescribeStacks&Version=2010-05-15&StackName=nothing' },
    { service: 'cloudformation', headers: formed, body: 'Action=ListStacks&Version=2010-05-15&StackStatusFilter.member.1=CREATE_COMPLETE' },
    {
      service: 'cloudformation',
      headers: formed,
      body: `Action=ValidateTemplate&Version=2010-05-15&TemplateBody=${encodeURIComponent('{"Resources":{"A":{"Type":"AWS::SNS::Topic","Properties":{"Tags":[{"Fn::Sub":"${AWS::Region}"}]}}}}')}`,
    },
    { service: 'sts', headers: formed, body: 'Action=AssumeRole&Version=2011-06-15&RoleSessionName=s&RoleArn=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2Fr' },
  ],
  'S3': [
    { service: 's3', method: 'GET', path: '/cdk-hnb659fds-assets-111111111111-us-east-1/a%20key', body: '' },
    { service: 's3', method: 'GET', path: '/cdk-hnb659fds-assets-111111111111-us-east-1?list-type=2&prefix=a&max-keys=5', body: '' },
    { service: 's3', method: 'PUT', path: '/nobucket/k', headers: { 'content-encoding': 'aws-chunked' }, body: '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n' },
  ],
  'Lambda': [
    { service: 'lambda', path: '/2015-03-31/functions/f/invocations', body: '{"a":1}' },
    { service: 'lambda', method: 'GET', path: '/2015-03-31/functions/f/configuration', body: '' },
  ],
};

const garbage = fc.oneof(fc.string({ maxLength: 40 }), fc.json(), fc.constantFrom('', '{', '[]', 'null', '{"__proto__":{"a":1}}', '[[[[', '%', 'A.member.1=1&A=2', '\u0000'));
const headerText = fc.string({ maxLength: 30 }).map((text) => text.replace(/[^\x20-\x7e]/g, ''));

const mutation: fc.Arbitrary<(request: RawRequest) => RawRequest> = fc.oneof(
  garbage.map((body) => (request: RawRequest) => ({ ...request, body })),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => (request: RawRequest) => ({ ...request, body: Buffer.from(bytes) })),
  fc.nat(80).map((length) => (request: RawRequest) => ({ ...request, body: String(request.body).slice(0, length % (request.body!.length + 1)) })),
  fc.tuple(fc.nat(200), garbage).map(([at, text]) => (request: RawRequest) => {
    const where = at % (request.body!.length + 1);
    return { ...request, body: String(request.body).slice(0, where) + text + String(request.body).slice(where + 1) };
  }),
  headerText.map((text) => (request: RawRequest) => ({ ...request, headers: { ...request.headers, 'x-amz-target': text } })),
  headerText.map((text) => (request: RawRequest) => ({ ...request, headers: { ...request.headers, authorization: text } })),
  headerText.map((text) => (request: RawRequest) => ({ ...request, headers: { ...request.headers, authorization: `AWS4-HMAC-SHA256 Credential=${text}` } })),
  fc.constantFrom('GET', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS').map((method) => (request: RawRequest) => ({ ...request, method })),
  fc.constantFrom('//', '/%', '/%zz/%', '/?', '/a?b=%', '/..%2f..', '/2015-03-31/functions/%', '/cloudformation-response/%', `/${'a'.repeat(3000)}`)
    .map((path) => (request: RawRequest) => ({ ...request, path })),
  fc.constantFrom(...Object.keys(services), 'iam', 'constructor', undefined)
    .map((service) => (request: RawRequest) => ({ ...request, service })),
  fc.constantFrom('us-east-1', 'x', 'us-east-999', 'constructor').map((region) => (request: RawRequest) => ({ ...request, region })),
);

test.each(Object.entries(VALID))(`malformed requests of %s, ${RUNS} of all protocols, get an answer of AWS's shape, and the server goes on`, async (_protocol, valid) => {
  const defects = jest.spyOn(console, 'error').mockImplementation();
  const runs = Math.ceil(RUNS / Object.keys(VALID).length);
  let refused = 0;
  await fc.assert(fc.asyncProperty(fc.constantFrom(...valid), fc.array(mutation, { minLength: 1, maxLength: 3 }), async (whole, mutations) => {
    const request = mutations.reduce((before, mutate) => mutate(before), whole);
    const { status, body, headers } = await raw(aws, request);
    if (status === 501 || (status >= 400 && status < 500)) {
      refused++;
      const shaped = request.method === 'HEAD' || /"__type":"\w+"/.test(body) || /<Code>\w+<\/Code>/.test(body) || headers['x-amzn-errortype'] !== undefined;
      expect({ request, body, shaped }).toMatchObject({ shaped: true });
    } else {
      expect({ request, status, done: [200, 202, 204].includes(status) }).toMatchObject({ done: true });
    }
  }), { seed: 20260101, numRuns: runs });
  expect(defects.mock.calls.map(([, error]) => (error as Error).stack)).toEqual([]);
  expect(refused).toBeGreaterThan(runs / 2);
  expect((await json(aws, 'ssm', 'AmazonSSM.GetParameter', { Name: '/cdk-bootstrap/hnb659fds/version' })).status).toBe(200);
});
