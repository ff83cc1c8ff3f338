import { BenchmarkRun, BenchmarkScript, FailedStep, InferenceRecommendation, withOwnCompilation } from './benchmarks';
import { instanceModel } from './instance-types';
import { modelled, modelledBenchmarks, Test } from './modelled-benchmarks';
import { SERVERLESS_PRICE } from './performance-model';
import { SAGEMAKER_SHAPES } from './shapes';
import { lasting, STARTUP_SECONDS } from './step-times';
import { violations } from '../../src/service/constraints';
import { DEFAULT_JOB_SECONDS, supportedTypes } from '../../src/service/job-rules';
import { recordedJson, recordedMetrics } from '../../src/service/recorded-job';
import { isRecord } from '../../src/service/records';
import { secondsOf } from '../kernel';

// The library has no types, and only two of its names are used.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const yaml: { readonly CORE_SCHEMA: object; load(text: string, options: object): unknown } = require('js-yaml');

const COMMAND = 'aws sagemaker describe-inference-recommendations-job';
const OVER = ['COMPLETED', 'FAILED', 'STOPPED'] as const;
const ADVANCED_SECONDS = 2 * 3600;
const ALL = { MaxInvocations: 'maxInvocations', ModelLatency: 'modelLatency', CpuUtilization: 'cpuUtilization', MemoryUtilization: 'memoryUtilization', ModelSetupTime: 'modelSetupTime' };
const ENTRY = [...Object.values(ALL), 'costPerHour', 'costPerInference', 'instances', 'environment', 'compiled', 'failure', 'takes'];
const SERVERLESS_KEY = /^serverless-(\d+)(?:-(\d+))?$/;

/** A result, or a failure, of an instance type or a serverless endpoint. */
interface Entry {
  readonly endpoint: Readonly<Record<string, any>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly seconds?: number;
  readonly row?: InferenceRecommendation;
  readonly failure?: string;
}

/**
 * A script of the text of a file. It is either of
 *
 * - what `aws sagemaker describe-inference-recommendations-job` prints of a job that has ended. Each job of the same type has its results, its status and its duration;
 *   other jobs have those of the performance model.
 * - YAML with `types`: a result or a failure, or a list of them, for each instance type, such as `ml.c5.xlarge: { maxInvocations: 900, modelLatency: 40 }`.
 *   local-aws/README.md has all its members. What a load test asks for and the file does not have comes from the performance model.
 *
 * @throws Error that says in one sentence where the text has what, and what is expected there
 */
export function benchmarksFrom(text: string): BenchmarkScript {
  const found = parsed(text);
  if (!isRecord(found)) { throw expected('The file', `what \`${COMMAND}\` prints, or a mapping with types`, found); }
  if ('types' in found) { return byType(found); }
  if ('Steps' in found) { throw new Error(`The file has the steps of a job: expected what \`${COMMAND}\` prints, which has the results.`); }
  if (isAnswer(found)) { return replayed(found); }
  throw expected('The file', `what \`${COMMAND}\` prints, or a mapping with types`, found);
}

