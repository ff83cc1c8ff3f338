import { CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { zipOf } from '../../harness/assembly';
import { UNTIL_DONE_FOR_TOOLS } from '../../harness/waiting';
import { raw } from '../wire/raw';

let aws: LocalAws;
let stacks: CloudFormationClient;
beforeAll(async () => {
  aws = await startLocalAws(UNTIL_DONE_FOR_TOOLS);
  stacks = new CloudFormationClient(aws.client());
  aws.world.s3.createBucket('code', '111111111111', 'us-east-1');
  aws.world.s3.putObject('code', 'first.zip', zipOf({ 'nodejs/node_modules/said/index.js': 'exports.words = "of the first layer";' }));
  aws.world.s3.putObject('code', 'second.zip', zipOf({ 'nodejs/node_modules/more/index.js': 'exports.words = "of the second layer";' }));
});
afterAll(() => aws.close());

const layer = (S3Key: string) => ({ Type: 'AWS::Lambda::LayerVersion', Properties: { LayerName: 'words', Content: { S3Bucket: 'code', S3Key } } });
const CODE = `
  exports.handler = async () => [require('said').words, require('more').words];
`;
const RESOURCES = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] } },
  },
  First: layer('first.zip'),
  Second: { ...layer('second.zip'), DependsOn: 'First' },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'speaks', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Code: { ZipFile: CODE }, Layers: [{ Ref: 'First' }, { Ref: 'Second' }],
    },
  },
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
  Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Function' }, FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] }, Name: 'live' } },
};
const OUTPUTS = { First: { Ref: 'First' }, Second: { Ref: 'Second' }, Version: { Ref: 'Version' }, Alias: { Ref: 'Alias' } };

const create = async (StackName: string, Resources: object, outputs: object = {}) => {
  const Outputs = Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }]));
  await stacks.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources, Outputs }), Capabilities: ['CAPABILITY_IAM'] }));
  const { Stacks: [stack] = [] } = await stacks.send(new DescribeStacksCommand({ StackName }));
  const values = (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]);
  return { status: stack.StackStatus, outputs: Object.fromEntries(values) };
};
const invoke = (name: string, query = '') => raw(aws, { service: 'lambda', path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations${query}`, body: '{}' });

test('layers are versions of their name; a function finds their modules; a version and an alias call it', async () => {
  const { status, outputs } = await create('Layers', RESOURCES, OUTPUTS);
  const arn = (resource: string) => `arn:aws:lambda:us-east-1:111111111111:${resource}`;
  expect([status, outputs]).toEqual(['CREATE_COMPLETE', { First: arn('layer:words:1'), Second: arn('layer:words:2'), Version: arn('function:speaks:1'), Alias: arn('function:speaks:live') }]);
  const answers = await Promise.all([invoke('speaks'), invoke('speaks', '?Qualifier=live'), invoke('speaks', '?Qualifier=1'), invoke(outputs.Alias)]);
  expect(answers.map(({ body }) => JSON.parse(body))).toEqual(answers.map(() => ['of the first layer', 'of the second layer']));
  await stacks.send(new DeleteStackCommand({ StackName: 'Layers' }));
  expect((await invoke('speaks')).status).toBe(404);
});

test('a layer whose archive is not there fails its stack', async () => {
  expect((await create('None', { First: layer('none.zip') })).status).toBe('ROLLBACK_COMPLETE');
});

test('a function is made without a layer that is not there, and its name is told', async () => {
  const { Function: { Properties, ...fn }, Role } = RESOURCES;
  const Layers = ['arn:aws:lambda:us-east-1:111111111111:layer:unheard:1'];
  expect((await create('Unheard', { Role, Function: { ...fn, Properties: { ...Properties, Layers } } })).status).toBe('CREATE_COMPLETE');
  expect([...aws.world.notices].join('\n')).toContain(`the layer ${Layers[0]} is not here`);
});
