import { CurvePlot, DRAWN_STATS, MeasuredData, RangePlot } from './data';
import { BenchmarkResults, BenchmarkRun, benchmarkFigure } from '../../../src/service/aiperf';
import { BASE_UNITS, canonicalMetric, quantityOf, TOKEN_METRICS, TokenMetric } from '../../../src/service/token-metrics';
import { runName, runText, searchSentence } from '../subject/benchmark-archive';

/** Of several runs, the times by which people choose. A single run has room for all. */
const COMPARED: readonly TokenMetric[] = ['time_to_first_token', 'inter_token_latency', 'request_latency'];
/** The strictest statistic comes first. */
const BY_STRICTNESS = ['p99', 'p95', 'p90', 'p50', 'avg'];

export function measuredData({ runs, search }: BenchmarkResults): MeasuredData {
  return {
    search: search && searchSentence(search),
    runs: runs.map((run) => ({ name: runName(run, runs), about: runText(run), notes: notesOn(run) })),
    ranges: runs.length === 1 ? ofOne(runs[0]) : ofSeveral(runs),
    curve: curveOf(runs),
  };
}

function notesOn({ errors, isCancelled }: BenchmarkRun): string[] {
  return [
    ...errors ? [`${errors} ${errors === 1 ? 'request has failed and is' : 'requests have failed and are'} in no figure.`] : [],
    ...isCancelled ? ['The run was interrupted: its figures are of a part of it.'] : [],
  ];
}

function ofOne(run: BenchmarkRun): RangePlot[] {
  const times = (Object.keys(TOKEN_METRICS) as TokenMetric[]).filter((metric) => TOKEN_METRICS[metric].dimension === 'time');
  const rows = times.map((metric) => ({ label: metric, values: valuesOf(run, metric) })).filter(({ values }) => values.length > 0);
  return rows.length === 0 ? [] : [{ name: 'times', title: 'Times by statistic', rows }];
}

function ofSeveral(runs: readonly BenchmarkRun[]): RangePlot[] {
  return COMPARED.flatMap((metric): RangePlot[] => {
    const rows = runs.map((run) => ({ label: runName(run, runs), values: valuesOf(run, metric) })).filter(({ values }) => values.length > 0);
    return rows.length === 0 ? [] : [{ name: metric.replace(/_/g, '-'), title: `${metric} by run`, rows }];
  });
}

/** In milliseconds. A time whose unit is not known is in the table alone. */
function valuesOf(run: BenchmarkRun, metric: TokenMetric): RangePlot['rows'][number]['values'] {
  return DRAWN_STATS.flatMap((stat) => {
    const ms = inBaseUnit(run, metric, stat);
    return ms !== undefined && ms > 0 ? [{ stat, ms }] : [];
  });
}

function inBaseUnit(run: BenchmarkRun, metric: TokenMetric, stat: string): number | undefined {
  const figure = benchmarkFigure(run, metric, stat);
  const quantity = quantityOf(figure?.value, figure?.unit);
  return quantity?.dimension === TOKEN_METRICS[metric].dimension ? quantity.value : undefined;
}

function curveOf(runs: readonly BenchmarkRun[]): CurvePlot | undefined {
  const [across, up] = ['time_to_first_token', 'output_token_throughput'] as const;
  const stat = BY_STRICTNESS.find((one) => runs.every((run) => inBaseUnit(run, across, one) !== undefined));
  const points = runs.flatMap((run) => {
    const [x, y] = [stat === undefined ? undefined : inBaseUnit(run, across, stat), inBaseUnit(run, up, 'avg')];
    return x !== undefined && y !== undefined && x > 0 && y > 0 ? [{ label: runName(run, runs), x, y }] : [];
  });
  return points.length < 2 ? undefined : { title: 'Throughput against the time to the first token', x: `${across} ${stat} (ms)`, y: `${up} (${BASE_UNITS['tokens-per-second']})`, points };
}

/** Metrics of a run with the figures that stand out, for people who look only once. */
export function highlightsOf(run: BenchmarkRun): ReadonlyArray<{ readonly title: string; readonly value: number; readonly unit: string }> {
  const wanted: ReadonlyArray<readonly [TokenMetric, readonly string[]]> = [
    ['output_token_throughput', ['avg']], ['request_throughput', ['avg']], ['time_to_first_token', BY_STRICTNESS], ['inter_token_latency', BY_STRICTNESS],
  ];
  return wanted.flatMap(([metric, stats]) => {
    const figure = stats.map((stat) => benchmarkFigure(run, metric, stat)).find((one) => one !== undefined);
    return figure ? [{ title: `${canonicalMetric(figure.metric) ?? figure.metric}${figure.stat === 'avg' && stats.length === 1 ? '' : ` ${figure.stat}`}`, value: figure.value, unit: figure.unit }] : [];
  });
}
