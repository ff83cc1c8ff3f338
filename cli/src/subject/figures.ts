import { figureText, MILLION } from './numbers';
import type { MetricName } from '../../../src/service/limits';
import type { Style } from '../terminal/io';
import { Cell, figureCell } from '../terminal/table';

export { dollars, durationText, figureText, MILLION, rounded } from './numbers';

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
  { key: 'costPerMillionUsd', title: 'USD per million', metric: 'CostPerInference', factor: MILLION, lessIsBetter: true },
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
