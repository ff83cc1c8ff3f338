import {
  deliverySeconds, FUNCTION_SECONDS, LAST_TRY_SECONDS, POLL_SECONDS, SERVICE_TIMEOUT_SECONDS, STAGE_SECONDS, STOP_POLL_SECONDS, STOP_SECONDS,
} from '../../../src/contract/waiting';
import { INFERENCE_RECOMMENDER, stagesOf } from '../../../src/jobs/family';
import { waitMachineDefinition } from '../../../src/runtime/wait-machine';
import { MAX_JOB_SECONDS } from '../../../src/service/job-rules';
import { JOB_SHAPES } from '../../../src/service/shapes';

describe('stages', () => {
  test('of an instance recommendation are two, twice the 45 minutes that it takes', () => {
    expect(stagesOf('Default')).toBe(2);
    expect(stagesOf('Default') * STAGE_SECONDS).toBeGreaterThanOrEqual(2 * 45 * 60);
  });

  test('of a load test without a duration are those of the longest', () => {
    expect(stagesOf('Advanced')).toBe(stagesOf('Advanced', MAX_JOB_SECONDS));
  });

  test('of a load test wait an hour longer than the job may take, and no stage is spare', () => {
    for (let seconds = 1; seconds <= MAX_JOB_SECONDS; seconds++) {
      const stages = stagesOf('Advanced', seconds);
      const waited = stages * STAGE_SECONDS;
      const spare = stages > stagesOf('Default') && waited - STAGE_SECONDS >= seconds + 3600;
      if (waited < seconds + 3600 || spare) { throw new Error(`${waited} s of waiting for a job of ${seconds} s`); }
    }
  });

  test('are at most 8', () => {
    expect(stagesOf('Advanced', MAX_JOB_SECONDS)).toBe(8);
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
  const { Poll: List, Describe, EndWait, GiveUp } = (waitMachineDefinition('aws', 'function', INFERENCE_RECOMMENDER) as any).States;

  /** A list that fails leaves it to the description. */
  const longestPoll = longest(List) + longest(Describe);

  test('holds a stage and what follows its deadline when all goes well: one more interval', () => {
    expect(STAGE_SECONDS + POLL_SECONDS).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });

  // The end's function tries its answer until its own time is used up, so the task's timeout counts it with all its tries.
  test('is counted with timeouts: a task waits longer for a function than the function may run', () => {
    expect([EndWait.TimeoutSeconds, GiveUp.TimeoutSeconds].every((seconds) => seconds > FUNCTION_SECONDS.WaitEnd)).toBe(true);
  });

  test('holds every delivery of an event to each function', () => {
    for (const seconds of Object.values(FUNCTION_SECONDS)) {
      expect(deliverySeconds(seconds)).toBeGreaterThanOrEqual(3 * seconds + 60 + 120);
      expect(deliverySeconds(seconds)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
    }
  });

  // A request counts from when it was made: a late delivery leaves less time for the polls, not for what follows them.
  test('holds a start whose last delivery comes as late as it may, within the polls of a stage', () => {
    expect(15 * 60 + FUNCTION_SECONDS.Start).toBeLessThan(Math.min(STAGE_SECONDS, STOP_SECONDS));
  });

  test('holds a stage whose poll after the deadline takes all of its retries', () => {
    expect(STAGE_SECONDS + POLL_SECONDS + longestPoll).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });

  test('and whose end takes all of its retries too', () => {
    expect(STAGE_SECONDS + POLL_SECONDS + longestPoll + longest(EndWait)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });

  test('and which is then given up, with all retries of that', () => {
    expect(STAGE_SECONDS + POLL_SECONDS + longestPoll + longest(EndWait) + longest(GiveUp)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });

  test('holds an end that was tried until the last moment, began once more, and is then given up', () => {
    expect(LAST_TRY_SECONDS + longest(EndWait) + longest(GiveUp)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
    expect(LAST_TRY_SECONDS).toBeGreaterThan(Math.max(STAGE_SECONDS + POLL_SECONDS, STOP_SECONDS + STOP_POLL_SECONDS));
  });

  test('holds a stop with all of these', () => {
    expect(STOP_SECONDS + STOP_POLL_SECONDS + longestPoll + longest(EndWait) + longest(GiveUp)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });
});

/** Seconds that a task may take: every try until its timeout, and the longest pauses between them. */
function longest({ TimeoutSeconds, Retry }: any): number {
  const { IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds } = Retry.find(({ ErrorEquals }: any) => ErrorEquals.includes('States.ALL'));
  const pauses = Array.from({ length: MaxAttempts }, (_, n) => Math.min(IntervalSeconds * BackoffRate ** n, MaxDelaySeconds));
  return (MaxAttempts + 1) * TimeoutSeconds + pauses.reduce((sum, pause) => sum + pause, 0);
}
