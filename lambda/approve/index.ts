import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { approveHandler } from './handler';
import { inferenceRecommendationsStarter } from '../jobs/inference-recommendations/family';
import { putOverHttp } from '../runtime/answer';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';
import { cloudFormationStacks } from '../runtime/stacks';

const sagemaker = new SageMakerClient(CLIENT);

export const handler = timed(approveHandler({
  families: [inferenceRecommendationsStarter],
  sagemaker,
  stacks: cloudFormationStacks(sagemaker.config),
  stepFunctions: new SFNClient(CLIENT),
  ssm: new SSMClient(CLIENT),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
  random: Math.random,
}));
