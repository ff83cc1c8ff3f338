import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { waitEndHandler } from './handler';
import { inferenceRecommendations } from '../jobs/inference-recommendations/family';
import { putOverHttp } from '../runtime/answer';
import { logJson, systemClock } from '../runtime/deps';

export const handler = waitEndHandler({
  families: [inferenceRecommendations],
  sagemaker: new SageMakerClient({}),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
