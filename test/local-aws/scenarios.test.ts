import fc from 'fast-check';
import { Bench, ROLE } from './sagemaker/fixtures';
import { GenerativeBench } from './sagemaker/generative/fixtures';
import { BenchmarkRun } from '../../local-aws/sagemaker';
import { scenarioOptions, SCENARIOS } from '../../local-aws/scenarios';
import { InProcessRunner } from '../e2e/in-process-runner';
import { LocalApps } from '../e2e/local-apps';
import { quickStart, QUICK_START_STACK as STACK } from '../harness/quick-start';

const GROUP = '/aws/sagemaker/InferenceRecommendationsJobs';

let apps: LocalApps;
let opened: LocalApps | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function deployed(names: string[], failAtSeconds?: number): Promise<string> {
  apps = opened = await LocalApps.open({ lambdaRunner: new InProcessRunner(), ...scenarioOptions({ names, failAtSeconds }) });
  return apps.bring(quickStart, STACK);
}

/** The statuses of a job's steps, and why they have failed. */
async function steps(): Promise<Array<[string, string | undefined]>> {
  const [{ request: { JobName } }] = apps.region().sagemaker.state.jobs.values();
  const { Steps } = await apps.sagemaker('ListInferenceRecommendationsJobSteps', { JobName });
  return Steps.map(({ Status, InferenceBenchmark: { FailureReason } }: any) => [Status, FailureReason]);
}

const logged = (group: string) => apps.region().logs.tail(group, 1000).join('\n');

const STATUSES = ['PENDING', 'IN_PROGRESS', 'STOPPING'];
const running = () => apps.statuses().filter((status) => STATUSES.includes(status));

test.each<[string, RegExp, RegExp]>([
  ['out-of-memory', /ended FAILED: .*out of memory/, /did not pass the ping health check/],
  ['model-error', /ended FAILED: .*ModelError when calling InvokeEndpoint/, /ModelError/],
  ['payload-error', /ended FAILED: .*PayloadError when calling InvokeEndpoint/, /PayloadError/],
  ['capacity', /ended FAILED: .*InsufficientInstanceCapacity/, /InsufficientInstanceCapacity/],
])('%s: every benchmark fails, and the stack rolls back with the reason', async (name, reason, ofSteps) => {
  expect(await deployed([name])).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons(STACK)).toMatch(reason);
  expect([apps.statuses(), running()]).toEqual([['FAILED'], []]);
  for (const [status, why] of await steps()) { expect([status, why]).toEqual(['FAILED', expect.stringMatching(ofSteps)]); }
  expect(logged(GROUP)).toMatch(new RegExp(`is PENDING[^]*is IN_PROGRESS[^]*${ofSteps.source}[^]*is FAILED: `));
});

test('out-of-memory shows in the logs of the benchmarks\' endpoints, where the guide says to look', async () => {
  await deployed(['out-of-memory']);
  const groups = [...apps.region().logs.groups.keys()].filter((name) => name.startsWith('/aws/sagemaker/Endpoints/sm-epc-'));
  expect(groups).toHaveLength((await steps()).length);
  expect(logged(groups[0])).toContain('out of memory');
});

test('quota: the job does not start', async () => {
  expect(await deployed(['quota'])).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons(STACK)).toContain('The account-level service limit \'Number of inference recommender jobs\' is 0');
  expect(apps.statuses()).toEqual([]);
});

test('quota with a time: the job fails when it cannot make an endpoint', async () => {
  expect(await deployed(['quota'], 20 * 60)).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons(STACK)).toMatch(/ended FAILED: .*ResourceLimitExceeded when calling CreateEndpoint/);
  expect(apps.statuses()).toEqual(['FAILED']);
});

test('denied-role: the job fails before the first benchmark', async () => {
  expect(await deployed(['denied-role'])).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons(STACK)).toMatch(/Provided role ARN arn:.* cannot be assumed: AWSSecurityTokenServiceException/);
  expect([await steps(), apps.statuses()]).toEqual([[], ['FAILED']]);
});

test('partial-failure: what is left is deployed', async () => {
  expect(await deployed(['partial-failure'])).toBe('CREATE_COMPLETE');
  expect(new Set((await steps()).map(([status]) => status))).toEqual(new Set(['COMPLETED', 'FAILED']));
  expect(apps.outputs(STACK).InstanceType).toMatch(/^ml\./);
});

test('no-recommendation: the job is completed and nothing can be chosen', async () => {
  expect(await deployed(['no-recommendation'])).toBe('ROLLBACK_COMPLETE');
  expect(apps.statuses()).toEqual(['COMPLETED']);
  expect(apps.reasons(STACK)).toContain('None of the 0 recommendations of job');
});

