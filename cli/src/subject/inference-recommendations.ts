import type { DescribeInferenceRecommendationsJobCommandOutput, InferenceRecommendationsJobStep, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { endpointOf } from './endpoint';
import { Benchmark, JobView, JobViewer, moment, readableTags, requestIn, viewOf } from './job';
import { isCompiled, UNKNOWN } from '../../../lambda/jobs/inference-recommendations/benchmarked';
import { usdAtLeast } from '../../../lambda/jobs/inference-recommendations/cost';
import { inferenceRecommendations } from '../../../lambda/jobs/inference-recommendations/family';
import { described, jobOf } from '../../../lambda/jobs/inference-recommendations/reader';
import { recommendationOf } from '../../../lambda/jobs/inference-recommendations/recommendations';
import { inferenceRecommendationsResults, recommendationsOf } from '../../../lambda/jobs/inference-recommendations/results';
import { stepsOf } from '../../../lambda/jobs/inference-recommendations/steps';
import { variedNames } from '../../../lambda/jobs/inference-recommendations/varied';
import { recordedJob } from '../../../local-aws';
import { longestSeconds } from '../../../src/service/job-rules';
import { METRICS } from '../../../src/service/limits';
import { JOB_SHAPES } from '../../../src/service/shapes';
import type { Account } from '../account/account';

type Found = DescribeInferenceRecommendationsJobCommandOutput;
type Step = InferenceRecommendationsJobStep;

const KEY = { reader: inferenceRecommendationsResults, noun: 'job' };

/** Shows jobs of SageMaker Inference Recommender. */
export const inferenceRecommendationsViewer: JobViewer = {
  ...KEY,
  arnResource: 'inference-recommendations-job',
  list: inferenceRecommendations.list,
  described: (sagemaker: SageMakerClient, name) => described(sagemaker, name),
  jobOf,

  async viewOf(found: Found, { sagemaker }: Account) {
    const isCompleted = jobOf(found).phase === 'completed';
    const [recommendations, steps, tags] = await Promise.all([
      isCompleted ? recommendationsOf(sagemaker, found) : [],
      stepsOf(sagemaker, found.JobName!),
      readableTags(sagemaker, found.JobArn!),
    ]);
    return jobView(found, steps, { recommendations, tags });
  },

  isRecorded: (answer) => ['InferenceRecommendations', 'JobName', 'Status'].some((name) => answer[name] !== undefined),
  recorded: (_answer, text, file) => recordedView(text, file),
};

function jobView(found: Found, steps: readonly Step[], told: Pick<JobView, 'recommendations' | 'tags'>): JobView {
  const type = found.JobType === 'Advanced' ? 'Advanced' : 'Default';
  const { ModelPackageVersionArn, ModelName, JobDurationInSeconds, Endpoints } = found.InputConfig ?? {};
  return viewOf(KEY, jobOf(found), {
    title: type === 'Advanced' ? 'load test' : 'instance recommendation',
    type,
    ended: found.CompletionTime ?? found.LastModifiedTime,
    mostMinutes: longestSeconds(type, JobDurationInSeconds) / 60,
    mayTakeHours: type === 'Advanced',
    roleArn: found.RoleArn,
    target: ModelPackageVersionArn ?? ModelName,
    endpointName: found.EndpointPerformances?.[0]?.EndpointInfo?.EndpointName ?? Endpoints?.[0]?.EndpointName,
    benchmarks: steps.map((step) => benchmarkOf(found.JobName!, step)),
    usdAtLeast: usdAtLeast(found.JobArn!, steps),
    request: requestIn(JOB_SHAPES, 'CreateInferenceRecommendationsJobRequest', found),
    ...told,
  });
}

export function benchmarkOf(jobName: string, { Status, StepType, InferenceBenchmark: benchmark }: Step): Benchmark {
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
    })),
    failureReason: benchmark?.FailureReason,
    started: benchmark?.InvocationStartTime,
    ended: benchmark?.InvocationEndTime,
    logStream: name && `${jobName}/Endpoint/${name}`,
  };
}

/** A job as `aws sagemaker describe-inference-recommendations-job` has printed it. */
function recordedView(text: string, file: string): JobView {
  const { answer, type = 'Default', status, failureReason, recommendations: rows, created, ended } = recordedJob(text);
  const date = (time: number | undefined) => (time === undefined ? undefined : new Date(time));
  const found = {
    ...answer,
    JobName: String(answer.JobName ?? file.split(/[\\/]/).pop()),
    JobArn: answer.JobArn ?? '',
    JobType: type,
    Status: status,
    FailureReason: failureReason,
    CreationTime: date(created),
    CompletionTime: date(ended),
    LastModifiedTime: undefined,
  } as unknown as Found;
  const varied = variedNames(answer as unknown as Found, rows);
  const timeOf = (row: number, member: string) => moment(answer.InferenceRecommendations?.[row]?.[member]);
  // The answer has no steps: each result is one.
  const steps = rows.map((row, at): Step => ({
    JobName: found.JobName!,
    StepType: 'BENCHMARK',
    Status: 'COMPLETED',
    InferenceBenchmark: { ...row, InvocationStartTime: timeOf(at, 'InvocationStartTime'), InvocationEndTime: timeOf(at, 'InvocationEndTime') } as any,
  }));
  const recommendations = jobOf(found).phase === 'completed'
    ? rows.map((row) => recommendationOf(row as any, varied, isCompiled(found, row as any, UNKNOWN))) : [];
  return jobView(found, steps, { recommendations, tags: {} });
}
