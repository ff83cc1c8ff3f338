import * as fc from 'fast-check';
import { NO_FIGURES, jobOf, readingOf, readings } from './readings';
import { JobView } from '../../../cli/src/subject/job';
import { recordedSubject } from '../../../cli/src/subject/recorded';
import { Change, changeData, changesBetween, changeText, stillRunning } from '../../../cli/src/watch/changes';
import { Reading } from '../../../cli/src/watch/reading';

/** What somebody knows who has heard of all changes. */
class Listener {
  private readonly known = new Map<string, string>();

  public hear(changes: readonly Change[]): this {
    for (const one of changes) {
      if (one.change === 'stack') { this.known.set(`stack ${one.stack}`, one.status); }
      if (one.change === 'job') { this.known.set(`job ${one.of} ${one.job}`, one.status); }
      if (one.change === 'benchmark') { this.known.set(`benchmark ${one.of} ${one.job} ${one.number}`, JSON.stringify([one.status, one.failureReason, Object.entries(one.figures)])); }
    }
    return this;
  }

  public knows({ stacks, jobs }: Reading): boolean {
    return stacks.every(({ name, status }) => this.known.get(`stack ${name}`) === status)
      && jobs.every(({ construct, jobName, job }) => this.known.get(`job ${construct ?? jobName} ${jobName}`) === (job?.status ?? 'NOT_STARTED')
        && (job?.benchmarks ?? []).every((one, index) => {
          const heard = this.known.get(`benchmark ${construct ?? jobName} ${jobName} ${index + 1}`);
          const isSilent = one.status === 'PENDING' && Object.values(one.figures).every(Number.isNaN) && heard === undefined;
          return isSilent || heard === JSON.stringify([one.status, one.failureReason, Object.entries(one.figures)]);
        }));
  }
}

test.each([['Default', undefined, 45], ['Default', 1200, 20], ['Advanced', undefined, 300], ['Advanced', 3600, 60]] as const)(
  'a job of type %s and %s seconds takes at most %i minutes', (type, JobDurationInSeconds, minutes) => {
    const { jobs: [{ job }] } = recordedSubject(JSON.stringify({ JobName: 'abc', JobType: type, InputConfig: { JobDurationInSeconds } }), 'job.json');
    expect(changesBetween(undefined, readingOf(job))).toContainEqual(expect.objectContaining({ change: 'job', mostMinutes: minutes }));
  });

test('the same reading once more has no change', () => {
  fc.assert(fc.property(readings, (reading) => { expect(changesBetween(reading, { ...reading, now: reading.now + 60_000 })).toEqual([]); }));
});

test('the changes from nothing tell all that is there', () => {
  fc.assert(fc.property(readings, (reading) => new Listener().hear(changesBetween(undefined, reading)).knows(reading)));
});

test('who knows a reading and hears of the changes knows the next one', () => {
  // Jobs keep their names, and benchmarks their places, as long as a job runs.
  const twice = fc.tuple(readings, fc.array(fc.constantFrom('IN_PROGRESS', 'COMPLETED', 'FAILED'), { minLength: 15, maxLength: 15 })).map(([reading, statuses]) => {
    const benchmarks = (one: JobView) => one.benchmarks.map((old, index) => ({ ...old, status: statuses[index] }));
    const jobs = reading.jobs.map((one) => (one.job ? { ...one, job: { ...one.job, status: statuses[14], benchmarks: benchmarks(one.job) } } : one));
    return [reading, { ...reading, jobs }] as const;
  });
  fc.assert(fc.property(twice, ([before, after]) => (
    new Listener().hear(changesBetween(undefined, before)).hear(changesBetween(before, after)).knows(after)
  )));
});

test('a line is one line, without control characters, times that are below zero, and figures that are none', () => {
  fc.assert(fc.property(readings, (reading) => {
    for (const change of [...changesBetween(undefined, reading), ...stillRunning(reading)]) {
      const text = changeText(change);
      // eslint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      if (change.change === 'stack') { continue; }
      expect(change.elapsedMs).toBeGreaterThanOrEqual(0);
      expect(JSON.stringify(changeData(change, reading.now))).not.toMatch(/NaN|null/);
    }
  }));
});

const types = (instanceType?: string) => ({ instanceType, ...instanceType && { instanceCount: 1 }, isCompiled: false, environment: {} });
const waiting = { endpoint: types(), status: 'PENDING', type: 'BENCHMARK', figures: NO_FIGURES };
const running = { ...waiting, endpoint: types('ml.c5.xlarge'), status: 'IN_PROGRESS' };

test('a job from its start to its end, in lines', () => {
  const job = (status: string, benchmarks: any[], given = {}) => readingOf(jobOf({ name: 'abc', status, benchmarks, ...given }));
  const minute = 60_000;
  const steps: Reading[] = [
    readingOf(undefined),
    job('PENDING', [waiting, waiting]),
    job('IN_PROGRESS', [running, waiting]),
    job('IN_PROGRESS', [
      { ...running, status: 'COMPLETED', figures: { ...NO_FIGURES, CostPerHour: 0.204, CostPerInference: 0.00000053, MaxInvocations: 7344, ModelLatency: 12 } },
      { ...running, endpoint: types('ml.m5.large') },
    ]),
    job('FAILED', [{ ...running, status: 'COMPLETED' }, { ...running, endpoint: types('ml.m5.large'), status: 'FAILED', failureReason: 'No\nmemory.' }], { failureReason: 'All failed.' }),
  ].map((reading, index) => ({ ...reading, now: reading.now + index * minute }));
  const lines = steps.flatMap((reading, index) => changesBetween(steps[index - 1], reading)).map(changeText);
  expect(lines).toEqual([
    'Stack: CREATE_IN_PROGRESS',
    'Stack/Job: no job has started yet',
    'Stack/Job: PENDING (job abc, instance recommendation, at most 45 min)',
    'Stack/Job: IN_PROGRESS after 2 min',
    'Stack/Job: benchmark 1 of 2, ml.c5.xlarge × 1: IN_PROGRESS after 2 min',
    'Stack/Job: benchmark 1 of 2, ml.c5.xlarge × 1: COMPLETED after 3 min: USD an hour 0.204, USD per million 0.53, requests a minute 7,344, latency (ms or µs) 12',
    'Stack/Job: benchmark 2 of 2, ml.m5.large × 1: IN_PROGRESS after 3 min',
    'Stack/Job: FAILED after 4 min: All failed.',
    'Stack/Job: benchmark 1 of 2, ml.c5.xlarge × 1: COMPLETED after 4 min',
    'Stack/Job: benchmark 2 of 2, ml.m5.large × 1: FAILED after 4 min: No memory., log /aws/sagemaker/InferenceRecommendationsJobs abc/Endpoint/sm-epc-1',
  ]);
});

test('another attempt is another job of the construct', () => {
  const before = readingOf(jobOf({ name: 'abc', status: 'FAILED', benchmarks: [running] }));
  const after = readingOf(jobOf({ name: 'abc-a2', status: 'PENDING', benchmarks: [waiting] }));
  expect(changesBetween(before, after).map(changeText)).toEqual(['Stack/Job: PENDING (job abc-a2, instance recommendation, at most 45 min)']);
});

test('what still runs says how far it is', () => {
  const reading = readingOf(jobOf({ name: 'abc', benchmarks: [{ ...running, status: 'COMPLETED' }, running, waiting] }));
  expect(stillRunning({ ...reading, now: reading.now + 12 * 60_000 }).map(changeText)).toEqual(['Stack/Job: still IN_PROGRESS, 12 min, at most 33 min left, 1 of 3 benchmarks done']);
});
