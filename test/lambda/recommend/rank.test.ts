import { readFileSync } from 'fs';
import { join } from 'path';
import fc from 'fast-check';
import { recommendationOf } from '../../../lambda/jobs/inference-recommendations/recommendations';
import { Criteria, criteriaOf } from '../../../lambda/recommend/criteria';
import { nearest } from '../../../lambda/recommend/nearest';
import { rank, withLoad } from '../../../lambda/recommend/rank';
import { LimitProperties, RecommendationProperties } from '../../../src/contract/recommend';
import { shown } from '../../../src/service/figures';
import { LIMITS, METRICS } from '../../../src/service/limits';
import { BENCHMARKED } from '../../../src/service/recommendation-kinds';

const published = (file: string) => JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'local-aws', 'sagemaker', 'recorded', file), 'utf8'));
const compiled = published('default-job-with-compiled-model.json').InferenceRecommendations;
const plain = published('default-job.json').InferenceRecommendations;

const criteria = (overrides: Partial<RecommendationProperties> = {}) => criteriaOf({
  SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: 'job', Objective: 'LowestCostPerInference', EndpointType: 'RealTime', ...overrides,
});
const limited = (Limits: LimitProperties, rest = {}) => criteria({ Limits, ...rest });

function row(id: string, metrics: Record<string, number | undefined>, endpoint: Record<string, unknown> = {}, model = {}): any {
  return {
    RecommendationId: id,
    Metrics: metrics,
    EndpointConfiguration: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1, ...endpoint },
    ModelConfiguration: model,
  };
}
const SERVERLESS = { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } };

const ranked = (rows: any[], by: Criteria) => rank(rows.map((one) => recommendationOf(one, new Set())), by);
const ids = (rows: any[], by: Criteria) => ranked(rows, by).ranked.map(({ recommendation }) => recommendation.id);
const reasons = (rows: any[], by: Criteria) =>
  Object.fromEntries(ranked(rows, by).rejected.map(({ recommendation, reasons: found }) => [recommendation.id, found]));

describe('the published rows', () => {
  test.each<[string, any[], Criteria, string, number]>([
    ['lowest cost per inference is the compiled one', compiled, criteria(), 'ml.c5.xlarge', 1.6e-7],
    ['without compiled models and with latency at most 50', compiled, limited({ AllowCompiledModels: 'false', MaxModelLatency: '50' }), 'ml.c5.2xlarge', 2.11e-7],
    ['lowest latency', compiled, criteria({ Objective: 'LowestLatency' }), 'ml.c5.9xlarge', 9.15e-7],
    ['highest throughput', compiled, criteria({ Objective: 'HighestThroughput' }), 'ml.c5.9xlarge', 9.15e-7],
    ['lowest cost per inference', plain, criteria(), 'ml.c5d.large', 2.92620870823157e-6],
    ['lowest cost per hour', plain, criteria({ Objective: 'LowestCostPerHour' }), 'ml.c5d.large', 2.92620870823157e-6],
    ['lowest latency', plain, criteria({ Objective: 'LowestLatency' }), 'ml.c5.xlarge', 5.246913588052848e-6],
    ['latency at most 500000', plain, limited({ MaxModelLatency: '500000' }), 'ml.c5.xlarge', 5.246913588052848e-6],
  ])('%s', (_what, rows, by, instanceType, costPerInference) => {
    const [winner] = ranked(rows, by).ranked;
    expect(winner.recommendation.instanceType).toBe(instanceType);
    expect(winner.recommendation.attributes.CostPerInference).toBe(costPerInference);
  });

  test('the cheapest is the compiled model', () => {
    expect(ranked(compiled, criteria()).ranked[0].recommendation.attributes.CompilationJobName).toMatch(/^neo-/);
  });
});

