import fc from 'fast-check';
import { recommendationOf } from '../../../lambda/jobs/inference-recommendations/recommendations';
import { criteriaOf } from '../../../lambda/recommend/criteria';
import { summaryOf, whyTooFew } from '../../../lambda/recommend/explanation';
import { poolsOf } from '../../../lambda/recommend/pools';
import { rank, RankedRecommendation } from '../../../lambda/recommend/rank';
import { RecommendationProperties } from '../../../src/contract/recommend';
import { BENCHMARKED } from '../../../src/service/recommendation-kinds';

interface Row { readonly type: string; readonly invocations: number; readonly cost: number; readonly count?: number }

const recommendations = (rows: readonly Row[]) => rows.map(({ type, invocations, cost, count = 1 }, index) => recommendationOf({
  RecommendationId: `job/${index}`,
  Metrics: { CostPerHour: cost, CostPerInference: cost / 60 / invocations, MaxInvocations: invocations, ModelLatency: 10 },
  EndpointConfiguration: { InstanceType: type as any, InitialInstanceCount: count, EndpointName: 'e', VariantName: 'v' },
  ModelConfiguration: {},
}, new Set()));

const criteriaWith = (InstancePools: number, more: Partial<RecommendationProperties> = {}) => criteriaOf({
  SchemaVersion: '1',
  Family: 'InferenceRecommendations',
  JobName: 'job',
  Objective: 'LowestCostPerInference',
  EndpointType: 'RealTime',
  InstancePools: String(InstancePools),
  ...more,
});
const LOAD = { TargetLoad: { InvocationsPerMinute: '1000', HeadroomPercent: '0' } };

function chosen(rows: readonly Row[], pools: number, more: Partial<RecommendationProperties> = {}) {
  const criteria = criteriaWith(pools, more);
  const found = poolsOf(rank(recommendations(rows), criteria).ranked, criteria);
  return found && {
    types: found.chosen.map(({ recommendation }) => recommendation.instanceType),
    counts: found.chosen.map(({ instanceCount }) => instanceCount),
    count: found.count,
  };
}

const A = { type: 'ml.c5.large', invocations: 500, cost: 0.1 };
const B = { type: 'ml.m5.large', invocations: 300, cost: 0.2 };
const C = { type: 'ml.c5.9xlarge', invocations: 4000, cost: 4 };

test('the best of each type, best first, each with its own count, and the largest count for all', () => {
  expect(chosen([C, B, { ...A, cost: 0.2 }, A], 3, LOAD)).toEqual({ types: [A.type, B.type, C.type], counts: [2, 4, 1], count: 4 });
  expect(chosen([C, B, A], 2)).toEqual({ types: [A.type, B.type], counts: [1, 1], count: 1 });
  expect(chosen([C, B, A], 1, LOAD)).toEqual({ types: [A.type], counts: [2], count: 2 });
});

test('the cost of a pool is that of the largest count', () => {
  const criteria = criteriaWith(2, LOAD);
  const { chosen: [first] } = poolsOf(rank(recommendations([A, B]), criteria).ranked, criteria)!;
  expect(first.figures.CostPerHour).toBeCloseTo(0.4, 10);
});

test('without a load, the cost of a pool is no less exact: it was benchmarked with another count', () => {
  const criteria = criteriaWith(2);
  const three = { type: 'ml.c5d.xlarge', invocations: 1113, cost: 0.69, count: 3 };
  const { chosen: found, count } = poolsOf(rank(recommendations([three, A]), criteria).ranked, criteria)!;
  expect([count, ...found.map(({ figures }) => Number(figures.CostPerHour.toFixed(6)))]).toEqual([3, 0.3, 0.69]);
});

test('a type whose count would make another too dear is passed over', () => {
  const weak = { type: 'ml.t3.large', invocations: 100, cost: 0.011 };
  // 10 instances of ml.c5.large would cost 1 an hour.
  expect(chosen([A, weak, B], 2, { ...LOAD, Limits: { MaxCostPerHour: '0.9' } })).toEqual({ types: [A.type, B.type], counts: [2, 4], count: 4 });
  expect(chosen([A, weak], 2, { ...LOAD, Limits: { MaxCostPerHour: '0.9' } })).toBeUndefined();
});

test('none, where there are too few types', () => {
  expect(chosen([A, A, B], 3)).toBeUndefined();
  expect(chosen([], 2)).toBeUndefined();
});

