import { Account } from './account';
import { SDK_TRIES, THROTTLED, VirtualRunner } from './virtual-runner';
import { PAUSE_MS } from '../../lambda/runtime/retry';
import { AwsError, CallRecord, FaultScript } from '../../local-aws';
import { OFTEN_SECONDS } from '../../src/contract/waiting';
import { TRANSIENT_RETRY } from '../../src/runtime/wait-machine';
import { packageRequest } from '../harness/model-package';

const MINUTE = 60_000;
const JOBS = 50;
const JOB_MINUTES = 15;
/** AWS publishes no rates for these calls: so many a second, and so many at once. */
const [RATE, AT_ONCE] = [5, 10];
const isOfStack = ({ service, principal }: Pick<CallRecord, 'service' | 'principal'>) => service === 'sagemaker' && principal.includes('/Burst-');
const isPoll = ({ principal }: CallRecord) => /-InferenceRecommenderRuntimeWait/.test(principal);
const isRefused = ({ error }: CallRecord) => error === THROTTLED;

/** Lets so many calls of SageMaker through as a bucket has tokens, which fills with virtual time. */
function tokenBucket(): FaultScript {
  let [tokens, filled] = [AT_ONCE, 0];
  return (call) => {
    if (!isOfStack(call)) { return undefined; }
    tokens = Math.min(AT_ONCE, tokens + (call.time - filled) / 1000 * RATE);
    filled = call.time;
    if (tokens < 1) { return new AwsError(THROTTLED, 'Rate exceeded'); }
    tokens--;
    return undefined;
  };
}

/** The most calls that fall into one minute. */
function peak(calls: readonly CallRecord[]): number {
  return Math.max(...calls.map(({ time: from }) => calls.filter(({ time }) => time >= from && time < from + MINUTE).length));
}

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
  const account = await Account.open({ faults: [tokenBucket()], lambdaRunner: new VirtualRunner() });
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
