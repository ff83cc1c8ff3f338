import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { recommendHandler } from './handler';
import { inferenceRecommendations } from '../jobs/inference-recommendations/family';
import { putOverHttp } from '../runtime/answer';
import { logJson, systemClock } from '../runtime/deps';

export const handler = recommendHandler({
  families: [inferenceRecommendations],
  sagemaker: new SageMakerClient({}),
  ssm: new SSMClient({}),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
