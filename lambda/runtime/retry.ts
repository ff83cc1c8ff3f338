import { Clock, REQUEST_MS } from './deps';
import { errorMessage, errorName, isDenied, isThrottled, mayPass, UserError } from './errors';

/** The retry budget for all calls of one event. */
export const RETRY_BUDGET_MS = 120_000;
export const PAUSE_MS = 5_000;
/**
 * What denials leave of the budget. A call whose answer was lost may have deleted the tags that permitted it, and is denied from then on: callers look
 * whether its object is gone, and that look has tries of its own.
 */
const LOOK_MS = 4 * PAUSE_MS;
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

/** A call is denied that was allowed before in the same event: the function's own role is being deleted, or is gone. */
class PermissionLost extends Error {
  constructor(denial: unknown) {
    super(errorMessage(denial));
    this.name = errorName(denial);
  }
}

export function isLost(error: unknown): boolean {
  return error instanceof PermissionLost;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 20_000;

interface Retrying {
  /** Commands that were allowed before in the same event. @default - none */
  readonly allowed?: Set<unknown>;
  /** From 0 to 1. With it, throttled calls are outlasted until the function's time is used up. @default - they have the budget of all calls */
  readonly random?: () => number;
  /** The budget of all calls, also of throttled ones. @default - two minutes, and with `random` throttled calls are outlasted */
  readonly budgetMs?: number;
  /** Called before a throttled call is made again. */
  readonly onThrottled?: () => Promise<void>;
}

/**
 * A client that retries a call if the error may be transient: IAM propagation is not complete, or the service is throttled, busy or out of
 * reach. A call whose answer was lost may have taken effect already, so callers retry only calls that can be repeated.
 *
 * With `random`, throttled calls are outlasted: many callers share a low rate, and each pauses by chance (exponential backoff with full jitter).
 * No call begins if the function's time is used up: the rest of it is for the answer.
 */
export function retrying<T extends Api>(api: T, clock: Clock, { allowed = new Set(), random, budgetMs, onThrottled }: Retrying = {}): T {
  const end = clock.now() + (budgetMs ?? RETRY_BUDGET_MS);
  const send = async (command: object): Promise<unknown> => {
    checkTime(clock, RESERVE_MS);
    for (let tries = 0; ; tries++) {
      try {
        const output = await api.send(command);
        allowed.add(command.constructor);
        return output;
      } catch (error) {
        const isSpread = random !== undefined && isThrottled(error);
        if (isSpread) { await onThrottled?.(); }
        const pause = isSpread ? Math.ceil(random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries)) : PAUSE_MS;
        const isOutlasted = isSpread && budgetMs === undefined;
        const isInTime = (isOutlasted || clock.now() + pause <= (isDenied(error) ? end - LOOK_MS : end)) && clock.left() >= RESERVE_MS + pause;
        if (!mayPass(error) || !isInTime) {
          throw isDenied(error) && allowed.has(command.constructor) ? new PermissionLost(error) : error;
        }
        await clock.sleep(pause);
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
