import { form, raw, RawRequest } from './raw';
import { LocalAws, startLocalAws } from '../../../local-aws';

let aws: LocalAws;
let defects: jest.SpyInstance;
beforeAll(async () => { aws = await startLocalAws({ imported: 'assumed' }); });
afterAll(() => aws.close());
beforeEach(() => { defects = jest.spyOn(console, 'error').mockImplementation(); });
afterEach(() => expect(defects).not.toHaveBeenCalled());

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const create = (TemplateBody: string) => form(aws, 'cloudformation', { Action: 'CreateStack', Version: '2010-05-15', StackName: 's', TemplateBody });
const template = (value: string) => `{"Resources":{"A":{"Type":"AWS::SNS::Topic","Properties":{"Tags":${value}}}}}`;

describe.each([1000, 100_000])('%i levels in one another overflow nothing', (levels) => {
  test.each<[string, RawRequest, RegExp]>([
    ['JSON 1.1', { service: 'sagemaker', headers: { 'x-amz-target': 'SageMaker.DescribeModel' }, body: `{"ModelName":${deep(levels)}}` }, /SerializationException/],
    ['JSON 1.0', { service: 'states', headers: { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' }, body: `{"a":${deep(levels)}}` }, /SerializationException/],
    ['Lambda', { service: 'lambda', path: '/2015-03-31/functions/f/invocations', body: deep(levels) }, /nested too deeply/],
    ['query', { service: 'cloudformation', body: `Action=DescribeStacks&Version=2010-05-15&StackName${'.a'.repeat(levels)}=x` }, /<Code>MalformedQueryString/],
  ])('in a request of %s', async (_protocol, request, refusal) => {
    expect(await raw(aws, request)).toMatchObject({ status: 400, body: expect.stringMatching(refusal) });
  });

  test('in a template', async () => {
    expect(await create(template(deep(levels)))).toMatchObject({ status: 400, body: expect.stringMatching(/nested too deeply|length less than or equal/) });
  });

  test('in the input of an execution, which fails', async () => {
    const call = (operation: string, input: object) => raw(aws, {
      service: 'states', headers: { 'x-amz-target': `AWSStepFunctions.${operation}` }, body: JSON.stringify(input),
    });
    const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', Parameters: { 'a.$': '$' }, End: true } } });
    const { stateMachineArn } = JSON.parse((await call('CreateStateMachine', { name: 'm', roleArn: 'arn:aws:iam::111111111111:role/r', definition })).body);
    const { executionArn } = JSON.parse((await call('StartExecution', { stateMachineArn, name: `deep-${levels}`, input: deep(levels) })).body);
    await aws.world.clock.settled();
    expect(JSON.parse((await call('DescribeExecution', { executionArn })).body).status).toBe(levels > 1000 ? 'FAILED' : 'SUCCEEDED');
  });
});

test('an alias of YAML, which could stand for a thousand million things, is refused', async () => {
  const laughs = ['Resources: {A: {Type: "AWS::SNS::Topic", Metadata: {', 'a0: &a0 [x, x],', ...Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}],`), '}}}'];
  expect(await create(laughs.join('\n'))).toMatchObject({ status: 400, body: expect.stringContaining('YAML aliases are not allowed in CloudFormation templates') });
});
