import { Bench, SHOP } from './fixtures';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const put = (input: object = {}) => bench.call('PutRule', { Name: 'r', EventPattern: SHOP, ...input });

test('a rule is put, described, listed and deleted', async () => {
  const { RuleArn } = await put({ Description: 'd', RoleArn: 'arn:aws:iam::111122223333:role/R' });
  expect(RuleArn).toBe('arn:aws:events:eu-west-1:111122223333:rule/r');
  const rule = { Name: 'r', Arn: RuleArn, EventPattern: SHOP, State: 'ENABLED', Description: 'd', RoleArn: 'arn:aws:iam::111122223333:role/R', EventBusName: 'default' };
  expect(await bench.call('DescribeRule', { Name: 'r' })).toEqual({ ...rule, CreatedBy: '111122223333' });
  expect(await bench.call('ListRules')).toEqual({ Rules: [rule] });
  await bench.call('DeleteRule', { Name: 'r' });
  expect(await bench.call('ListRules')).toEqual({ Rules: [] });
});

test('a rule of another bus has the bus in its ARN', async () => {
  await bench.call('CreateEventBus', { Name: 'mine' });
  expect(await put({ EventBusName: 'mine' })).toEqual({ RuleArn: 'arn:aws:events:eu-west-1:111122223333:rule/mine/r' });
  expect(await bench.call('DescribeRule', { Name: 'r', EventBusName: 'mine' })).toMatchObject({ EventBusName: 'mine' });
});

test('a rule put again is replaced, but for its targets and tags', async () => {
  const Arn = bench.fn();
  await put({ Description: 'd', Tags: [{ Key: 'a', Value: '1' }] });
  await bench.call('PutTargets', { Rule: 'r', Targets: [{ Id: '1', Arn }] });
  const { RuleArn: ResourceARN } = await put({ EventPattern: '{"source":["other"]}', Tags: [{ Key: 'b', Value: '2' }] });
  expect(await bench.call('DescribeRule', { Name: 'r' })).not.toHaveProperty('Description');
  expect(await bench.call('ListTagsForResource', { ResourceARN })).toEqual({ Tags: [{ Key: 'a', Value: '1' }] });
  await bench.put();
  await bench.put({ Source: 'other' });
  expect(bench.got.map(({ source }) => source)).toEqual(['other']);
});

test('a disabled rule matches nothing until it is enabled', async () => {
  await bench.rule({ EventPattern: SHOP, State: 'DISABLED' }, { Arn: bench.fn(), InputPath: '$.detail.n' });
  await bench.put();
  await bench.call('EnableRule', { Name: 'r' });
  await bench.put({ Detail: '{"n":2}' });
  await bench.call('DisableRule', { Name: 'r' });
  expect(await bench.call('DescribeRule', { Name: 'r' })).toMatchObject({ State: 'DISABLED' });
  await bench.put();
  expect(bench.got).toEqual([2]);
});

