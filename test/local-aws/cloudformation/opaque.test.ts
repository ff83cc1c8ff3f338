import { Bench, template, topic } from './bench';
import { S3 } from '../../../local-aws/s3';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const ROLE = 'arn:aws:iam::111111111111:role/any';
const machine = (properties: object) => ({ Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: ROLE, DefinitionString: '{}', ...properties } });
const state = (fields: object) => machine({ DefinitionString: JSON.stringify({ StartAt: 'A', States: { A: { End: true, ...fields } } }) });
const rule = (properties: object) => ({ Type: 'AWS::Events::Rule', Properties: { Name: 'r', EventPattern: { source: ['shop'] }, ...properties } });
const target = (Arn: string) => ({ Targets: [{ Id: '1', Arn }] });
const parameter = (properties: object) => ({ Type: 'AWS::SSM::Parameter', Properties: { Name: 'p', Type: 'String', Value: 'v', ...properties } });
const policy = (kind: string, properties: object, Condition: object) => (
  { Type: `AWS::IAM::${kind}`, Properties: { ...properties, PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition }] } } });
const scaling = (properties: object = {}) => ({
  Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
  Properties: { ServiceNamespace: 'dynamodb', ResourceId: 'table/t', ScalableDimension: 'dynamodb:table:ReadCapacityUnits', MinCapacity: 1, MaxCapacity: 2, ...properties },
});

