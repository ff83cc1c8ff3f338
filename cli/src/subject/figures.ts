import { dollars, rounded } from './numbers';
import type { Figures } from '../../../lambda/jobs/family';
import { BENCHMARKED, figureOf, formOf, MetricForm, RecommendationKind } from '../../../src/service/recommendation-kinds';
import { TOKEN_STATS } from '../../../src/service/token-metrics';
import type { Style } from '../terminal/io';
import { Cell, figureCell } from '../terminal/table';

export { dollars, durationText, figureText, MILLION, rounded } from './numbers';

/** A figure of a recommendation, as a column. */
export interface FigureColumn {
  readonly key: string;
  /** With the unit, and the statistic if the figure has one. */
  readonly title: string;
  /** The name of the figure: of a metric, or of one statistic of it, such as `TimeToFirstToken.p99`. */
  readonly metric: string;
  /** From the figure's unit to the column's. */
  readonly factor: number;
  readonly lessIsBetter: boolean;
  readonly isMoney: boolean;
}

/** Figures of something, and what the service reported of those that cannot be compared. */
interface Figured {
  readonly figures: Figures;
  readonly reported?: Readonly<Record<string, string>>;
}

/** Names of columns that do not follow from the metric and its unit: of those whose unit does not say what it counts, and those that programs knew first. */
const NAMES: Readonly<Record<string, { readonly key?: string; readonly title?: string }>> = {
  CostPerInference: { key: 'costPerMillionUsd', title: 'USD per million' },
  MaxInvocations: { key: 'invocationsPerMinute' },
  // The unit is not known: the service's pages say both.
  ModelLatency: { key: 'modelLatency', title: 'latency (ms or µs)' },
  CpuUtilization: { key: 'cpuPercent', title: 'CPU %' },
  MemoryUtilization: { key: 'memoryPercent', title: 'memory %' },
  Place: { key: 'place', title: 'place' },
};

const UNIT_KEYS = { 'Percent': 'Percent', 'Milliseconds': 'Ms', 'Count/Second': 'PerSecond' } as const;

/**
 * The columns of a kind's figures: first those by which people choose, costs before throughputs and these before the rest.
 *
 * @param statistics the figures of one statistic that have a column, too: such as those that a criterion names
 */
export function figureColumns(kind: RecommendationKind, statistics: readonly string[] = []): FigureColumn[] {
  const groupOf = (metric: string) => [
    kind.told.includes(metric) ? 0 : 1, formOf(kind, metric).isMoney ? 0 : formOf(kind, metric).sign === -1 ? 1 : 2,
  ];
  const told = [...kind.told, ...Object.keys(kind.metrics).filter((metric) => !kind.told.includes(metric))];
  const sorted = told.sort((a, b) => groupOf(a)[0] - groupOf(b)[0] || groupOf(a)[1] - groupOf(b)[1]);
  const wanted = [...new Set(statistics)].filter((name) => name.includes('.'));
  return sorted.flatMap((metric) => [metric, ...wanted.filter((name) => name.startsWith(`${metric}.`))]).map((name) => columnOf(kind, name));
}

/** The columns of some figures. People see no column of a metric that none of them has; for programs, each metric has its column. */
export function knownColumns(kind: RecommendationKind, all: readonly Figured[], { named = [], isWhole = false }: Statistics = {}): FigureColumn[] {
  const isKnown = (metric: string) => all
    .some(({ figures, reported }) => !Number.isNaN(figureOf(figures, metric)) || reported?.[metric] !== undefined);
  return figureColumns(kind, isWhole ? statisticsIn(all) : named)
    .filter(({ metric }) => isWhole || isKnown(metric))
    .map((column) => ({ ...column, title: `${column.title}${sharedText(column.metric, all)}` }));
}

/** Which statistics have columns of their own. */
interface Statistics {
  /** Figures that the reader has named, as `TimeToFirstToken.p99`. */
  readonly named?: readonly string[];
  /** Whether all that is known has a column. */
  readonly isWhole?: boolean;
}

/** In the order in which AIPerf writes them. */
function statisticsIn(all: readonly Figured[]): string[] {
  const names = [...new Set(all.flatMap(({ figures, reported = {} }) => [...Object.keys(figures), ...Object.keys(reported)]))].filter((name) => name.includes('.'));
  const placeOf = (name: string) => (TOKEN_STATS as readonly string[]).indexOf(name.split('.')[1]);
  return names.sort((a, b) => placeOf(a) - placeOf(b));
}

/** The statistic that a figure without one has in all recommendations: it has the same value there. */
function sharedText(metric: string, all: readonly Figured[]): string {
  if (metric.includes('.')) { return ''; }
  const having = all.filter(({ figures }) => !Number.isNaN(figureOf(figures, metric)));
  const shared = having.length === 0 ? undefined : statisticsIn(having).find((name) => name.startsWith(`${metric}.`)
    && having.every(({ figures }) => figures[name] === figures[metric]));
  return shared === undefined ? '' : `, ${shared.split('.')[1]}`;
}

function columnOf(kind: RecommendationKind, name: string): FigureColumn {
  const [metric, statistic] = name.split('.');
  const form = formOf(kind, metric);
  const { key = keyOf(metric, form), title = form.unit.trim() } = NAMES[metric] ?? {};
  return {
    key: statistic === undefined ? key : `${key}${statistic[0].toUpperCase()}${statistic.slice(1)}`,
    title: statistic === undefined ? title : `${title}, ${statistic}`,
    metric: name,
    factor: form.scale ?? 1,
    lessIsBetter: form.sign === 1,
    isMoney: form.isMoney ?? false,
  };
}

/** `costPerHourUsd`, `timeToFirstTokenMs`: a program sees no title. */
function keyOf(metric: string, { isMoney, cloudWatchUnit }: MetricForm): string {
  return `${metric[0].toLowerCase()}${metric.slice(1)}${isMoney ? 'Usd' : cloudWatchUnit ? UNIT_KEYS[cloudWatchUnit] : ''}`;
}

/** The columns of what SageMaker Inference Recommender benchmarks. */
export const FIGURE_COLUMNS: readonly FigureColumn[] = figureColumns(BENCHMARKED);

/** A figure in its column's unit, as people read it. */
export function columnText({ isMoney }: Pick<FigureColumn, 'isMoney'>, value: number): string {
  return isMoney ? dollars(value) : rounded(value);
}

/** The cells of the columns. What cannot be compared is shown as the service reported it. */
export function figureCells(columns: readonly FigureColumn[], { figures, reported }: Figured, style?: Style): Record<string, Cell> {
  return Object.fromEntries(columns.map((column) => {
    const text = reported?.[column.metric];
    const value = figureOf(figures, column.metric) * column.factor;
    const isReported = Number.isNaN(value) && text !== undefined;
    return [column.key, isReported ? { text, value: text, style } : figureCell(value, (figure) => columnText(column, figure), style)];
  }));
}
