import { Difference, differenceOf, inWords, ordered } from './difference';
import { Chosen, Comparison, endpointOfRecommendation, labelOf, unitsOf } from './jobs';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import type { Prices } from '../../../src/service/prices';
import { endpointText } from '../subject/endpoint';
import { FIGURE_COLUMNS, MILLION, rounded } from '../subject/figures';

/** A variant of an endpoint as it runs, with what CloudWatch knows of a window. NaN is unknown: CloudWatch has no datapoint. */
export interface Running {
  readonly endpoint: string;
  readonly variant: string;
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
    const apart = Math.abs(figures.CostPerHour / instanceCount - (hourly ?? NaN));
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
  const own = endpointOfRecommendation(one);
  const text = (values: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(values).sort());
  return own.instanceType === instanceType && own.memoryMb === memoryMb && own.isCompiled === isCompiled
    && text(own.environment) === text(environment);
}

const COLUMN = Object.fromEntries(FIGURE_COLUMNS.map((column) => [column.key, column]));
const MICROSECONDS = 1000;

/** Compares what runs with what the job measured for it. */
export function compareRunning(running: Running, recommendations: readonly JobRecommendation[], options: RunningOptions): Comparison {
  const { equalWithin, latencyUnit, prices, chosen } = options;
  const title = `${running.endpoint}, variant ${running.variant}: ${runningText(running)}`;
  const reference = referenceFor(running, recommendations, options);
  if (!reference) {
    const kind = running.serverless ? 'serverless endpoint' : 'instance';
    return { title, differences: [], lone: [], chosen: [], notes: [`The job has no result of a ${kind}, so there is nothing to compare.`, ...running.notes] };
  }
  const { recommendation: row, note } = reference;
  const { figures } = row;
  const label = labelOf(row);
  const units = running.serverless?.concurrency ?? running.fleet.reduce((sum, { count }) => sum + count, 0);
  const capacity = figures.MaxInvocations * units / unitsOf(row);
  const { hourly, perMillion, notes: costNotes } = costOf(running, row, prices);
  const promised = chosen?.figures && isChosen(row, chosen) ? chosen.figures.CostPerHour : figures.CostPerHour;
  const signed: Signed = (key, before, after) => differenceOf(COLUMN[key], label, before, after, equalWithin);
  const byLoad = (key: string, title_: string, before: number, after: number): Difference => {
    const found = { ...signed(key, before, after), title: title_ };
    return found.outcome === 'unknown' ? found : { ...found, outcome: 'load' };
  };
  const peak = byLoad('invocationsPerMinute', 'requests a minute, peak', capacity, running.peakPerMinute);
  const differences = ordered([
    signed('costPerHourUsd', promised, hourly),
    signed('costPerMillionUsd', figures.CostPerInference * MILLION, perMillion),
    ...latencyUnit && [latencyDifference(figures.ModelLatency, running.latencyUs, latencyUnit, signed)] || [],
    // More than the benchmark bore is the one load that is worse.
    peak.after > peak.before * (1 + equalWithin / 100) ? { ...peak, outcome: 'worse' as const } : peak,
    byLoad('invocationsPerMinute', 'requests a minute, mean', capacity, running.invocations / running.minutes),
    byLoad('cpuPercent', 'CPU %, mean', figures.CpuUtilization, running.cpuPercent),
    byLoad('memoryPercent', 'memory %, mean', figures.MemoryUtilization, running.memoryPercent),
  ].filter(({ before, after }) => !(Number.isNaN(before) && Number.isNaN(after))));
  const has = (value: number) => !Number.isNaN(value);
  const known = differences.filter(({ key }) => key === 'costPerHourUsd' || key === 'costPerMillionUsd' || key === 'modelLatency');
  return {
    title,
    differences,
    lone: [],
    chosen: has(running.invocations) ? [{ sentence: `What runs, compared with the benchmark of ${label}: ${inWords(known, equalWithin)}.`, before: label, after: runningText(running), differences: known, isLost: false }] : [],
    notes: [
      ...note ? [note] : [],
      ...has(running.invocations) ? [] : ['CloudWatch has no invocations of the variant in the window, so only the cost an hour can be compared.'],
      ...has(running.peakPerMinute) && has(capacity) ? [`The peak used ${rounded(running.peakPerMinute / capacity * 100)}% of what ${units} × the benchmark bears.`] : [],
      ...has(running.latencyUs) && !latencyUnit ? [`The mean latency is ${rounded(running.latencyUs / MICROSECONDS)} ms. It is not compared, because the unit of the job's ${rounded(figures.ModelLatency)} is not documented: say --latency-unit ms or us.`] : [],
      ...running.peakMinutes > 1 && has(running.peakPerMinute) ? [`The peak is a mean over ${running.peakMinutes} minutes, because CloudWatch keeps no shorter periods of such a window.`] : [],
      ...running.errors > 0 ? [`${rounded(running.errors)} of ${rounded(running.invocations)} invocations ended with an error (4xx or 5xx).`] : [],
      ...costNotes,
      ...running.notes,
    ],
  };
}

type Signed = (key: string, before: number, after: number) => Difference;

function latencyDifference(job: number, us: number, unit: LatencyUnit, signed: Signed): Difference {
  const found = signed('modelLatency', unit === 'ms' ? job : job / MICROSECONDS, us / MICROSECONDS);
  return { ...found, title: 'latency (ms), mean' };
}

function runningText({ fleet, serverless }: Running): string {
  return serverless ? endpointText({ memoryMb: serverless.memoryMb, concurrency: serverless.concurrency, isCompiled: false, environment: {} })
    : fleet.map(({ instanceType, count }) => `${instanceType} × ${count}`).join(' + ') || 'no instance';
}

/** The cost now, and of the window's requests. */
function costOf({ fleet, serverless, invocations, minutes, latencyUs }: Running, row: JobRecommendation, prices: Prices | undefined) {
  if (serverless) {
    const { serverlessGbSecond: price = NaN } = prices ?? {};
    const perMillion = price * serverless.memoryMb / 1024 * latencyUs;
    return { hourly: NaN, perMillion, notes: Number.isNaN(perMillion) ? [] : [`The cost per million is the compute of the mean latency at ${price} USD a GB-second (${prices!.source}, ${prices!.date}).`] };
  }
  const paid = row.figures.CostPerHour / row.instanceCount;
  const priceOf = (type: string) => (type === row.instanceType && !Number.isNaN(paid) ? paid : prices?.hourly(type) ?? NaN);
  const hourly = fleet.reduce((sum, { instanceType, count }) => sum + priceOf(instanceType) * count, 0);
  const unpriced = fleet.map(({ instanceType }) => instanceType).filter((type) => Number.isNaN(priceOf(type)));
  const isOfTable = fleet.some(({ instanceType }) => instanceType !== row.instanceType || Number.isNaN(paid));
  return {
    hourly,
    // What nobody has called costs no finite amount per request.
    perMillion: invocations > 0 ? hourly * minutes / 60 / invocations * MILLION : NaN,
    notes: [
      ...unpriced.length > 0 ? [`The price of ${unpriced.join(', ')} is not known: give one with --prices FILE.`] : [],
      ...isOfTable && unpriced.length === 0 ? [`Prices of instances are those of ${prices!.region}${prices!.date ? ` of ${prices!.date}` : ''} (${prices!.source}).`] : [],
      ...Number.isNaN(hourly) || !(invocations > 0) ? [] : ['The cost per million is the cost of the instances of now over the window, divided by its requests: it counts idle time, which a benchmark has not.'],
    ],
  };
}
