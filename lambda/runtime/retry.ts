import type { Clock } from './deps';
import { isPassing, isUnspread } from './errors';

/** How long one event is patient, in all: with what else may take its time, that stays within CloudFormation's hour. */
export const PATIENCE_MS = 120_000;
export const PAUSE_MS = 5_000;
/** For calls that take their time. */
const MARGIN_MS = 30_000;

interface Api {
  send(command: any): Promise<any>;
}

/**
 * A client that tries again while the only trouble is one that passes: a role or policy that IAM has not spread yet, a throttled call, a service
 * that is busy or out of reach. What a lost answer may have done already is the callers' matter: each of their calls can be repeated.
 */
export function patient<T extends Api>(api: T, clock: Clock): T {
  const end = clock.now() + PATIENCE_MS;
  const send = async (command: unknown): Promise<unknown> => {
    for (;;) {
      try {
        return await api.send(command);
      } catch (error) {
        if (!(isUnspread(error) || isPassing(error)) || clock.now() + PAUSE_MS > end) { throw error; }
        await clock.sleep(PAUSE_MS);
      }
    }
  };
  return { send } as unknown as T;
}

/**
 * Waits until an event that came before and was given up unanswered must be through: until then it may be patient, and do in the end what nobody
 * waits for any more.
 */
export function outlastPatience(clock: Clock): Promise<void> {
  return clock.sleep(PATIENCE_MS + MARGIN_MS);
}