function parsed(text: string): unknown {
  try {
    if (/^\s*[{[]/.test(text)) { return recordedJson(text); }
  } catch (error) {
    const [, first] = /^([^\n]*)/.exec((error as Error).message)!;
    if (!/\btypes\b/.test(text)) { throw new Error(`The file is no JSON: ${first}; expected what \`${COMMAND}\` prints, with --output json.`); }
  }
  try {
    return yaml.load(text, { schema: yaml.CORE_SCHEMA });
  } catch (error) {
    const { reason, mark } = error as { reason?: string; mark?: { line: number } };
    throw new Error(`The file is neither JSON nor YAML: ${reason ?? (error as Error).message}${mark ? ` in line ${mark.line + 1}` : ''}.`);
  }
}

/** A job that has ended, as `aws sagemaker describe-inference-recommendations-job` printed it. */
export interface RecordedJob {
  /** The whole answer, as it stands in the file. */
  readonly answer: Readonly<Record<string, any>>;
  readonly type?: 'Default' | 'Advanced';
  readonly status: (typeof OVER)[number];
  readonly failureReason?: string;
  /** Checked, in today's words, and without their times. */
  readonly recommendations: readonly InferenceRecommendation[];
  /** Milliseconds since 1970. */
  readonly created?: number;
  readonly ended?: number;
}

/** A job of the text of a file. @throws Error that says in one sentence where the text has what, and what is expected there */
export function recordedJob(text: string): RecordedJob {
  const found = parsed(text);
  if (!isRecord(found) || !isAnswer(found)) { throw expected('The file', `what \`${COMMAND}\` prints`, found); }
  return recorded(found);
}

const isAnswer = (found: object) => ['InferenceRecommendations', 'JobName', 'Status'].some((name) => name in found);

function recorded(answer: Record<string, any>): RecordedJob {
  const { JobType: type, Status: status = 'COMPLETED', InferenceRecommendations: given = [], FailureReason: failureReason } = answer;
  if (!OVER.includes(status)) { throw expected('Status', `${OVER.join(', ')}, because only a job that has ended can be replayed`, status); }
  if (type !== undefined && type !== 'Default' && type !== 'Advanced') { throw expected('JobType', 'Default or Advanced', type); }
  if (!Array.isArray(given)) { throw expected('InferenceRecommendations', 'a list', given); }
  return {
    answer,
    type,
    status,
    failureReason,
    recommendations: given.map((row, index) => rowOf(row, `InferenceRecommendations.${index}`)),
    created: momentOf(answer.CreationTime, 'CreationTime'),
    ended: momentOf(answer.CompletionTime ?? answer.LastModifiedTime, 'CompletionTime'),
  };
}

function replayed(answer: Record<string, any>): BenchmarkScript {
  const { type, status: outcome, failureReason, recommendations, created: from, ended: to } = recorded(answer);
  const [existing] = Array.isArray(answer.EndpointPerformances) ? answer.EndpointPerformances : [];
  const existingEndpoint = existing && checked('InferenceMetrics', existing.Metrics ?? {}, 'EndpointPerformances.0.Metrics');
  return (request, jobName, attempt, target) => {
    if (type !== undefined && type !== request.JobType) { return modelledBenchmarks(request, jobName, attempt, target); }
    return {
      durationSeconds: from !== undefined && to !== undefined && to > from ? (to - from) / 1000 : request.JobType === 'Advanced' ? ADVANCED_SECONDS : DEFAULT_JOB_SECONDS,
      outcome,
      failureReason,
      recommendations: recommendations.map((row) => withOwnCompilation(row, jobName)),
      existingEndpoint,
      note: `The results are those of the recorded job ${answer.JobName ?? 'of a file'}.`,
    };
  };
}

/** A recorded result. Times are those of the new job. */
function rowOf(given: unknown, at: string): InferenceRecommendation {
  if (!isRecord(given)) { throw expected(at, 'a result', given); }
  const { InvocationStartTime: _start, InvocationEndTime: _end, ...row } = withoutEmptyLists(given);
  if (isRecord(row.Metrics)) { row.Metrics = recordedMetrics(row.Metrics); }
  return checked('InferenceRecommendation', row, at);
}

/** A value without the members that the service's shape does not have. @throws Error for the first constraint of the shape that it breaks */
function checked(shape: string, given: object, at: string): any {
  const value = structuredClone(given);
  const found = violations(SAGEMAKER_SHAPES, shape, value);
  for (const { constraint, path } of found) {
    if (constraint === 'unknown') { delete path.slice(0, -1).reduce((inner: any, name) => inner[name], value)[path.at(-1)!]; }
  }
  const [broken] = found
    // Types are added by the service, and names of endpoints are made here if there are none.
    .filter(({ constraint, path }) => constraint !== 'unknown' && !(path.at(-1) === 'InstanceType' && constraint === 'enum') && !/^(EndpointName|VariantName)$/.test(path.at(-1) ?? ''));
  if (broken) {
    const { path, constraint, expected: bound, got } = broken;
    const wanted = constraint === 'required' ? 'given' : constraint === 'type' ? `of type ${bound}` : `of ${constraint} ${bound}`;
    throw expected([at, ...path].join('.'), wanted, got);
  }
  return value;
}

/** The service was seen to answer empty lists where its own model has none. */
function withoutEmptyLists(value: any): any {
  if (Array.isArray(value)) { return value.map(withoutEmptyLists); }
  if (!isRecord(value)) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null && !(Array.isArray(inner) && inner.length === 0))
    .map(([name, inner]) => [name, withoutEmptyLists(inner)]));
}

