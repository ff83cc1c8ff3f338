import { Bench, START } from './fixtures';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** When, from the beginning on, a schedule is due within some days. */
async function due(ScheduleExpression: string, days: number): Promise<string[]> {
  const bench = new Bench();
  await bench.rule({ ScheduleExpression }, { Arn: bench.fn(), InputPath: '$.time' });
  await bench.world.clock.advance(days * DAY);
  return bench.got.map((time) => time.replace(':00Z', '').replace('2026-', ''));
}

test.each<[string, number, string[]]>([
  ['rate(8 hours)', 1, ['01-01T08:00', '01-01T16:00', '01-02T00:00']],
  ['rate(1 day)', 2, ['01-02T00:00', '01-03T00:00']],
  ['rate(45 minutes)', 0.1, ['01-01T00:45', '01-01T01:30', '01-01T02:15']],
  ['cron(0 10 * * ? *)', 2, ['01-01T10:00', '01-02T10:00']],
  ['cron(15,45 0-1 2 1 ? 2026)', 3, ['01-02T00:15', '01-02T00:45', '01-02T01:15', '01-02T01:45']],
  ['cron(0 18 ? * MON-FRI *)', 4, ['01-01T18:00', '01-02T18:00']],
  ['cron(0 0/12 ? * 1,7 *)', 4, ['01-03T00:00', '01-03T12:00', '01-04T00:00', '01-04T12:00']],
  ['cron(*/30 8-9/1 1 JAN ? *)', 1, ['01-01T08:00', '01-01T08:30', '01-01T09:00', '01-01T09:30']],
  ['cron(0 0 29 2 ? 2027-2028)', 800, ['2028-02-29T00:00']],
  ['cron(0 0 1 1 ? 2020)', 10, []],
])('%s', async (expression, days, expected) => {
  expect(await due(expression, days)).toEqual(expected);
});

test.each([
  'rate(1 minutes)', 'rate(5 minute)', 'rate(0 days)', 'rate(2 weeks)', 'every day', 'cron(0 10 * * *)', 'cron(0 10 * * * *)', 'cron(0 10 ? * ? *)', 'cron(60 10 * * ? *)',
  'cron(0 24 * * ? *)', 'cron(0 0 5-1 * ? *)', 'cron(0 0 * FOO ? *)', 'cron(0/0 0 * * ? *)', 'at(2026-01-01T00:00:00)',
])('%s is refused', async (ScheduleExpression) => {
  expect(await new Bench().refused('PutRule', { Name: 'r', ScheduleExpression }))
    .toMatchObject({ code: 'ValidationException', message: expect.stringMatching(/^Parameter ScheduleExpression is not valid\. Reason: /) });
});

test.each(['cron(0 0 L * ? *)', 'cron(0 0 15W * ? *)', 'cron(0 0 ? * 3#2 *)'])('%s is refused by name', async (ScheduleExpression) => {
  expect(await new Bench().refused('PutRule', { Name: 'r', ScheduleExpression })).toMatchObject({ message: expect.stringContaining('not part of the local AWS') });
});

test('a schedule stands on the default bus only', async () => {
  const bench = new Bench();
  await bench.call('CreateEventBus', { Name: 'mine' });
  expect(await bench.refused('PutRule', { Name: 'r', ScheduleExpression: 'rate(1 day)', EventBusName: 'mine' }))
    .toMatchObject({ message: 'ScheduleExpression is supported only on the default event bus.' });
});

