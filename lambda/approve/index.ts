import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { approveHandler } from './handler';
import { inferenceRecommendationsStarter } from '../jobs/inference-recommendations/family';
import { accountReader } from '../runtime/account';
import { putOverHttp } from '../runtime/answer';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';
import { stepFunctionsExecutions } from '../runtime/executions';
import { cloudFormationStacks } from '../runtime/stacks';

const sagemaker = new SageMakerClient(CLIENT);

export const handler = timed(approveHandler({
  families: [inferenceRecommendationsStarter],
  sagemaker,
  stacks: cloudFormationStacks(sagemaker.config),
  account: accountReader(sagemaker.config),
  stepFunctions: stepFunctionsExecutions(sagemaker.config),
  ssm: new SSMClient(CLIENT),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
  random: Math.random,
}));
