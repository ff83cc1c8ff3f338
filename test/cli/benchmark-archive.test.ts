import { join } from 'path';
import { ran } from './command';
import { compare, REGRESSION_EXIT_CODE } from '../../cli/src/compare/compare';
import { show } from '../../cli/src/show/show';
import { BenchmarkMetric, BenchmarkRun } from '../../src/service/aiperf';
import { archiveOf } from '../harness/archives';
import { benchmarkArchive } from '../harness/benchmark-archive';
import { folder } from '../harness/files';

const ttft = (p99: number, unit = 'ms'): BenchmarkMetric => ({ name: 'time_to_first_token', unit, stats: { avg: 100.25, p99 } });
const rate = (avg: number): BenchmarkMetric => ({ name: 'output_token_throughput', unit: 'tokens/sec', stats: { avg } });
const run = (metrics: readonly BenchmarkMetric[], more: Partial<BenchmarkRun> = {}): BenchmarkRun => (
  { file: 'profile_export_aiperf.json', version: '0.8.0', models: ['chat'], requests: 30, errors: 0, isCancelled: false, metrics, ...more });

/** Archives in a new folder, with a way to their paths. */
function files(archives: Readonly<Record<string, readonly BenchmarkRun[] | Buffer>>) {
  const made = folder(Object.fromEntries(
    Object.entries(archives).map(([name, given]) => [name, Buffer.isBuffer(given) ? given : benchmarkArchive(given)])));
  return (name: string) => join(made, name);
}

const exported = ([of]: readonly BenchmarkRun[]) => Buffer.from(JSON.stringify({
  schema_version: '1.0', aiperf_version: of.version, ...Object.fromEntries(of.metrics.map(({ name, unit, stats }) => [name, { unit, ...stats }])),
}));

const SWEEP = [8, 64].map((users) => run([ttft(users * 10), rate(users * 50)], { file: `sweep/concurrency_${users}/profile_export_aiperf.json` }));

describe('an export that is in no archive', () => {
  const at = files({ 'profile_export_aiperf.json': exported([run([ttft(20)])]), 'output.tar.gz': [run([ttft(20)])], 'none_aiperf.json': Buffer.from('{}'), 'cut_aiperf.json': Buffer.from('{"a"') });

  test('is read as one in an archive', async () => {
    const lines = async (name: string) => (await ran(show, ['--from', at(name)])).out.split('\n').slice(2);
    expect((await lines('profile_export_aiperf.json')).join()).toContain('time_to_first_token');
    expect(await lines('profile_export_aiperf.json')).toEqual(await lines('output.tar.gz'));
    expect((await ran(compare, [at('profile_export_aiperf.json'), at('output.tar.gz')])).out).toContain('0 figures are worse, 0 better and 2 equal');
  });

  test.each([['none_aiperf.json', /has no metric/], ['cut_aiperf.json', /is no JSON/]])('%s is refused in a sentence', async (name, message) => {
    const { code, told } = await ran(show, ['--from', at(name)]);
    expect([code, told.split('\n').length]).toEqual([1, 1]);
    expect(told).toMatch(message);
  });
});

