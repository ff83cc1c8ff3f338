import { App, Stack } from 'aws-cdk-lib';
import { EventBus, EventField, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { CloudWatchLogGroup, EventBus as BusTarget, LogGroupTargetInput } from 'aws-cdk-lib/aws-events-targets';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bench, template } from '../cloudformation/bench';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const target = (Id: string, more: object = {}) => ({ Id, Arn: 'arn:aws:lambda:us-east-1:111111111111:function:f', ...more });
const rule = (properties: object = {}, type = 'Rule') => ({ Type: `AWS::Events::${type}`, Properties: properties });
const OURS = { EventPattern: { source: ['shop'], detail: { n: [{ numeric: ['>', 1] }] } }, Targets: [target('1')] };
const bus = (name = 'default') => bench.region.events.buses.get(name)!;
const rules = (name?: string) => [...bus(name).rules.values()];
const reason = (stack: any, status = 'CREATE_FAILED') => stack.events.find((event: any) => event.status === status)!.reason;

async function put(n: number): Promise<any[]> {
  const call = { region: bench.region, principal: { account: '111111111111', arn: 'arn:aws:iam::111111111111:root' }, requestId: 'r' };
  const Entries = [{ Source: 'shop', DetailType: 'Sold', Detail: JSON.stringify({ n }) }];
  await bench.region.clock.run(() => bench.region.events.operations.PutEvents({ Entries }, call));
  await bench.region.clock.settled();
  return bench.asked.splice(0);
}

beforeEach(() => { bench.fn('f', () => null); });

test('a rule is made, told by Ref and its attributes, matches, and goes with its stack', async () => {
  const Outputs = { Ref: { Value: { Ref: 'R' } }, Arn: { Value: { 'Fn::GetAtt': ['R', 'Arn'] } } };
  const stack = await bench.deploy('s', template({ R: rule({ ...OURS, Tags: [{ Key: 'a', Value: '1' }] }) }, { Outputs }), { Tags: [{ Key: 'b', Value: '2' }] });
  const [made] = rules();
  expect(made.name).toMatch(/^s-R-/);
  expect(stack.outputs.map(({ value }) => value)).toEqual([made.name, `arn:aws:events:us-east-1:111111111111:rule/${made.name}`]);
  expect(Object.fromEntries(made.tags)).toEqual({ a: '1', b: '2' });
  expect([await put(1), await put(2)]).toEqual([[], [expect.objectContaining({ detail: { n: 2 } })]]);
  await bench.op('DeleteStack', { StackName: 's' });
  expect(bench.told(stack).at(-1)).toBe('DELETE_COMPLETE');
  expect(rules()).toEqual([]);
});

test('pattern, state, targets and tags change in place', async () => {
  await bench.deploy('s', template({ R: rule({ ...OURS, Targets: [target('1'), target('2')], Tags: [{ Key: 'a', Value: '1' }] }) }));
  const [{ name }] = rules();
  const stack = await bench.deploy('s', template({
    R: rule({ EventPattern: { source: ['shop'] }, Targets: [target('2', { RetryPolicy: { MaximumRetryAttempts: '3' } }), target('3')] }),
  }));
  expect(stack.status).toBe('UPDATE_COMPLETE');
  expect(rules()).toMatchObject([{ name, tags: new Map() }]);
  expect([...rules()[0].targets.values()]).toMatchObject([{ Id: '2', RetryPolicy: { MaximumRetryAttempts: 3 } }, { Id: '3' }]);
  expect(await put(1)).toHaveLength(2);
  await bench.deploy('s', template({ R: rule({ ...OURS, State: 'DISABLED' }) }));
  expect(await put(2)).toEqual([]);
});

test('another name replaces the rule', async () => {
  await bench.deploy('s', template({ R: rule({ ...OURS, Name: 'one' }) }));
  await bench.deploy('s', template({ R: rule({ ...OURS, Name: 'two' }) }));
  expect(rules().map(({ name }) => name)).toEqual(['two']);
});