function momentOf(given: unknown, at: string): number | undefined {
  if (given === undefined) { return undefined; }
  const moment = typeof given === 'number' ? given * 1000 : Date.parse(String(given));
  if (Number.isNaN(moment)) { throw expected(at, 'a time, such as 2026-01-31T12:00:00Z', given); }
  return moment;
}

function byType(file: Record<string, any>): BenchmarkScript {
  refuseOthers(file, ['types', 'duration', 'status', 'failureReason'], '');
  if (!isRecord(file.types) || Object.keys(file.types).length === 0) { throw expected('types', 'a mapping of instance types to results', file.types); }
  const entries = Object.entries(file.types).flatMap(([key, given]) => (
    Array.isArray(given) ? given.map((one, index) => entryOf(key, one, `types.${key}.${index}`)) : [entryOf(key, given, `types.${key}`)]));
  const { status = 'COMPLETED', failureReason } = file;
  if (!OVER.includes(status)) { throw expected('status', OVER.join(', '), status); }
  if (failureReason !== undefined && typeof failureReason !== 'string') { throw expected('failureReason', 'a text', failureReason); }
  const given = durationOf(file.duration, 'duration');
  return (request, jobName, _attempt, target) => {
    const container = request.InputConfig.ContainerConfig ?? {};
    const run = request.JobType === 'Advanced' ? modelled(request, jobName, target, (one) => inPlaceOf(one, entries)) : onlyThose(entries, container, supportedTypes(container.SupportedInstanceTypes, target.supportedInstanceTypes));
    const duration = given ?? run.durationSeconds;
    const failed = run.recommendations.length === 0 && (run.failedSteps ?? []).length > 0;
    const outcome = failed && status === 'COMPLETED' ? 'FAILED' : status;
    return {
      // A job that is shorter than its tests has shorter tests.
      ...duration < run.durationSeconds ? lasting(run, duration) : run,
      durationSeconds: duration,
      recommendations: run.recommendations.map((row) => withOwnCompilation(row, jobName)),
      outcome,
      failureReason: outcome === 'FAILED' ? failureReason ?? run.failedSteps?.[0]?.failureReason : undefined,
      note: 'The results are those of a file.',
    };
  };
}

/** A Default job tries what the file has, as far as the container and the package support it. */
function onlyThose(entries: readonly Entry[], { SupportedEndpointType: kind }: any, allowed: readonly string[] | undefined): BenchmarkRun {
  const tried = entries.filter(({ endpoint: { InstanceType: type } }) => (
    type === undefined ? kind !== 'RealTime' : kind !== 'Serverless' && (allowed?.includes(type) ?? true)
  ));
  if (tried.length === 0) {
    const failureReason = 'The job supports none of the instance types of the benchmarks file.';
    return { durationSeconds: DEFAULT_JOB_SECONDS / 3, recommendations: [], failedSteps: [{ failureReason }] };
  }
  return runOf(tried);
}

/** A load test tries what it asks for: the file's result if it has one, else the modelled one; likewise its time. */
function inPlaceOf(test: Test, entries: readonly Entry[]): Test {
  const { found, failed } = test;
  const endpoint = (found ?? failed)!.EndpointConfiguration ?? {};
  const environment = Object.fromEntries((found?.ModelConfiguration.EnvironmentParameters ?? []).map(({ Key, Value }: any) => [Key, Value]));
  const own = entries.find((entry) => isSame(entry.endpoint, endpoint)
    && Object.entries(entry.environment).every(([name, value]) => environment[name] === value));
  if (!own) { return test; }
  const seconds = own.seconds ?? test.seconds;
  return own.row
    ? { seconds, found: { ...own.row, ModelConfiguration: { ...found?.ModelConfiguration, ...own.row.ModelConfiguration } } }
    : { seconds, failed: failedStep(own) };
}

function failedStep({ endpoint, failure = '' }: Entry): FailedStep {
  return { failureReason: failure, EndpointConfiguration: endpoint };
}

function isSame(one: Readonly<Record<string, any>>, other: Readonly<Record<string, any>>): boolean {
  return one.InstanceType === other.InstanceType && one.ServerlessConfig?.MemorySizeInMB === other.ServerlessConfig?.MemorySizeInMB;
}

