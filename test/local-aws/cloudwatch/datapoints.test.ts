import fc from 'fast-check';
import { datum, measureOf, series } from '../../../local-aws/cloudwatch/datapoints';

const values = fc.array(fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 8 });
const each = (list: ReadonlyArray<readonly [number, number]>) => (
  list.flatMap(([value, count]) => Array.from({ length: count }, () => value)).sort((a, b) => a - b)
);

test('statistics are those of the single measurements', () => {
  fc.assert(fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 99 }), (data, percent) => {
    const [all, single] = [data.map((one) => datum(0, 'None', one)), each(data.flat())];
    const sum = single.reduce((total, value) => total + value, 0);
    expect(['SampleCount', 'Sum', 'Minimum', 'Maximum'].map((name) => measureOf(name)(all))).toEqual([single.length, sum, single[0], single.at(-1)]);
    expect(measureOf('Average')(all)).toBeCloseTo(sum / single.length);
    expect(measureOf(`p${percent}`)(all)).toBe(single[Math.max(0, Math.ceil(single.length * percent / 100 - 1e-9) - 1)]);
  }));
});

test('each period has a value of its own, and begins at a multiple of its length', () => {
  const times = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 30 });
  fc.assert(fc.property(times, fc.constantFrom(60, 300, 3600), (moments, period) => {
    const found = series(moments.map((at) => datum(at, 'Count', [[1, 1]])), period, 'Sum');
    expect([...found.values()].reduce((total, value) => total + value, 0)).toBe(moments.length);
    expect([...found.keys()]).toEqual([...new Set(moments.map((at) => at - at % (period * 1000)))].sort((a, b) => a - b));
  }));
});

test('statistics of which the values are unknown have no percentiles, unless all values are the same', () => {
  const set = { at: 0, unit: 'None', count: 3, sum: 6, min: 1, max: 3 };
  expect([measureOf('p90')([set]), measureOf('p90')([{ ...set, min: 2, max: 2 }]), measureOf('Average')([set])]).toEqual([undefined, 2, 2]);
  expect(series([set], 60, 'p90').size).toBe(0);
});

test.each(['tm99', 'median', 'p101', 'toString'])('the statistic %s is refused by name', (name) => {
  expect(() => measureOf(name)).toThrow(`The statistic ${name} is not part of the local AWS`);
});