describe('show --from', () => {
  test('has a table with a unit in each row, and who has measured what', async () => {
    const path = files({ 'output.tar.gz': [run([ttft(234.567), rate(1480.2), { name: 'http_req_total', unit: 'ms', stats: { avg: 1 } }], { errors: 1 })] })('output.tar.gz');
    expect(await ran(show, ['--from', path])).toEqual({
      code: 0,
      told: '',
      out: [
        path,
        'AIPerf 0.8.0, model chat, 30 requests, 1 error',
        '',
        'metric                   unit          avg  p50  p90  p95    p99  min  max',
        'time_to_first_token      ms          100.3    –    –    –  234.6    –    –',
        'output_token_throughput  tokens/sec  1,480    –    –    –      –    –    –',
      ].join('\n'),
    });
  });

  test('has each run of a sweep under its folder', async () => {
    const path = files({ 'a.tgz': SWEEP })('a.tgz');
    const { out } = await ran(show, ['--from', path, '--format', 'markdown']);
    expect(out.match(/\*\*.*\*\*/g)).toEqual(['**concurrency_8**', '**concurrency_64**']);
    expect(out).toContain('| time_to_first_token | ms | 100.3 | – | – | – | 640 | – | – |');
  });

  test('gives programs all figures as they are', async () => {
    const path = files({ 'a.tar.gz': [...SWEEP] })('a.tar.gz');
    const { out: csv } = await ran(show, ['--from', path, '--format', 'csv']);
    const [head, ...lines] = csv.split('\n');
    expect(head).toBe('run,metric,unit,avg,min,max,p1,p5,p10,p25,p50,p75,p90,p95,p99,std,count,sum');
    expect(lines).toContain('concurrency_64,time_to_first_token,ms,100.25,,,,,,,,,,,640,,,');
    const { out: json } = await ran(show, ['--from', path, '--json']);
    expect(JSON.parse(json).runs[1]).toMatchObject({
      name: 'concurrency_64', requests: 30, metrics: expect.arrayContaining([{ name: 'time_to_first_token', unit: 'ms', stats: { avg: 100.25, p99: 640 } }]),
    });
  });

  test('says of a run in which all requests failed that it has no figures', async () => {
    const failed = JSON.stringify({ aiperf_version: '0.8.0', error_request_count: { unit: 'requests', avg: 5 }, was_cancelled: true });
    const path = files({ 'a.tar.gz': archiveOf({ 'profile_export_aiperf.json': failed }) })('a.tar.gz');
    expect((await ran(show, ['--from', path])).out).toBe(`${path}\nAIPerf 0.8.0, 5 errors, no figures, interrupted`);
  });

  test('tells what a search found, before its runs', async () => {
    const history = JSON.stringify({ boundary_summary: { swept_dim_path: 'phases.profiling.concurrency', feasible_max: { value: 8 }, infeasible_min: { value: 64 } } });
    const trial = JSON.stringify({ request_throughput: { avg: 9, unit: 'req/s' } });
    const at = files({
      'a.tar.gz': archiveOf({ 'search_history.json': history, 'search_iter_0000/profile_runs/run_0000/profile_export_aiperf.json': trial }),
      'alone.tar.gz': archiveOf({ 'search_history.json': history }),
    });
    const { out, code } = await ran(show, ['--from', at('a.tar.gz')]);
    const told = 'The search: of all values of concurrency, 8 is the highest within all limits; 64 breaks a limit.';
    expect([code, out.split('\n')[0], out.split('\n').pop()]).toEqual([0, told, expect.stringMatching(/^request_throughput +req\/s +9 /)]);
    expect((await ran(show, ['--from', at('alone.tar.gz')])).out).toBe(told);
    expect(JSON.parse((await ran(show, ['--from', at('alone.tar.gz'), '--json'])).out)).toMatchObject({ search: { highest: 8, lowestBroken: 64 }, runs: [] });
    expect((await ran(compare, [at('alone.tar.gz'), at('a.tar.gz')])).told).toMatch(/has the outcome of a search, search_history\.json, and no .* so it has no figures/);
  });

  test('tells in a sentence what is wrong', async () => {
    const at = files({ 'model.tar.gz': archiveOf({ 'model.bin': '' }), 'page.tar.gz': Buffer.from('<html>') });
    expect(await ran(show, ['--from', at('none.tar.gz')])).toMatchObject({
      code: 1, out: '', told: `The file ${at('none.tar.gz')} cannot be read: ENOENT; expected output.tar.gz of an AI benchmark job`,
    });
    expect((await ran(show, ['--from', at('model.tar.gz')])).told).toMatch(/model\.tar\.gz has no profile_export_aiperf\.json, which AIPerf writes, but model\.bin: /);
    expect((await ran(show, ['--from', at('page.tar.gz')])).told).toMatch(/page\.tar\.gz must be a tar archive that is compressed with gzip, and is plain text: /);
    expect((await ran(show, ['--from', 'a.tar.gz', 'Shop'])).told).toBe('--from and Shop contradict each other, because a file has its own job: leave one out');
  });
});

