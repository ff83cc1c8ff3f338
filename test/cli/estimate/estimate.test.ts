import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { Duration, NestedStack, Size, Stack, Stage } from 'aws-cdk-lib';
import { CfnEndpoint, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { data, estimated, only, scratch, synthesized } from './apps';
import * as library from '../../../src';
import { xgboost } from '../../harness/model-package';
import { quickStart } from '../../harness/quick-start';

const {
  BenchmarkTarget, EndpointCandidate, EndpointConfig, Endpoint, InferenceRecommendationsJob, InstanceType, JobType, Model, ModelPackage,
  ModelPackageGroup, ModelRegistryBenchmark, RecommendedEndpoint, TrafficPattern, Variant,
} = library;

const env = { account: '111111111111', region: 'us-east-1' };
const MONTH = 730;
const C5 = 0.204;
const M5 = 0.23;

function packageIn(stack: Stack, ...types: string[]) {
  return new ModelPackage(stack, 'Package', {
    modelPackageGroup: new ModelPackageGroup(stack, 'Group'),
    ...xgboost(library),
    ...types.length > 0 && { supportedRealtimeInferenceInstanceTypes: types.map((type) => InstanceType.of(type)) },
  });
}

const loadTest = JobType.loadTest({
  maxDuration: Duration.hours(1),
  trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(10) }]),
  endpointCandidates: [EndpointCandidate.instance(InstanceType.ML_C5_XLARGE), EndpointCandidate.instance(InstanceType.ML_M5_XLARGE)],
});

function jobIn(stack: Stack, target: IModelPackageRef, jobType?: library.JobType) {
  return new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(target), jobType });
}

test('the quick start has a range: the service chooses the types, and the endpoint is what it recommends', async () => {
  const app = synthesized(quickStart);
  const { region, jobs: [job], endpoints: [{ variants: [variant] }], jobsUsd, monthlyUsd } = await only(app, '--region', 'us-east-1');
  expect(region).toBe('us-east-1');
  expect(job).toMatchObject({ name: 'Rehearsal/Job', per: 'deploy', times: 1, minutes: 45, isListed: false, unpriced: [] });
  expect(jobsUsd).toEqual(job.usd);
  expect(job.usd.least).toBeLessThan(0.1);
  expect(job.usd.most).toBeGreaterThan(100);
  expect(variant.instances).toEqual({ least: 1, most: 1 });
  expect(monthlyUsd.least).toBeCloseTo(0.102 * MONTH, 6);
  const { code, out } = await estimated('--app', app, '--region', 'us-east-1');
  expect(code).toBe(0);
  expect(out).toContain('Rehearsal in us-east-1, prices of 2026-');
  expect(out).toMatch(/job +Rehearsal\/Job +deploy +45 +0\.08 +\d+\.\d\d +the service chooses the types: at the least ml\.c5\.large/);
  expect(out).toMatch(/endpoint +Rehearsal\/Endpoint\/AllTraffic +month/);
  expect(out).toMatch(/\nJobs, of one deploy and a month of approvals: 0\.08 to \d+\.\d\d USD\nEndpoints, a month of 730 hours: 74\.46 to \d+\.\d\d USD\n/);
});

test('types that a package lists have one cost, and its recommendation no other', async () => {
  const { jobs: [job], endpoints: [{ variants: [variant] }] } = await only(synthesized((app) => {
    const stack = new Stack(app, 'Shop', { env });
    new RecommendedEndpoint(stack, 'Served', {
      modelPackage: packageIn(stack, 'ml.c5.xlarge', 'ml.m5.xlarge'), containerConfig: { supportedEndpointType: library.EndpointType.REAL_TIME },
    });
  }));
  expect(job.isListed).toBe(true);
  expect(job.usd.least).toBeCloseTo((C5 + M5) * 0.75, 9);
  expect(job.usd.most).toBeCloseTo((C5 + M5) * 0.75, 9);
  expect(variant.types).toEqual(['ml.c5.xlarge', 'ml.m5.xlarge']);
  expect(variant.monthlyUsd.least).toBeCloseTo(C5 * MONTH, 9);
  expect(variant.monthlyUsd.most).toBeCloseTo(M5 * MONTH, 9);
});

