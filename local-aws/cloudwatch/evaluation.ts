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
  const { Threshold: threshold, EvaluationPeriods: count, DatapointsToAlarm: needed = count, TreatMissingData: missing = 'missing' } = input;
  const end = beginOf(region.clock.now(), period);
  const moments = Array.from({ length: count }, (_, index) => end - (count - index) * period * 1000);
  const [{ series }] = queried(queries, moments[0], end, region);
  const known = moments.filter((moment) => series.has(moment));
  const beyond = known.filter((moment) => comparison.beyond(series.get(moment)!, threshold));
  const filled = count - known.length;
  const data = reasonData(input, series, known, moments[0], period, region);
  if (beyond.length + (missing === 'breaching' ? filled : 0) >= needed) {
    return { state: 'ALARM', reason: crossed(beyond, series, count, `${comparison.words} the threshold (${decimal(threshold)}) (minimum ${needed} datapoint${needed > 1 ? 's' : ''} for OK -> ALARM transition).`), reasonData: data };
  }
  if (known.length === 0 && missing === 'missing') {
    return { state: 'INSUFFICIENT_DATA', reason: `Insufficient Data: ${count} datapoint${count > 1 ? 's were' : ' was'} unknown.`, reasonData: data };
  }
  if (known.length === 0 && missing === 'ignore') { return undefined; }
  const within = known.filter((moment) => !beyond.includes(moment));
  return { state: 'OK', reason: crossed(within, series, count, `not ${comparison.words} the threshold (${decimal(threshold)}).`), reasonData: data };
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
  const verb = moments.length === 1 ? 'was' : 'were';
  const points = `${moments.length} out of the last ${count} datapoint${count > 1 ? 's' : ''}${shown.length > 0 ? ` [${shown.join(', ')}]` : ''}`;
  return `Threshold Crossed: ${moments.length === 0 ? `no datapoints were received for ${count} period${count > 1 ? 's' : ''} and missing data counts as being ` : `${points} ${verb} `}${rest}`;
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
