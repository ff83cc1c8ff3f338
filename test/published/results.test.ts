import { Figures, oracle, OBJECTIVES, Row } from './oracle';
import { published } from './results.json';
import { recommendationOf } from '../../lambda/jobs/inference-recommendations/recommendations';
import { criteriaOf } from '../../lambda/recommend/criteria';
import { rank } from '../../lambda/recommend/rank';
import { RecommendationProperties } from '../../src/contract/recommend';
import * as limits from '../../src/service/limits';
import { done } from '../harness/published';

const RESULTS = published as unknown as ReadonlyArray<{ readonly source: string; readonly recommendations: readonly Row[] }>;

/** Each limit as the oracle knows it: the figure that it is about, and whether a higher figure breaks it. */
const LIMITS: ReadonlyArray<readonly [name: string, figure: keyof Figures, bound: 'most' | 'least']> = [
  ['MaxModelLatency', 'ModelLatency', 'most'],
  ['MinInvocations', 'MaxInvocations', 'least'],
  ['MaxCostPerHour', 'CostPerHour', 'most'],
  ['MaxCostPerInference', 'CostPerInference', 'most'],
  ['MaxCpuUtilization', 'CpuUtilization', 'most'],
  ['MaxMemoryUtilization', 'MemoryUtilization', 'most'],
];

function chosen(rows: readonly Row[], Objective: string, more: Partial<RecommendationProperties> = {}): string | undefined {
  const criteria = criteriaOf({ SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: 'job', Objective, EndpointType: 'RealTime', ...more });
  return rank(rows.map((row) => recommendationOf(row as any, new Set())), criteria).ranked[0]?.recommendation.id;
}

test('there are enough results, of more than one kind, and the oracle knows all objectives and limits', () => {
  expect(new Set(RESULTS.map(({ source }) => source)).size).toBe(RESULTS.length);
  expect(RESULTS.length).toBeGreaterThanOrEqual(15);
  expect(Math.max(...RESULTS.map(({ recommendations }) => recommendations.length))).toBeGreaterThan(4);
  expect(LIMITS.map(([name]) => name).sort()).toEqual(Object.keys(limits.LIMITS).sort());
});

describe.each(RESULTS)('$source', ({ recommendations: rows }) => {
  /** Values on each figure of the rows, beside it, and beyond all of them. */
  const valuesOf = (figure: keyof Figures) => [...new Set(rows.flatMap(({ Metrics }) => Metrics[figure] ?? []))]
    .flatMap((value) => [value, value * 0.9, value * 1.1]);

  test.each(OBJECTIVES)('%s, without a limit and with each', (objective) => {
    expect(chosen(rows, objective)).toBe(oracle(rows, objective));
    for (const [name, figure, bound] of LIMITS) {
      for (const value of [...valuesOf(figure), 1e-12, 1e12]) {
        const ours = chosen(rows, objective, { Limits: { [name]: `${value}` } });
        expect([name, value, ours]).toEqual([name, value, oracle(rows, objective, [{ figure, bound, value }])]);
      }
    }
  });

  test('the function answers so, too', async () => {
    const job = await done(() => ({ durationSeconds: 60, recommendations: rows as any }));
    for (const Objective of OBJECTIVES) {
      const { Status, Data } = await job.create({ Objective, ParameterPath: undefined });
      // The service puts the job's name before the slash.
      expect([Objective, Status, Data?.RecommendationId?.split('/')[1]])
        .toEqual([Objective, oracle(rows, Objective) ? 'SUCCESS' : 'FAILED', oracle(rows, Objective)?.split('/')[1]]);
    }
  });

  test.each(OBJECTIVES)('%s, with two limits', (objective) => {
    for (const [first, second] of LIMITS.flatMap((one, index) => LIMITS.slice(index + 1).map((other) => [one, other]))) {
      for (const a of valuesOf(first[1]).slice(0, 9)) {
        for (const b of valuesOf(second[1]).slice(0, 9)) {
          const ours = chosen(rows, objective, { Limits: { [first[0]]: `${a}`, [second[0]]: `${b}` } });
          const bounds = [{ figure: first[1], bound: first[2], value: a }, { figure: second[1], bound: second[2], value: b }];
          const theirs = oracle(rows, objective, bounds);
          expect([first[0], a, second[0], b, ours]).toEqual([first[0], a, second[0], b, theirs]);
        }
      }
    }
  });
});
