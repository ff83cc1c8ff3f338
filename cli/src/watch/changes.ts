import { elapsedMs, Reading } from './reading';
import { isNonTerminal } from '../../../src/service/job-status';
import { BENCHMARKED, figureOf, RecommendationKind } from '../../../src/service/recommendation-kinds';
import { endpointText } from '../subject/endpoint';
import { columnText, durationText, figureColumns } from '../subject/figures';
import { Benchmark, JobView, LOG_GROUP } from '../subject/job';
import type { JobOfStack } from '../subject/subject';

/** What one reading has that the reading before it had not. */
export type Change = StackChange | JobChange | BenchmarkChange | StillChange;

interface StackChange {
  readonly change: 'stack';
  readonly stack: string;
  readonly status: string;
  readonly reason?: string;
}

interface OfJob {
  /** The construct's path, or the job's name. */
  readonly of: string;
  readonly job?: string;
  readonly elapsedMs: number;
}

interface JobChange extends OfJob {
  readonly change: 'job';
  readonly type?: string;
  /** What people call it. */
  readonly title?: string;
  readonly status: string;
  readonly mostMinutes?: number;
  readonly failureReason?: string;
  /** Whether the reading before had the same job. */
  readonly isNew: boolean;
}

interface BenchmarkChange extends OfJob {
  readonly change: 'benchmark';
  /** From 1, in the service's order. */
  readonly number: number;
  readonly count: number;
  /** Absent until the service tells it. */
  readonly endpoint?: string;
  readonly status: string;
  readonly kind: RecommendationKind;
  readonly figures: Benchmark['figures'];
  readonly failureReason?: string;
  readonly logStream?: string;
}

/** Nothing has changed for a while, and a job runs. */
interface StillChange extends OfJob {
  readonly change: 'still';
  readonly status: string;
  readonly mostMinutes?: number;
  readonly done: number;
  readonly count: number;
}

export function changesBetween(before: Reading | undefined, after: Reading): Change[] {
  const stacks = after.stacks.filter(({ name, status }) => before?.stacks.find((one) => one.name === name)?.status !== status)
    .map(({ name, status, reason }): StackChange => ({ change: 'stack', stack: name, status, reason }));
  return [...stacks, ...after.jobs.flatMap((one) => changesOf(earlier(before?.jobs ?? [], one), one, after.now))];
}

/** What still runs, for a reader who has heard nothing for long. */
export function stillRunning({ jobs, now }: Reading): Change[] {
  return jobs.flatMap((one) => (one.job && isNonTerminal(one.job.phase)
    ? [{ change: 'still', ...ofJob(one, now), status: one.job.status, mostMinutes: one.job.mostMinutes, ...progressOf(one.job) } as const] : []));
}

/** Benchmarks that have ended, of all. */
export function progressOf({ benchmarks }: Pick<JobView, 'benchmarks'>): { readonly done: number; readonly count: number } {
  return { done: benchmarks.filter(({ status }) => hasEnded(status)).length, count: benchmarks.length };
}

export function hasEnded(status: string): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'STOPPED' || status === 'DELETED';
}

/** The endpoint of a benchmark, once the service has told which it is. */
export function endpointIn({ endpoint }: Benchmark): string | undefined {
  return endpoint.instanceType || endpoint.memoryMb || endpoint.name ? endpointText(endpoint) : undefined;
}

function ofJob(one: JobOfStack, now: number): OfJob {
  return { of: one.construct ?? one.jobName ?? 'job', job: one.jobName, elapsedMs: elapsedMs(one, now) };
}

/** The same job, else what its construct had. */
function earlier(before: readonly JobOfStack[], { construct, jobName }: JobOfStack): JobOfStack | undefined {
  return (jobName !== undefined ? before.find((one) => one.jobName === jobName && one.construct === construct) : undefined)
    ?? (construct !== undefined ? before.find((one) => one.construct === construct) : undefined);
}

function changesOf(before: JobOfStack | undefined, after: JobOfStack, now: number): Change[] {
  const isSame = before !== undefined && before.jobName === after.jobName;
  const base = ofJob(after, now);
  const { job } = after;
  const status = statusOf(after);
  const changes: Change[] = before && isSame && statusOf(before) === status ? [] : [{
    change: 'job',
    ...base,
    isNew: !isSame || (before.job === undefined && job !== undefined),
    type: job?.type,
    title: job?.title,
    status,
    ...job && { mostMinutes: job.mostMinutes, failureReason: job.failureReason },
  }];
  const known = isSame ? before.job?.benchmarks ?? [] : [];
  const { benchmarks: all = [], kind = BENCHMARKED } = job ?? {};
  const partners = matched(known, all);
  return [...changes, ...all.flatMap((one, index): Change[] => {
    const old = partners[index];
    // That a benchmark waits is no news: the count says so.
    if (old ? isEqual(old, one, kind) : one.status === 'PENDING' && !hasFigures(one, kind)) { return []; }
    const { status: its, figures, failureReason } = one;
    const logStream = failureReason ? one.logStream : undefined;
    const place = { number: index + 1, count: all.length, endpoint: endpointIn(one) };
    return [{ change: 'benchmark', ...base, ...place, status: its, kind, figures, failureReason, logStream }];
  })];
}

