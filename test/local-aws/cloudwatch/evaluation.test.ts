import { VirtualClock } from '../../../local-aws';
import { World } from '../../../local-aws/world';

const START = Date.parse('2026-01-01T00:00:00Z');
const PERIOD = 300;
const RANGE = 5;
const THRESHOLD = 25;
const KEPT = 'retain';
const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** AWS's tables, of alarms of three periods. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
const TABLE: ReadonlyArray<readonly [needed: number, points: string, ...expected: string[]]> = [
  [3, '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  [3, '0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  [3, '- - - - -', 'INSUFFICIENT_DATA', KEPT, 'ALARM', 'OK'],
  [3, '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [3, '- - X - -', 'ALARM', KEPT, 'ALARM', 'OK'],
  [2, '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - X -', 'ALARM', KEPT, 'ALARM', 'OK'],
  // From the text below the tables, and with the states that an earlier edition of them tells.
  [3, '- - - - X', 'INSUFFICIENT_DATA', KEPT, 'ALARM', 'OK'],
  [3, '- - - X -', 'INSUFFICIENT_DATA', KEPT, 'ALARM', 'OK'],
  [3, '- - - X 0', 'OK', 'OK', 'OK', 'OK'],
  [3, '- X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
];

/** What an alarm says after these five periods, if it was in a state before. */
async function evaluated(
  needed: number, shown: string, TreatMissingData: string, before: string,
): Promise<{ StateValue: string; StateReason: string }> {
  const clock = new VirtualClock({ start: new Date(START + RANGE * PERIOD * 1000), jumps: false });
  const region = new World({ clock, quiet: true }).region('111111111111', 'us-east-1');
  const ask = async (operation: string, input: object): Promise<any> => region.cloudwatch.operations[operation](input, { region, principal: region.root, requestId: 'r' });
  const values = shown.split(' ').flatMap((point, index) => (point === '-' ? [] : [{ Value: point === 'X' ? 30 : 10, Timestamp: new Date(START + index * PERIOD * 1000) }]));
  const long = { Value: 10, Timestamp: new Date(START - 2 * PERIOD * 1000) };
  await ask('PutMetricData', { Namespace: 'Shop', MetricData: [long, ...values].map((one) => ({ MetricName: 'latency', ...one })) });
  await ask('PutMetricAlarm', {
    AlarmName: 'slow',
    Namespace: 'Shop',
    MetricName: 'latency',
    Statistic: 'Average',
    Period: PERIOD,
    EvaluationPeriods: 3,
    DatapointsToAlarm: needed,
    Threshold: THRESHOLD,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData,
  });
  await ask('SetAlarmState', { AlarmName: 'slow', StateValue: before, StateReason: 'by hand' });
  return (await ask('DescribeAlarms', {})).MetricAlarms[0];
}

test.each<[number, string, ...string[]]>(TABLE.map((row) => [...row]))('%i of 3, %s: missing %s, ignore %s, breaching %s, notBreaching %s', async (needed, shown, ...expected) => {
  for (const before of STATES) {
    const states = await Promise.all(TREATMENTS.map((treatment) => evaluated(needed, shown, treatment, before)));
    expect(states.map(({ StateValue }) => StateValue)).toEqual(expected.map((state) => (state === KEPT ? before : state)));
  }
});

test.each<[string, string, string, string]>([
  ['- - - - -', 'breaching', 'OK', 'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].'],
  ['- - - - -', 'notBreaching', 'ALARM', 'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [NonBreaching].'],
  ['- - - - 0', 'breaching', 'OK', 'Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].'],
  ['- X - X -', 'notBreaching', 'OK', 'Threshold Crossed: 2 datapoints were received for 3 periods and 1 missing datapoint was treated as [NonBreaching].'],
  ['- - - - -', 'missing', 'OK', 'Insufficient Data: 3 datapoints were unknown.'],
  ['0 - - - -', 'missing', 'ALARM', 'Threshold Crossed: 1 out of the last 3 datapoints [10.0 (01/01/26 00:00:00)] was not greater than the threshold (25.0).'],
])('%s, %s: says how many there were', async (shown, treatment, before, reason) => {
  expect((await evaluated(2, shown, treatment, before)).StateReason).toBe(reason);
});
