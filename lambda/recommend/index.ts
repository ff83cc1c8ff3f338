import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { recommendHandler } from './handler';
import { aiBenchmarksResults } from '../jobs/ai-benchmarks/results';
import { aiRecommendationsResults } from '../jobs/ai-recommendations/results';
import { deploymentRecommendations } from '../jobs/deployment-recommendations/results';
import { inferenceRecommendationsResults } from '../jobs/inference-recommendations/results';
import { putOverHttp } from '../runtime/answer';
import { cloudWatch } from '../runtime/cloudwatch';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';
import { stepFunctionsExecutions } from '../runtime/executions';
import { storedObjects } from '../runtime/objects';

const sagemaker = new SageMakerClient(CLIENT);

export const handler = timed(recommendHandler({
  families: [inferenceRecommendationsResults, aiRecommendationsResults, aiBenchmarksResults, deploymentRecommendations],
  sagemaker,
  metrics: cloudWatch(sagemaker.config),
  stored: storedObjects(sagemaker.config),
  ssm: new SSMClient(CLIENT),
  stepFunctions: stepFunctionsExecutions(sagemaker.config),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
  random: Math.random,
}));
