import { CreateAIRecommendationJobCommand, ListAIRecommendationJobsCommand } from '@aws-sdk/client-sagemaker';
import { aiRecommendationsReader } from './reader';
import { estimateAiJob } from '../../../src/service/ai-job-estimate';
import { pricesOf } from '../../../src/service/prices';
import { aiJobStarter, outputPlace } from '../ai-job-starter';
import type { JobFamily } from '../family';
import type { JobPrefix } from '../preflight/objects';

/** Jobs that optimize, benchmark and recommend for a generative model. The annotation lets a bundle leave this out. */
export const aiRecommendations: JobFamily = /* @__PURE__ */ Object.assign({}, aiRecommendationsReader, aiJobStarter(aiRecommendationsReader, {
  noun: 'AIRecommendationJob',
  shape: 'CreateAIRecommendationJobRequest',
  arnResource: 'ai-recommendation-job',
  create: CreateAIRecommendationJobCommand,
  list: ListAIRecommendationJobsCommand,
  needs: (request) => ({
    places: placesOf(request),
    // The quotas of endpoints decide whether a recommendation can be hosted. Whether its benchmark counts against them is not documented, so they never refuse a job.
    tried: { each: [], some: request.ComputeSpec?.InstanceTypes ?? [], isServerlessToo: true },
  }),
}), {
  estimate: (request: any, _target: unknown, region: string, maxSeconds?: number) => {
    const prices = pricesOf(region);
    return prices && maxSeconds !== undefined ? estimateAiJob(request, maxSeconds, prices) : undefined;
  },
});

function placesOf(request: any): JobPrefix[] {
  const { ModelSource, AdapterSource } = request;
  const read = (what: string, address: unknown): JobPrefix[] => (typeof address === 'string' ? [{ what, address, isRead: true }] : []);
  return [
    ...read('model', ModelSource?.S3?.S3Uri),
    ...(AdapterSource?.S3Uris ?? []).flatMap(({ S3Uri }: any) => read('adapter', S3Uri)),
    ...outputPlace(request),
  ];
}
