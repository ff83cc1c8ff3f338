import { Account } from './account';
import { THROTTLED, VirtualRunner } from './virtual-runner';
import { AwsError, CallRecord, FaultScript } from '../../local-aws';
import { RUNNING_JOBS } from '../../local-aws/sagemaker';
import { packageRequest } from '../harness/model-package';

const MINUTE = 60_000;
/** AWS publishes no rates for SageMaker's calls, so this is an assumption: so many a second, and so many at once. */
export const [RATE, AT_ONCE] = [5, 10];
const STACKS = 8;

/** What many jobs of an account cost side by side, in virtual time. */
export interface CrowdMeasure {
  /** Jobs that were started, and those whose stack has no result of theirs. */
  readonly started: number;
  readonly lost: number;
  /** Polls of a minute in which all jobs wait: on average, and in the worst one. */
  readonly polls: { readonly mean: number; readonly peak: number };
  /** Seconds from the end of a job until its stack has the result. */
  readonly lag: { readonly mean: number; readonly worst: number };
  readonly throttled: number;
}

/** Lets so many calls of SageMaker through as a bucket has tokens, which fills with virtual time. */
export function tokenBucket(isOf: (call: Pick<CallRecord, 'service' | 'principal'>) => boolean): FaultScript {
  let [tokens, filled] = [AT_ONCE, 0];
  return (call) => {
    if (!isOf(call)) { return undefined; }
    tokens = Math.min(AT_ONCE, tokens + (call.time - filled) / 1000 * RATE);
    filled = call.time;
    if (tokens < 1) { return new AwsError(THROTTLED, 'Rate exceeded'); }
    tokens--;
    return undefined;
  };
}

/** The most calls that fall into one minute. */
export function peak(calls: readonly CallRecord[]): number {
  let [from, most] = [0, 0];
  calls.forEach(({ time }, until) => {
    while (calls[from].time <= time - MINUTE) { from++; }
    most = Math.max(most, until - from + 1);
  });
  return most;
}

export function isPoll({ principal }: Pick<CallRecord, 'principal'>): boolean {
  return /-InferenceRecommenderRuntimeWait/.test(principal);
}

/** So many instance recommendations of 25 to 50 minutes, in at most 8 stacks of one account, while SageMaker throttles. */
export async function crowd(jobs: number, seed = 1): Promise<CrowdMeasure> {
  const names = Array.from({ length: Math.min(STACKS, jobs) }, (_, n) => `Crowd${n}`);
  const isOf: Parameters<typeof tokenBucket>[0] = ({ service, principal }) => service === 'sagemaker' && principal.includes('/Crowd');
  const account = await Account.open({ faults: [tokenBucket(isOf)], lambdaRunner: new VirtualRunner(seed), quotas: { [RUNNING_JOBS]: jobs } });
  try {
    let made = 0;
    const course = () => ({ durationSeconds: Math.round(MINUTE / 1000 * (25 + 25 * ((made++ + 0.5) / jobs))) });
    const stacks = names.map((name) => account.stack(name, course));
    await stacks[0].ask('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
    const version = { ModelPackageGroupName: 'models', ModelApprovalStatus: 'Approved', ...packageRequest() };
    const { ModelPackageArn: modelPackageArn } = await stacks[0].ask('CreateModelPackage', version);
    const calls: CallRecord[] = [];
    account.aws.world.watch((call) => { if (isOf(call)) { calls.push(call); } });
    const assemblies: string[] = [];
    const shareOf = (n: number) => Math.floor(jobs / names.length) + Number(n < jobs % names.length);
    for (const [n, stack] of stacks.entries()) { assemblies.push(await stack.synth({ bare: { jobs: shareOf(n), modelPackageArn } })); }
    await Promise.all(stacks.map((stack, n) => stack.change(assemblies[n])));

    const lags: number[] = [];
    const all = [...stacks[0].region.sagemaker.state.jobs.values()];
    const ended = new Map(all.map(({ request, completed }) => [request.JobName, completed?.getTime()]));
    for (const stack of stacks) {
      for (const { logicalId, attributes, status } of stack.resources(/^Job\d*Best/)) {
        const end = ended.get(attributes.JobName as string);
        if (status !== 'CREATE_COMPLETE' || attributes.Source !== 'Benchmark' || end === undefined) { continue; }
        lags.push((stack.at(new RegExp(`^${logicalId}$`), 'CREATE_COMPLETE') - end) / 1000);
      }
    }
    const created = calls.filter(({ operation, status }) => operation === 'CreateInferenceRecommendationsJob' && status === 200);
    const creations = created.map(({ time }) => time);
    // From when all wait until the first job ends.
    const [from, until] = [Math.max(...creations) + 2 * MINUTE, Math.min(...[...ended.values()].map((end) => end ?? Infinity))];
    const polls = calls.filter((call) => isPoll(call) && call.time >= from && call.time < until);
    return {
      started: creations.length,
      lost: jobs - lags.length,
      polls: { mean: polls.length / ((until - from) / MINUTE), peak: peak(polls) },
      lag: { mean: lags.reduce((sum, lag) => sum + lag, 0) / lags.length, worst: Math.max(...lags) },
      throttled: calls.filter(({ error }) => error === THROTTLED).length,
    };
  } finally {
    await account.close();
  }
}