describe('what may be chosen', () => {
  test('a metric that is NaN or missing never wins', () => {
    const rows = [row('a', { ModelLatency: NaN }), row('b', {}), row('c', { ModelLatency: 900 })];
    expect(ids(rows, criteria({ Objective: 'LowestLatency' }))).toEqual(['c']);
    expect(reasons(rows, criteria({ Objective: 'LowestLatency' }))).toEqual({ a: ['ModelLatency is not reported'], b: ['ModelLatency is not reported'] });
  });

  test('a row with a ServerlessConfig is serverless, whatever instance type stands beside it', () => {
    const rows = [row('serverless', { CostPerInference: 1 }, SERVERLESS), row('real-time', { CostPerInference: 2 })];
    expect(ids(rows, criteria())).toEqual(['real-time']);
    expect(ids(rows, criteria({ EndpointType: 'Serverless' }))).toEqual(['serverless']);
    // Its instance type is none, so a list of types says nothing of it.
    expect(ids(rows, limited({ AllowedInstanceTypes: ['ml.p5'] }, { EndpointType: 'Serverless' }))).toEqual(['serverless']);
  });

  test('no rows, no choice', () => {
    expect(ranked([], criteria())).toEqual({ ranked: [], rejected: [] });
  });

  test.each(Object.entries(LIMITS))('%s: a figure on it passes, one beyond it or not reported does not', (name, { metric, bound }) => {
    const beyond = bound === 'most' ? 11 : 9;
    const rows = [
      row('on', { CostPerInference: 3, [metric]: 10 }), row('beyond', { CostPerInference: 1, [metric]: beyond }),
      row('nan', { CostPerInference: 1, [metric]: NaN }), row('missing', { CostPerInference: 1, [metric]: undefined }),
    ];
    const by = limited({ [name]: '10' }, metric === 'CostPerInference' ? { Objective: 'HighestThroughput' } : {});
    if (metric === 'CostPerInference') { rows.forEach((one) => { one.Metrics.MaxInvocations = 1; }); }
    expect(ids(rows, by)).toEqual(['on']);
    expect(reasons(rows, by)).toEqual({
      beyond: [`${metric} ${shown(BENCHMARKED, metric, beyond)} must be at ${bound} ${shown(BENCHMARKED, metric, 10)}`],
      nan: [`${metric} is not reported and must be at ${bound} ${shown(BENCHMARKED, metric, 10)}`],
      missing: [`${metric} is not reported and must be at ${bound} ${shown(BENCHMARKED, metric, 10)}`],
    });
  });

  test('a limit that is the list price is kept by a row of that price, which comes as a float of 32 bits', () => {
    const rows = [row('a', { CostPerHour: 0.11500000208616257, CostPerInference: 1 }), row('b', { CostPerHour: 0.1151, CostPerInference: 1 })];
    expect(ids(rows, limited({ MaxCostPerHour: '0.115' }))).toEqual(['a']);
    const three = [row('three', { CostPerHour: 0.23, MaxInvocations: 100, CostPerInference: 1 })];
    expect(ids(three, limited({ MaxCostPerHour: '0.69' }, { TargetLoad: { InvocationsPerMinute: '300', HeadroomPercent: '0' } }))).toEqual(['three']);
  });

  test('a figure without an end is not known', () => {
    const rows = ['b', 'a'].map((id) => row(id, { CostPerInference: Infinity, ModelLatency: 1 }));
    expect(reasons(rows, criteria())).toEqual({ a: ['CostPerInference is not reported'], b: ['CostPerInference is not reported'] });
    expect(ids([row('c', { CostPerInference: 1, MaxInvocations: Infinity }), row('d', { CostPerInference: 1, MaxInvocations: 5 })], criteria())).toEqual(['d', 'c']);
  });

  const types = ['ml.c5.xlarge', 'ml.c5d.xlarge', 'ml.m5.large'].map((InstanceType) => row(InstanceType, { CostPerInference: 1 }, { InstanceType }));
  test.each<[string, LimitProperties, string[]]>([
    ['an allowed type', { AllowedInstanceTypes: ['ml.m5.large'] }, ['ml.m5.large']],
    ['an allowed family, and not the one that its name begins', { AllowedInstanceTypes: ['ml.c5'] }, ['ml.c5.xlarge']],
    ['a type and a family', { AllowedInstanceTypes: ['ml.c5', 'ml.m5.large'] }, ['ml.c5.xlarge', 'ml.m5.large']],
    ['a refused type', { RefusedInstanceTypes: ['ml.c5.xlarge'] }, ['ml.c5d.xlarge', 'ml.m5.large']],
    ['a refused family', { RefusedInstanceTypes: ['ml.c5', 'ml.c5d'] }, ['ml.m5.large']],
    ['refused beats allowed', { AllowedInstanceTypes: ['ml.c5'], RefusedInstanceTypes: ['ml.c5.xlarge'] }, []],
  ])('%s', (_what, limits, expected) => {
    expect(ids(types, limited(limits))).toEqual(expected);
  });

  test('a pin takes one row or the best of a type, within the limits', () => {
    const rows = [row('a', { CostPerInference: 1 }), row('b', { CostPerInference: 2 }), row('c', { CostPerInference: 3 }, { InstanceType: 'ml.m5.large' })];
    expect(ids(rows, criteria({ Pin: { RecommendationId: 'b' } }))).toEqual(['b']);
    expect(ids(rows, criteria({ Pin: { InstanceType: 'ml.m5.large' } }))).toEqual(['c']);
    expect(ids(rows, limited({ MaxCostPerInference: '1' }, { Pin: { RecommendationId: 'b' } }))).toEqual([]);
  });

  test('each rejected row says every reason', () => {
    expect(reasons([row('a', { CostPerInference: 5 }, {}, { CompilationJobName: 'neo' })], limited({ MaxCostPerInference: '1', AllowCompiledModels: 'false' })))
      .toEqual({ a: ['it is a compiled model', 'CostPerInference 5,000,000.00 USD per million requests must be at most 1,000,000.00 USD per million requests'] });
  });

  test.each([
    ['Objective', { Objective: 'Prettiest' }],
    ['EndpointType', { EndpointType: 'Batch' }],
    ['MaxModelLatency', { Limits: { MaxModelLatency: 'fast' } }],
    ['MaxCostPerHour', { Limits: { MaxCostPerHour: '' } }],
    ['TargetLoad.InvocationsPerMinute', { TargetLoad: { InvocationsPerMinute: '-1', HeadroomPercent: '0' } }],
  ])('a wrong %s is refused by name', (name, overrides) => {
    expect(() => criteria(overrides as any)).toThrow(new RegExp(`^${name} must be .*got: '`));
  });
});

