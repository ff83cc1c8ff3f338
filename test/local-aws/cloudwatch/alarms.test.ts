import * as fc from 'fast-check';
import { AwsError } from '../../../local-aws';
import { CLOUDWATCH_OPERATIONS, CLOUDWATCH_SHAPES } from '../../../local-aws/cloudwatch/shapes';
import { violations } from '../../../src/service/constraints';
import { Bench, template } from '../cloudformation/bench';

const ALARM = {
  AlarmName: 'busy',
  Namespace: 'AWS/SageMaker',
  MetricName: 'HasBacklogWithoutCapacity',
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Dimensions: [{ Name: 'EndpointName', Value: 'live' }],
};
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:topic';
let bench: Bench;
beforeEach(() => { bench = new Bench(); });

async function ask(operation: string, input: object = {}): Promise<any> {
  const { region } = bench;
  const output = await region.cloudwatch.operations[operation](input, { region, principal: region.root, requestId: 'r' });
  const { output: shape } = CLOUDWATCH_OPERATIONS[operation];
  if (shape) { expect(violations(CLOUDWATCH_SHAPES, shape, output)).toEqual([]); }
  return output;
}

const put = (more: object = {}) => ask('PutMetricAlarm', { ...ALARM, ...more });
const alarms = async (input: object = {}): Promise<any[]> => (await ask('DescribeAlarms', input)).MetricAlarms;
const refusal = (operation: string, input: object): Promise<AwsError> => ask(operation, input).then(() => { throw new Error('It was not refused'); }, (error) => error);

test('an alarm begins without data, and an update replaces all of it but its state', async () => {
  await put({ AlarmDescription: 'first', AlarmActions: [TOPIC] });
  expect(await alarms()).toMatchObject([{ ...ALARM, StateValue: 'INSUFFICIENT_DATA', ActionsEnabled: true, AlarmActions: [TOPIC], AlarmDescription: 'first' }]);
  await ask('SetAlarmState', { AlarmName: 'busy', StateValue: 'ALARM', StateReason: 'a test' });
  await put({ Threshold: 2 });
  const [alarm] = await alarms();
  expect(alarm).toMatchObject({ Threshold: 2, StateValue: 'ALARM', StateReason: 'a test', AlarmActions: [] });
  expect(alarm).not.toHaveProperty('AlarmDescription');
});

