import { columnText, FigureColumn } from '../subject/figures';

/** How two figures of a metric differ. The order is the one in which they are shown. */
export const OUTCOMES = ['worse', 'better', 'equal', 'units', 'load', 'unknown'] as const;

/**
 * - worse, better: by the metric's sign
 * - equal: apart by no more than a threshold
 * - units: of two latencies, one is probably in ms and the other in µs; or the units are known, and cannot be converted
 * - load: the figure depends on the load that the endpoint gets, so it is neither better nor worse
 * - unknown: one of the two is not reported
 */
export type Outcome = typeof OUTCOMES[number];

/** A metric of an endpoint on both sides, in the column's unit. NaN is unknown. */
export interface Difference {
  /** What the figures are of: an endpoint. */
  readonly endpoint: string;
  /** The metric's key in JSON and CSV. */
  readonly key: string;
  /** The metric with its unit. */
  readonly title: string;
  /** The name of the figure: of a metric, or of one statistic of it. */
  readonly figure: string;
  readonly isMoney: boolean;
  readonly before: number;
  readonly after: number;
  /** Of the figure before. Infinite if that is 0, and NaN if one of the two is unknown. */
  readonly percent: number;
  readonly outcome: Outcome;
}

/** From 200 to 5,000 times: nothing but another unit makes a latency so much greater. In published results of one type it is 2,865 times. */
const UNITS_APART = [200, 5000] as const;

/** The difference of a column's metric, both figures in the column's unit. Figures are equal that are apart by at most so many percent of the larger. */
export function differenceOf(
  { key, title, metric, lessIsBetter, isMoney }: Omit<FigureColumn, 'factor'>, endpoint: string, before: number, after: number, equalWithin: number,
): Difference {
  const percent = before === after ? 0 : (after - before) / before * 100;
  const outcome = (): Outcome => {
    if (Number.isNaN(before) || Number.isNaN(after)) { return 'unknown'; }
    const [less, more] = before < after ? [before, after] : [after, before];
    if (key === 'modelLatency' && less > 0 && more / less >= UNITS_APART[0] && more / less <= UNITS_APART[1]) { return 'units'; }
    if (more - less <= equalWithin / 100 * more) { return 'equal'; }
    return (after < before) === lessIsBetter ? 'better' : 'worse';
  };
  return { endpoint, key, title, figure: metric, isMoney, before, after, percent, outcome: outcome() };
}

/**
 * Regressions first, the worst of them first, then improvements, then the others. No two differences have the same place.
 *
 * @param columns the order of metrics that differ by as much
 */
export function ordered(differences: readonly Difference[], columns: ReadonlyArray<Pick<FigureColumn, 'key'>> = []): Difference[] {
  const size = ({ percent }: Difference) => (Number.isNaN(percent) ? 0 : Math.abs(percent));
  const columnOf = ({ key }: Difference) => columns.findIndex((column) => column.key === key);
  return [...differences].sort((a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome)
    || compared(size(b), size(a)) || compared(a.endpoint, b.endpoint) || columnOf(a) - columnOf(b) || compared(a.title, b.title));
}

function compared<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a metric is worse by more than so many percent. */
export function isBeyond({ outcome, percent }: Difference, threshold: number): boolean {
  return outcome === 'worse' && Math.abs(percent) > threshold;
}

/** `+14%`, `-3.2%`, `from 0`. */
export function percentText(percent: number): string {
  if (Number.isNaN(percent)) { return ''; }
  if (!Number.isFinite(percent)) { return 'from 0'; }
  const size = Math.abs(percent);
  if (size < 0.05) { return percent === 0 ? '0%' : '<0.1%'; }
  const text = new Intl.NumberFormat('en-US', { maximumSignificantDigits: size < 10 ? 2 : 3 }).format(size);
  // Nothing that is left is less by all of it.
  return percent > 0 ? `+${text}%` : `-${text === '100' && size < 100 ? '99.9' : text}%`;
}

/** A figure as people read it. */
export function valueText(difference: Pick<Difference, 'isMoney'>, value: number): string {
  return Number.isNaN(value) ? '–' : columnText(difference, value);
}

/** Better and worse in words, by the metric. */
const WORDS: Readonly<Record<string, readonly [less: string, more: string]>> = {
  CostPerHour: ['cheaper an hour', 'dearer an hour'],
  CostPerInference: ['cheaper per million', 'dearer per million'],
  CostPerMillionInputTokens: ['cheaper per million input tokens', 'dearer per million input tokens'],
  CostPerMillionOutputTokens: ['cheaper per million output tokens', 'dearer per million output tokens'],
  MaxInvocations: ['fewer requests a minute', 'more requests a minute'],
  RequestThroughput: ['fewer requests a second', 'more requests a second'],
  OutputTokenThroughput: ['fewer output tokens a second', 'more output tokens a second'],
  ModelLatency: ['faster', 'slower'],
  RequestLatency: ['faster', 'slower'],
  TimeToFirstToken: ['less time to the first token', 'more time to the first token'],
  InterTokenLatency: ['less time between tokens', 'more time between tokens'],
  CpuUtilization: ['less CPU', 'more CPU'],
  MemoryUtilization: ['less memory', 'more memory'],
};

/** `14% cheaper per million, 3% slower`, and what cannot be compared. */
export function inWords(differences: readonly Difference[], equalWithin: number): string {
  const said = differences.flatMap(({ figure, percent, outcome }) => {
    if (outcome === 'units') { return ['latencies that probably have different units']; }
    if (outcome !== 'worse' && outcome !== 'better') { return []; }
    const [metric, statistic] = figure.split('.');
    const [less, more] = (WORDS[metric] ?? ['less', 'more']).map((words) => words + (statistic === undefined ? '' : ` (${statistic})`));
    return [Number.isFinite(percent) ? `${percentText(percent).replace(/^[+-]/, '')} ${percent < 0 ? less : more}` : `${more} than 0`];
  });
  const equal = differences.filter(({ outcome }) => outcome === 'equal').length;
  return said.length > 0 ? said.join(', ') : equal > 0 ? `its figures are equal within ${equalWithin}%` : 'no figure can be compared';
}
