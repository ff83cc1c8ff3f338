import { isRecord } from './records';
import { canonicalStat, TOKEN_STATS } from './token-metrics';

/** Why an archive gives no figures: one sentence. */
export class BenchmarkArchiveError extends Error {}

/** A metric of a run, as AIPerf wrote it. */
export interface BenchmarkMetric {
  /** As AIPerf spells it, such as `time_to_first_token`. */
  readonly name: string;
  /** As it was written, such as `ms` or `tokens/sec`. It is empty if none was written: it is never assumed. */
  readonly unit: string;
  /** By statistic, such as `avg` and `p99`. A throughput has `avg` alone. */
  readonly stats: Readonly<Record<string, number>>;
}

/** A run of AIPerf. A sweep has several, such as one for each concurrency. */
export interface BenchmarkRun {
  /** The path of its export in the archive. */
  readonly file: string;
  /** Of AIPerf. @default - unknown: the first versions of AIPerf did not write it */
  readonly version?: string;
  /** Names of the models that were asked. */
  readonly models: readonly string[];
  /** Requests that succeeded. */
  readonly requests?: number;
  /** Requests that failed. */
  readonly errors?: number;
  /** Local times of the machine, in ISO format. */
  readonly started?: string;
  readonly ended?: string;
  /** Whether it was interrupted: its figures are of a part. */
  readonly isCancelled: boolean;
  /** Empty if no request succeeded, in a sweep whose other runs have some. */
  readonly metrics: readonly BenchmarkMetric[];
}

/** The export of a run. */
export const EXPORT = 'profile_export_aiperf.json';
/** What helps against a broken one. */
export const AGAIN = 'download it again from the output location of an AI benchmark job';

/**
 * The run of one export of AIPerf, as it lies on a disk or in an archive.
 *
 * @param content all its bytes
 * @param file its path
 * @param what how it is called in sentences
 * @throws BenchmarkArchiveError if it is no export, or has members of another form
 */
export function runOf(content: Buffer, file: string, what: string): BenchmarkRun {
  const given = parsed(content, what);
  const config = recordOf(given.input_config);
  if (given.aiperf_version === undefined && config.service_kind !== undefined) {
    throw new BenchmarkArchiveError(`${what} is of GenAI-Perf, another tool: ${AGAIN}`);
  }
  // The first versions of AIPerf had the metrics in a member of their own.
  const metrics = Object.entries(isRecord(given.records) ? given.records : given).flatMap(([name, value]) => metricOf(name, value, what));
  const countOf = (metric: string) => metrics.find(({ name }) => name === metric)?.stats.avg;
  return {
    file,
    version: versionOf(given),
    models: modelsOf(config),
    requests: countOf('request_count'),
    errors: countOf('error_request_count') ?? errorsOf(given.error_summary),
    started: textOf(given.start_time),
    ended: textOf(given.end_time),
    isCancelled: given.was_cancelled === true,
    metrics,
  };
}

/** A JSON object, however Python or Windows wrote it. @throws BenchmarkArchiveError */
export function parsed(content: Buffer, what: string): Record<string, unknown> {
  let value: unknown;
  // Programs of Windows write a mark of the byte order.
  const text = content.toString().replace(/^\uFEFF/, '');
  try {
    value = JSON.parse(text);
  } catch {
    value = parsedWithNaN(text);
    if (value === undefined) { throw new BenchmarkArchiveError(`${what} is no JSON: ${AGAIN}`); }
  }
  if (!isRecord(value)) { throw new BenchmarkArchiveError(`${what} must be a JSON object: ${AGAIN}`); }
  return value;
}

/** Python's own JSON has words for numbers that are none. They stand for what could not be computed. */
function parsedWithNaN(text: string): unknown {
  try {
    return JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g, (_all, quoted) => quoted ?? 'null'));
  } catch {
    return undefined;
  }
}

/** Those that tell a level. A number of something besides is no metric. */
const LEVELS = TOKEN_STATS.filter((stat) => !['count', 'sum'].includes(stat));

/** A metric has a unit, or else statistics. Other members tell of the run, of its GPUs and of its warm-up. */
function metricOf(name: string, value: unknown, what: string): BenchmarkMetric[] {
  if (!isRecord(value)) { return []; }
  const { unit: given, ...others } = value;
  const unit = given ?? '';
  if ((given ?? undefined) === undefined && !LEVELS.some((stat) => typeof others[stat] === 'number')) { return []; }
  if (typeof unit !== 'string') { throw wrong(what, `${name}.unit`, unit, 'a text'); }
  // Statistics that a later version adds are numbers, too. AIPerf writes none for what it could not compute.
  const stats = Object.entries(others).filter(([stat, one]) => one !== null && (typeof one === 'number' || canonicalStat(stat) === stat))
    .map(([stat, one]) => [stat, typeof one === 'string' && one.trim() !== '' ? Number(one) : one]);
  for (const [stat, one] of stats) {
    if (!Number.isFinite(one)) { throw wrong(what, `${name}.${stat}`, others[stat as string], 'a number'); }
  }
  return stats.length > 0 ? [{ name, unit, stats: Object.fromEntries(stats) as Record<string, number> }] : [];
}

function wrong(what: string, member: string, got: unknown, expected: string): BenchmarkArchiveError {
  const shown = (typeof got === 'number' ? String(got) : JSON.stringify(got)).slice(0, 80);
  return new BenchmarkArchiveError(`${member} of ${what} must be ${expected}, got: ${shown}. Another tool has written or changed it: ${AGAIN}`);
}

/** AIPerf has no other place than the first. AWS's SDK for Python looks at the others, too. */
function versionOf(given: Record<string, unknown>): string | undefined {
  const places = [given.aiperf_version, given.tool_version, given.version, recordOf(given.metadata).aiperf_version, recordOf(given.metadata).version];
  return places.map(textOf).find((one) => one !== undefined);
}

/** Versions differ in where they keep the names. */
function modelsOf({ endpoint, models, model }: Record<string, unknown>): string[] {
  const found = [recordOf(endpoint).model_names, recordOf(models).items, models, model].map(listOf).find((list) => list.length > 0) ?? [];
  return found.map((one) => (isRecord(one) ? one.name : one)).filter((name): name is string => typeof name === 'string');
}

function errorsOf(summary: unknown): number | undefined {
  if (!Array.isArray(summary)) { return undefined; }
  return summary.reduce((sum: number, one) => sum + (Number.isFinite(one?.count) ? one.count : 0), 0);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