/** Another way to the same: all sets of recommendations in the order of their ranks, and the first one that is right. */
function firstRight(ranked: readonly RankedRecommendation[], wanted: number, most: number): readonly RankedRecommendation[] | undefined {
  const sets = ranked.reduce<Array<readonly number[]>>((found, _one, rankOf) => [...found, ...found.map((set) => [...set, rankOf])], [[]])
    .filter(({ length }) => length === wanted).sort((a, b) => a.map((one, index) => one - b[index]).find((difference) => difference !== 0) ?? 0);
  return sets.map((set) => set.map((one) => ranked[one])).find((set) => {
    const count = Math.max(...set.map(({ instanceCount }) => instanceCount!));
    return new Set(set.map(({ recommendation }) => recommendation.instanceType)).size === wanted && set.every(({ recommendation }) => (
      Math.fround(recommendation.figures.CostPerHour / recommendation.instanceCount * count) <= Math.fround(most)));
  });
}

test('of any recommendations, the first right set; and else a sentence whose remedies are right', () => {
  const row = fc.record({
    type: fc.constantFrom('ml.c5.large', 'ml.c5.xlarge', 'ml.m5.large', 'ml.g5.xlarge', 'ml.r5.large', 'ml.c6i.large'),
    invocations: fc.integer({ min: 1, max: 40 }).map((some) => some * 50),
    cost: fc.integer({ min: 1, max: 64 }).map((some) => some / 8),
    count: fc.constantFrom(1, 2, 4),
  });
  const wish = [fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 20 }), fc.boolean()] as const;
  fc.assert(fc.property(fc.array(row, { maxLength: 8 }), ...wish, (rows, wanted, most, hasLoad) => {
    const more = { Limits: { MaxCostPerHour: String(most) }, ...hasLoad ? LOAD : {} };
    const [criteria, all] = [criteriaWith(wanted, more), recommendations(rows)];
    const ranking = rank(all, criteria);
    const found = poolsOf(ranking.ranked, criteria);
    const expected = firstRight(ranking.ranked, wanted, most);
    expect(found?.chosen.map(({ recommendation }) => recommendation)).toEqual(expected?.map(({ recommendation }) => recommendation));
    if (found) {
      expect(found.count).toBe(Math.max(...found.chosen.map(({ instanceCount }) => instanceCount!)));
      return;
    }
    if (ranking.ranked.length === 0) { return; }
    const sentence = whyTooFew('job', ranking, criteria, all);
    const [, fewer] = /set `instancePools` to (\d)/.exec(sentence) ?? [];
    const right = (pools: number, limits = more.Limits) => {
      const by = criteriaWith(pools, { ...more, Limits: limits });
      return poolsOf(rank(all, by).ranked, by) !== undefined;
    };
    expect([right(Number(fewer ?? 1)), right(Number(fewer ?? 1) + 1)]).toEqual([true, false]);
    const [, dearer] = /set `limits\.maxCostPerHour` to ([\d.e+-]+?)\. /.exec(sentence) ?? [];
    if (dearer) { expect(right(wanted, { MaxCostPerHour: dearer })).toBe(true); }
  }), { numRuns: 500 });
});

test('says what is missing and what to do', () => {
  const criteria = criteriaWith(3, { Limits: { MaxCostPerHour: '1' } });
  const all = recommendations([A, B, C]);
  expect(whyTooFew('job', rank(all, criteria), criteria, all)).toBe('3 instance pools are wanted, and of job job only 2 instance types may be chosen: ml.c5.large × 1 (job/0), '
    + 'ml.m5.large × 1 (job/1). To mend it, set `instancePools` to 2, or let ml.c5.9xlarge × 1 (job/2) be chosen with `limits.maxCostPerHour` 4. '
    + 'The job has completed and is paid: the next deploy finds it and does not pay again.');
});

test('the summary names each pool', () => {
  const criteria = criteriaWith(2, LOAD);
  const ranking = rank(recommendations([A, B]), criteria);
  expect(summaryOf(BENCHMARKED, ranking, poolsOf(ranking.ranked, criteria)!)).toMatch(/^2 instance pools for 4 instances: ml\.c5\.large × 2 \(0\.40 USD an hour, .*\), then ml\.m5\.large × 4 \(0\.80 USD an hour, .*\); 0 rejected$/);
});
