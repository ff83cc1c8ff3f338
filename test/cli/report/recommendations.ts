import * as fc from 'fast-check';
import type { JobRecommendation } from '../../../lambda/jobs/family';

const UNKNOWN = { CostPerHour: NaN, CostPerInference: NaN, MaxInvocations: NaN, ModelLatency: NaN, CpuUtilization: NaN, MemoryUtilization: NaN };

/** A recommendation of an instance type, as a job measured it. */
export function instances(figures: Partial<JobRecommendation['figures']>, more: Partial<JobRecommendation> = {}): JobRecommendation {
  return {
    id: 'job/1',
    instanceType: 'ml.c5.xlarge',
    instanceCount: 1,
    isCompiled: false,
    environment: {},
    attributes: {},
    figures: { ...UNKNOWN, ...figures },
    ...more,
  };
}

export function serverless(figures: Partial<JobRecommendation['figures']>, serverlessConfig = { MemorySizeInMB: 2048, MaxConcurrency: 1 }): JobRecommendation {
  return instances(figures, { id: 'job/2', instanceType: undefined, serverlessConfig });
}

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

export const anInstanceType = fc.record({ usd: between(0.05, 50), most: between(10, 50_000), count: fc.integer({ min: 1, max: 4 }) })
  .map(({ usd, most, count }) => instances({ CostPerHour: usd, MaxInvocations: most, CostPerInference: usd / most / 60 }, { instanceCount: count }));

export const aServerlessEndpoint = fc.record({ usd: between(1e-8, 1e-3), most: between(1, 5000), concurrency: fc.integer({ min: 1, max: 5 }) })
  .map(({ usd, most, concurrency }) => (
    serverless({ CostPerInference: usd, MaxInvocations: most }, { MemorySizeInMB: 2048, MaxConcurrency: concurrency })));
