import fc from 'fast-check';
import { shown, shownApart } from '../../../lambda/recommend/figures';
import { METRICS } from '../../../src/service/limits';

test.each([
  ['ModelLatency', 37.25999987125397, '37.26 (ms or µs)'],
  ['CostPerHour', 0.11500000208616257, '0.115 USD an hour'],
  ['CostPerInference', 5.5e-7, '0.00000055 USD a request'],
  ['MaxInvocations', 30_123, '30120 requests a minute'],
  ['CpuUtilization', 199.99999, '200%'],
  ['MemoryUtilization', 0, '0%'],
] as const)('%s %d is %s', (metric, figure, expected) => {
  expect(shown(metric, figure)).toBe(expected);
});

test('two figures that differ never look the same, and the greater one looks greater', () => {
  const figure = fc.float({ min: 0, noNaN: true, max: Math.fround(1e6) });
  fc.assert(fc.property(fc.constantFrom(...METRICS), figure, figure,
    (metric, a, b) => {
      fc.pre(a !== b);
      const [one, other] = shownApart(metric, a, b);
      expect(one).not.toBe(other);
      expect(parseFloat(one) < parseFloat(other)).toBe(a < b);
      expect(one).toMatch(/^[\d.]+(%| [A-Za-z ]+| \(ms or µs\))$/);
    }));
});
