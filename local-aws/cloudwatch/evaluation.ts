import { beginOf, Series } from './datapoints';
import { queried } from './metric-data';
import { metricOf, MetricState } from './metric-state';
import { Alarm, StateValue } from './state';
import { AwsError, Region } from '../kernel';

type Comparison = { readonly beyond: (value: number, threshold: number) => boolean; readonly words: string };

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  GreaterThanThreshold: { beyond: (value, threshold) => value > threshold, words: 'greater than' },
  GreaterThanOrEqualToThreshold: { beyond: (value, threshold) => value >= threshold, words: 'greater than or equal to' },
  LessThanThreshold: { beyond: (value, threshold) => value < threshold, words: 'less than' },
  LessThanOrEqualToThreshold: { beyond: (value, threshold) => value <= threshold, words: 'less than or equal to' },
};

/** The periods before the evaluated ones whose data stand in for missing ones: AWS tells 2 for an alarm of 3, and no other number. */
const MORE_PERIODS = 2;

/** What missing data count as. With the other treatments they count as nothing. */
const FILLINGS: Readonly<Record<string, string | undefined>> = { breaching: 'Breaching', notBreaching: 'NonBreaching' };

export interface Evaluation {
  readonly state: StateValue;
  readonly reason: string;
  readonly reasonData: string;
}

/**
 * The state of an alarm by its last whole periods. Nothing if none of its metrics has ever had data, if its threshold is a band, if its state stays because
 * missing data are ignored, or if it needs what is not here: then the state is as it was set.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export function evaluatedAlarm(alarm: Alarm, region: Region): Evaluation | undefined {
  try {
    return evaluationOf(alarm, region);
  } catch (error) {
    if (!(error instanceof AwsError)) { throw error; }
    region.world.notice(`the alarm ${alarm.name} keeps its state: ${error.message}`);
    return undefined;
  }
}

function evaluationOf({ input }: Alarm, region: Region): Evaluation | undefined {
  const comparison = COMPARISONS[input.ComparisonOperator];
  const { queries, period } = queriesOf(input);
  const room = region.room(MetricState);
  const hasData = queries.some(({ MetricStat }) => MetricStat && room.has(metricOf(MetricStat.Metric)));
  if (!comparison || input.Threshold === undefined || !hasData) { return undefined; }
  const { Threshold: threshold, EvaluationPeriods: count, DatapointsToAlarm: needed = count, TreatMissingData: treatment = 'missing' } = input;
  const end = beginOf(region.clock.now(), period);
  const range = Array.from({ length: count + MORE_PERIODS }, (_, index) => end - (count + MORE_PERIODS - index) * period * 1000);
  const [{ series }] = queried(queries, range[0], end, region);
  const isBeyond = (moment: number) => comparison.beyond(series.get(moment)!, threshold);
  const state = stateOf(range.map((moment) => (series.has(moment) ? isBeyond(moment) : undefined)), count, needed, treatment);
  if (state === undefined) { return undefined; }
  const known = range.filter((moment) => series.has(moment)).slice(-count);
  const telling = known.filter((moment) => isBeyond(moment) === (state === 'ALARM'));
  const limit = `${comparison.words} the threshold (${decimal(threshold)})`;
  const words = state === 'ALARM' ? `${limit} (minimum ${points(needed)} for OK -> ALARM transition).` : `not ${limit}.`;
  const filling = known.length < count ? FILLINGS[treatment] : undefined;
  const reason = state === 'INSUFFICIENT_DATA' ? `Insufficient Data: ${points(count - known.length)} ${were(count - known.length)} unknown.`
    : filling !== undefined ? filled(known.length, count, filling)
      : crossed(telling, series, count, words);
  return { state, reason, reasonData: reasonData(input, series, known, range[range.length - count], period, region) };
}

/**
 * The state of an alarm by the periods of its range, from the oldest to the newest one: whether each is beyond the threshold, or `undefined` where it has no data.
 * The newest known ones decide. If they are fewer than the alarm evaluates, the others count as it treats missing data; `undefined` if it keeps its state.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
function stateOf(range: ReadonlyArray<boolean | undefined>, count: number, needed: number, treatment: string): StateValue | undefined {
  const known = range.filter((isBeyond) => isBeyond !== undefined).slice(-count);
  const beyond = known.filter((isBeyond) => isBeyond).length;
  const lacking = count - known.length;
  if (beyond + (treatment === 'breaching' ? lacking : 0) >= needed) { return 'ALARM'; }
  // One that is known to be within the threshold says that all is well.
  if (lacking === 0 || beyond < known.length || ['breaching', 'notBreaching'].includes(treatment)) { return 'OK'; }
  if (treatment === 'ignore') { return undefined; }
  // All that are known are beyond the threshold, and too few, unless the oldest is as old as the datapoints that the alarm needs.
  const age = range.length - range.findIndex((isBeyond) => isBeyond !== undefined);
  return known.length > 0 && age >= needed ? 'ALARM' : 'INSUFFICIENT_DATA';
}

/** The queries of an alarm, whichever form it was given in, and the seconds of its periods. */
function queriesOf({ Metrics, Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic, Unit }: Alarm['input']): { readonly queries: readonly any[]; readonly period: number } {
  if (Metrics === undefined) {
    const MetricStat = { Metric: { Namespace, MetricName, Dimensions }, Period, Stat: Statistic ?? ExtendedStatistic, Unit };
    return { queries: Namespace === undefined || MetricStat.Stat === undefined ? [] : [{ Id: 'm1', MetricStat }], period: Period };
  }
  const periods = Metrics.map(({ MetricStat, Period: own }: any) => MetricStat?.Period ?? own).filter((one: unknown) => one !== undefined);
  const period = Math.max(60, ...periods);
  // Those of target tracking say no period.
  const queries = Metrics.map((query: any) => (query.MetricStat ? { ...query, MetricStat: { Period: period, ...query.MetricStat } } : query));
  return { queries, period };
}

