import { endpointText } from './endpoint';
import { figureCells, knownColumns } from './figures';
import type { JobView } from './job';
import type { Style } from '../terminal/io';
import { cell, Table } from '../terminal/table';

/** How the statuses of a job and of its benchmarks look, however a family spells them. */
export function styleOf(status: string): Style | undefined {
  return /^completed$/i.test(status) ? 'green' : /^failed$/i.test(status) ? 'red' : /^in_?progress$/i.test(status) ? 'cyan' : /^stop/i.test(status) ? 'yellow' : 'dim';
}

/** The endpoints that a job tries, with what is known by now. */
export function benchmarksTable({ benchmarks, kind }: Pick<JobView, 'benchmarks' | 'kind'>): Table {
  const hasStream = benchmarks.some(({ failureReason }) => failureReason);
  const columns = knownColumns(kind, benchmarks, { isWhole: true });
  return {
    columns: [
      { key: 'status', title: 'status' },
      { key: 'endpoint', title: 'endpoint' },
      ...columns.map(({ key, title: name }) => ({ key, title: name, isFigure: true })),
      ...hasStream ? [{ key: 'failureReason', title: 'why', isLong: true }, { key: 'logStream', title: 'log stream', isLong: true }] : [],
    ],
    rows: benchmarks.map(({ status, endpoint, figures, failureReason, logStream }) => ({
      status: cell(status, styleOf(status)),
      endpoint: cell(endpointText(endpoint)),
      ...figureCells(columns, { figures }),
      failureReason: cell(failureReason ?? '', 'red'),
      logStream: cell(failureReason && logStream ? logStream : ''),
    })),
  };
}
