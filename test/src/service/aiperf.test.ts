import { spawnSync } from 'child_process';
import { deflateSync, gzipSync } from 'zlib';
import * as fc from 'fast-check';
import { BenchmarkArchiveError, benchmarkFigure, benchmarkResults, BenchmarkRun, benchmarkRuns } from '../../../src/service/aiperf';
import { tarOf } from '../../../src/service/tar';
import { TOKEN_STATS } from '../../../src/service/token-metrics';
import { archiveOf } from '../../harness/archives';
import { benchmarkArchive } from '../../harness/benchmark-archive';
import { folder } from '../../harness/files';

const WHAT = 's3://results/job/output.tar.gz';
const FILE = 'profile_export_aiperf.json';
const AGAIN = 'download it again from the output location of an AI benchmark job';

const runs = (archive: Buffer) => benchmarkRuns(archive, WHAT);
const sentence = (archive: Buffer) => runs(archive).then(() => 'no trouble', (error) => {
  expect(error).toBeInstanceOf(BenchmarkArchiveError);
  return (error as Error).message;
});

/** As AIPerf 0.10 writes it, shortened. */
const EXPORT = {
  schema_version: '1.3',
  aiperf_version: '0.10.0',
  benchmark_id: '7f0c',
  request_throughput: { unit: 'requests/sec', avg: 2.6 },
  request_latency: { unit: 'ms', avg: 1484.4, p50: 1218.9, p99: 4403.9, min: 144.8, max: 5257.4, std: 1044.1, count: 96, sum: 142500.6 },
  request_count: { unit: 'requests', avg: 96 },
  time_to_first_token: { unit: 'ms', avg: 106.7, p50: 106.3, p90: 169.1, p99: 234.6, count: 96 },
  output_token_throughput: { unit: 'tokens/sec', avg: 538.5 },
  benchmark_duration: { unit: 'sec', avg: 36.5 },
  osl_mismatch_diff_pct: { unit: '%', avg: -0.3, adj_p50: 1 },
  telemetry_data: { summary: { start_time: '2026-07-03T04:15:59' }, endpoints: {} },
  warmup_metrics: { time_to_first_token: { unit: 'ms', avg: 999 } },
  input_config: { models: { items: [{ name: 'qwen' }] }, endpoint: { urls: ['http://localhost:8000'], streaming: true } },
  run_info: { random_seed: 42, trial: 0, run_label: 'run_0001' },
  was_cancelled: false,
  error_summary: [],
  start_time: '2026-07-03T04:15:59.067738',
  end_time: '2026-07-03T04:16:35.576231',
};
const changed = (change: object) => archiveOf({ [FILE]: JSON.stringify({ ...EXPORT, ...change }) });

