import { createGunzip } from 'zlib';
import { AGAIN, BenchmarkArchiveError, BenchmarkRun, EXPORT, parsed, runOf } from './aiperf-run';
import { BenchmarkSearch, SEARCH_HISTORY, searchOf } from './aiperf-search';
import { archiveTrouble } from './archive';
import { TarReader, TarTrouble } from './tar';
import { canonicalMetric, canonicalStat } from './token-metrics';

export { BenchmarkArchiveError } from './aiperf-run';
export type { BenchmarkMetric, BenchmarkRun } from './aiperf-run';

/** What an archive of an AI benchmark job says. */
export interface BenchmarkResults {
  /** Empty only if a search has left its outcome alone. */
  readonly runs: readonly BenchmarkRun[];
  /** What a search found, if it was one. Its runs are those of the values that it tried. */
  readonly search?: BenchmarkSearch;
}

/** One figure of a run. */
export interface BenchmarkFigure {
  readonly metric: string;
  readonly stat: string;
  readonly value: number;
  readonly unit: string;
}

/** The largest archive that is read, in bytes. The requests and responses of a raw export need more. */
export const MOST_ARCHIVE_BYTES = 64 * 1024 * 1024;
/** The most bytes that an archive may inflate to. Only exports are kept in memory. */
const MOST_INFLATED_BYTES = 512 * 1024 * 1024;
/** An export has some 20 KB; with hundreds of GPUs it has more. */
const MOST_EXPORT_BYTES = 16 * 1024 * 1024;

/** How much is read, in bytes: of an archive, and of all exports in it. The remedy is for larger ones. */
export interface ArchiveLimits { readonly archive: number; readonly kept: number; readonly remedy: string }

const LIMITS: ArchiveLimits = {
  archive: MOST_ARCHIVE_BYTES, kept: 64 * 1024 * 1024, remedy: `benchmark without the raw requests and responses, or pack ${EXPORT} alone with \`tar -czf output.tar.gz\``,
};

/**
 * The runs of an archive, as `benchmarkResults` reads them.
 *
 * @throws BenchmarkArchiveError for an archive that is damaged, too large, or of another kind, and for one of a search that has no run
 */
export async function benchmarkRuns(archive: Buffer, what: string): Promise<readonly BenchmarkRun[]> {
  const { runs } = await benchmarkResults(archive, what);
  if (runs.length === 0) { throw new BenchmarkArchiveError(`${what} has the outcome of a search, ${SEARCH_HISTORY}, and no ${EXPORT} of its runs, so it has no figures`); }
  return runs;
}

/**
 * The figures of an AI benchmark job, from its `output.tar.gz`: one run for each export of AIPerf in it, wherever it is, ordered by its path.
 * The exports of a run's phases (`phases/NAME/`) are parts of the run's own. Aggregates of several runs are not read, because each run is.
 * Sources: https://docs.nvidia.com/aiperf/v0.14.0/reference/json-export-schema, https://docs.nvidia.com/aiperf/dev/api/sweep-aggregates-api-reference (folders),
 * https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-benchmark.html (output.tar.gz)
 *
 * @param archive all its bytes: their checksum is at the end
 * @param what how the archive is called in sentences
 * @throws BenchmarkArchiveError for an archive that is damaged, too large, or of another kind
 */
export async function benchmarkResults(archive: Buffer, what: string, limits = LIMITS): Promise<BenchmarkResults> {
  checkArchiveBytes(archive.length, what, limits);
  const trouble = archiveTrouble(archive.subarray(0, 16 * 1024), archive.length);
  if (trouble) { throw new BenchmarkArchiveError(`${what} must be a tar archive that is compressed with gzip, and ${trouble}: ${AGAIN}`); }
  const { texts, names } = await exportsIn(archive, what, limits);
  const history = [...texts.keys()].filter(isSearchHistory).sort((one, other) => one.length - other.length)[0];
  const search = history === undefined ? undefined : searchOf(parsed(texts.get(history)!, `${history} in ${what}`));
  const files = [...texts.keys()].filter((file) => !isSearchHistory(file) && !isPhaseOf(file, texts)).sort(byNumbers);
  if (files.length === 0 && !search) { throw new BenchmarkArchiveError(`${what} has no ${EXPORT}, which AIPerf writes, but ${listed(names)}: ${AGAIN}`); }
  const runs = files.map((file) => runOf(texts.get(file)!, file, `${file} in ${what}`));
  if (runs.length > 0) { checkMetrics(runs, `${files[0]} in ${what}`); }
  return { runs, ...search && { search } };
}

/**
 * The figures of an export that is in no archive, as AIPerf leaves it on a disk.
 *
 * @throws BenchmarkArchiveError if it is none, or has no metric
 */
export function exportResults(content: Buffer, path: string): BenchmarkResults {
  const runs = [runOf(content, path, path)];
  checkMetrics(runs, path);
  return { runs };
}

