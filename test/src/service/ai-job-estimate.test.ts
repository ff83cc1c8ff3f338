import { estimateAiJob } from '../../../src/service/ai-job-estimate';
import { costRefusal } from '../../../src/service/max-cost';
import { prices } from '../../../src/service/prices';

const PRICES = prices('us-east-1', '', '', [['ml.g6.xlarge', 2], ['ml.p5.48xlarge', 100], ['ml.c5.xlarge', 1]]);
const request = (...types: unknown[]) => ({ ComputeSpec: { InstanceTypes: types } });
const HOUR = 3600;

test('one instance of each listed type, all for the whole time', () => {
  expect(estimateAiJob(request('ml.g6.xlarge', 'ml.p5.48xlarge'), 6 * HOUR, PRICES)).toMatchObject({
    usd: { least: 612, most: 612 }, minutes: 360, isListed: true, types: ['ml.g6.xlarge', 'ml.p5.48xlarge'], unpriced: [],
  });
});

test.each<[string, object, object]>([
  ['no list', {}, { isListed: false, types: ['ml.g6.xlarge', 'ml.p5.48xlarge'] }],
  ['an empty list', request(), { isListed: false, types: ['ml.g6.xlarge', 'ml.p5.48xlarge'] }],
  ['a type without a price', request('ml.g6.xlarge', 'ml.x.large'), { isListed: true, unpriced: ['ml.x.large'] }],
  ['a type that only the deploy knows', request({ Ref: 'Type' }), { isListed: false, types: [] }],
])('%s has no certain limit', (_what, given, expected) => {
  const estimate = estimateAiJob(given, HOUR, PRICES);
  expect(estimate).toMatchObject(expected);
  expect(estimate).not.toHaveProperty('usd');
});

test('a limit of the cost is refused with the prop that lists the types, and with what the job may cost', () => {
  expect(costRefusal(estimateAiJob({}, HOUR, PRICES), 5, 'us-east-1')).toContain("list the types in 'instanceTypes'");
  expect(costRefusal(estimateAiJob(request('ml.p5.48xlarge'), HOUR, PRICES), 99, 'us-east-1')).toContain('The job may cost 100.00 USD (at most 60 minutes on ml.p5.48xlarge)');
  expect(costRefusal(estimateAiJob(request('ml.p5.48xlarge'), HOUR, PRICES), 100, 'us-east-1')).toBeUndefined();
});