describe('an archive of a run', () => {
  const whole = archiveOf({
    'MANIFEST.txt': '…', 'inputs.json': '{"data":[]}', [FILE]: JSON.stringify(EXPORT), 'profile_export_aiperf.csv': 'Metric,avg', 'profile_export.jsonl': '{}', 'logs/aiperf.log': '',
  });

  test('has its metrics with their units and statistics, and nothing of its warm-up or its GPUs', async () => {
    const [run, ...others] = await runs(whole);
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      file: FILE, version: '0.10.0', models: ['qwen'], requests: 96, errors: 0, isCancelled: false, started: EXPORT.start_time, ended: EXPORT.end_time,
    });
    expect(run.metrics.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
      'request_throughput requests/sec', 'request_latency ms', 'request_count requests', 'time_to_first_token ms', 'output_token_throughput tokens/sec',
      'benchmark_duration sec', 'osl_mismatch_diff_pct %',
    ]);
    expect(run.metrics[3].stats).toEqual({ avg: 106.7, p50: 106.3, p90: 169.1, p99: 234.6, count: 96 });
    expect(run.metrics[6].stats).toEqual({ avg: -0.3, adj_p50: 1 });
  });

  test('gives a figure by any spelling of its metric and statistic, with the unit as it was written', async () => {
    const [run] = await runs(whole);
    expect(benchmarkFigure(run, 'TTFT', 'P99')).toEqual({ metric: 'time_to_first_token', stat: 'p99', value: 234.6, unit: 'ms' });
    expect(benchmarkFigure(run, 'output-token-throughput', 'average')).toEqual({ metric: 'output_token_throughput', stat: 'avg', value: 538.5, unit: 'tokens/sec' });
    expect(benchmarkFigure(run, 'benchmark_duration', 'avg')).toEqual({ metric: 'benchmark_duration', stat: 'avg', value: 36.5, unit: 'sec' });
    expect(benchmarkFigure(run, 'osl_mismatch_diff_pct', 'adj_p50')?.value).toBe(1);
  });

  test('gives none for a statistic that was not measured, and for a metric that is not there', async () => {
    const [run] = await runs(whole);
    expect([
      benchmarkFigure(run, 'output_token_throughput', 'p99'), benchmarkFigure(run, 'itl', 'avg'), benchmarkFigure(run, 'throughput', 'avg'), benchmarkFigure(run, 'unit', 'avg'),
      benchmarkFigure(run, 'time_to_first_token', 'toString'),
    ]).toEqual(Array(5).fill(undefined));
  });

  test('has no unit where none was written', async () => {
    const [run] = await runs(changed({ time_to_first_token: { avg: 12 } }));
    expect(benchmarkFigure(run, 'ttft', 'avg')).toEqual({ metric: 'time_to_first_token', stat: 'avg', value: 12, unit: '' });
  });

  test('lacks the statistics that could not be computed', async () => {
    const [run] = await runs(changed({ time_to_first_token: { unit: 'ms', avg: 12, p99: null }, inter_token_latency: { unit: 'ms', avg: null } }));
    expect([benchmarkFigure(run, 'ttft', 'p99'), benchmarkFigure(run, 'itl', 'avg')]).toEqual([undefined, undefined]);
  });

  test('counts its errors, and tells that it was interrupted', async () => {
    const [counted] = await runs(changed({ error_request_count: { unit: 'requests', avg: 3 }, was_cancelled: true }));
    const [summed] = await runs(changed({ error_summary: [{ error_details: { code: 500 }, count: 2 }, { error_details: { code: 429 }, count: 5 }] }));
    expect([counted.errors, counted.isCancelled, summed.errors]).toEqual([3, true, 7]);
  });

  test.each([
    ['0.8', { endpoint: { model_names: ['a', 'b'] } }, ['a', 'b']],
    ['0.10', { models: { items: [{ name: 'a' }] } }, ['a']],
    ['no version', { models: ['a'] }, ['a']],
    ['none at all', undefined, []],
  ])('has its models where %s writes them', async (_version, input_config, models) => {
    expect((await runs(changed({ input_config })))[0].models).toEqual(models);
  });

  test('of the first versions has its metrics in a member of their own', async () => {
    const records = { ttft: { tag: 'ttft', header: 'Time to First Token', unit: 'ms', avg: 18.3, p99: 68.8 } };
    const [run] = await runs(archiveOf({ [FILE]: JSON.stringify({ records, was_cancelled: false }) }));
    expect(benchmarkFigure(run, 'time_to_first_token', 'p99')).toEqual({ metric: 'ttft', stat: 'p99', value: 68.8, unit: 'ms' });
  });
});

describe('an export that another program has rewritten', () => {
  const text = JSON.stringify(EXPORT);
  const same = async (given: string | Buffer, path = FILE) => {
    const [run, ...others] = await runs(archiveOf({ [path]: given as string }));
    const [own] = await runs(changed({}));
    expect([{ ...run, file: own.file }, others]).toEqual([own, []]);
    return run;
  };

  test('with lines and a mark of the byte order as on Windows', () => same(`\uFEFF${JSON.stringify(EXPORT, undefined, 2).replace(/\n/g, '\r\n')}`));

  test('with backslashes in its path', async () => {
    expect((await same(text, `output\\run\\${FILE}`)).file).toBe(`output/run/${FILE}`);
  });

  test.each(['NaN', 'Infinity', '-Infinity'])('with %s as Python writes it, which stands for what could not be computed, and not in a text', async (word) => {
    const given = JSON.stringify({ ...EXPORT, note: 'was NaN: Infinity', inter_token_latency: { unit: 'ms', avg: 'HERE' } }).replace('"HERE"', word);
    expect(benchmarkFigure(await same(given), 'itl', 'avg')).toBeUndefined();
  });

  test('with numbers as texts, a unit of null, and a metric beside others that are none', async () => {
    const [run] = await runs(changed({ time_to_first_token: { unit: null, avg: '12.5', p99: 34 }, branches: { count: 3, sum: 4 }, spread: { count: {} } }));
    expect(benchmarkFigure(run, 'ttft', 'avg')).toEqual({ metric: 'time_to_first_token', stat: 'avg', value: 12.5, unit: '' });
    expect(run.metrics.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['branches']));
    expect(run.metrics.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['spread']));
  });

  test.each([{ tool_version: '0.6.1' }, { version: '0.6.1' }, { metadata: { version: '0.6.1' } }])('with its version as %j', async (given) => {
    expect((await runs(changed({ aiperf_version: undefined, ...given })))[0].version).toBe('0.6.1');
  });
});

