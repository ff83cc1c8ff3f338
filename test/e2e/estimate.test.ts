import { execFile } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { promisify } from 'util';
import { APPS, estimated, EXAMPLES, readmeOf } from '../harness/examples';

const out = mkdtempSync(join(tmpdir(), 'estimates-'));

// One process synthesizes all examples: each app writes what it is when the process ends, to where it was made for.
beforeAll(async () => {
  const code = `for (const app of ${JSON.stringify(APPS)}) {
    process.env.CDK_OUTDIR = ${JSON.stringify(out)} + '/' + app;
    await import(${JSON.stringify(EXAMPLES)} + '/' + app + '/app.ts');
  }`;
  await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    cwd: EXAMPLES, env: { ...process.env, CDK_DEFAULT_REGION: 'us-east-1', CDK_DEFAULT_ACCOUNT: '111111111111' },
  });
});
afterAll(() => rmSync(out, { recursive: true }));

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
  ['hugging-face', { HuggingFace: { jobs: [[300, 1, true, true]], endpoints: [[1, null, false]] } }],
  ['registry', { Registry: { jobs: [[45, 4, false, true]], endpoints: [] } }],
  ['autoscaling', { AutoScaling: { jobs: [[45, 1, false, true]], endpoints: [[2, null, false]] } }],
  ['background', { BackgroundBenchmark: { jobs: [[45, 1, false, true]], endpoints: [] }, BackgroundService: { jobs: [], endpoints: [[1, 1, true]] } }],
  ['existing-endpoint', { ExistingEndpoint: { jobs: [[45, 1, false, true]], endpoints: [[1, 1, true]] } }],
])('the example %s has an estimate before its deploy', async (example, expected) => {
  expect(summary(JSON.parse(await estimated(join(out, example), '--json')))).toEqual(expected);
});

test.each(APPS)('the README of the example %s says what the estimate says', async (app) => {
  const text = await estimated(join(out, app));
  const [, date] = /prices of (\S+)/.exec(text)!;
  const readme = readmeOf(app);
  for (const line of [...text.matchAll(/^(Jobs, of|Endpoints, a month of) .*$/gm)]) { expect(readme).toContain(line[0]); }
  expect(readme).toContain(`prices of ${date}`);
});
