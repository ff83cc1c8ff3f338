import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { DescribeInferenceRecommendationsJobCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { compare, REGRESSION_EXIT_CODE } from '../../../cli/src/compare/compare';
import { show } from '../../../cli/src/show/show';
import { Course, sharedAccount } from '../../e2e/account';
import { InProcessRunner } from '../../e2e/in-process-runner';
import { actionsOf, lead, ran, withPolicy } from '../command';

const LOAD = 600;
const account = sharedAccount({ lambdaRunner: new InProcessRunner(), load: LOAD });
const folder = mkdtempSync(join(tmpdir(), 'compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

const row = (InstanceType: string, CostPerHour: number, MaxInvocations: number, ModelLatency: number) => ({
  Metrics: { CostPerHour, MaxInvocations, ModelLatency, CostPerInference: CostPerHour / 60 / MaxInvocations, CpuUtilization: NaN },
  EndpointConfiguration: { InstanceType, InitialInstanceCount: 1 },
  ModelConfiguration: { EnvironmentParameters: [{ Key: 'TOKEN', ValueType: 'String', Value: 'a-secret-value' }] },
});
const finds = (...recommendations: any[]): Course => () => ({ durationSeconds: 600, recommendations });

/** The quick start before a change of the model, and after it: c5 costs 14% less per request, and its latency is 3% higher. */
let ready: Promise<unknown>;
beforeAll(() => {
  ready = (async () => {
    const opened = await account();
    lead(opened.aws.environment());
    const main = opened.stack('Main', finds(row('ml.m5.xlarge', 0.23, 1000, 100), row('ml.c5.xlarge', 0.204, 800, 90), row('ml.c5.2xlarge', 0.408, 1500, 50)));
    const change = opened.stack('Change', finds(row('ml.m5.xlarge', 0.23, 900, 104), row('ml.c5.xlarge', 0.204, 1031, 103), row('ml.g4dn.xlarge', 0.736, 2500, 9)));
    expect([await main.bring({ endpoint: true }), await change.bring({ endpoint: true }), main.reasons, change.reasons]).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE', '', '']);
  })(); return ready;
});

const compared = (...args: string[]) => ran(compare, args);

/** An answer of the service as Python's JSON prints it. */
async function describedFile(stack: string): Promise<string> {
  const { JobName } = (await account()).stack(stack).outputs;
  const { $metadata: _answer, ...answer } = await new SageMakerClient({}).send(new DescribeInferenceRecommendationsJobCommand({ JobName }));
  const path = join(folder, `${stack}.json`);
  const text = JSON.stringify(answer, (_key, value) => (typeof value === 'number' && Number.isNaN(value) ? 'not-a-number' : value), 2);
  writeFileSync(path, text.replace(/"not-a-number"/g, 'NaN'));
  return path;
}

async function shownFile(stack: string): Promise<string> {
  const path = join(folder, `${stack}-shown.json`);
  writeFileSync(path, (await ran(show, [stack, '--json'])).out);
  return path;
}

const SENTENCE = 'The chosen endpoint of JobBest77573A64 changed from ml.m5.xlarge × 1 to ml.c5.xlarge × 1: 11.3% cheaper an hour, 14% cheaper per million, 3.1% more requests a minute, 3% slower.';

test('two stacks: what is chosen, regressions first, and what only one of them has', async () => {
  const { code, out, told } = await compared('Main', 'Change');
  expect([code, told]).toEqual([0, '']);
  expect(out).toContain('A: stack Main, job ');
  expect(out).toContain(SENTENCE);
  const rows = out.split('\n').map((line) => line.split(/ {2,}/)).filter(([first]) => /^(worse|better|equal|only in .)$/.test(first));
  expect(rows.map((cells) => cells.slice(0, 3).join(', '))).toEqual([
    'worse, ml.c5.xlarge × 1, latency (ms or µs)',
    'worse, ml.m5.xlarge × 1, USD per million',
    'worse, ml.m5.xlarge × 1, requests a minute',
    'worse, ml.m5.xlarge × 1, latency (ms or µs)',
    'better, ml.c5.xlarge × 1, requests a minute',
    'better, ml.c5.xlarge × 1, USD per million',
    'equal, ml.c5.xlarge × 1, USD an hour',
    'equal, ml.m5.xlarge × 1, USD an hour',
    'only in A, ml.c5.2xlarge × 1, USD per million',
    'only in B, ml.g4dn.xlarge × 1, USD per million',
  ]);
  expect(out).toContain('The worst is latency (ms or µs) of ml.c5.xlarge × 1, +14.4%.');
});

test('the same two, however they are named: by stack, job, the answer of aws, or what show has printed', async () => {
  const [mainJob, changeJob] = await Promise.all(['Main', 'Change'].map(async (name) => (await account()).stack(name).outputs.JobName));
  const figures = async (a: string, b: string) => {
    const { code, out } = await compared(a, b, '--json');
    expect(code).toBe(0);
    const { comparisons: [{ differences, onlyBefore, onlyAfter, chosen }] } = JSON.parse(out);
    return { differences, onlyBefore, onlyAfter, chosen: chosen.map(({ before, after }: any) => [before, after]) };
  };
  const expected = await figures('Main', 'Change');
  expect(expected.chosen).toEqual([['ml.m5.xlarge × 1', 'ml.c5.xlarge × 1']]);
  for (const [a, b] of [[mainJob, changeJob], [await describedFile('Main'), 'Change'], [await shownFile('Main'), await describedFile('Change')], [await shownFile('Main'), await shownFile('Change')]]) {
    expect(await figures(a, b)).toEqual(expected);
  }
});

test('an artifact of show tells what its stack has chosen', async () => {
  expect((await compared(await shownFile('Main'), 'Change')).out).toContain(SENTENCE);
});

test('a stack compared with itself has no differences', async () => {
  const { code, out } = await compared('Main', 'Main', '--fail-on-regression', '0', '--json');
  const { summary, failOnRegression } = JSON.parse(out);
  expect([code, summary, failOnRegression.broken]).toEqual([0, '0 figures are worse, 0 better and 12 equal within 1%.', []]);
});

test.each<[string, string[], number]>([
  ['a matched figure', ['--fail-on-regression', '10'], REGRESSION_EXIT_CODE],
  ['none beyond the threshold', ['--fail-on-regression', '15'], 0],
  ['the chosen endpoint alone', ['--fail-on-regression', '10', '--chosen'], 0],
  ['the chosen endpoint beyond it', ['--fail-on-regression', '2', '--chosen'], REGRESSION_EXIT_CODE],
  ['what counts as equal', ['--fail-on-regression', '2', '--chosen', '--equal-within', '5'], 0],
])('--fail-on-regression is judged by %s', async (_what, args, code) => {
  expect(await compared('Main', 'Change', ...args)).toMatchObject({ code, told: '' });
});

test('a gate does not pass where nothing can be compared', async () => {
  const path = join(folder, 'other.json');
  writeFileSync(path, JSON.stringify({ JobName: 'other', InferenceRecommendations: [row('ml.t3.medium', 0.1, 10, 10)] }));
  expect(await compared('Main', path, '--fail-on-regression', '10')).toMatchObject({ code: 1, told: 'There is no figure that both have and that can be compared' });
  expect(await compared('Main', path)).toMatchObject({ code: 0, told: '' });
});

test('a pull request and a spreadsheet', async () => {
  const markdown = await compared('Main', 'Change', '--format', 'markdown', '--fail-on-regression', '10');
  expect(markdown).toMatchObject({ code: REGRESSION_EXIT_CODE, out: expect.stringContaining(`\n${SENTENCE}\n`) });
  expect(markdown.out).toContain('❌ 2 figures are worse by more than 10%.');
  const { out } = await compared('Main', 'Change', '--format', 'csv');
  expect(out.split('\n').slice(0, 2)).toEqual(['of,outcome,endpoint,metric,before,after,percent', expect.stringMatching(/^,worse,ml\.c5\.xlarge × 1,modelLatency,90,103,14\.4/)]);
});

describe('what runs now', () => {
  test('a stack alone is compared with its own endpoint', async () => {
    const { code, out, told } = await compared('Change', '--json', '--latency-unit', 'ms');
    expect([code, told]).toEqual([0, '']);
    const { before, after, comparisons: [{ title, differences, chosen }] } = JSON.parse(out);
    const { EndpointName } = (await account()).stack('Change').outputs;
    expect([before, after, title]).toEqual([expect.stringContaining('stack Change, job '), `endpoint ${EndpointName}`, expect.stringContaining(': ml.c5.xlarge × 1')]);
    const of = (name: string) => differences.find((one: any) => one.title === name);
    expect(of('USD an hour')).toMatchObject({ endpoint: 'ml.c5.xlarge × 1', before: 0.204, after: 0.204, outcome: 'equal' });
    expect(of('requests a minute, peak')).toMatchObject({ before: 1031, after: LOAD, outcome: 'load' });
    // What an hour costs, by what came in it.
    expect(of('USD per million').after).toBeCloseTo(0.204 / 60 / of('requests a minute, mean').after * 1e6, 6);
    expect(of('latency (ms), mean')).toMatchObject({ before: 103, outcome: expect.stringMatching(/^(worse|better)$/) });
    expect(chosen[0].sentence).toMatch(/^What runs, compared with the benchmark of ml\.c5\.xlarge × 1: /);
  });

  test('its window ends by the clock of the services, whatever this machine\'s says', async () => {
    const windows: number[] = [];
    const { world } = (await account()).aws;
    const forget = world.watch(({ operation, request }) => { if (operation === 'GetMetricData') { windows.push(Number((request as any).EndTime)); } });
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2001-01-01'));
    await compared('Change').finally(() => { now.mockRestore(); forget(); });
    expect(windows).toEqual([Math.floor(world.clock.now() / 60_000) * 60]);
  });

  test('without a unit, the latency is told and not compared', async () => {
    const { out } = await compared('Change');
    expect(out).toMatch(/The mean latency is [\d.,]+ ms\. It is not compared, because the unit of the job's 103 is not documented: say --latency-unit ms or us\./);
    expect(out).not.toMatch(/^(worse|better) .*latency/m);
  });

  test('a job, and a file, is compared with an endpoint that is named, also of another type', async () => {
    const opened = await account();
    const { EndpointName } = opened.stack('Change').outputs;
    const [{ JobName }, file] = [opened.stack('Main').outputs, await describedFile('Main')];
    for (const word of [JobName, file, 'Main']) {
      const { code, out } = await compared(word, '--endpoint', EndpointName);
      expect(code).toBe(0);
      expect(out).toContain('What runs, compared with the benchmark of ml.c5.xlarge × 1');
    }
    const other = join(folder, 'm5.json');
    writeFileSync(other, JSON.stringify({ InferenceRecommendations: [row('ml.m5.large', 0.115, 500, 90)] }));
    expect((await compared(other, '--endpoint', EndpointName)).out).toContain('The job has no result of ml.c5.xlarge: compared with ml.m5.large × 1, the next in price.');
  });
});

test.each<[string, string[], string]>([
  ['a name that is nothing', ['Main', 'nothing'], 'nothing is neither a stack nor a recommendation job, a benchmark job or a model in us-east-1: look at the name, the Region and the account'],
  ['a file that is not there', ['Main', './nothing.json'], 'The file ./nothing.json cannot be read: ENOENT; expected what `aws'],
  ['a file of something else', ['Main', 'package.json'], 'The file package.json is JSON of something else; expected what `aws'],
  ['an endpoint that is not there', ['Main', '--endpoint', 'nothing'], 'There is no endpoint nothing in us-east-1: look at the name, the Region and the account'],
  ['no second side of a file', ['main.json'], 'main.json is a file: say what it is compared with, a stack, a job, a file, or --endpoint NAME'],
  ['two second sides', ['Main', 'Change', '--endpoint', 'x'], '--endpoint x stands for the second word, and there is Change: leave one out'],
  ['a window of two jobs', ['Main', 'Change', '--since', '1h'], '--since is for a comparison with an endpoint, and not with Change: leave it out'],
  ['a window that is none', ['Main', '--since', 'long'], '--since long must be a duration such as 24h, 30m or 7d, of at most 455 days'],
  ['a unit that is none', ['Main', '--latency-unit', 's'], "--latency-unit s must be ms or us, the unit of the job's latencies"],
  ['a threshold that is none', ['Main', 'Change', '--fail-on-regression', 'much'], '--fail-on-regression much must be a number of percent, such as 10'],
  ['--chosen alone', ['Main', 'Change', '--chosen'], '--chosen says what --fail-on-regression PERCENT judges: add it, or leave --chosen out'],
  ['no word', [], 'The name of a stack, of a job or of a file is missing: inference-recommender compare'],
  ['a word too many', ['a', 'b', 'c'], 'c is one word too many: inference-recommender compare'],
  ['prices that are not there', ['Main', '--prices', 'none.csv'], '--prices none.csv cannot be read: ENOENT'],
])('%s is told in one sentence', async (_what, args, message) => {
  await ready;
  const { code, out, told } = await compared(...args);
  expect([code, out, told.split('\n').length]).toEqual([1, '', 1]);
  expect(told).toContain(message);
});

test('a job alone needs a second side', async () => {
  const { JobName } = (await account()).stack('Main').outputs;
  expect(await compared(JobName)).toMatchObject({ code: 1, told: `${JobName} is a job: say what it is compared with, another job, a stack, a file, or --endpoint NAME` });
});

test('no value of an environment that the job did not tune is printed', async () => {
  const outputs = await Promise.all([['Main', 'Change'], ['Main', 'Change', '--json'], ['Main', 'Change', '--format', 'markdown'], [await describedFile('Main'), 'Change'], ['Change']]
    .map(async (args) => (await compared(...args)).out));
  expect(outputs.filter((out) => out.length === 0 || out.includes('a-secret-value'))).toEqual([]);
});

test('its policy is all that it needs', async () => {
  const { aws, region } = await account();
  const { out: policy } = await compared('--policy');
  const main = { ...process.env };
  try {
    lead(withPolicy(aws, region.call(await account(), 'us-east-1'), 'compare-only', policy));
    const called = await actionsOf(aws, async () => {
      expect(await compared('Main', 'Change')).toMatchObject({ code: 0, told: '' });
      expect(await compared('Change')).toMatchObject({ code: 0, told: '' });
    });
    const allowed: string[] = JSON.parse(policy).Statement[0].Action;
    expect(called.length).toBeGreaterThan(5);
    expect(called.filter((action) => !allowed.includes(action))).toEqual([]);
    expect(allowed.filter((action) => !/^\w+:(Describe|Get|List)/.test(action))).toEqual([]);
    lead(withPolicy(aws, region.call(await account(), 'us-east-1'), 'nothing', JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] })));
    expect(await compared('Main', 'Change')).toMatchObject({ code: 1, told: expect.stringContaining('not authorized') });
  } finally {
    Object.assign(process.env, main);
  }
});
