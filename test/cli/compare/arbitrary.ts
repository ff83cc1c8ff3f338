import * as fc from 'fast-check';
import { ComparedJob } from '../../../cli/src/compare/jobs';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import { METRICS } from '../../../src/service/limits';

/** A figure as the service sends it: also none, and the same in many rows. */
const figure = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 1e-7, max: 1e6, noNaN: true }) },
  fc.constantFrom(NaN, 0, 1, 10, 100, 1000),
);

const figures = fc.record(Object.fromEntries(METRICS.map((metric) => [metric, figure]))) as fc.Arbitrary<JobRecommendation['figures']>;

const serverlessConfig = fc.record({ MemorySizeInMB: fc.constantFrom(2048, 4096), MaxConcurrency: fc.constantFrom(1, 5) });

/** Few types, counts and variables, so that rows of two jobs are the same, alike, and different. */
export const recommendation: fc.Arbitrary<JobRecommendation> = fc.record({
  id: fc.uuid(),
  target: fc.oneof(
    fc.record({ instanceType: fc.constantFrom('ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.m5.large', 'ml.g4dn.xlarge'), instanceCount: fc.constantFrom(1, 2, 3) }),
    fc.record({ serverlessConfig, instanceCount: fc.constant(1) }),
  ),
  isCompiled: fc.boolean(),
  environment: fc.constantFrom<Record<string, string>>({}, { OMP_NUM_THREADS: '1' }, { OMP_NUM_THREADS: '2' }),
  figures,
}).map(({ target, ...one }) => ({ ...one, ...target, attributes: {} }));

export const job: fc.Arbitrary<ComparedJob> = fc.array(recommendation, { maxLength: 8 }).map((recommendations) => ({ recommendations, chosen: [] }));
