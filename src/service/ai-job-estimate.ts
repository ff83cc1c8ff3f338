import { AI_JOB_SHAPES } from './ai-shapes';
import { JobEstimate, UNKNOWN } from './estimate';
import type { Prices } from './prices';

/** The types on which a job may run. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIRecommendationComputeSpec.html */
const SUPPORTED = AI_JOB_SHAPES.AIRecommendationInstanceType.enum!;

/**
 * What a job that recommends for a generative model costs at most: one instance of each type that the request lists, all for as long as the library lets
 * the job run. A recommendation is free; the instances that optimize and benchmark are paid for. Without a list, the service chooses the types.
 *
 * AWS's pages do not say on how many instances of a type a job runs, nor on which types it optimizes a model. If it runs on more, it costs as many times as
 * much.
 *
 * @param request of CreateAIRecommendationJob. What is neither a name nor a list is taken as not known.
 */
export function estimateAiJob(request: any, maxSeconds: number, prices: Prices): JobEstimate {
  const given = request.ComputeSpec?.InstanceTypes;
  const types: string[] = (Array.isArray(given) ? given : given === undefined ? [] : [given]).map((type) => (typeof type === 'string' ? type : UNKNOWN));
  const unpriced = types.filter((type) => prices.hourly(type) === undefined);
  const isListed = types.length > 0 && !types.includes(UNKNOWN);
  const mayBe = types.length > 0 ? types.filter((type) => type !== UNKNOWN) : prices.types.filter((type) => SUPPORTED.includes(type));
  const usd = types.reduce((sum, type) => sum + (prices.hourly(type) ?? 0), 0) * maxSeconds / 3600;
  return {
    minutes: maxSeconds / 60,
    ...isListed && unpriced.length === 0 && { usd: { least: usd, most: usd } },
    isListed,
    listedIn: "'instanceTypes'",
    types: mayBe,
    unpriced,
  };
}
