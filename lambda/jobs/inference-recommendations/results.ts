import {
  DescribeInferenceRecommendationsJobCommand, DescribeInferenceRecommendationsJobCommandOutput, EndpointOutputConfiguration,
  InferenceRecommendationsJobStep,
} from '@aws-sdk/client-sagemaker';
import { benchmarkedBy, isCompiled } from './benchmarked';
import { costAtLeast } from './cost';
import { described, inferenceRecommendationsReader, jobOf } from './reader';
import { recommendationOf } from './recommendations';
import { stepsOf } from './steps';
import { variedNames, variedOf } from './varied';
import type { ResultsAttribute } from '../../../src/contract/recommend';
import { jobLink } from '../../../src/service/console-link';
import { asStrings, Attributes, bytesLeft, fittingJson, withNaN } from '../../runtime/answer';
import type { SageMakerApi, SageMakerDeps } from '../../runtime/deps';
import type { JobRecommendation, JobResultsReader, JobWithRecommendations } from '../family';

const LONGEST_REASON = 200;

/** Reads jobs of SageMaker Inference Recommender, with all their results. */
export const inferenceRecommendationsResults = {
  ...inferenceRecommendationsReader,

  async describe(sagemaker: SageMakerApi, jobName: string): Promise<JobWithRecommendations | undefined> {
    const found = await described(sagemaker, jobName);
    if (!found) { return undefined; }
    return { ...jobOf(found), recommendations: await recommendationsOf(sagemaker, found) };
  },

  link({ name, arn }) {
    return jobLink(arn.split(':')[3], name);
  },

  async results(deps: SageMakerDeps, jobName: string) {
    const job = await deps.sagemaker.send(new DescribeInferenceRecommendationsJobCommand({ JobName: jobName }));
    const steps = await withVaried(deps.sagemaker, job, await stepsOf(deps.sagemaker, jobName));
    // An answer may have no room for all of a step.
    steps.forEach((step) => deps.log({ message: 'benchmark', jobName, step }));
    return resultsOf(job, steps);
  },
} satisfies JobResultsReader;

/** What a job that is described recommends. */
export async function recommendationsOf(
  sagemaker: SageMakerApi, found: DescribeInferenceRecommendationsJobCommandOutput,
): Promise<JobRecommendation[]> {
  const rows = found.InferenceRecommendations ?? [];
  const benchmarked = await benchmarkedBy(sagemaker, found, rows);
  const varied = variedNames(found, rows, benchmarked);
  return rows.map((row) => recommendationOf(row, varied, isCompiled(found, row, benchmarked)));
}

/** The benchmarks, without the variables that the job did not vary. */
async function withVaried(
  sagemaker: SageMakerApi, job: DescribeInferenceRecommendationsJobCommandOutput, steps: readonly InferenceRecommendationsJobStep[],
): Promise<InferenceRecommendationsJobStep[]> {
  // A failed benchmark tells nothing of its environment.
  const benchmarks = steps.flatMap(({ InferenceBenchmark: benchmark }) => (benchmark?.ModelConfiguration?.EnvironmentParameters ? [benchmark] : []));
  const rows = [...job.InferenceRecommendations ?? [], ...benchmarks];
  const varied = variedNames(job, rows, await benchmarkedBy(sagemaker, job, rows));
  return steps.map(({ InferenceBenchmark: benchmark, ...step }) => ({
    ...step,
    InferenceBenchmark: benchmark && {
      ...benchmark,
      ModelConfiguration: benchmark.ModelConfiguration?.EnvironmentParameters
        ? { ...benchmark.ModelConfiguration, EnvironmentParameters: variedOf(benchmark, varied) } : benchmark.ModelConfiguration,
    },
  }));
}

/** The results of a job besides its recommendations. */
function resultsOf(job: DescribeInferenceRecommendationsJobCommandOutput, steps: readonly InferenceRecommendationsJobStep[]): Attributes {
  const [existing] = job.EndpointPerformances ?? [];
  const attributes: Record<ResultsAttribute, string | number | undefined> = {
    JobName: job.JobName,
    JobArn: job.JobArn,
    Status: job.Status,
    CreationTime: job.CreationTime?.toISOString(),
    CompletionTime: job.CompletionTime?.toISOString(),
    LastModifiedTime: job.LastModifiedTime?.toISOString(),
    RecommendationCount: job.InferenceRecommendations?.length ?? 0,
    ExistingEndpointName: existing?.EndpointInfo?.EndpointName,
    ExistingEndpointMaxInvocations: existing?.Metrics?.MaxInvocations,
    ExistingEndpointModelLatency: existing?.Metrics?.ModelLatency,
    BenchmarkStepCount: steps.length,
    BenchmarkSteps: '',
    CostAtLeast: costAtLeast(job.JobArn!, steps),
  };
  attributes.BenchmarkSteps = fittingJson(steps.map(summaryOf), bytesLeft(asStrings(attributes)));
  return asStrings(attributes);
}

/** One benchmark, with the API's names, without the members that do not fit into an answer. */
function summaryOf({ Status, InferenceBenchmark: benchmark }: InferenceRecommendationsJobStep): Record<string, unknown> {
  const { EndpointName, VariantName: _variant, ...endpoint }: Partial<EndpointOutputConfiguration> = benchmark?.EndpointConfiguration ?? {};
  return {
    Status,
    ...endpoint,
    EndpointName: endpoint.InstanceType || endpoint.ServerlessConfig ? undefined : EndpointName,
    ...benchmark?.ModelConfiguration,
    Metrics: benchmark?.Metrics && withNaN(benchmark.Metrics),
    EndpointMetrics: benchmark?.EndpointMetrics && withNaN(benchmark.EndpointMetrics),
    FailureReason: benchmark?.FailureReason?.slice(0, LONGEST_REASON),
  };
}
