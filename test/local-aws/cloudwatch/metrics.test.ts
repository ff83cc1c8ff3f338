import {
  CloudWatchClient, DescribeAlarmsCommand, DescribeAlarmsForMetricCommand, GetMetricDataCommand, GetMetricStatisticsCommand, ListMetricsCommand,
  MetricDataQuery, paginateGetMetricData, paginateListMetrics, PutMetricAlarmCommand, PutMetricAlarmCommandInput, PutMetricDataCommand,
  PutMetricDataCommandInput, SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';
import { raw } from '../wire/raw';

const START = Date.parse('2026-01-01T00:00:00Z');
const Dimensions = [{ Name: 'Job', Value: 'j' }];
let aws: LocalAws;
let client: CloudWatchClient;

beforeEach(async () => {
  aws = await startLocalAws({ quiet: true, clock: new VirtualClock({ start: new Date(START), jumps: false }) });
  client = new CloudWatchClient(aws.client());
});
afterEach(() => aws.close());

const minute = (count: number) => new Date(START + count * 60_000);
const put = (input: Partial<PutMetricDataCommandInput>) => client.send(new PutMetricDataCommand({ Namespace: 'Shop', ...input }));
/** One value in each minute from the first one on. */
const values = (MetricName: string, ...all: number[]) => put({ MetricData: all.map((Value, index) => ({ MetricName, Dimensions, Value, Unit: 'Milliseconds' as const, Timestamp: minute(index) })) });
const query = (Id: string, MetricName: string, Stat = 'Average', Period = 60): MetricDataQuery => ({ Id, MetricStat: { Metric: { Namespace: 'Shop', MetricName, Dimensions }, Period, Stat } });
const ask = async (MetricDataQueries: MetricDataQuery[], more: object = {}) => {
  const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand({ MetricDataQueries, StartTime: minute(0), EndTime: minute(60), ScanBy: 'TimestampAscending', ...more }));
  return MetricDataResults.map(({ Timestamps, ...result }) => ({ ...result, at: Timestamps!.map((time) => (time.getTime() - START) / 60_000) }));
};

test('queries have statistics by periods, and expressions of them', async () => {
  await values('latency', 10, 20, 30, 40);
  await values('count', 1, 2, 0, 4);
  expect(await ask([{ ...query('m1', 'latency'), ReturnData: false }, query('m2', 'count', 'Sum', 120), { Id: 'e1', Expression: 'm1/m3', Label: 'each' }, { ...query('m3', 'count'), ReturnData: false }])).toEqual([
    { Id: 'm2', Label: 'count', at: [0, 2], Values: [3, 4], StatusCode: 'Complete' },
    { Id: 'e1', Label: 'each', at: [0, 1, 3], Values: [10, 10, 10], StatusCode: 'Complete' },
  ]);
  const [newest] = await ask([query('m1', 'latency', 'p50', 240)], { ScanBy: undefined });
  expect(newest).toMatchObject({ at: [0], Values: [20] });
  expect((await ask([query('m1', 'latency')], { StartTime: minute(1), EndTime: minute(3) }))[0].Values).toEqual([20, 30]);
  expect((await ask([query('none', 'nothing')]))[0]).toMatchObject({ Values: [], StatusCode: 'Complete' });
});

