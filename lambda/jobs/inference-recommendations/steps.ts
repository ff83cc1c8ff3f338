import {
  DeleteCompilationJobCommand, DescribeInferenceRecommendationsJobCommand, DescribeInferenceRecommendationsJobCommandOutput, EndpointOutputConfiguration,
  InferenceRecommendationsJobStep, ListInferenceRecommendationsJobStepsCommand, ListInferenceRecommendationsJobStepsCommandOutput,
} from '@aws-sdk/client-sagemaker';
import type { ResultsAttribute } from '../../../src/contract/recommend';
import { asStrings, Attributes, MAX_ANSWER_BYTES } from '../../runtime/answer';
import type { SageMakerApi, SageMakerDeps } from '../../runtime/deps';
import { isNotFound } from '../../runtime/errors';

/** Room for the rest of an answer: the other attributes, and CloudFormation's own members. */
const RESERVED_BYTES = 1500;
const LONGEST_REASON = 200;

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

/** The results of a job besides its recommendations. */
export function resultsOf(job: DescribeInferenceRecommendationsJobCommandOutput, steps: readonly InferenceRecommendationsJobStep[]): Attributes {
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
    BenchmarkSteps: fitting(steps.map(summaryOf)),
  };
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

/** JSON has no NaN, so NaN becomes the word that the service sends. */
function withNaN(metrics: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number.isNaN(value) ? 'NaN' : value]));
}

/** As JSON, as many of the first as fit into an answer. The answer escapes quotes once more. */
function fitting(summaries: Array<Record<string, unknown>>): string {
  for (let count = summaries.length; count > 0; count--) {
    const text = JSON.stringify(summaries.slice(0, count));
    if (Buffer.byteLength(JSON.stringify(text)) <= MAX_ANSWER_BYTES - RESERVED_BYTES) { return text; }
  }
  return '[]';
}
