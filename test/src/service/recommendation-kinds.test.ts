import { BENCHMARKED, figureOf, formOf, GENERATIVE, INSTANT, metricText, RecommendationKind } from '../../../src/service/recommendation-kinds';

const KINDS: Array<[string, RecommendationKind]> = [['benchmarked', BENCHMARKED], ['generative', GENERATIVE], ['instant', INSTANT]];

describe.each(KINDS)('the %s kind', (_name, kind) => {
  test('each objective, limit, told figure and load is of a metric of the kind', () => {
    const limited = Object.values(kind.limits).map(({ metric }) => metric);
    const named = [...Object.values(kind.objectives), ...limited, ...kind.told, ...kind.load ? [kind.load.metric] : []];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((metric) => !Object.hasOwn(kind.metrics, metric))).toEqual([]);
  });

  test('the name of an objective says which way its metric is better', () => {
    for (const [objective, metric] of Object.entries(kind.objectives)) {
      expect(/^Highest/.test(objective) ? -1 : 1).toBe(formOf(kind, metric).sign);
    }
  });

  test('a limit is at most if less is better', () => {
    for (const { metric, bound } of Object.values(kind.limits)) { expect(bound).toBe(formOf(kind, metric).sign === 1 ? 'most' : 'least'); }
  });

  test('units tell all figures apart', () => {
    const units = Object.keys(kind.metrics).map((metric) => formOf(kind, metric).unit).filter((unit) => unit !== '%');
    expect(new Set(units).size).toBe(units.length);
  });
});

test('a figure with a statistic is read as its metric, and one that is not there is unknown', () => {
  expect(formOf(GENERATIVE, 'TimeToFirstToken.p99')).toEqual(GENERATIVE.metrics.TimeToFirstToken);
  expect(metricText('TimeToFirstToken.p99')).toBe('TimeToFirstToken p99');
  expect([figureOf({ 'TimeToFirstToken.p99': 3 }, 'TimeToFirstToken.p99'), figureOf({}, 'CostPerHour')]).toEqual([3, NaN]);
});
