import type { InferenceRecommendationsJobStep } from '@aws-sdk/client-sagemaker';
import type { Job } from '../jobs/jobs';

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-troubleshooting.html (where the logs are). */
export const LOG_GROUP = '/aws/sagemaker/InferenceRecommendationsJobs';

/** Why a job did not complete: the service's own reason, each failed benchmark, and where to read on. */
export function explainFailure(job: Job, steps: readonly InferenceRecommendationsJobStep[]): string {
  const benchmarks = steps
    .filter((step) => step.Status === 'FAILED')
    .map((step) => `${candidateOf(step)}: ${step.InferenceBenchmark?.FailureReason ?? 'no reason given'}`);
  return [
    `Inference Recommender job ${job.JobName} ended ${job.Status}: ${job.FailureReason ?? reasonOf(job.Status)}`,
    ...(benchmarks.length > 0 ? [`Failed benchmarks: ${benchmarks.join('; ')}`] : []),
    `Logs: group ${LOG_GROUP}, streams ${job.JobName}/…`,
  ].map((sentence) => sentence.replace(/\.?$/, '.')).join(' ');
}

function candidateOf(step: InferenceRecommendationsJobStep): string {
  const endpoint = step.InferenceBenchmark?.EndpointConfiguration;
  return endpoint?.InstanceType ?? endpoint?.EndpointName ?? 'a candidate';
}

function reasonOf(status: string | undefined): string {
  return status === 'STOPPED' ? 'it was stopped before it was done' : 'the service gave no reason';
}