describe('ties', () => {
  test('are broken by cost per inference, latency, throughput, cost per hour, CPU, memory, then the id', () => {
    const base = { CostPerInference: 2, ModelLatency: 2, MaxInvocations: 2, CostPerHour: 2, CpuUtilization: 2, MemoryUtilization: 2 };
    const order = [
      row('z1', { ...base, CostPerInference: 1 }), row('z2', { ...base, ModelLatency: 1 }), row('z3', { ...base, MaxInvocations: 3 }),
      row('z4', { ...base, CostPerHour: 1 }), row('z5', { ...base, CpuUtilization: 1 }), row('z6', { ...base, MemoryUtilization: 1 }),
      row('a', base), row('b', base),
    ];
    expect(ids([...order].reverse(), criteria())).toEqual(order.map(({ RecommendationId }) => RecommendationId));
  });

  test('are broken the same way between rows without an id', () => {
    const rows = ['ml.m5.large', 'ml.c5.xlarge'].map((InstanceType) => ({ ...row('', { CostPerInference: 1 }, { InstanceType }), RecommendationId: undefined }));
    const winner = (all: any[]) => ranked(all, criteria()).ranked[0].recommendation.instanceType;
    expect(winner(rows)).toBe(winner([...rows].reverse()));
  });
});

describe('a target load', () => {
  const load = (invocations: number, headroom = 0, rest = {}) =>
    criteria({ TargetLoad: { InvocationsPerMinute: `${invocations}`, HeadroomPercent: `${headroom}` }, Objective: 'LowestCostPerHour', ...rest });

  test('takes as many instances as the load and its headroom need, at their cost', () => {
    // As published: 0.69 for 3 instances of 0.23.
    const three = row('three', { CostPerHour: 0.69, MaxInvocations: 300, CostPerInference: 1 }, { InitialInstanceCount: 3 });
    const [one] = ranked([three], load(100)).ranked;
    expect([one.instanceCount, one.figures.CostPerHour]).toEqual([1, expect.closeTo(0.23)]);
    const [more] = ranked([three], load(1000, 20)).ranked;
    expect([more.instanceCount, more.figures.CostPerHour, more.figures.MaxInvocations]).toEqual([12, expect.closeTo(2.76), 300]);
    expect(ranked([three], load(0)).ranked[0].instanceCount).toBe(1);
  });

  test('chooses by the cost of the fleet: many small ones or one large one, as the load wants it', () => {
    const rows = [
      row('small', { CostPerHour: 0.1, MaxInvocations: 100, CostPerInference: 1.7e-5 }),
      row('large', { CostPerHour: 1, MaxInvocations: 2000, CostPerInference: 0.8e-5 }),
    ];
    expect(ids(rows, load(300))).toEqual(['small', 'large']);
    expect(ids(rows, load(1500))).toEqual(['large', 'small']);
  });

  test('counts in limits, too', () => {
    const rows = [row('a', { CostPerHour: 1, MaxInvocations: 100, CostPerInference: 1 })];
    expect(reasons(rows, load(1000, 0, { Limits: { MaxCostPerHour: '9' } }))).toEqual({ a: ['CostPerHour 10.00 USD an hour must be at most 9.00 USD an hour'] });
    expect(ids(rows, load(1000, 0, { Limits: { MinInvocations: '101' } }))).toEqual([]);
  });

  test('a row that does not report its invocations is rejected, not given any number of instances', () => {
    expect(reasons([row('a', { CostPerHour: 1 }), row('b', { CostPerHour: 1, MaxInvocations: 0 })], load(10))).toEqual({
      a: expect.arrayContaining([expect.stringContaining('MaxInvocations is not reported')]),
      b: expect.arrayContaining([expect.stringContaining('MaxInvocations is 0, so')]),
    });
  });

  test('a serverless row is paid by the request', () => {
    const [only] = ranked([row('s', { CostPerInference: 1e-5, MaxInvocations: 60 }, SERVERLESS)], load(100, 50, { EndpointType: 'Serverless' })).ranked;
    expect([only.instanceCount, only.figures.CostPerHour]).toEqual([undefined, expect.closeTo(0.06)]);
  });
});

