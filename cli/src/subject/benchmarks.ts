import { endpointText } from './endpoint';
import { FIGURE_COLUMNS, figureCells } from './figures';
import { Benchmark, JobView } from './job';
import type { Style } from '../terminal/io';
import { cell, Table } from '../terminal/table';

/** How the statuses of a job and of its benchmarks look. */
export function styleOf(status: string): Style | undefined {
  return status === 'COMPLETED' ? 'green' : status === 'FAILED' ? 'red' : status === 'IN_PROGRESS' ? 'cyan' : /STOP/.test(status) ? 'yellow' : 'dim';
}

/** The endpoints that a job tries, with what is known by now. */
export function benchmarksTable({ benchmarks }: Pick<JobView, 'benchmarks'>): Table {
  const hasStream = benchmarks.some(({ failureReason }) => failureReason);
  return {
    columns: [
      { key: 'status', title: 'status' },
      { key: 'endpoint', title: 'endpoint' },
      ...FIGURE_COLUMNS.map(({ key, title: name }) => ({ key, title: name, isFigure: true })),
      ...hasStream ? [{ key: 'failureReason', title: 'why', isLong: true }, { key: 'logStream', title: 'log stream', isLong: true }] : [],
    ],
    rows: benchmarks.map(rowOf),
  };
}

function rowOf({ status, endpoint, figures, failureReason, logStream }: Benchmark) {
  return {
    status: cell(status, styleOf(status)),
    endpoint: cell(endpointText(endpoint)),
    ...figureCells(figures),
    failureReason: cell(failureReason ?? '', 'red'),
    logStream: cell(failureReason && logStream ? logStream : ''),
  };
}