test('slow: the job outlasts its wait, and a rollback stops it', async () => {
  expect(await deployed(['slow'])).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons(STACK)).toContain('is still IN_PROGRESS after the whole time of its wait chain');
  expect([apps.statuses(), running()]).toEqual([['STOPPED'], []]);
});

test.each(['throttling', 'lost-answers'])('%s: everything is tried again, and one job runs', async (name) => {
  expect(await deployed([name])).toBe('CREATE_COMPLETE');
  expect(apps.statuses()).toEqual(['COMPLETED']);
});

test('a job that fails at minute 30 keeps the benchmarks that it has ended', async () => {
  expect(await deployed([], 30 * 60)).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons(STACK)).toMatch(/ended FAILED: INTERNAL_ERROR/);
  const [{ created, completed }] = apps.region().sagemaker.state.jobs.values();
  expect(completed!.getTime() - created.getTime()).toBe(30 * 60_000);
  expect((await steps()).map(([status]) => status)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'FAILED', 'FAILED']);
});

describe('the steps of a job that fails at a time', () => {
  const row = (InstanceType: string) => ({
    Metrics: { MaxInvocations: 60, ModelLatency: 10, CostPerHour: 1, CostPerInference: 1 },
    EndpointConfiguration: { InstanceType, InitialInstanceCount: 1 },
    ModelConfiguration: {},
  });
  const STEPS = ['ml.c5.large', 'ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.c5.4xlarge'];

  /** The end of a job, and when its steps begin and end, in minutes from its creation; those without times have not begun. */
  async function ended(run: Partial<BenchmarkRun>, names: string[], failAtMinutes: number): Promise<[string, number, any[][]]> {
    const benchmarks = () => ({ durationSeconds: 76 * 60, recommendations: STEPS.map(row), ...run });
    const bench = new Bench(scenarioOptions({ names, failAtSeconds: failAtMinutes * 60, benchmarks }));
    const ModelPackageVersionArn = await bench.modelPackage();
    await bench.call('CreateInferenceRecommendationsJob', { JobName: 'j', JobType: 'Default', RoleArn: ROLE, InputConfig: { ModelPackageVersionArn } });
    await bench.minutes(301);
    const { Status, CreationTime, CompletionTime } = await bench.call('DescribeInferenceRecommendationsJob', { JobName: 'j' });
    const minute = (time: Date) => (time.getTime() - CreationTime.getTime()) / 60_000;
    const { Steps } = await bench.call('ListInferenceRecommendationsJobSteps', { JobName: 'j' });
    const times = Steps.map(({ Status: status, InferenceBenchmark: { InvocationStartTime: from, InvocationEndTime: to } }: any) => (
      from ? [status, minute(from), minute(to)] : [status]));
    return [Status, minute(CompletionTime), times];
  }

  const minutes = (...list: number[]) => list.map((one) => one * 60);

  test('keep their begins, and end with it', async () => {
    expect(await ended({ stepSeconds: minutes(5, 5, 5, 60) }, [], 30))
      .toEqual(['FAILED', 30, [['COMPLETED', 1, 6], ['COMPLETED', 6, 11], ['COMPLETED', 11, 16], ['FAILED', 16, 30]]]);
  });

  test('have no times if they had not begun', async () => {
    expect(await ended({ stepSeconds: minutes(5, 5, 5, 60) }, [], 6)).toEqual(['FAILED', 6, [['COMPLETED', 1, 6], ['FAILED'], ['FAILED'], ['FAILED']]]);
    expect(await ended({ stepSeconds: minutes(5, 5, 5, 60) }, [], 0.5)).toEqual(['FAILED', 0.5, [['FAILED'], ['FAILED'], ['FAILED'], ['FAILED']]]);
  });

  test('keep their begins if some that began later have ended', async () => {
    expect(await ended({ stepSeconds: minutes(60, 5, 5, 15), parallelSteps: 2, durationSeconds: 61 * 60 }, [], 21))
      .toEqual(['FAILED', 21, [['COMPLETED', 1, 6], ['COMPLETED', 6, 11], ['FAILED', 1, 21], ['FAILED', 11, 21]]]);
  });

  test('are those of the same job that does not fail, cut at its failure', async () => {
    const lanesAndFailure = [fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 160 })] as const;
    const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: STEPS.length, maxLength: STEPS.length });
    await fc.assert(fc.asyncProperty(lengths, ...lanesAndFailure, async (list, parallelSteps, failAt) => {
      const run = { durationSeconds: 161 * 60, stepSeconds: minutes(...list), parallelSteps };
      const [, , usual] = await ended(run, [], 161);
      const begun = usual.filter(([, from]) => from < failAt).map(([, from, to]) => [to <= failAt ? 'COMPLETED' : 'FAILED', from, Math.min(to, failAt)]);
      const [status, end, found] = await ended(run, [], failAt);
      expect([status, end, found.filter(([, from]) => from !== undefined).sort()]).toEqual(['FAILED', failAt, begun.sort()]);
    }), { numRuns: 30 });
  });

  test('that fail one after the other, too', async () => {
    expect(await ended({ stepSeconds: minutes(5, 5, 5, 60) }, ['model-error'], 14))
      .toEqual(['FAILED', 14, [['FAILED', 1, 6], ['FAILED', 6, 11], ['FAILED', 11, 14], ['FAILED']]]);
    expect(await ended({ stepSeconds: minutes(5, 5, 5, 60) }, ['partial-failure'], 30))
      .toEqual(['FAILED', 30, [['COMPLETED', 1, 6], ['COMPLETED', 11, 16], ['FAILED', 6, 11], ['FAILED', 16, 30]]]);
  });

  test('take all four times as long in a slow job', async () => {
    expect(await ended({ durationSeconds: 16 * 60, stepSeconds: minutes(5, 10), recommendations: STEPS.slice(0, 2).map(row) }, ['slow'], 64))
      .toEqual(['COMPLETED', 64, [['COMPLETED', 1, 22], ['COMPLETED', 22, 64]]]);
  });

  test.each<[string, number]>([['denied-role', 2], ['out-of-memory', 76], ['no-recommendation', 76]])('%s: a job that ends earlier ends as it does', async (name, end) => {
    const usual = await ended({}, [name], 300);
    expect(usual[1]).toBe(end);
    for (const later of [end, end + 1, 180]) { expect(await ended({}, [name], later)).toEqual(usual); }
  });
});

