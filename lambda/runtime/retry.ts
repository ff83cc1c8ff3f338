import type { Clock } from './deps';
import { isIamPropagation, isThrottled, isTransient } from './errors';
import { WRITER_SECONDS } from '../../src/contract/waiting';

/** The retry budget for all calls of one event. Together with the other work, it stays within CloudFormation's hour. */
export const RETRY_BUDGET_MS = 120_000;
export const PAUSE_MS = 5_000;
/** Room for calls that take time. */
const MARGIN_MS = 30_000;

interface Api {
  send(command: any): Promise<any>;
}

/** How long throttled calls are tried. */
export interface Patience {
  readonly ms: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 20_000;
/** Room for an answer whose every delivery takes its time. */
const LAST_ANSWER_MS = 120_000;

/** The patience of a function that writes to Parameter Store: its own time, less that of the answer. */
export function writersPatience(random: () => number): Patience {
  return { ms: WRITER_SECONDS * 1000 - LAST_ANSWER_MS, random };
}

/**
 * A client that retries a call if the error may be transient: IAM propagation is not complete, or the service is throttled, busy or out of
 * reach. A call whose answer was lost may have taken effect already, so callers retry only calls that can be repeated.
 *
 * With patience, throttled calls are outlasted: many callers share a low rate, and each pauses by chance (exponential backoff with full jitter).
 */
export function retrying<T extends Api>(api: T, clock: Clock, patience?: Patience): T {
  const begun = clock.now();
  const send = async (command: unknown): Promise<unknown> => {
    for (let tries = 0; ; tries++) {
      try {
        return await api.send(command);
      } catch (error) {
        const [pause, budget] = patience && isThrottled(error)
          ? [Math.ceil(patience.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries)), patience.ms] : [PAUSE_MS, RETRY_BUDGET_MS];
        if (!(isIamPropagation(error) || isTransient(error)) || clock.now() + pause > begun + budget) { throw error; }
        await clock.sleep(pause);
      }
    }
  };
  return { send } as unknown as T;
}

/**
 * Waits until an earlier event, which CloudFormation gave up without an answer, has spent its retry budget. Until then that event may still
 * start a job that nobody waits for.
 */
export function outlastRetryBudget(clock: Clock): Promise<void> {
  return clock.sleep(RETRY_BUDGET_MS + MARGIN_MS);
}
