import { BenchmarkRun, BenchmarkScript, BenchmarkTarget, digest, FailedStep, InferenceRecommendation } from './benchmarks';
import { instanceModel } from './instance-types';
import { loadTest, trafficSteps } from './load-test';
import { fits, invocationsPerMinute, latencyMs, serverless, SERVERLESS_PRICE, Serving, serving } from './performance-model';
import { inLanes, STARTUP_SECONDS, StepTime, timed } from './step-times';
import { compiledWork, Workload, workloadOf } from './workload';
import { DEFAULT_JOB_SECONDS, endpointKind, MAX_JOB_SECONDS, MOST_RECOMMENDATIONS, supportedTypes } from '../../src/service/job-rules';

/** Whoever reads the job's log learns that nothing was measured. */
const NOTE = 'No container ran: the figures come from the performance model of the local AWS and are no measurement.';
const MEMORY_REASON = 'The model does not fit into the memory of the instance type, after the performance model of the local AWS.';

/** A list of both kinds of endpoint is the shorter one. How short is a figure of ours. */
const MOST_OF_BOTH_KINDS = 5;
/** An endpoint is made before each test, and deleted after it. */
const ENDPOINT_SECONDS = 300;
const MOST_INSTANCES = 10;

const SERVERLESS_MEMORY_MB = [2048, 4096, 6144];

/** What a Default job tries if nothing says what is supported: several sizes of one family, and others. */
const TABULAR_TYPES = ['ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.c5.9xlarge', 'ml.m5.xlarge'];
const NEURAL_TYPES = ['ml.c5.2xlarge', 'ml.c6i.4xlarge', 'ml.g4dn.xlarge', 'ml.g5.xlarge', 'ml.g6.xlarge'];
const LARGE_TYPES = ['ml.g5.2xlarge', 'ml.g5.12xlarge', 'ml.g6.2xlarge', 'ml.g6e.2xlarge', 'ml.p4d.24xlarge'];
const LARGE_MODEL_GB = 10;

/** Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/neo-supported-cloud.html; XGBoost up to 1.3. */
const COMPILED_FRAMEWORKS = /^(XGBOOST|TENSORFLOW|PYTORCH|MXNET|ONNX|TFLITE|DARKNET|KERAS|SKLEARN)$/;
const COMPILED_FAMILIES = /^ml\.(c4|c5|m4|m5|g4dn|p2|p3|inf1)\./;

/** One test of a load test: what it finds, or why it fails. */
export interface Test {
  readonly found?: InferenceRecommendation;
  readonly failed?: FailedStep;
  readonly seconds: number;
}

type TimedTest = Omit<Test, 'seconds'> & { readonly time: StepTime };

/**
 * The default script: each job gets figures that depend on what it asks for. They are of a model (`performance-model.ts`), always the same for the same
 * question, and no measurement; the job's log stream says so.
 */
export const modelledBenchmarks: BenchmarkScript = (request, jobName, _attempt, target) => modelled(request, jobName, target);

/** The same, with each test of a load test replaced before the tests get their times. */
export function modelled(request: any, jobName: string, target: BenchmarkTarget, replaced = (one: Test): Test => one): BenchmarkRun {
  const config = request.InputConfig;
  const work = workloadOf(target);
  const run = request.JobType === 'Advanced' ? loadTested(request, work, target, replaced) : instanceRecommendation(config, jobName, work, target);
  const existing = target.existingEndpoint && existingFigures(work, target);
  return { note: NOTE, startupSeconds: STARTUP_SECONDS, ...existing && { existingEndpoint: existing }, ...run };
}

/**
 * An instance recommendation tries types of the service's choice, of those that the container and the package support. Unless the container says which
 * kind of endpoint it supports, the list has both: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobContainerConfig.html
 */
function instanceRecommendation(input: any, jobName: string, work: Workload, target: BenchmarkTarget): BenchmarkRun {
  const { ContainerConfig: config = {} } = input;
  const kind = endpointKind(input);
  const withoutInstances = SERVERLESS_MEMORY_MB.filter((memory) => work.memoryGb * 1024 <= memory)
    .map((memory) => serverlessRow(work, target, memory, 1, {}));
  if (kind === 'Serverless') {
    return withoutInstances.length > 0
      ? { durationSeconds: DEFAULT_JOB_SECONDS, recommendations: withoutInstances } : failedJob(DEFAULT_JOB_SECONDS / 3, [undefined], MEMORY_REASON);
  }
  const serverlessRows = kind === undefined ? withoutInstances.slice(0, 1) : [];
  const most = kind === undefined ? MOST_OF_BOTH_KINDS - serverlessRows.length : MOST_RECOMMENDATIONS;
  const allowed = supportedTypes(config.SupportedInstanceTypes, target.supportedInstanceTypes);
  const tried = allowed ?? (work.memoryGb >= LARGE_MODEL_GB ? LARGE_TYPES : work.accelerable ? NEURAL_TYPES : TABULAR_TYPES);
  const rows = tried.filter((type) => !type.startsWith('ml.t2.') && fits(work, instanceModel(type))).map((type) => {
    const how = serving(work, instanceModel(type), 1, target.environment);
    return instanceRow(how, busyUsers(how), type, 1, {});
  });
  if (rows.length === 0) {
    const reason = allowed?.length === 0
      ? 'No instance type is supported by both the model package and the container configuration of the job.' : MEMORY_REASON;
    return failedJob(DEFAULT_JOB_SECONDS / 3, tried.length > 0 ? tried.slice(0, most) : [undefined], reason);
  }
  const cheapest = [...rows].sort((a, b) => a.Metrics!.CostPerInference - b.Metrics!.CostPerInference);
  const compiled = cheapest.find(({ EndpointConfiguration: { InstanceType } }) => isCompiled(target) && COMPILED_FAMILIES.test(InstanceType));
  const [fastest] = [...rows].sort((a, b) => a.Metrics!.ModelLatency - b.Metrics!.ModelLatency);
  const kept = new Set([...new Set([cheapest[0], fastest, ...cheapest])].slice(0, most - (compiled ? 1 : 0)));
  return {
    durationSeconds: DEFAULT_JOB_SECONDS,
    recommendations: [
      ...rows.filter((row) => kept.has(row)),
      ...compiled ? [compiledRow(compiled.EndpointConfiguration.InstanceType, jobName, work, target)] : [],
      ...serverlessRows,
    ],
  };
}

