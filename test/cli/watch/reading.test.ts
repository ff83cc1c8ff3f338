import * as fc from 'fast-check';
import { jobOf, readingOf, readings } from './readings';
import { JobOfStack } from '../../../cli/src/subject/subject';
import { elapsedMs, exitCodeOf, isAtRest, missingFrom } from '../../../cli/src/watch/reading';

const one = (name: string, status = 'IN_PROGRESS'): JobOfStack => ({ construct: 'Stack/Job', jobName: name, job: jobOf({ name, status }), choices: [] });

test('a job that ran stays when its resource goes, and a newer attempt stands for it', () => {
  const ran = new Set(['abc']);
  expect(missingFrom([one('abc')], [], ran)).toHaveLength(1);
  expect(missingFrom([one('abc', 'COMPLETED')], [one('other')], ran)).toHaveLength(1);
  expect(missingFrom([one('abc', 'FAILED')], [one('abc-a2')], ran)).toEqual([]);
  // It had failed before anybody watched, and an update has another one now.
  expect(missingFrom([one('abc', 'FAILED')], [one('other')], new Set())).toEqual([]);
});

test('no job is missing from a reading that has it, and none is lost that ran', () => {
  fc.assert(fc.property(readings, readings, ({ jobs: before }, { jobs: now }) => {
    const ran = new Set(before.flatMap(({ job }) => (job ? [job.name] : [])));
    expect(missingFrom(before, before, ran)).toEqual([]);
    const kept = [...now, ...missingFrom(before, now, ran)].flatMap(({ jobName }) => (jobName === undefined ? [] : [jobName.slice(0, 33)]));
    for (const { job } of before) { if (job) { expect(kept).toContain(job.name.slice(0, 33)); } }
  }));
});

test('no time is below nothing, and a job that has ended gets no older', () => {
  fc.assert(fc.property(readings, ({ jobs, now }) => {
    for (const each of jobs) {
      expect(elapsedMs(each, now)).toBeGreaterThanOrEqual(0);
      const ended = { job: each.job && { ...each.job, ended: new Date(now) } };
      expect(elapsedMs(ended, now + 3600_000)).toBe(elapsedMs(ended, now));
    }
  }));
});

test.each<[string, string, string, string[], boolean, number]>([
  ['a stack that moves', 'IN_PROGRESS', 'CREATE_IN_PROGRESS', ['Stack'], false, 0],
  ['a job that runs on', 'IN_PROGRESS', 'CREATE_COMPLETE', ['Stack'], false, 0],
  ['a job that is being stopped', 'STOPPING', 'CREATE_COMPLETE', ['Stack'], false, 0],
  ['all that went well', 'COMPLETED', 'UPDATE_COMPLETE', ['Stack'], true, 0],
  ['a job that failed', 'FAILED', 'CREATE_COMPLETE', ['Stack'], true, 1],
  ['a job that was stopped', 'STOPPED', 'CREATE_COMPLETE', ['Stack'], true, 1],
  ['a deploy that failed', 'COMPLETED', 'UPDATE_ROLLBACK_COMPLETE', ['Stack'], true, 1],
  ['a deploy that had failed before', 'COMPLETED', 'UPDATE_ROLLBACK_COMPLETE', [], true, 0],
])('%s: whether it is at rest, and its exit code', (_what, job, stack, moved, atRest, exitCode) => {
  const reading = readingOf(jobOf({ name: 'abc', status: job }), { stacks: [{ name: 'Stack', status: stack }] });
  expect([isAtRest(reading), exitCodeOf(new Set(moved), reading)]).toEqual([atRest, exitCode]);
});
