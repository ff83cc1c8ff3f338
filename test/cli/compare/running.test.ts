import * as fc from 'fast-check';
import { recommendation } from './arbitrary';
import type { Chosen } from '../../../cli/src/compare/jobs';
import { labelOf } from '../../../cli/src/compare/match';
import { compareRunning, referenceFor, Running, RunningOptions } from '../../../cli/src/compare/running';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import { METRICS } from '../../../src/service/limits';
import { prices } from '../../../src/service/prices';
import { GENERATIVE } from '../../../src/service/recommendation-kinds';

const PRICES = prices('us-east-1', '2026-09-28', 'a test', [['ml.c5.xlarge', 0.2], ['ml.c5.2xlarge', 0.4], ['ml.c5.4xlarge', 0.8], ['ml.m5.large', 0.115]], 0.00002);

function row(instanceType: string, figures: Partial<JobRecommendation['figures']>, more: Partial<JobRecommendation> = {}): JobRecommendation {
  const all = Object.fromEntries(METRICS.map((metric) => [metric, figures[metric] ?? NaN])) as JobRecommendation['figures'];
  return { id: `job/${instanceType}`, instanceType, instanceCount: 1, isCompiled: false, environment: {}, attributes: {}, ...more, figures: all };
}

/** An endpoint of two instances for ten hours, which got 600,000 requests. */
const RUNNING: Running = {
  endpoint: 'shop',
  variant: 'AllTraffic',
  fleet: [{ instanceType: 'ml.c5.xlarge', count: 2 }],
  minutes: 600,
  peakMinutes: 1,
  invocations: 600_000,
  peakPerMinute: 1500,
  latencyUs: 45_000,
  cpuPercent: 30,
  memoryPercent: 20,
  errors: 0,
  notes: [],
};
const BENCHMARK = row('ml.c5.xlarge', {
  CostPerHour: 0.2, CostPerInference: 4e-6, MaxInvocations: 1000, ModelLatency: 40, CpuUtilization: 90, MemoryUtilization: 20,
});
const OPTIONS: RunningOptions = { equalWithin: 1, prices: PRICES };

const told = (running: Running, options: RunningOptions = OPTIONS, rows: readonly JobRecommendation[] = [BENCHMARK]) => {
  const { differences, notes, chosen } = compareRunning(running, rows, options);
  const places = differences.map(({ title, before, after, outcome }) => (
    [title, Number(before.toPrecision(5)), Number(after.toPrecision(5)), outcome]));
  return { differences: places, notes, sentence: chosen[0]?.sentence };
};

test('what runs is compared by its cost, its load and its utilization', () => {
  const { differences, notes, sentence } = told(RUNNING);
  expect(differences).toEqual([
    ['USD an hour', 0.2, 0.4, 'worse'],
    // 0.4 USD an hour over ten hours, for 0.6 million.
    ['USD per million', 4, 6.6667, 'worse'],
    // What two instances bear.
    ['CPU %, mean', 90, 30, 'load'],
    ['requests a minute, mean', 2000, 1000, 'load'],
    ['requests a minute, peak', 2000, 1500, 'load'],
    ['memory %, mean', 20, 20, 'load'],
  ]);
  expect(notes).toEqual([
    'The peak used 75% of what 2 × the benchmark bears.',
    "The mean latency is 45 ms. It is not compared, because the unit of the job's 40 is not documented: say --latency-unit ms or us.",
    expect.stringContaining('it counts idle time'),
  ]);
  expect(sentence).toBe('What runs, compared with the benchmark of ml.c5.xlarge × 1: 100% dearer an hour, 66.7% dearer per million.');
});

test.each([['ms', 40], ['us', 40_000]] as const)('a latency is compared in milliseconds where the job has it in %s', (latencyUnit, ModelLatency) => {
  const { differences, notes } = told(RUNNING, { ...OPTIONS, latencyUnit }, [row('ml.c5.xlarge', { ModelLatency })]);
  expect(differences).toContainEqual(['latency (ms), mean', 40, 45, 'worse']);
  expect(notes.join()).not.toContain('--latency-unit');
});

