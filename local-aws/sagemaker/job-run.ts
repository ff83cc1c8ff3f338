import { Iam } from '../iam';
import { Call } from '../kernel';
import { Logs } from '../logs';
import { BenchmarkRun, digest, InferenceRecommendation } from './benchmarks';
import { beginCompilation, endCompilation } from './compilation-jobs';
import { unreadable } from './inputs';
import { Job, Step } from './state';

/** The log group belongs to the account: the service creates it, and it stays after the jobs' stacks are deleted. */
const LOG_GROUP = '/aws/sagemaker/InferenceRecommendationsJobs';
const STARTUP_SECONDS = 60;
const STOP_MS = 2 * 60_000;

/** The benchmarks of a job, before their start, with ids computed from the job's name. */
export function stepsOf(
  jobName: string, { recommendations, failedSteps = [] }: BenchmarkRun, environment: Readonly<Record<string, string>> = {},
): Step[] {
  const ids = (given: string | undefined, index: number) => given?.split('/').pop() ?? digest(`${jobName}/${index}`).slice(0, 8);
  const pending = { status: 'PENDING', benchmark: { ModelConfiguration: {} } } as const;
  return [
    ...recommendations.map((found, index) => {
      const id = ids(found.RecommendationId, index);
      const endpoint = { EndpointName: `sm-epc-${id}`, VariantName: `sm-epc-${id}`, ...found.EndpointConfiguration };
      return { ...pending, key: id, recommendation: { ...inWhole(found, environment), RecommendationId: `${jobName}/${id}`, EndpointConfiguration: endpoint } };
    }),
    ...failedSteps.map(({ failureReason, EndpointConfiguration }, index) => {
      const id = ids(undefined, recommendations.length + index);
      const endpoint = { EndpointName: `sm-epc-${id}`, VariantName: `sm-epc-${id}`, ...EndpointConfiguration };
      return { ...pending, key: id, failureReason, benchmark: { EndpointConfiguration: endpoint, ModelConfiguration: {} } };
    }),
  ];
}

/** A tuned row names the container's whole environment, as a published notebook's output shows. */
function inWhole(found: InferenceRecommendation, environment: Readonly<Record<string, string>>): InferenceRecommendation {
  const tuned: any[] = found.ModelConfiguration.EnvironmentParameters ?? [];
  if (tuned.length === 0) { return found; }
  const others = Object.entries(environment).filter(([name]) => !tuned.some(({ Key }) => Key === name));
  const EnvironmentParameters = [...others.map(([Key, Value]) => ({ Key, ValueType: 'String', Value })), ...tuned];
  return { ...found, ModelConfiguration: { ...found.ModelConfiguration, EnvironmentParameters } };
}

/** Runs a job's benchmarks, one after the other, until the end or until the job is stopped. */
export async function run(job: Job, call: Call): Promise<void> {
  const { clock } = call.region;
  const startup = Math.min(job.run.startupSeconds ?? STARTUP_SECONDS, job.run.durationSeconds) * 1000;
  const end = clock.now() + job.run.durationSeconds * 1000;
  await clock.sleep(startup);
  if (job.status !== 'PENDING') { return; }
  set(job, 'IN_PROGRESS', call);
  const unread = job.inputs?.map((uri) => unreadable(uri, job.request.RoleArn, call.region)).find((why) => why !== undefined);
  if (unread !== undefined) {
    fail(job, `The job cannot read its input: ${unread}.`, call);
    return;
  }
  const begun = clock.now();
  for (const [index, step] of job.steps.entries()) {
    const started = new Date(clock.now());
    step.status = 'IN_PROGRESS';
    compile(step, job, call);
    await clock.sleep(Math.round(begun + (end - begun) * (index + 1) / job.steps.length) - clock.now());
    if (isStopped(job) || hasLostRole(job, call)) { return; }
    finish(step, job, started, call);
  }
  if (job.steps.length === 0) { await clock.sleep(end - begun); }
  if (isStopped(job) || hasLostRole(job, call)) { return; }
  const outcome = job.run.outcome ?? 'COMPLETED';
  job.failureReason = outcome === 'FAILED' ? job.run.failureReason ?? 'The benchmarks failed.' : undefined;
  set(job, outcome, call);
  job.completed = job.modified;
}

