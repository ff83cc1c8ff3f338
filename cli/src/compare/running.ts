import { Difference, differenceOf, inWords, ordered } from './difference';
import { Chosen, Comparison } from './jobs';
import { comparedEndpoint, labelOf, unitsOf } from './match';
import { costOf } from './running-cost';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import { BenchmarkRun, benchmarkFigure } from '../../../src/service/aiperf';
import type { Prices } from '../../../src/service/prices';
import { BENCHMARKED, figureOf, GENERATIVE, RecommendationKind } from '../../../src/service/recommendation-kinds';
import { quantityOf, TOKEN_METRICS, TokenMetric } from '../../../src/service/token-metrics';
import { runName } from '../subject/benchmark-archive';
import { endpointText } from '../subject/endpoint';
import { figureColumns, MILLION, rounded } from '../subject/figures';

/** A variant of an endpoint as it runs, with what CloudWatch knows of a window. NaN is unknown: CloudWatch has no datapoint. */
export interface Running {
  readonly endpoint: string;
  readonly variant: string;
  /** Of an endpoint that hosts inference components, the one that is looked at, with its copies of now. Its instances may serve others, too. */
  readonly component?: { readonly name: string; readonly copies: number };
  /** Instances now, the largest group first. Empty for a serverless variant. */
  readonly fleet: ReadonlyArray<{ readonly instanceType: string; readonly count: number }>;
  readonly serverless?: { readonly memoryMb: number; readonly concurrency: number };
  /** Minutes of the window in which the endpoint was there. */
  readonly minutes: number;
  /** Minutes over which a peak is averaged: what CloudWatch still keeps. */
  readonly peakMinutes: number;
  readonly invocations: number;
  readonly peakPerMinute: number;
  /** The mean. CloudWatch's ModelLatency is in microseconds. */
  readonly latencyUs: number;
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  /** Invocations that ended with 4xx or 5xx. */
  readonly errors: number;
  /** What else is to be said, one sentence each. */
  readonly notes: readonly string[];
}

export type LatencyUnit = 'ms' | 'us';

export interface RunningOptions {
  readonly equalWithin: number;
  /** The unit in which the job reports latencies. */
  readonly latencyUnit?: LatencyUnit;
  readonly prices?: Prices;
  /** What the stack has chosen. */
  readonly chosen?: Chosen;
  /** Of the recommendations. @default - what SageMaker Inference Recommender benchmarks */
  readonly kind?: RecommendationKind;
}

/** The recommendation that a running variant is compared with. */
export interface Reference {
  readonly recommendation: JobRecommendation;
  /** Why it is not quite the same. */
  readonly note?: string;
}

/** The recommendation for what runs: of the same type, else of the same family, else the next in price. */
export function referenceFor(
  { fleet, serverless }: Pick<Running, 'fleet' | 'serverless'>, recommendations: readonly JobRecommendation[], { prices, chosen }: Pick<RunningOptions, 'prices' | 'chosen'>,
): Reference | undefined {
  const label = new Map(recommendations.map((one) => [one, labelOf(one)]));
  const best = (candidates: readonly JobRecommendation[], apart: (one: JobRecommendation) => number) => [...candidates].sort((a, b) => (
    apart(a) - apart(b) || Number(isChosen(b, chosen)) - Number(isChosen(a, chosen)) || Number(a.isCompiled) - Number(b.isCompiled)
      || (label.get(a)! < label.get(b)! ? -1 : 1)))[0];
  const said = (candidates: readonly JobRecommendation[], found: JobRecommendation, what: string) => (
    candidates.length > 1 ? `The job has ${candidates.length} results of ${what}: compared with ${labelOf(found)}.` : undefined);
  if (serverless) {
    const candidates = recommendations.filter(({ serverlessConfig }) => serverlessConfig);
    if (candidates.length === 0) { return undefined; }
    const memoryApart = ({ serverlessConfig }: JobRecommendation) => Math.abs((serverlessConfig?.MemorySizeInMB ?? 0) - serverless.memoryMb);
    const found = best(candidates, memoryApart);
    if (memoryApart(found) > 0) { return { recommendation: found, note: `The job has no result of ${serverless.memoryMb} MB: compared with ${labelOf(found)}.` }; }
    const same = candidates.filter((one) => memoryApart(one) === 0);
    return { recommendation: found, note: said(same, found, `${serverless.memoryMb} MB`) };
  }
  const type = fleet[0]?.instanceType;
  const instances = recommendations.filter(({ instanceType }) => instanceType !== undefined);
  if (type === undefined || instances.length === 0) { return undefined; }
  const count = fleet[0].count;
  const same = instances.filter(({ instanceType }) => instanceType === type);
  if (same.length > 0) {
    // Where the stack has chosen one of them, it is the one that runs.
    const mine = same.filter((one) => isChosen(one, chosen));
    const found = best(mine.length > 0 ? mine : same, ({ instanceCount }) => Math.abs(instanceCount - count));
    return { recommendation: found, note: said(same, found, type) };
  }
  const hourly = prices?.hourly(type);
  const priceApart = ({ figures, instanceCount }: JobRecommendation) => {
    const apart = Math.abs(figureOf(figures, 'CostPerHour') / instanceCount - (hourly ?? NaN));
    return Number.isNaN(apart) ? 0 : apart;
  };
  const family = instances.filter(({ instanceType }) => familyOf(instanceType!) === familyOf(type));
  const found = best(family.length > 0 ? family : instances, priceApart);
  const why = family.length > 0 ? 'of the same family' : hourly === undefined ? 'the chosen one, or the first by name' : 'the next in price';
  return { recommendation: found, note: `The job has no result of ${type}: compared with ${labelOf(found)}, ${why}.` };
}

