import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Pages } from './pages';
import { report } from '../../../cli/src/report/report';
import type { BenchmarkRun } from '../../../src/service/aiperf';
import { archiveOf } from '../../harness/archives';
import { benchmarkArchive } from '../../harness/benchmark-archive';
import { ran } from '../command';
import { within } from '../generative';
import { GenerativeWorld } from '../generative-world';

let pages: Pages;
let world: GenerativeWorld;
beforeAll(async () => {
  pages = await Pages.open();
  world = await GenerativeWorld.open();
  const instancePrices = { 'ml.g6.12xlarge': 6, 'ml.g5.12xlarge': 7, 'ml.p4d.24xlarge': 25 };
  expect(await world.chat('Chat', { ...within(3000), instancePrices, targetLoad: { invocationsPerMinute: 600, headroomPercent: 20 } })).toBe('CREATE_COMPLETE');

  expect(await world.benchmark('Measured')).toBe('CREATE_COMPLETE');

  expect(await world.instant('Instant')).toBe('CREATE_COMPLETE');
});
afterAll(async () => {
  await world?.close();
  pages.close();
});

const run = (...args: string[]) => ran((given, io) => report(given, io, pages.script), args);
const dataOf = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out);

/** What a reader sees of a page: without the style and the scripts. */
async function textOf(...args: string[]): Promise<string> {
  const file = join(pages.folder, 'page.html');
  expect(await run(...args, '--out', file)).toMatchObject({ code: 0, told: '' });
  return readFileSync(file, 'utf8').replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '').replace(/<[^>]+>/g, ' ').replace(/&#39;/g, "'").replace(/\s+/g, ' ');
}

describe('a generative job', () => {
  test('has costs and throughput against times of tokens, by the statistic that the choice names', async () => {
    const { jobs: [{ title, status, choices: [choice] }] } = await dataOf('Chat');
    expect([title, status, choice.family]).toEqual(['generative recommendation', 'Completed', 'AIRecommendation']);
    expect(choice.plots.map(({ name, x, y, better }: any) => [name, x.metric, y.metric, better])).toEqual([
      ['first-token', 'TimeToFirstToken.p99', 'CostPerMillionOutputTokens', 'The best are at the lower left.'],
      ['tokens', 'InterTokenLatency', 'OutputTokenThroughput', 'The best are at the upper left.'],
    ]);
    expect(choice.limits).toEqual([{ metric: 'TimeToFirstToken.p99', bound: 'most', value: 3000 }]);
    expect(choice.recommendations.map(({ verdict }: any) => verdict)).toEqual(['chosen', 'runner-up', 'allowed']);
  });

  test('says why in its own units, and what a fleet costs at the load, without a word of serverless endpoints', async () => {
    const text = await textOf('Chat');
    expect(text).toMatch(/has the lowest time to first token of the 3 that may be chosen: [\d.]+ ms to the first token \(avg\)\. The runner-up, /);
    expect(text).toMatch(/No other beats .* in both\./);
    expect(text).toMatch(/At 600 requests a minute, ml\.\S+ with \d copies each costs the least: [\d,.]+ USD a month for \d instances?\./);
    expect(text).toContain('A load needs as many whole instances as bear it with 20% headroom. ');
    expect(text).toContain('USD per million output tokens');
    expect(text).toContain('Environments of the containers');
    expect(text).not.toMatch(/serverless|break-even/i);
  });

  test('its fleet is as large as its measured requests a second bear', async () => {
    const { jobs: [{ choices: [{ recommendations }] }] } = await dataOf('Chat');
    for (const { figures, benchmarked } of recommendations) {
      const needed = Math.ceil(600 * 1.2 / (benchmarked.figures.RequestThroughput * 60));
      expect(figures.CostPerHour).toBeCloseTo(benchmarked.figures.CostPerHour * needed, 6);
    }
  });
});

test('an instant recommendation is a ranked list: nothing is drawn, and that is said', async () => {
  const { jobs: [{ noun, choices: [choice] }] } = await dataOf('Instant');
  expect([noun, choice.plots, choice.shownLoad]).toEqual(['model', [], undefined]);
  const text = await textOf('Instant');
  expect(text).toContain("ml.g5.xlarge × 1 comes first in the service's list of the 2 that may be chosen. The next one is ml.m5.xlarge × 1.");
  expect(text).toContain('No figure comes with these recommendations, so nothing is drawn: only the order of the list is known.');
  expect(text).not.toMatch(/fleet|Pareto/);
});

const at = (users: number): BenchmarkRun => ({
  file: `sweep/concurrency_${users}/profile_export_aiperf.json`,
  models: ['chat'],
  requests: 300,
  errors: users > 8 ? 3 : 0,
  isCancelled: false,
  metrics: [
    { name: 'time_to_first_token', unit: 'sec', stats: { avg: users / 100, p50: users / 110, p90: users / 50, p99: users / 20 } },
    { name: 'inter_token_latency', unit: 'ms', stats: { avg: 5, p99: 9 } },
    { name: 'output_token_throughput', unit: 'tokens/sec', stats: { avg: users * 100 } },
  ],
});
const archive = (name: string, ...users: number[]) => {
  const file = join(pages.folder, name);
  writeFileSync(file, benchmarkArchive(users.map(at)));
  return file;
};