test('rules and targets are listed by the page', async () => {
  const Targets = ['x', 'y', 'z'].map((Id) => ({ Id, Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:f' }));
  for (const Name of ['a1', 'a2', 'b1']) { await put({ Name }); }
  await bench.call('PutTargets', { Rule: 'a1', Targets });
  const first = await bench.call('ListRules', { NamePrefix: 'a', Limit: 1 });
  expect(first.Rules.map(({ Name }: any) => Name)).toEqual(['a1']);
  const { Rules, NextToken } = await bench.call('ListRules', { NamePrefix: 'a', NextToken: first.NextToken });
  expect([Rules.map(({ Name }: any) => Name), NextToken]).toEqual([['a2'], undefined]);
  const page = await bench.call('ListTargetsByRule', { Rule: 'a1', Limit: 2 });
  expect([...page.Targets, ...(await bench.call('ListTargetsByRule', { Rule: 'a1', NextToken: page.NextToken })).Targets]).toEqual(Targets);
});

test('a rule with targets cannot be deleted, one that is not there can', async () => {
  await bench.rule({ EventPattern: SHOP }, { Arn: bench.fn() });
  expect(await bench.refused('DeleteRule', { Name: 'r' })).toMatchObject({ code: 'ValidationException', message: 'Rule can\'t be deleted since it has targets.' });
  await bench.call('RemoveTargets', { Rule: 'r', Ids: ['t0', 'none'] });
  await bench.call('DeleteRule', { Name: 'r' });
  await bench.call('DeleteRule', { Name: 'r' });
  await bench.put();
  expect(bench.got).toEqual([]);
});

test.each<[string, object, string, RegExp]>([
  ['PutRule', { Name: 'r' }, 'ValidationException', /EventPattern or ScheduleExpression must be specified/],
  ['PutRule', { Name: 'a b', EventPattern: SHOP }, 'ValidationException', /at 'name' failed to satisfy constraint/],
  ['PutRule', { Name: 'r', EventPattern: SHOP, State: 'OFF' }, 'ValidationException', /at 'state' failed to satisfy constraint/],
  ['PutRule', { Name: 'r', EventPattern: SHOP, State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' }, 'ValidationException', /is not part of the local AWS/],
  ['PutRule', { Name: 'r', EventPattern: SHOP, EventBusName: 'none' }, 'ResourceNotFoundException', /^Event bus none does not exist\.$/],
  ['DescribeRule', { Name: 'none' }, 'ResourceNotFoundException', /^Rule none does not exist on EventBus default\.$/],
  ['EnableRule', { Name: 'none' }, 'ResourceNotFoundException', /does not exist/],
  ['PutTargets', { Rule: 'none', Targets: [{ Id: '1', Arn: 'x' }] }, 'ResourceNotFoundException', /does not exist/],
  ['ListTargetsByRule', { Rule: 'none' }, 'ResourceNotFoundException', /does not exist/],
  ['ListTagsForResource', { ResourceARN: 'arn:none' }, 'ResourceNotFoundException', /does not exist/],
])('%s %j is refused', async (operation, input, code, message) => {
  expect(await bench.refused(operation, input)).toMatchObject({ code, message: expect.stringMatching(message) });
});

test.each<[string, object, string]>([
  ['no ARN', { Arn: 'f' }, 'Parameter f is not valid. Reason: Provided Arn is not in correct format.'],
  ['a queue', { Arn: 'arn:aws:sqs:eu-west-1:111122223333:q' }, 'The target arn:aws:sqs:eu-west-1:111122223333:q is not part of the local AWS'],
  ['a function of another Region', { Arn: 'arn:aws:lambda:us-east-1:111122223333:function:f' }, 'is not part of the local AWS'],
  ['a function of another account', { Arn: 'arn:aws:lambda:eu-west-1:444455556666:function:f' }, 'is not part of the local AWS'],
  ['a machine without a role', { Arn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:m' },
    'RoleArn is required for target arn:aws:states:eu-west-1:111122223333:stateMachine:m.'],
  ['a bus without a role', { Arn: 'arn:aws:events:us-east-1:444455556666:event-bus/b' }, 'RoleArn is required for target'],
  ['two inputs', { Input: '{}', InputPath: '$.detail' }, 'Only one of Input, InputPath, or InputTransformer must be provided for target t.'],
  ['an input that is no JSON', { Input: '{' }, 'JSON syntax error in input for target t'],
  ['a path that is none', { InputPath: 'detail' }, 'InputPath for target t is invalid.'],
  ['a path that is not understood', { InputPath: '$..n' }, 'InputPath for target t is invalid.'],
  ['a variable\'s path that is not understood', { InputTransformer: { InputPathsMap: { a: '$.x[*]' }, InputTemplate: '<a>' } }, 'InputPath for target t is invalid.'],
  ['a placeholder of no variable', { InputTransformer: { InputPathsMap: { a: '$.x' }, InputTemplate: '{"a":<b>}' } },
    'InputTemplate for target t contains invalid placeholder b.'],
  ['parameters of a kind that is not there', { SqsParameters: { MessageGroupId: 'g' } }, 'sqsParameters\' failed to satisfy constraint: Member is not part of the local AWS'],
])('a target with %s is refused', async (_what, target, message) => {
  await put();
  expect(await bench.refused('PutTargets', { Rule: 'r', Targets: [{ Id: 't', Arn: bench.fn(), ...target }] }))
    .toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) });
  expect(await bench.call('ListTargetsByRule', { Rule: 'r' })).toEqual({ Targets: [] });
});

test('a rule has five targets at most', async () => {
  await put();
  const Arn = bench.fn();
  const targets = (...ids: string[]) => ({ Rule: 'r', Targets: ids.map((Id) => ({ Id, Arn })) });
  await bench.call('PutTargets', targets('1', '2', '3', '4', '5'));
  await bench.call('PutTargets', targets('5'));
  expect(await bench.refused('PutTargets', targets('6'))).toMatchObject({ code: 'LimitExceededException' });
});

test('tags come and go', async () => {
  const { RuleArn: ResourceARN } = await put();
  await bench.call('TagResource', { ResourceARN, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }] });
  await bench.call('UntagResource', { ResourceARN, TagKeys: ['a'] });
  expect(await bench.call('ListTagsForResource', { ResourceARN })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
});

test.each<[string, object, string[]]>([
  ['PutRule', { Name: 'r', EventPattern: SHOP }, ['events:PutRule arn:aws:events:eu-west-1:111122223333:rule/r']],
  ['PutRule', { Name: 'r', EventPattern: SHOP, Tags: [{ Key: 'a', Value: 'b' }] },
    ['events:PutRule arn:aws:events:eu-west-1:111122223333:rule/r', 'events:TagResource arn:aws:events:eu-west-1:111122223333:rule/r']],
  ['DeleteRule', { Name: 'r', EventBusName: 'mine' }, ['events:DeleteRule arn:aws:events:eu-west-1:111122223333:rule/mine/r']],
  ['PutTargets', { Rule: 'r', Targets: [{ Id: '1', Arn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:m', RoleArn: 'arn:aws:iam::111122223333:role/M' }] },
    ['events:PutTargets arn:aws:events:eu-west-1:111122223333:rule/r', 'iam:PassRole arn:aws:iam::111122223333:role/M']],
  ['ListRules', {}, ['events:ListRules *']],
  ['CreateEventBus', { Name: 'new' }, ['events:CreateEventBus arn:aws:events:eu-west-1:111122223333:event-bus/new']],
  ['PutPermission', { EventBusName: 'mine', StatementId: 's', Action: 'events:PutEvents', Principal: '*' },
    ['events:PutPermission arn:aws:events:eu-west-1:111122223333:event-bus/mine']],
  ['ListTagsForResource', { ResourceARN: 'arn:aws:events:eu-west-1:111122223333:rule/r' }, ['events:ListTagsForResource arn:aws:events:eu-west-1:111122223333:rule/r']],
])('%s %j needs permissions', async (operation, input, expected) => {
  await put();
  await bench.call('CreateEventBus', { Name: 'mine' });
  const role = bench.role('Caller', [], bench.region, 'lambda');
  const missing: string[] = [];
  for (;;) {
    const refusal: any = await bench.call(operation, input, { role }).then(() => undefined, (error) => error);
    if (!refusal) { break; }
    const [, Action, Resource] = /perform: (\S+) on resource: (\S+) because/.exec(refusal.message)!;
    missing.push(`${Action} ${Resource}`);
    bench.region.iam.putRolePolicy('Caller', `p${missing.length}`, { Statement: [{ Effect: 'Allow', Action, Resource }] });
  }
  expect(missing).toEqual(expected);
});
