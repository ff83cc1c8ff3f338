import { Clock, REQUEST_MS } from './deps';
import { errorMessage, isDenied, isIamPropagation, isTransient, UserError } from './errors';

/** The retry budget for all calls of one event. */
export const RETRY_BUDGET_MS = 120_000;
export const PAUSE_MS = 5_000;
/** The longest that one call takes: the SDK sends it three times, with pauses, and notices a response that stops midway 3 seconds later. */
export const CALL_MS = 3 * (REQUEST_MS + 3_000) + 2_000;
/** A retry budget, and the call that it began last. */
export const OUTLAST_MS = RETRY_BUDGET_MS + CALL_MS;
/** What is kept of a function's time, for its last call and its answer. */
export const RESERVE_MS = CALL_MS + 25_000;

interface Api {
  send(command: any): Promise<any>;
}

/** A function has no time left for another call. A repeated delivery may go on. */
export class OutOfTime extends UserError {}

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
 *
 * No call begins if the function's time is used up: the rest of it is for the answer.
 */
export function retrying<T extends Api>(api: T, clock: Clock, allowed: Allowed = new Set()): T {
  const end = clock.now() + RETRY_BUDGET_MS;
  const send = async (command: object): Promise<unknown> => {
    checkTime(clock, RESERVE_MS);
    for (;;) {
      try {
        const output = await api.send(command);
        allowed.add(command.constructor);
        return output;
      } catch (error) {
        if (!(isIamPropagation(error) || isTransient(error)) || clock.now() + PAUSE_MS > end || clock.left() < RESERVE_MS + PAUSE_MS) {
          throw isDenied(error) && allowed.has(command.constructor) ? new PermissionLost(errorMessage(error)) : error;
        }
        await clock.sleep(PAUSE_MS);
      }
    }
  };
  return { send } as unknown as T;
}

function checkTime(clock: Clock, needed: number): void {
  if (clock.left() < needed) { throw new OutOfTime('The calls of AWS services took longer than the function may run: deploy again.'); }
}

/**
 * Waits until an earlier event, which CloudFormation gave up without an answer, has spent its retry budget. Until then that event may still
 * start a job that nobody waits for.
 */
export async function outlastRetryBudget(clock: Clock): Promise<void> {
  checkTime(clock, OUTLAST_MS + RESERVE_MS);
  await clock.sleep(OUTLAST_MS);
}
