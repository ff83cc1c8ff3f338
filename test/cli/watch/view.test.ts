import * as fc from 'fast-check';
import { NO_FIGURES, jobOf, readingOf, readings } from './readings';
import { viewOf } from '../../../cli/src/watch/view';

const PLAIN = { hasColors: false };
const sizes = fc.record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) });
// eslint-disable-next-line no-control-regex
const withoutColors = (line: string) => line.replace(/\u001b\[[0-9;]*m/g, '');

test('no line is wider than the terminal, there are no more than it has rows, and nothing moves the cursor', () => {
  fc.assert(fc.property(readings, sizes, fc.boolean(), fc.option(fc.constant('A remark'), { nil: undefined }), (reading, size, hasColors, note) => {
    const lines = viewOf(reading, size, { hasColors }, note);
    expect(lines.length).toBeLessThanOrEqual(Math.max(3, size.rows - 1));
    for (const line of lines.map(withoutColors)) {
      expect([...line].length).toBeLessThanOrEqual(size.columns);
      // eslint-disable-next-line no-control-regex
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  }));
});

test('colors change no text', () => {
  fc.assert(fc.property(readings, sizes, (reading, size) => {
    expect(viewOf(reading, size, { hasColors: true }).map((line) => withoutColors(line).trimEnd())).toEqual(viewOf(reading, size, PLAIN));
  }));
});

test('in a terminal that is large enough nothing is left out, and no time or figure is wrong', () => {
  fc.assert(fc.property(readings, (reading) => {
    const text = viewOf(reading, { columns: 5000, rows: 1000 }, PLAIN).join('\n');
    expect(text).not.toMatch(/… \d+ more|NaN|undefined|-\d+ (s|min|h)\b/);
    reading.jobs.forEach(({ construct, jobName }) => expect(text).toContain(construct ?? jobName!));
  }));
});

test('benchmarks shown and counted are all that there are, however few rows there are', () => {
  const few = fc.integer({ min: 0, max: 20 });
  const many = fc.record({ done: few, running: few, failed: few });
  fc.assert(fc.property(many, fc.integer({ min: 6, max: 80 }), ({ done, running, failed }, rows) => {
    const of = (count: number, status: string) => Array.from({ length: count }, () => (
      { endpoint: { instanceType: 'ml.c5.xlarge', instanceCount: 1, isCompiled: false, environment: {} }, status, type: 'BENCHMARK', figures: NO_FIGURES }));
    const benchmarks = [...of(done, 'COMPLETED'), ...of(running, 'IN_PROGRESS'), ...of(failed, 'FAILED')];
    const lines = viewOf(readingOf(jobOf({ name: 'abc', benchmarks })), { columns: 100, rows }, PLAIN);
    const shown = lines.filter((line) => line.includes('ml.c5.xlarge'));
    const more = lines.map((line) => Number(/… (\d+) more/.exec(line)?.[1] ?? 0)).reduce((sum, one) => sum + one, 0);
    expect(shown.length + more).toBe(benchmarks.length);
    // What runs has a row before what has ended.
    const runs = shown.filter((line) => line.includes('IN_PROGRESS')).length;
    expect(runs === running || shown.length === runs).toBe(true);
  }));
});

const FIGURES = { ...NO_FIGURES, CostPerHour: 0.204, CostPerInference: 0.00000053, MaxInvocations: 7344, ModelLatency: 12 };
const benchmarks = [
  { endpoint: { instanceType: 'ml.c5.xlarge', instanceCount: 1, isCompiled: false, environment: {} }, status: 'COMPLETED', type: 'BENCHMARK', figures: FIGURES },
  { endpoint: { instanceType: 'ml.m5.large', instanceCount: 1, isCompiled: false, environment: {} }, status: 'FAILED', type: 'BENCHMARK', figures: NO_FIGURES, failureReason: 'It ran out of memory.' },
  { endpoint: { isCompiled: false, environment: {} }, status: 'PENDING', type: 'BENCHMARK', figures: NO_FIGURES },
  { endpoint: { isCompiled: false, environment: {} }, status: 'PENDING', type: 'BENCHMARK', figures: NO_FIGURES },
];
const reading = { ...readingOf(jobOf({ name: 'abc', benchmarks })), now: Date.parse('2026-01-01T12:12:00Z') };

test('a view of a wide terminal', () => {
  expect(viewOf(reading, { columns: 140, rows: 30 }, PLAIN)).toEqual([
    'Stack CREATE_IN_PROGRESS',
    'Stack/Job: IN_PROGRESS, 12 min, at most 33 min left, 2 of 4 benchmarks done',
    '  instance recommendation, job abc',
    '                             USD an hour  USD per million  requests a minute  latency (ms or µs)',
    ' COMPLETED ml.c5.xlarge × 1        0.204             0.53              7,344                  12',
    ' FAILED    ml.m5.large × 1   It ran out of memory.',
    '   /aws/sagemaker/InferenceRecommendationsJobs abc/Endpoint/sm-epc-1',
    ' PENDING   2 more, not named yet',
  ]);
});

test('a view of a small terminal has what runs and what failed first', () => {
  expect(viewOf(reading, { columns: 44, rows: 8 }, PLAIN)).toEqual([
    'Stack CREATE_IN_PROGRESS',
    'Stack/Job: IN_PROGRESS, 12 min, at most 33 …',
    '  instance recommendation, job abc',
    expect.stringMatching(/^ +USD an hour$/),
    ' FAILED    ml.m5.large × 1   It ran out of …',
    '   /aws/sagemaker/InferenceRecommendationsJ…',
    '  … 3 more benchmarks',
  ]);
});
