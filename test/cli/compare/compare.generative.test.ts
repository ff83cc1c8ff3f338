import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { compare, REGRESSION_EXIT_CODE } from '../../../cli/src/compare/compare';
import { show } from '../../../cli/src/show/show';
import type { BenchmarkRun } from '../../../src/service/aiperf';
import { archiveOf } from '../../harness/archives';
import { benchmarkArchive } from '../../harness/benchmark-archive';
import { ran } from '../command';
import { COMPONENT, GenerativeWorld } from '../generative-world';

const folder = mkdtempSync(join(tmpdir(), 'compare-generative-'));
let world: GenerativeWorld;
beforeAll(async () => {
  world = await GenerativeWorld.open();
  expect([
    await world.chat('Chat', { component: COMPONENT, instancePrices: { 'ml.g6.12xlarge': 6, 'ml.g5.12xlarge': 7, 'ml.p4d.24xlarge': 30 } }),
    await world.chat('Dear', { instancePrices: { 'ml.g6.12xlarge': 12, 'ml.g5.12xlarge': 14, 'ml.p4d.24xlarge': 60 } }),
    await world.benchmark('Measured'),
    await world.instant('Instant'),
  ]).toEqual(Array(4).fill('CREATE_COMPLETE'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world?.close();
});

const compared = (...args: string[]) => ran(compare, args);
async function dataOf(...args: string[]) {
  const { code, out, told } = await compared(...args, '--json');
  expect([code, told]).toEqual([0, '']);
  return JSON.parse(out);
}

async function shown(name: string): Promise<string> {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, (await ran(show, [name, '--json'])).out);
  return path;
}

/** What AIPerf has measured at so many users. */
function archive(name: string, ...users: number[]): string {
  const path = join(folder, name);
  writeFileSync(path, benchmarkArchive(users.map((many): BenchmarkRun => ({
    file: `${users.length > 1 ? `concurrency_${many}/` : ''}profile_export_aiperf.json`,
    version: '0.8.0',
    models: ['chat'],
    requests: 100,
    errors: 0,
    isCancelled: false,
    metrics: [
      { name: 'time_to_first_token', unit: 'ms', stats: { avg: 10 * many, p99: 50 * many } },
      { name: 'request_latency', unit: 'ms', stats: { avg: 100 * many } },
      { name: 'request_throughput', unit: 'requests/sec', stats: { avg: many } },
    ],
  }))));
  return path;
}

describe('two generative jobs', () => {
  test('are compared by the figures of their kind, and by their criteria', async () => {
    const { comparisons: [{ differences, chosen, notes }] } = await dataOf('Chat', 'Dear');
    // The job is the same, and the apps have other prices.
    expect(new Set(differences.map(({ outcome }: any) => outcome))).toEqual(new Set(['equal']));
    expect(new Set(differences.map(({ title }: any) => title))).toContain('ms to the first token, p99');
    expect(chosen.map(({ sentence }: any) => sentence)).toEqual([
      'The chosen endpoint of Dear/Job/Best is the same, ml.p4d.24xlarge × 1 with 8 copies each: 100% dearer an hour, 100% dearer per million output tokens.',
    ]);
    expect(notes).toEqual(['Neither job reports USD per million input tokens.']);
  });

  test('however they are named: what show has printed is the same', async () => {
    const { comparisons: [expected] } = await dataOf('Chat', 'Dear');
    const { comparisons: [found] } = await dataOf(await shown('Chat'), await shown('Dear'));
    expect([found.differences, found.chosen]).toEqual([expected.differences, expected.chosen]);
  });

  test('a gate is judged by their figures', async () => {
    expect(await compared('Chat', 'Dear', '--fail-on-regression', '50', '--chosen')).toMatchObject({ code: REGRESSION_EXIT_CODE, told: '' });
    expect(await compared('Chat', 'Dear', '--fail-on-regression', '50')).toMatchObject({ code: 0, told: '' });
    expect(await compared('Dear', 'Chat', '--fail-on-regression', '5', '--chosen')).toMatchObject({ code: 0, told: '' });
  });
});

describe('one sentence is said', () => {
  const sentence = async (...args: string[]) => {
    const { code, out, told } = await ran(compare, args);
    expect([code, out]).toEqual([1, '']);
    return told;
  };

  test('of two that are of different kinds', async () => {
    expect(await sentence('Chat', 'Measured')).toMatch(/^A is a generative recommendation \(\S+\), and B is a benchmark of an endpoint \(\S+\): their figures are of different kinds, so compare two jobs of one kind$/);
    expect(await sentence('Chat', archive('output.tar.gz', 8))).toContain('their figures are of different kinds');
  });

  test.each([[['Instant', 'Instant']], [['Chat', 'Instant']], [['Instant']]])('of a kind without figures: %j', async (args) => {
    expect(await sentence(...args)).toMatch(/^There is nothing to compare: an instant recommendation \(\S+\) has no figures\. inference-recommender show lists its instance types$/);
  });
});

describe('what runs now', () => {
  test('in a component is compared with its recommendation', async () => {
    const { after, comparisons: [{ title, notes, differences }] } = await dataOf('Chat');
    expect(after).toMatch(/^endpoint \S+$/);
    expect(title).toMatch(/, component \S+ of 8 copies: ml\.p4d\.24xlarge × 1$/);
    // By the prices of the stack: AWS's are not known for this type.
    expect(differences).toContainEqual(expect.objectContaining({ metric: 'costPerHourUsd', before: 30, after: 30, outcome: 'equal' }));
    expect(notes.join(' ')).toContain('CloudWatch has no invocations of the component in the window, so only the cost an hour can be compared.');
  });

  test('is not compared with a search that has no runs', async () => {
    expect(await world.benchmark('Searched')).toBe('CREATE_COMPLETE');
    const { measured: { address } } = JSON.parse((await ran(show, ['Searched', '--json'])).out).jobs[0];
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address)!;
    const history = JSON.stringify({ boundary_summary: { swept_dim_path: 'phases.profiling.concurrency', feasible_max: { value: 8 } } });
    world.apps.aws.world.s3.putObject(bucket, key, archiveOf({ 'search_history.json': history }));
    for (const words of [['Searched'], ['Searched', 'Measured']]) {
      expect(await compared(...words)).toMatchObject({
        code: 1, out: '', told: expect.stringMatching(/Searched has no results: its archive has no runs, but the outcome of a search: of all values of concurrency, 8 is the highest within all limits$/),
      });
    }
  });

  test('is compared with what was measured of it, also in an archive', async () => {
    const ofJob = await compared('Measured');
    expect(ofJob.out).toContain('The benchmark does not say on how many instances it ran');
    const endpoint = JSON.parse((await ran(show, ['Measured', '--json'])).out).jobs[0].endpointName;
    const ofArchive = await compared(archive('sweep.tar.gz', 1, 8), '--endpoint', endpoint);
    expect(ofArchive.out).toContain('Of its runs, concurrency_8 bore most.');
  });
});

test('what was measured, against an archive: by each statistic', async () => {
  const { comparisons: [{ differences }] } = await dataOf('Measured', archive('later.tar.gz', 8));
  expect(differences.map(({ metric }: any) => metric)).toEqual(expect.arrayContaining(['time_to_first_token.avg', 'time_to_first_token.p99', 'request_throughput.avg']));
});

test('the printed policy suffices', async () => {
  const [{ Action }] = JSON.parse((await compared('--policy')).out).Statement;
  const called = new Set<string>();
  const forget = world.apps.aws.world.watch(({ service, operation }) => called.add(`${service}:${operation}`.toLowerCase()));
  await dataOf('Chat', 'Dear');
  await dataOf('Chat');
  await compared('Measured');
  forget();
  const names = Action.map((action: string) => action.toLowerCase());
  expect([...called].filter((one) => !names.includes(one) && !/^s3:(listobjectsv2|headobject)$|^monitoring:|^sts:/.test(one))).toEqual([]);
});