test.each<[expression: string, at: number[][], values: number[][]]>([
  ['FILL(slow, 0)', [[0, 10, 20, 30, 40, 50]], [[1, 0, 0, 2, 0, 0]]],
  ['FILL(twice, 0)', [[0, 10, 20, 30, 40, 50]], [[2, 0, 0, 4, 0, 0]]],
  ['FILL(slow / PERIOD(fast), 0) * 60', [[0, 10, 20, 30, 40, 50]], [[1, 0, 0, 2, 0, 0]]],
  ['FILL(METRICS("slow"), 0)', [[0, 10, 20, 30, 40, 50]], [[1, 0, 0, 2, 0, 0]]],
  ['FILL(SUM(METRICS("slow")), 0)', [[0, 10, 20, 30, 40, 50]], [[1, 0, 0, 2, 0, 0]]],
  ['FILL([slow, hourly], 0)', [[0, 10, 20, 30, 40, 50], [0]], [[1, 0, 0, 2, 0, 0], [3]]],
])('%s has the moments of what it fills, whatever else is asked', async (Expression, at, found) => {
  await put({ MetricData: [[0, 1], [30, 2]].map(([index, Value]) => ({ MetricName: 'rare', Dimensions, Value, Timestamp: minute(index) })) });
  const hidden = [query('slow', 'rare', 'Sum', 600), query('fast', 'rare', 'Sum', 60), query('hourly', 'rare', 'Sum', 3600), { Id: 'twice', Expression: 'slow * 2', Period: 60 }]
    .map((one) => ({ ...one, ReturnData: false }));
  const answer = await ask([...hidden, { Id: 'e1', Expression }]);
  expect([answer.map((one) => one.at), answer.map(({ Values }) => Values)]).toEqual([at, found]);
});

test('data come page by page', async () => {
  await values('a', 1, 2, 3, 4, 5);
  await values('b', 6, 7);
  const found: Record<string, number[]> = {};
  let pages = 0;
  for await (const page of paginateGetMetricData({ client }, { MetricDataQueries: [query('m1', 'a'), query('m2', 'b')], StartTime: minute(0), EndTime: minute(60), MaxDatapoints: 2 })) {
    pages++;
    for (const { Id, Values } of page.MetricDataResults!) { found[Id!] = [...found[Id!] ?? [], ...Values!]; }
  }
  expect([pages, found]).toEqual([4, { m1: [5, 4, 3, 2, 1], m2: [7, 6] }]);
});

test('statistics of one metric, by its unit', async () => {
  await put({
    MetricData: [
      { MetricName: 'm', Values: [1, 5], Counts: [3, 1], Unit: 'Count', Timestamp: minute(0) },
      { MetricName: 'm', StatisticValues: { SampleCount: 4, Sum: 8, Minimum: 1, Maximum: 3 }, Unit: 'Seconds', Timestamp: minute(1) },
    ],
  });
  const { Label, Datapoints } = await client.send(new GetMetricStatisticsCommand({
    Namespace: 'Shop', MetricName: 'm', StartTime: minute(0), EndTime: minute(5), Period: 300, Statistics: ['Average', 'SampleCount'], ExtendedStatistics: ['p75'],
  }));
  expect([Label, Datapoints]).toEqual(['m', [
    { Timestamp: minute(0), Average: 2, SampleCount: 4, ExtendedStatistics: { p75: 1 }, Unit: 'Count' },
    { Timestamp: minute(0), Average: 2, SampleCount: 4, ExtendedStatistics: {}, Unit: 'Seconds' },
  ]]);
});

test('metrics are listed by namespace, name and dimensions', async () => {
  await values('latency', 1);
  await put({ Namespace: 'Other', MetricData: [{ MetricName: 'latency', Value: 1, Timestamp: minute(-600) }] });
  await put({ MetricData: Array.from({ length: 600 }, (_, index) => ({ MetricName: `m${index}`, Value: 1 })) });
  const list = async (input: object) => (await client.send(new ListMetricsCommand(input))).Metrics!.map(({ Namespace, MetricName }) => `${Namespace} ${MetricName}`);
  expect(await list({ MetricName: 'latency' })).toEqual(['Other latency', 'Shop latency']);
  expect(await list({ MetricName: 'latency', RecentlyActive: 'PT3H' })).toEqual(['Shop latency']);
  expect(await list({ Dimensions: [{ Name: 'Job' }] })).toEqual(['Shop latency']);
  expect(await list({ Dimensions: [{ Name: 'Job', Value: 'k' }] })).toEqual([]);
  const names = new Set<string>();
  for await (const { Metrics } of paginateListMetrics({ client }, { Namespace: 'Shop' })) { Metrics!.forEach(({ MetricName }) => names.add(MetricName!)); }
  expect(names.size).toBe(601);
});

