import type { DescribeInferenceRecommendationsJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { choiceOf } from './choice';
import { benchmarkOf, JobView } from './job';
import type { Subject } from './subject';
import { isCompiled, UNKNOWN } from '../../../lambda/jobs/inference-recommendations/benchmarked';
import { usdAtLeast } from '../../../lambda/jobs/inference-recommendations/cost';
import { recommendationOf } from '../../../lambda/jobs/inference-recommendations/recommendations';
import { variedNames } from '../../../lambda/jobs/inference-recommendations/varied';
import { recordedJob } from '../../../local-aws';
import { RECOMMENDATIONS_JOB_STATUSES } from '../../../src/service/job-status';

/**
 * A job as `aws sagemaker describe-inference-recommendations-job` has printed it, without an account. No stack chooses from it, so the cheapest one by
 * request is chosen.
 *
 * @throws Error that says in one sentence what the file has, and what is expected
 */
export function recordedSubject(text: string, file: string): Subject {
  const job = viewOf(text, file);
  return { jobs: [{ job, jobName: job.name, choices: [choiceOf(job)] }] };
}

function viewOf(text: string, file: string): JobView {
  const { answer, type = 'Default', status, failureReason, recommendations: rows, created, ended } = found(text, file);
  const name = String(answer.JobName ?? file.split(/[\\/]/).pop());
  // Dates are text or seconds here; the view has those that it needs of its own.
  const described = answer as unknown as DescribeInferenceRecommendationsJobCommandOutput;
  const varied = variedNames(described, rows);
  const timeOf = (row: number, member: string) => moment(answer.InferenceRecommendations?.[row]?.[member]);
  // The answer has no steps: each result is one.
  const steps = rows.map((row, at) => ({
    JobName: name,
    StepType: 'BENCHMARK' as const,
    Status: 'COMPLETED' as const,
    InferenceBenchmark: { ...row, InvocationStartTime: timeOf(at, 'InvocationStartTime'), InvocationEndTime: timeOf(at, 'InvocationEndTime') } as any,
  }));
  const phase = RECOMMENDATIONS_JOB_STATUSES.phaseOf(status);
  return {
    name,
    arn: answer.JobArn ?? '',
    status,
    phase,
    type,
    failureReason,
    created: created === undefined ? undefined : new Date(created),
    ended: ended === undefined ? undefined : new Date(ended),
    roleArn: answer.RoleArn,
    packageArn: answer.InputConfig?.ModelPackageVersionArn,
    modelName: answer.InputConfig?.ModelName,
    benchmarks: steps.map((step) => benchmarkOf(name, step)),
    usdAtLeast: usdAtLeast(answer.JobArn ?? '', steps),
    recommendations: phase === 'completed' ? rows.map((row) => recommendationOf(row as any, varied, isCompiled(described, row as any, UNKNOWN))) : [],
    tags: {},
    described,
  };
}

function found(text: string, file: string) {
  try {
    return recordedJob(text);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** ISO text, or seconds since 1970: the command prints either. */
function moment(given: unknown): Date | undefined {
  const time = typeof given === 'number' ? given * 1000 : typeof given === 'string' ? Date.parse(given) : NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}
