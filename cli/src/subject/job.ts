import {
  DescribeInferenceRecommendationsJobCommandOutput, InferenceRecommendationsJobStep, ListTagsCommand, ListTagsCommandOutput, SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { Endpoint, endpointOf } from './endpoint';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import { usdAtLeast } from '../../../lambda/jobs/inference-recommendations/cost';
import { inferenceRecommendations } from '../../../lambda/jobs/inference-recommendations/family';
import { described } from '../../../lambda/jobs/inference-recommendations/reader';
import { inferenceRecommendationsResults } from '../../../lambda/jobs/inference-recommendations/results';
import { stepsOf } from '../../../lambda/jobs/inference-recommendations/steps';
import { JobPhase, RECOMMENDATIONS_JOB_STATUSES } from '../../../src/service/job-status';
import { METRICS, MetricName } from '../../../src/service/limits';

export { JOBS_TELEMETRY as LOG_GROUP } from '../../../src/service/console-link';

/** A job, with all that the service tells of it. */
export interface JobView {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly phase: JobPhase;
  readonly type: 'Default' | 'Advanced';
  readonly failureReason?: string;
  readonly created?: Date;
  /** When it ended, in whatever way. */
  readonly ended?: Date;
  readonly roleArn?: string;
  /** The package or the model that it benchmarks. */
  readonly packageArn?: string;
  readonly modelName?: string;
  readonly benchmarks: readonly Benchmark[];
  /** What it has cost at least, by the times of its requests. US dollars. */
  readonly usdAtLeast?: number;
  /** Empty until the job has completed. Of an environment, only what the job tuned. */
  readonly recommendations: readonly JobRecommendation[];
  readonly tags: Readonly<Record<string, string>>;
  /** The service's own answer. It may have secrets in its environments: no verb prints it. */
  readonly described: DescribeInferenceRecommendationsJobCommandOutput;
}

/** One of the endpoints that a job tries. */
export interface Benchmark {
  readonly endpoint: Endpoint;
  /** PENDING, IN_PROGRESS, COMPLETED, FAILED, STOPPING or STOPPED. */
  readonly status: string;
  readonly type: string;
  /** Of the endpoint's figures, what is known by now. NaN is unknown. */
  readonly figures: Readonly<Record<MetricName, number>>;
  readonly failureReason?: string;
  readonly started?: Date;
  readonly ended?: Date;
  /** The log stream of the endpoint, in `LOG_GROUP`. */
  readonly logStream?: string;
}

/** `undefined` if the service does not know the job. */
export async function readJob(sagemaker: SageMakerClient, name: string): Promise<JobView | undefined> {
  const found = await described(sagemaker, name);
  if (!found) { return undefined; }
  const phase = RECOMMENDATIONS_JOB_STATUSES.phaseOf(found.Status);
  const [results, steps, tags] = await Promise.all([
    phase === 'completed' ? inferenceRecommendationsResults.describe(sagemaker, name) : undefined,
    stepsOf(sagemaker, name),
    tagsOf(sagemaker, found.JobArn!),
  ]);
  return {
    name,
    arn: found.JobArn!,
    status: found.Status!,
    phase,
    type: found.JobType === 'Advanced' ? 'Advanced' : 'Default',
    failureReason: found.FailureReason,
    created: found.CreationTime,
    ended: phase === 'running' || phase === 'ending' ? undefined : found.CompletionTime ?? found.LastModifiedTime,
    roleArn: found.RoleArn,
    packageArn: found.InputConfig?.ModelPackageVersionArn,
    modelName: found.InputConfig?.ModelName,
    benchmarks: steps.map((step) => benchmarkOf(name, step)),
    usdAtLeast: usdAtLeast(found.JobArn!, steps),
    recommendations: results?.recommendations ?? [],
    tags,
    described: found,
  };
}

export function benchmarkOf(jobName: string, { Status, StepType, InferenceBenchmark: benchmark }: InferenceRecommendationsJobStep): Benchmark {
  const metrics = benchmark?.Metrics;
  const existing = benchmark?.EndpointMetrics;
  const name = benchmark?.EndpointConfiguration?.EndpointName;
  return {
    endpoint: endpointOf(benchmark?.EndpointConfiguration, benchmark?.ModelConfiguration),
    status: Status ?? 'PENDING',
    type: StepType ?? 'BENCHMARK',
    figures: Object.fromEntries(METRICS.map((metric) => {
      const value = metrics?.[metric] ?? (metric === 'MaxInvocations' || metric === 'ModelLatency' ? existing?.[metric] : undefined);
      return [metric, value !== undefined && Number.isFinite(value) ? value : NaN];
    })) as Record<MetricName, number>,
    failureReason: benchmark?.FailureReason,
    started: benchmark?.InvocationStartTime,
    ended: benchmark?.InvocationEndTime,
    logStream: name && `${jobName}/Endpoint/${name}`,
  };
}

/** Without tags where the user may not read them: nothing but a name is lost. */
async function tagsOf(sagemaker: SageMakerClient, ResourceArn: string): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  let NextToken: string | undefined;
  do {
    const page: ListTagsCommandOutput = await sagemaker.send(new ListTagsCommand({ ResourceArn, NextToken }));
    for (const { Key, Value } of page.Tags ?? []) { tags[Key!] = Value!; }
    NextToken = page.NextToken;
  } while (NextToken);
  return tags;
}

/** Minutes that a job may take at most: the service ends an instance recommendation after 45 minutes. */
export function mostMinutes({ type, described: { InputConfig: input } }: Pick<JobView, 'type' | 'described'>): number {
  return type === 'Default' ? 45 : (input?.JobDurationInSeconds ?? 7200) / 60;
}

/** The names of the jobs in a namespace, the newest first. */
export async function jobsWithPrefix(sagemaker: SageMakerClient, namespace: string): Promise<string[]> {
  const listed = (await inferenceRecommendations.list(sagemaker, `${namespace}-`)).filter(({ name }) => name.startsWith(`${namespace}-`));
  return listed.sort((a, b) => (b.created?.getTime() ?? 0) - (a.created?.getTime() ?? 0)).map(({ name }) => name);
}
