import { BenchmarkRun, digest, InferenceRecommendation } from './benchmarks';
import { beginCompilation, endCompilation } from './compilation-jobs';
import { unreadable } from './inputs';
import { Job, Step } from './state';
import { STARTUP_SECONDS, stepTimes } from './step-times';
import { JOBS_TELEMETRY } from '../../src/service/console-link';
import { Iam } from '../iam';
import { Call } from '../kernel';
import { Logs } from '../logs';

/** What containers of benchmarks log: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-troubleshooting.html (Check CloudWatch) */
const ENDPOINT_LOGS = '/aws/sagemaker/Endpoints/';
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
    ...failedSteps.map(({ EndpointConfiguration, ...failed }, index) => {
      const id = ids(undefined, recommendations.length + index);
      const endpoint = { EndpointName: `sm-epc-${id}`, VariantName: `sm-epc-${id}`, ...EndpointConfiguration };
      return { ...pending, key: id, ...failed, benchmark: { EndpointConfiguration: endpoint, ModelConfiguration: {} } };
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

/** Runs a job's benchmarks until the end, or until the job is stopped. */
export async function run(job: Job, call: Call): Promise<void> {
  const { clock } = call.region;
  if (job.run.note) { log(job, job.run.note, call); }
  set(job, 'PENDING', call);
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
  for (const { at, happen } of happenings(job, (end - begun) / 1000, call)) {
    await until(Math.round(begun + at * 1000), call);
    if (isStopped(job) || hasLostRole(job, call)) { return; }
    happen();
  }
  await until(end, call);
  if (isStopped(job) || hasLostRole(job, call)) { return; }
  const outcome = job.run.outcome ?? 'COMPLETED';
  job.failureReason = outcome === 'FAILED' ? job.run.failureReason ?? 'The benchmarks failed.' : undefined;
  set(job, outcome, call);
  job.completed = job.modified;
}

/** Does not sleep if the moment has come: what else is due at it would be first. */
async function until(moment: number, { region: { clock } }: Call): Promise<void> {
  if (moment > clock.now()) { await clock.sleep(moment - clock.now()); }
}

/** The begins and ends of the benchmarks, in their order in time: at one moment, what ends comes first. */
function happenings(job: Job, total: number, call: Call): Array<{ readonly at: number; readonly happen: () => void }> {
  const times = stepTimes(job.run, job.steps.length, total);
  const all = job.steps.flatMap((step, index) => {
    const { begin: from, end: to } = times[index];
    const begins = to > from || step.recommendation !== undefined;
    return [
      ...begins ? [{ at: from, order: 2 * index + 1, happen: () => { begin(step, job, call); } }] : [],
      { at: to, order: 2 * index + (to > from ? 0 : 1.5), happen: () => { finish(step, job, call); } },
    ];
  });
  return all.sort((a, b) => a.at - b.at || a.order - b.order);
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
  log(job, `Inference Recommender job ${job.request.JobName} is ${status}${job.failureReason ? `: ${job.failureReason}` : ''}`, call);
  job.modified = new Date(call.region.clock.now());
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

/**
 * A line in the job's stream, or in the one of a benchmark's endpoint. The log group is the account's, and outlives the jobs' stacks.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-cloudwatch.html
 */
function log({ request: { JobName } }: Job, line: string, call: Call, endpoint?: string): void {
  call.region.room(Logs).append(JOBS_TELEMETRY, line, `${JobName}/${endpoint === undefined ? 'execution' : `Endpoint/${endpoint}`}`);
}

/** The name of a benchmark's endpoint, and what it is made of. */
function endpointOf({ benchmark, recommendation }: Step): { readonly name: string; readonly what: string } {
  const { EndpointName, InstanceType, InitialInstanceCount = 1, ServerlessConfig } = (recommendation ?? benchmark as any).EndpointConfiguration;
  const what = InstanceType ? `${InitialInstanceCount} × ${InstanceType}` : ServerlessConfig ? `a serverless endpoint of ${ServerlessConfig.MemorySizeInMB} MB` : 'an endpoint';
  return { name: EndpointName, what };
}

function begin(step: Step, job: Job, call: Call): void {
  step.begun = new Date(call.region.clock.now());
  step.status = 'IN_PROGRESS';
  // The service makes the endpoint when its benchmark begins. The API does not say whether it tells which one before.
  if (step.recommendation) { step.benchmark = { ...step.benchmark, EndpointConfiguration: step.recommendation.EndpointConfiguration }; }
  const { name, what } = endpointOf(step);
  log(job, `Benchmark of ${what} is IN_PROGRESS`, call, name);
  compile(step, job, call);
}

/** Without a start, the step has not begun: it has no times, and no container has logged anything. */
function finish(step: Step, job: Job, call: Call): void {
  const { begun } = step;
  step.ended = new Date(call.region.clock.now());
  const { name, what } = endpointOf(step);
  if (begun) { step.log?.forEach((line) => call.region.room(Logs).append(`${ENDPOINT_LOGS}${name}`, line, `${name}/i-${digest(name).slice(0, 17)}`)); }
  log(job, `Benchmark of ${what} is ${step.recommendation ? 'COMPLETED' : `FAILED: ${step.failureReason}`}`, call, name);
  const times = begun && { InvocationStartTime: begun, InvocationEndTime: step.ended };
  if (step.recommendation === undefined) {
    step.status = 'FAILED';
    step.benchmark = { ...step.benchmark, FailureReason: step.failureReason, ...step.lacksEndpoint ? {} : times };
    return;
  }
  const { Metrics, EndpointConfiguration, ModelConfiguration } = step.recommendation;
  step.status = 'COMPLETED';
  step.benchmark = { Metrics, EndpointConfiguration, ModelConfiguration, ...times };
  step.times = times;
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
