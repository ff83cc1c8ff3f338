import { DeleteCompilationJobCommand } from '@aws-sdk/client-sagemaker';
import { described } from './reader';
import { stepsOf } from './steps';
import type { SageMakerDeps } from '../../runtime/deps';
import { isNotFound } from '../../runtime/errors';

/** Deletes the compilation jobs of a job's benchmarks. Their artifacts in S3 stay, and models made from them stay. */
export async function deleteCompilations({ sagemaker, log }: SageMakerDeps, jobName: string): Promise<void> {
  const job = await described(sagemaker, jobName);
  const configurations = [
    ...(job?.InferenceRecommendations ?? []).map((recommendation) => recommendation.ModelConfiguration),
    ...(job ? await stepsOf(sagemaker, jobName) : []).map((step) => step.InferenceBenchmark?.ModelConfiguration),
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