test.each<[string, Partial<PutMetricDataCommandInput>, string, RegExp]>([
  ['a namespace of AWS', { Namespace: 'AWS/SageMaker', MetricData: [{ MetricName: 'm', Value: 1 }] }, 'InvalidParameterValueException', /The value AWS\/SageMaker for parameter Namespace is invalid/],
  ['no data', { MetricData: [] }, 'MissingRequiredParameterException', /MetricData is required/],
  ['two forms of a value', { MetricData: [{ MetricName: 'm', Value: 1, Values: [1] }] }, 'InvalidParameterCombinationException', /Exactly one of the parameters MetricData\.member\.1\.Value/],
  ['counts of other values', { MetricData: [{ MetricName: 'm', Values: [1, 2], Counts: [1] }] }, 'InvalidParameterValueException', /must be of the same size/],
])('%s is refused, and nothing is kept', async (_what, input, name, message) => {
  await expect(put(input)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  expect((await client.send(new ListMetricsCommand({}))).Metrics).toEqual([]);
});

test.each<[string, MetricDataQuery[], RegExp]>([
  ['an id that begins large', [query('M1', 'm')], /Id is not matching the expected pattern/],
  ['an id twice', [query('m1', 'm'), query('m1', 'n')], /are not unique: m1/],
  ['nothing returned', [{ ...query('m1', 'm'), ReturnData: false }], /At least one of the elements must return data/],
  ['neither a metric nor an expression', [{ Id: 'm1' }], /Exactly one of MetricStat and Expression/],
  ['an expression of itself', [{ Id: 'e1', Expression: 'e1 + 1' }], /refers to itself/],
  ['a period of 61 seconds', [query('m1', 'm', 'Sum', 61)], /multiple of 60, got: 61/],
  ['a statistic that is not here', [query('m1', 'm', 'tm90')], /The statistic tm90 is not part of the local AWS/],
  ['another account', [{ ...query('m1', 'm'), AccountId: '222222222222' }], /Metrics of another account, such as those of 222222222222, are not part of the local AWS/],
])('%s is refused', async (_what, queries, message) => {
  await expect(ask(queries)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) });
});

