import { evaluatedAlarm } from './evaluation';
import { metricOf, shown as shownMetric } from './metric-state';
import { actionsOf, Alarm, AlarmState } from './state';
import { AwsError, Call, invalid, Operations, page, Region } from '../kernel';

const TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'];
const ANOMALY = ['LessThanLowerOrGreaterThanUpperThreshold', 'LessThanLowerThreshold', 'GreaterThanUpperThreshold'];
const HOUR = 3600;
const DAY = 86_400;

/** Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html, the page of each operation. */
export const alarmOperations: Operations = {
  PutMetricAlarm({ Tags, ...input }, call) {
    checkAlarm(input);
    const { alarms } = call.region.room(AlarmState);
    const old = alarms.get(input.AlarmName);
    const now = new Date(call.region.clock.now());
    // An update replaces the whole configuration, and leaves the state and the tags as they are.
    alarms.set(input.AlarmName, {
      state: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      set: now,
      changed: now,
      tags: Object.fromEntries((Tags ?? []).map(({ Key, Value }: any) => [Key, Value])),
      ...old,
      name: input.AlarmName,
      arn: call.region.arn('cloudwatch', `alarm:${input.AlarmName}`),
      input: { ActionsEnabled: true, OKActions: [], AlarmActions: [], InsufficientDataActions: [], ...input },
      configured: now,
    });
  },

  DescribeAlarms(input, call) {
    if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined) { throw invalid('AlarmNames and AlarmNamePrefix cannot be given together.'); }
    // API_DescribeAlarms: without AlarmTypes, only metric alarms are returned; there are no others here.
    const wanted = (input.AlarmTypes ?? ['MetricAlarm']).includes('MetricAlarm') ? evaluated(call.region) : [];
    const shown = wanted
      .filter(({ name }) => input.AlarmNames === undefined || input.AlarmNames.includes(name))
      .filter(({ name }) => name.startsWith(input.AlarmNamePrefix ?? ''))
      .filter(({ state }) => [undefined, state].includes(input.StateValue))
      .filter((alarm) => input.ActionPrefix === undefined || actionsOf(alarm.input).some((action) => action.startsWith(input.ActionPrefix)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const entries = shown.map((alarm) => ({ key: alarm.name, item: describe(alarm) }));
    try {
      return { CompositeAlarms: [], ...page('MetricAlarms', entries, { MaxResults: input.MaxRecords ?? 50, NextToken: input.NextToken }) };
    } catch {
      throw new AwsError('InvalidNextToken', 'The next token specified is invalid.');
    }
  },

  DescribeAlarmsForMetric({ Statistic, ExtendedStatistic, Period, Unit, ...input }, call) {
    const wanted = JSON.stringify(shownMetric(metricOf(input)));
    const ofIt = evaluated(call.region).filter(({ input: alarm }) => (
      alarm.MetricName !== undefined && JSON.stringify(shownMetric(metricOf(alarm))) === wanted));
    const asked = Object.entries({ Statistic, ExtendedStatistic, Period, Unit });
    const shown = ofIt.filter(({ input: alarm }) => asked.every(([member, value]) => [undefined, alarm[member]].includes(value)));
    return { MetricAlarms: shown.map(describe) };
  },

  DeleteAlarms({ AlarmNames }, call) {
    const { alarms } = call.region.room(AlarmState);
    const strange = AlarmNames.filter((name: string) => !alarms.has(name));
    // API_DeleteAlarms: the alarms whose names are correct are deleted all the same.
    AlarmNames.forEach((name: string) => alarms.delete(name));
    if (strange.length > 0) { throw new AwsError('ResourceNotFound', `The specified alarms do not exist: ${strange.join(', ')}`, 404); }
  },

  SetAlarmState({ AlarmName, StateValue, StateReason, StateReasonData }, call) {
    const room = call.region.room(AlarmState);
    const alarm = found(AlarmName, call);
    if (StateReasonData !== undefined && !isJson(StateReasonData)) { throw new AwsError('InvalidFormat', 'StateReasonData was not syntactically valid JSON'); }
    const now = new Date(call.region.clock.now());
    const isOther = alarm.state !== StateValue;
    Object.assign(alarm, { state: StateValue, reason: StateReason, reasonData: StateReasonData, set: now, ...isOther && { changed: now } });
    if (isOther) { room.act(alarm); }
  },
};

/** All alarms, each in the state that its metric says now. */
function evaluated(region: Region): Alarm[] {
  const all = [...region.room(AlarmState).alarms.values()];
  for (const alarm of all) {
    const evaluation = evaluatedAlarm(alarm, region);
    if (evaluation === undefined || evaluation.state === alarm.state) { continue; }
    const now = new Date(region.clock.now());
    Object.assign(alarm, { ...evaluation, set: now, changed: now });
  }
  return all;
}

function found(name: string, { region }: Call): Alarm {
  const alarm = region.room(AlarmState).alarms.get(name);
  if (!alarm) { throw new AwsError('ResourceNotFound', `The alarm ${name} does not exist`, 404); }
  return alarm;
}

function describe({ name, arn, input, state, reason, reasonData, configured, set, changed }: Alarm): object {
  return {
    ...input,
    AlarmName: name,
    AlarmArn: arn,
    AlarmConfigurationUpdatedTimestamp: configured,
    StateValue: state,
    StateReason: reason,
    StateReasonData: reasonData,
    StateUpdatedTimestamp: set,
    StateTransitionedTimestamp: changed,
    Dimensions: input.Dimensions ?? [],
  };
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function checkAlarm(input: any): void {
  const { MetricName, Metrics, Statistic, ExtendedStatistic, Period, EvaluationPeriods } = input;
  const { DatapointsToAlarm, Threshold, ThresholdMetricId, ComparisonOperator } = input;
  if ((MetricName === undefined) === (Metrics === undefined)) { throw invalid('Exactly one of MetricName and Metrics must be given.'); }
  if (EvaluationPeriods === undefined) { throw missing('EvaluationPeriods'); }
  if (ComparisonOperator === undefined) { throw missing('ComparisonOperator'); }
  if (ANOMALY.includes(ComparisonOperator) !== (ThresholdMetricId !== undefined)) {
    throw invalid(`The comparison operator ${ComparisonOperator} ${ThresholdMetricId === undefined ? 'requires' : 'does not go with'} a ThresholdMetricId.`);
  }
  if ((Threshold === undefined) === (ThresholdMetricId === undefined)) { throw invalid('Exactly one of Threshold and ThresholdMetricId must be given.'); }
  if (DatapointsToAlarm > EvaluationPeriods) { throw invalid('DatapointsToAlarm must be less than or equal to EvaluationPeriods.'); }
  if (Metrics === undefined) {
    if (input.Namespace === undefined) { throw missing('Namespace'); }
    if ((Statistic === undefined) === (ExtendedStatistic === undefined)) { throw invalid('Exactly one of Statistic and ExtendedStatistic must be given.'); }
    if (Period === undefined) { throw missing('Period'); }
    checkPeriod(Period);
    const most = Period >= HOUR ? 7 * DAY : DAY;
    if (Period * EvaluationPeriods > most) { throw invalid(`Metrics cannot be checked across more than ${most} seconds with a period of ${Period} seconds.`); }
  } else {
    const strange = ['Namespace', 'Statistic', 'ExtendedStatistic', 'Dimensions', 'Period', 'Unit'].filter((member) => input[member] !== undefined);
    if (strange.length > 0) { throw invalid(`${strange.join(', ')} must not be given together with Metrics.`); }
    const returned = Metrics.filter(({ ReturnData }: any) => ReturnData !== false);
    if (ThresholdMetricId === undefined && returned.length !== 1) { throw invalid('Exactly one element of the metrics list should return data.'); }
    Metrics.forEach(({ MetricStat }: any) => MetricStat && checkPeriod(MetricStat.Period));
  }
  if (input.TreatMissingData !== undefined && !TREATMENTS.includes(input.TreatMissingData)) {
    throw invalid(`The value '${input.TreatMissingData}' of TreatMissingData must be one of ${TREATMENTS.join(', ')}.`);
  }
  const stray = actionsOf(input).find((action) => !action.startsWith('arn:'));
  if (stray !== undefined) { throw invalid(`Invalid arn syntax: ${stray}`); }
}

function checkPeriod(period: number): void {
  if (![10, 20, 30].includes(period) && period % 60 !== 0) { throw invalid(`Period must be 10, 20, 30 or a multiple of 60, got: ${period}`); }
}

function missing(member: string): AwsError {
  return new AwsError('MissingParameter', `The parameter ${member} is required`);
}

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}
