import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Stack } from 'aws-cdk-lib';
import { actionsOf, lead, ran, Ran, withPolicy } from './command';
import { chat, inStack, instant, measured, openWorld, SECRET, within } from './generative';
import { show } from '../../cli/src/show/show';
import { AwsError } from '../../local-aws';
import { SageMakerState } from '../../local-aws/sagemaker/state';
import { AIRecommendationJob, PackageApproval } from '../../src';
import { LocalApps } from '../e2e/local-apps';
import { ACCOUNT, REGION } from '../harness/place';

const STACKS: Readonly<Record<string, (stack: Stack) => unknown>> = {
  Chat: (stack) => chat(stack, within(50)), Measured: measured, Instant: (stack) => instant(stack, { instanceCount: 3 }),
};

let apps: LocalApps;
let names: Record<'chat' | 'measured' | 'model', string>;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'show-'));
  apps = await openWorld();
  lead(apps.aws.environment());
  const bring = async (name: string, build: (stack: Stack) => unknown) => {
    expect([name, await apps.bring(inStack(name, build), name), apps.reasons(name)]).toEqual([name, 'CREATE_COMPLETE', '']);
  };
  for (const [name, build] of Object.entries(STACKS)) { await bring(name, build); }
  const { aiRecommendationJobs, aiBenchmarkJobs, models } = apps.region().room(SageMakerState);
  const [job] = aiRecommendationJobs.values();
  // Each recommendation has a benchmark of its own, before that of the stack.
  const benchmark = [...aiBenchmarkJobs.values()].at(-1)!;
  names = { chat: job.name, measured: benchmark.name, model: [...models.keys()].find((name) => /^instant/i.test(name))! };
  await bring('Imported', (stack) => {
    AIRecommendationJob.fromJobName(stack, 'Job', names.chat).addRecommendation('Best', { approval: PackageApproval.byThisStack() });
  });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await apps.close();
});

const shown = (...args: string[]): Promise<Ran> => ran(show, args);
const data = async (...args: string[]) => JSON.parse((await shown(...args, '--json')).out);
const verdicts = (out: string) => out.split('\n').map((line) => line.split(/ {2,}/))
  .filter(([verdict]) => /^(chosen|runner-up|allowed|rejected)$/.test(verdict)).map(([verdict, endpoint]) => `${verdict}: ${endpoint}`);

/** Calls of some operations fail as long as some work takes. */
async function failing<T>(isOne: (operation: string) => boolean, error: AwsError, work: () => Promise<T>): Promise<T> {
  const { world } = apps.aws;
  const { trip } = world;
  world.trip = (call) => {
    if (isOne(call.operation)) { throw error; }
    trip.call(world, call);
  };
  return work().finally(() => { world.trip = trip; });
}
const DENIED = new AwsError('AccessDeniedException', 'It is not authorized to do this');

