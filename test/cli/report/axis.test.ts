import * as fc from 'fast-check';
import { axisOf, logAxis, tickText } from '../../../cli/src/report/axis';

const aValue = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
/** Anywhere, or all near to one. */
const someValues = fc.oneof(
  fc.array(aValue, { minLength: 1, maxLength: 12 }),
  fc.tuple(aValue, fc.array(fc.double({ min: 0, max: 0.01, noNaN: true }), { minLength: 1, maxLength: 12 }))
    .map(([one, shares]) => shares.map((share) => one * (1 + share))),
);

test('every value has room, and the ticks are few, in order and on the axis', () => {
  fc.assert(fc.property(someValues, fc.integer({ min: 3, max: 12 }), (values, most) => {
    const { domain: [least, greatest], ticks } = axisOf(values, most);
    expect(least).toBeLessThan(Math.min(...values));
    expect(greatest).toBeGreaterThan(Math.max(...values));
    expect(ticks.length).toBeLessThanOrEqual(most);
    for (const [at, tick] of ticks.entries()) {
      expect(tick).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      expect(tick).toBeLessThanOrEqual(greatest * (1 + 1e-9));
      if (at > 0) { expect(tick).toBeGreaterThan(ticks[at - 1]); }
    }
  }));
});

test('two ticks never have the same text', () => {
  fc.assert(fc.property(someValues, (values) => {
    const texts = axisOf(values.map((value) => Math.max(0.001, value)), 6).ticks.map(tickText);
    // A text has four digits.
    if (Math.max(...values) > Math.min(...values) * 1.01) { expect(new Set(texts).size).toBe(texts.length); }
  }));
});

test('what is near together is not pressed to one spot, and what is far apart is logarithmic', () => {
  expect(axisOf([100, 106], 6)).toMatchObject({ type: 'linear', domain: [99, 107] });
  expect(axisOf([20, 60], 5)).toMatchObject({ type: 'linear', ticks: [0, 20, 40, 60] });
  expect(axisOf([3, 30], 5)).toMatchObject({ type: 'linear', domain: [0, 34.5] });
  expect(axisOf([7, 1_000_000], 6)).toMatchObject({ type: 'log', ticks: [10, 100, 1000, 10_000, 100_000, 1_000_000] });
  expect(axisOf([5], 5)).toMatchObject({ type: 'linear', domain: [3.75, 6.25] });
  expect(axisOf([1e9, 1e9 + 1e-7], 5)).toMatchObject({ domain: [7.5e8, expect.closeTo(1.25e9, 3)] });
});

test('without a value there is an axis nevertheless', () => {
  expect(axisOf([NaN, 0, -1, Infinity], 5)).toEqual({ type: 'linear', domain: [0, 1], ticks: [0, 1] });
});

test('a logarithmic axis has round ticks: fewer of them where there is less room', () => {
  expect(logAxis(1, 100, 20).ticks).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  expect(logAxis(1, 100, 7).ticks).toEqual([1, 2, 5, 10, 20, 50, 100]);
  expect(logAxis(1, 100, 3).ticks).toEqual([1, 10, 100]);
  expect(logAxis(1, 1e6, 4).ticks).toEqual([1, 100, 10_000, 1_000_000]);
});

test('ticks are short', () => {
  expect([0.2025, 1500, 20_000, 1_500_000].map(tickText)).toEqual(['0.2025', '1,500', '20K', '1.5M']);
});
