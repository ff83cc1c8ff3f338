import * as fc from 'fast-check';
import { Difference, differenceOf, inWords, isBeyond, ordered, OUTCOMES, percentText, valueText } from '../../../cli/src/compare/difference';
import { FIGURE_COLUMNS } from '../../../cli/src/subject/figures';

const column = fc.constantFrom(...FIGURE_COLUMNS);
const figure = fc.oneof({ weight: 8, arbitrary: fc.double({ min: 0, max: 1e9, noNaN: true }) }, fc.constantFrom(NaN, 0, 1, 2, 1000, 1e6));
const within = fc.constantFrom(0, 0.1, 1, 5, 50);
const by = (key: string) => FIGURE_COLUMNS.find((one) => one.key === key)!;

test.each<[string, string, number, number, string, string]>([
  ['a lower cost', 'costPerMillionUsd', 100, 86, 'better', '-14%'],
  ['a higher latency', 'modelLatency', 100, 103, 'worse', '+3%'],
  ['a higher throughput', 'invocationsPerMinute', 100, 250, 'better', '+150%'],
  ['a lower throughput', 'invocationsPerMinute', 1000, 999.9, 'equal', '<0.1%'],
  ['a difference of the threshold', 'costPerHourUsd', 99, 100, 'equal', '+1%'],
  ['one beyond it', 'costPerHourUsd', 98.9, 100, 'worse', '+1.1%'],
  ['the same', 'cpuPercent', 42, 42, 'equal', '0%'],
  ['nothing before', 'costPerHourUsd', 0, 1, 'worse', 'from 0'],
  ['nothing on both sides', 'costPerHourUsd', 0, 0, 'equal', '0%'],
  ['a figure that was not reported', 'memoryPercent', NaN, 42, 'unknown', ''],
  ['one that is not reported any more', 'memoryPercent', 42, NaN, 'unknown', ''],
  ['a latency in ms and one in µs', 'modelLatency', 264, 263_596, 'units', '+99,700%'],
  ['a latency in µs and one in ms', 'modelLatency', 263_596, 264, 'units', '-99.9%'],
  ['nearly nothing left', 'costPerHourUsd', 3000, 1, 'better', '-99.9%'],
  ['nothing left', 'costPerHourUsd', 3000, 0, 'better', '-100%'],
  ['a cost that is a thousand times higher', 'costPerHourUsd', 1, 1000, 'worse', '+99,900%'],
  ['latencies of two published results of one type', 'modelLatency', 263_596, 92, 'units', '-99.9%'],
  ['a latency that is 150 times higher', 'modelLatency', 1, 150, 'worse', '+14,900%'],
  ['a latency that is 6,000 times higher', 'modelLatency', 1, 6000, 'worse', '+600,000%'],
])('%s', (_what, key, before, after, outcome, percent) => {
  const found = differenceOf(by(key), 'ml.c5.xlarge × 1', before, after, 1);
  expect([found.outcome, percentText(found.percent)]).toEqual([outcome, percent]);
});

test('a figure is equal to itself, and no unknown one is', () => {
  fc.assert(fc.property(column, figure, within, (one, value, equalWithin) => {
    expect(differenceOf(one, 'e', value, value, equalWithin).outcome).toBe(Number.isNaN(value) ? 'unknown' : 'equal');
  }));
});

const MIRRORED: Readonly<Record<string, string>> = { better: 'worse', worse: 'better' };

test('the other way round, better is worse, and all else is as it was', () => {
  fc.assert(fc.property(column, figure, figure, within, (one, before, after, equalWithin) => {
    const [there, back] = [differenceOf(one, 'e', before, after, equalWithin), differenceOf(one, 'e', after, before, equalWithin)];
    expect(back.outcome).toBe(MIRRORED[there.outcome] ?? there.outcome);
    expect([back.before, back.after]).toEqual([after, before]);
  }));
});

