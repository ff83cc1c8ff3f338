import { Account } from './account';
import { PAUSE_MS } from '../../lambda/shared/patience';
import { AwsError, CallRecord, FaultScript } from '../../local-aws';
import { POLL_SECONDS } from '../../src/api/waiting';
import { PASSING_RETRY } from '../../src/private/state-machine';

import { Sandbox } from '../../local-aws/lambda/sandbox';
const trace = new Map<number, string[]>();
for (const m of ['sleep', 'goOn', 'end', 'invoke'] as const) {
  const real = (Sandbox.prototype as any)[m];
  (Sandbox.prototype as any)[m] = function(this: any, ...a: any[]) {
    const pid = this.child.pid;
    trace.set(pid, [...trace.get(pid) ?? [], `${m} ${m === 'sleep' ? a[0] : ''} clock ${this.fn.region.clock.time} wake ${!!this.wake} answer ${!!this.answer}`]);
    return real.apply(this, a);
  };
}
const MINUTE = 60_000;
const JOBS = Number(process.env.JOBS ?? 50);
const JOB_MINUTES = 15;
/** AWS publishes no rates for these calls: so many a second, and so many at once. */
const [RATE, AT_ONCE] = [10, 20];
/** How often the SDK tries: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const SDK_TRIES = 3;

jest.setTimeout(40_000);

/** Lets so many calls of SageMaker through as a bucket has tokens, which fills with virtual time. */
function tokenBucket(): FaultScript {
  let [tokens, filled] = [AT_ONCE, -Infinity];
  return ({ service, principal, time }) => {
    if (service !== 'sagemaker' || !principal.includes('/Burst-')) { return undefined; }
    tokens = Math.min(AT_ONCE, tokens + (time - filled) / 1000 * RATE);
    filled = time;
    if (tokens < 1) { return new AwsError('ThrottlingException', 'Rate exceeded'); }
    tokens--;
    return undefined;
  };
}

/** The most calls that fall into one minute. */
function peak(calls: readonly CallRecord[]): number {
  const times = calls.map(({ time }) => time).sort((one, other) => one - other);
  return Math.max(0, ...times.map((from, index) => times.filter((time, later) => later >= index && time < from + MINUTE).length));
}

/**
 * What a minute has at most. A job's resources come one after the other, so each job has one event or one poll under way. The bucket bounds what
 * is let through. What is refused is tried again: by an event as often as the SDK tries, then after a pause; by a poll as often as it is retried.
 */
function bound(): number {
  const rounds = Math.floor(MINUTE / PAUSE_MS) + 1;
  const polls = Math.floor(60 / POLL_SECONDS) + 1;
  return AT_ONCE + 60 * RATE + JOBS * Math.max(rounds * SDK_TRIES, polls * (1 + PASSING_RETRY.MaxAttempts));
}

test(`${JOBS} jobs of a stack all end well while SageMaker throttles`, async () => {
  const account = await Account.open({ faults: [tokenBucket()] });
  const calls: CallRecord[] = [];
  account.aws.world.watch((call) => { if (call.service === 'sagemaker' && call.principal.includes('/Burst-')) { calls.push(call); } });
  setTimeout(() => {
    const clock = account.aws.world.clock as any;
    const out: string[] = [`working ${clock.working} timers ${clock.timers.length} next ${clock.timers[0]?.at - clock.time}`];
    for (const [fn, pool] of (stack.region.lambda as any).runner.pools) {
      const all = [...pool.all];
      out.push(`${fn.functionName} all ${all.length} active ${all.filter((x: any) => x.answer).length} asleep ${all.filter((x: any) => x.wake).length} busy pids ${all.filter((x: any) => x.answer && !x.wake).map((x: any) => x.child.pid).join()}`);
    }
    for (const [fn, pool] of (stack.region.lambda as any).runner.pools) {
      for (const x of pool.all) { if (x.answer && !x.wake) {
        out.push(...trace.get(x.child.pid)!);
        const id = x.task.awsRequestId;
        out.push(...stack.region.logs.tail(fn.logGroup, 5000).filter((l: string) => l.includes(id)), 'deadline-now ' + (x.task.deadline - clock.time) + ' connected ' + x.child.connected + ' killed ' + x.child.killed);
      } }
    }
    process.stdout.write(out.join('\n') + '\n');
  }, 15_000).unref();
  setTimeout(() => process.stdout.write(stack.record.status + ' ' + calls.length + ' ' + JSON.stringify(stack.record.events.slice(-5).map((e) => [e.logicalId, e.status, e.reason])) + calls.slice(-6).map((c) => c.operation + c.error + c.time).join() + '\n'), 30_000).unref();
  const stack = account.stack('Burst', () => ({ durationSeconds: JOB_MINUTES * 60 }));
  try {
    await stack.ask('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
    const { ModelPackageArn } = await stack.ask('CreateModelPackage', {
      ModelPackageGroupName: 'models',
      ModelApprovalStatus: 'Approved',
      Domain: 'MACHINE_LEARNING',
      Task: 'CLASSIFICATION',
      SamplePayloadUrl: 's3://bucket/payload.tar.gz',
      InferenceSpecification: {
        Containers: [{ Image: 'image', ModelDataUrl: 's3://bucket/model.tar.gz', Framework: 'XGBOOST', FrameworkVersion: '1.3-1' }],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['text/csv'],
      },
    });
    expect(await stack.bring({ bare: { jobs: JOBS, modelPackageArn: ModelPackageArn } })).toBe('CREATE_COMPLETE');
    expect(await stack.statuses()).toEqual(Array(JOBS).fill('COMPLETED'));
    expect(new Set(stack.done('CreateInferenceRecommendationsJob')).size).toBe(JOBS);
    expect(stack.done('CreateInferenceRecommendationsJob')).toHaveLength(JOBS);
    expect(stack.resources(/^Job\d+Best/).filter(({ attributes }) => attributes.Source === 'Benchmark')).toHaveLength(JOBS);

    const polls = calls.filter(({ operation, principal }) => operation === 'DescribeInferenceRecommendationsJob' && principal.includes('WaitRole'));
    const started = Math.max(...calls.filter(({ operation }) => operation.startsWith('Create')).map(({ time }) => time));
    const first = Math.min(...calls.map(({ time }) => time));
    const quiet = calls.filter(({ time }) => time >= started + 2 * MINUTE && time < first + (JOB_MINUTES - 1) * MINUTE);
    process.stdout.write(JSON.stringify({ peak: peak(calls), bound: bound(), throttled: calls.filter(({ error }) => error === 'ThrottlingException').length,
      all: calls.length, polls: polls.length, quiet: quiet.length, peakQuiet: peak(quiet), startSeconds: (started - first) / 1000 }) + '\n');
  } finally {
    await account.close();
  }
});