/** Words: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html and the history of alarms that people have published. */
function crossed(moments: readonly number[], series: Series, count: number, rest: string): string {
  const shown = moments.slice(-5).reverse().map((moment) => `${decimal(series.get(moment)!)} (${dated(moment)})`);
  return `Threshold Crossed: ${moments.length} out of the last ${points(count)} [${shown.join(', ')}] ${were(moments.length)} ${rest}`;
}

/** The words where missing data count. */
function filled(known: number, count: number, filling: string): string {
  const received = known === 0 ? 'no datapoints were' : `${points(known)} ${were(known)}`;
  const lacking = count - known;
  return `Threshold Crossed: ${received} received for ${count} period${count === 1 ? '' : 's'} and ${lacking} missing datapoint${lacking === 1 ? '' : 's'} `
    + `${were(lacking)} treated as [${filling}].`;
}

function points(count: number): string {
  return `${count} datapoint${count === 1 ? '' : 's'}`;
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

function dated(moment: number): string {
  const [, year, month, day, time] = /^\d\d(\d\d)-(\d\d)-(\d\d)T([\d:]{8})/.exec(new Date(moment).toISOString())!;
  return `${day}/${month}/${year} ${time}`;
}

function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function reasonData({ Statistic, ExtendedStatistic, Threshold }: Alarm['input'], series: Series, known: readonly number[], from: number, period: number, region: Region): string {
  const time = (moment: number) => new Date(moment).toISOString().replace('Z', '+0000');
  return JSON.stringify({
    version: '1.0',
    queryDate: time(region.clock.now()),
    startDate: time(known[0] ?? from),
    statistic: Statistic ?? ExtendedStatistic,
    period,
    recentDatapoints: known.map((moment) => series.get(moment)),
    threshold: Threshold,
    evaluatedDatapoints: [...known].reverse().map((moment) => ({ timestamp: time(moment), value: series.get(moment) })),
  });
}
