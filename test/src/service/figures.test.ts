import fc from 'fast-check';
import { numberOf, shown, shownApart } from '../../../src/service/figures';
import { METRICS } from '../../../src/service/limits';
import { BENCHMARKED } from '../../../src/service/recommendation-kinds';

test.each([
  ['ModelLatency', 37.25999987125397, '37.26 (ms or µs)'],
  ['CostPerHour', 0.11500000208616257, '0.115 USD an hour'],
  ['CostPerHour', 0.2, '0.20 USD an hour'],
  ['CostPerHour', 1234.5678, '1,234.57 USD an hour'],
  ['CostPerInference', 5.5e-7, '0.55 USD per million requests'],
  ['CostPerInference', 1.23e-13, '0.000000123 USD per million requests'],
  ['MaxInvocations', 30_123, '30,120 requests a minute'],
  ['CpuUtilization', 199.99999, '200%'],
  ['MemoryUtilization', 0, '0%'],
] as const)('%s %d is %s', (metric, figure, expected) => {
  expect(shown(BENCHMARKED, metric, figure)).toBe(expected);
});

test('two figures that differ never look the same, and the greater one looks greater', () => {
  const figure = fc.float({ min: 0, noNaN: true, max: Math.fround(1e6) });
  fc.assert(fc.property(fc.constantFrom(...METRICS), figure, figure,
    (metric, a, b) => {
      fc.pre(a !== b);
      const [one, other] = shownApart(BENCHMARKED, metric, a, b);
      expect(one).not.toBe(other);
      const [first, second] = [one, other].map((text) => parseFloat(text.replace(/,/g, '')));
      expect(first < second).toBe(a < b);
      expect(one).toMatch(/^[\d.,]+(%| [A-Za-z ]+| \(ms or µs\))$/);
    }));
});

test('a column has the number as sentences have it, without the unit', () => {
  fc.assert(fc.property(fc.constantFrom(...METRICS), fc.float({ min: 0, noNaN: true, max: Math.fround(1e6) }), (metric, figure) => {
    expect(shown(BENCHMARKED, metric, figure)).toMatch(new RegExp(`^${numberOf(BENCHMARKED, metric, figure)}(?:%| \\D+)$`));
  }));
});
