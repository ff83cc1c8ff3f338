import {
  InferenceRecommendationsJobStep, ListInferenceRecommendationsJobStepsCommand, ListInferenceRecommendationsJobStepsCommandOutput,
} from '@aws-sdk/client-sagemaker';
import type { Deps } from '../runtime/deps';

/** The benchmarks of a job, all or those of a status. */
export async function stepsOf(deps: Deps, jobName: string, Status?: 'FAILED'): Promise<InferenceRecommendationsJobStep[]> {
  const steps: InferenceRecommendationsJobStep[] = [];
  let NextToken: string | undefined;
  do {
    const page: ListInferenceRecommendationsJobStepsCommandOutput = await deps.sagemaker.send(
      new ListInferenceRecommendationsJobStepsCommand({ JobName: jobName, Status, MaxResults: 100, NextToken }));
    steps.push(...page.Steps ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return steps;
}
