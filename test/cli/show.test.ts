import { App, CfnParameter, CfnResource, NestedStack, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { actionsOf, lead, ran, Ran, verdicts, withPolicy } from './command';
import { show } from '../../cli/src/show/show';
import { AwsError } from '../../local-aws';
import { publishedBenchmarks } from '../../local-aws/sagemaker';
import * as library from '../../src';
import { failsAfter } from '../e2e/account';
import { InProcessRunner } from '../e2e/in-process-runner';
import { LocalApps } from '../e2e/local-apps';
import { packageRequest, xgboost } from '../harness/model-package';

const {
  BenchmarkTarget, InferenceRecommendationsJob, InstanceType, ModelPackage, ModelPackageGroup, ModelRegistryBenchmark, Objective,
} = library;

type Options = library.RecommendationOptions;

/** A model package, a job and a recommendation. */
function job(stack: Stack, options: Options = {}): void {
  const target = BenchmarkTarget.fromModelPackage(new ModelPackage(stack, 'ModelPackage', {
    modelPackageGroup: new ModelPackageGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
    ...xgboost(library, { container: { dataInputConfig: '{"input":[1,10]}', environment: { OWN: 'a-value-of-the-container' } } }),
    removalPolicy: RemovalPolicy.DESTROY,
  }));
  new InferenceRecommendationsJob(stack, 'Job', { target }).addRecommendation('Best', options);
}

/** A value that only the deploy knows. */
function atDeploy(stack: Stack): number {
  return Token.asNumber(new CfnResource(stack, 'Value', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: '50' } }).getAtt('Value'));
}

const STACKS: Readonly<Record<string, (stack: Stack) => void>> = {
  Shop: (stack) => job(stack, {
    objective: Objective.lowestLatency(), limits: { maxCostPerHour: 0.3, maxModelLatency: new CfnParameter(stack, 'Most', { type: 'Number', default: 60 }).valueAsNumber },
  }),
  Unknown: (stack) => job(stack, { limits: { maxModelLatency: atDeploy(stack) } }),
  Nested: (stack) => job(new NestedStack(stack, 'Inner') as unknown as Stack),
  Failing: (stack) => job(stack, { fallback: { instanceType: InstanceType.ML_M5_LARGE } }),
  Empty: (stack) => { new CfnResource(stack, 'Value', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: '50' } }); },
};

let apps: LocalApps;
const jobNames = () => [...apps.region().sagemaker.state.jobs.keys()];

beforeAll(async () => {
  apps = await LocalApps.open({
    lambdaRunner: new InProcessRunner(),
    benchmarks: (request, jobName, count) => (
      { ...publishedBenchmarks(request, jobName, count), ...String(request.JobDescription).startsWith('Failing') && failsAfter(10) }),
  });
  lead(apps.aws.environment());
  const bring = async (name: string, build: (stack: Stack) => void) => {
    expect([name, await apps.bring((app: App) => build(new Stack(app, name)), name), apps.reasons(name)]).toEqual([name, 'CREATE_COMPLETE', '']);
  };
  for (const [name, build] of Object.entries(STACKS)) { await bring(name, build); }
  const [imported] = jobNames();
  await bring('Imported', (stack) => { InferenceRecommendationsJob.fromJobName(stack, 'Job', imported).addRecommendation('Best'); });
  await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
  await bring('Registry', (stack) => {
    new ModelRegistryBenchmark(stack, 'Benchmark', {
      modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'models'),
      parameterPath: '/shop/registry',
      fallback: { instanceType: InstanceType.ML_M5_LARGE },
    });
  });
  await apps.sagemaker('CreateModelPackage', { ModelPackageGroupName: 'models', ModelApprovalStatus: 'Approved', ...packageRequest() });
  const { clock } = apps.aws.world;
  await clock.run(() => clock.sleep(2 * 3_600_000));
});
afterAll(() => apps.close());

const shown = (...args: string[]): Promise<Ran> => ran(show, args);

