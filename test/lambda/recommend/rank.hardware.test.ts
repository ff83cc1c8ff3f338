import fc from 'fast-check';
import { recommendationOf } from '../../../lambda/jobs/inference-recommendations/recommendations';
import { criteriaOf } from '../../../lambda/recommend/criteria';
import { rank } from '../../../lambda/recommend/rank';
import { ImageProperties, LimitProperties, RecommendationProperties } from '../../../src/contract/recommend';

const METRICS = { CostPerHour: 1, CostPerInference: 1e-5, MaxInvocations: 1000, ModelLatency: 10 };

function row(id: string, endpoint: object, metrics: object = {}, model: object = {}): any {
  return { RecommendationId: id, Metrics: { ...METRICS, ...metrics }, EndpointConfiguration: endpoint, ModelConfiguration: model };
}
const on = (InstanceType: string, metrics: object = {}, model: object = {}) => (
  row(InstanceType, { InstanceType, InitialInstanceCount: 1 }, metrics, model));
const serverless = (id: string, metrics: object = {}, MaxConcurrency: number | undefined = 1) => (
  row(id, { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency } }, metrics));

function choice(rows: any[], properties: Partial<RecommendationProperties>) {
  const { ranked, rejected } = rank(rows.map((one) => recommendationOf(one, new Set())), criteriaOf({
    SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: 'job', Objective: 'LowestCostPerHour', EndpointType: 'RealTime', ...properties,
  }));
  return {
    ids: ranked.map(({ recommendation }) => recommendation.id),
    first: ranked[0],
    reasons: Object.fromEntries(rejected.map(({ recommendation, reasons }) => [recommendation.id, reasons])),
  };
}
const load = (invocations: number, headroom = 0) => ({ InvocationsPerMinute: `${invocations}`, HeadroomPercent: `${headroom}` });

describe('what the hardware refuses', () => {
  test('a type with local storage is chosen, unless it is rejected by a limit: then the next is', () => {
    const rows = [on('ml.g5.xlarge', { CostPerHour: 0.5 }), on('ml.c5.xlarge'), on('ml.m5d.large', { CostPerHour: 0.1 })];
    expect(choice(rows, {}).ids).toEqual(['ml.m5d.large', 'ml.g5.xlarge', 'ml.c5.xlarge']);
    const { ids, reasons } = choice(rows, { Limits: { AllowLocalStorage: 'false' } });
    expect(ids).toEqual(['ml.c5.xlarge']);
    expect(reasons).toEqual({ 'ml.g5.xlarge': ['ml.g5.xlarge has local storage'], 'ml.m5d.large': ['ml.m5d.large has local storage'] });
  });

  test.each<[string, ImageProperties, string, string]>([
    ['x86', { Architecture: 'x86_64' }, 'ml.c7g.xlarge', 'ml.c7g.xlarge is arm64 and the image says x86_64'],
    ['Arm', { Architecture: 'arm64' }, 'ml.c5.xlarge', 'ml.c5.xlarge is x86_64 and the image says arm64'],
    ['CPUs', { Architecture: 'x86_64', Accelerator: 'cpu' }, 'ml.inf2.xlarge', 'ml.inf2.xlarge has Inferentia2, which needs AWS Neuron, and the image says cpu'],
    ['GPUs', { Accelerator: 'gpu' }, 'ml.trn1.2xlarge', 'ml.trn1.2xlarge has Trainium, which needs AWS Neuron, and the image says gpu'],
    ['Inferentia2', { Accelerator: 'neuronx' }, 'ml.inf1.xlarge', 'ml.inf1.xlarge has Inferentia and the image says neuronx'],
    ['Inferentia', { Accelerator: 'neuron' }, 'ml.c5.xlarge', 'ml.c5.xlarge has no Inferentia or Trainium and the image says neuron'],
  ])('an image for %s rejects the other types', (_what, image, type, reason) => {
    const { ids, reasons } = choice([on(type)], { Images: [image] });
    expect([ids, reasons]).toEqual([[], { [type]: [reason] }]);
  });

  test('the image is that of the row\'s specification, and a compiled model has another one', () => {
    const graviton = { InferenceSpecificationName: 'graviton' };
    const rows = [on('ml.c7g.xlarge', {}, graviton), on('ml.c6g.xlarge'), on('ml.m6g.large', {}, { CompilationJobName: 'neo' })];
    expect(choice(rows, { Images: [{ Architecture: 'x86_64' }, { ...graviton, Architecture: 'arm64' }] }).ids.sort()).toEqual(['ml.c7g.xlarge', 'ml.m6g.large']);
  });
});

