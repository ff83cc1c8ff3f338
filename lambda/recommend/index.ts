import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { concludeHandler } from './handler';
import { putOverHttp } from '../runtime/answer';
import { logJson, systemClock } from '../runtime/deps';

export const handler = concludeHandler({
  sagemaker: new SageMakerClient({}),
  ssm: new SSMClient({}),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
