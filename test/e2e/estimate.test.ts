import { execFile } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { promisify } from 'util';
import { estimate } from '../../cli/src/estimate/estimate';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const out = mkdtempSync(join(tmpdir(), 'estimates-'));
afterAll(() => rmSync(out, { recursive: true }));

/** What is said of an example, as its user synthesizes it. */
async function estimated(example: string): Promise<any> {
  const folder = join(out, example.replace('/', '-'));
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'app.ts'], {
    cwd: join(EXAMPLES, example), env: { ...process.env, CDK_OUTDIR: folder, CDK_DEFAULT_REGION: 'us-east-1', CDK_DEFAULT_ACCOUNT: '111111111111' },
  });
  const said: string[] = [];
  const io = { out: (text: string) => said.push(text), err: () => {}, isTerminal: false, hasColors: false, columns: 120 };
  expect(await estimate(['--app', folder, '--region', 'us-east-1', '--json'], io)).toBe(0);
  return JSON.parse(said.join('\n'));
}

/** For each stack: its jobs with the minutes at most, and what is known of each variant's instances. */
function summary({ stacks }: any) {
  return Object.fromEntries(stacks.map(({ name, jobs, endpoints }: any) => [name, {
    jobs: jobs.map(({ minutes, times, isListed, usd }: any) => [minutes, times, isListed, usd.most !== null]),
    endpoints: endpoints.flatMap(({ variants }: any) => variants
      .map(({ instances, monthlyUsd }: any) => [instances.least, instances.most, monthlyUsd.most !== null])),
  }]));
}

test.each([
  ['quick-start', { QuickStart: { jobs: [[45, 1, false, true]], endpoints: [[1, 1, true]] } }],
  ['load-test', { LoadTest: { jobs: [[300, 1, true, true]], endpoints: [[1, null, false]] } }],
  ['registry', { Registry: { jobs: [[45, 4, false, true]], endpoints: [] } }],
  ['autoscaling', { AutoScaling: { jobs: [[45, 1, false, true]], endpoints: [[2, null, false]] } }],
  ['background', { BackgroundBenchmark: { jobs: [[45, 1, false, true]], endpoints: [] }, BackgroundService: { jobs: [], endpoints: [[1, 1, true]] } }],
  ['existing-endpoint', { ExistingEndpoint: { jobs: [[45, 1, false, true]], endpoints: [[1, 1, true]] } }],
])('the example %s has an estimate before its deploy', async (example, expected) => {
  expect(summary(await estimated(example))).toEqual(expected);
});