describe('a rule', () => {
  let bench: Bench;
  beforeEach(() => { bench = new Bench(); });
  const days = (count: number) => bench.world.clock.advance(count * DAY);

  test('tells the time as an event of its own', async () => {
    const arn = await bench.rule({ ScheduleExpression: 'rate(1 day)' }, { Arn: bench.fn() });
    await days(1);
    expect(bench.got).toEqual([{
      'version': '0',
      'id': expect.any(String),
      'detail-type': 'Scheduled Event',
      'source': 'aws.events',
      'account': '111122223333',
      'time': '2026-01-02T00:00:00Z',
      'region': 'eu-west-1',
      'resources': [arn],
      'detail': {},
    }]);
  });

  test('rests while it is disabled, and goes on in its own rhythm', async () => {
    await bench.rule({ ScheduleExpression: 'rate(2 days)' }, { Arn: bench.fn(), InputPath: '$.time' });
    await bench.call('DisableRule', { Name: 'r' });
    await days(3);
    await bench.call('EnableRule', { Name: 'r' });
    await bench.call('EnableRule', { Name: 'r' });
    await days(2);
    expect(bench.got).toEqual(['2026-01-05T00:00:00Z']);
  });

  test('put again with another schedule counts anew, with the same one goes on', async () => {
    const Arn = bench.fn();
    await bench.rule({ ScheduleExpression: 'rate(2 days)' }, { Arn, InputPath: '$.time' });
    await days(1);
    await bench.rule({ ScheduleExpression: 'rate(2 days)', Description: 'x' });
    await days(1);
    await bench.rule({ ScheduleExpression: 'rate(3 days)' });
    await days(3);
    expect(bench.got).toEqual(['2026-01-03T00:00:00Z', '2026-01-06T00:00:00Z']);
  });

  test('that is gone is due no more', async () => {
    await bench.rule({ ScheduleExpression: 'rate(1 day)' }, { Arn: bench.fn() });
    await bench.call('RemoveTargets', { Rule: 'r', Ids: ['t0'] });
    await bench.call('DeleteRule', { Name: 'r' });
    await days(2);
    expect(bench.got).toEqual([]);
  });
});

describe('a clock that jumps', () => {
  let bench: Bench;
  beforeEach(() => { bench = new Bench({ jumps: true }); });
  const turns = async (count: number) => { for (let i = 0; i < count; i++) { await new Promise(setImmediate); } };
  const now = () => bench.world.clock.now() - START;

  test('does not jump for a schedule', async () => {
    await bench.rule({ ScheduleExpression: 'rate(1 minute)' }, { Arn: bench.fn() });
    await turns(100);
    expect([now(), bench.got]).toEqual([0, []]);
  });

  test('meets a schedule on its way to something else, and rests there', async () => {
    await bench.rule({ ScheduleExpression: 'rate(10 minutes)' }, { Arn: bench.fn(), InputPath: '$.time' });
    await bench.world.clock.run(() => bench.world.clock.sleep(25 * MINUTE));
    await turns(100);
    expect(now()).toBe(25 * MINUTE);
    expect(bench.got).toEqual(['2026-01-01T00:10:00Z', '2026-01-01T00:20:00Z']);
  });

  test('meets it when it is told to go on', async () => {
    await bench.rule({ ScheduleExpression: 'rate(10 minutes)' }, { Arn: bench.fn(), InputPath: '$.time' });
    await bench.world.clock.advance(15 * MINUTE);
    expect([now(), bench.got]).toEqual([15 * MINUTE, ['2026-01-01T00:10:00Z']]);
  });

  test('comes to rest though what a schedule starts outlasts its interval', async () => {
    let runs = 0;
    (bench.world.options as any).lambdaRunner.run = async () => {
      runs++;
      await bench.world.clock.sleep(HOUR);
      return {};
    };
    await bench.rule({ ScheduleExpression: 'rate(1 minute)' }, { Arn: bench.fn() });
    await bench.world.clock.run(() => bench.world.clock.sleep(MINUTE));
    await turns(20_000);
    const rested = now();
    await turns(1000);
    expect([now(), runs]).toEqual([rested, 1000]);
  });

  test('meets schedules again after it has rested', async () => {
    await bench.rule({ ScheduleExpression: 'rate(1 minute)' }, { Arn: bench.fn() });
    const { clock } = bench.world;
    await clock.run(() => clock.sleep(2000 * MINUTE));
    await turns(100);
    const before = bench.got.length;
    await clock.run(() => clock.sleep(10 * MINUTE + 1));
    expect([before, bench.got.length - before]).toEqual([1000, 11]);
  });
});
