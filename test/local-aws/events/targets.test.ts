import { Bench, SHOP } from './fixtures';
import { AwsError } from '../../../local-aws';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const EVENTS_GROUP = 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/shop';
const lines = () => bench.region.logs.tail('/aws/events/shop').map((line) => JSON.parse(line));

async function machine(): Promise<string> {
  const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
  const principal = { account: bench.region.account, arn: 'arn:aws:iam::111122223333:root' };
  const { stateMachineArn } = await bench.region.stepFunctions.operations.CreateStateMachine(
    { name: 'm', definition, roleArn: 'arn:aws:iam::111122223333:role/M' }, { region: bench.region, principal, requestId: 'r' }) as any;
  return stateMachineArn;
}

const executions = () => [...bench.region.stepFunctions.executions.values()].map(({ input }) => JSON.parse(input));
const failures = () => bench.region.events.failedInvocations.map(({ target, error }) => [target, error]);

describe('input', () => {
  const EVENT = { Detail: JSON.stringify({ 'n': 1, 'name': 'a "b"', 'list': [{ x: 7 }], 'deep': { er: true }, 'with-dash': 'd' }) };
  const through = async (target: object) => {
    await bench.rule({ EventPattern: SHOP }, { Arn: bench.fn(), ...target });
    const id = await bench.put(EVENT);
    return { got: bench.got[0], id };
  };

  test.each<[string, object, unknown]>([
    ['is a constant', { Input: '{"a":1}' }, { a: 1 }],
    ['is a part', { InputPath: '$.detail.list[0]' }, { x: 7 }],
    ['is a part of a name with a dash', { InputPath: '$.detail-type' }, 'Sold'],
    ['is empty where the path leads nowhere', { InputPath: '$.detail.none' }, {}],
  ])('%s', async (_what, target, expected) => {
    expect((await through(target)).got).toEqual(expected);
  });

  test.each<[string, string, unknown]>([
    ['values of their own types', '{"n":<n>,"name":<name>,"deep":<deep>,"list":[<n>,<n>]}', { n: 1, name: 'a "b"', deep: { er: true }, list: [1, 1] }],
    ['values within a text', '{"t":"<n> of <name> in <deep>"}', { t: '1 of a "b" in {"er":true}' }],
    ['a text', '"<name>: <n>"', 'a "b": 1'],
    ['nothing where a path leads nowhere', '{"a":<none>,"b":"x<none>"}', { a: '', b: 'x' }],
    ['escaped quotes', '{"a":"\\"<n>\\""}', { a: '"1"' }],
    ['the rule', '{"a":<aws.events.rule-arn>,"b":"<aws.events.rule-name>"}', { a: 'arn:aws:events:eu-west-1:111122223333:rule/r', b: 'r' }],
    ['when it came', '[<aws.events.event.ingestion-time>]', ['2026-01-01T00:00:00Z']],
  ])('is a template of %s', async (_what, InputTemplate, expected) => {
    const InputPathsMap = { n: '$.detail.n', name: '$.detail.name', deep: '$.detail.deep', none: '$.detail.none' };
    expect((await through({ InputTransformer: { InputPathsMap, InputTemplate } })).got).toEqual(expected);
  });

  test('is a template of the event', async () => {
    const { got, id } = await through({ InputTransformer: { InputTemplate: '{"whole":<aws.events.event.json>,"envelope":<aws.events.event>}' } });
    expect(got.whole).toMatchObject({ id, detail: { n: 1 } });
    expect(got.envelope).toEqual({ ...got.whole, detail: undefined });
  });

  test('that is no JSON is not delivered', async () => {
    expect((await through({ InputTransformer: { InputTemplate: 'just words' } })).got).toBeUndefined();
    expect(failures()).toEqual([['t0', 'The input template gives no JSON: just words']]);
  });
});

