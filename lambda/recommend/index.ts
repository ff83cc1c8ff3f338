import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { recommendHandler } from './handler';
import { inferenceRecommendationsResults } from '../jobs/inference-recommendations/results';
import { putOverHttp } from '../runtime/answer';
import { logJson, systemClock } from '../runtime/deps';

export const handler = recommendHandler({
  families: [inferenceRecommendationsResults],
  sagemaker: new SageMakerClient({}),
  ssm: new SSMClient({}),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
  random: Math.random,
});
