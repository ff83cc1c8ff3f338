import { Duration, Stack } from 'aws-cdk-lib';
import { data, estimated, only, synthesized } from './apps';
import * as library from '../../../src';
import { chat, instant, measured } from '../generative';

const env = { account: '111111111111', region: 'us-east-1' };
const G6 = 5.752;
const P5 = 63.296;
const MONTH = 730;

const app = (build: (stack: Stack) => unknown) => synthesized((root) => { build(new Stack(root, 'Chat', { env })); });

test('a generative job costs at most its types for as long as it may run, with what an hour of each costs', async () => {
  const { jobs: [job], jobsUsd } = await only(app(chat));
  expect(job).toMatchObject({ family: 'AIRecommendation', per: 'deploy', times: 1, minutes: 480, isListed: true, types: ['ml.g6.12xlarge', 'ml.p5.48xlarge'], unpriced: [] });
  expect(job.usd.most).toBeCloseTo((G6 + P5) * 8, 6);
  expect(jobsUsd).toEqual(job.usd);
  expect(job.notes).toEqual(['ml.g6.12xlarge (5.752 USD an hour), ml.p5.48xlarge (63.30 USD an hour)', 'one instance of each type for the whole of its maxDuration']);
});

test('the same limit as before its start: the start refuses what is above it', async () => {
  const { jobs: [{ usd }] } = await only(app(chat));
  expect(() => app((stack) => chat(stack, {}, { maxCost: usd.most - 0.01 }))).toThrow(/The job may cost 552\.39 USD/);
  expect(() => app((stack) => chat(stack, {}, { maxCost: usd.most }))).not.toThrow();
});

test('without a list of types, or without a price, the most is not known', async () => {
  const { jobs: [open], jobsUsd } = await only(app((stack) => chat(stack, {}, { instanceTypes: undefined, maxDuration: Duration.hours(2) })));
  expect(open).toMatchObject({ minutes: 120, isListed: false, usd: { least: 0, most: null }, notes: ['the service chooses the types: instanceTypes limits them'] });
  expect(open.types).toContain('ml.g6.12xlarge');
  expect(open.types).not.toContain('ml.c5.xlarge');
  expect(jobsUsd).toEqual({ least: 0, most: null });
  const { jobs: [dear] } = await only(app((stack) => chat(stack, {}, { instanceTypes: [library.InstanceType.of('ml.p6-b200.48xlarge')] })));
  expect(dear).toMatchObject({ unpriced: ['ml.p6-b200.48xlarge'], usdEach: null });
  expect(dear.notes).toContain('no price for ml.p6-b200.48xlarge in us-east-1');
});

test('a benchmark of an endpoint is named, with what is not known of its cost, beside the endpoint', async () => {
  const synth = app(measured);
  const { jobs: [job], endpoints: [{ variants: [variant] }] } = await only(synth);
  expect(job).toMatchObject({ family: 'AIBenchmark', usd: { least: 0, most: null }, types: [] });
  expect(job.notes).toEqual([expect.stringMatching(/^benchmarks an endpoint that exists, whose cost is not part of it: /)]);
  expect(variant.monthlyUsd.most).toBeCloseTo(G6 * MONTH, 6);
  expect(await estimated('--app', synth, '--budget', '1000')).toMatchObject({
    code: 3, err: 'The jobs may cost an amount that is not known, and the budget is 1000 USD: the table says what is missing.',
  });
});

test('an instant recommendation is named, and costs nothing', async () => {
  const synth = app(instant);
  const { jobs: [one], jobsUsd } = await only(synth);
  expect(one).toMatchObject({ family: 'DeploymentRecommendation', name: 'Chat/Instant', usd: { least: 0, most: 0 } });
  expect(jobsUsd).toEqual({ least: 0, most: 0 });
  const { out, code } = await estimated('--app', synth, '--budget', '0');
  expect(code).toBe(0);
  expect(out).toMatch(/\nrecommendation +Chat\/Instant +deploy +0 +0\.00 +0\.00 +SageMaker recommends with the model at once, without a benchmark, and free\n/);
});

test('an endpoint on what is recommended has the range of its kind', async () => {
  const served = async (build: (stack: Stack) => library.IRecommendation) => (await only(app((stack) => {
    new library.RecommendedEndpoint(stack, 'Served', { recommendation: build(stack) as library.GenerativeRecommendation });
  }))).endpoints[0].variants[0];
  const generative = await served((stack) => chat(stack).node.findChild('Best') as library.GenerativeRecommendation);
  expect(generative).toMatchObject({ types: ['ml.g6.12xlarge', 'ml.p5.48xlarge'], monthlyUsd: { least: expect.closeTo(G6 * MONTH, 6), most: null } });
});

test('the endpoint of an instant recommendation has as many instances as it says, of one type of those that have a price', async () => {
  const { endpoints: [{ variants: [variant] }] } = await only(app((stack) => {
    instant(stack, { instanceCount: 2, limits: { allowedInstanceTypes: [library.InstanceType.ML_C5_XLARGE] } });
    const recommendation = stack.node.findChild('Instant') as library.InstantRecommendation;
    const model = new library.Model(stack, 'Served', { recommendation });
    const variants = [library.Variant.fromRecommendation(model, recommendation)];
    new library.Endpoint(stack, 'Endpoint', { endpointConfig: new library.EndpointConfig(stack, 'Config', { variants }) });
  }));
  expect(variant).toMatchObject({ instances: { least: 2, most: 2 }, types: ['ml.c5.xlarge'] });
  expect(variant.monthlyUsd.most).toBeCloseTo(2 * 0.204 * MONTH, 6);
});

test('a table for a pull request and a spreadsheet has all of them', async () => {
  const synth = app((stack) => { chat(stack); instant(stack); });
  const rows = (await estimated('--app', synth, '--format', 'csv')).out.split('\n').map((line) => line.split(',').slice(0, 3).join(','));
  expect(rows).toEqual(['stack,kind,name', 'Chat,job,Chat/Job', 'Chat,recommendation,Chat/Instant']);
  expect((await data('--app', synth)).stacks[0].otherJobs).toEqual([]);
  expect((await estimated('--app', synth, '--format', 'markdown')).out).toContain('| job | Chat/Job | deploy | 480 | 552.39 | 552.39 |');
});