function checkMetrics(runs: readonly BenchmarkRun[], what: string): void {
  if (runs.some(({ metrics }) => metrics.length > 0)) { return; }
  throw new BenchmarkArchiveError(`${what} has no metric, so no request has succeeded or another tool wrote it: ${AGAIN}`);
}

/**
 * A figure of a run. Names are read in every spelling that `token-metrics` knows; the unit stays as it was written.
 *
 * @returns `undefined` if the run has no such metric, or no such statistic of it
 */
export function benchmarkFigure({ metrics }: Pick<BenchmarkRun, 'metrics'>, metric: string, stat: string): BenchmarkFigure | undefined {
  const canonical = canonicalMetric(metric);
  const found = metrics.find(({ name }) => name === metric)
    ?? metrics.find(({ name }) => name === canonical)
    ?? metrics.find(({ name }) => canonical !== undefined && canonicalMetric(name) === canonical);
  const key = [stat, canonicalStat(stat)].find((one) => one !== undefined && found && Object.hasOwn(found.stats, one));
  return found && key !== undefined ? { metric: found.name, stat: key, value: found.stats[key], unit: found.unit } : undefined;
}

/** Reads the whole archive, so that its checksum is verified. */
async function exportsIn(archive: Buffer, what: string, limits: ArchiveLimits): Promise<{ texts: Map<string, Buffer>; names: string[] }> {
  const texts = new Map<string, Buffer>();
  const names: string[] = [];
  let kept = 0;
  const reader = new TarReader({
    onFile: (name, bytes) => {
      names.push(pathOf(name));
      if (!isExport(pathOf(name)) && !isSearchHistory(pathOf(name))) { return false; }
      kept += bytes;
      if (bytes > MOST_EXPORT_BYTES) { throw new TarTrouble(`has an export ${pathOf(name)} of ${bytes} bytes, and one of AIPerf has far less`); }
      if (kept > limits.kept) { throw new BenchmarkArchiveError(`${what} has exports of more than ${limits.kept} bytes in all: ${limits.remedy}`); }
      return true;
    },
    onContent: (name, content) => { texts.set(pathOf(name), content); },
  });
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  gunzip.end(archive);
  let inflated = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      inflated += chunk.length;
      if (inflated > MOST_INFLATED_BYTES) { throw new BenchmarkArchiveError(`${what} has ${archive.length} bytes that inflate to more than ${MOST_INFLATED_BYTES}: ${LIMITS.remedy}`); }
      reader.push(chunk);
    }
  } catch (error) {
    if (error instanceof TarTrouble) { throw new BenchmarkArchiveError(`${what} ${error.message}: ${AGAIN}`); }
    if (/^Z_/.test((error as { code?: string }).code ?? '')) { throw new BenchmarkArchiveError(`${what} is cut off or damaged: ${AGAIN}`); }
    throw error;
  }
  if (!reader.isBetweenFiles) { throw new BenchmarkArchiveError(`${what} ends within a file, so it is cut off: ${AGAIN}`); }
  return { texts, names };
}

/** @throws BenchmarkArchiveError for an archive with more bytes than are read */
export function checkArchiveBytes(bytes: number, what: string, { archive, remedy } = LIMITS): void {
  if (bytes > archive) { throw new BenchmarkArchiveError(`${what} has ${bytes} bytes, and at most ${archive} are read: ${remedy}`); }
}

/** With another prefix, AIPerf writes `PREFIX_aiperf.json`. macOS packs a file `._NAME` beside each one. */
export function isExport(name: string): boolean {
  return /(^|\/)(?!\._)[^/]*_aiperf\.json$/.test(name);
}

function isSearchHistory(path: string): boolean {
  return path === SEARCH_HISTORY || path.endsWith(`/${SEARCH_HISTORY}`);
}

/** A path in an archive without a dot at its begin. Some programs of Windows write backslashes. */
function pathOf(name: string): string {
  return name.replace(/\\/g, '/').replace(/^(\.\/)+/, '');
}

function isPhaseOf(file: string, texts: ReadonlyMap<string, Buffer>): boolean {
  const [, run, name] = /^(.*?)phases\/[^/]+\/([^/]+)$/.exec(file) ?? [];
  return name !== undefined && texts.has(`${run}${name}`);
}

/** `concurrency_8` comes before `concurrency_64`. */
function byNumbers(one: string, other: string): number {
  const parts = (text: string) => text.split(/(\d+)/).map((part, at) => (at % 2 ? part.replace(/^0+/, '').padStart(20, '0') : part)).join('');
  const [a, b] = [parts(one), parts(other)];
  return a < b ? -1 : a > b ? 1 : one < other ? -1 : 1;
}

const MOST_LISTED = 5;

function listed(names: readonly string[]): string {
  if (names.length === 0) { return 'no file at all'; }
  const older = names.find((name) => name.endsWith('_genai_perf.json'));
  if (older) { return `${older}, which GenAI-Perf wrote, another tool`; }
  const more = names.length - MOST_LISTED;
  return `${names.slice(0, MOST_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
