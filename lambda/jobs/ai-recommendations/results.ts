import { aiRecommendationsReader } from './reader';
import { priced, recommendationsOf } from './recommendations';
import type { SageMakerApi } from '../../runtime/deps';
import type { JobResultsReader, JobWithRecommendations } from '../family';

/** Reads jobs that recommend for a generative model, with what they recommend. */
export const aiRecommendationsResults = {
  ...aiRecommendationsReader,

  async describe(sagemaker: SageMakerApi, jobName: string): Promise<JobWithRecommendations | undefined> {
    const found = await aiRecommendationsReader.described(sagemaker, jobName);
    return found && { ...aiRecommendationsReader.jobOf(found), recommendations: recommendationsOf(found) };
  },

  priced,
} satisfies JobResultsReader;
