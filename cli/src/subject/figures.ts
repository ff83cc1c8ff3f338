import type { MetricName } from '../../../src/service/limits';
import type { Style } from '../terminal/io';
import { Cell, figureCell } from '../terminal/table';

/** A figure of a recommendation, as a column. */
interface FigureColumn {
  readonly key: string;
  /** With the unit. */
  readonly title: string;
  readonly metric: MetricName;
  /** From the service's unit to the column's. @default 1 */
  readonly factor?: number;
  readonly lessIsBetter: boolean;
}

/** The unit of a latency is not known: the service's pages say both. */
export const FIGURE_COLUMNS: readonly FigureColumn[] = [
  { key: 'costPerHourUsd', title: 'USD an hour', metric: 'CostPerHour', lessIsBetter: true },
  { key: 'costPerMillionUsd', title: 'USD per million', metric: 'CostPerInference', factor: 1_000_000, lessIsBetter: true },
  { key: 'invocationsPerMinute', title: 'requests a minute', metric: 'MaxInvocations', lessIsBetter: false },
  { key: 'modelLatency', title: 'latency (ms or µs)', metric: 'ModelLatency', lessIsBetter: true },
  { key: 'cpuPercent', title: 'CPU %', metric: 'CpuUtilization', lessIsBetter: true },
  { key: 'memoryPercent', title: 'memory %', metric: 'MemoryUtilization', lessIsBetter: true },
];

/** The cells of the columns. */
export function figureCells(figures: Readonly<Record<MetricName, number>>, style?: Style): Record<string, Cell> {
  return Object.fromEntries(FIGURE_COLUMNS.map(({ key, metric, factor = 1 }) => [
    key, figureCell(figures[metric] * factor, (value) => figureText(metric, value), style),
  ]));
}

const DIGITS = 4;

/** Four digits, with commas: 7,344 and 0.4630. */
export function rounded(value: number): string {
  return new Intl.NumberFormat('en-US', { maximumSignificantDigits: DIGITS }).format(value);
}

/** Dollars: to the cent from ten on, to a tenth of a cent below, and with three digits what is less than that. */
export function dollars(value: number): string {
  const digits = value >= 10 || value === 0 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 }
    : value >= 0.0995 ? { minimumFractionDigits: 2, maximumFractionDigits: 3 } : { maximumSignificantDigits: 3 };
  return new Intl.NumberFormat('en-US', digits).format(value);
}

export function figureText(metric: MetricName, value: number): string {
  return metric.startsWith('Cost') ? dollars(value) : rounded(value);
}

/** `1 h 5 min`, `45 min`, `30 s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) { return `${seconds} s`; }
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`;
}