test.each<[object, string]>([
  [{ ...OURS, Name: 'taken' }, 'already exists'],
  [{ ...OURS, EventBusName: 'none' }, 'Event bus none does not exist.'],
  [{}, 'EventPattern or ScheduleExpression must be specified'],
])('%j fails the stack, and nothing is left', async (properties, expected) => {
  await bench.deploy('other', template({ R: rule({ ...OURS, Name: 'taken' }) }));
  const stack = await bench.deploy('s', template({ R: rule(properties) }));
  expect([stack.status, reason(stack)]).toEqual(['ROLLBACK_COMPLETE', expect.stringContaining(expected)]);
  expect(rules().map(({ name }) => name)).toEqual(['taken']);
});

test('an update that fails goes back', async () => {
  await bench.deploy('s', template({ R: rule(OURS) }));
  const stack = await bench.deploy('s', template({ R: rule({ ...OURS, EventPattern: { source: [] } }) }));
  expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await put(2)).toHaveLength(1);
});

test('a bus with its rule and its policy', async () => {
  const resources = (properties: object = {}) => template({
    Bus: rule({ Name: 'mine', ...properties }, 'EventBus'),
    Policy: rule({ EventBusName: { Ref: 'Bus' }, StatementId: 'one', Action: 'events:PutEvents', Principal: '222222222222' }, 'EventBusPolicy'),
    Other: rule({ EventBusName: { 'Fn::GetAtt': ['Bus', 'Name'] }, StatementId: 'two', Statement: { Effect: 'Allow', Action: 'events:PutEvents', Principal: '*' } }, 'EventBusPolicy'),
    R: rule({ ...OURS, Name: 'r', EventBusName: { Ref: 'Bus' } }),
  }, { Outputs: { Ref: { Value: { Ref: 'R' } } } });
  const stack = await bench.deploy('s', resources());
  expect(stack.outputs).toMatchObject([{ value: 'mine|r' }]);
  expect(bus('mine').policy!.Statement.map(({ Sid }) => Sid).sort()).toEqual(['one', 'two']);
  await bench.deploy('s', resources({ Description: 'd', Tags: [{ Key: 'a', Value: '1' }] }));
  expect(bus('mine')).toMatchObject({ description: 'd', tags: new Map([['a', '1']]) });
  await bench.op('DeleteStack', { StackName: 's' });
  expect(bench.told(stack).at(-1)).toBe('DELETE_COMPLETE');
  expect([...bench.region.events.buses.keys()]).toEqual(['default']);
});

test('what the CDK makes of rules, schedules and targets is understood', async () => {
  const app = new App();
  const stack = new Stack(app, 's');
  const own = new EventBus(stack, 'Bus', { eventBusName: 'mine' });
  const group = new LogGroup(stack, 'Group', { logGroupName: '/aws/events/shop' });
  const pattern = { source: ['shop'] };
  new Rule(stack, 'Forward', { eventPattern: pattern, targets: [new BusTarget(own)] });
  new Rule(stack, 'Daily', { schedule: Schedule.cron({ minute: '0', hour: '10' }), enabled: false });
  new Rule(stack, 'Log', {
    eventBus: own,
    eventPattern: pattern,
    targets: [new CloudWatchLogGroup(group, {
      logEvent: LogGroupTargetInput.fromObjectV2({ timestamp: EventField.time, message: EventField.fromPath('$.detail.n') }), installLatestAwsSdk: false,
    })],
  });
  const { Resources } = app.synth().getStackByName('s').template;
  const deployed = await bench.deploy('s', template(Object.fromEntries(Object.entries<any>(Resources)
    .filter(([, { Type }]) => /^AWS::(Events|Logs::LogGroup|IAM)/.test(Type)).map(([id, { Metadata, ...resource }]) => [id, resource]))));
  expect(deployed.status).toBe('CREATE_COMPLETE');
  await put(1);
  expect(bench.region.logs.tail('/aws/events/shop')).toEqual(['1']);
  expect(bench.region.events.failedInvocations).toEqual([]);
});