test('a stack: its job, chosen, runner-up, and the rejected with the limit that each breaks and by how much', async () => {
  const { code, out, told } = await shown('Shop');
  expect([code, told]).toEqual([0, '']);
  expect(out).toMatch(/^\S*Job\S*: job \S+\ninstance recommendation, COMPLETED, 45 min, estimated [\d.]+ to [\d.]+ USD, cost at least [\d.]+ USD\nof arn:aws:sagemaker:.*:model-package\/.*\nlogs: https:\/\//);
  expect(out).toContain('by lowest latency with ModelLatency at most 60, CostPerHour at most 0.3');
  const [chosen, ...others] = verdicts(out);
  expect([chosen, others.sort()]).toEqual(['chosen: ml.c5.xlarge × 1 compiled', [
    'rejected: ml.c5.2xlarge × 1', 'rejected: ml.c5.9xlarge × 1', 'rejected: ml.c5.xlarge × 1',
  ]]);
  expect(out).toContain('CostPerHour 0.408 USD an hour must be at most 0.30 USD an hour: 36% above');
  expect(out).toContain('ModelLatency 92 (ms or µs) must be at most 60 (ms or µs): 53.3% above');
});

test('the same for a pull request, a spreadsheet and a program', async () => {
  const [markdown, csv, json] = await Promise.all([['--format', 'markdown'], ['--format', 'csv'], ['--json']].map((more) => shown('Shop', ...more)));
  expect([markdown.code, csv.code, json.code]).toEqual([0, 0, 0]);
  expect(markdown.out).toMatch(/\n\| chosen \| ml\.c5\.xlarge × 1 compiled \| 0\.204 \| 0\.16 \| 21,290 \| 42 \|/);
  expect(csv.out.split('\n').slice(0, 2)).toEqual([
    'job,construct,choice,verdict,endpoint,costPerHourUsd,costPerMillionUsd,invocationsPerMinute,modelLatency,cpuPercent,memoryPercent,reasons,id',
    expect.stringMatching(/^[\da-f-]+,\w+,\w+,chosen,ml\.c5\.xlarge × 1 compiled,0\.204,0\.16\d*,21286,42,/),
  ]);
  const { stack, jobs: [{ status, name, recommendations, choices: [choice] }] } = JSON.parse(json.out);
  expect([stack.name, status, recommendations.length, choice.objective]).toEqual(['Shop', 'COMPLETED', 4, 'LowestLatency']);
  expect(jobNames()).toContain(name);
  expect(choice.recommendations[0]).toMatchObject({ verdict: 'chosen', instanceType: 'ml.c5.xlarge', isCompiled: true, figures: { ModelLatency: 42 }, reasons: [] });
  expect(choice.recommendations.filter(({ verdict, reasons }: any) => (verdict === 'rejected') !== reasons.length > 0)).toEqual([]);
});

test('each job is described once, and one whose tags may not be read is shown without its estimate', async () => {
  const { world } = apps.aws;
  const described: string[] = [];
  const forget = world.watch(({ operation, request }) => { if (operation === 'DescribeInferenceRecommendationsJob') { described.push((request as any).JobName); } });
  await shown('Shop');
  const { code } = await shown(jobNames()[0]);
  forget();
  expect([code, described]).toEqual([0, [jobNames()[0], jobNames()[0]]]);
  const { trip } = world;
  world.trip = (call) => {
    if (call.operation === 'ListTags') { throw new AwsError('AccessDeniedException', 'It is not authorized to perform: sagemaker:ListTags'); }
    trip.call(world, call);
  };
  const { code: without, out } = await shown('Shop').finally(() => { world.trip = trip; });
  expect([without, verdicts(out)[0]]).toEqual([0, 'chosen: ml.c5.xlarge × 1 compiled']);
  expect(out).not.toContain('estimated');
});

test('a job by its name or ARN is ranked by the cost of a request', async () => {
  const [name] = jobNames();
  const { out, code } = await shown(name);
  expect([code, verdicts(out)[0], verdicts(out)[1]]).toEqual([0, 'chosen: ml.c5.xlarge × 1 compiled', 'runner-up: ml.c5.xlarge × 1']);
  const { JobArn } = await apps.sagemaker('DescribeInferenceRecommendationsJob', { JobName: name });
  expect((await shown(JobArn)).out).toBe(out);
});

test('a stack by its ARN, one with a job in a nested stack, and one whose job something else has started', async () => {
  expect((await shown(apps.stack('Shop').id)).out).toBe((await shown('Shop')).out);
  expect(verdicts((await shown('Nested')).out)).toContain('chosen: ml.c5.xlarge × 1 compiled');
  const { out, code } = await shown('Imported');
  expect([code, out.split('\n')[0], verdicts(out).length]).toEqual([0, `Job ${jobNames()[0]}`, 4]);
});

test('a limit that only the deploy knows is named, and the rest is ranked', async () => {
  const { code, out } = await shown('Unknown');
  expect(code).toBe(0);
  expect(out).toContain("Only the deploy knows Limits.MaxModelLatency: the stack's own choice may differ.");
  expect(verdicts(out)[0]).toBe('chosen: ml.c5.xlarge × 1 compiled');
});

test('a failed job: why, and what each benchmark says', async () => {
  const { code, out } = await shown('Failing');
  expect(code).toBe(0);
  expect(out).toMatch(/instance recommendation, FAILED, 10 min, .*\nof .*\nlogs: .*\nAll benchmarks failed/);
  expect(out).toContain('FAILED  ml.c5.large × 1');
  expect(out).toContain('The container ran out of memory');
  expect(JSON.parse((await shown('Failing', '--json')).out).jobs[0]).toMatchObject({ status: 'FAILED', benchmarks: [{ status: 'FAILED', failureReason: 'The container ran out of memory' }] });
});

test('a registry: its newest job, and the result that waits for a decision', async () => {
  const { code, out } = await shown('Registry');
  expect(code).toBe(0);
  expect(out).toMatch(/A result waits for your decision at \/shop\/registry\/pending: .*ml\.c5\.xlarge/);
  expect(JSON.parse((await shown('Registry', '--json')).out).jobs[0].choices[0].pending).toMatchObject({ path: '/shop/registry/pending', instanceType: 'ml.c5.xlarge' });
});

test('a stack without a job, and a name that is nothing, are told in one sentence', async () => {
  expect(await shown('Empty')).toEqual({ code: 1, out: '', told: 'Stack Empty has no recommendation and no benchmark' });
  expect(await shown('Empty', '--json')).toMatchObject({ code: 1, told: '' });
  for (const word of ['nothing', 'not a name', 'arn:aws:sagemaker:us-east-1:111111111111:inference-recommendations-job/nothing']) {
    const { code, out, told } = await shown(word);
    expect([code, out, told.split('\n').length]).toEqual([1, '', 1]);
  }
  expect((await shown('nothing')).told).toBe('nothing is neither a stack nor a recommendation job, a benchmark job or a model in us-east-1: look at the name, the Region and the account');
});

test('no value of an environment that the job did not tune is shown', async () => {
  const all = await Promise.all([['Shop'], ['Shop', '--json'], ['Shop', '--format', 'csv'], ['Failing', '--json'], ['Registry', '--json']].map((args) => shown(...args)));
  expect(all.filter(({ out }) => out === '' || out.includes('a-value-of-the-container'))).toEqual([]);
});

test('its policy is all that it needs, whatever it shows', async () => {
  const { out: policy } = await shown('--policy');
  const before = { ...process.env };
  const whole = await Promise.all([...Object.keys(STACKS), 'Imported', 'Registry'].map((name) => shown(name)));
  try {
    lead(withPolicy(apps.aws, apps.region(), 'show-only', policy));
    const called = await actionsOf(apps.aws, async () => {
      expect(await Promise.all([...Object.keys(STACKS), 'Imported', 'Registry'].map((name) => shown(name)))).toEqual(whole);
    });
    const allowed: string[] = JSON.parse(policy).Statement[0].Action;
    expect(called.filter((action) => !allowed.includes(action))).toEqual([]);
    expect(called.length).toBeGreaterThan(6);
  } finally {
    Object.assign(process.env, before);
  }
});
