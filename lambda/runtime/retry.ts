import type { Clock } from './deps';
import { errorMessage, isDenied, isIamPropagation, isTransient } from './errors';

/** The retry budget for all calls of one event. Together with the other work, it stays within CloudFormation's hour. */
export const RETRY_BUDGET_MS = 120_000;
export const PAUSE_MS = 5_000;
/** Room for calls that take time. */
const MARGIN_MS = 30_000;

interface Api {
  send(command: any): Promise<any>;
}

/** The commands that were allowed in this event. */
export type Allowed = Set<unknown>;

/** A call is denied that was allowed before in the same event: the function's own role is being deleted, or is gone. */
class PermissionLost extends Error {}

export function isLost(error: unknown): boolean {
  return error instanceof PermissionLost;
}

/**
 * A client that retries a call if the error may be transient: IAM propagation is not complete, or the service is throttled, busy or out of
 * reach. A call whose answer was lost may have taken effect already, so callers retry only calls that can be repeated.
 */
export function retrying<T extends Api>(api: T, clock: Clock, allowed: Allowed = new Set()): T {
  const end = clock.now() + RETRY_BUDGET_MS;
  const send = async (command: object): Promise<unknown> => {
    for (;;) {
      try {
        const output = await api.send(command);
        allowed.add(command.constructor);
        return output;
      } catch (error) {
        if (!(isIamPropagation(error) || isTransient(error)) || clock.now() + PAUSE_MS > end) {
          throw isDenied(error) && allowed.has(command.constructor) ? new PermissionLost(errorMessage(error)) : error;
        }
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
