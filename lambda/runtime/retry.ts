import type { Clock } from './deps';
import { isIamPropagation, isTransient } from './errors';

/** The retry budget for all calls of one event. Together with the other work, it stays within CloudFormation's hour. */
export const RETRY_BUDGET_MS = 120_000;
export const PAUSE_MS = 5_000;
/** Room for calls that take time. */
const MARGIN_MS = 30_000;

interface Api {
  send(command: any): Promise<any>;
}

/**
 * A client that retries a call if the error may be transient: IAM propagation is not complete, or the service is throttled, busy or out of
 * reach. A call whose answer was lost may have taken effect already, so callers retry only calls that can be repeated.
 */
export function retrying<T extends Api>(api: T, clock: Clock): T {
  const end = clock.now() + RETRY_BUDGET_MS;
  const send = async (command: unknown): Promise<unknown> => {
    for (;;) {
      try {
        return await api.send(command);
      } catch (error) {
        if (!(isIamPropagation(error) || isTransient(error)) || clock.now() + PAUSE_MS > end) { throw error; }
        await clock.sleep(PAUSE_MS);
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
