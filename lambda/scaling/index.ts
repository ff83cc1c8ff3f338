import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { scalingHandler } from './handler';
import { putOverHttp } from '../runtime/answer';
import { logJson, systemClock } from '../runtime/deps';

export const handler = scalingHandler({
  sagemaker: new SageMakerClient({}),
  ssm: new SSMClient({}),
  autoScaling: new ApplicationAutoScalingClient({}),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
