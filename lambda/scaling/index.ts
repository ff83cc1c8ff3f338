import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { scalingHandler } from './handler';
import { putOverHttp } from '../shared/answer';
import { logJson, systemClock } from '../shared/deps';

export const handler = scalingHandler({
  sagemaker: new SageMakerClient({}),
  ssm: new SSMClient({}),
  autoScaling: new ApplicationAutoScalingClient({}),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
