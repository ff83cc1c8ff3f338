import * as fc from 'fast-check';
import {
  BASE_UNITS, canonicalMetric, canonicalStat, Dimension, namedMetric, numberIn, quantityOf, TOKEN_METRICS, TOKEN_STATS, TokenMetric,
} from '../../../src/service/token-metrics';

const METRICS = Object.keys(TOKEN_METRICS) as TokenMetric[];
/** Ways in which people and services write a name of several words. */
const STYLES: ReadonlyArray<(words: readonly string[]) => string> = [
  (words) => words.join('_'),
  (words) => words.join('-'),
  (words) => words.join(' '),
  (words) => words.join('_').toUpperCase(),
  (words) => words.map((word) => word[0].toUpperCase() + word.slice(1)).join(''),
];

describe('the name of a metric', () => {
  test('is read in every style, with its statistic at either end and its unit', () => {
    fc.assert(fc.property(
      fc.constantFrom(...METRICS), fc.constantFrom(...STYLES), fc.option(fc.constantFrom(...TOKEN_STATS), { nil: undefined }),
      fc.boolean(), fc.boolean(),
      (metric, style, stat, isFirst, hasUnit) => {
        const words = metric.split('_');
        const unit = hasUnit ? ['ms'] : [];
        const all = stat === undefined ? [...words, ...unit] : isFirst ? [stat, ...words, ...unit] : [...words, ...unit, stat];
        expect(namedMetric(style(all))).toEqual({ metric, ...stat && { stat }, ...hasUnit && { unit: 'ms' } });
      },
    ));
  });

  test.each<[string, TokenMetric]>([
    ['TTFT', 'time_to_first_token'],
    ['ttft-ms', 'time_to_first_token'],
    ['ITL', 'inter_token_latency'],
    ['Inter-Token Latency', 'inter_token_latency'],
    ['TimeToFirstToken', 'time_to_first_token'],
    ['rps', 'request_throughput'],
    ['output_tokens_per_second', 'output_token_throughput'],
    ['cost per million output tokens', 'cost_per_million_output_tokens'],
  ])('%s is %s', (text, metric) => {
    expect(canonicalMetric(text)).toBe(metric);
  });

  test('a throughput without subject is what its unit says, and not known without one', () => {
    expect(canonicalMetric('throughput')).toBeUndefined();
    expect(canonicalMetric('throughput', 'tokens/sec')).toBe('output_token_throughput');
    expect(canonicalMetric('Throughput', 'requests/sec')).toBe('request_throughput');
    expect(canonicalMetric('throughput', 'tokens/sec/user')).toBe('output_token_throughput_per_user');
    expect(canonicalMetric('throughput', 'ms')).toBeUndefined();
  });

  test.each(['', 'ms', 'p50', 'latency', 'constructor', 'toString', '__proto__', 'time_to_first_token_twice', 'ttft_ms_ms', 'ttft_p50_p99'])(
    '%j is not known', (text) => {
      expect(canonicalMetric(text)).toBeUndefined();
    });

  test('of no metric is not known', () => {
    expect(canonicalMetric(undefined)).toBeUndefined();
  });
});

test.each<[string, string | undefined]>([
  ['P99', 'p99'], ['Mean', 'avg'], ['AVERAGE', 'avg'], ['median', 'p50'], ['std-dev', 'std'], ['p42', undefined], ['', undefined], ['constructor', undefined],
])('the statistic %j is %j', (text, stat) => {
  expect(canonicalStat(text)).toBe(stat);
});

describe('a value with its unit', () => {
  test.each<[string, Dimension, number]>([
    ['ms', 'time', 2], ['Milliseconds', 'time', 2], ['sec', 'time', 2000], ['s', 'time', 2000], ['us', 'time', 0.002], ['µs', 'time', 0.002],
    ['ns', 'time', 0.000002],
    ['tokens/sec', 'tokens-per-second', 2], ['tokens per second', 'tokens-per-second', 2], ['TokensPerSecond', 'tokens-per-second', 2],
    ['tok/s', 'tokens-per-second', 2], ['tokens/min', 'tokens-per-second', 2 / 60],
    ['tokens/sec/user', 'tokens-per-second-per-user', 2],
    ['requests/sec', 'requests-per-second', 2], ['rps', 'requests-per-second', 2], ['Requests per second', 'requests-per-second', 2],
    ['USD', 'usd', 2], ['$', 'usd', 2],
  ])('of %s', (unit, dimension, value) => {
    const quantity = quantityOf(2, unit);
    expect(quantity?.dimension).toBe(dimension);
    expect(quantity?.value).toBeCloseTo(value, 12);
  });

  test.each([undefined, '', ' ', 'count', 'tokens', 'ratio', 'tokens/user', 'requests/sec/user', 'ms/ms', 'tokens/sec/user/gpu', 'furlong', 'toString'])(
    'of %j is not compared', (unit) => {
      expect(quantityOf(2, unit)).toBeUndefined();
    });

  test('that is no number is not compared', () => {
    for (const value of [undefined, NaN, Infinity]) { expect(quantityOf(value, 'ms')).toBeUndefined(); }
  });

  test('is the same in its own dimension\'s unit, and in no other', () => {
    const units = fc.constantFrom(...Object.entries(BASE_UNITS) as Array<[Dimension, string]>);
    fc.assert(fc.property(units, fc.double({ noNaN: true, noDefaultInfinity: true }), ([dimension, unit], value) => {
      expect(quantityOf(value, unit)).toEqual({ dimension, value });
    }));
  });
});

test('each metric has a dimension that has a unit', () => {
  for (const { dimension } of Object.values(TOKEN_METRICS)) { expect(BASE_UNITS[dimension]).toBeDefined(); }
});

describe('a number as text', () => {
  test('is read back', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(numberIn(String(value))).toBe(value === 0 ? numberIn(String(value)) : value);
      expect(numberIn(value)).toBe(value);
    }));
  });

  test.each(['', ' ', 'NaN', 'Infinity', '12 ms', '0x10', '1,5', '1e999', '--1', undefined, null, true, {}, NaN])('%p is none', (text) => {
    expect(numberIn(text)).toBeUndefined();
  });
});