function familyOf(instanceType: string): string {
  return instanceType.split('.').slice(0, 2).join('.');
}

/** Whether a recommendation is of the chosen endpoint, whatever the count. */
function isChosen(one: JobRecommendation, chosen: Chosen | undefined): boolean {
  if (!chosen?.endpoint) { return false; }
  const { instanceType, memoryMb, isCompiled, environment } = chosen.endpoint;
  const own = comparedEndpoint(one);
  const text = (values: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(values).sort());
  return own.instanceType === instanceType && own.memoryMb === memoryMb && own.isCompiled === isCompiled
    && text(own.environment) === text(environment);
}

const MICROSECONDS = 1000;
const SECONDS = 60;

/** All that a figure of what runs is compared with. */
interface Compared {
  readonly running: Running;
  readonly row: JobRecommendation;
  readonly label: string;
  readonly kind: RecommendationKind;
  /** How many times as much runs as was benchmarked. */
  readonly times: number;
  readonly promisedPerHour: number;
  readonly hourly: number;
  readonly perMillion: number;
  readonly latencyUnit?: LatencyUnit;
  readonly equalWithin: number;
}

type Now = (compared: Compared) => readonly Difference[];

/** What CloudWatch and the prices tell of a metric. Others of its kind are not compared. */
const NOW: Readonly<Record<string, Now>> = {
  CostPerHour: (one) => [judged(one, 'CostPerHour', one.promisedPerHour, one.hourly)],
  CostPerInference: (one) => [judged(one, 'CostPerInference', figureOf(one.row.figures, 'CostPerInference') * MILLION, one.perMillion)],
  ModelLatency: (one) => (one.latencyUnit === undefined ? [] : [latencyNow(one, one.latencyUnit)]),
  // How long a whole answer takes depends on its tokens.
  RequestLatency: (one) => [byLoad(one, 'RequestLatency', 'mean', figureOf(one.row.figures, 'RequestLatency.avg'), one.running.latencyUs / MICROSECONDS)],
  MaxInvocations: (one) => requestsNow(one, 'MaxInvocations', 1),
  RequestThroughput: (one) => requestsNow(one, 'RequestThroughput', SECONDS),
  CpuUtilization: (one) => [byLoad(one, 'CpuUtilization', 'mean', figureOf(one.row.figures, 'CpuUtilization'), one.running.cpuPercent)],
  MemoryUtilization: (one) => [byLoad(one, 'MemoryUtilization', 'mean', figureOf(one.row.figures, 'MemoryUtilization'), one.running.memoryPercent)],
};

function judged({ kind, label, equalWithin }: Compared, metric: string, before: number, after: number): Difference {
  const column = figureColumns(kind).find((one) => one.metric === metric)!;
  return differenceOf(column, label, before, after, equalWithin);
}