test('the wrong unit is no regression', () => {
  expect(told(RUNNING, { ...OPTIONS, latencyUnit: 'us' }).differences).toContainEqual(['latency (ms), mean', 0.04, 45, 'units']);
});

test.each<[copies: number, capacity: number, note: string]>([
  [2, 5, 'The peak used 50% of what 2 copies bear by the benchmark.'], [1, 2.5, 'The peak used 100% of what 1 copy bears by the benchmark.'],
])('an inference component of %d copies bears what its copies do, however many instances there are', (copies, capacity, note) => {
  const benchmark: JobRecommendation = { ...row('ml.c5.xlarge', {}), attributes: { CopyCountPerInstance: 4 }, figures: { RequestThroughput: 10 } };
  const component = { ...RUNNING, component: { name: 'chat', copies }, peakPerMinute: 150 };
  const { differences, notes } = told(component, { ...OPTIONS, kind: GENERATIVE }, [benchmark]);
  expect(differences).toContainEqual(['requests a second, peak', capacity, 2.5, 'load']);
  expect(notes).toContain(note);
});

test('a benchmark of as much as runs is named without a factor, and none is divided by nothing', () => {
  expect(told(RUNNING, OPTIONS, [{ ...BENCHMARK, instanceCount: 2 }]).notes).toContain('The peak used 150% of what the benchmark bears.');
  expect(told({ ...RUNNING, component: { name: 'chat', copies: 0 } }).notes.join()).not.toMatch(/Infinity|The peak used/);
});

test('a peak beyond what the benchmark bears is worse', () => {
  expect(told({ ...RUNNING, peakPerMinute: 2500 }).differences).toContainEqual(['requests a minute, peak', 2000, 2500, 'worse']);
  expect(told({ ...RUNNING, peakPerMinute: 2010 }).differences).toContainEqual(['requests a minute, peak', 2000, 2010, 'load']);
});

test('without datapoints, this is said, and the cost an hour is compared', () => {
  const silent = { ...RUNNING, invocations: NaN, peakPerMinute: NaN, latencyUs: NaN, cpuPercent: NaN, memoryPercent: NaN };
  const { differences, notes, sentence } = told(silent, { ...OPTIONS, latencyUnit: 'ms' });
  expect(differences.filter(([, , , outcome]) => outcome !== 'unknown')).toEqual([['USD an hour', 0.2, 0.4, 'worse']]);
  expect(notes).toEqual(['CloudWatch has no invocations of the variant in the window, so only the cost an hour can be compared.']);
  expect(sentence).toBeUndefined();
});

test('the promise is the cost of the count that the stack has chosen', () => {
  const chosen: Chosen = {
    endpoint: { instanceType: 'ml.c5.xlarge', instanceCount: 2, isCompiled: false, environment: {} }, figures: { ...BENCHMARK.figures, CostPerHour: 0.4 },
  };
  expect(told(RUNNING, { ...OPTIONS, chosen }).differences).toContainEqual(['USD an hour', 0.4, 0.4, 'equal']);
});

test('errors, long periods and what the reader noticed are said', () => {
  expect(told({ ...RUNNING, errors: 12, peakMinutes: 5, notes: ['The endpoint is Updating.'] }).notes).toEqual(expect.arrayContaining([
    '12 of 600,000 invocations ended with an error (4xx or 5xx).', expect.stringContaining('a mean over 5 minutes'), 'The endpoint is Updating.',
  ]));
});

