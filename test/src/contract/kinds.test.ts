import { AI_RECOMMENDATIONS, DEPLOYMENT_RECOMMENDATIONS, INFERENCE_RECOMMENDATIONS } from '../../../src/contract/families';
import { kindOf } from '../../../src/contract/kinds';
import { BENCHMARKED, GENERATIVE, INSTANT } from '../../../src/service/recommendation-kinds';

test.each([
  [INFERENCE_RECOMMENDATIONS, BENCHMARKED], [AI_RECOMMENDATIONS, GENERATIVE], [DEPLOYMENT_RECOMMENDATIONS, INSTANT], ['AnotherFamily', BENCHMARKED],
])('what %s recommends', (family, kind) => {
  expect(kindOf(family)).toBe(kind);
});
