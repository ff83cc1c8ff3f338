import * as fc from 'fast-check';
import { pricedRegions, prices, pricesFrom, pricesOf } from '../../../src/service/prices';
import table from '../../../src/service/prices.json';

const SIZE_OF = (type: string): number => {
  const [, times, size] = /\.(\d*)(x?large|medium)$/.exec(type) ?? [];
  return size === 'xlarge' ? Number(times || 1) : size === 'large' ? 0.5 : 0.25;
};

test('us-east-1 has the public prices of the page', () => {
  const { hourly, serverlessGbSecond, types } = pricesOf('us-east-1')!;
  const known = {
    'ml.c5.xlarge': 0.204,
    'ml.m5.large': 0.115,
    'ml.m5.xlarge': 0.23,
    'ml.g4dn.xlarge': 0.7364,
    'ml.g5.xlarge': 1.408,
    'ml.g5.12xlarge': 7.09,
    'ml.p3.2xlarge': 3.825,
    'ml.inf1.xlarge': 0.297,
  };
  expect(Object.fromEntries(Object.keys(known).map((type) => [type, hourly(type)]))).toEqual(known);
  expect(serverlessGbSecond).toBe(0.00002);
  expect(types).toContain('ml.c5.xlarge');
  expect(hourly('ml.c99.xlarge')).toBeUndefined();
  expect(hourly('c5.xlarge')).toBeUndefined();
});

test('each Region says its day and its source, and prices above 0', () => {
  for (const region of pricedRegions()) {
    const { date, source, types, hourly, ...rest } = pricesOf(region)!;
    expect(rest.region).toBe(region);
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(source.length).toBeGreaterThan(20);
    expect(types.length).toBeGreaterThan(0);
    for (const type of types) { expect(hourly(type)).toBeGreaterThan(0); }
  }
  expect(table.source).toContain('https://aws.amazon.com/sagemaker/pricing/');
});

test('in a family a larger size costs more, except g5 and g6 of 16xlarge, which have one accelerator: a slip in a figure shows here', () => {
  for (const region of pricedRegions()) {
    const { types, hourly } = pricesOf(region)!;
    const sizes = types.filter((type) => !/^ml\.g[56]\.16xlarge$/.test(type));
    for (const family of new Set(sizes.map((type) => type.slice(0, type.lastIndexOf('.'))))) {
      const own = sizes.filter((type) => type.startsWith(`${family}.`)).sort((a, b) => SIZE_OF(a) - SIZE_OF(b)).map((type) => hourly(type)!);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
  }
});

test('the Regions of the United States have one price for a type, to a cent', () => {
  const [first, ...others] = ['us-east-1', 'us-east-2', 'us-west-2'].map((region) => pricesOf(region)!);
  for (const other of others) {
    const shared = other.types.filter((type) => first.hourly(type) !== undefined);
    expect(shared.length).toBeGreaterThan(4);
    for (const type of shared) { expect(Math.abs(other.hourly(type)! - first.hourly(type)!)).toBeLessThan(0.01); }
  }
});

test('a Region without published figures has no prices, and nothing else is taken for one', () => {
  expect(['us-gov-west-1', 'cn-north-1', 'xx', '', 'constructor', '__proto__'].map(pricesOf)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
});

const TYPES = fc.uniqueArray(fc.constantFrom('ml.c5.xlarge', 'ml.m5.large', 'ml.g5.48xlarge', 'ml.p6-b200.48xlarge', 'ml.inf2.xlarge'), { minLength: 1 });
const USD = fc.double({ min: 0, max: 500, noNaN: true });

test('a user\'s own prices are read back from CSV, with or without a header, and from JSON, for one Region or by Region', () => {
  const five = fc.array(USD, { minLength: 5, maxLength: 5 });
  fc.assert(fc.property(TYPES, five, fc.boolean(), fc.option(USD, { nil: undefined }), (types, usd, hasHeader, serverless) => {
    const rows = [...types.map((type, index) => [type, usd[index]] as const), ...serverless === undefined ? [] : [['serverless', serverless] as const]];
    const csv = [...hasHeader ? ['type,usdPerHour'] : ['# of us'], ...rows.map(([type, price]) => `${type},${price}`), ''].join('\n');
    const json = JSON.stringify(Object.fromEntries(rows));
    for (const text of [csv, json, `{"eu-west-1": ${json}, "eu-west-2": {"ml.c5.large": 9}}`]) {
      const found = pricesFrom(text, 'eu-west-1', '2026-01-01');
      expect(found).toMatchObject({ region: 'eu-west-1', date: '2026-01-01', types });
      expect(types.map(found.hourly)).toEqual(types.map((_, index) => usd[index] === 0 ? 0 : usd[index]));
      expect(found.serverlessGbSecond).toBe(serverless);
    }
  }));
});

test.each([
  ['', 'The prices have no row: expected lines such as ml.c5.xlarge,0.204, or JSON such as { "ml.c5.xlarge": 0.204 }.'],
  ['type,usdPerHour', 'The prices have no row: expected lines such as ml.c5.xlarge,0.204, or JSON such as { "ml.c5.xlarge": 0.204 }.'],
  ['c5.xlarge,0.2', 'The prices have a row for \'c5.xlarge\': expected an instance type such as ml.c5.xlarge, or serverless.'],
  ['ml.c5.xlarge,0.2,3', 'The prices have the line \'ml.c5.xlarge,0.2,3\': expected a type and US dollars an hour, such as ml.c5.xlarge,0.204.'],
  ['ml.c5.xlarge,cheap', 'The prices have NaN for ml.c5.xlarge: expected US dollars as a number of at least 0, such as 0.204.'],
  ['ml.c5.xlarge,', 'The prices have nothing for ml.c5.xlarge: expected US dollars as a number of at least 0, such as 0.204.'],
  ['ml.c5.xlarge,-1', 'The prices have -1 for ml.c5.xlarge: expected US dollars as a number of at least 0, such as 0.204.'],
  ['{"ml.c5.xlarge": "0.2"}', 'The prices have "0.2" for ml.c5.xlarge: expected US dollars as a number of at least 0, such as 0.204.'],
  ['[1]', 'The prices are a list: expected an object such as { "ml.c5.xlarge": 0.204 }.'],
  ['{"us-east-1": {"ml.c5.xlarge": 1}}', 'The prices have no object for eu-west-1: they have us-east-1; add "eu-west-1": { "ml.c5.xlarge": 0.204 }.'],
])('of bad prices, one sentence says what was got and what was expected: %j', (text, sentence) => {
  expect(() => pricesFrom(text, 'eu-west-1')).toThrow(new Error(sentence));
});

test('broken JSON is said as such, in one line', () => {
  expect(() => pricesFrom('{"ml.c5.xlarge": ', 'eu-west-1')).toThrow(/^The prices are no JSON: [^\n]+; expected an object such as/);
});

test('the row serverless is no instance type', () => {
  expect(prices('r', 'd', 's', [['ml.c5.xlarge', 1], ['serverless', 2]])).toMatchObject({ types: ['ml.c5.xlarge'], serverlessGbSecond: 2 });
});
