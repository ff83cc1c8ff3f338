import { countTexts, endpointIn, limitText, oneLine, progressOf } from './changes';
import { elapsedMs, Reading } from './reading';
import { isNonTerminal } from '../../../src/service/job-status';
import { figureOf } from '../../../src/service/recommendation-kinds';
import { styleOf } from '../subject/benchmarks';
import { nounOf } from '../subject/families';
import { columnText, durationText, figureColumns } from '../subject/figures';
import { Benchmark, JobView, LOG_GROUP } from '../subject/job';
import type { JobOfStack } from '../subject/subject';
import { NO_JOBS } from '../subject/words';
import { Io, Style, styled } from '../terminal/io';

/** A part of a line, in one style. */
interface Span {
  readonly text: string;
  readonly style?: Style;
}
type Line = readonly Span[];

/** Where a view has to fit in. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The fewest rows: what is watched, a job, and that there is more. */
const FEWEST_ROWS = 3;

/** A reading as lines of a terminal: none is wider than it, and all of them fit in it with a row below for the cursor. */
export function viewOf(reading: Reading, size: Size, io: Pick<Io, 'hasColors'>, note?: string): string[] {
  const rows = Math.max(FEWEST_ROWS, size.rows - 1) - (note === undefined ? 0 : 1);
  const blocks = reading.jobs.map((one) => blockOf(one, reading.now, size.columns));
  const lines = [
    totalOf(reading),
    ...fitting(blocks, rows - 1),
    ...note === undefined ? [] : [[{ text: note, style: 'yellow' as const }]],
  ];
  return lines.map((line) => painted(cut(line, size.columns), io));
}

function totalOf({ stacks, jobs }: Reading): Line {
  const all = jobs.flatMap(({ job }) => (job ? [progressOf(job)] : []));
  const sum = (key: 'done' | 'count') => all.reduce((total, one) => total + one[key], 0);
  const told: Span[] = stacks.flatMap(({ name, status }, index): Span[] => [
    { text: `${index > 0 ? ', ' : ''}${oneLine(name)} `, style: 'bold' }, { text: status, style: stackStyle(status) },
  ]);
  const words = jobs.length === 0 ? `${NO_JOBS} yet`
    : jobs.length === 1 ? ''
      : [`${jobs.filter(({ job }) => job && !isNonTerminal(job.phase)).length} of ${jobs.length} jobs`, ...countTexts({ done: sum('done'), count: sum('count') })].join(', ');
  return [...told, { text: `${told.length > 0 && words ? ': ' : ''}${words}` }];
}

function stackStyle(status: string): Style | undefined {
  return /FAILED|ROLLBACK/.test(status) ? 'red' : status.endsWith('_IN_PROGRESS') ? 'cyan' : 'green';
}

/** A job's lines: its own, and those of its benchmarks, which may be left out in an order. */
interface Block {
  readonly head: readonly Line[];
  readonly body: ReadonlyArray<{ readonly lines: readonly Line[]; readonly rank: number; readonly count: number }>;
}

function blockOf(one: JobOfStack, now: number, columns: number): Block {
  const { construct, family, job, jobName } = one;
  const noun = nounOf(family);
  const name: Span = { text: oneLine(construct ?? `${noun} ${jobName}`), style: 'bold' };
  if (!job) {
    const why = jobName === undefined ? ': no job has started yet' : `: SageMaker does not know ${noun} ${oneLine(jobName)} (yet)`;
    return { head: [[name, { text: why }]], body: [] };
  }
  const elapsed = elapsedMs(one, now);
  const limit = job.ended ? durationText(elapsed) : limitText(elapsed, job.mostMinutes);
  const head: Line[] = [[
    name, { text: ': ' }, { text: job.status, style: styleOf(job.status) }, { text: `, ${[limit, ...countTexts(progressOf(job))].join(', ')}` },
  ], [
    { text: `  ${oneLine([job.title, ...job.details, ...construct === undefined ? [] : [`${noun} ${jobName}`]].join(', '))}`, style: 'dim' },
  ]];
  if (job.failureReason) { head.push([{ text: `  ${oneLine(job.failureReason)}`, style: 'red' }]); }
  const { title, body } = layoutOf(job, columns);
  if (title) { head.push([{ text: title, style: 'dim' }]); }
  return { head, body };
}

/** What is most worth a row: what runs and what failed, then results, then what waits. */
function rankOf({ status }: Benchmark): number {
  return ['IN_PROGRESS', 'FAILED', 'STOPPING', 'COMPLETED', 'STOPPED', 'PENDING'].indexOf(status) + 1 || 9;
}

