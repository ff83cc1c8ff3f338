import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { BOTH_KINDS, collected, Pages } from './pages';
import { report } from '../../../cli/src/report/report';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { modelledBenchmarks } from '../../../local-aws/sagemaker';
import * as library from '../../../src';
import { operate, publish } from '../../harness/assembly';
import { xgboost } from '../../harness/model-package';
import { ACCOUNT, REGION } from '../../harness/place';
import { UNTIL_DONE } from '../../harness/waiting';

let pages: Pages;
let aws: LocalAws;
const earlier = { ...process.env };

/** A stack with an endpoint that scales, and with a choice that no recommendation keeps. */
function shop(outdir: string): void {
  const app = new App({ outdir, context: { 'aws:cdk:enable-path-metadata': true } });
  const stack = new Stack(app, 'Shop');
  const { job } = new library.RecommendedEndpoint(stack, 'Served', {
    modelPackage: new library.ModelPackage(stack, 'ModelPackage', {
      modelPackageGroup: new library.ModelPackageGroup(stack, 'Group'), ...xgboost(library, { container: { dataInputConfig: '{"input":[1,10]}', environment: { TOKEN: 'a-secret' } } }),
    }),
    objective: library.Objective.lowestCostPerHour(),
    limits: { maxModelLatency: 38, maxCostPerHour: 20 },
    targetLoad: { invocationsPerMinute: 50_000, headroomPercent: 20 },
    autoScaling: { minCapacity: 2, maxCapacity: 9 },
  });
  (job as library.InferenceRecommendationsJob).addRecommendation('None', { limits: { maxModelLatency: 1 }, fallback: { instanceType: library.InstanceType.ML_C5_2XLARGE, initialInstanceCount: 4 } });
  new Stack(app, 'Empty');
  app.synth();
}

beforeAll(async () => {
  pages = await Pages.open();
  const assembly = join(pages.folder, 'cdk.out');
  shop(assembly);
  aws = await startLocalAws({ ...UNTIL_DONE, rates: [], benchmarks: modelledBenchmarks, imported: 'assumed' });
  const region = aws.world.region(ACCOUNT, REGION);
  const input = { TemplateBody: publish(assembly, 'Shop', region), Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] };
  expect(await operate(region, 'CreateStack', 'Shop', input)).toBe('CREATE_COMPLETE');
  const empty = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x' } } } });
  expect(await operate(region, 'CreateStack', 'Empty', { TemplateBody: empty })).toBe('CREATE_COMPLETE');
  Object.assign(process.env, aws.environment());
});
afterAll(async () => {
  process.env = earlier;
  await aws?.close();
  pages.close();
});

