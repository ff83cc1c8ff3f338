import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { startHandler } from './handler';
import { STATE_MACHINE_ARN_VARIABLE } from '../../src/api/contract';
import { putOverHttp } from '../shared/answer';
import { logJson, systemClock } from '../shared/deps';

export const handler = startHandler({
  sagemaker: new SageMakerClient({}),
  stepFunctions: new SFNClient({}),
  stateMachineArn: process.env[STATE_MACHINE_ARN_VARIABLE]!,
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
});
