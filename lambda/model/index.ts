import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { modelHandler } from './handler';
import { putOverHttp } from '../runtime/answer';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';

export const handler = timed(modelHandler({
  sagemaker: new SageMakerClient(CLIENT),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
}));