/** What templates of other people ask for, and what of it is not here. */
const LACKING: ReadonlyArray<readonly [string, object, string]> = [
  ['a rule to a queue', rule(target('arn:aws:sqs:us-east-1:111111111111:q')), 'The target arn:aws:sqs:us-east-1:111111111111:q is not part of the local AWS'],
  ['a rule with settings of a queue', rule({ Targets: [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:111111111111:q.fifo', SqsParameters: { MessageGroupId: 'g' } }] }), 'not part of the local AWS'],
  ['a pattern with a wildcard', rule({ EventPattern: { source: [{ wildcard: '*' }] } }), 'Unrecognized match type wildcard: it is not part of the local AWS'],
  ['an express machine', machine({ StateMachineType: 'EXPRESS' }), 'State machines of type EXPRESS are not part of the local AWS'],
  ['a parallel state', state({ Type: 'Parallel', Branches: [] }), "The state type 'Parallel' is not supported by the local AWS"],
  ['a task of another service', state({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage' }), 'The resource arn:aws:states:::sqs:sendMessage is not supported by the local AWS'],
  ['JSONata', machine({ DefinitionString: '{"QueryLanguage":"JSONata","StartAt":"A","States":{}}' }), 'The query language JSONata is not supported by the local AWS'],
  ['a definition in S3', machine({ DefinitionS3Location: { Bucket: 'b', Key: 'k' } }), 'Property DefinitionS3Location is not part of the local AWS'],
  ['the scaling of a table', scaling(), 'not part of the local AWS'],
  ['a schedule with the last day', rule({ EventPattern: undefined, ScheduleExpression: 'cron(0 0 L * ? *)' }), 'L, W and # in cron are not part of the local AWS'],
  ['a parameter of an image', parameter({ DataType: 'aws:ec2:image' }), 'The data type aws:ec2:image is not part of the local AWS'],
  ['a parameter with policies', parameter({ Policies: '[]' }), 'Member is not part of the local AWS'],
  ['a machine with a variable', state({ Type: 'Pass', Assign: { a: 1 } }), "The field 'Assign' is not supported by the local AWS"],
  ['an intrinsic function', state({ Type: 'Pass', Parameters: { 'id.$': 'States.UUID()' } }), 'not supported by the local AWS'],
  ['a path of any depth', state({ Type: 'Pass', Parameters: { 'id.$': '$..id' } }), 'not supported by the local AWS'],
];

/** What AWS refuses as well, and a part of the reason. */
const MISTAKEN: ReadonlyArray<readonly [string, object, string]> = [
  ['an operator of a policy', policy('Policy', { PolicyName: 'p', Roles: ['any'] }, { StringEqual: { a: 'b' } }), 'Invalid Condition type : StringEqual.'],
  ['an operator of a managed policy', policy('ManagedPolicy', {}, { StringEqual: { a: 'b' } }), 'Invalid Condition type : StringEqual.'],
  ['an operator of a bucket policy', {
    Type: 'AWS::S3::BucketPolicy',
    Properties: { Bucket: 'bucket', PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*', Condition: { Boolean: { a: 'true' } } }] } },
  }, 'Invalid Condition type : Boolean.'],
  ['a property of a parameter', parameter({ Descripton: 'd' }), '#: extraneous key [Descripton] is not permitted'],
  ['a property of a rule', rule({ SheduleExpression: 'rate(1 day)' }), '#: extraneous key [SheduleExpression] is not permitted'],
  ['a property of an alarm', {
    Type: 'AWS::CloudWatch::Alarm', Properties: { MetricNam: 'm', Namespace: 'n', EvaluationPeriods: 1, ComparisonOperator: 'LessThanThreshold', Threshold: 1, Period: 60, Statistic: 'Sum' },
  }, '#: extraneous key [MetricNam] is not permitted'],
  ['a property of a target', rule({ Targets: [{ Id: '1', Arn: 'arn:aws:logs:us-east-1:111111111111:log-group:g', Inputt: '1' }] }), '#/Targets/0: extraneous key [Inputt]'],
  ['a property beside what is lacking', rule({ ...target('arn:aws:sqs:us-east-1:111111111111:q'), Stat: 'ENABLED' }), '#: extraneous key [Stat]'],
  ['the service of a target', rule(target('arn:aws:sqss:us-east-1:111111111111:q')), 'is not of a target of EventBridge'],
  ['a state of a rule', rule({ State: 'ENABELD' }), 'ENABELD'],
  ['a match type', rule({ EventPattern: { source: [{ prefx: 'x' }] } }), 'Unrecognized match type prefx'],
  ['a match type beside what is lacking', rule({ EventPattern: { source: [{ wildcard: '*' }, { prefx: 'x' }] } }), 'Unrecognized match type prefx'],
  ['what a wildcard is', rule({ EventPattern: { source: [{ wildcard: 1 }] } }), 'wildcard match pattern must be a string'],
  ['a value of cron', rule({ EventPattern: undefined, ScheduleExpression: 'cron(L 0 1 * ? *)' }), 'Parameter ScheduleExpression is not valid'],
  ['a data type', parameter({ DataType: 'txt' }), 'The following data type is not supported: txt'],
  ['a state type', state({ Type: 'Taks' }), "The state type 'Taks' does not exist"],
  ['a field of a state', state({ Type: 'Pass', Ends: true }), "The field 'Ends' is not supported at /States/A"],
  ['a state beside what is lacking', machine({
    DefinitionString: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Map', Next: 'B' }, B: { Type: 'Taks' } } }),
  }), "The state type 'Taks' does not exist"],
  ['a query language', machine({ DefinitionString: '{"QueryLanguage":"JSONatta","StartAt":"A","States":{}}' }), 'The query language JSONatta does not exist'],
  ['an operator of a choice', state({ Type: 'Choice', End: undefined, Choices: [{ Variable: '$.a', StringEqual: 'a', Next: 'A' }] }), 'The operator StringEqual is not supported at'],
  ['a task', state({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invok' }), 'arn:aws:states:::lambda:invok is not supported at'],
  ['an intrinsic function', state({ Type: 'Pass', Parameters: { 'id.$': 'States.UIDD()' } }), 'is not valid at'],
  ['a ResultPath', state({ Type: 'Pass', ResultPath: '$..a' }), 'ResultPath must be a reference path'],
  ['a type of machines', machine({ StateMachineType: 'EXPRES' }), 'EXPRES'],
  ['a namespace', scaling({ ServiceNamespace: 'dynamo' }), 'serviceNamespace'],
  ['a dimension of another namespace', scaling({ ScalableDimension: 'ecs:service:DesiredCount' }), 'Unsupported service namespace'],
];

const reason = (stack: any, status: string) => stack.events.find((event: any) => event.logicalId === 'A' && event.status === status)?.reason;
const IAM = { Capabilities: ['CAPABILITY_IAM'] };

test.each(LACKING)('%s is recorded, and the events say what is not here', async (_what, A, why) => {
  const stack = await bench.deploy('s', template({ A, B: topic({ TopicName: { Ref: 'A' } }) }), IAM);
  expect([stack.status, reason(stack, 'CREATE_COMPLETE')]).toEqual(['CREATE_COMPLETE', expect.stringMatching(/^opaque: /)]);
  expect(reason(stack, 'CREATE_COMPLETE')).toContain(why);
  await bench.op('DeleteStack', { StackName: 's' });
  expect([stack.status, reason(stack, 'DELETE_COMPLETE')]).toEqual(['DELETE_COMPLETE', undefined]);
});

test('a resource that comes to ask for it is recorded from then on, and goes with its stack', async () => {
  const arn = bench.fn('f');
  const rules = () => [...bench.region.events.bus()!.rules.values()].map(({ targets }) => [...targets.keys()]);
  await bench.deploy('s', template({ A: rule(target(arn)) }));
  const stack = await bench.deploy('s', template({ A: rule(target('arn:aws:sqs:us-east-1:111111111111:q')) }));
  expect([stack.status, reason(stack, 'UPDATE_COMPLETE')]).toEqual(['UPDATE_COMPLETE', expect.stringMatching(/^opaque: /)]);
  const { physicalId } = stack.resources.get('A')!;
  await bench.deploy('s', template({ A: rule({ ...target('arn:aws:sqs:us-east-1:111111111111:q'), State: 'DISABLED' }) }));
  expect([stack.status, stack.resources.get('A')!.physicalId, physicalId]).toEqual(['UPDATE_COMPLETE', 'r', 'r']);
  await bench.op('DeleteStack', { StackName: 's' });
  expect([stack.status, rules()]).toEqual(['DELETE_COMPLETE', []]);
});

test.each(MISTAKEN)('a mistake in %s fails, as on AWS', async (_what, A, why) => {
  const { region } = bench;
  region.iam.createRole('any', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } }] }, {});
  region.room(S3).createBucket('bucket', region.account, region.name);
  const stack = await bench.deploy('s', template({ A }), IAM);
  expect([stack.status, reason(stack, 'CREATE_FAILED')]).toEqual(['ROLLBACK_COMPLETE', expect.stringContaining(why)]);
});

const QUEUE = 'arn:aws:sqs:us-east-1:111111111111:q';
const GROUP = 'arn:aws:logs:us-east-1:111111111111:log-group:g';
const unnamed = (more: object) => rule({ Name: undefined, ...more });
const pass = (fields: object) => state({ Type: 'Pass', ...fields });
const map = state({ Type: 'Map' });
/** A resource of each kind as the room has it, and as it lacks it. */
const WAYS: ReadonlyArray<readonly [string, object, object]> = [
  ['a rule', unnamed(target(GROUP)), unnamed(target(QUEUE))],
  ['a rule with a name', rule(target(GROUP)), rule(target(QUEUE))],
  ['a machine', pass({}), map],
  ['a parameter', parameter({ Name: undefined }), parameter({ Name: undefined, DataType: 'aws:ec2:image' })],
];
/** What rooms have. */
const there = () => [
  ...bench.region.events.bus()!.rules.keys(), ...bench.region.stepFunctions.machines.keys(), ...bench.region.ssm.parameters.keys(),
].filter((name) => !name.includes('cdk-bootstrap'));
/** A resource that fails when it is created, after A. */
const broken = { DependsOn: 'A', ...parameter({ Name: 'q', DataType: 'txt' }) };

describe.each(WAYS)('%s', (_what, modelled, lacking) => {
  const deploy = (A: object, more: object = {}) => bench.deploy('s', template({ A, ...more }));
  const last = (stack: any) => [stack.status, stack.events.filter((event: any) => event.logicalId === 'A' && /^UPDATE_COMPLETE$/.test(event.status)).pop()?.reason];

  test('that becomes opaque is gone from its room, and comes back as it was', async () => {
    const stack = await deploy(modelled);
    const { physicalId } = stack.resources.get('A')!;
    const had = there();
    expect(had).toHaveLength(1);
    await deploy(lacking);
    expect([last(stack), there()]).toEqual([['UPDATE_COMPLETE', expect.stringMatching(/^opaque: .*not (part of|supported by) the local AWS/)], []]);
    await deploy(modelled);
    expect([last(stack), there(), stack.resources.get('A')]).toEqual([['UPDATE_COMPLETE', undefined], had, expect.objectContaining({ physicalId, opaque: undefined })]);
    await bench.op('DeleteStack', { StackName: 's' });
    expect([stack.status, there()]).toEqual(['DELETE_COMPLETE', []]);
  });

  test('that becomes opaque in an update that fails is back after the rollback', async () => {
    const stack = await deploy(modelled);
    const { physicalId, attributes } = stack.resources.get('A')!;
    const had = there();
    await deploy(lacking, { B: broken });
    expect([stack.status, there()]).toEqual(['UPDATE_ROLLBACK_COMPLETE', had]);
    expect(stack.resources.get('A')).toMatchObject({ physicalId, attributes: { ...attributes, ...attributes.StateMachineRevisionId && { StateMachineRevisionId: expect.anything() } } });
  });

  test('that was opaque is made, and is opaque again after a rollback', async () => {
    const stack = await deploy(lacking);
    await deploy(modelled, { B: broken });
    expect([stack.status, there()]).toEqual(['UPDATE_ROLLBACK_COMPLETE', []]);
    expect(stack.resources.get('A')!.opaque).toMatch(/the local AWS/);
    await deploy(modelled);
    expect([last(stack), there().length]).toEqual([['UPDATE_COMPLETE', undefined], 1]);
    await bench.op('DeleteStack', { StackName: 's' });
    expect([stack.status, there()]).toEqual(['DELETE_COMPLETE', []]);
  });
});

test('an opaque resource that comes to lack something else says so, and keeps its id', async () => {
  const stack = await bench.deploy('s', template({ A: map }));
  const { physicalId } = stack.resources.get('A')!;
  await bench.deploy('s', template({ A: state({ Type: 'Parallel' }) }));
  expect(reason(stack, 'UPDATE_COMPLETE')).toContain("opaque: Invalid State Machine Definition: 'The state type 'Parallel' is not supported by the local AWS");
  expect(stack.resources.get('A')!.physicalId).toBe(physicalId);
});

test('an opaque resource that comes to be mistaken fails, and stays opaque', async () => {
  const stack = await bench.deploy('s', template({ A: map }));
  await bench.deploy('s', template({ A: state({ Type: 'Taks' }) }));
  expect([stack.status, reason(stack, 'UPDATE_FAILED')]).toEqual(['UPDATE_ROLLBACK_COMPLETE', expect.stringContaining('Taks')]);
  expect([stack.resources.get('A')!.opaque, there()]).toEqual([expect.stringContaining('Map'), []]);
});

test.each([
  ['a bus', { Type: 'AWS::Events::EventBus', Properties: { Name: 'b', Policy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }] } } }],
])('%s that is opaque leaves nothing of itself', async (_what, A) => {
  const stack = await bench.deploy('s', template({ A }));
  expect([stack.status, reason(stack, 'CREATE_COMPLETE'), bench.region.events.bus('b')]).toEqual(['CREATE_COMPLETE', expect.stringContaining('Organizations'), undefined]);
});

const userPolicy = {
  Type: 'AWS::IAM::ManagedPolicy', Properties: { Users: ['u'], PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } },
};

test.each([
  ['that is a policy', userPolicy],
  ['of SageMaker', { Type: 'AWS::SageMaker::ModelPackage', Properties: { LastModifiedTime: '2026-01-01T00:00:00Z' } }],
  ['that is a role', {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] },
      PermissionsBoundary: 'arn:aws:iam::aws:policy/Boundary',
    },
  }],
])('a resource %s is refused, because what is rehearsed stands on it', async (_which, A) => {
  const stack = await bench.deploy('s', template({ A }), IAM);
  expect([stack.status, reason(stack, 'CREATE_FAILED')]).toEqual(['ROLLBACK_COMPLETE', expect.stringContaining('not part of the local AWS')]);
});

