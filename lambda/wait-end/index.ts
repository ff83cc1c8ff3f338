import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { waitEndHandler } from './handler';
import { aiBenchmarksReader } from '../jobs/ai-benchmarks/reader';
import { aiRecommendationsReader } from '../jobs/ai-recommendations/reader';
import { inferenceRecommendationsReader, stop } from '../jobs/inference-recommendations/reader';
import { putOverHttp } from '../runtime/answer';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';

export const handler = timed(waitEndHandler({
  families: [{ ...inferenceRecommendationsReader, stop }, aiRecommendationsReader, aiBenchmarksReader],
  sagemaker: new SageMakerClient(CLIENT),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
}));
