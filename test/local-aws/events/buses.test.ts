import { ACCOUNT, Bench, OTHER, SHOP } from './fixtures';
import { Region } from '../../../local-aws/world';

let bench: Bench;
let other: Region;
beforeEach(() => {
  bench = new Bench();
  other = bench.world.region(OTHER, 'eu-west-1');
});

const OTHER_BUS = `arn:aws:events:eu-west-1:${OTHER}:event-bus/default`;
const failures = () => bench.region.events.failedInvocations.map(({ error }) => error);

/** Writes what comes to a bus of another Region or account into its logs, and gives the reader of these. */
async function heard(region: Region, EventBusName?: string): Promise<() => any[]> {
  region.logs.createGroup('heard');
  await bench.call('PutRule', { Name: 'heard', EventBusName, EventPattern: SHOP }, { region });
  await bench.call('PutTargets', { Rule: 'heard', EventBusName, Targets: [{ Id: '1', Arn: region.arn('logs', 'log-group:heard') }] }, { region });
  return () => region.logs.tail('heard').map((line) => JSON.parse(line));
}

const letIn = (Principal: string, region = other) =>
  bench.call('PutPermission', { StatementId: 's', Action: 'events:PutEvents', Principal }, { region });

test('a bus is made, described, listed and deleted', async () => {
  const { EventBusArn } = await bench.call('CreateEventBus', { Name: 'mine', Description: 'd', Tags: [{ Key: 'a', Value: '1' }] });
  expect(EventBusArn).toBe('arn:aws:events:eu-west-1:111122223333:event-bus/mine');
  expect(await bench.call('DescribeEventBus', { Name: 'mine' })).toMatchObject({ Name: 'mine', Arn: EventBusArn, Description: 'd', CreationTime: expect.any(Date) });
  expect(await bench.call('ListTagsForResource', { ResourceARN: EventBusArn })).toEqual({ Tags: [{ Key: 'a', Value: '1' }] });
  const named = async () => (await bench.call('ListEventBuses')).EventBuses.map(({ Name }: any) => Name);
  expect(await named()).toEqual(['default', 'mine']);
  await bench.call('DeleteEventBus', { Name: 'mine' });
  await bench.call('DeleteEventBus', { Name: 'mine' });
  expect(await named()).toEqual(['default']);
});

test.each<[string, object, string]>([
  ['CreateEventBus', { Name: 'default' }, 'ResourceAlreadyExistsException'],
  ['CreateEventBus', { Name: 'a/b' }, 'ValidationException'],
  ['DeleteEventBus', { Name: 'default' }, 'ValidationException'],
  ['DescribeEventBus', { Name: 'none' }, 'ResourceNotFoundException'],
  ['PutPermission', { StatementId: 's' }, 'ValidationException'],
  ['PutPermission', { Policy: '{' }, 'ValidationException'],
  ['PutPermission', { Policy: '{"Statement":[{"Effect":"Allow"}]}' }, 'ValidationException'],
  ['RemovePermission', { StatementId: 'none' }, 'ResourceNotFoundException'],
])('%s %j is refused', async (operation, input, code) => {
  expect(await bench.refused(operation, input)).toMatchObject({ code });
});

test('permissions are statements of the bus\'s policy', async () => {
  await letIn(ACCOUNT, bench.region);
  const { Policy } = await bench.call('DescribeEventBus');
  expect(JSON.parse(Policy).Statement).toEqual([{
    Sid: 's',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'events:PutEvents',
    Resource: 'arn:aws:events:eu-west-1:111122223333:event-bus/default',
  }]);
  await bench.call('RemovePermission', { StatementId: 's' });
  expect(await bench.call('DescribeEventBus')).not.toHaveProperty('Policy');
});

