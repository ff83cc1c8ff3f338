import { AI_BENCHMARK_JOBS } from './benchmark-family';
import { CampaignFamily, INFERENCE_RECOMMENDATION_JOBS } from './family';
import { AI_RECOMMENDATION_JOBS } from './generative-family';
import { INSTANT_RECOMMENDATIONS } from './instant-family';
import { PROBE_CAMPAIGN } from '../second-family/campaign';

/** The families whose lifecycles there are, by the names that the command takes. */
export const FAMILIES: Readonly<Record<string, CampaignFamily>> = {
  'recommendations': INFERENCE_RECOMMENDATION_JOBS,
  'ai-recommendations': AI_RECOMMENDATION_JOBS,
  'ai-benchmarks': AI_BENCHMARK_JOBS,
  'instant': INSTANT_RECOMMENDATIONS,
  'probes': PROBE_CAMPAIGN,
};

/** Those of the library itself. */
export const SHIPPED: readonly CampaignFamily[] = [INFERENCE_RECOMMENDATION_JOBS, AI_RECOMMENDATION_JOBS, AI_BENCHMARK_JOBS, INSTANT_RECOMMENDATIONS];
