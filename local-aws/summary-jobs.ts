import { AIJob } from './sagemaker';
import { Region } from './world';
import { PaidBenchmark } from '../src/service/benchmark-cost';

/** A job of any family. */
export interface AnyJob {
  readonly name: string;
  readonly type: string;
  /** That has made it. */
  readonly operation: string;
  readonly created: Date;
  readonly ended?: Date;
  readonly status: string;
  readonly reason?: string;
  readonly benchmarks: readonly PaidBenchmark[];
}

/** The jobs of all families. */
export function jobsOf({ sagemaker: { state } }: Region): AnyJob[] {
  const benchmarkJobs = [...state.aiBenchmarkJobs.values()];
  const generative = (type: string, benchmarks: AnyJob['benchmarks'], { name, created, ended, status, failureReason }: AIJob): AnyJob => (
    { name, type, operation: `Create${type}Job`, created, ended, status, reason: failureReason, benchmarks }
  );
  return [
    ...[...state.jobs.values()].map(({ request, created, completed, status, failureReason, steps }) => ({
      name: request.JobName,
      type: request.JobType,
      operation: 'CreateInferenceRecommendationsJob',
      created,
      ended: completed,
      status,
      reason: failureReason,
      benchmarks: steps.map(({ benchmark }) => benchmark),
    })),
    ...[...state.aiRecommendationJobs.values()].map((job) => generative('AIRecommendation', job.recommendations?.map(({ DeploymentConfiguration, AIBenchmarkJobArn }) => {
      const { InstanceType, InstanceCount } = DeploymentConfiguration;
      const { started, ended } = benchmarkJobs.find(({ arn }) => arn === AIBenchmarkJobArn) ?? {};
      return { EndpointConfiguration: { InstanceType, InitialInstanceCount: InstanceCount }, InvocationStartTime: started, InvocationEndTime: ended };
    }) ?? [], job)),
    // Those of recommendation jobs count there. The others run on an endpoint that is there anyway.
    ...benchmarkJobs.filter(({ parent }) => parent === undefined).map((job) => generative('AIBenchmark', [], job)),
  ];
}

export function minutes(milliseconds: number): number {
  return Math.round(milliseconds / 6_000) / 10;
}

export function instanceMinutes(benchmarks: readonly PaidBenchmark[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { EndpointConfiguration, InvocationStartTime: start, InvocationEndTime: end } of benchmarks) {
    const { InstanceType, InitialInstanceCount = 1 } = EndpointConfiguration ?? {};
    if (InstanceType === undefined || start === undefined || end === undefined) { continue; }
    sums[InstanceType] = Math.round(((sums[InstanceType] ?? 0) + minutes(end.getTime() - start.getTime()) * InitialInstanceCount) * 10) / 10;
  }
  return sums;
}
