import { AwsError } from '../../local-aws';
import { PUBLISHED } from '../../local-aws/sagemaker';
import { atMost, count, Row } from '../figures';
import { Account } from '../local/account';
import { addJobs, Kind, KINDS } from '../local/kinds';
import { Section } from '../report';

const JOBS = 50;
const MINUTES = 10;
/** AWS publishes no rates for these calls, so this is an assumption. It is the same for all. */
const [PER_SECOND, AT_ONCE] = [5, 10];

/** Limits calls of SageMaker with a token bucket, and returns the count of refused calls. */
function throttle({ region, aws: { world: { clock } } }: Account): { count: number } {
  const refused = { count: 0 };
  // Virtual time does not advance while a client backs off for less than a second, so real time counts as well.
  const now = () => (clock.now() + performance.now()) / 1000;
  let [tokens, filled] = [AT_ONCE, now()];
  const operations = region.sagemaker.operations as Record<string, (typeof region.sagemaker.operations)[string]>;
  for (const [name, run] of Object.entries(operations)) {
    operations[name] = async (input, call) => {
      const time = now();
      tokens = Math.min(AT_ONCE, tokens + (time - filled) * PER_SECOND);
      filled = time;
      if (tokens < 1) {
        refused.count++;
        throw new AwsError('ThrottlingException', 'Rate exceeded');
      }
      tokens--;
      return run(input, call);
    };
  }
  return refused;
}

async function measure(kind: Kind): Promise<Record<'started' | 'lost' | 'aMinute' | 'throttled', number>> {
  const account = await Account.open(() => ({ durationSeconds: MINUTES * 60, recommendations: PUBLISHED.plain }));
  const refused = throttle(account);
  const from = account.calls.length;
  const ids = Array.from({ length: JOBS }, (_, n) => `Job${n}`);
  const stack = await account.bring('Burst', (scope) => addJobs(scope, kind, account, ids.map((id) => ({ id, description: id }))));
  const calls = account.calls.slice(from).filter(({ service }) => service === 'sagemaker');
  const first = calls[0].time;
  const waiting = calls.filter(({ time }) => time >= first + 120_000 && time < first + (MINUTES - 1) * 60_000);
  const results = stack.events.filter(({ type, status }) => /^Custom::InferenceRecommendation$|CustomResource$/.test(type) && status === 'CREATE_COMPLETE');
  const started = account.jobsStarted;
  await account.close();
  return {
    started,
    lost: stack.status === 'CREATE_COMPLETE' ? 0 : JOBS - results.length,
    aMinute: waiting.length / (MINUTES - 3),
    throttled: refused.count,
  };
}

/** Many jobs of one account at the same time, while SageMaker throttles. */
export async function burst(): Promise<Section> {
  const found = new Map<Kind, Awaited<ReturnType<typeof measure>>>();
  for (const kind of KINDS) { found.set(kind, await measure(kind)); }
  const row = (what: keyof Awaited<ReturnType<typeof measure>>, words: string, goal?: (ours: number) => Row['goal']): Row => {
    const [ours, ...others] = KINDS.map((kind) => [kind, count(found.get(kind)![what])] as const);
    return { what: words, unit: '', ours: ours[1], others: Object.fromEntries(others), goal: goal?.(ours[1].median) };
  };
  return {
    title: `${JOBS} jobs at once`,
    rows: [
      row('lost', 'jobs without a result', (ours) => atMost(ours, 0, 'none')),
      row('started', 'jobs started', (ours) => atMost(ours, JOBS, `${JOBS}`)),
      row('aMinute', 'SageMaker calls a minute during the wait'),
      row('throttled', 'throttled calls in total'),
    ],
    text: `One stack; jobs of ${MINUTES} minutes; SageMaker lets ${PER_SECOND} calls a second through, ${AT_ONCE} at once (an assumption: AWS publishes no rates). `
      + '(a) has one provider for all; its first call that stays throttled fails the stack, and the rollback deletes all jobs.',
  };
}