/** A figure that depends on the load is neither better nor worse. */
function byLoad(compared: Compared, metric: string, what: string, before: number, after: number): Difference {
  const found = judged(compared, metric, before, after);
  return { ...found, title: `${found.title}, ${what}`, outcome: found.outcome === 'unknown' ? 'unknown' : 'load' };
}

function requestsNow(compared: Compared, metric: string, divisor: number): Difference[] {
  const { running, row, times, equalWithin } = compared;
  const capacity = figureOf(row.figures, metric) * times;
  const peak = byLoad(compared, metric, 'peak', capacity, running.peakPerMinute / divisor);
  return [
    // More than the benchmark bore is the one load that is worse.
    peak.after > peak.before * (1 + equalWithin / 100) ? { ...peak, outcome: 'worse' as const } : peak,
    byLoad(compared, metric, 'mean', capacity, running.invocations / running.minutes / divisor),
  ];
}

function latencyNow(compared: Compared, unit: LatencyUnit): Difference {
  const job = figureOf(compared.row.figures, 'ModelLatency');
  const found = judged(compared, 'ModelLatency', unit === 'ms' ? job : job / MICROSECONDS, compared.running.latencyUs / MICROSECONDS);
  return { ...found, title: 'latency (ms), mean' };
}

const JUDGED = ['CostPerHour', 'CostPerInference', 'ModelLatency'];

/** What a running variant is compared with. */
export interface Promised extends Reference {
  readonly kind: RecommendationKind;
  /** How people call it. */
  readonly label: string;
  /** The instances, the copies of an inference component, or the concurrency, of its figures. */
  readonly units: number;
}

/** Compares what runs with what the job measured for it. */
export function compareRunning(running: Running, recommendations: readonly JobRecommendation[], options: RunningOptions): Comparison {
  const reference = referenceFor(running, recommendations, options);
  if (!reference) {
    const what = running.serverless ? 'serverless endpoint' : 'instance';
    return { title: titleOf(running), differences: [], lone: [], chosen: [], notes: [`The job has no result of a ${what}, so there is nothing to compare.`, ...running.notes] };
  }
  const { recommendation } = reference;
  const { kind = BENCHMARKED } = options;
  const units = running.component ? copiesOf(recommendation) : unitsOf(recommendation);
  return comparePromised(running, { ...reference, kind, label: labelOf(recommendation), units }, options);
}

/** The copies of a model that a generative job has benchmarked. */
function copiesOf({ instanceCount, attributes: { CopyCountPerInstance: perInstance = 1 } }: JobRecommendation): number {
  return instanceCount * Number(perInstance);
}

/** Compares what runs with what AIPerf has measured of it: in a sweep, with the run that bore most. */
export function compareRunningRuns(running: Running, runs: readonly BenchmarkRun[], options: RunningOptions): Comparison {
  const throughputOf = (run: BenchmarkRun) => measured(run, 'request_throughput', 'avg');
  const best = [...runs].sort((a, b) => (throughputOf(b) || 0) - (throughputOf(a) || 0))[0];
  const figures = { 'RequestThroughput': throughputOf(best), 'RequestLatency.avg': measured(best, 'request_latency', 'avg') };
  const recommendation = { id: '', instanceCount: 1, isCompiled: false, environment: {}, attributes: {}, figures };
  const name = runName(best, runs);
  return comparePromised(running, {
    recommendation,
    kind: GENERATIVE,
    label: name === '' ? 'the benchmark' : `run ${name}`,
    units: unitsNow(running),
    note: `The benchmark does not say on how many instances it ran: its figures count as those of what runs now.${name === '' ? '' : ` Of its runs, ${name} bore most.`}`,
  }, options);
}

function measured(run: BenchmarkRun, metric: TokenMetric, stat: string): number {
  const figure = benchmarkFigure(run, metric, stat);
  const quantity = quantityOf(figure?.value, figure?.unit);
  return quantity?.dimension === TOKEN_METRICS[metric].dimension ? quantity.value : NaN;
}

function unitsNow({ component, serverless, fleet }: Running): number {
  return component?.copies ?? serverless?.concurrency ?? fleet.reduce((sum, { count }) => sum + count, 0);
}