/** The tests run one after the other. Their times count if each has one. */
function runOf(tried: readonly Entry[]): BenchmarkRun {
  const inOrder = [...tried.filter(({ row }) => row !== undefined), ...tried.filter(({ row }) => row === undefined)];
  const stepSeconds = inOrder.flatMap(({ seconds }) => seconds ?? []);
  const sum = stepSeconds.reduce((all, one) => all + one, 0);
  return {
    durationSeconds: DEFAULT_JOB_SECONDS,
    recommendations: inOrder.flatMap(({ row }) => row ?? []),
    failedSteps: inOrder.flatMap((entry) => (entry.row ? [] : [failedStep(entry)])),
    ...stepSeconds.length === inOrder.length && { stepSeconds, durationSeconds: STARTUP_SECONDS + sum },
  };
}

function entryOf(key: string, given: unknown, at: string): Entry {
  if (!isRecord(given)) { throw expected(at, 'a mapping such as { maxInvocations: 900, modelLatency: 40 } or { failure: why }', given); }
  refuseOthers(given, ENTRY, at);
  const [, memory, concurrency = '1'] = SERVERLESS_KEY.exec(key) ?? [];
  if (memory === undefined && !/^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(key)) { throw new Error(`${at} must be named by an instance type such as ml.c5.xlarge, or serverless-2048 for 2048 MB, got '${key}'.`); }
  const endpoint = memory === undefined
    ? { InstanceType: key, InitialInstanceCount: numberOf(given.instances ?? 1, `${at}.instances`) } : { ServerlessConfig: { MemorySizeInMB: Number(memory), MaxConcurrency: Number(concurrency) } };
  const { environment: variables = {}, failure } = given;
  if (!isRecord(variables)) { throw expected(`${at}.environment`, 'a mapping of variables', variables); }
  const environment = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));
  const seconds = durationOf(given.takes, `${at}.takes`);
  if (failure !== undefined) {
    if (typeof failure !== 'string') { throw expected(`${at}.failure`, 'a text', failure); }
    return { endpoint, environment, seconds, failure };
  }
  return { endpoint, environment, seconds, row: rowOf(resultOf(given, endpoint, environment, at), at) };
}

function resultOf(given: Record<string, any>, endpoint: any, environment: Record<string, string>, at: string): object {
  const figure = (name: string): number => numberOf(given[name], `${at}.${name}`);
  const [invocations, latency] = [figure('maxInvocations'), figure('modelLatency')];
  const { InstanceType: type, InitialInstanceCount: count, ServerlessConfig: config } = endpoint;
  const CostPerHour = given.costPerHour === undefined ? type && instanceModel(type).pricePerHour * count : figure('costPerHour');
  const CostPerInference = given.costPerInference !== undefined ? figure('costPerInference')
    : type ? CostPerHour / (60 * invocations) : latency / 1000 * config.MemorySizeInMB / 1024 * SERVERLESS_PRICE;
  const others = Object.entries(ALL).filter(([, name]) => given[name] !== undefined).map(([member, name]) => [member, figure(name)]);
  const EnvironmentParameters = Object.entries(environment).map(([Key, Value]) => ({ Key, ValueType: 'String', Value }));
  return {
    Metrics: { ...CostPerHour !== undefined && { CostPerHour }, CostPerInference, ...Object.fromEntries(others) },
    EndpointConfiguration: endpoint,
    ModelConfiguration: {
      ...EnvironmentParameters.length > 0 && { EnvironmentParameters },
      ...given.compiled === true && { CompilationJobName: `neo-${type}`.replace(/[^a-z0-9]/g, '-') },
    },
  };
}

function refuseOthers(given: Record<string, unknown>, known: readonly string[], at: string): void {
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other !== undefined) { throw new Error(`${at && `${at}.`}${other} is no member that is known here: expected one of ${known.join(', ')}.`); }
}

function numberOf(given: unknown, at: string): number {
  if (typeof given !== 'number' || !(given > 0)) { throw expected(at, 'a number above 0', given); }
  return given;
}

function durationOf(given: unknown, at: string): number | undefined {
  if (given === undefined) { return undefined; }
  const seconds = typeof given === 'string' || typeof given === 'number' ? secondsOf(given) : undefined;
  if (!seconds) { throw expected(at, 'a duration such as 45m, 1h30m or 90s', given); }
  return seconds;
}

function expected(at: string, what: string, got: unknown): Error {
  const shown = got === undefined ? 'nothing' : isRecord(got) ? `a mapping of ${Object.keys(got).slice(0, 5).join(', ') || 'nothing'}` : JSON.stringify(got).slice(0, 100);
  return new Error(`${at} must be ${what}, got ${shown}.`);
}
