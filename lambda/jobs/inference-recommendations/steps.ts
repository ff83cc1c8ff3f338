import {
  InferenceRecommendationsJobStep, ListInferenceRecommendationsJobStepsCommand, ListInferenceRecommendationsJobStepsCommandOutput,
} from '@aws-sdk/client-sagemaker';
import type { SageMakerApi } from '../../runtime/deps';

/** The benchmarks of a job: all of them, or those with one status. */
export async function stepsOf(sagemaker: SageMakerApi, jobName: string, Status?: 'FAILED'): Promise<InferenceRecommendationsJobStep[]> {
  const steps: InferenceRecommendationsJobStep[] = [];
  let NextToken: string | undefined;
  do {
    const page: ListInferenceRecommendationsJobStepsCommandOutput = await sagemaker.send(
      new ListInferenceRecommendationsJobStepsCommand({ JobName: jobName, Status, MaxResults: 100, NextToken }));
    steps.push(...page.Steps ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return steps;
}
