import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { waitEndHandler } from './handler';
import { inferenceRecommendationsReader } from '../jobs/inference-recommendations/reader';
import { putOverHttp } from '../runtime/answer';
import { logJson, systemClock } from '../runtime/deps';

export const handler = waitEndHandler({
  families: [inferenceRecommendationsReader],
  sagemaker: new SageMakerClient({}),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
