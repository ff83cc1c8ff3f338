import { invocationsPerMinute, latencyMs, Serving } from './performance-model';

/** So many users, for so long. */
interface Step {
  readonly users: number;
  readonly seconds: number;
}

/** The end of a load test. */
export interface LoadTest {
  readonly users: number;
  /** From its first user to its end. */
  readonly seconds: number;
  /** The condition that ended it before its traffic did. */
  readonly stoppedBy?: 'MaxInvocations' | 'ModelLatencyThresholds' | 'FlatInvocations';
}

/** Without a pattern: one user, and one more each minute. */
const DEFAULT_PATTERN = { Phases: [{ InitialNumberOfUsers: 1, SpawnRate: 1, DurationInSeconds: 600 }] };
/** Invocations that rise by less with more users are flat. */
const FLAT = 1.03;
/** The slowest answers, as multiples of the mean: figures of ours. */
const PERCENTILES: Readonly<Record<string, number>> = { P95: 1.5, P99: 2 };
const MINUTE = 60;

/**
 * The users of a traffic pattern over time. A spawn rate is users a minute, and each step of stairs lasts for the duration, as the API's pages say:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Phase.html, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Stairs.html
 */
export function trafficSteps({ Phases: phases, Stairs: stairs }: any = DEFAULT_PATTERN): Step[] {
  if (stairs) {
    const { DurationInSeconds: seconds = 120, NumberOfSteps: count = 1, UsersPerStep: users = 1 } = stairs;
    return Array.from({ length: count }, (_, index) => ({ users: users * (index + 1), seconds }));
  }
  const all: any[] = phases ?? DEFAULT_PATTERN.Phases;
  return all.flatMap(({ InitialNumberOfUsers: first = 1, SpawnRate: rate = 0, DurationInSeconds: duration = 120 }) => (
    Array.from({ length: Math.ceil(duration / MINUTE) }, (_, minute) => ({
      users: Math.max(1, first + rate * minute), seconds: Math.min(MINUTE, duration - minute * MINUTE),
    }))
  ));
}

/**
 * A load test of what serves, until a stopping condition holds or the traffic ends. What a latency beyond a threshold has ended counts as it was before;
 * if it was beyond from the first user on, it counts as it was with that user.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobStoppingConditions.html
 */
export function loadTest(how: Serving, steps: readonly Step[], conditions: any = {}): LoadTest {
  const { MaxInvocations: enough = Infinity, ModelLatencyThresholds: thresholds = [], FlatInvocations: flat = 'Stop' } = conditions;
  let [seconds, before] = [0, undefined as Step | undefined];
  const busiest = () => before?.users ?? steps[0].users;
  for (const step of steps) {
    const latency = latencyMs(how, step.users);
    seconds += step.seconds;
    if (thresholds.some(({ Percentile = 'P95', ValueInMilliseconds: most = Infinity }: any) => latency * (PERCENTILES[Percentile] ?? 1) > most)) {
      return { users: busiest(), seconds, stoppedBy: 'ModelLatencyThresholds' };
    }
    const [now, then] = [invocationsPerMinute(how, step.users), before ? invocationsPerMinute(how, before.users) : 0];
    if (now >= enough) { return { users: Math.max(step.users, busiest()), seconds, stoppedBy: 'MaxInvocations' }; }
    if (flat === 'Stop' && before && step.users > before.users && now < then * FLAT) { return { users: step.users, seconds, stoppedBy: 'FlatInvocations' }; }
    if (!before || step.users >= before.users) { before = step; }
  }
  return { users: busiest(), seconds };
}
