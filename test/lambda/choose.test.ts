import { readFileSync } from 'fs';
import { join } from 'path';
import fc from 'fast-check';
import { choose } from '../../lambda/conclude/choose';
import { OBJECTIVES } from '../../src/api/contract';

const published = (file: string) => JSON.parse(readFileSync(join(__dirname, '..', '..', 'local-aws', 'sagemaker', 'recorded', file), 'utf8'));
const compiled = published('default-job-with-compiled-model.json').InferenceRecommendations;
const plain = published('default-job.json').InferenceRecommendations;

const row = (id: string, metrics: Record<string, number>, serverless = false): any => ({
  RecommendationId: id,
  Metrics: metrics,
  EndpointConfiguration: {
    InstanceType: 'ml.c5.xlarge',
    InitialInstanceCount: 1,
    ...(serverless ? { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } } : {}),
  },
  ModelConfiguration: {},
});

describe('choose', () => {
  test.each([
    ['LowestCostPerInference', compiled, 'ml.c5.xlarge', 1.6e-7],
    ['LowestLatency', compiled, 'ml.c5.9xlarge', 9.15e-7],
    ['HighestThroughput', compiled, 'ml.c5.9xlarge', 9.15e-7],
    ['LowestCostPerInference', plain, 'ml.c5d.large', 2.92620870823157e-6],
    ['LowestCostPerHour', plain, 'ml.c5d.large', 2.92620870823157e-6],
    ['LowestLatency', plain, 'ml.c5.xlarge', 5.246913588052848e-6],
  ] as const)('%s of the published rows', (objective, rows, instanceType, costPerInference) => {
    const chosen = choose(rows, objective, 'RealTime')!;
    expect(chosen.EndpointConfiguration!.InstanceType).toBe(instanceType);
    expect(chosen.Metrics!.CostPerInference).toBe(costPerInference);
  });

  test('the cheapest published row is the compiled model', () => {
    expect(choose(compiled, 'LowestCostPerInference', 'RealTime')!.ModelConfiguration!.CompilationJobName).toMatch(/^neo-/);
  });

  test('a metric that is NaN or missing never wins', () => {
    const rows = [row('a', { ModelLatency: NaN }), row('b', {}), row('c', { ModelLatency: 900 })];
    expect(choose(rows, 'LowestLatency', 'RealTime')!.RecommendationId).toBe('c');
    expect(choose(rows.slice(0, 2), 'LowestLatency', 'RealTime')).toBeUndefined();
  });

  test('a row with a ServerlessConfig is serverless, whatever instance type stands beside it', () => {
    const rows = [row('serverless', { CostPerInference: 1 }, true), row('real-time', { CostPerInference: 2 })];
    expect(choose(rows, 'LowestCostPerInference', 'RealTime')!.RecommendationId).toBe('real-time');
    expect(choose(rows, 'LowestCostPerInference', 'Serverless')!.RecommendationId).toBe('serverless');
  });

  test('no rows, no choice', () => {
    expect(choose([], 'LowestLatency', 'RealTime')).toBeUndefined();
  });

  const metric = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(NaN), fc.constant(undefined as any));
  const rows = fc.array(fc.record({ CostPerInference: metric, CostPerHour: metric, ModelLatency: metric, MaxInvocations: metric }), { maxLength: 8 })
    .map((all) => all.map((metrics, index) => row(`id-${index}`, metrics)));

  test('the order of the rows never counts', () => {
    fc.assert(fc.property(rows, fc.constantFrom(...OBJECTIVES), fc.infiniteStream(fc.nat()), (all, objective, random) => {
      const shuffled = [...all].map((one) => ({ one, key: random.next().value! })).sort((a, b) => a.key - b.key).map(({ one }) => one);
      expect(choose(shuffled, objective, 'RealTime')).toBe(choose(all, objective, 'RealTime'));
    }));
  });

  test('a row that is worse in every metric changes nothing', () => {
    fc.assert(fc.property(rows, fc.constantFrom(...OBJECTIVES), (all, objective) => {
      const chosen = choose(all, objective, 'RealTime');
      fc.pre(chosen !== undefined);
      const worse = row('id-worse', { CostPerInference: 9, CostPerHour: 9, ModelLatency: 9, MaxInvocations: 0 });
      expect(choose([worse, ...all], objective, 'RealTime')).toBe(chosen);
    }));
  });
});