function statusOf({ job }: JobOfStack): string {
  return job?.status ?? 'NOT_STARTED';
}

/** The earlier state of each benchmark: the one of its endpoint, else the one at its place, which had none yet. */
function matched(before: readonly Benchmark[], after: readonly Benchmark[]): Array<Benchmark | undefined> {
  const left = new Set(before);
  const take = (found: Benchmark | undefined) => {
    if (found) { left.delete(found); }
    return found;
  };
  const named = after.map(({ logStream }) => (
    logStream === undefined ? undefined : take(before.find((old) => old.logStream === logStream && left.has(old)))));
  const unnamed = (old: Benchmark | undefined) => (old && old.logStream === undefined && left.has(old) ? old : undefined);
  return after.map((_one, index) => named[index] ?? take(unnamed(before[index])));
}

function isEqual(one: Benchmark, other: Benchmark, kind: RecommendationKind): boolean {
  return one.status === other.status && one.failureReason === other.failureReason
    && figureColumns(kind).every(({ metric }) => Object.is(figureOf(one.figures, metric), figureOf(other.figures, metric)));
}

function hasFigures({ figures }: Pick<Benchmark, 'figures'>, kind: RecommendationKind): boolean {
  return figureColumns(kind).some(({ metric }) => !Number.isNaN(figureOf(figures, metric)));
}

/** A change as one line. */
export function changeText(change: Change): string {
  switch (change.change) {
    case 'stack': return oneLine(`${change.stack}: ${change.status}${change.reason ? `: ${change.reason}` : ''}`);
    case 'job': return oneLine(jobText(change));
    case 'still': return oneLine(`${change.of}: still ${[change.status, limitText(change.elapsedMs, change.mostMinutes), ...countTexts(change)].join(', ')}`);
    case 'benchmark': return oneLine(benchmarkText(change));
  }
}

function jobText({ of, job, isNew, title, status, elapsedMs: elapsed, mostMinutes: most, failureReason }: JobChange): string {
  if (job === undefined) { return `${of}: no job has started yet`; }
  const what = [
    ...of === job ? [] : [`job ${job}`], ...title ? [title] : [], ...most === undefined ? [] : [`at most ${durationText(most * 60_000)}`],
  ].join(', ');
  return `${of}: ${status}${isNew ? what && ` (${what})` : ` after ${durationText(elapsed)}`}${failureReason ? `: ${failureReason}` : ''}`;
}

function benchmarkText(change: BenchmarkChange): string {
  const { of, elapsedMs: elapsed, number, count, endpoint, status, kind, figures, failureReason, logStream } = change;
  const known = figureColumns(kind).filter(({ metric }) => !Number.isNaN(figureOf(figures, metric)));
  const facts = [
    ...failureReason ? [failureReason] : [],
    ...known.map((column) => `${column.title} ${columnText(column, figureOf(figures, column.metric) * column.factor)}`),
    ...logStream ? [`log ${LOG_GROUP} ${logStream}`] : [],
  ];
  const which = `benchmark ${number} of ${count}${endpoint ? `, ${endpoint}` : ''}`;
  return `${of}: ${which}: ${status} after ${durationText(elapsed)}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`;
}

/** What is left, if anything limits it. */
export function limitText(elapsed: number, most: number | undefined): string {
  if (most === undefined) { return durationText(elapsed); }
  const left = most * 60_000 - elapsed;
  return `${durationText(elapsed)}, ${left > 0 ? `at most ${durationText(left)} left` : `past its ${durationText(most * 60_000)}`}`;
}

/** Empty where the service does not tell a job's parts. */
export function countTexts(progress: { readonly done: number; readonly count: number }): string[] {
  return progress.count > 0 ? [countText(progress)] : [];
}

function countText({ done, count }: { readonly done: number; readonly count: number }): string {
  return `${done} of ${count} benchmarks done`;
}

/** A text of somebody else's has no control characters in a terminal, and is one line. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trimEnd();
}

/** A change as a program reads it. A figure that is unknown is absent. */
export function changeData(change: Change, now: number): object {
  const none = { elapsedMs: undefined, figures: undefined, isNew: undefined, kind: undefined };
  const { elapsedMs: elapsed, figures = {}, isNew: _new, kind: _kind, ...others } = { ...none, ...change };
  const known = Object.entries(figures).filter(([, value]) => !Number.isNaN(value));
  return {
    time: new Date(now).toISOString(),
    ...others,
    ...elapsed !== undefined && { elapsedSeconds: Math.round(elapsed / 1000) },
    ...known.length > 0 && { figures: Object.fromEntries(known) },
  };
}
