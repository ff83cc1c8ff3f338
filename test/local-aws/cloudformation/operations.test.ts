import { Bench, custom, template, topic } from './bench';
import { VirtualClock } from '../../../local-aws/kernel/clock';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

const body = (resources: any, more?: any) => ({ TemplateBody: JSON.stringify(template(resources, more)) });
const describe1 = async (StackName: string) => (await bench.op('DescribeStacks', { StackName })).Stacks[0];

// docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
describe('DescribeStacks', () => {
  test('of a stack that is not there is refused', async () => {
    await expect(bench.op('DescribeStacks', { StackName: 'no' })).rejects.toMatchObject({ code: 'ValidationError', message: 'Stack with id no does not exist', status: 400 });
  });

  test('of a deleted stack knows its ARN, not its name', async () => {
    const { id } = await bench.deploy('s', template({ A: topic() }));
    await bench.op('DeleteStack', { StackName: id });
    expect((await describe1(id)).StackStatus).toBe('DELETE_COMPLETE');
    await expect(describe1('s')).rejects.toThrow('Stack with id s does not exist');
  });

  test('shows parameters, hides those of NoEcho, and shows outputs and tags', async () => {
    bench.region.ssm.put({ Name: '/v', Type: 'String', Value: 'value' });
    await bench.deploy('t', template({ A: topic() }, {
      Parameters: { P: { Type: 'String', Default: 'd' }, S: { Type: 'String', NoEcho: true, Default: 'secret' }, V: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/v' } },
      Outputs: { O: { Value: { Ref: 'P' }, Description: 'about' }, None: { Value: 'x', Condition: 'No' } },
      Conditions: { No: { 'Fn::Equals': ['a', 'b'] } },
    }), { Tags: [{ Key: 'k', Value: 'v' }] });
    expect(await describe1('t')).toMatchObject({
      Parameters: [
        { ParameterKey: 'P', ParameterValue: 'd' }, { ParameterKey: 'S', ParameterValue: '****' },
        { ParameterKey: 'V', ParameterValue: '/v', ResolvedValue: 'value' },
      ],
      Outputs: [{ OutputKey: 'O', OutputValue: 'd', Description: 'about' }],
      Tags: [{ Key: 'k', Value: 'v' }],
    });
  });

  test('shows the pseudo parameters as the stack sees them', async () => {
    const names = ['AccountId', 'Region', 'Partition', 'URLSuffix', 'StackName', 'StackId'];
    const { id } = await bench.deploy('s', template({ A: topic() }, { Outputs: Object.fromEntries(names.map((name) => [name, { Value: { Ref: `AWS::${name}` } }])) }));
    expect((await describe1('s')).Outputs.map(({ OutputValue }: any) => OutputValue)).toEqual(['111111111111', 'us-east-1', 'aws', 'amazonaws.com', 's', id]);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html, API_UpdateStack.html
describe('CreateStack and UpdateStack', () => {
  test('refuse a stack that is there, or is not', async () => {
    await bench.deploy('s', template({ A: topic() }));
    await expect(bench.op('CreateStack', { StackName: 's', ...body({ A: topic() }) })).rejects.toMatchObject({ code: 'AlreadyExistsException', message: 'Stack [s] already exists' });
    await expect(bench.op('UpdateStack', { StackName: 'no', ...body({ A: topic() }) })).rejects.toThrow('Stack [no] does not exist');
  });

  test('refuse an update without changes', async () => {
    await bench.deploy('s', template({ A: topic() }));
    await expect(bench.deploy('s', template({ A: topic() }))).rejects.toMatchObject({ code: 'ValidationError', message: 'No updates are to be performed.' });
  });

  test('take a template from S3, in either form of its URL', async () => {
    bench.world.s3.createBucket('templates', '111111111111', 'us-east-1');
    bench.world.s3.putObject('templates', 'a/b.json', Buffer.from(body({ A: topic() }).TemplateBody));
    await bench.op('CreateStack', { StackName: 's', TemplateURL: 'https://s3.us-east-1.amazonaws.com/templates/a/b.json' });
    await bench.op('CreateStack', { StackName: 't', TemplateURL: 'https://templates.s3.us-east-1.amazonaws.com/a/b.json' });
    expect((await describe1('t')).StackStatus).toBe('CREATE_COMPLETE');
    await expect(bench.op('CreateStack', { StackName: 'u', TemplateURL: 'https://s3.amazonaws.com/templates/no' })).rejects.toThrow('S3 error: The specified key does not exist.');
  });

  test('give another id to a stack that is made again, alike in two runs', async () => {
    const run = async () => {
      const { id } = await bench.deploy('s', template({ A: topic() }));
      await bench.op('DeleteStack', { StackName: 's' });
      return [id, (await bench.deploy('s', template({ A: topic() }))).id];
    };
    const [first, second] = await run();
    expect(first.slice(0, -27)).not.toBe(second.slice(0, -27));
    bench = new Bench();
    expect(await run()).toEqual([first, second]);
  });

  test('refuse what their rules refuse', async () => {
    const Rules = { R: { Assertions: [{ Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '2'], { Ref: 'P' }] }] }, AssertDescription: 'too old' }] } };
    const rules = (Default: string) => template({ A: topic() }, { Rules, Parameters: { P: { Type: 'String', Default } } });
    await expect(bench.deploy('s', rules('2'))).rejects.toThrow('too old');
    expect((await bench.deploy('s', rules('3'))).status).toBe('CREATE_COMPLETE');
  });

  test('answer before the work is done when it takes long, and two stacks are made side by side', async () => {
    const clock = new VirtualClock({ jumps: false });
    bench = new Bench(clock);
    Object.assign(bench.region.cloudformation, { holdAnswersMs: 1 });
    const slow = bench.fn('slow', (event) => bench.later(60_000, event));
    await Promise.all([bench.deploy('s', template({ A: custom(slow) })), bench.deploy('t', template({ A: custom(slow) }))]);
    expect([(await describe1('s')).StackStatus, (await describe1('t')).StackStatus]).toEqual(['CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS']);
    await expect(bench.op('UpdateStack', { StackName: 's', ...body({ A: topic() }) })).rejects.toThrow('is in CREATE_IN_PROGRESS state and can not be updated.');
    await clock.advance(60_000);
    expect([(await describe1('s')).StackStatus, (await describe1('t')).StackStatus]).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
describe('change sets', () => {
  const change = (Type: string, resources: any, more: any = {}) => bench.op('CreateChangeSet', { StackName: 's', ChangeSetName: 'c', ChangeSetType: Type, ...body(resources), ...more });
  const shown = () => bench.op('DescribeChangeSet', { StackName: 's', ChangeSetName: 'c' });

  test('create a stack in review, and then the stack', async () => {
    const { StackId, Id } = await change('CREATE', { A: topic() });
    expect(await describe1(StackId)).toMatchObject({ StackStatus: 'REVIEW_IN_PROGRESS' });
    expect(await shown()).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', Changes: [{ Type: 'Resource', ResourceChange: { Action: 'Add', LogicalResourceId: 'A' } }] });
    await bench.op('ExecuteChangeSet', { ChangeSetName: Id });
    expect(await describe1('s')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    expect(await shown()).toMatchObject({ ExecutionStatus: 'EXECUTE_COMPLETE' });
  });

  test('without changes fail', async () => {
    await bench.deploy('s', template({ A: topic() }));
    await change('UPDATE', { A: topic() });
    expect(await shown()).toMatchObject({ Status: 'FAILED', StatusReason: expect.stringMatching(/^The submitted information didn't contain changes\./), Changes: [] });
    await expect(bench.op('ExecuteChangeSet', { StackName: 's', ChangeSetName: 'c' })).rejects.toMatchObject({ code: 'InvalidChangeSetStatus' });
  });

  test('list what is added, modified, replaced and removed', async () => {
    const f = bench.fn('f');
    await bench.deploy('s', template({
      In: topic({ DisplayName: '1' }), Re: topic({ TopicName: '1' }, { UpdateReplacePolicy: 'Retain' }), Gone: topic(), Same: topic(), Uses: custom(f, { X: { Ref: 'Re' }, Y: { Ref: 'In' } }),
    }));
    await change('UPDATE', {
      In: topic({ DisplayName: '2' }), Re: topic({ TopicName: '2' }, { UpdateReplacePolicy: 'Retain' }), New: topic(), Same: topic(), Uses: custom(f, { X: { Ref: 'Re' }, Y: { Ref: 'In' } }),
    });
    const changes = (await shown()).Changes.map(({ ResourceChange: { Action, LogicalResourceId, Replacement, PolicyAction, Details } }: any) =>
      [Action, LogicalResourceId, Replacement, PolicyAction, ...Details.map(({ Target, Evaluation }: any) => `${Target.Name} ${Target.RequiresRecreation} ${Evaluation}`)]);
    expect(changes).toEqual([
      ['Modify', 'In', 'False', undefined, 'DisplayName Never Static'],
      ['Modify', 'Re', 'True', 'ReplaceAndRetain', 'TopicName Always Static'],
      ['Add', 'New', undefined, undefined],
      ['Modify', 'Uses', 'False', undefined, 'X Never Dynamic'],
      ['Remove', 'Gone', undefined, 'Delete'],
    ]);
  });

  test('with another output, or other tags only, can be executed', async () => {
    await bench.deploy('s', template({ A: topic() }));
    await change('UPDATE', { A: topic() }, { Tags: [{ Key: 'k', Value: 'v' }] });
    await bench.op('ExecuteChangeSet', { StackName: 's', ChangeSetName: 'c' });
    expect((await describe1('s')).Tags).toEqual([{ Key: 'k', Value: 'v' }]);
  });

  test('are refused for a stack that is there, or is not, and by the same name', async () => {
    await expect(change('UPDATE', { A: topic() })).rejects.toThrow('Stack [s] does not exist');
    await bench.deploy('s', template({ A: topic() }));
    await expect(change('CREATE', { A: topic() })).rejects.toThrow('already exists and cannot be created again with the changeSet [c].');
    await change('UPDATE', { A: topic() });
    await expect(change('UPDATE', { A: topic() })).rejects.toMatchObject({ code: 'AlreadyExistsException' });
    await expect(change('IMPORT', { A: topic() })).rejects.toThrow('Change sets of type IMPORT are not part of the local AWS');
  });

  test('that are deleted, or were overtaken, cannot be executed', async () => {
    await bench.deploy('s', template({ A: topic() }));
    await change('UPDATE', { A: topic({ DisplayName: '1' }) });
    await bench.op('DeleteChangeSet', { StackName: 's', ChangeSetName: 'c' });
    await expect(shown()).rejects.toMatchObject({ code: 'ChangeSetNotFound', status: 404, message: 'ChangeSet [c] does not exist' });
    await change('UPDATE', { A: topic({ DisplayName: '1' }) });
    await bench.deploy('s', template({ A: topic({ DisplayName: '2' }) }));
    await expect(bench.op('ExecuteChangeSet', { StackName: 's', ChangeSetName: 'c' })).rejects.toThrow('[OBSOLETE]');
  });
});

test('events come newest first, a page of a hundred at a time, by wall time, and each operation has its id', async () => {
  const begun = Date.now();
  const stack = await bench.deploy('s', template(Object.fromEntries([...Array(40)].map((_, index) => [`A${index}`, topic()]))));
  await bench.op('DeleteStack', { StackName: 's' });
  const pages = [await bench.op('DescribeStackEvents', { StackName: stack.id })];
  while (pages[pages.length - 1].NextToken) { pages.push(await bench.op('DescribeStackEvents', { StackName: stack.id, NextToken: pages[pages.length - 1].NextToken })); }
  const events = pages.flatMap(({ StackEvents }) => StackEvents);
  expect(pages.map(({ StackEvents }) => StackEvents.length)).toEqual([100, 100, 4]);
  expect(events[0]).toMatchObject({ ResourceStatus: 'DELETE_COMPLETE', LogicalResourceId: 's', PhysicalResourceId: stack.id });
  expect(new Set(events.map(({ EventId }) => EventId)).size).toBe(204);
  expect(new Set(events.map(({ OperationId }) => OperationId)).size).toBe(2);
  // Virtual time is years before.
  expect(events[0].Timestamp.getTime()).toBeGreaterThanOrEqual(begun);
  expect(stack.events[0].virtualTime).toBe(Date.parse('2026-01-01T00:00:00Z'));
});

test('resources and templates are shown as they are', async () => {
  const stack = await bench.deploy('s', template({ A: topic({}, { Metadata: { m: 1 } }) }));
  const { physicalId } = stack.resources.get('A')!;
  const one = { LogicalResourceId: 'A', PhysicalResourceId: physicalId, ResourceType: 'AWS::SNS::Topic', ResourceStatus: 'CREATE_COMPLETE' };
  expect((await bench.op('DescribeStackResources', { StackName: 's' })).StackResources).toMatchObject([one]);
  expect((await bench.op('DescribeStackResources', { PhysicalResourceId: physicalId })).StackResources).toMatchObject([one]);
  expect((await bench.op('DescribeStackResource', { StackName: 's', LogicalResourceId: 'A' })).StackResourceDetail).toMatchObject({ ...one, Metadata: '{"m":1}' });
  expect((await bench.op('ListStackResources', { StackName: 's' })).StackResourceSummaries).toMatchObject([one]);
  expect(JSON.parse((await bench.op('GetTemplate', { StackName: 's' })).TemplateBody)).toEqual(template({ A: topic({}, { Metadata: { m: 1 } }) }));
  expect((await bench.op('GetTemplateSummary', { StackName: 's' })).ResourceIdentifierSummaries).toEqual([
    { ResourceType: 'AWS::SNS::Topic', LogicalResourceIds: ['A'], ResourceIdentifiers: ['TopicArn'] },
  ]);
  expect((await bench.op('ListStacks')).StackSummaries).toMatchObject([{ StackName: 's', StackStatus: 'CREATE_COMPLETE' }]);
  await expect(bench.op('ValidateTemplate', { TemplateBody: '{}' })).rejects.toThrow('At least one Resources member must be defined.');
});

test('a type that nobody here knows is opaque, and the event says so', async () => {
  const stack = await bench.deploy('s', template({ A: { Type: 'AWS::KMS::Key', Properties: {} }, B: { Type: 'AWS::KMS::Alias', Properties: {} }, C: { Type: 'AWS::CDK::Metadata' } }, { Outputs: { O: { Value: { 'Fn::GetAtt': 'A.Arn' } } } }));
  expect(stack.outputs[0].value).toMatch(/^arn:aws:kms:us-east-1:111111111111:key\/[0-9a-f-]{36}$/);
  const reason = (id: string) => stack.events.find(({ logicalId, status }) => logicalId === id && status === 'CREATE_COMPLETE')!.reason;
  expect(['B', 'C'].map(reason)).toEqual(['opaque: not modelled by the local AWS', undefined]);
});

test('a wait condition is refused by name', async () => {
  const stack = await bench.deploy('s', template({ A: { Type: 'AWS::CloudFormation::WaitCondition' } }));
  expect(stack.events.find(({ status }) => status === 'CREATE_FAILED')!.reason).toBe('AWS::CloudFormation::WaitCondition is not part of the local AWS');
});

test.each<[string, any]>([
  ['CreateStack', {}], ['CreateStack', { StackName: 'undefined' }], ['CreateStack', { StackName: ['a'], TemplateBody: 'x' }], ['CreateStack', { StackName: 's', TemplateBody: {} }],
  ['CreateStack', { StackName: 's', TemplateURL: {} }], ['CreateStack', { StackName: 's', TemplateBody: '{"Resources":{"A":{"Type":"T","Properties":[]}}}' }],
  ['CreateStack', { StackName: 's', TemplateBody: '{"Resources":{"A":{"Type":"T"}},"Parameters":null,"Outputs":{"O":1}}' }],
  ['CreateStack', { StackName: 's', TemplateBody: '{"Resources":{"A":{"Type":"T","Condition":"C"}},"Conditions":{"C":{"Condition":"C"}}}' }],
  ['CreateStack', { StackName: 's', TemplateBody: '{"Resources":{"A":{"Type":"T","Condition":"C"}},"Conditions":{"C":{"Fn::And":1}}}', Parameters: '' }],
  ['DeleteStack', {}], ['DescribeStackEvents', {}], ['CreateChangeSet', { StackName: 's' }], ['DescribeChangeSet', {}], ['ExecuteChangeSet', { ChangeSetName: 'c' }],
  ['DescribeStackEvents', { StackName: 'no' }], ['RollbackStack', { StackName: 'no' }], ['ListStacks', { NextToken: 'x' }],
])('%s of a malformed request (%j) is a ValidationError', async (operation, input) => {
  await expect(bench.op(operation, input)).rejects.toMatchObject({ code: 'ValidationError', status: 400 });
});
