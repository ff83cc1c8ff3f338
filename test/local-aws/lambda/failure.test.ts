import { LocalAws, startLocalAws } from '../../../local-aws';
import { zipOf } from '../../harness/assembly';
import { UNTIL_DONE } from '../../harness/waiting';
import { form } from '../wire/raw';

let aws: LocalAws;
let shown: jest.SpyInstance;
beforeEach(async () => {
  aws = await startLocalAws(UNTIL_DONE);
  shown = jest.spyOn(console, 'error').mockImplementation();
});
afterEach(() => aws.close());

const region = () => aws.world.region('111111111111', 'us-east-1');

function create(functionName: string, code: string): void {
  region().lambda.create({ functionName, zip: zipOf({ 'index.js': code }), handler: 'index.handler', roleArn: 'arn:aws:iam::111111111111:role/R' });
}

test('a function that fails is shown with the end of its log, which is kept', async () => {
  create('crasher', 'exports.handler = async ({ n }) => { console.log("working on", n); throw new TypeError("no good"); };');
  await region().lambda.invoke('crasher', { n: 7 });
  const [[text]] = shown.mock.calls;
  expect(text).toMatch(/^The function crasher failed: TypeError: no good\n {2}START RequestId[^]*\tINFO\tworking on 7/);
  expect(region().logs.tail('/aws/lambda/crasher').join('\n')).toContain('working on 7');
});

test('a function that works is not', async () => {
  create('worker', 'exports.handler = async () => { console.error("all is well"); };');
  await region().lambda.invoke('worker', {});
  expect(shown).not.toHaveBeenCalled();
});

test('a custom resource whose function crashes is tried three times, shown each time, and fails after its hour', async () => {
  create('silent', 'exports.handler = async (event) => { throw new Error(`crashed on ${event.RequestType}`); };');
  const ServiceToken = region().lambda.find('silent').arn;
  const TemplateBody = JSON.stringify({ Resources: { C: { Type: 'Custom::Thing', Properties: { ServiceToken } } } });
  await form(aws, 'cloudformation', { Action: 'CreateStack', Version: '2010-05-15', StackName: 's', TemplateBody, OnFailure: 'DO_NOTHING' });
  const stack = region().cloudformation.get('s');
  const failed = stack.events.find(({ logicalId, status }) => logicalId === 'C' && status === 'CREATE_FAILED')!;
  expect(failed.reason).toContain('CloudFormation did not receive a response from your custom resource.');
  expect(failed.virtualTime - stack.events[0].virtualTime).toBe(3600_000);
  expect(shown.mock.calls.map(([text]) => text.split('\n')[0])).toEqual(Array(3).fill('The function silent failed: Error: crashed on Create'));
  expect(region().lambda.invocations).toHaveLength(3);
});
