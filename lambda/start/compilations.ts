import { DeleteCompilationJobCommand } from '@aws-sdk/client-sagemaker';
import type { ConcludeDeps } from '../recommend/deps';
import { stepsOf } from '../jobs/steps';
import type { CompilationsProperties } from '../../src/contract/contract';
import { constructPrefix } from '../../src/contract/job-name';
import { isNotFound } from '../runtime/errors';
import { describeJob, jobNames } from '../jobs/jobs';
import { isOwnedBy } from '../runtime/ownership';
import { tagsOf } from '../runtime/tags';

interface Event {
  readonly StackId: string;
  readonly ResourceProperties: object;
}

/** Deletes the compilation jobs of all the jobs that a construct ever started. Their artifacts in S3 stay, and so do models made of them. */
export async function deleteCompilations({ StackId, ResourceProperties }: Event, deps: ConcludeDeps): Promise<void> {
  const { JobLogicalId } = ResourceProperties as CompilationsProperties;
  for (const jobName of await jobNames(deps.sagemaker, constructPrefix(StackId, JobLogicalId))) {
    for (const name of await compilationsOf(jobName, StackId, deps)) { await deleteCompilation(name, deps); }
  }
}

async function compilationsOf(jobName: string, stackId: string, deps: ConcludeDeps): Promise<Set<string>> {
  const job = await describeJob(deps.sagemaker, jobName);
  if (!job || !isOwnedBy(await tagsOf(deps.sagemaker, job.JobArn!), stackId)) { return new Set(); }
  const configurations = [
    ...(job.InferenceRecommendations ?? []).map((row) => row.ModelConfiguration),
    ...(await stepsOf(deps, jobName)).map((step) => step.InferenceBenchmark?.ModelConfiguration),
  ];
  return new Set(configurations.flatMap((configuration) => configuration?.CompilationJobName ?? []));
}

async function deleteCompilation(name: string, deps: ConcludeDeps): Promise<void> {
  try {
    await deps.sagemaker.send(new DeleteCompilationJobCommand({ CompilationJobName: name }));
    deps.log({ message: 'deleted', compilationJob: name });
  } catch (error) {
    if (!isNotFound(error)) { throw error; }
  }
}