/** The benchmarks in columns: as many figures as the width allows. Those whose endpoint the service has not told yet are one line. */
function layoutOf({ benchmarks: all, kind }: Pick<JobView, 'benchmarks' | 'kind'>, columns: number): { readonly title?: string; readonly body: Block['body'] } {
  const isWaiting = (one: Benchmark) => one.status === 'PENDING' && endpointIn(one) === undefined;
  const benchmarks = all.filter((one) => !isWaiting(one));
  const waiting = all.length - benchmarks.length;
  const names = benchmarks.map((one) => oneLine(endpointIn(one) ?? 'an endpoint'));
  const statusWidth = widest([...benchmarks.map(({ status }) => status), ...waiting > 0 ? ['PENDING'] : []]);
  const nameWidth = widest(names);
  const figures = figureColumns(kind).map((column) => {
    const { metric, factor, title } = column;
    const texts = benchmarks.map((one) => (Number.isNaN(figureOf(one.figures, metric)) ? '–' : columnText(column, figureOf(one.figures, metric) * factor)));
    return { title, texts, width: widest([title, ...texts]) + GAP, isKnown: texts.some((text) => text !== '–') };
  });
  const left = 1 + statusWidth + 1 + nameWidth;
  let free = columns - left;
  const fit = figures.filter(({ isKnown, width }) => {
    const fits = isKnown && width <= free;
    if (fits) { free -= width; }
    return fits;
  });
  const rows = benchmarks.map((one, index) => {
    const { status, failureReason, logStream } = one;
    const first: Line = [{ text: ` ${status.padEnd(statusWidth)} `, style: styleOf(status) }, { text: names[index].padEnd(nameWidth) }];
    const lines: Line[] = failureReason
      ? [[...first, { text: `  ${oneLine(failureReason)}`, style: 'red' }], ...logStream ? [[{ text: `   ${LOG_GROUP} ${oneLine(logStream)}`, style: 'dim' as const }]] : []]
      : [[...first, { text: fit.map(({ texts, width }) => texts[index].padStart(width)).join('') }]];
    return { lines, rank: rankOf(one), count: 1 };
  });
  const others: Line = [{ text: ` ${'PENDING'.padEnd(statusWidth)} `, style: 'dim' }, { text: `${waiting} more, not named yet` }];
  return {
    title: fit.length > 0 ? ' '.repeat(left) + fit.map(({ title, width }) => title.padStart(width)).join('') : undefined,
    body: [...rows, ...waiting > 0 ? [{ lines: [others], rank: 9, count: waiting }] : []],
  };
}

const GAP = 2;

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => [...text].length));
}

/** So many rows of all jobs: each has its head before any has its benchmarks, and what has no row is counted. */
function fitting(blocks: readonly Block[], rows: number): Line[] {
  const needed = ({ head, body }: Block) => head.length + body.reduce((sum, { lines }) => sum + lines.length, 0);
  if (blocks.reduce((sum, block) => sum + needed(block), 0) <= rows) {
    return blocks.flatMap(({ head, body }) => [...head, ...body.flatMap(({ lines }) => lines)]);
  }
  const heads = blocks.reduce((sum, { head }) => sum + head.length, 0);
  if (heads + blocks.filter(({ body }) => body.length > 0).length > rows) {
    // Not even the heads: a line a job.
    const shown = blocks.length <= rows ? blocks.length : rows - 1;
    return [...blocks.slice(0, shown).map(({ head }) => head[0]), ...shown < blocks.length ? [more(blocks.length - shown, 'job')] : []];
  }
  let free = rows - heads;
  return blocks.flatMap((block, index) => {
    // What one does not need is the next one's.
    const share = Math.floor(free / (blocks.length - index));
    const lines = share >= needed(block) - block.head.length ? block.body.flatMap((one) => one.lines) : best(block, share);
    free -= lines.length;
    return [...block.head, ...lines];
  });
}

/** The lines of the benchmarks that are most worth it, in their own order. */
function best({ body }: Block, rows: number): Line[] {
  const chosen = new Set<Block['body'][number]>();
  let free = rows - 1;
  for (const one of [...body].sort((a, b) => a.rank - b.rank)) {
    if (one.lines.length > free) { break; }
    free -= one.lines.length;
    chosen.add(one);
  }
  return rows < 1 ? [] : [...body.filter((one) => chosen.has(one)).flatMap(({ lines }) => lines), more(body.reduce((sum, one) => sum + (chosen.has(one) ? 0 : one.count), 0), 'benchmark')];
}

function more(count: number, what: string): Line {
  return [{ text: `  … ${count} more ${what}${count === 1 ? '' : 's'}`, style: 'dim' }];
}

/** The part of a line that fits. */
function cut(line: Line, columns: number): Line {
  const whole = line.reduce((sum, { text }) => sum + [...text].length, 0);
  let free = whole > columns ? columns - 1 : columns;
  const parts = line.map(({ text, style }) => {
    const part = [...text].slice(0, free).join('');
    free -= [...part].length;
    return { text: part, style };
  });
  return whole > columns ? [...parts, { text: '…' }] : parts;
}

function painted(line: Line, io: Pick<Io, 'hasColors'>): string {
  return line.map(({ text, style }) => (style && text !== '' ? styled(io, style, text) : text)).join('').trimEnd();
}
