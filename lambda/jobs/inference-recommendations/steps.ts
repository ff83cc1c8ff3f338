import {
  DeleteCompilationJobCommand, DescribeInferenceRecommendationsJobCommand, InferenceRecommendationsJobStep,
  ListInferenceRecommendationsJobStepsCommand, ListInferenceRecommendationsJobStepsCommandOutput,
} from '@aws-sdk/client-sagemaker';
import type { SageMakerApi, SageMakerDeps } from '../../runtime/deps';
import { isNotFound } from '../../runtime/errors';

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

/** Deletes the compilation jobs of a job's benchmarks. Their artifacts in S3 stay, and models made from them stay. */
export async function deleteCompilations({ sagemaker, log }: SageMakerDeps, jobName: string): Promise<void> {
  const { InferenceRecommendations = [] } = await sagemaker.send(new DescribeInferenceRecommendationsJobCommand({ JobName: jobName }));
  const configurations = [
    ...InferenceRecommendations.map((recommendation) => recommendation.ModelConfiguration),
    ...(await stepsOf(sagemaker, jobName)).map((step) => step.InferenceBenchmark?.ModelConfiguration),
  ];
  for (const name of new Set(configurations.flatMap((configuration) => configuration?.CompilationJobName ?? []))) {
    try {
      await sagemaker.send(new DeleteCompilationJobCommand({ CompilationJobName: name }));
      log({ message: 'deleted', compilationJob: name });
    } catch (error) {
      if (!isNotFound(error)) { throw error; }
    }
  }
}
