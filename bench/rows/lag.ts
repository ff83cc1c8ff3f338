import { PUBLISHED } from '../../local-aws/sagemaker';
import { POLL_SECONDS } from '../../src/contract/waiting';
import { measured, mixed } from '../../test/harness/waits';
import { atMost, count, figure, Figure, Row } from '../figures';
import { Account } from '../local/account';
import { addJobs, Kind, KINDS, resultOf } from '../local/kinds';
import { Section } from '../report';

/** Seconds from their start at which the jobs end: spread over more than a minute, to cover every phase of every interval. */
const SECONDS = Array.from({ length: 31 }, (_, n) => 1800 + 2 * n);

async function lags(kind: Kind): Promise<number[]> {
  const ends = new Map(SECONDS.map((seconds, n) => [`Job${n}`, seconds]));
  const account = await Account.open(({ JobDescription }) => ({ durationSeconds: ends.get(JobDescription)!, recommendations: PUBLISHED.plain }));
  const stack = await account.bring('Lag', (scope) => addJobs(scope, kind, account, [...ends.keys()].map((id) => ({ id, description: id }))));
  const { InferenceRecommendationsJobs: jobs } = await account.ask('sagemaker', 'ListInferenceRecommendationsJobs', { MaxResults: 100 });
  const found = jobs.map(({ JobDescription: id, CompletionTime }: { JobDescription: string; CompletionTime: Date }) => {
    const answered = stack.events.find(({ logicalId, status }) => resultOf(kind, id).test(logicalId) && status === 'CREATE_COMPLETE')!;
    return (answered.virtualTime - CompletionTime.getTime()) / 1000;
  });
  await account.close();
  if (found.length !== SECONDS.length) { throw new Error(`${kind}: ${found.length} jobs of ${SECONDS.length}`); }
  return found;
}

/** The time from a job's end until CloudFormation has its result. */
export async function lag(): Promise<Section> {
  const found = new Map<Kind, number[]>();
  for (const kind of KINDS) { found.set(kind, await lags(kind)); }
  const mean = (kind: Kind) => { const all = found.get(kind)!; return all.reduce((sum, one) => sum + one, 0) / all.length; };
  const worst = (kind: Kind) => figure(found.get(kind)!).max;
  const others = (of: (kind: Kind) => number): Record<string, Figure> => Object.fromEntries(KINDS.slice(1).map((kind) => [kind, count(of(kind))]));
  return {
    title: 'From the job\'s end to its result',
    rows: [
      { what: 'on average', unit: 's', ours: count(mean('ours')), others: others(mean), goal: atMost(mean('ours'), 35, 'at most 35') },
      { what: 'at worst', unit: 's', ours: count(worst('ours')), others: others(worst), goal: atMost(worst('ours'), 65, 'at most 65') },
    ],
    text: `${SECONDS.length} jobs in one stack that end 2 seconds apart, in virtual time.`,
  };
}

const MIXED = 200;

/** Jobs as accounts have them: the pace of our polls beside a constant interval. */
export async function pace(): Promise<Section> {
  const courses = mixed(MIXED);
  const all = async (constantSeconds?: number) => {
    const found = [];
    for (const course of courses) { found.push({ ...await measured(course, constantSeconds), failsEarly: course.fails }); }
    return found;
  };
  const [ours, constant] = [await all(), await all(POLL_SECONDS)];
  type Measured = (typeof ours)[number];
  const row = (what: string, unit: string, of: (found: readonly Measured[]) => number[], goal?: (figures: readonly number[]) => Row['goal']): Row => (
    { what, unit, ours: spread(of(ours)), others: { [`a poll each ${POLL_SECONDS} s`]: spread(of(constant)) }, goal: goal?.(of(ours)) }
  );
  const lagsOf = (found: readonly Measured[]) => found.map((one) => one.lag);
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const spread = (numbers: readonly number[]): Figure => ({ ...figure(numbers), median: mean(numbers) });
  const noMore = (what: 'calls' | 'transitions') => (figures: readonly number[]) => {
    const most = mean(constant.map((one) => one[what]));
    return atMost(mean(figures), most, 'no more on average');
  };
  return {
    title: 'How often a wait polls',
    rows: [
      row('from the end of a job to its answer', 's', lagsOf, (figures) => atMost(mean(figures), 15, 'at most 15 on average')),
      row('the same, of jobs that fail in their first 5 minutes', 's', (found) => lagsOf(found.filter(({ failsEarly }) => failsEarly))),
      row('SageMaker calls of a wait', '', (found) => found.map(({ calls }) => calls), noMore('calls')),
      row('state transitions of a wait', '', (found) => found.map(({ transitions }) => transitions), noMore('transitions')),
    ],
    text: `Means of ${MIXED} jobs, with the least and the greatest value. Half are instance recommendations of 25 to 50 minutes, half are load tests of 2 hours, and one of`
      + ' twenty fails in its first 5 minutes. Each is alone in its account, in virtual time.',
  };
}