describe('a generative job', () => {
  test('of a stack has its own figures and units, the app\'s prices, copies, and why a recommendation breaks a threshold', async () => {
    const { code, out, told } = await shown('Chat');
    expect([code, told]).toEqual([0, '']);
    expect(out).toMatch(/^\S*Job\S*: job \S+\ngenerative recommendation, Completed, 4 h 10 min, for ttft-ms, on ml\.g6\.12xlarge, ml\.p5\.48xlarge, estimated at most [\d.]+ USD\n/);
    expect(out).toMatch(/\nof s3:\/\/models\/chat\/ with workload \S+\nlogs: groups \/aws\/sagemaker\/…, streams with \S+ in their names\n/);
    expect(out).toContain('by lowest time to first token with TimeToFirstToken p99 at most 50\n');
    expect(verdicts(out)).toEqual(['chosen: ml.p5.48xlarge × 1 with 8 copies each', 'rejected: ml.g6.12xlarge × 1 with 4 copies each']);
    expect(out).toMatch(/USD an hour +USD per million output tokens +output tokens a second, avg +ms to the first token, avg +ms to the first token, p99 +ms between tokens, avg/);
    // Its own price of an hour, and not the public one.
    expect(out).toMatch(/8 copies each +80\.00 /);
    expect(out).toMatch(/TimeToFirstToken p99 [\d.]+ ms to the first token must be at most 50 ms to the first token: 40\.\d% above/);
  });

  test('by its name or ARN is ranked by its kind\'s first objective, at public prices', async () => {
    const { out, code } = await shown(names.chat);
    expect([code, verdicts(out)[0]]).toEqual([0, 'chosen: ml.g6.12xlarge × 1 with 4 copies each']);
    expect(out).toContain('Ranked by lowest cost per million output tokens\n');
    const { AIRecommendationJobArn: arn } = await apps.sagemaker('DescribeAIRecommendationJob', { AIRecommendationJobName: names.chat });
    expect(await shown(arn)).toEqual({ code, out, told: '' });
  });

  test('that something else has started is found by its recommendation', async () => {
    const { code, out } = await shown('Imported');
    expect([code, out.split('\n')[0], verdicts(out).length]).toEqual([0, `Job ${names.chat}`, 2]);
  });

  test('for a spreadsheet and a program, all statistics have their metric\'s name and unit', async () => {
    const [head, row] = (await shown('Chat', '--format', 'csv')).out.split('\n');
    const columns = head.split(',');
    expect(columns).toEqual(expect.arrayContaining([
      'costPerHourUsd', 'costPerMillionOutputTokensUsd', 'outputTokenThroughputPerSecond', 'timeToFirstTokenMs', 'timeToFirstTokenMsP50', 'timeToFirstTokenMsP99',
    ]));
    const { jobs: [{ family, title, choices: [{ recommendations: [{ figures, copiesPerInstance }] }], recommendations }] } = await data('Chat');
    expect([family, title, copiesPerInstance]).toEqual(['AIRecommendation', 'generative recommendation', 8]);
    expect(Number(row.split(',')[columns.indexOf('timeToFirstTokenMsP99')])).toBe(figures['TimeToFirstToken.p99']);
    expect(recommendations[0]).toMatchObject({
      inferenceSpecification: expect.any(String), modelPackageArn: expect.stringMatching(/:model-package\/chat\/1$/), copiesPerInstance: expect.any(Number), benchmarkJobName: expect.any(String),
    });
    expect((await shown('Chat', '--format', 'markdown')).out).toMatch(/\n\| chosen \| ml\.p5\.48xlarge × 1 with 8 copies each \| 80\.00 \|/);
  });

  test('that has failed says why, and has no table', async () => {
    const { aiRecommendationJobs } = apps.region().room(SageMakerState);
    const job = aiRecommendationJobs.get(names.chat)!;
    const { status, failureReason } = job;
    Object.assign(job, { status: 'Failed', failureReason: 'It cannot read https://bucket.s3.amazonaws.com/model?X-Amz-Signature=abc' });
    const { code, out } = await shown(names.chat);
    Object.assign(job, { status, failureReason });
    expect([code, out.split('\n').slice(-1)]).toEqual([0, ['It cannot read https://bucket.s3.amazonaws.com/model?…']]);
  });
});

