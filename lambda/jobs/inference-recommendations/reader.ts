import {
  DescribeInferenceRecommendationsJobCommand, DescribeInferenceRecommendationsJobCommandOutput, StopInferenceRecommendationsJobCommand,
} from '@aws-sdk/client-sagemaker';
import { stepsOf } from './steps';
import { INFERENCE_RECOMMENDATIONS } from '../../../src/contract/families';
import { JOBS_TELEMETRY } from '../../../src/service/console-link';
import { RECOMMENDATIONS_JOB_STATUSES } from '../../../src/service/job-status';
import type { SageMakerApi } from '../../runtime/deps';
import { isNotFound } from '../../runtime/errors';
import type { Job, JobReader } from '../family';

/** Reads jobs of SageMaker Inference Recommender. */
export const inferenceRecommendationsReader = {
  name: INFERENCE_RECOMMENDATIONS,
  title: 'Inference Recommender job',
  describe,
  failures: async (sagemaker, jobName) => (await stepsOf(sagemaker, jobName, 'FAILED'))
    .filter((step) => step.Status === 'FAILED')
    .map(({ InferenceBenchmark: benchmark }) => {
      const { InstanceType, ServerlessConfig, EndpointName } = benchmark?.EndpointConfiguration ?? {};
      const what = InstanceType ?? (ServerlessConfig ? `serverless of ${ServerlessConfig.MemorySizeInMB} MB` : EndpointName ?? 'an endpoint');
      return [what, benchmark?.FailureReason ?? 'no reason given'];
    }),
  logs: (jobName) => `group ${JOBS_TELEMETRY}, streams ${jobName}/…`,
} satisfies JobReader;

export async function describe(sagemaker: SageMakerApi, jobName: string): Promise<Job | undefined> {
  const found = await described(sagemaker, jobName);
  return found && jobOf(found);
}

export async function stop(sagemaker: SageMakerApi, jobName: string): Promise<void> {
  await sagemaker.send(new StopInferenceRecommendationsJobCommand({ JobName: jobName }));
}

/** A job as the service describes it. `undefined` if the service does not know the job. */
export async function described(sagemaker: SageMakerApi, jobName: string): Promise<DescribeInferenceRecommendationsJobCommandOutput | undefined> {
  try {
    return await sagemaker.send(new DescribeInferenceRecommendationsJobCommand({ JobName: jobName }));
  } catch (error) {
    if (isNotFound(error)) { return undefined; }
    throw error;
  }
}

export function jobOf(found: DescribeInferenceRecommendationsJobCommandOutput): Job {
  return {
    name: found.JobName!,
    arn: found.JobArn!,
    status: found.Status!,
    phase: RECOMMENDATIONS_JOB_STATUSES.phaseOf(found.Status),
    failureReason: found.FailureReason,
    created: found.CreationTime,
    packageArn: found.InputConfig?.ModelPackageVersionArn,
    modelName: found.InputConfig?.ModelName,
  };
}