describe('PutEvents to a bus of another account', () => {
  const put = () => bench.put({ EventBusName: OTHER_BUS });

  test('fails unless the bus lets the caller\'s account in', async () => {
    const events = await heard(other);
    await expect(put()).rejects.toThrow('because no resource-based policy allows the events:PutEvents action');
    await letIn('999999999999');
    await expect(put()).rejects.toThrow('no resource-based policy');
    await letIn(ACCOUNT);
    const id = await put();
    expect(events()).toEqual([expect.objectContaining({ id, account: ACCOUNT })]);
  });

  test('goes by the conditions of the bus\'s policy', async () => {
    const events = await heard(other);
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: OTHER_BUS, Condition: { StringEquals: { 'events:detail-type': 'Sold' } } }];
    await bench.call('PutPermission', { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }, { region: other });
    await put();
    await expect(bench.put({ EventBusName: OTHER_BUS, DetailType: 'Bought' })).rejects.toThrow('no resource-based policy');
    expect(events()).toHaveLength(1);
  });

  test('fails where there is no such bus', async () => {
    await expect(bench.put({ EventBusName: `${OTHER_BUS}s` })).rejects.toThrow('does not exist');
  });
});

describe('a rule\'s target', () => {
  const forward = (Arn: string, actions = ['events:PutEvents']) => bench.rule({ EventPattern: SHOP }, { Arn, RoleArn: bench.role('R', actions) });

  test('is a bus of the same account', async () => {
    const { EventBusArn } = await bench.call('CreateEventBus', { Name: 'mine' });
    const events = await heard(bench.region, 'mine');
    await forward(EventBusArn);
    const id = await bench.put();
    expect(events()).toEqual([expect.objectContaining({ id })]);
  });

  test('is a bus of another Region, and the event keeps its own', async () => {
    const far = bench.world.region(ACCOUNT, 'us-east-1');
    const events = await heard(far);
    await forward(far.arn('events', 'event-bus/default'));
    const id = await bench.put();
    expect(events()).toEqual([expect.objectContaining({ id, region: 'eu-west-1' })]);
  });

  test('is a bus of another account that lets this one in', async () => {
    const events = await heard(other);
    await forward(OTHER_BUS);
    await bench.put();
    expect(failures()).toEqual([expect.stringContaining('no resource-based policy allows')]);
    await letIn(ACCOUNT);
    const id = await bench.put();
    expect(events()).toEqual([expect.objectContaining({ id, account: ACCOUNT })]);
  });

  test('is a bus of another account that lets the rule\'s role in', async () => {
    const events = await heard(other);
    const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:role/R` };
    const Policy = JSON.stringify({ Statement: { Sid: 's', Effect: 'Allow', Principal, Action: 'events:PutEvents', Resource: OTHER_BUS } });
    await bench.call('PutPermission', { Policy }, { region: other });
    await forward(OTHER_BUS);
    await bench.put();
    expect(events()).toHaveLength(1);
  });

  test('is no bus that the role may not write to', async () => {
    const events = await heard(other);
    await letIn('*');
    await forward(OTHER_BUS, ['events:PutRule']);
    await bench.put();
    expect(events()).toEqual([]);
    expect(failures()).toEqual([expect.stringContaining('no identity-based policy allows the events:PutEvents action')]);
  });

  test('is no bus that is not there', async () => {
    await forward('arn:aws:events:eu-west-1:111122223333:event-bus/none');
    await bench.put();
    expect(failures()).toEqual([expect.stringContaining('does not exist')]);
  });

  test('passes no event on that came from another bus', async () => {
    const { EventBusArn } = await bench.call('CreateEventBus', { Name: 'mine' });
    await forward(EventBusArn);
    await bench.call('PutRule', { Name: 'back', EventBusName: 'mine', EventPattern: SHOP });
    const RoleArn = 'arn:aws:iam::111122223333:role/R';
    await bench.call('PutTargets', { Rule: 'back', EventBusName: 'mine', Targets: [{ Id: '1', Arn: bench.region.arn('events', 'event-bus/default'), RoleArn }] });
    const events = await heard(bench.region);
    await bench.put();
    expect(events()).toHaveLength(1);
    await bench.put({ EventBusName: 'mine' });
    expect(events()).toHaveLength(2);
  });
});