test('a function that fails gets the event twice more', async () => {
  let tries = 0;
  (bench.world.options as any).lambdaRunner.run = async () => ({ error: { errorType: 'E', errorMessage: `${++tries}` } });
  await bench.rule({ EventPattern: SHOP }, { Arn: bench.fn(), RetryPolicy: { MaximumRetryAttempts: 3 }, DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:1:q' } });
  await bench.put();
  await bench.world.clock.advance(3_600_000);
  expect(tries).toBe(3);
});

test('a function that is not there gets nothing, and the other targets do', async () => {
  const there = bench.fn();
  await bench.rule({ EventPattern: SHOP }, { Arn: there.replace(/f$/, 'none') }, { Arn: there });
  await bench.put();
  expect(bench.got).toHaveLength(1);
  expect(failures()).toEqual([['t0', 'Function not found: arn:aws:lambda:eu-west-1:111122223333:function:none']]);
});

test('a function may be invoked by a role', async () => {
  const Arn = bench.fn();
  await bench.rule({ EventPattern: SHOP }, { Arn, RoleArn: bench.role('No', []) }, { Arn, RoleArn: bench.role('Yes', ['lambda:InvokeFunction']) });
  await bench.put();
  expect(bench.got).toHaveLength(1);
  expect(failures()).toEqual([['t0', expect.stringContaining('lambda:InvokeFunction')]]);
});

test('a state machine is started by the role, with the event', async () => {
  await bench.rule({ EventPattern: SHOP }, { Arn: await machine(), RoleArn: bench.role('R', ['states:StartExecution']) });
  const id = await bench.put();
  expect(executions()).toEqual([expect.objectContaining({ id, detail: { n: 1 } })]);
});

test.each<[string, () => string, string]>([
  ['may not', () => bench.role('R', ['states:DescribeExecution']), 'is not authorized to perform: states:StartExecution on resource: arn:aws:states:'],
  ['does not trust EventBridge', () => bench.role('R', ['states:*'], bench.region, 'lambda'), 'EventBridge cannot assume the role'],
  ['is not there', () => 'arn:aws:iam::111122223333:role/none', 'EventBridge cannot assume the role'],
])('a state machine is not started by a role that %s', async (_what, role, reason) => {
  await bench.rule({ EventPattern: SHOP }, { Arn: await machine(), RoleArn: role() });
  await bench.put();
  expect(executions()).toEqual([]);
  expect(failures()).toEqual([['t0', expect.stringContaining(reason)]]);
});

test('a log group gets the event as a line, or the message of a template', async () => {
  bench.region.logs.createGroup('/aws/events/shop');
  const InputTransformer = { InputPathsMap: { n: '$.detail.n', t: '$.time' }, InputTemplate: '{"timestamp":<t>,"message":"{\\"sold\\":<n>}"}' };
  await bench.rule({ EventPattern: SHOP }, { Arn: EVENTS_GROUP }, { Arn: `${EVENTS_GROUP}:*`, InputTransformer });
  const id = await bench.put();
  expect(lines()).toEqual([expect.objectContaining({ id }), { sold: 1 }]);
});

test('a log group gets nothing from a template without a message', async () => {
  bench.region.logs.createGroup('/aws/events/shop');
  await bench.rule({ EventPattern: SHOP }, { Arn: EVENTS_GROUP, InputTransformer: { InputTemplate: '{"text":"x"}' } });
  await bench.put();
  expect([lines(), failures()]).toEqual([[], [['t0', 'The input template of a log group must give a timestamp and a message']]]);
});

test('a log group that is not there gets nothing', async () => {
  await bench.rule({ EventPattern: SHOP }, { Arn: EVENTS_GROUP });
  await bench.put();
  expect(failures()).toEqual([['t0', 'The specified log group does not exist.']]);
  expect(bench.region.logs.groups.size).toBe(0);
});

describe('a target that takes nothing', () => {
  const taken = async (error: AwsError, hours: number, target: object = {}) => {
    const { operations } = bench.region.stepFunctions as any;
    const { StartExecution } = operations;
    await bench.rule({ EventPattern: SHOP }, { Arn: await machine(), RoleArn: bench.role('R', ['states:StartExecution']), ...target });
    operations.StartExecution = async () => { throw error; };
    await bench.put();
    await bench.world.clock.advance(hours * 3_600_000);
    operations.StartExecution = StartExecution;
    await bench.world.clock.advance(3_600_000);
    return [executions().length, failures().length];
  };

  test.each([
    ['throttled, gets the event later', new AwsError('ThrottlingException', 'Rate exceeded'), 20, {}, [1, 0]],
    ['out of order, gets the event later', new AwsError('InternalServerException', 'out of order', 500), 20, {}, [1, 0]],
    ['throttled for more than a day, does not get the event', new AwsError('ThrottlingException', 'Rate exceeded'), 25, {}, [0, 1]],
    ['throttled for longer than its policy says', new AwsError('ThrottlingException', 'Rate exceeded'), 2, { RetryPolicy: { MaximumEventAgeInSeconds: 3600 } }, [0, 1]],
    ['throttled more often than its policy says', new AwsError('ThrottlingException', 'Rate exceeded'), 1, { RetryPolicy: { MaximumRetryAttempts: 0 } }, [0, 1]],
    ['without a permission, loses the event at once', new AwsError('AccessDeniedException', 'not authorized'), 0.01, {}, [0, 1]],
  ])('because it is %s', async (_what, error, hours, target, expected) => {
    expect(await taken(error, hours, target)).toEqual(expected);
  });
});
