import {
  CreateEventBusCommand, DescribeRuleCommand, EventBridgeClient, InvalidEventPatternException, ListTargetsByRuleCommand, PutEventsCommand,
  PutRuleCommand, PutTargetsCommand, ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';
import { json } from '../wire/raw';

let aws: LocalAws;
let client: EventBridgeClient;
beforeEach(async () => {
  aws = await startLocalAws({ clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z') }) });
  client = new EventBridgeClient(aws.client());
});
afterEach(() => aws.close());

test('the SDK puts a rule, its target and events', async () => {
  const { logs } = aws.world.region('111111111111', 'us-east-1');
  logs.createGroup('heard');
  await client.send(new CreateEventBusCommand({ Name: 'mine' }));
  const named = { Rule: 'r', EventBusName: 'mine' };
  await client.send(new PutRuleCommand({ Name: 'r', EventBusName: 'mine', EventPattern: '{"source":["shop"]}' }));
  const target = { Id: '1', Arn: 'arn:aws:logs:us-east-1:111111111111:log-group:heard' };
  expect(await client.send(new PutTargetsCommand({ ...named, Targets: [target] }))).toMatchObject({ FailedEntryCount: 0 });
  expect(await client.send(new ListTargetsByRuleCommand(named))).toMatchObject({ Targets: [target] });
  const entry = { Source: 'shop', DetailType: 'Sold', Detail: '{}', EventBusName: 'mine' };
  const Entries = [{ ...entry, Time: new Date('2020-01-01T00:00:00Z') }, { ...entry, Detail: '' }];
  expect(await client.send(new PutEventsCommand({ Entries }))).toMatchObject({ FailedEntryCount: 1, Entries: [{ EventId: expect.any(String) }, { ErrorCode: 'InvalidArgument' }] });
  await aws.world.clock.settled();
  expect(logs.tail('heard').map((line) => JSON.parse(line).time)).toEqual(['2020-01-01T00:00:00Z']);
});

test('the SDK knows refusals', async () => {
  await expect(client.send(new PutRuleCommand({ Name: 'r', EventPattern: '{}' }))).rejects.toThrow(InvalidEventPatternException);
  await expect(client.send(new DescribeRuleCommand({ Name: 'none' }))).rejects.toThrow(ResourceNotFoundException);
});

test.each([
  ['PutEvents', { Entries: [null, 1, { EventBusName: 5, Source: {} }] }],
  ['PutEvents', { Entries: 'x' }],
  ['PutRule', { Name: {}, EventBusName: [], RoleArn: 1, Tags: [null] }],
  ['PutTargets', { Rule: 'r', Targets: [{ RoleArn: {} }, 1] }],
  ['DescribeEventBus', { Name: 7 }],
])('%s %j is refused, and is no defect', async (operation, body) => {
  const { status, body: answer } = await json(aws, 'events', `AWSEvents.${operation}`, body);
  expect([status, JSON.parse(answer).__type]).toEqual([400, expect.stringMatching(/^(Serialization|Validation)Exception$/)]);
});

test('a request without a credential scope is known by its target', async () => {
  const headers = { 'X-Amz-Target': 'AWSEvents.ListRules', 'Content-Type': 'application/x-amz-json-1.1' };
  expect(await (await fetch(aws.endpoint, { method: 'POST', headers, body: '{}' })).json()).toMatchObject({ __type: 'MissingAuthenticationToken' });
});
