import { LocalAws, startLocalAws } from '../../../local-aws';
import { zipOf } from '../../harness/assembly';
import { json, raw } from '../wire/raw';

let aws: LocalAws;
let code: string;

beforeEach(async () => {
  aws = await startLocalAws();
  code = 'exports.handler = async (event) => { if (event.fail) { throw new Error("as asked"); } return { got: event }; };';
});
afterEach(() => aws.close());

const region = () => aws.world.region('111111111111', 'us-east-1');
const create = (roleArn = 'arn:aws:iam::111111111111:role/R') => region().lambda.create({
  functionName: 'fn', zip: zipOf({ 'index.js': code }), handler: 'index.handler', roleArn,
});
const invoke = (body: string, headers: Record<string, string> = {}) => raw(aws, { service: 'lambda', path: '/2015-03-31/functions/fn/invocations', body, headers });

test('an invocation answers with the payload', async () => {
  create();
  expect(await invoke('{"a":1}')).toMatchObject({ status: 200, body: '{"got":{"a":1}}', headers: { 'x-amz-executed-version': '$LATEST' } });
});

test('an error of the code is an answer marked as one', async () => {
  create();
  const answer = await invoke('{"fail":true}');
  expect(answer).toMatchObject({ status: 200, headers: { 'x-amz-function-error': 'Unhandled' } });
  expect(JSON.parse(answer.body)).toMatchObject({ errorType: 'Error', errorMessage: 'as asked' });
});

test('an event is taken at once', async () => {
  create();
  expect((await invoke('{}', { 'x-amz-invocation-type': 'Event' })).status).toBe(202);
});

test('what is not there, and what is no JSON, is refused', async () => {
  expect(await invoke('{}')).toMatchObject({ status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } });
  create();
  expect(await invoke('{')).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': 'InvalidRequestContentException' } });
});

test('a version or an alias is named in the ARN or beside it, and one that nobody has made is not there', async () => {
  const { arn } = create();
  region().lambda.qualified.add(`${arn}:live`);
  const status = async (path: string) => (await raw(aws, { service: 'lambda', method: 'GET', path: `/2015-03-31/functions/${path}` })).status;
  for (const path of ['fn', 'fn?Qualifier=live', 'fn?Qualifier=%24LATEST', encodeURIComponent(`${arn}:live`), 'fn%3Alive']) { expect([path, await status(path)]).toEqual([path, 200]); }
  for (const path of ['fn?Qualifier=dead', encodeURIComponent(`${arn}:dead`), 'fn%3A1']) { expect([path, await status(path)]).toEqual([path, 404]); }
});

test('GetFunction tells what it is', async () => {
  create();
  const { body } = await raw(aws, { service: 'lambda', method: 'GET', path: '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A111111111111%3Afunction%3Afn' });
  expect(JSON.parse(body).Configuration).toMatchObject({ FunctionName: 'fn', Handler: 'index.handler', Runtime: 'nodejs22.x', Timeout: 3, State: 'Active' });
});

test('a function calls as its role, and may do what its role may', async () => {
  const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };
  const { arn } = region().iam.createRole('R', trust);
  code = `exports.handler = async ({ name }) => {
    const { SSMClient, GetParameterCommand } = require(${JSON.stringify(require.resolve('@aws-sdk/client-ssm'))});
    try {
      return (await new SSMClient({}).send(new GetParameterCommand({ Name: name }))).Parameter.Value;
    } catch (error) {
      return { refused: error.name, because: error.message };
    }
  };`;
  create(arn);
  region().iam.putRolePolicy('R', 'P', { Statement: [{ Effect: 'Allow', Action: 'ssm:GetParameter', Resource: 'arn:aws:ssm:*:*:parameter/mine' }] });
  await json(aws, 'ssm', 'AmazonSSM.PutParameter', { Name: 'mine', Value: 'v', Type: 'String' });
  expect(JSON.parse((await invoke('{"name":"mine"}')).body)).toBe('v');
  expect(JSON.parse((await invoke('{"name":"other"}')).body)).toMatchObject({
    refused: 'AccessDeniedException',
    because: expect.stringMatching(/^User: arn:aws:sts::111111111111:assumed-role\/R\/fn is not authorized to perform: ssm:GetParameter on resource: .*parameter\/other/),
  });
});
