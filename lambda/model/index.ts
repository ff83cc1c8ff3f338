import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { modelHandler } from './handler';
import { putOverHttp } from '../runtime/answer';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';
import { cloudFormationStacks } from '../runtime/stacks';

const sagemaker = new SageMakerClient(CLIENT);

export const handler = timed(modelHandler({
  sagemaker,
  stacks: cloudFormationStacks(sagemaker.config),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
}));
