import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { cloudWatch } from '../../../lambda/runtime/cloudwatch';
import { DeleteAlarms, DescribeAlarms, PutMetricAlarm } from '../../../lambda/scaling/alarms';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { json, raw } from '../wire/raw';

const ALARM = {
  AlarmName: 'busy',
  Namespace: 'AWS/SageMaker',
  MetricName: 'm',
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 1.5,
  ComparisonOperator: 'GreaterThanThreshold',
  AlarmActions: ['arn:aws:sns:us-east-1:111111111111:topic'],
};
let aws: LocalAws;
beforeEach(async () => { aws = await startLocalAws(); });
afterEach(() => aws.close());

const region = () => aws.world.region('111111111111', 'us-east-1');
const ask = (operation: string, body: object) => json(aws, 'monitoring', `GraniteServiceVersion20100801.${operation}`, body);
const form = (fields: Record<string, string>) => raw(aws, {
  service: 'monitoring', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ Version: '2010-08-01', ...fields }).toString(),
});

test('the JSON protocol takes an alarm, shows it, and names what it refuses as the older protocol does', async () => {
  expect((await ask('PutMetricAlarm', ALARM)).status).toBe(200);
  const { MetricAlarms } = JSON.parse((await ask('DescribeAlarms', { AlarmNames: ['busy'] })).body);
  expect(MetricAlarms).toMatchObject([{ ...ALARM, StateUpdatedTimestamp: expect.any(Number) }]);
  const refused = await ask('PutMetricAlarm', { ...ALARM, Period: 61 });
  expect([refused.status, refused.headers['x-amzn-query-error'], JSON.parse(refused.body).__type]).toEqual([400, 'ValidationError;Sender', 'ValidationError']);
  expect((await ask('SetAlarmState', { AlarmName: 'none', StateValue: 'OK', StateReason: '' })).status).toBe(404);
  expect(JSON.parse((await ask('PutCompositeAlarm', {})).body).message).toBe('PutCompositeAlarm is not part of the local AWS');
});

test('the query protocol takes the same, with numbers as texts', async () => {
  const { AlarmActions: [action], ...members } = ALARM;
  const dimension = { 'Dimensions.member.1.Name': 'EndpointName', 'Dimensions.member.1.Value': 'live' };
  const numbers = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, String(value)]));
  const put = await form({ 'Action': 'PutMetricAlarm', ...numbers, ...dimension, 'AlarmActions.member.1': action, 'ActionsEnabled': 'false' });
  expect([put.status, put.body]).toEqual([200, expect.stringContaining('<PutMetricAlarmResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">')]);
  expect(region().cloudwatch.alarms.get('busy')!.input).toEqual({
    ...ALARM, ActionsEnabled: false, OKActions: [], InsufficientDataActions: [], Dimensions: [{ Name: 'EndpointName', Value: 'live' }],
  });
  const shown = await form({ Action: 'DescribeAlarms', MaxRecords: '1' });
  expect(shown.body).toContain('<MetricAlarms><member><ActionsEnabled>false</ActionsEnabled>');
  const refused = await form({ 'Action': 'DeleteAlarms', 'AlarmNames.member.1': 'none' });
  expect([refused.status, refused.body]).toEqual([404, expect.stringContaining('<Code>ResourceNotFound</Code>')]);
  expect((await form({ Action: 'PutCompositeAlarm' })).body).toContain('<Code>InvalidAction</Code>');
});

