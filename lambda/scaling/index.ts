import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { scalingHandler } from './handler';
import { putOverHttp } from '../runtime/answer';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';

export const handler = timed(scalingHandler({
  sagemaker: new SageMakerClient(CLIENT),
  ssm: new SSMClient(CLIENT),
  autoScaling: new ApplicationAutoScalingClient(CLIENT),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
}));
