import fc from 'fast-check';
import { Series } from '../../../local-aws/cloudwatch/datapoints';
import { evaluated, idsIn, Surroundings, Value } from '../../../local-aws/cloudwatch/expression';

const MOMENTS = [0, 60_000, 120_000];
const over = (...values: Array<number | undefined>): Series => (
  new Map(values.flatMap((value, index) => (value === undefined ? [] : [[MOMENTS[index], value] as const])))
);
const GIVEN: Readonly<Record<string, Series>> = { m1: over(10, 20, 30), m2: over(2, 0, 3), gap: over(1, undefined, 5) };

const around: Surroundings = {
  valueOf: (id) => GIVEN[id],
  periodOf: (id) => (id in GIVEN ? 60 : undefined),
  metrics: () => Object.entries(GIVEN).map(([id, series]) => ({ id, series })),
  momentsOf: () => MOMENTS,
};

function shown(value: Value): unknown {
  return typeof value === 'number' ? value : value instanceof Map ? Object.fromEntries(value) : (value as readonly Series[]).map((one) => Object.fromEntries(one));
}

const points = (...values: Array<number | undefined>) => Object.fromEntries(over(...values));

test.each<[string, unknown]>([
  ['m1*1000', points(10_000, 20_000, 30_000)],
  ['m1 / m2', points(5, undefined, 10)],
  ['(m1+m2)*2', points(24, 40, 66)],
  ['-m1 + 1', points(-9, -19, -29)],
  ['m1 - m2 - 1', points(7, 19, 26)],
  ['2 ^ 3 * m2', points(16, 0, 24)],
  ['gap + m1', points(11, undefined, 35)],
  ['FILL(gap, 0)', points(1, 0, 5)],
  ['FILL(METRICS(), 0)', [points(10, 20, 30), points(2, 0, 3), points(1, 0, 5)]],
  ['FILL([m1, METRICS("gap") * 2], 7)', [points(10, 20, 30), points(2, 7, 10)]],
  ['SUM(FILL(METRICS(), 100))', points(13, 120, 38)],
  ['IF(m1 > 15, m1, 0)', points(0, 20, 30)],
  ['IF(m2 == 0 || m1 < 15, 1, 0)', points(1, 1, 0)],
  ['SUM(METRICS("m"))', points(12, 20, 33)],
  ['SUM([m1, gap])', points(11, 20, 35)],
  ['MAX(METRICS())', points(10, 20, 30)],
  ['m1 / AVG(m1)', points(0.5, 1, 1.5)],
  ['m1 / PERIOD(m1)', points(10 / 60, 20 / 60, 30 / 60)],
  ['CEIL(m1 / 3)', points(4, 7, 10)],
  ['METRICS("gap") * 2', [points(2, undefined, 10)]],
  ['1.5e1 + 0 * 2', 15],
])('%s', (expression, expected) => {
  expect(shown(evaluated(expression, around))).toEqual(expected);
});

test.each<[string, string]>([
  ['m1 +', "Error in expression 'm1 +': it ends too early."],
  ['m1 m2', "Error in expression 'm1 m2': 'm2' is unexpected."],
  ['m1 # 2', "Error in expression 'm1 # 2': '#' is unexpected."],
  ['m3', "Error in expression 'm3': there is no query m3."],
  ['SUM(2)', 'SUM takes a time series'],
  ['ABS(m1, m2)', 'ABS takes 1 parameters, and got 2'],
  ['"m1"', "'m1' is a text"],
  ['FILL(2, 0)', 'FILL takes a time series'],
  ['SEARCH("x", "Sum", 60)', 'The function SEARCH of the expression SEARCH("x", "Sum", 60) is not part of the local AWS: it has SUM'],
  ['FILL(m1, REPEAT)', 'FILL of the expression FILL(m1, REPEAT) with anything but a number is not part of the local AWS'],
])('%s is refused', (expression, message) => {
  expect(() => evaluated(expression, around)).toThrow(message);
});

test('the ids that an expression reads', () => {
  expect(idsIn('IF(a > 1, SUM([b, c]), d) / 2')).toEqual(['a', 'b', 'c', 'd']);
});

test('arithmetic is JavaScript\'s own', () => {
  const operand = fc.oneof(fc.integer({ min: 1, max: 99 }).map(String), fc.constantFrom('a', 'b'));
  const tree: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof({ maxDepth: 4 }, operand, fc.oneof(
      fc.tuple(tie('node'), fc.constantFrom('+', '-', '*'), tie('node')),
      // No divisor is 0: a moment without a result has none in the whole, and JavaScript goes on with Infinity.
      fc.tuple(tie('node'), fc.constant('/'), operand),
    ).map(([left, sign, right]) => `(${left} ${sign} ${right})`)),
  })).node;
  const flat = fc.array(fc.tuple(operand, fc.constantFrom('+', '-', '*', '/')), { minLength: 1, maxLength: 6 }).map((parts) => `${parts.map(([one, sign]) => `${one} ${sign} `).join('')}a`);
  fc.assert(fc.property(fc.oneof(tree, flat), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (expression, a, b) => {
    // eslint-disable-next-line no-new-func
    const expected = new Function('a', 'b', `return ${expression};`)(a, b);
    const found = evaluated(expression, { ...around, valueOf: (id) => new Map([[0, id === 'a' ? a : b]]) });
    expect(typeof found === 'number' ? found : (found as Series).get(0)).toBe(expected);
  }));
});