test('the query protocol has metrics, with times as texts', async () => {
  const at = (minute: number) => `2026-01-01T00:0${minute}:00Z`;
  const put = await form({
    'Action': 'PutMetricData', 'Namespace': 'Shop', 'MetricData.member.1.MetricName': 'm', 'MetricData.member.1.Value': '1.5', 'MetricData.member.1.Timestamp': at(1),
  });
  expect(put.status).toBe(200);
  const metric = { 'MetricDataQueries.member.1.MetricStat.Metric.Namespace': 'Shop', 'MetricDataQueries.member.1.MetricStat.Metric.MetricName': 'm' };
  const data = await form({
    'Action': 'GetMetricData',
    'StartTime': at(0),
    'EndTime': at(5),
    'MetricDataQueries.member.1.Id': 'm1',
    ...metric,
    'MetricDataQueries.member.1.MetricStat.Period': '60',
    'MetricDataQueries.member.1.MetricStat.Stat': 'Sum',
  });
  expect(data.body).toContain('<Timestamps><member>2026-01-01T00:01:00.000Z</member></Timestamps><Values><member>1.5</member></Values><StatusCode>Complete</StatusCode>');
  const refused = await form({ 'Action': 'GetMetricStatistics', 'Namespace': 'Shop', 'MetricName': 'm', 'StartTime': 'yesterday', 'EndTime': at(5), 'Period': '60', 'Statistics.member.1': 'Sum' });
  expect([refused.status, refused.body]).toEqual([400, expect.stringContaining('<Code>SerializationException</Code>')]);
});

test('the scaling function\'s own client speaks it', async () => {
  const { config } = new SageMakerClient(aws.client());
  const client = cloudWatch(config, aws.endpoint);
  await client.send(new PutMetricAlarm(ALARM));
  expect((await client.send(new DescribeAlarms({ ActionPrefix: ALARM.AlarmActions[0] }))).MetricAlarms).toMatchObject([ALARM]);
  await client.send(new DeleteAlarms({ AlarmNames: ['busy'] }));
  await expect(client.send(new DeleteAlarms({ AlarmNames: ['busy'] }))).rejects.toMatchObject({ name: 'ResourceNotFound', $metadata: { httpStatusCode: 404 } });
});

test('the function\'s client finds the service of each partition', async () => {
  const found = new Set<string>();
  for (const [name, useFipsEndpoint] of [['eu-west-1', false], ['us-east-1', true], ['cn-north-1', false]] as const) {
    const { config } = new SageMakerClient({ region: name, useFipsEndpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    const requestHandler = {
      handle: async ({ hostname, headers }: any) => {
        found.add(`${hostname} in ${/\/([^/]+)\/monitoring\//.exec(headers.authorization)![1]}`);
        return { response: { statusCode: 503, headers: {} } };
      },
    };
    await expect(cloudWatch({ ...config, requestHandler } as any, '').send(new DeleteAlarms({ AlarmNames: [] }))).rejects.toMatchObject({ name: 'Status503', $metadata: { httpStatusCode: 503 } });
  }
  expect([...found]).toEqual([
    'monitoring.eu-west-1.amazonaws.com in eu-west-1', 'monitoring-fips.us-east-1.amazonaws.com in us-east-1', 'monitoring.cn-north-1.amazonaws.com.cn in cn-north-1',
  ]);
});

test('a role needs permission on the alarm, and a condition may name its actions', async () => {
  const { iam } = region();
  const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };
  const { arn } = iam.createRole('R', trust);
  const call = { principal: { account: '111111111111', arn } };
  const may = (operation: string, input: object) => {
    try {
      iam.check(call, 'monitoring', operation, input);
      return true;
    } catch { return false; }
  };
  const on = (name: string) => `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${name}`;
  iam.putRolePolicy('R', 'p', {
    Statement: [
      { Effect: 'Allow', Action: 'cloudwatch:PutMetricAlarm', Resource: on('*'), Condition: { 'ForAnyValue:StringLike': { 'cloudwatch:AlarmActions': '*:topic' } } },
      { Effect: 'Allow', Action: 'cloudwatch:DeleteAlarms', Resource: on('busy') },
    ],
  });
  expect([may('PutMetricAlarm', ALARM), may('PutMetricAlarm', { ...ALARM, AlarmActions: [] }), may('PutMetricAlarm', { ...ALARM, AlarmActions: [], OKActions: ALARM.AlarmActions })]).toEqual([true, false, true]);
  expect([may('DeleteAlarms', { AlarmNames: ['busy'] }), may('DeleteAlarms', { AlarmNames: ['busy', 'other'] }), may('DescribeAlarms', {})]).toEqual([true, false, false]);
});
