import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Stack } from 'aws-cdk-lib';
import { actionsOf, lead, ran, Ran, verdicts, withPolicy } from './command';
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

beforeAll(async () => {
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
afterAll(() => apps.close());

const shown = (...args: string[]): Promise<Ran> => ran(show, args);
const data = async (...args: string[]) => JSON.parse((await shown(...args, '--json')).out);

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

  test('by its name or ARN is ranked by what it aims at, at public prices', async () => {
    const { out, code } = await shown(names.chat);
    expect([code, verdicts(out)[0]]).toEqual([0, 'chosen: ml.p5.48xlarge × 1 with 8 copies each']);
    expect(out).toContain('Ranked by lowest time to first token\n');
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
