import type { Clock } from './deps';
import { isUnspread } from './errors';

const SPREAD_MS = 120_000;
const PAUSE_MS = 5_000;

/** Tries again for two minutes while the only trouble is a role or policy that IAM has not spread yet. */
export async function withPatience<T>(clock: Clock, attempt: () => Promise<T>): Promise<T> {
  const end = clock.now() + SPREAD_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnspread(error) || clock.now() + PAUSE_MS > end) { throw error; }
      await clock.sleep(PAUSE_MS);
    }
  }
}