describe('an archive of a search', () => {
  const history = (boundary_summary: unknown) => JSON.stringify({ boundary_summary, iterations: [{}], convergence_reason: 'max_iterations' });
  const BOUNDARY = { swept_dim_path: 'phases.profiling.concurrency', feasible_max: { value: 256 }, infeasible_min: null };

  test('has what was found, and the runs of its values', async () => {
    const archive = archiveOf({ 'a/search_history.json': history(BOUNDARY), [`a/search_iter_0000/profile_runs/run_0000/${FILE}`]: JSON.stringify(EXPORT) });
    const { runs: [run, ...others], search } = await benchmarkResults(archive, WHAT);
    expect([run.requests, others, search]).toEqual([
      96, [], { dimension: 'phases.profiling.concurrency', highest: 256, tried: 1, reason: 'max_iterations' },
    ]);
  });

  test('has no boundary if it varied several things', async () => {
    expect((await benchmarkResults(archiveOf({ 'search_history.json': history(null) }), WHAT)).search).toEqual({ dimension: '', tried: 1, reason: 'max_iterations' });
  });

  test('has no figures if its runs are not there', async () => {
    const archive = archiveOf({ 'search_history.json': history(BOUNDARY) });
    expect((await benchmarkResults(archive, WHAT)).runs).toEqual([]);
    expect(await sentence(archive)).toBe(`${WHAT} has the outcome of a search, search_history.json, and no ${FILE} of its runs, so it has no figures`);
  });

  test.each(['{', '[]'])('is told in a sentence if its history is %s', async (broken) => {
    expect(await sentence(archiveOf({ 'search_history.json': broken, [FILE]: JSON.stringify(EXPORT) }))).toMatch(/^search_history\.json in .* (is no JSON|must be a JSON object): /);
  });
});

describe('an archive of a sweep', () => {
  test('has a run of which no request succeeded among the others, without figures', async () => {
    const failed = { error_request_count: undefined, error_summary: [{ count: 9 }], was_cancelled: true };
    const found = await runs(archiveOf({ [`concurrency_1/${FILE}`]: JSON.stringify(EXPORT), [`concurrency_999/${FILE}`]: JSON.stringify(failed) }));
    expect(found.map(({ file, errors, metrics: { length } }) => [file, errors, length > 0])).toEqual([
      [`concurrency_1/${FILE}`, 0, true], [`concurrency_999/${FILE}`, 9, false],
    ]);
  });

  test('has a run for each of its values, in their order, and no aggregate, phase or file of macOS as a run', async () => {
    const text = (avg: number) => JSON.stringify({ ...EXPORT, request_count: { unit: 'requests', avg } });
    const found = await runs(archiveOf({
      [`concurrency_64/${FILE}`]: text(64),
      [`concurrency_8/${FILE}`]: text(8),
      [`concurrency_8/phases/warmup/${FILE}`]: text(1),
      [`concurrency_8/._${FILE}`]: 'finder',
      'sweep_aggregate/profile_export_aiperf_sweep.json': '{"per_combination_metrics":[]}',
      'aggregate/concurrency_8/profile_export_aiperf_aggregate.json': '{}',
    }));
    expect(found.map(({ file, requests }) => [file, requests])).toEqual([[`concurrency_8/${FILE}`, 8], [`concurrency_64/${FILE}`, 64]]);
  });

  test('has the runs of all trials', async () => {
    const trials = [1, 2, 10].map((at) => `profile_runs/run_${String(at).padStart(4, '0')}/${FILE}`);
    expect((await runs(archiveOf(Object.fromEntries(trials.map((file) => [file, JSON.stringify(EXPORT)]))))).map(({ file }) => file)).toEqual(trials);
  });

  test('has the export of a phase where there is none of its run', async () => {
    expect((await runs(archiveOf({ [`phases/profiling/${FILE}`]: JSON.stringify(EXPORT) }))).map(({ file }) => file)).toEqual([`phases/profiling/${FILE}`]);
  });
});

