import { Bench } from '../step-functions/fixtures';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  const { region } = bench;
  const call = { region, principal: { account: region.account, arn: 'arn:aws:iam::111122223333:root' }, requestId: 'r' };
  region.logs.createGroup('heard');
  await region.events.operations.PutRule({ Name: 'r', EventPattern: '{"source":["shop"]}' }, call);
  await region.events.operations.PutTargets({ Rule: 'r', Targets: [{ Id: '1', Arn: region.arn('logs', 'log-group:heard') }] }, call);
});

const heard = () => bench.region.logs.tail('heard').map((line) => JSON.parse(line));
const OPTIMIZED = 'arn:aws:states:::events:putEvents';
const SDK = 'arn:aws:states:::aws-sdk:eventbridge:putEvents';
const task = (Resource: string, entry: object = {}) => ({
  T: { Type: 'Task', Resource, Parameters: { Entries: [{ 'Source': 'shop', 'DetailType': 'Sold', 'Detail.$': '$', ...entry }] }, End: true },
});

test.each([[OPTIMIZED, { n: 1 }], [OPTIMIZED, '{"n":1}'], [SDK, '{"n":1}']])('%s puts %j', async (resource, input) => {
  expect(await bench.output(task(resource), input)).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
  expect(heard()).toMatchObject([{ 'source': 'shop', 'detail-type': 'Sold', 'detail': { n: 1 } }]);
});

test('an entry that fails is a failure of the optimized task only', async () => {
  expect(await bench.run(task(OPTIMIZED, { Source: 'aws.x' }), {})).toMatchObject({
    status: 'FAILED', error: 'EventBridge.FailedEntry', cause: expect.stringContaining('NotAuthorizedForSourceException'),
  });
  expect(await bench.output(task(SDK, { Source: 'aws.x' }), '{}')).toMatchObject({ FailedEntryCount: 1 });
});

test.each([[SDK, { n: 1 }, /structure or map found where not expected/], [OPTIMIZED, undefined, /validation error/]])('%s with %j fails', async (resource, input, cause) => {
  const states = task(resource);
  if (input === undefined) { Object.assign(states.T, { Parameters: { Entries: [] } }); }
  expect(await bench.run(states, input)).toMatchObject({ error: 'EventBridge.EventBridgeException', cause: expect.stringMatching(cause) });
});

test('the machine\'s role must be allowed to', async () => {
  const { iam } = bench.region;
  iam.createRole('Machine', { Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
  expect(await bench.run(task(OPTIMIZED), {})).toMatchObject({ error: 'EventBridge.EventBridgeException', cause: expect.stringContaining('perform: events:PutEvents') });
  const Resource = 'arn:aws:events:eu-west-1:111122223333:event-bus/default';
  iam.putRolePolicy('Machine', 'p', { Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource }] });
  expect(await bench.run(task(OPTIMIZED), {})).toMatchObject({ status: 'SUCCEEDED' });
});

test('other actions of EventBridge are refused by name', async () => {
  await expect(bench.machine({ T: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:eventbridge:putRule', End: true } }))
    .rejects.toMatchObject({ code: 'InvalidDefinition', message: expect.stringContaining('aws-sdk:eventbridge:putRule is not supported by the local AWS') });
});
