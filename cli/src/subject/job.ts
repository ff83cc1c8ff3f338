import { DescribeInferenceRecommendationsJobCommandOutput, InferenceRecommendationsJobStep, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { Endpoint, endpointOf } from './endpoint';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import { usdAtLeast } from '../../../lambda/jobs/inference-recommendations/cost';
import { inferenceRecommendations } from '../../../lambda/jobs/inference-recommendations/family';
import { described, jobOf } from '../../../lambda/jobs/inference-recommendations/reader';
import { recommendationsOf } from '../../../lambda/jobs/inference-recommendations/results';
import { stepsOf } from '../../../lambda/jobs/inference-recommendations/steps';
import { newestAttempt } from '../../../lambda/jobs/jobs';
import { Tags, tagsOf } from '../../../lambda/runtime/tags';
import { longestSeconds } from '../../../src/service/job-rules';
import { JobPhase, RECOMMENDATIONS_JOB_STATUSES } from '../../../src/service/job-status';
import { METRICS, MetricName } from '../../../src/service/limits';
import { isDenied } from '../account/sentences';

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
  return found && viewOf(sagemaker, found);
}

/** The newest attempt of a job. `undefined` if the service knows none. */
export async function readNewest(sagemaker: SageMakerClient, id: string): Promise<JobView | undefined> {
  const newest = await newestAttempt({
    describe: async (_client, name) => {
      const found = await described(sagemaker, name);
      return found && { ...jobOf(found), found };
    },
  }, sagemaker, id);
  return newest && viewOf(sagemaker, newest.job.found);
}

async function viewOf(sagemaker: SageMakerClient, found: DescribeInferenceRecommendationsJobCommandOutput): Promise<JobView> {
  const name = found.JobName!;
  const phase = RECOMMENDATIONS_JOB_STATUSES.phaseOf(found.Status);
  const [recommendations, steps, tags] = await Promise.all([
    phase === 'completed' ? recommendationsOf(sagemaker, found) : [],
    stepsOf(sagemaker, name),
    readableTags(sagemaker, found.JobArn!),
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
    recommendations,
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

/** Without tags where the user may not read them: what they tell is lost, and the rest is not. */
async function readableTags(sagemaker: SageMakerClient, arn: string): Promise<Tags> {
  try {
    return await tagsOf(sagemaker, arn);
  } catch (error) {
    if (isDenied(error)) { return {}; }
    throw error;
  }
}

/** Minutes that a job may take at most. */
export function mostMinutes({ type, described: { InputConfig: input } }: Pick<JobView, 'type' | 'described'>): number {
  return longestSeconds(type, input?.JobDurationInSeconds) / 60;
}

/** The names of the jobs in a namespace, the newest first. */
export async function jobsWithPrefix(sagemaker: SageMakerClient, namespace: string): Promise<string[]> {
  const listed = (await inferenceRecommendations.list(sagemaker, `${namespace}-`)).filter(({ name }) => name.startsWith(`${namespace}-`));
  return listed.sort((a, b) => (b.created?.getTime() ?? 0) - (a.created?.getTime() ?? 0)).map(({ name }) => name);
}