test('a large request is compressed by the client, and read', async () => {
  const names = Array.from({ length: 400 }, (_, index) => `metric-with-a-long-name-${index}`);
  const sent: string[] = [];
  client.middlewareStack.add((next) => (args: any) => { sent.push(args.request.headers['content-encoding'] ?? args.request.headers['Content-Encoding']); return next(args); }, { step: 'finalizeRequest', priority: 'low' });
  await put({ MetricData: names.map((MetricName) => ({ MetricName, Value: 1, Timestamp: minute(0) })) });
  expect(sent).toEqual(['gzip']);
  expect((await client.send(new ListMetricsCommand({ MetricName: names[399] }))).Metrics).toHaveLength(1);
  const broken = await raw(aws, { service: 'monitoring', headers: { 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData', 'content-encoding': 'gzip' }, body: 'x' });
  expect([broken.status, JSON.parse(broken.body).__type]).toEqual([400, 'SerializationException']);
});

describe('an alarm', () => {
  const alarm = (more: Partial<PutMetricAlarmCommandInput> = {}) => client.send(new PutMetricAlarmCommand({
    AlarmName: 'slow',
    Namespace: 'Shop',
    MetricName: 'latency',
    Dimensions,
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 25,
    ComparisonOperator: 'GreaterThanThreshold',
    ...more,
  }));
  const state = async () => {
    const { StateValue, StateReason, StateReasonData } = (await client.send(new DescribeAlarmsCommand({}))).MetricAlarms![0];
    return { StateValue, StateReason, data: StateReasonData && JSON.parse(StateReasonData) };
  };

  test('has the state that its last periods say, and tells why', async () => {
    await alarm();
    expect(await state()).toMatchObject({ StateValue: 'INSUFFICIENT_DATA', StateReason: 'Unchecked: Initial alarm creation' });
    await values('latency', 10, 30, 20, 40);
    await aws.world.clock.advance(3 * 60_000);
    expect(await state()).toMatchObject({
      StateValue: 'OK',
      StateReason: 'Threshold Crossed: 2 out of the last 3 datapoints [20.0 (01/01/26 00:02:00), 10.0 (01/01/26 00:00:00)] were not greater than the threshold (25.0).',
    });
    await aws.world.clock.advance(60_000);
    expect(await state()).toEqual({
      StateValue: 'ALARM',
      StateReason: 'Threshold Crossed: 2 out of the last 3 datapoints [40.0 (01/01/26 00:03:00), 30.0 (01/01/26 00:01:00)] were greater than the threshold (25.0) '
        + '(minimum 2 datapoints for OK -> ALARM transition).',
      data: expect.objectContaining({ recentDatapoints: [30, 20, 40], threshold: 25, period: 60, statistic: 'Average' }),
    });
    await aws.world.clock.advance(60 * 60_000);
    expect(await state()).toMatchObject({ StateValue: 'INSUFFICIENT_DATA', StateReason: 'Insufficient Data: 3 datapoints were unknown.' });
  });

  test.each<[string, string]>([['breaching', 'ALARM'], ['notBreaching', 'OK'], ['ignore', 'INSUFFICIENT_DATA'], ['missing', 'INSUFFICIENT_DATA']])('without data for long, and missing data %s: %s', async (TreatMissingData, expected) => {
    await alarm({ TreatMissingData });
    await values('latency', 10);
    await aws.world.clock.advance(60 * 60_000);
    expect((await state()).StateValue).toBe(expected);
  });

  test('of an expression', async () => {
    await values('latency', 10, 10, 10);
    await values('count', 1, 5, 5);
    const Metrics = [{ ...query('m1', 'latency'), ReturnData: false }, { ...query('m2', 'count'), ReturnData: false }, { Id: 'e1', Expression: 'm1/m2', ReturnData: true }];
    await client.send(new PutMetricAlarmCommand({ AlarmName: 'slow', Metrics, EvaluationPeriods: 2, Threshold: 5, ComparisonOperator: 'LessThanThreshold' }));
    await aws.world.clock.advance(3 * 60_000);
    expect((await state()).StateValue).toBe('ALARM');
  });

  test('whose metric never had data keeps the state that it was set to, and runs no action when its metric speaks', async () => {
    const acted: string[] = [];
    const { cloudwatch } = aws.world.region('111111111111', 'us-east-1');
    cloudwatch.actions.set('sns', ({ name }) => { acted.push(name); });
    await alarm({ AlarmActions: ['arn:aws:sns:us-east-1:111111111111:topic'] });
    await client.send(new SetAlarmStateCommand({ AlarmName: 'slow', StateValue: 'OK', StateReason: 'by hand' }));
    expect(await state()).toMatchObject({ StateValue: 'OK', StateReason: 'by hand' });
    await values('latency', 30, 30, 30);
    await aws.world.clock.advance(3 * 60_000);
    expect([(await state()).StateValue, acted]).toEqual(['ALARM', []]);
  });

  test('that needs what is not here keeps its state, and the others have theirs', async () => {
    await values('latency', 30, 30, 30);
    await aws.world.clock.advance(3 * 60_000);
    await alarm({ AlarmName: 'trimmed', Statistic: undefined, ExtendedStatistic: 'tm90' });
    await alarm();
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms.map(({ AlarmName, StateValue }) => [AlarmName, StateValue])).toEqual([['slow', 'ALARM'], ['trimmed', 'INSUFFICIENT_DATA']]);
    expect([...aws.world.notices]).toEqual([expect.stringContaining('the alarm trimmed keeps its state: The statistic tm90 is not part of the local AWS')]);
  });

  test('is found by its metric', async () => {
    await alarm();
    const of = async (more: object) => (await client.send(new DescribeAlarmsForMetricCommand({ Namespace: 'Shop', MetricName: 'latency', Dimensions, ...more }))).MetricAlarms!.map(({ AlarmName }) => AlarmName);
    expect([await of({}), await of({ Statistic: 'Average', Period: 60 }), await of({ Statistic: 'Sum' }), await of({ Dimensions: [] })]).toEqual([['slow'], ['slow'], [], []]);
  });
});