describe('without a deploy', () => {
  test('a name that is unknown, and two that contradict each other, are refused', () => {
    expect(() => scenarioOptions({ names: ['slwo'] })).toThrow(`the scenario slwo must be one of ${SCENARIOS.join(', ')}`);
    expect(() => scenarioOptions({ names: ['slow', 'quota', 'capacity'] })).toThrow('the scenarios quota and capacity both say how jobs fail: name one of them');
    expect(() => scenarioOptions({ names: ['quota', 'quota', 'slow', 'throttling'] })).not.toThrow();
  });
});

describe('a job of the generative family', () => {
  async function generative(names: string[], failAtSeconds?: number) {
    const bench = new GenerativeBench(scenarioOptions({ names, failAtSeconds }));
    await bench.workload();
    return bench;
  }
  const types = { ComputeSpec: { InstanceTypes: ['ml.g5.12xlarge', 'ml.g6.12xlarge'] } };

  test.each<[string, RegExp]>([
    ['out-of-memory', /out of memory/],
    ['model-error', /ModelError/],
    ['payload-error', /PayloadError/],
    ['capacity', /InsufficientInstanceCapacity/],
    ['denied-role', /cannot be assumed/],
  ])('%s: fails with the reason', async (name, reason) => {
    const job = await (await generative([name])).recommended(types);
    expect(job).toMatchObject({ AIRecommendationJobStatus: 'Failed', FailureReason: expect.stringMatching(reason) });
    expect(job.Recommendations).toBeUndefined();
  });

  test.each([['partial-failure', 1], ['no-recommendation', 0], ['throttling', 2]])('%s: completes with %d recommendations', async (name, count) => {
    const job = await (await generative([name])).recommended(types);
    expect(job).toMatchObject({ AIRecommendationJobStatus: 'Completed' });
    expect(job.Recommendations).toHaveLength(count);
  });

  test('quota: does not start; with a time, it fails then', async () => {
    const bench = await generative(['quota']);
    expect(await bench.refused('CreateAIRecommendationJob', bench.recommendationRequest(types))).toMatchObject({ code: 'ResourceLimitExceeded' });
    const late = await (await generative(['quota'], 1800)).recommended(types);
    expect(late).toMatchObject({ AIRecommendationJobStatus: 'Failed', EndTime: new Date('2026-01-01T00:30:00Z') });
  });

  test('slow: takes four times as long', async () => {
    const [quick, slow] = await Promise.all([[], ['slow']].map(async (names) => {
      const { CreationTime, EndTime } = await (await generative(names)).recommended(types);
      return EndTime - CreationTime;
    }));
    expect(slow).toBe(4 * quick);
  });
});