/** Ends a job that is being stopped, after its own delay. */
export async function stop(job: Job, call: Call): Promise<void> {
  job.steps.filter(({ status }) => status === 'IN_PROGRESS').forEach((step) => { step.status = 'STOPPING'; });
  await call.region.clock.sleep(STOP_MS);
  job.steps.filter(({ status }) => status === 'STOPPING' || status === 'PENDING').forEach((step) => {
    step.status = 'STOPPED';
    endCompilation(step.recommendation?.ModelConfiguration.CompilationJobName, 'STOPPED', call);
  });
  set(job, 'STOPPED', call);
  job.completed = job.modified;
}

export function set(job: Job, status: Job['status'], call: Call): void {
  job.status = status;
  tell(job, call);
  job.modified = new Date(call.region.clock.now());
}

/** Logs the status of a job. */
export function tell({ request: { JobName: name }, status }: Job, call: Call): void {
  call.region.room(Logs).append(LOG_GROUP, `Inference Recommender job ${name} is ${status}`, `${name}/execution`);
}

/** A job whose role was deleted can do nothing more. The words are the local AWS's own. */
function hasLostRole(job: Job, call: Call): boolean {
  const { RoleArn } = job.request;
  if (!call.region.room(Iam).wasDeleted(RoleArn)) { return false; }
  fail(job, `SageMaker cannot assume the role ${RoleArn}: it was deleted.`, call);
  return true;
}

/** Ends a job and what is left of its benchmarks. */
function fail(job: Job, reason: string, call: Call): void {
  job.steps.filter(({ status }) => status === 'IN_PROGRESS' || status === 'PENDING').forEach((step) => {
    step.status = 'FAILED';
    step.benchmark = { ...step.benchmark, FailureReason: reason };
    endCompilation(step.recommendation?.ModelConfiguration.CompilationJobName, 'STOPPED', call);
  });
  job.failureReason = reason;
  set(job, 'FAILED', call);
  job.completed = job.modified;
}

function isStopped(job: Job): boolean {
  return job.status === 'STOPPING' || job.status === 'STOPPED';
}

function finish(step: Step, job: Job, started: Date, call: Call): void {
  const times = { InvocationStartTime: started, InvocationEndTime: new Date(call.region.clock.now()) };
  if (step.recommendation === undefined) {
    step.status = 'FAILED';
    step.benchmark = { ...step.benchmark, FailureReason: step.failureReason, ...times };
    call.region.room(Logs).append(LOG_GROUP, `Benchmark ${step.key} failed: ${step.failureReason}`, `${job.request.JobName}/execution`);
    return;
  }
  const { Metrics, EndpointConfiguration, ModelConfiguration } = step.recommendation;
  step.status = 'COMPLETED';
  Object.assign(step.recommendation, times);
  step.benchmark = { Metrics, EndpointConfiguration, ModelConfiguration, ...times };
  endCompilation(ModelConfiguration.CompilationJobName, 'COMPLETED', call);
}

function compile({ recommendation }: Step, job: Job, call: Call): void {
  const { InputConfig, OutputConfig, RoleArn } = job.request;
  const name = recommendation?.ModelConfiguration.CompilationJobName;
  if (name === undefined) { return; }
  beginCompilation({
    name,
    roleArn: RoleArn,
    instanceType: recommendation!.EndpointConfiguration.InstanceType,
    outputUri: OutputConfig?.CompiledOutputConfig?.S3OutputUri,
    packageArn: InputConfig.ModelPackageVersionArn,
    container: { ...job.container, Framework: InputConfig.ContainerConfig?.Framework ?? job.container.Framework },
  }, call);
}
