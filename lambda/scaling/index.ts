import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { scalingHandler } from './handler';
import { putOverHttp } from '../runtime/answer';
import { cloudWatch } from '../runtime/cloudwatch';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';

const sagemaker = new SageMakerClient(CLIENT);

export const handler = timed(scalingHandler({
  sagemaker,
  alarms: cloudWatch(sagemaker.config),
  ssm: new SSMClient(CLIENT),
  autoScaling: new ApplicationAutoScalingClient(CLIENT),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
}));
