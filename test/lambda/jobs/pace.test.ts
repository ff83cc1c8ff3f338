import { paceOf, stageEnd } from '../../../lambda/jobs/pace';
import { FIRST_MINUTES_SECONDS, LONGEST_POLL_SECONDS, OFTEN_SECONDS, POLL_SECONDS, SELDOM_SECONDS, STAGE_SECONDS } from '../../../src/contract/waiting';
import { earliestSeconds } from '../../../src/service/job-rules';
import { measured, mixed } from '../../harness/waits';

const CREATED = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number) => new Date(CREATED.getTime() + seconds * 1000).toISOString();

test('a job is polled often in its first minutes and from when it may end, and seldom between', () => {
  expect(paceOf(CREATED, earliestSeconds('Advanced', 7200), 1)).toEqual({
    pollSeconds: OFTEN_SECONDS, seldom: { pollSeconds: SELDOM_SECONDS, from: after(FIRST_MINUTES_SECONDS), until: after(7200 - SELDOM_SECONDS) },
  });
});

test.each([
  ['that is short', earliestSeconds('Advanced', 450)],
  ['that is an instance recommendation with a short duration', earliestSeconds('Default', 300)],
])('a job %s is polled often all the time', (_what, earliest) => {
  expect(paceOf(CREATED, earliest, 1)).toEqual({ pollSeconds: OFTEN_SECONDS });
});

test('a job of which nothing is known is polled at a constant interval', () => {
  expect(earliestSeconds('Advanced')).toBeUndefined();
  expect(paceOf(CREATED, undefined, 1)).toEqual({ pollSeconds: POLL_SECONDS });
  expect(paceOf(undefined, 7200, 1)).toEqual({ pollSeconds: POLL_SECONDS });
});

test('the more jobs an account has, the longer is each interval, and all of them together make less than 5 calls a second, however they began', () => {
  const intervals = (running: number) => [paceOf(CREATED, 7200, running), paceOf(CREATED, undefined, running)].map(({ pollSeconds }) => pollSeconds);
  for (let running = 1; running < 1000; running++) {
    intervals(running + 1).forEach((interval, n) => expect(interval).toBeGreaterThanOrEqual(intervals(running)[n]));
    intervals(running).forEach((interval) => expect(interval).toBeLessThanOrEqual(LONGEST_POLL_SECONDS));
  }
  // Each knows only those that began before it.
  const rate = Array.from({ length: 300 }, (_, n) => 1 / intervals(n + 1)[0]).reduce((sum, one) => sum + one, 0);
  expect(rate).toBeLessThan(5);
});

test('a stage ends so early that its last pause ends no later than one of the constant interval', () => {
  const created = CREATED.getTime();
  for (let running = 1; running < 400; running += 7) {
    for (const requested of [0, 1000, 20 * 60, 70 * 60].map((seconds) => created + seconds * 1000)) {
      for (const found of [paceOf(CREATED, 7200, running), paceOf(CREATED, 24 * 60, running), paceOf(CREATED, undefined, running)]) {
        const end = stageEnd(requested, found);
        const begin = end - 1;
        const isSeldom = found.seldom && new Date(begin).toISOString() >= found.seldom.from && new Date(begin).toISOString() < found.seldom.until;
        const over = begin + (isSeldom ? found.seldom!.pollSeconds : found.pollSeconds) * 1000;
        expect((over - requested) / 1000).toBeLessThanOrEqual(STAGE_SECONDS + POLL_SECONDS);
      }
    }
  }
  expect(stageEnd(created, paceOf(CREATED, earliestSeconds('Default'), 1)) - created).toBe((STAGE_SECONDS + POLL_SECONDS - OFTEN_SECONDS) * 1000);
});

describe('of jobs of which half are instance recommendations of 25 to 50 minutes, half are load tests of 2 hours, and one of twenty fails in its first 5 minutes', () => {
  const courses = mixed(60);
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

  test('the end is answered in 15 seconds on average and in 45 at worst, with no more calls and transitions than a constant interval makes', async () => {
    const ours = await Promise.all(courses.map((course) => measured(course)));
    const constant = await Promise.all(courses.map((course) => measured(course, POLL_SECONDS)));
    expect(mean(ours.map(({ lag }) => lag))).toBeLessThanOrEqual(15);
    expect(Math.max(...ours.map(({ lag }) => lag))).toBeLessThanOrEqual(45);
    for (const what of ['calls', 'transitions'] as const) {
      expect(mean(ours.map((one) => one[what]))).toBeLessThanOrEqual(mean(constant.map((one) => one[what])));
    }
  });
});
