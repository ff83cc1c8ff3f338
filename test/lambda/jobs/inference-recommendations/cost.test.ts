import fc from 'fast-check';
import { costAtLeast } from '../../../../lambda/jobs/inference-recommendations/cost';
import { pricesOf } from '../../../../src/service/prices';

const JOB = 'arn:aws:sagemaker:us-east-1:111111111111:inference-recommendations-job/nightly';
const START = Date.parse('2026-01-01T00:00:00Z');

const step = (InstanceType: string | undefined, minutes: number | undefined, InitialInstanceCount?: number): any => ({
  InferenceBenchmark: {
    EndpointConfiguration: { InstanceType, InitialInstanceCount },
    ...minutes !== undefined && { InvocationStartTime: new Date(START), InvocationEndTime: new Date(START + minutes * 60_000) },
  },
});
const hourly = pricesOf('us-east-1')!.hourly('ml.c5.xlarge')!;

test('is the time of the invocations on each instance, down to a cent', () => {
  expect(costAtLeast(JOB, [step('ml.c5.xlarge', 60)])).toBe(`at least ${(Math.floor(hourly * 100) / 100).toFixed(2)} USD`);
  expect(costAtLeast(JOB, [step('ml.c5.xlarge', 600, 3), step('ml.c5.xlarge', 0)])).toBe(`at least ${(Math.floor(hourly * 3000 + 1e-6) / 100).toFixed(2)} USD`);
});

test('leaves out what has no time, no instance or no price', () => {
  expect(costAtLeast(JOB, [step('ml.c5.xlarge', 60), step('ml.c5.xlarge', undefined), step(undefined, 60), step('ml.new9.large', 60), {} as any]))
    .toBe(costAtLeast(JOB, [step('ml.c5.xlarge', 60)]));
});

test.each([
  ['no benchmark', JOB, []],
  ['no times', JOB, [step('ml.c5.xlarge', undefined)]],
  ['no price of the type', JOB, [step('ml.new9.large', 60)]],
  ['no prices of the Region', JOB.replace('us-east-1', 'mx-central-1'), [step('ml.c5.xlarge', 60)]],
])('is not known with %s', (_what, job, steps) => {
  expect(costAtLeast(job, steps)).toBeUndefined();
});

test('never grows by leaving a benchmark out, and is never above the exact figure', () => {
  const figure = (steps: any[]) => Number(costAtLeast(JOB, steps)?.split(' ')[2] ?? 0);
  fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 5 })), { minLength: 1 }), (runs) => {
    const steps = runs.map(([minutes, count]) => step('ml.c5.xlarge', minutes, count));
    const exact = runs.reduce((sum, [minutes, count]) => sum + minutes / 60 * count * hourly, 0);
    expect(figure(steps)).toBeLessThanOrEqual(exact + 1e-6);
    expect(figure(steps)).toBeGreaterThan(exact - 0.0101);
    expect(figure(steps.slice(1))).toBeLessThanOrEqual(figure(steps));
  }));
});
