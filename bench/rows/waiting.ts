import { PUBLISHED } from '../../local-aws/sagemaker';
import { atMost, count, Row } from '../figures';
import { Account } from '../local/account';
import { addJobs, Kind, KINDS } from '../local/kinds';
import { Section } from '../report';

/** The framework waits an hour at most. */
const JOB_MINUTES = 55;
/** Within this library's first stage, without the start: 40 minutes, converted to an hour. */
const [FROM_MINUTE, TO_MINUTE] = [2, 42];
const TO_AN_HOUR = 60 / (TO_MINUTE - FROM_MINUTE);

interface Count {
  readonly invocations: number;
  readonly billedMs: number;
  readonly transitions: number;
  readonly calls: number;
}

/** Retries count as transitions: https://aws.amazon.com/step-functions/pricing/. The framework's polls are retries of a failing task. */
function taken({ region, calls }: Account): Count {
  const { invocations } = region.lambda;
  const retries = invocations.filter(({ functionName, error }) => /frameworkisComplete/.test(functionName) && error !== undefined).length;
  const entered = [...region.stepFunctions.executions.values()].reduce((sum, { transitions }) => sum + transitions, 0);
  return {
    invocations: invocations.length,
    billedMs: invocations.reduce((sum, { billedMs }) => sum + billedMs, 0),
    transitions: entered + retries,
    calls: calls.filter(({ service }) => service === 'sagemaker').length,
  };
}

async function measure(kind: Kind): Promise<{ readonly hour: Count; readonly whole: Count }> {
  const account = await Account.open(() => ({ durationSeconds: JOB_MINUTES * 60, recommendations: PUBLISHED.plain }));
  const { clock } = account.aws.world;
  const seen: Count[] = [];
  const forget = account.aws.world.watch(({ operation, time }) => {
    if (operation !== 'CreateInferenceRecommendationsJob') { return; }
    forget();
    for (const minute of [FROM_MINUTE, TO_MINUTE]) { clock.at(time + minute * 60_000, () => { seen.push(taken(account)); }); }
  });
  const before = taken(account);
  const { status } = await account.bring('Waiting', (stack) => addJobs(stack, kind, account, [{ id: 'Job' }]));
  const after = taken(account);
  await account.close();
  if (status !== 'CREATE_COMPLETE') { throw new Error(`${kind}: the stack is ${status}`); }
  return { hour: difference(seen[0], seen[1], TO_AN_HOUR), whole: difference(before, after, 1) };
}

function difference(from: Count, to: Count, factor: number): Count {
  const of = (what: keyof Count) => Math.round((to[what] - from[what]) * factor);
  return { invocations: of('invocations'), billedMs: of('billedMs'), transitions: of('transitions'), calls: of('calls') };
}

/** The cost of an hour of waiting, and the cost of a whole job. */
export async function waiting(): Promise<Section> {
  const found = new Map<Kind, Awaited<ReturnType<typeof measure>>>();
  for (const kind of KINDS) { found.set(kind, await measure(kind)); }
  const row = (over: 'hour' | 'whole', what: keyof Count, words: string, unit: string, limit?: number): Row => {
    const [ours, ...others] = KINDS.map((kind) => [kind, count(found.get(kind)![over][what])] as const);
    return {
      what: words,
      unit,
      ours: ours[1],
      others: Object.fromEntries(others),
      goal: limit === undefined ? undefined : atMost(ours[1].median, limit, limit === 0 ? 'none' : `at most ${limit}`),
    };
  };
  const whole = `a job of ${JOB_MINUTES} minutes from its start to its answer`;
  return {
    title: 'Waiting',
    rows: [
      row('hour', 'invocations', 'an hour of waiting: Lambda invocations', '', 0),
      row('hour', 'billedMs', 'an hour of waiting: Lambda time', 'ms'),
      row('hour', 'transitions', 'an hour of waiting: state transitions', ''),
      row('hour', 'calls', 'an hour of waiting: SageMaker calls', ''),
      row('whole', 'invocations', `${whole}: Lambda invocations`, ''),
      row('whole', 'transitions', `${whole}: state transitions`, ''),
      row('whole', 'calls', `${whole}: SageMaker calls`, ''),
    ],
    text: `Minutes ${FROM_MINUTE} to ${TO_MINUTE} of an instance recommendation, converted to an hour: half of them are those in which such a job may end. The next section has whole jobs. Every 45 minutes the next stage of our wait chain takes over, and that takes two `
      + 'invocations. Lambda time is real time on this machine, with SageMaker on the loopback interface: on AWS each is longer. A retry counts as a transition, '
      + 'as [Step Functions bills it](https://aws.amazon.com/step-functions/pricing/).',
  };
}
