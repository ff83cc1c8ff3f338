import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { startHandler } from './handler';
import { waitMachineVariable } from '../../src/contract/start';
import { aiBenchmarks } from '../jobs/ai-benchmarks/family';
import { aiRecommendations } from '../jobs/ai-recommendations/family';
import { inferenceRecommendations } from '../jobs/inference-recommendations/family';
import { accountReader } from '../runtime/account';
import { putOverHttp } from '../runtime/answer';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';
import { stepFunctionsExecutions } from '../runtime/executions';
import { s3Objects } from '../runtime/objects';
import { cloudFormationStacks } from '../runtime/stacks';

const sagemaker = new SageMakerClient(CLIENT);

export const handler = timed(startHandler({
  families: [inferenceRecommendations, aiRecommendations, aiBenchmarks],
  sagemaker,
  objects: s3Objects(sagemaker.config),
  stacks: cloudFormationStacks(sagemaker.config),
  account: accountReader(sagemaker.config),
  stepFunctions: stepFunctionsExecutions(sagemaker.config),
  waitMachineArn: (family) => process.env[waitMachineVariable(family)]!,
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
  random: Math.random,
}));