test('limits, a fallback, a load and auto scaling bound what a recommendation deploys', async () => {
  const of = async (options: object) => (await only(synthesized((app) => {
    const stack = new Stack(app, 'Shop', { env });
    new RecommendedEndpoint(stack, 'Served', { modelPackage: packageIn(stack), jobType: loadTest, ...options });
  }))).endpoints[0].variants[0];
  const limited = await of({ limits: { refusedInstanceTypes: [InstanceType.ML_M5_XLARGE] } });
  expect(limited.types).toEqual(['ml.c5.xlarge']);
  // How many instances a load test recommends, only the test can say.
  expect(limited.monthlyUsd).toEqual({ least: expect.closeTo(C5 * MONTH, 9), most: null });
  expect((await of({ limits: { maxCostPerHour: 2 } })).monthlyUsd).toEqual({ least: expect.closeTo(C5 * MONTH, 9), most: 2 * MONTH });
  expect((await of({ limits: { maxCostPerHour: 0.21 } })).types).toEqual(['ml.c5.xlarge']);
  expect((await of({ fallback: { instanceType: InstanceType.ML_M5_LARGE, initialInstanceCount: 2 }, limits: { maxCostPerHour: 0.21 } })).monthlyUsd)
    .toEqual({ least: expect.closeTo(C5 * MONTH, 9), most: expect.closeTo(0.23 * MONTH, 9) });
  expect((await of({ pinnedInstanceType: InstanceType.ML_M5_XLARGE })).types).toEqual(['ml.m5.xlarge']);
  const scaled = await of({ autoScaling: { minCapacity: 2, maxCapacity: 5, maxInvocationsPerMinute: 1000 } });
  expect(scaled).toMatchObject({ instances: { least: 2, most: 5 } });
  expect(scaled.monthlyUsd).toEqual({ least: expect.closeTo(2 * C5 * MONTH, 9), most: expect.closeTo(5 * M5 * MONTH, 9) });
});

test('a registry starts at most so many jobs a month, or one for each approval', async () => {
  const of = (options: object) => only(synthesized((app) => {
    const stack = new Stack(app, 'Registry', { env });
    new ModelRegistryBenchmark(stack, 'Benchmark', {
      modelPackageGroup: new ModelPackageGroup(stack, 'Group'),
      parameterPath: '/a/b',
      jobType: loadTest,
      fallback: { instanceType: InstanceType.ML_M5_LARGE },
      ...options,
    });
  }));
  const { jobs: [limited], jobsUsd } = await of({ maxJobsPerMonth: 4, renewEvery: Duration.days(10) });
  expect(limited).toMatchObject({ name: 'Registry/Benchmark', per: 'month', times: 4, minutes: 60, types: ['ml.c5.xlarge', 'ml.m5.xlarge'] });
  expect(limited.notes).toContain('at most 4 a month by renewal');
  expect(jobsUsd).toEqual({ least: 0, most: expect.closeTo(4 * (C5 + M5), 9) });
  const { jobs: [open], jobsUsd: unknown } = await of({});
  expect(open).toMatchObject({ times: null, usdEach: { most: expect.closeTo(C5 + M5, 9) } });
  expect(unknown).toEqual({ least: 0, most: null });
  expect(open.notes).toContain('each approval starts a job: maxJobsPerMonth limits them');
});