describe('compare of two archives', () => {
  test('has what is better and worse by the direction of each metric, and breaks a threshold', async () => {
    const at = files({ 'a.tar.gz': [run([ttft(200), rate(1000)])], 'b.tar.gz': [run([ttft(150), rate(800)], { errors: 2, isCancelled: true })] });
    const { code, out } = await ran(compare, [at('a.tar.gz'), at('b.tar.gz'), '--fail-on-regression', '10']);
    expect(code).toBe(REGRESSION_EXIT_CODE);
    expect(out.split('\n').filter((line) => /^(worse|better|equal)/.test(line)).map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      'worse | chat | output_token_throughput avg (tokens/sec) | 1,000 | 800 | -20%',
      'better | chat | time_to_first_token p99 (ms) | 200 | 150 | -25%',
      'equal | chat | time_to_first_token avg (ms) | 100.3 | 100.3 | 0%',
    ]);
    expect(out).toContain('B has 2 requests that failed and are in no figure.\nB was interrupted: its figures are of a part of the run.');
    expect((await ran(compare, [at('a.tar.gz'), at('b.tar.gz'), '--fail-on-regression', '25'])).code).toBe(0);
  });

  test('converts units, and does not compare what cannot be converted', async () => {
    const at = files({ 'a.tar.gz': [run([ttft(200)])], 'b.tar.gz': [run([{ ...ttft(0.15, 'sec'), stats: { p99: 0.15 } }])], 'c.tar.gz': [run([ttft(150, '')])] });
    const rows = async (other: string) => JSON.parse((await ran(compare, [at('a.tar.gz'), at(other), '--json'])).out).comparisons[0].differences;
    expect(await rows('b.tar.gz')).toContainEqual(expect.objectContaining({ metric: 'time_to_first_token.p99', before: 200, after: 150, outcome: 'better' }));
    expect(await rows('c.tar.gz')).toContainEqual(expect.objectContaining({ metric: 'time_to_first_token.p99', outcome: 'units' }));
    expect((await ran(compare, [at('a.tar.gz'), at('c.tar.gz')])).code).toBe(1);
  });

  test('matches the runs of sweeps by their folders', async () => {
    const at = files({ 'a.tar.gz': SWEEP, 'b.tar.gz': [SWEEP[1], run([ttft(1)], { file: 'sweep/concurrency_128/profile_export_aiperf.json' })], 'c.tar.gz': [run([ttft(1)])] });
    const { out } = await ran(compare, [at('a.tar.gz'), at('b.tar.gz')]);
    expect(out).toContain('\nconcurrency_64\n');
    expect(out).toContain('Only A has the run concurrency_8.\nOnly B has the run concurrency_128.');
    expect((await ran(compare, [at('a.tar.gz'), at('c.tar.gz')])).told).toBe(
      'The runs cannot be matched by their folders: A has concurrency_8, concurrency_64, and B has one run');
  });

  test.each([['a.tar.gz', 'Shop'], ['Shop', 'a.tar.gz'], ['a.tar.gz', '--endpoint', 'shop']])('%s %s: a file that is not there is told before AWS is asked', async (...args) => {
    expect(await ran(compare, args)).toMatchObject({ code: 1, told: 'The file a.tar.gz cannot be read: ENOENT; expected output.tar.gz of an AI benchmark job' });
  });

  const described = { AIBenchmarkJobName: 'chat', AIBenchmarkJobArn: 'arn:aws:sagemaker:us-east-1:111111111111:ai-benchmark-job/chat', AIBenchmarkJobStatus: 'Completed' };
  const shownJob = (measured: object) => ({ jobs: [{ name: 'chat', family: 'AIBenchmark', status: 'Completed', recommendations: [], measured }] });

  test.each<[what: string, file: object, why: string]>([
    ['what the service describes', described, 'what describes an AI benchmark job has no figures: give its output.tar.gz, or what `inference-recommender show --json` prints'],
    ['what show has printed of results that cannot be read', shownJob({ trouble: 'The results are gone' }), 'The results are gone'],
    ['what show has printed of a search without runs', shownJob({ address: 's3://b/k', runs: [], search: { dimension: 'phases.profiling.concurrency', highest: 8 } }),
      'its archive has no runs, but the outcome of a search: of all values of concurrency, 8 is the highest within all limits'],
  ])('with a benchmark without figures is refused with the reason: %s', async (_what, file, why) => {
    const at = files({ 'a.tar.gz': [run([ttft(1)])], 'none.json': Buffer.from(JSON.stringify(file)) });
    for (const words of [[at('none.json'), at('none.json')], [at('a.tar.gz'), at('none.json')], [at('none.json'), '--endpoint', 'shop']]) {
      const { code, out, told } = await ran(compare, words);
      expect([code, out]).toEqual([1, '']);
      expect(told).toContain(`none.json has no results: ${why}`);
    }
  });

  test('with a job of another kind is refused in a sentence, and alone it needs something beside it', async () => {
    const job = JSON.stringify({ JobName: 'shop', JobType: 'Default', Status: 'COMPLETED', InferenceRecommendations: [] });
    const at = files({ 'a.tar.gz': [run([ttft(1)])], 'job.json': Buffer.from(job) });
    expect(await ran(compare, [at('a.tar.gz'), at('job.json')])).toMatchObject({
      code: 1,
      told: `A is an archive of a benchmark (${at('a.tar.gz')}), and B is an instance recommendation (shop): their figures are of different kinds, so compare two jobs of one kind`,
    });
    expect((await ran(compare, [at('a.tar.gz')])).told).toBe(`${at('a.tar.gz')} is a file: say what it is compared with, a stack, a job, a file, or --endpoint NAME`);
  });
});
