import { gzipSync } from 'zlib';
import { BenchmarkRun } from '../../src/service/aiperf';
import { tarOf } from '../../src/service/tar';

/** An archive as an AI benchmark job writes it, with the runs in it. */
export function benchmarkArchive(runs: readonly BenchmarkRun[]): Buffer {
  return gzipSync(tarOf(Object.fromEntries(runs.map((run) => [run.file, JSON.stringify(exportOf(run), undefined, 2)]))));
}

function exportOf({ version, models, requests, errors, started, ended, isCancelled, metrics }: BenchmarkRun): object {
  const count = (avg: number | undefined) => (avg === undefined ? undefined : { unit: 'requests', avg });
  return {
    schema_version: '1.1',
    aiperf_version: version,
    request_count: count(requests),
    error_request_count: count(errors),
    ...Object.fromEntries(metrics.map(({ name, unit, stats }) => [name, { unit, ...stats }])),
    input_config: { endpoint: { model_names: models, type: 'chat', streaming: true } },
    was_cancelled: isCancelled,
    error_summary: [],
    start_time: started,
    end_time: ended,
  };
}