test('a row that cannot be deployed is never chosen, however good it is, and no change of the options lets it', () => {
  const [best, other] = [row('best', { CostPerInference: 1 }), row('other', { CostPerInference: 2 })].map((one) => recommendationOf(one, new Set()));
  const flaw = 'the job has registered no model package for it';
  const { ranked: kept, rejected } = rank([{ ...best, flaw }, other], criteria());
  expect([kept.map(({ recommendation: { id } }) => id), rejected.map(({ reasons: why }) => why)]).toEqual([['other'], [[flaw]]]);
  expect(nearest([{ ...best, flaw }], criteria())).toBeUndefined();
});

describe('whatever the rows', () => {
  const figure = fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 1, max: 5 }) },
    { weight: 1, arbitrary: fc.constant(NaN) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  const metrics = fc.record(Object.fromEntries(METRICS.map((metric) => [metric, figure])));
  const endpoint = fc.record({
    InstanceType: fc.constantFrom('ml.c5.xlarge', 'ml.c5d.large', 'ml.m5.large'), InitialInstanceCount: fc.integer({ min: 1, max: 3 }),
  }).chain((instances) => fc.constantFrom<Record<string, unknown>>(instances, instances, { ...instances, ...SERVERLESS }));
  const rows = fc.array(fc.tuple(metrics, endpoint, fc.boolean()), { maxLength: 10 }).map((all) => all.map(
    ([figures, at, isCompiled], index) => row(`id-${index}`, figures, at, isCompiled ? { CompilationJobName: 'neo' } : {})));
  // Most rows keep a limit or two, few keep six.
  const bound = fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }).map(String) });
  const anyCriteria = fc.record({
    Objective: fc.constantFrom(...Object.keys(BENCHMARKED.objectives)),
    EndpointType: fc.constantFrom('RealTime', 'RealTime', 'Serverless'),
    Limits: fc.record({
      ...Object.fromEntries(Object.keys(LIMITS).map((name) => [name, bound])),
      AllowCompiledModels: fc.constantFrom('true', 'false'),
      AllowedInstanceTypes: fc.constantFrom(undefined, ['ml.c5'], ['ml.c5', 'ml.m5.large']),
      RefusedInstanceTypes: fc.constantFrom(undefined, ['ml.c5d']),
    }),
    TargetLoad: fc.option(fc.record({ InvocationsPerMinute: fc.constantFrom('0', '7', '100'), HeadroomPercent: fc.constantFrom('0', '33') }), { nil: undefined }),
    Pin: fc.constantFrom(undefined, undefined, undefined, { InstanceType: 'ml.c5.xlarge' }, { RecommendationId: 'id-3' }),
  }).map((given) => ({ given, by: criteria(given as any) }));
  const runs = { numRuns: 2000, seed: 7 };

  test('no choice breaks a limit', () => {
    let chosen = 0;
    fc.assert(fc.property(rows, anyCriteria, (all, { given, by }) => {
      const [winner] = ranked(all, by).ranked;
      if (!winner) { return; }
      chosen++;
      const figures: Record<string, number> = winner.figures;
      for (const [name, { metric, bound: side }] of Object.entries(LIMITS)) {
        const limit = given.Limits[name as keyof typeof given.Limits] as string | undefined;
        if (limit !== undefined) { expect(side === 'most' ? figures[metric] <= Number(limit) : figures[metric] >= Number(limit)).toBe(true); }
      }
      const { instanceType: InstanceType, serverlessConfig: ServerlessConfig } = winner.recommendation;
      expect(ServerlessConfig !== undefined).toBe(given.EndpointType === 'Serverless');
      if (given.Limits.AllowCompiledModels === 'false') { expect(winner.recommendation.attributes.CompilationJobName).toBeUndefined(); }
      if (ServerlessConfig) { return; }
      if (given.Limits.RefusedInstanceTypes) { expect(InstanceType).not.toBe('ml.c5d.large'); }
      if (given.Limits.AllowedInstanceTypes) { expect(['ml.c5.xlarge', 'ml.m5.large']).toContain(InstanceType); }
      if (given.TargetLoad) {
        const wanted = Number(given.TargetLoad.InvocationsPerMinute) * (1 + Number(given.TargetLoad.HeadroomPercent) / 100);
        const ofOne = figures.MaxInvocations / winner.recommendation.instanceCount;
        expect(ofOne * winner.instanceCount!).toBeGreaterThanOrEqual(wanted - 1e-9);
      }
    }), runs);
    expect(chosen).toBeGreaterThan(100);
  });

  test('the order of the rows never counts', () => {
    fc.assert(fc.property(rows, anyCriteria, fc.infiniteStream(fc.nat()), (all, { by }, random) => {
      const shuffled = [...all].map((one) => ({ one, key: random.next().value! })).sort((a, b) => a.key - b.key).map(({ one }) => one);
      expect(ranked(shuffled, by)).toEqual(ranked(all, by));
    }), runs);
  });

  test('a row that another dominates changes nothing', () => {
    const worse = fc.record({ metric: fc.constantFrom(...METRICS), by: fc.integer({ min: 1, max: 3 }), id: fc.constantFrom('id--first', 'id-~last') });
    let added = 0;
    fc.assert(fc.property(rows, anyCriteria, worse, (all, { by }, { metric, by: amount, id }) => {
      const [winner] = ranked(all, by).ranked;
      const of = all.find(({ RecommendationId }: any) => RecommendationId === winner?.recommendation.id);
      const figures: Record<string, number | undefined> = { ...of?.Metrics };
      if (!winner || !Number.isFinite(figures[metric] ?? NaN)) { return; }
      // At a target load, a serverless row's own cost per hour does not count.
      if (metric === 'CostPerHour' && winner.recommendation.serverlessConfig && by.load) { return; }
      const dominated = { ...of, RecommendationId: id, Metrics: { ...figures, [metric]: figures[metric]! + (metric === 'MaxInvocations' ? -amount : amount) } };
      added++;
      expect(ranked([dominated as any, ...all], by).ranked[0].recommendation.id).toBe(winner.recommendation.id);
    }), runs);
    expect(added).toBeGreaterThan(100);
  });
});

test('a row without an instance count is benchmarked on one', () => {
  expect(withLoad(recommendationOf(row('a', { MaxInvocations: 10 }, { InitialInstanceCount: undefined }), new Set()), { kind: BENCHMARKED }).instanceCount).toBe(1);
});
