import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { startHandler } from './handler';
import { waitMachineVariable } from '../../src/contract/start';
import { inferenceRecommendations } from '../jobs/inference-recommendations/family';
import { putOverHttp } from '../runtime/answer';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';
import { s3Objects } from '../runtime/objects';
import { cloudFormationStacks } from '../runtime/stacks';

const sagemaker = new SageMakerClient(CLIENT);

export const handler = timed(startHandler({
  families: [inferenceRecommendations],
  sagemaker,
  objects: s3Objects(sagemaker.config),
  stacks: cloudFormationStacks(sagemaker.config),
  stepFunctions: new SFNClient(CLIENT),
  waitMachineArn: (family) => process.env[waitMachineVariable(family)]!,
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
}));
