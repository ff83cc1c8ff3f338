import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { waitEndHandler } from './handler';
import { inferenceRecommendationsReader, stop } from '../jobs/inference-recommendations/reader';
import { putOverHttp } from '../runtime/answer';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';

export const handler = timed(waitEndHandler({
  families: [{ ...inferenceRecommendationsReader, stop }],
  sagemaker: new SageMakerClient(CLIENT),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
}));