function isCompiled({ framework = '', frameworkVersion = '', hasDataInputConfig }: BenchmarkTarget): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(frameworkVersion) ?? [];
  const isTooNew = framework === 'XGBOOST' && major !== undefined && (Number(major) > 1 || Number(minor) > 3);
  return hasDataInputConfig === true && COMPILED_FRAMEWORKS.test(framework) && !isTooNew;
}

function compiledRow(type: string, jobName: string, work: Workload, target: BenchmarkTarget): InferenceRecommendation {
  const how = serving(compiledWork(work), instanceModel(type), 1, target.environment);
  const hex = digest(`${jobName}/compiled/${type}`);
  const name = `neo-${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')}`;
  const row = instanceRow(how, busyUsers(how), type, 1, {});
  return { ...row, ModelConfiguration: { InferenceSpecificationName: name, CompilationJobName: name } };
}

/** A load test has a result for each candidate and each combination of its variables' values. */
function loadTested(
  { InputConfig: config, StoppingConditions: conditions }: any, work: Workload, target: BenchmarkTarget, replaced: (one: Test) => Test,
): BenchmarkRun {
  const { MaxNumberOfTests = MOST_RECOMMENDATIONS, MaxParallelOfTests = 1 } = config.ResourceLimit ?? {};
  const candidates: any[] = config.EndpointConfigurations ?? [];
  const combined = inTurn(candidates.map((candidate) => combinations(candidate.EnvironmentParameterRanges?.CategoricalParameterRanges)
    .map((environment) => ({ candidate, environment })))).slice(0, Math.min(MaxNumberOfTests, MOST_RECOMMENDATIONS));
  const steps = trafficSteps(config.TrafficPattern);
  const tests = combined.map(({ candidate, environment }) => replaced(test(candidate, environment, steps, conditions, work, target)));
  const most = (config.JobDurationInSeconds ?? MAX_JOB_SECONDS) - STARTUP_SECONDS;
  const times = inLanes(tests.map(({ seconds }) => seconds), MaxParallelOfTests);
  const all: TimedTest[] = tests.map((one, index) => ({ ...one, time: times[index] }));
  const fitting = all.filter(({ time }) => time.end <= most);
  const late = all.filter(({ time }) => time.end > most).map(({ found, failed: already, time }): TimedTest => ({
    failed: {
      failureReason: 'The duration of the job ended before this test.',
      EndpointConfiguration: already?.EndpointConfiguration ?? found?.EndpointConfiguration,
    },
    time: { begin: Math.min(time.begin, most), end: most },
  }));
  const failed = [...fitting.filter((one) => one.failed !== undefined), ...late];
  const done = fitting.filter(({ found }) => found !== undefined);
  return {
    durationSeconds: STARTUP_SECONDS + Math.min(most, Math.max(1, ...times.map(({ end }) => end))),
    recommendations: done.map(({ found }) => found!),
    failedSteps: failed.map((one) => one.failed!),
    ...timed([...done, ...failed].map(({ time }) => time)),
    ...done.length === 0 && failed.length > 0 && { outcome: 'FAILED' as const, failureReason: failed[0].failed!.failureReason },
  };
}

/** One of each list, then the second of each, and so on: a limit on tests leaves out no candidate before it must. */
function inTurn<T>(lists: readonly T[][]): T[] {
  const rounds = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => lists.flatMap((list) => list.slice(round, round + 1))).flat();
}

function combinations(ranges: ReadonlyArray<{ readonly Name: string; readonly Value: readonly string[] }> = []): Array<Record<string, string>> {
  let all: Array<Record<string, string>> = [{}];
  for (const { Name, Value } of ranges) { all = all.flatMap((one) => Value.map((value) => ({ ...one, [Name]: value }))); }
  return all;
}

