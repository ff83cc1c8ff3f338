import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { startHandler } from './handler';
import { waitMachineVariable } from '../../src/contract/start';
import { inferenceRecommendations } from '../jobs/inference-recommendations/family';
import { putOverHttp } from '../runtime/answer';
import { logJson, systemClock } from '../runtime/deps';

export const handler = startHandler({
  families: [inferenceRecommendations],
  sagemaker: new SageMakerClient({}),
  stepFunctions: new SFNClient({}),
  waitMachineArn: (family) => process.env[waitMachineVariable(family)]!,
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