const bounded = fc.double({ noNaN: true, noDefaultInfinity: true });
const metrics = fc.uniqueArray(fc.record({
  name: fc.stringMatching(/^[a-z][a-z_]{2,20}$/).filter((name) => !['records', 'input_config', 'request_count', 'error_request_count'].includes(name)),
  unit: fc.constantFrom('ms', 'tokens/sec', '', 'KB'),
  stats: fc.dictionary(fc.constantFrom(...TOKEN_STATS), bounded, { minKeys: 1 }),
}), { minLength: 1, maxLength: 5, selector: ({ name }) => name });
const folders = fc.array(fc.stringMatching(/^[a-zA-Z0-9_=é.-]{1,30}$/).filter((name) => !/^\.+$|^-/.test(name)), { maxLength: 5 }).map((parts) => parts.join('/'));

test('any export is the same, in whatever folder and among whatever files an archive has it', async () => {
  await fc.assert(fc.asyncProperty(metrics, folders, fc.string({ maxLength: 500 }), async (given, inside, other) => {
    const file = `${inside && `${inside}/`}${FILE}`;
    const run: BenchmarkRun = { file, version: '0.8.0', models: ['m'], requests: 5, errors: 0, isCancelled: false, metrics: given };
    const [own] = await runs(benchmarkArchive([run]));
    const counts = [{ name: 'request_count', unit: 'requests', stats: { avg: 5 } }, { name: 'error_request_count', unit: 'requests', stats: { avg: 0 } }];
    // JSON has no negative zero.
    expect(JSON.parse(JSON.stringify(own))).toEqual(JSON.parse(JSON.stringify({ ...run, metrics: [...counts, ...given] })));
    const text = JSON.stringify(Object.fromEntries(given.map(({ name, unit, stats }) => [name, { unit, ...stats }])));
    const [packed] = await runs(archiveOf({ 'a.txt': other, [file]: text, 'z.txt': other }));
    expect(JSON.parse(JSON.stringify(packed.metrics))).toEqual(JSON.parse(JSON.stringify(given)));
  }), { numRuns: 50 });
});

test.each(['gnu', 'pax', 'ustar', 'v7'])('what tar packs in the format %s from a folder is read', async (format) => {
  const { stdout } = spawnSync('tar', ['-cz', `--format=${format}`, '-C', folder({ [`output/${FILE}`]: JSON.stringify(EXPORT) }), '.']);
  expect((await runs(stdout)).map(({ file, requests }) => [file, requests])).toEqual([[`output/${FILE}`, 96]]);
});