describe('a benchmark of an endpoint', () => {
  test('has what it has measured, with AIPerf\'s own units, by its stack, name or ARN', async () => {
    const { code, out } = await shown('Measured');
    expect(code).toBe(0);
    expect(out).toMatch(/^\S*Job\S*: job \S+\nbenchmark of an endpoint, Completed, \d+ min\nof endpoint \S+ with workload \S+\nlogs: group \/aws\/sagemaker\/TrainingJobs, stream \S+\nmeasured: s3:\/\/models\/results\/\S+output\.tar\.gz\n/);
    expect(out).toMatch(/\nAIPerf \S+, model \S+, \d+ requests, 0 errors\n\nmetric +unit +avg +p50/);
    expect(out).toMatch(/\ntime_to_first_token +ms +[\d.]+/);
    const { out: byName } = await shown(names.measured);
    expect(byName.split('\n').slice(1)).toEqual(out.split('\n').slice(1));
    const { AIBenchmarkJobArn: arn } = await apps.sagemaker('DescribeAIBenchmarkJob', { AIBenchmarkJobName: names.measured });
    expect((await shown(arn)).out).toBe(byName);
  });

  test('for a spreadsheet and a program, all metrics and statistics', async () => {
    const [head, ...rows] = (await shown('Measured', '--format', 'csv')).out.split('\n');
    expect(head).toMatch(/^job,construct,choice,run,metric,unit,avg,min,max,p1,/);
    const { jobs: [{ measured: { runs: [{ metrics }] }, recommendations, choices, endpointName, workload }] } = await data('Measured');
    expect([rows.length, recommendations, choices]).toEqual([metrics.length, [], []]);
    expect([endpointName, workload]).toEqual([expect.stringMatching(/^Measured-/), expect.stringMatching(/^[a-z0-9]+$/)]);
  });

  test('whose results may not be read, or are gone, says so in a sentence', async () => {
    const { BenchmarkTarget, AIWorkloadConfigIdentifier, RoleArn } = await apps.sagemaker('DescribeAIBenchmarkJob', { AIBenchmarkJobName: names.measured });
    await apps.sagemaker('CreateAIBenchmarkJob', {
      BenchmarkTarget, AIWorkloadConfigIdentifier, RoleArn, AIBenchmarkJobName: 'unread', OutputConfig: { S3OutputLocation: 's3://models/results/unread/' },
    });
    const { clock } = apps.aws.world;
    await clock.run(() => clock.sleep(3_600_000));
    const { code, out } = await failing((operation) => operation === 'ListObjectsV2', new AwsError('AccessDenied', 'Access Denied', 403), () => shown('unread'));
    expect([code, out.split('\n').at(-1)]).toEqual([0, expect.stringMatching(/^The results at s3:\/\/models\/results\/unread\/\S* may not be read: /)]);
    const s3 = new S3Client({ ...apps.aws.client(), forcePathStyle: true });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'models', Prefix: 'results/unread/' }));
    expect(Contents.length).toBeGreaterThan(0);
    await Promise.all(Contents.map(({ Key }) => s3.send(new DeleteObjectCommand({ Bucket: 'models', Key }))));
    expect((await shown('unread')).out.split('\n').at(-1)).toMatch(/^The job unread has no output\.tar\.gz at s3:\/\/models\/results\/unread\/\S*: it has ended without results, or they were deleted/);
  });
});

describe('an instant recommendation', () => {
  test('has the service\'s list in its order, without figures and costs', async () => {
    const { code, out } = await shown('Instant');
    expect([code, verdicts(out)]).toEqual([0, ['chosen: ml.g5.xlarge × 3', 'runner-up: ml.m5.xlarge × 3']]);
    expect(out).toMatch(/^Model \S+\ninstant recommendation, COMPLETED, without a benchmark, free\n\n\S*Instant\S* by first of list\nverdict +endpoint +place +tuned +why not +id\n/);
    expect(out).not.toContain('USD');
  });

  test('is found by the name or the ARN of the model', async () => {
    const { code, out } = await shown(names.model);
    expect([code, verdicts(out)]).toEqual([0, ['chosen: ml.g5.xlarge × 1', 'runner-up: ml.m5.xlarge × 1']]);
    const { ModelArn } = await apps.sagemaker('DescribeModel', { ModelName: names.model });
    expect((await shown(ModelArn)).out).toBe(out);
  });

  test('of a model of which too little is known has its status and the reason', async () => {
    const operations = apps.region().sagemaker.operations as Record<string, any>;
    const describe = operations.DescribeModel;
    operations.DescribeModel = async (input: any, call: any) => ({ ...await describe(input, call), DeploymentRecommendation: { RecommendationStatus: 'NOT_APPLICABLE' } });
    const { ModelName } = await apps.sagemaker('DescribeModel', { ModelName: names.model });
    const { code, out } = await shown(names.model).finally(() => { operations.DescribeModel = describe; });
    expect([code, out]).toEqual([0, `Model ${ModelName}\ninstant recommendation, NOT_APPLICABLE, without a benchmark, free\nwhat SageMaker knows of the model is not enough to recommend an instance type`]);
  });
});