test('alarms are found by name, prefix, state and action, page by page', async () => {
  for (const [AlarmName, more] of [['b', {}], ['a1', { OKActions: [TOPIC] }], ['a2', { AlarmActions: [`${TOPIC}-2`] }]] as const) { await put({ AlarmName, ...more }); }
  await ask('SetAlarmState', { AlarmName: 'b', StateValue: 'OK', StateReason: '' });
  const names = async (input: object) => (await alarms(input)).map(({ AlarmName }) => AlarmName);
  expect(await names({})).toEqual(['a1', 'a2', 'b']);
  expect(await names({ AlarmNames: ['b', 'none'] })).toEqual(['b']);
  expect(await names({ AlarmNamePrefix: 'a' })).toEqual(['a1', 'a2']);
  expect(await names({ StateValue: 'OK' })).toEqual(['b']);
  expect(await names({ ActionPrefix: TOPIC })).toEqual(['a1', 'a2']);
  expect(await names({ ActionPrefix: `${TOPIC}-` })).toEqual(['a2']);
  expect(await names({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
  const { MetricAlarms: [first], NextToken } = await ask('DescribeAlarms', { MaxRecords: 1 });
  expect([first.AlarmName, ...await names({ NextToken })]).toEqual(['a1', 'a2', 'b']);
  expect(await refusal('DescribeAlarms', { NextToken: 'none' })).toMatchObject({ code: 'InvalidNextToken' });
});

test('an action runs when its state begins, and only while actions are enabled', async () => {
  const ran: string[] = [];
  bench.region.cloudwatch.actions.set('autoscaling', (alarm, arn) => { ran.push(`${alarm.state} ${arn.split(':')[5]}`); });
  const arn = (name: string) => `arn:aws:autoscaling:eu-west-1:111122223333:${name}`;
  await put({ AlarmActions: [arn('out'), TOPIC], OKActions: [arn('in')], InsufficientDataActions: [arn('none')] });
  const set = (StateValue: string) => ask('SetAlarmState', { AlarmName: 'busy', StateValue, StateReason: 'a test' });
  for (const state of ['ALARM', 'ALARM', 'OK', 'INSUFFICIENT_DATA']) { await set(state); }
  expect(ran).toEqual(['ALARM out', 'OK in', 'INSUFFICIENT_DATA none']);
  await put({ AlarmActions: [arn('out')], ActionsEnabled: false });
  await set('ALARM');
  expect(ran).toHaveLength(3);
});

test('what is not there is refused, and what is there is deleted all the same', async () => {
  await put();
  expect(await refusal('SetAlarmState', { AlarmName: 'none', StateValue: 'OK', StateReason: '' })).toMatchObject({ code: 'ResourceNotFound', status: 404 });
  expect(await refusal('SetAlarmState', { AlarmName: 'busy', StateValue: 'OK', StateReason: '', StateReasonData: '{' })).toMatchObject({ code: 'InvalidFormat' });
  expect(await refusal('DeleteAlarms', { AlarmNames: ['busy', 'none'] })).toMatchObject({ code: 'ResourceNotFound' });
  expect(await alarms()).toEqual([]);
});

test.each([
  [{ MetricName: undefined }, 'Exactly one of MetricName and Metrics'],
  [{ Metrics: [{ Id: 'a' }] }, 'Exactly one of MetricName and Metrics'],
  [{ EvaluationPeriods: undefined }, 'EvaluationPeriods is required'],
  [{ ComparisonOperator: undefined }, 'ComparisonOperator is required'],
  [{ ComparisonOperator: 'GreaterThanUpperThreshold' }, 'requires a ThresholdMetricId'],
  [{ Threshold: undefined }, 'Exactly one of Threshold and ThresholdMetricId'],
  [{ DatapointsToAlarm: 3 }, 'DatapointsToAlarm must be less than or equal'],
  [{ Namespace: undefined }, 'Namespace is required'],
  [{ Statistic: undefined }, 'Exactly one of Statistic and ExtendedStatistic'],
  [{ ExtendedStatistic: 'p90' }, 'Exactly one of Statistic and ExtendedStatistic'],
  [{ Period: undefined }, 'Period is required'],
  [{ Period: 90 }, 'Period must be 10, 20, 30 or a multiple of 60'],
  [{ Period: 600, EvaluationPeriods: 145 }, 'across more than 86400 seconds'],
  [{ TreatMissingData: 'no' }, 'TreatMissingData must be one of'],
  [{ AlarmActions: ['topic'] }, 'Invalid arn syntax'],
  [{ AlarmActions: Array(6).fill(TOPIC) }, 'less than or equal to 5'],
  [{ EvaluationInterval: 60 }, 'not part of the local AWS'],
  [{ MetricName: undefined, Metrics: [{ Id: 'a', Expression: 'b' }] }, 'must not be given together with Metrics'],
])('an alarm with %j is refused', async (more, reason) => {
  expect((await refusal('PutMetricAlarm', { ...ALARM, ...more })).message).toContain(reason);
});

test('a period of some minutes is taken as long as all of them are within a day', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 59 }), fc.integer({ min: 1, max: 2000 }), async (minutes, periods) => {
    const isTaken = await put({ Period: minutes * 60, EvaluationPeriods: periods }).then(() => true, () => false);
    expect(isTaken).toBe(minutes * periods <= 1440);
  }), { numRuns: 50 });
});

test('a template has alarms, whose names are told and whose numbers may be texts', async () => {
  const resource = (more: object = {}) => ({ Type: 'AWS::CloudWatch::Alarm', Properties: { ...ALARM, AlarmName: undefined, Threshold: '1', Period: '60', ...more } });
  const app = (more?: object) => template({ Busy: resource(more) }, { Outputs: { Name: { Value: { Ref: 'Busy' } }, Arn: { Value: { 'Fn::GetAtt': ['Busy', 'Arn'] } } } });
  const stack = await bench.deploy('s', app({ Tags: [{ Key: 'a', Value: 'b' }] }));
  const [{ AlarmName, AlarmArn }] = await alarms();
  expect(AlarmName).toMatch(/^s-Busy-/);
  expect(stack.outputs).toMatchObject([{ value: AlarmName }, { value: AlarmArn }]);
  expect(bench.region.cloudwatch.alarms.get(AlarmName)).toMatchObject({ tags: { a: 'b' }, input: { Threshold: 1, Period: 60 } });
  await bench.deploy('s', app({ Threshold: 3 }));
  expect(await alarms()).toMatchObject([{ AlarmName, Threshold: 3 }]);
  await bench.op('DeleteStack', { StackName: 's' });
  expect(await alarms()).toEqual([]);
});