function copiesText({ copies }: NonNullable<Running['component']>): string {
  return `${copies} ${copies === 1 ? 'copy' : 'copies'}`;
}

/** What bears the load now, beside the benchmark. */
function bearing({ component }: Running, times: number): string {
  if (component) { return `${copiesText(component)} ${component.copies === 1 ? 'bears' : 'bear'} by the benchmark`; }
  return `${times === 1 ? '' : `${rounded(times)} × `}the benchmark bears`;
}

function titleOf({ endpoint, variant, component, ...running }: Running): string {
  const of = component ? `component ${component.name} of ${copiesText(component)}` : `variant ${variant}`;
  return `${endpoint}, ${of}: ${runningText(running)}`;
}

function comparePromised(running: Running, { recommendation: row, kind, label, units, note }: Promised, options: RunningOptions): Comparison {
  const { equalWithin, latencyUnit, prices, chosen } = options;
  const own = chosen?.figures && isChosen(row, chosen) ? chosen : undefined;
  const promisedPerHour = figureOf(own?.figures ?? row.figures, 'CostPerHour');
  // A stack may have prices of its own.
  const paid = promisedPerHour / (own?.endpoint?.instanceCount ?? row.instanceCount);
  const { hourly, perMillion, notes: costNotes } = costOf(running, { instanceType: row.instanceType, paid }, prices);
  const times = unitsNow(running) / units;
  const compared: Compared = {
    running,
    row,
    label,
    kind,
    times,
    promisedPerHour,
    hourly,
    perMillion,
    latencyUnit,
    equalWithin,
  };
  const found = Object.keys(kind.metrics).flatMap((metric) => NOW[metric]?.(compared) ?? []);
  const differences = ordered(found.filter(({ before, after }) => !(Number.isNaN(before) && Number.isNaN(after))), figureColumns(kind));
  const has = (value: number) => !Number.isNaN(value);
  const known = differences.filter(({ figure }) => JUDGED.includes(figure));
  const capacity = kind.load ? figureOf(row.figures, kind.load.metric) / kind.load.perMinute * times : NaN;
  const silent = figureColumns(kind)
    .filter(({ metric }) => kind.told.includes(metric) && NOW[metric] === undefined && has(figureOf(row.figures, metric)));
  return {
    title: titleOf(running),
    differences,
    lone: [],
    chosen: has(running.invocations) ? [{ sentence: `What runs, compared with the benchmark of ${label}: ${inWords(known, equalWithin)}.`, before: label, after: runningText(running), differences: known, isLost: false }] : [],
    notes: [
      ...note ? [note] : [],
      ...has(running.invocations) ? [] : [`CloudWatch has no invocations of the ${running.component ? 'component' : 'variant'} in the window${has(promisedPerHour) && has(hourly) ? ', so only the cost an hour can be compared' : ''}.`],
      ...has(running.peakPerMinute) && capacity > 0 ? [`The peak used ${rounded(running.peakPerMinute / capacity * 100)}% of what ${bearing(running, times)}.`] : [],
      ...has(running.latencyUs) && !latencyUnit && 'ModelLatency' in kind.metrics ? [`The mean latency is ${rounded(running.latencyUs / MICROSECONDS)} ms. It is not compared, because the unit of the job's ${rounded(figureOf(row.figures, 'ModelLatency'))} is not documented: say --latency-unit ms or us.`] : [],
      ...silent.length > 0 ? [`CloudWatch counts no tokens, so these are not compared: ${silent.map(({ title }) => title).join(', ')}.`] : [],
      ...running.peakMinutes > 1 && has(running.peakPerMinute) ? [`The peak is a mean over ${running.peakMinutes} minutes, because CloudWatch keeps no shorter periods of such a window.`] : [],
      ...running.errors > 0 ? [`${rounded(running.errors)} of ${rounded(running.invocations)} invocations ended with an error (4xx or 5xx).`] : [],
      ...costNotes,
      ...running.notes,
    ],
  };
}

function runningText({ fleet, serverless }: Pick<Running, 'fleet' | 'serverless'>): string {
  return serverless ? endpointText({ memoryMb: serverless.memoryMb, concurrency: serverless.concurrency, isCompiled: false, environment: {} })
    : fleet.map(({ instanceType, count }) => `${instanceType} × ${count}`).join(' + ') || 'no instance';
}