async function run(...args: string[]) {
  const { io, out, err } = collected();
  const code = await report(args, io, pages.script);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('of a stack', () => {
  test('it writes a page, and says where', async () => {
    const file = join(pages.folder, 'shop.html');
    expect(await run('Shop', '--out', file)).toEqual({ code: 0, out: `The report is in ${file}`, err: '' });
    const page = readFileSync(file, 'utf8');
    expect(page).toContain('<h1>Shop</h1>');
    expect(['Shop/Served/Recommendation</h3>', '<strong>Each of the 5 recommendations breaks a limit.', 'a-secret'].map((text) => page.includes(text))).toEqual([true, true, false]);
  });

  test('it has the limits, the load and the range of the deployed endpoint', async () => {
    const { code, out } = await run('Shop', '--json');
    const { region, stack, jobs: [job] } = JSON.parse(out);
    expect([code, region, stack.status, job.status, job.usdAtLeast > 0]).toEqual([0, REGION, 'CREATE_COMPLETE', 'COMPLETED', true]);
    const [served, none] = ['Shop/Served/Recommendation', 'Shop/Served/Job/None'].map((name) => job.choices.find((choice: any) => choice.name === name));
    expect(served).toMatchObject({
      name: 'Shop/Served/Recommendation',
      load: { invocationsPerMinute: 50_000, headroomPercent: 20 },
      shownLoad: 50_000,
      limits: [{ metric: 'ModelLatency', bound: 'most', value: 38 }, { metric: 'CostPerHour', bound: 'most', value: 20 }],
      scaling: [{ minCapacity: 2, maxCapacity: 9, endpointName: expect.stringContaining('Served') }],
    });
    expect(served.recommendations.map(({ verdict }: any) => verdict)).toEqual(['chosen', 'runner-up', expect.anything(), expect.anything(), 'rejected']);
    expect(none.recommendations.map(({ verdict }: any) => verdict)).toEqual(Array(5).fill('rejected'));
    expect(none.notes).toEqual(['None may be chosen, so the stack uses its fallback, ml.c5.2xlarge.']);
    expect(job.request).toMatchObject({ JobType: 'Default', InputConfig: { ModelPackageVersionArn: expect.stringContaining(':model-package/') } });
  });

  test('it tells the same of its job alone, by its name, and of both where both are wanted', async () => {
    const { jobs: [{ name }] } = JSON.parse((await run('Shop', '--json')).out);
    const file = join(pages.folder, 'job.html');
    const { code, out, err } = await run(name, '--json', '--out', file);
    expect([code, JSON.parse(out).jobs[0].name, err]).toEqual([0, name, `The report is in ${file}`]);
    expect(readFileSync(file, 'utf8')).toContain(`<h2 id="job-0">Job ${name}</h2>`);
  });

  test('without a job there is no page', async () => {
    expect(await run('Empty', '--out', join(pages.folder, 'none.html'))).toEqual({ code: 1, out: '', err: 'Stack Empty has no recommendation and no benchmark' });
  });

});

describe('of a file', () => {
  test.each([['as it is', BOTH_KINDS], ['with seconds instead of dates', { ...BOTH_KINDS, CreationTime: 1790000000.5, CompletionTime: 1790002640.5 }]])('a recorded job: %s', async (_what, job) => {
    const from = join(pages.folder, 'recorded.json');
    writeFileSync(from, JSON.stringify(job));
    const { jobs: [{ created, ended, choices: [{ recommendations }] }] } = JSON.parse((await run('--from', from, '--json')).out);
    expect(Date.parse(ended) - Date.parse(created)).toBe(44 * 60_000);
    expect(recommendations.map(({ label, verdict }: any) => [label, verdict])).toEqual([
      ['ml.c5.xlarge', 'chosen'], ['ml.m5.xlarge', 'runner-up'], ['ml.c5.9xlarge', 'allowed'], ['serverless 2048 MB', 'rejected'],
    ]);
  });

  test('what is no job is refused in a sentence', async () => {
    const from = join(pages.folder, 'other.json');
    writeFileSync(from, '[]');
    await expect(run('--from', from, '--json')).rejects.toThrow(`${from}: The file must be what \`aws sagemaker describe-inference-recommendations-job\` prints, got [].`);
    await expect(run('--from', join(pages.folder, 'none.json'), '--json')).rejects.toThrow(/none\.json cannot be read: ENOENT/);
  });
});

describe('a command line', () => {
  test.each<[string, string[], string]>([
    ['without a name', ['--out', 'x.html'], 'The name of a stack or of a job is missing: inference-recommender report '],
    ['without a file to write', ['Shop'], '--out, the file to write, is missing: inference-recommender report '],
    ['with a name and a file', ['Shop', '--from', 'job.json', '--out', 'x.html'], '--from and Shop contradict each other'],
  ])('%s is refused', (_what, args, message) => expect(run(...args)).rejects.toThrow(message));

  test('a folder is not overwritten', async () => {
    const folder = join(pages.folder, 'folder');
    mkdirSync(folder);
    await expect(run('Shop', '--out', folder)).rejects.toThrow(`--out ${folder} is a folder: name a file in it, such as ${join(folder, 'report.html')}`);
    await expect(run('Shop', '--out', join(folder, 'no', 'x.html'))).rejects.toThrow(/cannot be written: ENOENT/);
  });

  test('the policy only reads, and suffices', async () => {
    const { code, out } = await run('--policy');
    const [{ Action }] = JSON.parse(out).Statement;
    expect([code, Action.filter((action: string) => !/:(Describe|Get|List)/.test(action))]).toEqual([0, []]);
    const called = new Set<string>();
    const forget = aws.world.watch(({ service, operation }) => called.add(`${service}:${operation}`));
    await run('Shop', '--json');
    forget();
    const missing = [...called].filter((one) => !Action.some((action: string) => action.toLowerCase() === one.toLowerCase()));
    expect(called.size).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });
});