describe('an archive that is none of AIPerf is told in a sentence', () => {
  const json = (text: string) => archiveOf({ [FILE]: text });

  test.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), `${WHAT} must be a tar archive that is compressed with gzip, and is empty: ${AGAIN}`],
    ['a text', Buffer.from('<Error/>'), `${WHAT} must be a tar archive that is compressed with gzip, and is plain text: ${AGAIN}`],
    ['a zip', Buffer.from('504b0304', 'hex'), `${WHAT} must be a tar archive that is compressed with gzip, and is a zip archive: ${AGAIN}`],
    ['a tar', tarOf({ [FILE]: '{}' }), `${WHAT} must be a tar archive that is compressed with gzip, and is not compressed: ${AGAIN}`],
    ['zlib', deflateSync('{}'), `${WHAT} must be a tar archive that is compressed with gzip, and is of another kind: ${AGAIN}`],
    ['gzipped JSON', gzipSync(JSON.stringify(EXPORT)),
      `${WHAT} must be a tar archive that is compressed with gzip, and is compressed with gzip, but is no tar archive: ${AGAIN}`],
    ['no file', gzipSync(tarOf({})), `${WHAT} has no ${FILE}, which AIPerf writes, but no file at all: ${AGAIN}`],
    ['a model', archiveOf({ 'xgboost-model': '…', 'code/inference.py': '' }),
      `${WHAT} has no ${FILE}, which AIPerf writes, but xgboost-model, code/inference.py: ${AGAIN}`],
    ['many files', archiveOf(Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((at) => [`${at}`, '']))),
      `${WHAT} has no ${FILE}, which AIPerf writes, but 1, 2, 3, 4, 5 and 2 more: ${AGAIN}`],
    ['the predecessor', archiveOf({ 'a/profile_export_genai_perf.json': '{}' }),
      `${WHAT} has no ${FILE}, which AIPerf writes, but a/profile_export_genai_perf.json, which GenAI-Perf wrote, another tool: ${AGAIN}`],
    ['the predecessor under another name',
      json(JSON.stringify({ request_latency: EXPORT.request_latency, input_config: { service_kind: 'triton', model: ['m'] } })),
      `${FILE} in ${WHAT} is of GenAI-Perf, another tool: ${AGAIN}`],
    ['no JSON', json('{"request_latency": {"avg": NaN oops}}'), `${FILE} in ${WHAT} is no JSON: ${AGAIN}`],
    ['half a JSON', json(JSON.stringify(EXPORT).slice(0, 300)), `${FILE} in ${WHAT} is no JSON: ${AGAIN}`],
    ['a list', json('[]'), `${FILE} in ${WHAT} must be a JSON object: ${AGAIN}`],
    ['no metric', json('{"mean_ttft_ms": 12, "was_cancelled": true}'),
      `${FILE} in ${WHAT} has no metric, so no request has succeeded or another tool wrote it: ${AGAIN}`],
    ['a text in place of a number', changed({ time_to_first_token: { unit: 'ms', avg: 'NaN' } }),
      `time_to_first_token.avg of ${FILE} in ${WHAT} must be a number, got: "NaN". Another tool has written or changed it: ${AGAIN}`],
    ['an infinite number', json('{"time_to_first_token": {"unit": "ms", "p99": 1e999}}'),
      `time_to_first_token.p99 of ${FILE} in ${WHAT} must be a number, got: Infinity. Another tool has written or changed it: ${AGAIN}`],
    ['a unit that is no text', changed({ time_to_first_token: { unit: 1, avg: 1 } }),
      `time_to_first_token.unit of ${FILE} in ${WHAT} must be a text, got: 1. Another tool has written or changed it: ${AGAIN}`],
  ])('%s', async (_what, archive, expected) => {
    expect(await sentence(archive)).toBe(expected);
  });

  test('one that is too large', async () => {
    expect(await sentence(Buffer.alloc(64 * 1024 * 1024 + 1))).toMatch(/ has 67108865 bytes, and at most 67108864 are read: benchmark without the raw requests and responses/);
  });

  test('one that inflates to too much, of which nothing is kept', async () => {
    const zeros = gzipSync(Buffer.alloc(32 * 1024 * 1024));
    const head = gzipSync(tarOf({ bomb: '' }).subarray(0, 0));
    // The size of a file is in its header, and gzip takes several parts as one.
    const header = tarOf({ bomb: '' }).subarray(0, 512);
    header.write('37777777777\0', 124);
    header.write(`${header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0).toString(8).padStart(6, '0')}\0 `, 148);
    const bomb = Buffer.concat([head, gzipSync(header), ...Array<Buffer>(17).fill(zeros)]);
    expect(bomb.length).toBeLessThan(2 * 1024 * 1024);
    expect(await sentence(bomb)).toMatch(/ bytes that inflate to more than 536870912: benchmark without the raw requests and responses/);
  });

  test('one with a huge export, which is not read', async () => {
    expect(await sentence(gzipSync(tarOf({ [FILE]: Buffer.alloc(17 * 1024 * 1024, ' ') })))).toMatch(/ has an export profile_export_aiperf.json of 17825792 bytes, /);
  });
});

test('a cut or changed archive is a sentence, or the same figures', async () => {
  const archive = archiveOf({ 'inputs.json': JSON.stringify(Array.from({ length: 300 }, (_, at) => at * 7919)), [FILE]: JSON.stringify(EXPORT), 'z.txt': 'last' });
  const whole = await runs(archive);
  const same = async (given: Buffer) => {
    let found;
    try {
      found = await runs(given);
    } catch (error) {
      expect(error).toBeInstanceOf(BenchmarkArchiveError);
      return;
    }
    expect(found).toEqual(whole);
  };
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: archive.length - 1 }), async (length) => {
    expect(await sentence(archive.subarray(0, length))).toMatch(/ is (empty|plain text|of another kind|cut off or damaged): /);
  }));
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: archive.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, more) => {
    const other = Buffer.from(archive);
    other[at] = (other[at] + more) % 256;
    await same(other);
  }), { numRuns: 300 });
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), async (bytes, isZipped) => {
    await same(isZipped ? gzipSync(bytes) : Buffer.from(bytes));
  }));
});
