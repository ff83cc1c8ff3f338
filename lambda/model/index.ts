import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { modelHandler } from './handler';
import { putOverHttp } from '../shared/answer';
import { logJson, systemClock } from '../shared/deps';

export const handler = modelHandler({
  sagemaker: new SageMakerClient({}),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
