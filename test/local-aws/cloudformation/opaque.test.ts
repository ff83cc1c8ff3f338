import { Bench, template, topic } from './bench';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const ROLE = 'arn:aws:iam::111111111111:role/any';
const machine = (properties: object) => ({ Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: ROLE, DefinitionString: '{}', ...properties } });
const state = (fields: object) => machine({ DefinitionString: JSON.stringify({ StartAt: 'A', States: { A: { End: true, ...fields } } }) });
const rule = (properties: object) => ({ Type: 'AWS::Events::Rule', Properties: { Name: 'r', EventPattern: { source: ['shop'] }, ...properties } });
const target = (Arn: string) => ({ Targets: [{ Id: '1', Arn }] });

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
  ['the scaling of a table', {
    Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    Properties: { ServiceNamespace: 'dynamodb', ResourceId: 'table/t', ScalableDimension: 'dynamodb:table:ReadCapacityUnits', MinCapacity: 1, MaxCapacity: 2 },
  }, 'not part of the local AWS'],
  ['a policy of a user', {
    Type: 'AWS::IAM::ManagedPolicy', Properties: { Users: ['u'], PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } },
  }, 'Users and groups are not part of the local AWS'],
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

test.each([
  ['of SageMaker', { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ VariantName: 'v', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }] } }],
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

test('a mistake is no lack', async () => {
  const stack = await bench.deploy('s', template({ A: rule({ EventPattern: { source: [] } }) }));
  expect([stack.status, reason(stack, 'CREATE_FAILED')]).toEqual(['ROLLBACK_COMPLETE', expect.stringContaining('Empty arrays are not allowed')]);
});