test('stages, nested stacks and values of another stack are read: package, job, recommendation and endpoint may each be elsewhere', async () => {
  const app = synthesized((root) => {
    const stage = new Stage(root, 'Prod', { env });
    const registry = new Stack(stage, 'Packages');
    const listed = packageIn(registry, 'ml.c5.xlarge');
    const stack = new Stack(stage, 'Jobs');
    const nested = new NestedStack(stack, 'Nested');
    const best = jobIn(nested as Stack, listed).addRecommendation('Best');
    const model = new Model(stack, 'Model', { recommendation: best });
    new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] }) });
  });
  const { stacks } = await data('--app', app);
  expect(stacks.map(({ name }: any) => name)).toEqual(['Prod/Jobs', expect.stringMatching(/^Prod\/Jobs\/Nested/)]);
  expect(stacks[1].jobs).toEqual([expect.objectContaining({ types: ['ml.c5.xlarge'], isListed: true })]);
  expect(stacks[0].endpoints[0].variants[0]).toMatchObject({ types: ['ml.c5.xlarge'], monthlyUsd: { most: expect.closeTo(C5 * MONTH, 9) } });
});

test('a service in another stack, which reads a recommendation from Parameter Store, has its range', async () => {
  const app = synthesized((root) => {
    const one = new Stack(root, 'Benchmark', { env });
    const job = new InferenceRecommendationsJob(one, 'Job', {
      target: BenchmarkTarget.fromModelPackage(packageIn(one, 'ml.c5.xlarge')), wait: library.Wait.inBackground(),
    });
    const best = job.addRecommendation('Best', { fallback: { instanceType: InstanceType.ML_M5_XLARGE }, limits: { allowCompiledModels: false } });
    const other = new Stack(root, 'Service', { env });
    const model = new Model(other, 'Model', { recommendation: best });
    new Endpoint(other, 'Endpoint', { endpointConfig: new EndpointConfig(other, 'Config', { variants: [Variant.fromRecommendation(model, best)] }) });
  });
  const { stacks } = await data('--app', app);
  expect(stacks[1].endpoints[0].variants[0].types).toEqual(['ml.c5.xlarge', 'ml.m5.xlarge']);
});

test('an app without jobs and endpoints costs nothing, in any Region', async () => {
  const app = synthesized((root) => new Topic(new Stack(root, 'Other'), 'Topic'));
  expect(await estimated('--app', app)).toEqual({ code: 0, out: 'No stack of the app has a recommendation job or an endpoint: nothing of them costs.', err: '' });
  expect(await estimated('--app', app, '--budget', '0', '--monthly-budget', '0')).toMatchObject({ code: 0 });
});

test('a budget that is not kept, or of which that is not known, ends with 3', async () => {
  const app = synthesized((root) => {
    const stack = new Stack(root, 'Shop', { env });
    jobIn(stack, packageIn(stack), loadTest);
    new CfnEndpoint(stack, 'Endpoint', { endpointConfigName: 'theirs' });
  });
  expect(await estimated('--app', app, '--budget', '0.434')).toMatchObject({ code: 0, err: '' });
  expect(await estimated('--app', app, '--budget', '0.43')).toMatchObject({ code: 3, err: 'The jobs may cost 0.44 USD, and the budget is 0.43 USD.' });
  expect(await estimated('--app', app, '--monthly-budget', '1000')).toMatchObject({
    code: 3, err: 'The endpoints a month may cost an amount that is not known, and the budget is 1000 USD: the table says what is missing.',
  });
});

test('a user\'s own prices are for any Region', async () => {
  const app = synthesized((root) => {
    const stack = new Stack(root, 'Shop', { env: { ...env, region: 'eu-central-1' } });
    const arn = 'arn:aws:sagemaker:eu-central-1:111111111111:model-package/shop/1';
    jobIn(stack, ModelPackage.fromModelPackageArn(stack, 'Package', arn), loadTest);
  });
  await expect(estimated('--app', app)).rejects.toThrow(
    /^This version has no prices for eu-central-1, only for us-east-1, .+: give them with --prices FILE, or ask AWS with --get-products\.$/);
  const file = scratch('prices.csv');
  writeFileSync(file, 'type,usdPerHour\nml.c5.xlarge,1\nml.m5.xlarge,2\n');
  expect(await only(app, '--prices', file)).toMatchObject({ prices: { source: 'the given prices', date: null }, jobsUsd: { least: 3, most: 3 } });
  writeFileSync(file, 'ml.c5.xlarge,1');
  expect((await only(app, '--prices', file)).jobs[0]).toMatchObject({ unpriced: ['ml.m5.xlarge'], usdEach: null, notes: expect.arrayContaining(['no price for ml.m5.xlarge in eu-central-1']) });
});

