import { readFileSync, statSync } from 'fs';
import { rounded } from './numbers';
import {
  BenchmarkMetric, BenchmarkResults, benchmarkResults, BenchmarkRun, benchmarkRuns, exportResults, isExport, MOST_ARCHIVE_BYTES,
} from '../../../src/service/aiperf';
import { BenchmarkSearch, searchText } from '../../../src/service/aiperf-search';
import { canonicalMetric, TOKEN_STATS } from '../../../src/service/token-metrics';
import { Io, styled } from '../terminal/io';
import { Cell, cell, figureCell, rendered, Table } from '../terminal/table';

/** Whether a word names what an AI benchmark job has measured: a file `output.tar.gz`, under whatever name, or an export of AIPerf out of one. */
export function isArchive(word: string): boolean {
  return /\.(tar\.gz|tgz)$/i.test(word) || isExport(word);
}

/**
 * What an archive of an AI benchmark job says, or an export out of one.
 *
 * @throws Error with one sentence if the file cannot be read, or is no such archive
 */
export async function archiveResults(path: string): Promise<BenchmarkResults> {
  return isExport(path) ? exportResults(bytesOf(path), path) : benchmarkResults(bytesOf(path), path);
}

/** The runs in such an archive. @throws the same, and for an archive without a run */
export async function archiveRuns(path: string): Promise<readonly BenchmarkRun[]> {
  return isExport(path) ? exportResults(bytesOf(path), path).runs : benchmarkRuns(bytesOf(path), path);
}

function bytesOf(path: string): Buffer {
  try {
    // One byte more is enough to tell that it is too large.
    return statSync(path).size > MOST_ARCHIVE_BYTES ? Buffer.alloc(MOST_ARCHIVE_BYTES + 1) : readFileSync(path);
  } catch (error) {
    throw new Error(`The file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}; expected output.tar.gz of an AI benchmark job`);
  }
}

/** What tells the runs of an archive apart: their folders. Empty if there is one. */
export function runName({ file }: BenchmarkRun, runs: readonly BenchmarkRun[]): string {
  if (runs.length === 1) { return ''; }
  const folders = file.split('/').slice(0, -1);
  const isShared = (at: number) => runs.every((run) => run.file.split('/')[at] === folders[at]);
  const from = folders.findIndex((_folder, at) => !isShared(at));
  const isAlone = runs.filter((run) => run.file.split('/').slice(0, -1).join('/') === folders.join('/')).length === 1;
  return from < 0 ? file : isAlone ? folders.slice(from).join('/') : file.split('/').slice(from).join('/');
}

/** Who has measured what, in a line: `AIPerf 0.8.0, model chat, 300 requests, 2 errors`. */
export function runText({ version, models, requests, errors, isCancelled, metrics }: BenchmarkRun): string {
  const counted = (count: number, what: string) => `${rounded(count)} ${what}${count === 1 ? '' : 's'}`;
  return [
    `AIPerf${version === undefined ? '' : ` ${version}`}`,
    ...models.length > 0 ? [`${models.length === 1 ? 'model' : 'models'} ${models.join(', ')}`] : [],
    ...requests === undefined ? [] : [counted(requests, 'request')],
    ...errors === undefined ? [] : [counted(errors, 'error')],
    ...metrics.some(isShown) ? [] : ['no figures'],
    ...isCancelled ? ['interrupted'] : [],
  ].join(', ');
}

export function searchSentence(search: BenchmarkSearch): string {
  return `The search: ${searchText(search)}.`;
}

/** What a benchmark has found, as people read it: a search first, then each run with its name, if it needs one, its line and its table. */
export function resultsText({ runs, search }: BenchmarkResults, format: 'table' | 'markdown', io: Io, path?: string): string {
  return [
    ...search ? [searchSentence(search)] : [],
    ...runs.map((run) => {
      const [name, table] = [runName(run, runs) || path, runTable(run)];
      return [
        ...name ? [`${format === 'table' ? styled(io, 'bold', name) : `**${name}**`}`] : [],
        `${runText(run)}${table.rows.length > 0 ? `\n\n${rendered(table, format, io)}` : ''}`,
      ].join('\n');
    }),
  ].join('\n\n');
}

/** All runs as programs read them. */
export function runsData(runs: readonly BenchmarkRun[]) {
  return runs.map((run) => ({ name: runName(run, runs), ...run }));
}

const SHOWN_STATS = ['avg', 'p50', 'p90', 'p95', 'p99', 'min', 'max'] as const;

/** The metrics of a run by which people choose. Each row has its own unit, as AIPerf wrote it. */
export function runTable({ metrics }: BenchmarkRun, title?: string): Table {
  return {
    title,
    columns: [
      { key: 'metric', title: 'metric' },
      { key: 'unit', title: 'unit' },
      ...SHOWN_STATS.map((stat) => ({ key: stat, title: stat, isFigure: true })),
    ],
    rows: metrics.filter(isShown).map((metric) => rowOf(metric, SHOWN_STATS)),
  };
}

/** All metrics and statistics of all runs, for programs. */
export function allRunsTable(runs: readonly BenchmarkRun[]): Table {
  return {
    columns: [
      { key: 'run', title: 'run' },
      { key: 'metric', title: 'metric' },
      { key: 'unit', title: 'unit' },
      ...TOKEN_STATS.map((stat) => ({ key: stat, title: stat, isFigure: true })),
    ],
    rows: runs.flatMap((run) => run.metrics.map((metric) => ({ run: cell(runName(run, runs)), ...rowOf(metric, TOKEN_STATS) }))),
  };
}

/** Counts are no figures by which people choose. */
function isShown({ name }: BenchmarkMetric): boolean {
  return canonicalMetric(name) !== undefined;
}

function rowOf({ name, unit, stats }: BenchmarkMetric, shown: readonly string[]): Record<string, Cell> {
  return { metric: cell(name), unit: cell(unit), ...Object.fromEntries(shown.map((stat) => [stat, figureCell(stats[stat], rounded)])) };
}