describe('what a benchmark has measured', () => {
  test('is a picture of each time by its statistics, in milliseconds', async () => {
    const { jobs: [{ measured, choices }] } = await dataOf('Measured');
    expect(measured.ranges.map(({ rows }: any) => rows.map(({ label, values }: any) => [label, values.map(({ stat }: any) => stat)]))).toEqual([[
      ['time_to_first_token', ['avg', 'p50', 'p90', 'p99']], ['inter_token_latency', ['avg', 'p50', 'p90', 'p99']], ['request_latency', ['avg', 'p50', 'p90', 'p99']],
    ]]);
    expect([measured.curve, choices]).toEqual([undefined, []]);
    expect(await textOf('Measured')).toMatch(/Measured\/Job Status Completed Kind benchmark of an endpoint .* What was measured AIPerf .* output_token_throughput [\d,.]+ tokens\/sec/);
  });

  test('of an archive without an account: units are converted', async () => {
    const { title, jobs: [{ measured: { ranges: [times], runs } }] } = await dataOf('--from', archive('output.tar.gz', 8));
    expect([title, runs.length]).toEqual(['output.tar.gz', 1]);
    expect(times.rows[0]).toEqual({ label: 'time_to_first_token', values: [{ stat: 'avg', ms: 80 }, { stat: 'p50', ms: expect.closeTo(72.7, 1) }, { stat: 'p90', ms: 160 }, { stat: 'p99', ms: 400 }] });
    expect(times.rows[1].values.map(({ stat }: any) => stat)).toEqual(['avg', 'p99']);
  });

  test('of a sweep: each time by run, and how the throughput grows with it', async () => {
    const file = archive('sweep.tar.gz', 8, 64);
    const { jobs: [{ measured }] } = await dataOf('--from', file);
    expect(measured.curve).toMatchObject({ x: 'time_to_first_token p99 (ms)', points: [{ label: 'concurrency_8', x: 400, y: 800 }, { label: 'concurrency_64', x: 3200, y: 6400 }] });
    expect(measured.ranges.map(({ name, rows }: any) => [name, rows.map(({ label }: any) => label)])).toEqual([
      ['time-to-first-token', ['concurrency_8', 'concurrency_64']], ['inter-token-latency', ['concurrency_8', 'concurrency_64']],
    ]);
    expect(await textOf('--from', file)).toContain('3 requests have failed and are in no figure.');
  });

  test('of a search: what it found, also without a run', async () => {
    const history = JSON.stringify({ boundary_summary: { swept_dim_path: 'phases.profiling.concurrency', feasible_max: { value: 8 }, infeasible_min: { value: 64 } } });
    const told = 'The search: of all values of concurrency, 8 is the highest within all limits; 64 breaks a limit.';
    const trial = JSON.stringify({ request_throughput: { avg: 9, unit: 'req/s' } });
    const alone = join(pages.folder, 'alone.tar.gz');
    writeFileSync(alone, archiveOf({ 'search_history.json': history }));
    const whole = join(pages.folder, 'whole.tar.gz');
    writeFileSync(whole, archiveOf({ 'search_history.json': history, 'search_iter_0000/profile_runs/run_0000/profile_export_aiperf.json': trial }));
    for (const file of [alone, whole]) {
      expect((await dataOf('--from', file)).jobs[0].measured.search).toBe(told);
      const text = await textOf('--from', file);
      expect(text).toContain(`What was measured ${told}`);
      expect(text).not.toContain('0 runs');
    }
  });

  test('that cannot be read is a sentence', async () => {
    const archives = [...world.apps.aws.world.s3.find('models')!.objects.keys()];
    expect(await world.benchmark('Broken')).toBe('CREATE_COMPLETE');
    const { s3 } = world.apps.aws.world;
    const before = new Set(archives);
    for (const key of [...s3.find('models')!.objects.keys()].filter((one) => one.endsWith('output.tar.gz') && !before.has(one))) { s3.putObject('models', key, Buffer.from('text')); }
    const { jobs: [{ measured }] } = await dataOf('Broken');
    expect(measured).toEqual({ runs: [], ranges: [], trouble: expect.stringMatching(/must be a tar archive that is compressed with gzip, and is plain text/) });
    expect(await textOf('Broken')).toContain('What was measured s3://models/results/');
  });
});

test('the policy suffices for all of them', async () => {
  const { out } = await run('--policy');
  const [{ Action }] = JSON.parse(out).Statement;
  const called = new Set<string>();
  const forget = world.apps.aws.world.watch(({ service, operation }) => called.add(`${service}:${operation}`.toLowerCase()));
  for (const name of ['Chat', 'Measured', 'Instant']) { await dataOf(name); }
  forget();
  const names = Action.map((action: string) => action.toLowerCase());
  expect([...called].filter((one) => !names.includes(one) && !/^s3:(listobjectsv2|headobject)$/.test(one))).toEqual([]);
});