describe('a serverless endpoint', () => {
  test('gets the concurrency that the load needs, since results are measured at 1', () => {
    const at = (invocations: number, rows: any[], headroom = 0) => (
      choice(rows, { EndpointType: 'Serverless', TargetLoad: load(invocations, headroom) }).first.concurrency);
    expect(at(50_000, [serverless('s')])).toBe(50);
    expect(at(50_001, [serverless('s')])).toBe(51);
    expect(at(50_000, [serverless('s')], 20)).toBe(60);
    expect(at(50_000, [serverless('s', { MaxInvocations: 5000 }, 5)])).toBe(50);
    expect(at(50_000, [serverless('s', {}, undefined)])).toBe(50);
    expect(at(1, [serverless('s')])).toBe(1);
  });

  test('keeps the benchmarked concurrency without a load', () => {
    expect(choice([serverless('s', {}, 5)], { EndpointType: 'Serverless' }).first.concurrency).toBe(5);
  });

  test.each<[string, number, LimitProperties, string]>([
    ['the service\'s maximum', 200_001, {}, 'the load needs a concurrency of 201 and at most 200 is allowed'],
    ['the account\'s quota', 50_000, { MaxServerlessConcurrency: '10' }, 'the load needs a concurrency of 50 and at most 10 is allowed'],
  ])('is rejected beyond %s, and the next is taken', (_what, invocations, limits, reason) => {
    const rows = [serverless('weak', { CostPerInference: 1e-6 }), serverless('strong', { MaxInvocations: 10_000 })];
    const { ids, reasons } = choice(rows, { EndpointType: 'Serverless', TargetLoad: load(invocations), Limits: limits });
    expect([ids, reasons]).toEqual([['strong'], { weak: [reason] }]);
  });

  test('a benchmarked concurrency beyond the quota is rejected, too', () => {
    expect(choice([serverless('s', {}, 20)], { EndpointType: 'Serverless', Limits: { MaxServerlessConcurrency: '10' } }).reasons)
      .toEqual({ s: ['it has a concurrency of 20 and at most 10 is allowed'] });
  });

  test('one whose throughput is not known is rejected at a load', () => {
    expect(choice([serverless('s', { MaxInvocations: undefined })], { EndpointType: 'Serverless', TargetLoad: load(10) }).reasons)
      .toEqual({ s: [expect.stringContaining('the concurrency that the load needs is not known')] });
  });
});

describe('both kinds', () => {
  const rows = [on('ml.c5.xlarge', { CostPerHour: 0.204, CostPerInference: 3.4e-6 }), serverless('s', { CostPerInference: 2e-5 })];

  test.each(['LowestCostPerHour', 'LowestCostPerInference'])('are compared by what the load costs: %s', (Objective) => {
    const at = (invocations: number) => choice(rows, { EndpointType: 'Any', Objective, TargetLoad: load(invocations) }).ids[0];
    // 60 × 100 × 2e-5 = 0.12 an hour, and 60 × 200 × 2e-5 = 0.24.
    expect([at(100), at(200), at(50_000)]).toEqual(['s', 'ml.c5.xlarge', 'ml.c5.xlarge']);
  });

  test('whatever the load: the winner costs least of all that can bear it', () => {
    const figures = fc.record({
      CostPerHour: fc.integer({ min: 1, max: 20 }),
      CostPerInference: fc.integer({ min: 1, max: 20 }).map((n) => n * 1e-6),
      MaxInvocations: fc.integer({ min: 1, max: 5000 }),
    });
    const all = fc.array(fc.tuple(figures, fc.boolean(), fc.integer({ min: 1, max: 10 })), { minLength: 1, maxLength: 8 });
    fc.assert(fc.property(all, fc.integer({ min: 0, max: 100_000 }), fc.constantFrom(0, 25), (given, invocations, headroom) => {
      const made = given.map(([metrics, isServerless, many], index) => (isServerless
        ? serverless(`id-${index}`, metrics, many) : row(`id-${index}`, { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: many }, metrics)));
      const { first } = choice(made, { EndpointType: 'Any', TargetLoad: load(invocations, headroom) });
      const wanted = invocations * (100 + headroom);
      const costs = given.flatMap(([{ CostPerHour, CostPerInference, MaxInvocations }, isServerless, many]) => {
        let times = 1;
        while (times * MaxInvocations * 100 < wanted * many) { times++; }
        if (isServerless) { return times <= 200 ? [CostPerInference * invocations * 60] : []; }
        return [CostPerHour * times / many];
      });
      if (costs.length === 0) { expect(first).toBeUndefined(); return; }
      expect(first.figures.CostPerHour).toBeCloseTo(Math.min(...costs), 9);
      if (first.concurrency !== undefined) { expect(first.concurrency).toBeLessThanOrEqual(200); }
    }), { numRuns: 500 });
  });
});
