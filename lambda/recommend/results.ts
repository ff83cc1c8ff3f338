import type { EndpointOutputConfiguration, InferenceRecommendationsJobStep } from '@aws-sdk/client-sagemaker';
import { asStrings } from './attributes';
import type { ResultsAttribute } from '../../src/contract/contract';
import { Attributes, MAX_ANSWER_BYTES } from '../runtime/answer';
import type { Job } from '../jobs/jobs';

/** What an answer needs besides the steps: the other attributes, and CloudFormation's own members. */
const RESERVED_BYTES = 1500;
const LONGEST_REASON = 200;

/** What a job found besides its recommendations. */
export function resultsOf(job: Job, steps: readonly InferenceRecommendationsJobStep[]): Attributes {
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

/** One benchmark, by the API's names, without what an answer has no room for. */
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

/** JSON has no NaN: it goes as the word that the service sends. */
function withNaN(metrics: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number.isNaN(value) ? 'NaN' : value]));
}

/** As JSON, as many of the first as an answer has room for: quotes are escaped once more in the answer. */
function fitting(rows: Array<Record<string, unknown>>): string {
  for (let count = rows.length; count > 0; count--) {
    const text = JSON.stringify(rows.slice(0, count));
    if (Buffer.byteLength(JSON.stringify(text)) <= MAX_ANSWER_BYTES - RESERVED_BYTES) { return text; }
  }
  return '[]';
}