test('a table may be Markdown for a pull request, or CSV', async () => {
  const app = synthesized((root) => { const stack = new Stack(root, 'Shop', { env }); jobIn(stack, packageIn(stack), loadTest); });
  const markdown = (await estimated('--app', app, '--format', 'markdown')).out;
  expect(markdown).toContain('| job | Shop/Job | deploy | 60 | 0.44 | 0.44 | ml.c5.xlarge, ml.m5.xlarge; one instance for each test |');
  const [head, row] = (await estimated('--app', app, '--format', 'csv')).out.split('\n');
  expect(head).toBe('stack,kind,name,per,minutes,usdLeast,usdMost,notes');
  expect(row).toMatch(/^Shop,job,Shop\/Job,deploy,60,0\.434\d*,0\.434\d*,"ml\.c5\.xlarge, ml\.m5\.xlarge; one instance for each test"$/);
});

test('bad input gets one sentence', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'empty-'));
  const bad = scratch('manifest.json');
  writeFileSync(bad, '{');
  const app = synthesized(quickStart);
  await expect(estimated('--app', join(empty, 'none'))).rejects.toThrow(/none is not there: run cdk synth, or say with --app which folder it has written\.$/);
  await expect(estimated('--app', empty)).rejects.toThrow(/has no manifest\.json: expected the folder that cdk synth writes, such as cdk\.out\.$/);
  await expect(estimated('--app', bad)).rejects.toThrow(/is a file: expected the folder that cdk synth writes, such as cdk\.out\.$/);
  await expect(estimated('--app', dirname(bad))).rejects.toThrow(/manifest\.json is no JSON: expected a file that cdk synth writes\.$/);
  writeFileSync(bad, '{}');
  await expect(estimated('--app', dirname(bad))).rejects.toThrow(/manifest\.json has no artifacts: expected the manifest of the folder that cdk synth writes\.$/);
  await expect(estimated('--app', app, '--budget', 'much')).rejects.toThrow('--budget much must be US dollars, such as --budget 50');
  await expect(estimated('--app', app, '--monthly-budget', '-1')).rejects.toThrow();
  await expect(estimated('--app', app, '--prices', 'a', '--get-products')).rejects.toThrow('--prices and --get-products contradict each other: leave one out');
  await expect(estimated('--app', app, '--region', 'us-east-1', '--prices', join(empty, 'none'))).rejects.toThrow(/none cannot be read: ENOENT. It must have lines such as/);
  await expect(estimated('word')).rejects.toThrow(/word is one word too many/);
});

test('a stack that leaves its Region open needs one', async () => {
  const before = { ...process.env };
  Object.assign(process.env, { AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' });
  delete process.env.AWS_REGION;
  delete process.env.AWS_DEFAULT_REGION;
  const app = synthesized(quickStart);
  await expect(estimated('--app', app)).rejects.toThrow('Stack Rehearsal leaves its Region open: say it with --region, or set AWS_REGION.');
  process.env.AWS_REGION = 'us-west-2';
  expect((await only(app)).region).toBe('us-west-2');
  process.env = before;
});

test('--policy says what --get-products needs', async () => {
  expect(JSON.parse((await estimated('--policy')).out).Statement[0].Action).toEqual(['pricing:GetProducts']);
});

test('serverless candidates are named', async () => {
  const { jobs: [job] } = await only(synthesized((root) => {
    const stack = new Stack(root, 'Shop', { env });
    jobIn(stack, packageIn(stack), JobType.loadTest({
      maxDuration: Duration.hours(1),
      trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(10) }]),
      endpointCandidates: [EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 5 })],
    }));
  }));
  expect(job).toMatchObject({ types: [], notes: ['serverless'], usd: { most: expect.closeTo(2 * 5 * 3600 * 0.00002, 9) } });
});
