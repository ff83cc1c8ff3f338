import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { modelHandler } from './handler';
import { putOverHttp } from '../runtime/answer';
import { logJson, systemClock } from '../runtime/deps';

export const handler = modelHandler({
  sagemaker: new SageMakerClient({}),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