test.each<[string, string, unknown, unknown]>([
  ['a list', 'AWS::Route53::HostedZone', { 'Fn::Select': [1, { 'Fn::GetAtt': ['A', 'NameServers'] }] }, expect.stringMatching(/-NameServers-2$/)],
  ['a list of pairs', 'AWS::EC2::VPCEndpoint', { 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::Select': [0, { 'Fn::GetAtt': ['A', 'DnsEntries'] }] }] }] }, expect.stringMatching(/^vpce-.*amazonaws\.com$/)],
  ['a list of blocks', 'AWS::EC2::VPC', { 'Fn::Select': [1, { 'Fn::Cidr': [{ 'Fn::Select': [0, { 'Fn::GetAtt': ['A', 'Ipv6CidrBlocks'] }] }, 2, '64'] }] }, '2001:db8:1234:1a01:0:0:0:0/64'],
  ['a number', 'AWS::EC2::LaunchTemplate', { 'Fn::GetAtt': ['A', 'LatestVersionNumber'] }, expect.stringMatching(/./)],
])('%s of a type that nobody models is one', async (_what, Type, TopicName, expected) => {
  const stack = await bench.deploy('s', template({ A: { Type }, B: topic({ TopicName }) }));
  expect([stack.status, `${stack.resources.get('B')?.properties.TopicName}`]).toEqual(['CREATE_COMPLETE', expected]);
});

test('a mistake is no lack', async () => {
  const stack = await bench.deploy('s', template({ A: rule({ EventPattern: { source: [] } }) }));
  expect([stack.status, reason(stack, 'CREATE_FAILED')]).toEqual(['ROLLBACK_COMPLETE', expect.stringContaining('Empty arrays are not allowed')]);
});
