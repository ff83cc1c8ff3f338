import fc from 'fast-check';
import { profileMetrics } from '../../../../local-aws/sagemaker/generative/aiperf-export';
import { acceleratorsOf } from '../../../../local-aws/sagemaker/generative/gpus';
import { measured, statsOf } from '../../../../local-aws/sagemaker/generative/measurements';
import { TYPES } from '../../../../local-aws/sagemaker/generative/modelled';
import { layoutOf, performance } from '../../../../local-aws/sagemaker/generative/token-performance';
import { parsedSpec, tokenWorkload } from '../../../../local-aws/sagemaker/generative/workload-spec';

const size = fc.double({ min: 0.5, max: 600, noNaN: true });
const type = fc.constantFrom(...TYPES);
const work = fc.record({
  inputTokens: fc.integer({ min: 1, max: 8000 }),
  inputStddev: fc.integer({ min: 0, max: 500 }),
  outputTokens: fc.integer({ min: 1, max: 4000 }),
  outputStddev: fc.integer({ min: 0, max: 500 }),
  concurrency: fc.integer({ min: 1, max: 256 }),
  requests: fc.integer({ min: 1, max: 1200 }),
  streaming: fc.constant(true),
  secrets: fc.constant<string[]>([]),
  spec: fc.constant({}),
});

const first = ({ timeToFirstTokenMs }: { readonly timeToFirstTokenMs: number }) => timeToFirstTokenMs;

describe('the model for tokens', () => {
  test('knows a GPU of each type that the service takes', () => {
    expect(TYPES.filter((one) => acceleratorsOf(one).name === 'CPU')).toEqual([]);
    expect(acceleratorsOf('ml.p5.48xlarge')).toMatchObject({ name: 'H100', count: 8, memoryGb: 80, bandwidth: 3350 });
    expect(acceleratorsOf('ml.c5.xlarge')).toMatchObject({ name: 'CPU', count: 1 });
  });

  test('a copy has no more GPUs than it needs, all copies no more than there are', () => {
    fc.assert(fc.property(size, type, work, (gb, one, asked) => {
      const gpu = acceleratorsOf(one);
      const layout = layoutOf(gb, gpu, asked);
      // Without a layout, weights and the cache of one request are more than all GPUs have.
      const needed = gb * (1 + 0.008 * (asked.inputTokens + asked.outputTokens) / 1000);
      if (!layout) { return expect(needed).toBeGreaterThan(gpu.count * (gpu.memoryGb * 0.9 - 1)); }
      expect(layout.tensorParallel * layout.copies).toBeLessThanOrEqual(gpu.count);
      expect(gb).toBeLessThan(layout.tensorParallel * gpu.memoryGb);
      // A smaller model fits wherever a larger one does, in as many copies at least.
      expect(layoutOf(gb / 2, gpu, asked)!.copies).toBeGreaterThanOrEqual(layout.copies);
    }));
  });

  test('more bandwidth is never slower, and more users never wait less', () => {
    fc.assert(fc.property(size, type, work, fc.double({ min: 1, max: 4, noNaN: true }), (gb, one, asked, factor) => {
      const gpu = acceleratorsOf(one);
      const layout = layoutOf(gb, gpu, asked);
      fc.pre(layout !== undefined);
      const usual = performance(gb, gpu, layout!, asked);
      expect(performance(gb, { ...gpu, bandwidth: gpu.bandwidth * factor }, layout!, asked).interTokenMs).toBeLessThanOrEqual(usual.interTokenMs);
      expect(first(performance(gb, gpu, layout!, { ...asked, concurrency: asked.concurrency * 2 }))).toBeGreaterThanOrEqual(first(usual));
      expect(performance(gb, gpu, layout!, asked, 'SpeculativeDecoding').interTokenMs).toBeLessThan(usual.interTokenMs * 1.02);
      expect(first(performance(gb, gpu, layout!, asked, 'KernelTuning'))).toBeLessThanOrEqual(first(usual));
    }));
  });
});

describe('measurements', () => {
  test('the same question has the same answer, in which percentiles rise', () => {
    const figures = fc.record({
      timeToFirstTokenMs: fc.double({ min: 1, max: 5000, noNaN: true }), interTokenMs: fc.double({ min: 0.5, max: 200, noNaN: true }),
    });
    fc.assert(fc.property(work, figures, (asked, means) => {
      const found = measured(means, asked);
      expect(measured(means, asked)).toEqual(found);
      for (const { stats } of Object.values(profileMetrics(found, true))) {
        const ranks = ['min', 'p1', 'p5', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99', 'max'].map((stat) => stats[stat]).filter((value) => value !== undefined);
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        expect(Object.values(stats).every(Number.isFinite)).toBe(true);
      }
    }), { numRuns: 30 });
  });

  test('means are near those that are asked for', () => {
    const asked = { ...tokenWorkload({}), requests: 1000, outputTokens: 300, outputStddev: 30 };
    const found = profileMetrics(measured({ timeToFirstTokenMs: 200, interTokenMs: 20 }, asked), true);
    const { time_to_first_token: ttft, inter_token_latency: itl, output_sequence_length: osl } = found;
    expect(ttft.stats.avg / 200).toBeCloseTo(1, 1);
    expect(itl.stats.avg / 20).toBeCloseTo(1, 2);
    expect(osl.stats.avg).toBeCloseTo(300, 0);
  });

  test('statistics are those that NumPy has', () => {
    const std = expect.closeTo(1.29099, 5);
    expect(statsOf([4, 1, 3, 2])).toMatchObject({ avg: 2.5, p25: 1.75, p50: 2.5, p90: 3.7, min: 1, max: 4, count: 4, sum: 10, std });
  });
});

describe('the spec of a workload', () => {
  test.each<[string, string, object]>([
    ['empty', '{}', { inputTokens: 256, outputTokens: 256, concurrency: 1, requests: 100, streaming: true, secrets: [] }],
    ['a sweep', '{"parameters": {"concurrency": "1,4,16"}}', { concurrency: 16 }],
    ['a list of levels in YAML', 'parameters: { concurrency: [2, 8], streaming: false }', { concurrency: 8, streaming: false }],
    ['secrets', '{"secrets": {"hf_token": "arn:aws:secretsmanager:eu-west-1:1:secret:t"}}', { secrets: ['arn:aws:secretsmanager:eu-west-1:1:secret:t'] }],
  ])('%s', (_what, Inline, expected) => {
    expect(tokenWorkload({ AIWorkloadConfigs: { WorkloadSpec: { Inline } } })).toMatchObject(expected);
  });

  test('what is no object is told as such', () => {
    expect(() => parsedSpec('text')).toThrow('must be an object with benchmark and parameters');
  });
});