test('the unit of both figures does not count', () => {
  // A power of two scales without rounding.
  const scale = fc.integer({ min: -20, max: 20 }).map((exponent) => 2 ** exponent);
  fc.assert(fc.property(column, figure, figure, within, scale, (one, before, after, equalWithin, factor) => {
    fc.pre([before, after].every((value) => value === 0 || !(value < 1e-300)));
    const [plain, scaled] = [differenceOf(one, 'e', before, after, equalWithin), differenceOf(one, 'e', before * factor, after * factor, equalWithin)];
    expect([scaled.outcome, scaled.percent]).toEqual([plain.outcome, plain.percent]);
  }));
});

test('a wider threshold makes nothing better or worse that was equal', () => {
  fc.assert(fc.property(column, figure, figure, (one, before, after) => {
    const outcomes = [0, 1, 5, 50, 100].map((equalWithin) => differenceOf(one, 'e', before, after, equalWithin).outcome);
    const first = outcomes.indexOf('equal');
    expect(first < 0 || outcomes.slice(first).every((outcome) => outcome === 'equal')).toBe(true);
    expect(new Set(outcomes.filter((outcome) => outcome !== 'equal')).size).toBeLessThanOrEqual(1);
  }));
});

const difference = fc.record({ column, endpoint: fc.constantFrom('a', 'b', 'c'), before: figure, after: figure })
  .map(({ column: one, endpoint, before, after }) => differenceOf(one, endpoint, before, after, 1));
/** No endpoint has a metric twice. */
const differences = fc.uniqueArray(difference, { selector: ({ endpoint, key }) => `${endpoint} ${key}`, maxLength: 18 });

test('the order is total: it does not depend on the order that was given', () => {
  const shuffled = differences.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })));
  fc.assert(fc.property(shuffled, ([all, others]) => {
    expect(ordered(others)).toEqual(ordered(all));
  }));
});

test('regressions come first, the worst of them first, and what is unknown last', () => {
  fc.assert(fc.property(differences, (all) => {
    const places = ordered(all);
    const ranks = places.map(({ outcome }) => OUTCOMES.indexOf(outcome));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    const sizes = places.filter(({ outcome }) => outcome === 'worse').map(({ percent }) => Math.abs(percent));
    expect(sizes).toEqual([...sizes].sort((a, b) => (a === b ? 0 : b - a)));
    expect(places).toHaveLength(all.length);
  }));
});

test('a threshold is broken by what is worse and beyond it, and by nothing else', () => {
  fc.assert(fc.property(difference, fc.double({ min: 0, max: 1000, noNaN: true }), (one, threshold) => {
    expect(isBeyond(one, threshold)).toBe(one.outcome === 'worse' && Math.abs(one.percent) > threshold);
    expect(isBeyond(one, threshold)).toBe(one.outcome === 'worse' && !(Math.abs(one.percent) <= threshold));
  }));
  expect([9.99, 10, 10.01].map((percent) => isBeyond({ ...differenceOf(by('modelLatency'), 'e', 100, 110, 1), percent }, 10))).toEqual([false, false, true]);
});

test('words say what is better and worse, and what cannot be said', () => {
  const of = (key: string, before: number, after: number): Difference => differenceOf(by(key), 'e', before, after, 1);
  expect(inWords([of('costPerMillionUsd', 100, 86), of('modelLatency', 100, 103)], 1)).toBe('14% cheaper per million, 3% slower');
  expect(inWords([of('costPerHourUsd', 1, 2), of('invocationsPerMinute', 100, 50)], 1)).toBe('100% dearer an hour, 50% fewer requests a minute');
  expect(inWords([of('costPerHourUsd', 1, 1)], 1)).toBe('its figures are equal within 1%');
  expect(inWords([of('costPerHourUsd', NaN, 1)], 1)).toBe('no figure can be compared');
  expect(inWords([], 1)).toBe('no figure can be compared');
  expect(inWords([of('modelLatency', 1, 1000)], 1)).toBe('latencies that probably have different units');
  expect(inWords([of('costPerHourUsd', 0, 1)], 1)).toBe('dearer an hour than 0');
});

test('figures are shown in the unit of their column', () => {
  expect([valueText(by('costPerMillionUsd'), 0.46304), valueText(by('invocationsPerMinute'), 7344), valueText(by('modelLatency'), NaN)]).toEqual(['0.463', '7,344', '–']);
});
