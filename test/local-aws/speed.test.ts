import { VirtualClock } from '../../local-aws';
import { InProcessRunner } from '../e2e/in-process-runner';
import { LocalApps } from '../e2e/local-apps';
import { HandTime } from '../harness/hand-time';
import { quickStart, QUICK_START_STACK as STACK } from '../harness/quick-start';

const SECOND = 1000;
let real: HandTime;
let clock: VirtualClock;
let apps: LocalApps;

beforeEach(async () => {
  real = new HandTime();
  clock = new VirtualClock({ pace: 60, realTime: real });
  apps = await LocalApps.open({ clock, rates: [], lambdaRunner: new InProcessRunner() });
});
afterEach(() => apps.close());

/** Lets real seconds pass until something is so, and gives how many it took. */
async function passUntil(condition: () => boolean): Promise<number> {
  for (let seconds = 0; ; seconds++) {
    await real.pass(0, clock);
    // What clients outside do next comes with the turns of this process.
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (condition()) { return seconds; }
    await real.pass(SECOND, clock);
  }
}

const status = () => apps.statuses()[0];

test('a job is seen PENDING and IN_PROGRESS, and a deploy takes as long as the pace says', async () => {
  let done: string | undefined;
  void apps.bring(quickStart, STACK).then((ended) => { done = ended; });
  await passUntil(() => status() === 'PENDING');
  expect(await passUntil(() => status() === 'IN_PROGRESS')).toBeLessThanOrEqual(2);
  expect((await apps.sagemaker('ListInferenceRecommendationsJobs', {})).InferenceRecommendationsJobs).toMatchObject([{ Status: 'IN_PROGRESS' }]);
  const seconds = await passUntil(() => done !== undefined);
  expect(done).toBe('CREATE_COMPLETE');
  // 45 minutes of the job, 3 of the endpoint, and the poll that sees the end.
  expect(seconds).toBeGreaterThanOrEqual(47);
  expect(seconds).toBeLessThan(60);
});

test('a job can be stopped midway: the deploy fails and nothing runs on', async () => {
  let done: string | undefined;
  void apps.bring(quickStart, STACK).then((ended) => { done = ended; });
  await passUntil(() => status() === 'IN_PROGRESS');
  await real.pass(5 * SECOND, clock);
  const [{ request: { JobName } }] = apps.region().sagemaker.state.jobs.values();
  await apps.sagemaker('StopInferenceRecommendationsJob', { JobName });
  expect(status()).toBe('STOPPING');
  await passUntil(() => done !== undefined);
  expect([done, apps.statuses()]).toEqual(['ROLLBACK_COMPLETE', ['STOPPED']]);
});

test('a stack that is deleted while its job runs stops the job', async () => {
  void apps.bring(quickStart, STACK);
  await passUntil(() => status() === 'IN_PROGRESS');
  let done: string | undefined;
  void apps.remove(STACK).then((ended) => { done = ended; });
  await passUntil(() => done !== undefined);
  expect(done).toBe('DELETE_COMPLETE');
  expect(apps.statuses().filter((one) => /ING$|IN_PROGRESS/.test(one))).toEqual([]);
});
