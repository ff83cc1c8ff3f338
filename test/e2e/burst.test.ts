import { Account } from './account';
import { AT_ONCE, crowd, isPoll, peak, RATE, tokenBucket } from './crowd';
import { SDK_TRIES, THROTTLED, VirtualRunner } from './virtual-runner';
import { PAUSE_MS } from '../../lambda/runtime/retry';
import { CallRecord } from '../../local-aws';
import { LONGEST_POLL_SECONDS, OFTEN_SECONDS, SECONDS_PER_JOB } from '../../src/contract/waiting';
import { TRANSIENT_RETRY } from '../../src/runtime/wait-machine';
import { packageRequest } from '../harness/model-package';

const MINUTE = 60_000;
const JOBS = 50;
const JOB_MINUTES = 15;
const isOfStack = ({ service, principal }: Pick<CallRecord, 'service' | 'principal'>) => service === 'sagemaker' && principal.includes('/Burst-');
const isRefused = ({ error }: CallRecord) => error === THROTTLED;

/**
 * What a minute has at most. The bucket bounds what is let through. A job's resources come one after the other, so it has one event or one poll under
 * way: an event that is refused is tried as often as the SDK does, and then after a pause; a poll as often as the state machine does.
 */
function mostAMinute(): number {
  const events = (Math.floor(MINUTE / PAUSE_MS) + 1) * SDK_TRIES;
  const polls = (Math.floor(60 / OFTEN_SECONDS) + 1) * (1 + TRANSIENT_RETRY.MaxAttempts);
  return AT_ONCE + 60 * RATE + JOBS * (events + polls);
}

/** What a minute has at most while all that is done is to wait. */
const MOST_WAITING = JOBS * (Math.floor(60 / OFTEN_SECONDS) + 1);

test(`${JOBS} jobs of a stack end well while SageMaker throttles, and ask it no more than is bounded`, async () => {
  const account = await Account.open({ faults: [tokenBucket(isOfStack)], lambdaRunner: new VirtualRunner() });
  try {
    const stack = account.stack('Burst', () => ({ durationSeconds: JOB_MINUTES * 60 }));
    await stack.ask('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
    const { ModelPackageArn: modelPackageArn } = await stack.ask('CreateModelPackage', { ModelPackageGroupName: 'models', ModelApprovalStatus: 'Approved', ...packageRequest() });
    const calls: CallRecord[] = [];
    account.aws.world.watch((call) => { if (isOfStack(call)) { calls.push(call); } });

    expect(await stack.bring({ bare: { jobs: JOBS, modelPackageArn } })).toBe('CREATE_COMPLETE');
    const started = stack.done('CreateInferenceRecommendationsJob');
    expect([started.length, new Set(started).size]).toEqual([JOBS, JOBS]);
    expect(await stack.statuses()).toEqual(Array(JOBS).fill('COMPLETED'));
    expect(stack.resources(/^Job\d+Best/).map(({ attributes }) => attributes.Source)).toEqual(Array(JOBS).fill('Benchmark'));

    const refused = calls.filter(isRefused).length;
    expect(refused).toBeGreaterThan(JOBS);
    const most = peak(calls);
    expect(most).toBeLessThanOrEqual(mostAMinute());
    // From when all wait until the first job ends.
    const creations = calls.filter(({ operation, status }) => operation === 'CreateInferenceRecommendationsJob' && status === 200).map(({ time }) => time);
    const [from, until] = [Math.max(...creations) + 2 * MINUTE, Math.min(...creations) + JOB_MINUTES * MINUTE];
    const waiting = calls.filter(({ time }) => time >= from && time < until);
    expect(waiting.filter((call) => !isPoll(call) || isRefused(call))).toEqual([]);
    expect(peak(waiting)).toBeLessThanOrEqual(MOST_WAITING);
    console.info(`${JOBS} jobs: ${calls.length} calls of SageMaker, ${refused} of them throttled; at the peak ${most} a minute (bound: ${mostAMinute()}),`
      + ` while waiting ${peak(waiting)} (bound: ${MOST_WAITING}); starting took ${(Math.max(...creations) - Math.min(...creations)) / 1000} s.`);
  } finally {
    await account.close();
  }
});

// By this seed's chances, many ends of waits are refused for minutes.
test('300 jobs in 8 stacks all end well, and their polls together stay far below the rate', async () => {
  const { started, lost, polls, lag } = await crowd(300, 4);
  expect([started, lost]).toEqual([300, 0]);
  // The interval grows with the jobs that run when a wait begins, and so does the time until an end is noticed.
  expect(polls.mean).toBeLessThanOrEqual(0.5 * 60 * RATE);
  expect(polls.peak).toBeLessThanOrEqual(60 * RATE);
  expect(lag.worst).toBeLessThanOrEqual(LONGEST_POLL_SECONDS + 60);
  expect(lag.mean).toBeLessThanOrEqual(300 * SECONDS_PER_JOB);
  console.info(`300 jobs: ${polls.mean.toFixed(1)} polls a minute while waiting, ${polls.peak} at the peak; ${lag.mean.toFixed(1)} s from a job's end to its result, ${lag.worst} s at worst.`);
});
