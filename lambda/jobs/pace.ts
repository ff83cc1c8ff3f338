import type { Seldom } from '../../src/contract/wait-end';
import { FIRST_MINUTES_SECONDS, LONGEST_POLL_SECONDS, OFTEN_SECONDS, POLL_SECONDS, SECONDS_PER_JOB, SELDOM_SECONDS, STAGE_SECONDS } from '../../src/contract/waiting';

/** How often a job is polled. */
export interface Pace {
  readonly pollSeconds: number;
  readonly seldom?: Seldom;
}

/**
 * Polls seldom while a job can hardly end, and often when it may. What nothing is known of is polled at a constant interval.
 *
 * @param earliest how long the job takes at least if it does not fail in its first minutes, in seconds from its creation
 * @param running how many jobs of the account run at the same time
 */
export function paceOf(created: Date | undefined, earliest: number | undefined, running: number): Pace {
  const spread = Math.min(LONGEST_POLL_SECONDS, Math.ceil(running * SECONDS_PER_JOB));
  if (created === undefined || earliest === undefined) { return { pollSeconds: Math.max(POLL_SECONDS, spread) }; }
  const after = (seconds: number) => new Date(created.getTime() + seconds * 1000).toISOString();
  const pollSeconds = Math.max(OFTEN_SECONDS, spread);
  // The last long pause ends before the job may.
  const until = earliest - SELDOM_SECONDS;
  if (until <= FIRST_MINUTES_SECONDS) { return { pollSeconds }; }
  return { pollSeconds, seldom: { pollSeconds: Math.max(SELDOM_SECONDS, spread), from: after(FIRST_MINUTES_SECONDS), until: after(until) } };
}

/** When a stage stops its polling: the rest of CloudFormation's hour has room for a pause of the constant interval, and the pause in force is another one. */
export function stageEnd(requested: number, { pollSeconds, seldom }: Pace): number {
  const endWith = (pause: number) => requested + (STAGE_SECONDS + POLL_SECONDS - pause) * 1000;
  const end = endWith(pollSeconds);
  // A long pause may begin just before its time is over.
  const isSeldom = seldom && Date.parse(seldom.from) <= end && end < Date.parse(seldom.until) + seldom.pollSeconds * 1000;
  return isSeldom ? endWith(seldom.pollSeconds) : end;
}
