import { Bench, SHOP } from './fixtures';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const entry = { Source: 'shop', DetailType: 'Sold', Detail: '{"n":1}' };

test('an event gets an id, the account, the Region and the time', async () => {
  await bench.rule({ EventPattern: SHOP }, { Arn: bench.fn() });
  await bench.world.clock.advance(90_000);
  const id = await bench.put({ Resources: ['arn:thing'] });
  expect(bench.got).toEqual([{
    'version': '0',
    id,
    'detail-type': 'Sold',
    'source': 'shop',
    'account': '111122223333',
    'time': '2026-01-01T00:01:30Z',
    'region': 'eu-west-1',
    'resources': ['arn:thing'],
    'detail': { n: 1 },
  }]);
});

test('an event has the time that it is given', async () => {
  await bench.rule({ EventPattern: SHOP }, { Arn: bench.fn() });
  await bench.put({ Time: new Date('2020-02-03T04:05:06.789Z') });
  await bench.put({ Time: 1_600_000_000 });
  expect(bench.got.map(({ time }) => time)).toEqual(['2020-02-03T04:05:06Z', '2020-09-13T12:26:40Z']);
});

test.each<[string, object, string, string]>([
  ['no source', { Source: undefined }, 'InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.'],
  ['an empty source', { Source: '' }, 'InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.'],
  ['no detail type', { DetailType: undefined }, 'InvalidArgument', 'Parameter DetailType is not valid. Reason: DetailType is a required argument.'],
  ['no detail', { Detail: undefined }, 'InvalidArgument', 'Parameter Detail is not valid. Reason: Detail is a required argument.'],
  ['a detail that is no JSON', { Detail: 'x' }, 'MalformedDetail', 'Detail is malformed.'],
  ['a detail that is no object', { Detail: '[1]' }, 'MalformedDetail', 'Detail is malformed.'],
  ['a detail that is too deep', { Detail: `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}` }, 'MalformedDetail', 'Detail is malformed.'],
  ['a source of AWS\'s own', { Source: 'aws.sagemaker' }, 'NotAuthorizedForSourceException', 'Not authorized for the source.'],
  ['a time that is none', { Time: 1e20 }, 'InvalidArgument', 'Parameter Time is not valid.'],
  ['a bus of another Region', { EventBusName: 'arn:aws:events:us-east-1:111122223333:event-bus/default' }, 'InvalidArgument',
    'Parameter EventBusName is not valid. Reason: the Region of arn:aws:events:us-east-1:111122223333:event-bus/default is not the request\'s, eu-west-1.'],
])('an entry with %s fails, and the others do not', async (_what, patch, ErrorCode, ErrorMessage) => {
  await bench.rule({ EventPattern: JSON.stringify({ source: [{ exists: true }] }) }, { Arn: bench.fn() });
  expect(await bench.call('PutEvents', { Entries: [entry, { ...entry, ...patch }, entry] })).toEqual({
    FailedEntryCount: 1, Entries: [{ EventId: expect.any(String) }, { ErrorCode, ErrorMessage }, { EventId: expect.any(String) }],
  });
  expect(bench.got).toHaveLength(2);
});

test('ids differ', async () => {
  const { Entries } = await bench.call('PutEvents', { Entries: [entry, entry, entry] });
  expect(new Set(Entries.map(({ EventId }: any) => EventId)).size).toBe(3);
});

test.each([[0], [11]])('%d entries are refused', async (count) => {
  expect(await bench.refused('PutEvents', { Entries: Array(count).fill(entry) })).toMatchObject({ code: 'ValidationException' });
});

test('a megabyte in all is refused, a byte less is not', async () => {
  const own = Buffer.byteLength('shopSold') + Buffer.byteLength('{"a":""}');
  const sized = (bytes: number) => ({ Entries: [entry, { ...entry, Detail: JSON.stringify({ a: 'x'.repeat(bytes - own - own + 1) }) }] });
  expect(await bench.call('PutEvents', sized(1024 * 1024 - 1))).toMatchObject({ FailedEntryCount: 0 });
  expect(await bench.refused('PutEvents', sized(1024 * 1024)))
    .toMatchObject({ code: 'ValidationException', message: 'Total size of the entries in the request is over the limit.' });
});

test('the time and the resources count', async () => {
  const full = { ...entry, Detail: JSON.stringify({ a: 'x'.repeat(1024 * 1024 - Buffer.byteLength('shopSold{"a":""}') - 15) }) };
  expect(await bench.call('PutEvents', { Entries: [{ ...full, Time: 1 }] })).toMatchObject({ FailedEntryCount: 0 });
  expect(await bench.refused('PutEvents', { Entries: [{ ...full, Time: 1, Resources: ['r'] }] })).toMatchObject({ message: expect.stringContaining('over the limit') });
});

test('an event for a bus of one\'s own that is not there is lost', async () => {
  await bench.rule({ EventPattern: SHOP }, { Arn: bench.fn() });
  await bench.put({ EventBusName: 'none' });
  expect(bench.got).toEqual([]);
});

test('an event goes to the bus that it names, by name or ARN', async () => {
  const { EventBusArn } = await bench.call('CreateEventBus', { Name: 'mine' });
  await bench.rule({ EventPattern: SHOP, EventBusName: 'mine' }, { Arn: bench.fn() });
  await bench.put();
  await bench.put({ EventBusName: 'mine', Detail: '{"n":2}' });
  await bench.put({ EventBusName: EventBusArn, Detail: '{"n":3}' });
  expect(bench.got.map(({ detail }) => detail.n)).toEqual([2, 3]);
});

test('every rule that matches gets it', async () => {
  const Arn = bench.fn();
  for (const Name of ['a', 'b']) {
    await bench.call('PutRule', { Name, EventPattern: SHOP });
    await bench.call('PutTargets', { Rule: Name, Targets: [{ Id: '1', Arn, InputPath: '$.id' }] });
  }
  const id = await bench.put();
  expect(bench.got).toEqual([id, id]);
});

test('a role needs events:PutEvents on the bus, and may be limited to a source and a detail type', async () => {
  const role = bench.role('R', [], bench.region, 'lambda');
  expect(await bench.refused('PutEvents', { Entries: [entry] }, { role })).toMatchObject({
    code: 'AccessDeniedException',
    message: expect.stringContaining('perform: events:PutEvents on resource: arn:aws:events:eu-west-1:111122223333:event-bus/default'),
  });
  const Condition = { StringEquals: { 'events:source': 'shop', 'events:detail-type': 'Sold' } };
  const Resource = 'arn:aws:events:eu-west-1:111122223333:event-bus/default';
  bench.region.iam.putRolePolicy('R', 'p', { Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource, Condition }] });
  expect(await bench.call('PutEvents', { Entries: [entry] }, { role })).toMatchObject({ FailedEntryCount: 0 });
  expect(await bench.refused('PutEvents', { Entries: [entry, { ...entry, DetailType: 'Bought' }] }, { role })).toMatchObject({ code: 'AccessDeniedException' });
});