test('a serverless variant costs the compute of its mean latency', () => {
  const serverless = { ...RUNNING, fleet: [], serverless: { memoryMb: 2048, concurrency: 5 } };
  const benchmark: JobRecommendation = { ...row('', { CostPerInference: 2e-6, MaxInvocations: 100 }), instanceType: undefined, serverlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 } };
  const { differences, notes } = told(serverless, OPTIONS, [BENCHMARK, benchmark]);
  // 2 GB for 45 ms at 0.00002 USD.
  expect(differences).toEqual(expect.arrayContaining([['USD per million', 2, 1.8, 'better'], ['requests a minute, peak', 500, 1500, 'worse']]));
  expect(notes).toContainEqual(expect.stringContaining('0.00002 USD a GB-second'));
  expect(told(serverless, OPTIONS, [BENCHMARK])).toMatchObject({ differences: [], notes: ['The job has no result of a serverless endpoint, so there is nothing to compare.'] });
});

test('instances of several types cost the sum, and the largest group is compared', () => {
  const pools = { ...RUNNING, fleet: [{ instanceType: 'ml.c5.xlarge', count: 2 }, { instanceType: 'ml.m5.large', count: 1 }] };
  const { differences, notes } = told(pools);
  expect(differences).toContainEqual(['USD an hour', 0.2, 0.515, 'worse']);
  expect(notes).toContainEqual(expect.stringContaining('Prices of instances are those of us-east-1 of 2026-09-28 (a test).'));
  expect(told({ ...pools, fleet: [...pools.fleet, { instanceType: 'ml.new.large', count: 1 }] }).notes)
    .toContainEqual('The price of ml.new.large is not known: give one with --prices FILE.');
});

describe('the benchmark that is compared', () => {
  const xlarge = { fleet: [{ instanceType: 'ml.c5.xlarge', count: 2 }] };
  const found = (rows: readonly JobRecommendation[], running: Pick<Running, 'fleet'> = xlarge, options: RunningOptions = OPTIONS) => {
    const { recommendation: one, note } = referenceFor(running, rows, options)!;
    return [labelOf(one), note];
  };

  test('is of the same type and the nearest count', () => {
    expect(found([row('ml.m5.large', {}), row('ml.c5.xlarge', {}), row('ml.c5.xlarge', {}, { instanceCount: 2 })])).toEqual([
      'ml.c5.xlarge × 2', 'The job has 2 results of ml.c5.xlarge: compared with ml.c5.xlarge × 2.',
    ]);
    expect(found([row('ml.m5.large', {}), row('ml.c5.xlarge', {})])).toEqual(['ml.c5.xlarge × 1', undefined]);
  });

  test('is the chosen one of that type', () => {
    const chosen: Chosen = { endpoint: { instanceType: 'ml.c5.xlarge', instanceCount: 2, isCompiled: true, environment: {} } };
    expect(found([row('ml.c5.xlarge', {}, { instanceCount: 2 }), row('ml.c5.xlarge', {}, { isCompiled: true })], xlarge, { ...OPTIONS, chosen })[0]).toBe('ml.c5.xlarge × 1 compiled');
  });

  test('is else of the same family, and else the next in price', () => {
    const others = [row('ml.m5.large', { CostPerHour: 0.115 }), row('ml.c5.2xlarge', { CostPerHour: 0.4 }), row('ml.c5.9xlarge', { CostPerHour: 1.8 })];
    expect(found(others)).toEqual(['ml.c5.2xlarge × 1', 'The job has no result of ml.c5.xlarge: compared with ml.c5.2xlarge × 1, of the same family.']);
    expect(found(others.slice(0, 1))).toEqual(['ml.m5.large × 1', 'The job has no result of ml.c5.xlarge: compared with ml.m5.large × 1, the next in price.']);
  });

  test('does not depend on the order of the rows', () => {
    const rows = fc.array(recommendation, { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(rows.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([all, shuffled]) => {
      const label = (one: readonly JobRecommendation[]) => {
        const reference = referenceFor(xlarge, one, OPTIONS);
        return reference && labelOf(reference.recommendation);
      };
      expect(label(shuffled)).toBe(label(all));
      expect(label(all) === undefined).toBe(all.every(({ instanceType }) => instanceType === undefined));
    }));
  });
});
