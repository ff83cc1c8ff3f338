import {
  DEFAULT_JOB_LINKS, LINK_SECONDS, linkCount, MAX_JOB_SECONDS, POLL_SECONDS, SERVICE_TIMEOUT_SECONDS, STOP_POLL_SECONDS, STOP_SECONDS,
} from '../../../src/contract/waiting';
import { stateMachineDefinition } from '../../../src/runtime/state-machine';
import { JOB_SHAPES } from '../../../src/service/shapes';

describe('links', () => {
  test('of an instance recommendation are two, twice the 45 minutes that it takes', () => {
    expect(linkCount('Default')).toBe(2);
    expect(DEFAULT_JOB_LINKS * LINK_SECONDS).toBeGreaterThanOrEqual(2 * 45 * 60);
  });

  test('of a load test without a duration are those of the longest', () => {
    expect(linkCount('Advanced')).toBe(linkCount('Advanced', MAX_JOB_SECONDS));
  });

  test('of a load test wait an hour longer than the job may take, and no link is spare', () => {
    for (let seconds = 1; seconds <= MAX_JOB_SECONDS; seconds++) {
      const links = linkCount('Advanced', seconds);
      const waited = links * LINK_SECONDS;
      const spare = links > DEFAULT_JOB_LINKS && waited - LINK_SECONDS >= seconds + 3600;
      if (waited < seconds + 3600 || spare) { throw new Error(`${waited} s of waiting for a job of ${seconds} s`); }
    }
  });

  test('are at most 8', () => {
    expect(linkCount('Advanced', MAX_JOB_SECONDS)).toBe(8);
  });
});

describe('figures', () => {
  test('a duration at the bound is one that the API takes', () => {
    expect(JOB_SHAPES.JobDurationInSeconds.min).toBe(1);
    expect(MAX_JOB_SECONDS).toBe(5 * 3600);
  });

  test('a poll interval and its transitions stay within what an hour may cost', () => {
    expect(3600 / POLL_SECONDS).toBeLessThanOrEqual(70);
    expect(3 * 3600 / POLL_SECONDS).toBeLessThanOrEqual(200);
  });
});

describe('the hour that CloudFormation gives', () => {
  const { Poll, Conclude, GiveUp } = (stateMachineDefinition('aws', 'function') as any).States;

  test('holds a link and what follows its deadline when all goes well: one more interval', () => {
    expect(LINK_SECONDS + POLL_SECONDS).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });

  test('holds a link whose poll after the deadline takes all of its retries', () => {
    expect(LINK_SECONDS + POLL_SECONDS + longest(Poll)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });

  test('and whose conclusion takes all of its retries too', () => {
    expect(LINK_SECONDS + POLL_SECONDS + longest(Poll) + longest(Conclude)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });

  test('and which is then given up, with all retries of that', () => {
    expect(LINK_SECONDS + POLL_SECONDS + longest(Poll) + longest(Conclude) + longest(GiveUp)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });

  test('holds a stop with all of these', () => {
    expect(STOP_SECONDS + STOP_POLL_SECONDS + longest(Poll) + longest(Conclude) + longest(GiveUp)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });
});

/** Seconds that a task may take: every try until its timeout, and the longest pauses between them. */
function longest({ TimeoutSeconds, Retry }: any): number {
  const { IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds } = Retry.find(({ ErrorEquals }: any) => ErrorEquals.includes('States.ALL'));
  const pauses = Array.from({ length: MaxAttempts }, (_, n) => Math.min(IntervalSeconds * BackoffRate ** n, MaxDelaySeconds));
  return (MaxAttempts + 1) * TimeoutSeconds + pauses.reduce((sum, pause) => sum + pause, 0);
}