function test(
  candidate: any, environment: Record<string, string>, steps: ReturnType<typeof trafficSteps>, conditions: any, work: Workload,
  target: BenchmarkTarget,
): Test {
  const { ServerlessConfig: config, InstanceType: type } = candidate;
  const whole = { ...target.environment, ...environment };
  const named = (row: InferenceRecommendation): InferenceRecommendation => ({
    ...row, ModelConfiguration: { ...row.ModelConfiguration, InferenceSpecificationName: candidate.InferenceSpecificationName },
  });
  if (config) {
    if (work.memoryGb * 1024 > config.MemorySizeInMB) { return tooSmall({ ServerlessConfig: config }); }
    const how = serverless(work, config.MemorySizeInMB, config.MaxConcurrency, whole);
    const { users, seconds } = loadTest(how, steps, conditions);
    const row = serverlessRow(work, target, config.MemorySizeInMB, config.MaxConcurrency, environment, users);
    return { found: named(row), seconds: ENDPOINT_SECONDS + seconds };
  }
  const known = instanceModel(type);
  if (!fits(work, known)) { return tooSmall({ InstanceType: type }); }
  const tried = Array.from({ length: conditions?.MaxInvocations === undefined ? 1 : MOST_INSTANCES }, (_, index) => {
    const how = serving(work, known, index + 1, whole);
    return { how, instances: index + 1, ...loadTest(how, steps, conditions) };
  });
  // The fewest instances that take what is asked for; if none do, one shows how far it comes.
  const { how, instances, users, seconds } = tried.find(({ stoppedBy }) => stoppedBy === 'MaxInvocations') ?? tried[0];
  return { found: named(instanceRow(how, users, type, instances, environment)), seconds: ENDPOINT_SECONDS + seconds };
}

function tooSmall(EndpointConfiguration: object): Test {
  return { failed: { failureReason: MEMORY_REASON, EndpointConfiguration }, seconds: ENDPOINT_SECONDS };
}

function instanceRow(how: Serving, users: number, type: string, instances: number, environment: Record<string, string>): InferenceRecommendation {
  const CostPerHour = instanceModel(type).pricePerHour * instances;
  const MaxInvocations = Math.max(1, Math.floor(invocationsPerMinute(how, users)));
  return {
    Metrics: {
      CostPerHour,
      CostPerInference: CostPerHour / (60 * MaxInvocations),
      MaxInvocations,
      ModelLatency: Math.max(1, Math.round(latencyMs(how, users))),
      ...utilization(how, users),
    },
    EndpointConfiguration: { InstanceType: type, InitialInstanceCount: instances },
    ModelConfiguration: parameters(environment),
  };
}

function serverlessRow(
  work: Workload, target: BenchmarkTarget, MemorySizeInMB: number, MaxConcurrency: number, environment: Record<string, string>,
  users = MaxConcurrency,
): InferenceRecommendation {
  const how = serverless(work, MemorySizeInMB, MaxConcurrency, { ...target.environment, ...environment });
  return {
    Metrics: {
      CostPerInference: how.serviceMs / 1000 * MemorySizeInMB / 1024 * SERVERLESS_PRICE,
      MaxInvocations: Math.max(1, Math.floor(invocationsPerMinute(how, users))),
      ModelLatency: Math.max(1, Math.round(latencyMs(how, users))),
      ...utilization(how, users),
      ModelSetupTime: Math.round(2000 + 4000 * work.memoryGb),
    },
    EndpointConfiguration: { ServerlessConfig: { MaxConcurrency, MemorySizeInMB } },
    ModelConfiguration: parameters(environment),
  };
}

function utilization(how: Serving, users: number) {
  const busy = users / (users + how.lanes - 1);
  const percent = (share: number) => Math.round(1000 * share) / 10;
  return { CpuUtilization: percent(how.cpuShare * Math.min(1, busy)), MemoryUtilization: percent(how.memoryShare) };
}

function parameters(environment: Record<string, string>): { EnvironmentParameters?: object[] } {
  const all = Object.entries(environment).map(([Key, Value]) => ({ Key, ValueType: 'String', Value }));
  return all.length > 0 ? { EnvironmentParameters: all } : {};
}

function existingFigures(work: Workload, { existingEndpoint, environment }: BenchmarkTarget) {
  const { instanceType, instances } = existingEndpoint!;
  const how = serving(work, instanceModel(instanceType), instances, environment);
  const users = busyUsers(how);
  return { MaxInvocations: Math.floor(invocationsPerMinute(how, users)), ModelLatency: Math.max(1, Math.round(latencyMs(how, users))) };
}

/** One user more than it answers at once: it is always busy, and an answer takes about twice as long as without other users. */
function busyUsers({ lanes }: Serving): number {
  return Math.ceil(lanes + 1);
}

function failedJob(durationSeconds: number, types: ReadonlyArray<string | undefined>, failureReason: string): BenchmarkRun {
  const failedSteps = types.map((InstanceType) => ({ failureReason, EndpointConfiguration: InstanceType === undefined ? {} : { InstanceType } }));
  return { durationSeconds, outcome: 'FAILED', failureReason, recommendations: [], failedSteps };
}
