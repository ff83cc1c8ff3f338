import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { startHandler } from './handler';
import { STATE_MACHINE_ARN_VARIABLE } from '../../src/contract/contract';
import { putOverHttp } from '../runtime/answer';
import { logJson, systemClock } from '../runtime/deps';

export const handler = startHandler({
  sagemaker: new SageMakerClient({}),
  stepFunctions: new SFNClient({}),
  stateMachineArn: process.env[STATE_MACHINE_ARN_VARIABLE]!,
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
