import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { concludeHandler } from './handler';
import { putOverHttp } from '../shared/answer';
import { logJson, systemClock } from '../shared/deps';

export const handler = concludeHandler({
  sagemaker: new SageMakerClient({}),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