test('a family that may not be read hides no other one, and is told if nothing else has the name', async () => {
  const isAi = (operation: string) => operation.startsWith('DescribeAI');
  expect(await failing(isAi, DENIED, () => shown(names.model))).toEqual(await shown(names.model));
  expect((await failing(isAi, DENIED, () => shown('nothing'))).told).toBe('nothing is neither a stack nor a recommendation job, a benchmark job or a model in us-east-1: '
    + 'look at the name, the Region and the account. AWS denies a call, so not all kinds of jobs were looked for: the option --policy prints the policy that is needed');
});

test('names and ARNs of nothing are told in one sentence', async () => {
  const sentence = (word: string) => `${word} is neither a stack nor a recommendation job, a benchmark job or a model in us-east-1: look at the name, the Region and the account`;
  for (const resource of ['ai-recommendation-job', 'ai-benchmark-job', 'model']) {
    const arn = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:${resource}/nothing`;
    expect(await shown(arn)).toEqual({ code: 1, out: '', told: sentence(arn) });
  }
  const long = 'a'.repeat(64);
  expect((await shown(long)).told).toBe(sentence(long));
});

test('no value of a container, and none of a variable that is named like a secret, is shown', async () => {
  const all = await Promise.all([...Object.keys(STACKS), names.model].flatMap((word) => [[], ['--json'], ['--format', 'csv'], ['--format', 'markdown']].map((more) => shown(word, ...more))));
  expect(all.filter(({ out }) => out === '' || out.includes(SECRET))).toEqual([]);
  expect((await shown('Instant')).out).toContain('WORKERS=2 HF_TOKEN=…');
});

test('its policy is all that it needs for every family, and nothing that it never calls', async () => {
  const { out: policy } = await shown('--policy');
  const words = [...Object.keys(STACKS), 'Imported', ...Object.values(names)];
  const whole = await Promise.all(words.map((word) => shown(word)));
  const before = { ...process.env };
  try {
    lead(withPolicy(apps.aws, apps.region(), 'show-only', policy));
    const called = await actionsOf(apps.aws, async () => { expect(await Promise.all(words.map((word) => shown(word)))).toEqual(whole); });
    const allowed: string[] = JSON.parse(policy).Statement[0].Action;
    // A list of objects needs another action than it is called.
    expect(called.filter((action) => !allowed.includes(action))).toEqual(['s3:ListObjectsV2']);
    expect(called).toEqual(expect.arrayContaining(['s3:GetObject', 'sagemaker:DescribeAIBenchmarkJob', 'sagemaker:DescribeAIRecommendationJob', 'sagemaker:DescribeModel']));
    expect(allowed.filter((action) => action.includes('AI') || action.startsWith('s3:')).sort()).toEqual([
      's3:GetObject', 's3:ListBucket', 'sagemaker:DescribeAIBenchmarkJob', 'sagemaker:DescribeAIRecommendationJob',
      'sagemaker:ListAIRecommendationJobs',
    ]);
  } finally {
    Object.assign(process.env, before);
  }
});

describe('a file', () => {
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const row = (type: string, ...performance: object[]) => ({
    ModelDetails: { ModelPackageArn: 'arn:aws:sagemaker:us-west-2:111122223333:model-package/p/1', InferenceSpecificationName: type },
    DeploymentConfiguration: { InstanceType: type, InstanceCount: 1, CopyCountPerInstance: 1, EnvironmentVariables: { HUGGING_FACE_HUB_TOKEN: SECRET, OPTION_MAX_TOKENS: '512' } },
    ExpectedPerformance: performance,
  });
  const job = (...Recommendations: object[]) => ({
    AIRecommendationJobName: 'my-job',
    AIRecommendationJobArn: 'arn:aws:sagemaker:us-west-2:111122223333:ai-recommendation-job/my-job',
    AIRecommendationJobStatus: 'Completed',
    ModelSource: { S3: { S3Uri: 's3://bucket/model/' } },
    AIWorkloadConfigIdentifier: 'chat',
    CreationTime: 1775000000,
    EndTime: 1775007200.5,
    Recommendations,
  });

  test('as aws describe-ai-recommendation-job prints it is shown without an account', async () => {
    // The figures are those of the fixtures of AWS's Python SDK: one type has them, and the other has none.
    const path = file('job.json', job(row('ml.g6.2xlarge'), row('ml.g6.12xlarge',
      { Metric: 'RequestThroughput', Stat: 'avg', Value: '3.8', Unit: 'requests/sec' },
      { Metric: 'RequestLatency', Stat: 'p50', Value: '206.6', Unit: 'ms' }, { Metric: 'RequestLatency', Stat: 'p90', Value: '257.9', Unit: 'ms' })));
    const { code, out } = await shown('--from', path);
    expect([code, out.split('\n').slice(0, 3)]).toEqual([0, [
      'Job my-job', 'generative recommendation, Completed, 2 h, on types of the service\'s choice', 'of s3://bucket/model/ with workload chat',
    ]]);
    // No figure tells the costs of a token apart, so that of an hour decides.
    expect(out).toContain('Ranked by lowest cost per hour\n');
    expect(verdicts(out)).toEqual(['chosen: ml.g6.2xlarge × 1', 'runner-up: ml.g6.12xlarge × 1']);
    expect(out).toMatch(/ms a request, p50 /);
    expect(out).toContain('HUGGING_FACE_HUB_TOKEN=… OPTION_MAX_TOKENS=512');
    expect(out).not.toContain(SECRET);
  });

  test('that reports a figure without a unit shows it as it was reported, and does not compare it', async () => {
    const path = file('unit.json', job(row('ml.g6.2xlarge', { Metric: 'TimeToFirstToken', Stat: 'p50', Value: '35' })));
    const { out } = await shown('--from', path);
    expect(out).toContain('35 without a unit');
    expect(JSON.parse((await shown('--from', path, '--json')).out).jobs[0].recommendations[0].reported).toEqual({ 'TimeToFirstToken': '35 without a unit', 'TimeToFirstToken.p50': '35 without a unit' });
  });

  test('of a benchmark job, and of a model, is shown as well', async () => {
    const benchmark = file('benchmark.json', {
      AIBenchmarkJobName: 'b',
      AIBenchmarkJobArn: 'arn',
      AIBenchmarkJobStatus: 'InProgress',
      CreationTime: '2026-04-01T10:00:00Z',
      AIWorkloadConfigIdentifier: 'arn:aws:sagemaker:us-west-2:1:ai-workload-config/chat',
      BenchmarkTarget: { Endpoint: { Identifier: 'endpoint', InferenceComponents: [{ Identifier: 'one' }, { Identifier: 'two' }] } },
    });
    expect((await shown('--from', benchmark)).out).toContain('benchmark of an endpoint, InProgress\nof endpoint endpoint components one, two with workload chat');
    const model = file('model.json', { ModelName: 'm', ModelArn: 'arn', DeploymentRecommendation: { RecommendationStatus: 'COMPLETED', RealTimeInferenceRecommendations: [{ RecommendationId: 'm/1', InstanceType: 'ml.g5.xlarge' }] } });
    expect(verdicts((await shown('--from', model)).out)).toEqual(['chosen: ml.g5.xlarge × 1']);
  });

  test.each<[string, unknown, RegExp]>([
    ['the page\'s own syntax', { ...job(), AIRecommendationJobStatus: 'string' }, /: The status of an AI recommendation job is unknown: got 'string', expected one of InProgress, /],
    ['another form', { ...job(), Recommendations: {} }, /: it has members of another form than `aws sagemaker` prints/],
    ['no job', { Steps: [] }, /: The file must be what `aws sagemaker describe-inference-recommendations-job` prints/],
    ['no JSON', '<html>', /^\S+: /],
  ])('with %s is refused in one sentence', async (name, content, message) => {
    const { code, out, told } = await shown('--from', file(`${name.replace(/\W/g, '-')}.json`, content));
    expect([code, out, told.split('\n').length]).toEqual([1, '', 1]);
    expect(told).toMatch(message);
  });

  test('that is not there is told', async () => {
    expect((await shown('--from', join(folder, 'none.json'))).told).toMatch(/^--from \S+none\.json cannot be read: ENOENT/);
  });
});
