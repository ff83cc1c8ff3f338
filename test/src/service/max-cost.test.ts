import fc from 'fast-check';
import { estimateJob } from '../../../src/service/estimate';
import { costRefusal } from '../../../src/service/max-cost';
import { prices } from '../../../src/service/prices';

const TABLE = prices('us-east-1', '2026-01-01', 'a test', [['ml.c5.large', 0.1], ['ml.c5.xlarge', 0.2]]);
const loadTest = (...types: string[]) => ({
  JobType: 'Advanced', InputConfig: { JobDurationInSeconds: 7200, EndpointConfigurations: types.map((InstanceType) => ({ InstanceType })) },
});
const refusal = (request: object, maxCost: number, packageTypes?: string[]) => costRefusal(estimateJob(request, { prices: TABLE, packageTypes }), maxCost, 'us-east-1');

test('a job that costs as much as it may is not refused', () => {
  expect(refusal(loadTest('ml.c5.large', 'ml.c5.xlarge'), 0.6)).toBeUndefined();
});

test('a dearer one is, with the figure, what it is made of, and the remedy', () => {
  expect(refusal(loadTest('ml.c5.large', 'ml.c5.xlarge'), 0.5)).toBe('The job may cost 0.60 USD (at most 120 minutes on ml.c5.large, ml.c5.xlarge), and '
    + "'maxCost' is 0.50 USD: raise 'maxCost', shorten the job, or name fewer or cheaper types");
});

test.each([
  ['the service chooses the types', estimateJob({ JobType: 'Default' }, { prices: TABLE }), /^'maxCost' is 5\.00 USD, but the service chooses .*: list the types/],
  ['a type has no price', estimateJob(loadTest('ml.new9.large'), { prices: TABLE }), /no price of ml\.new9\.large in us-east-1: leave 'maxCost' out/],
  ['the Region has no prices', undefined, /no prices of us-east-1: leave 'maxCost' out/],
])('it is refused if %s, whatever the limit', (_what, estimate, sentence) => {
  expect(costRefusal(estimate, 5, 'us-east-1')).toMatch(sentence);
});

test('a higher limit never refuses what a lower one does not, and never allows a cost above it', () => {
  const types = fc.array(fc.constantFrom('ml.c5.large', 'ml.c5.xlarge'), { minLength: 1, maxLength: 8 });
  fc.assert(fc.property(types, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 400 }), (given, cents, more) => {
    const [low, high] = [cents, cents + more].map((limit) => refusal(loadTest(...given), limit / 100));
    expect(low === undefined && high !== undefined).toBe(false);
    const cost = 2 * given.reduce((sum, type) => sum + TABLE.hourly(type)!, 0);
    expect(low === undefined).toBe(Math.round(cost * 100) <= cents);
  }));
});
