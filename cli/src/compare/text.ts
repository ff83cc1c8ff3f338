import { Difference, isBeyond, Outcome, percentText, valueText } from './difference';
import { ChosenChange, Comparison, Lone } from './jobs';
import { figureOf } from '../../../src/service/recommendation-kinds';
import { columnText, knownColumns } from '../subject/figures';
import { Io, Style, styled } from '../terminal/io';
import { Cell, cell, figureCell, rendered, Table } from '../terminal/table';

/** All that a command line compares. */
export interface Report {
  /** What the two sides are, in a few words each. */
  readonly before: string;
  readonly after: string;
  /** The titles of their columns. */
  readonly columns: readonly [before: string, after: string];
  readonly equalWithin: number;
  readonly comparisons: readonly Comparison[];
  /** Of the whole, one sentence each. */
  readonly notes: readonly string[];
}

/** What `--fail-on-regression` found. */
export interface Gate {
  readonly threshold: number;
  readonly onlyChosen: boolean;
  readonly broken: readonly Difference[];
  /** Sentences of choices that no longer choose anything. */
  readonly lost: readonly string[];
}

/** Judges the matched metrics, or only those of what is chosen. A choice that no longer chooses breaks it in either case. */
export function gateOf(comparisons: readonly Comparison[], threshold: number, onlyChosen: boolean): Gate {
  const judged = comparisons.flatMap(({ differences, chosen }) => (onlyChosen ? chosen.flatMap((one) => one.differences) : differences));
  return {
    threshold,
    onlyChosen,
    broken: judged.filter((one) => isBeyond(one, threshold)),
    lost: comparisons.flatMap(({ chosen }) => chosen.filter(({ isLost }) => isLost).map(({ sentence }) => sentence)),
  };
}

/** Whether there is a figure that could be worse: without one, a gate would pass whatever happens. */
export function isComparable(comparisons: readonly Comparison[], which: 'all' | 'matched' | 'chosen'): boolean {
  const judged = comparisons.flatMap(({ differences, chosen }) => [
    ...which === 'chosen' ? [] : differences, ...which === 'matched' ? [] : chosen.flatMap((one) => one.differences),
  ]);
  return judged.some(({ outcome }) => outcome === 'worse' || outcome === 'better' || outcome === 'equal')
    || comparisons.some(({ chosen }) => chosen.some(({ isLost }) => isLost));
}

const OUTCOME_TEXT: Readonly<Record<Outcome, string>> = {
  worse: 'worse', better: 'better', equal: 'equal', units: 'units differ?', load: 'by its load', unknown: 'not reported',
};
const OUTCOME_STYLE: Readonly<Partial<Record<Outcome, Style>>> = { worse: 'red', better: 'green', equal: 'dim', load: 'dim' };

/** `2 figures are worse, 3 better and 13 equal within 1%. The worst is latency (ms or µs) of ml.c5.xlarge × 1, +45%.` */
export function summaryOf(comparisons: readonly Comparison[], equalWithin: number): string {
  const all = comparisons.flatMap(({ differences }) => differences);
  const count = (outcome: Outcome) => all.filter((one) => one.outcome === outcome).length;
  const worst = comparisons.flatMap(({ differences }) => differences.slice(0, 1))
    .filter(({ outcome }) => outcome === 'worse').sort((a, b) => Math.abs(b.percent) - Math.abs(a.percent) || 0)[0];
  const others = [[count('load'), 'depend on the load'], [count('units'), 'probably have other units'], [count('unknown'), 'are reported by one side only']] as const;
  const worse = count('worse');
  return [
    `${worse} ${worse === 1 ? 'figure is' : 'figures are'} worse, ${count('better')} better and ${count('equal')} equal within ${equalWithin}%`,
    ...others.filter(([found]) => found > 0).map(([found, what]) => `, ${found} ${what}`),
    '.',
    ...worst ? [` The worst is ${worst.title} of ${worst.endpoint}, ${percentText(worst.percent)}.`] : [],
    ...loneText(comparisons),
  ].join('');
}

function loneText(comparisons: readonly Comparison[]): string[] {
  const count = (side: Lone['side']) => comparisons.reduce((sum, { lone }) => sum + lone.filter((one) => one.side === side).length, 0);
  return ([['A', count('before')], ['B', count('after')]] as const).filter(([, found]) => found > 0)
    .map(([side, found]) => ` ${found} ${found === 1 ? 'endpoint is' : 'endpoints are'} only in ${side}.`);
}

export function gateText({ threshold, onlyChosen, broken, lost }: Gate): string {
  const of = onlyChosen ? ' of the chosen endpoint' : '';
  if (broken.length + lost.length === 0) { return `No figure${of} is worse by more than ${threshold}%.`; }
  const figures = `${broken.length} ${broken.length === 1 ? 'figure' : 'figures'}${of} ${broken.length === 1 ? 'is' : 'are'} worse by more than ${threshold}%`;
  return [...broken.length > 0 ? [`${figures}.`] : [], ...lost].join(' ');
}

/** The differences as a table, then the endpoints that one side only has, each with its cost. */
export function differencesTable({ differences, lone }: Pick<Comparison, 'differences' | 'lone'>, [before, after]: Report['columns'], title?: string): Table {
  return {
    title,
    columns: [
      { key: 'outcome', title: 'result' },
      { key: 'endpoint', title: 'endpoint', isLong: true },
      { key: 'metric', title: 'metric' },
      { key: 'before', title: before, isFigure: true },
      { key: 'after', title: after, isFigure: true },
      { key: 'percent', title: 'difference', isFigure: true },
    ],
    rows: [...differences.map(rowOf), ...lone.map((one) => loneRow(one))],
  };
}

function rowOf(difference: Difference): Record<string, Cell> {
  const { outcome, endpoint, key, title, before, after, percent } = difference;
  const style = OUTCOME_STYLE[outcome];
  const figure = (value: number) => figureCell(value, () => valueText(difference, value));
  return {
    outcome: { text: OUTCOME_TEXT[outcome], value: outcome, style },
    endpoint: cell(endpoint),
    metric: { text: title, value: key },
    before: figure(before),
    after: figure(after),
    percent: { text: percentText(percent), value: Number.isFinite(percent) ? percent : null, style },
  };
}

/** With the first of its figures, a cost of what is served if there is one. */
function loneRow({ endpoint, side, figures, kind }: Lone): Record<string, Cell> {
  const known = knownColumns(kind, [{ figures }]).filter(({ metric }) => !Number.isNaN(figureOf(figures, metric)));
  const column = known.find(({ metric, isMoney }) => isMoney && metric !== 'CostPerHour') ?? known[0];
  const value = column && figureOf(figures, column.metric) * column.factor;
  return {
    outcome: { text: side === 'before' ? 'only in A' : 'only in B', value: side === 'before' ? 'only-before' : 'only-after', style: 'dim' },
    endpoint: cell(endpoint),
    metric: { text: column?.title ?? '', value: column?.key ?? null },
    [side]: figureCell(value, (one) => columnText(column!, one)),
  };
}

export function asText({ before, after, columns, equalWithin, comparisons, notes }: Report, gate: Gate | undefined, io: Io): string {
  const parts = comparisons.flatMap((comparison) => [
    ...comparison.title === undefined ? [] : [styled(io, 'bold', comparison.title)],
    ...comparison.chosen.map(({ sentence }) => sentence),
    ...comparison.differences.length + comparison.lone.length > 0 ? [rendered(differencesTable(comparison, columns), 'table', io)] : [],
    ...comparison.notes.map((note) => styled(io, 'yellow', note)),
    '',
  ]);
  return [
    `${styled(io, 'bold', columns[0])}: ${before}`,
    `${styled(io, 'bold', columns[1])}: ${after}`,
    '',
    ...parts,
    ...notes.map((note) => styled(io, 'yellow', note)),
    summaryOf(comparisons, equalWithin),
    ...gate ? [styled(io, gate.broken.length + gate.lost.length > 0 ? 'red' : 'green', gateText(gate))] : [],
  ].join('\n');
}

/** Below what GitHub takes for a comment, 65,536 characters, with room for what a workflow adds. */
export const LONGEST_MARKDOWN = 60_000;
const SHOWN_ROWS = 12;

/** A comment for a pull request: the worst at once, all of it below a fold. */
export function asMarkdown(report: Report, gate: Gate | undefined, io: Io): string {
  const { before, after, columns, equalWithin, comparisons } = report;
  const head = [
    `### Inference Recommender: ${plain(after)} compared with ${plain(before)}`,
    '',
    ...gate ? [`${gate.broken.length + gate.lost.length > 0 ? '❌' : '✅'} ${plain(gateText(gate))}`, ''] : [],
    plain(summaryOf(comparisons, equalWithin)),
    '',
    ...comparisons.flatMap((one) => topOf(one, columns, io)),
  ].join('\n');
  const detail = (rows: number) => ['', ...comparisons.flatMap((one) => foldOf(one, report, rows, io))].join('\n');
  // As many rows as fit.
  const most = Math.max(...comparisons.map(({ differences, lone }) => differences.length + lone.length), 0);
  let [fits, beyond] = [0, most + 1];
  while (beyond - fits > 1) {
    const middle = Math.floor((fits + beyond) / 2);
    if (head.length + detail(middle).length <= LONGEST_MARKDOWN) { fits = middle; } else { beyond = middle; }
  }
  const whole = head + detail(fits);
  return whole.length <= LONGEST_MARKDOWN ? whole : `${whole.slice(0, whole.lastIndexOf('\n', LONGEST_MARKDOWN))}\n`;
}

function topOf({ title, chosen, differences }: Comparison, columns: Report['columns'], io: Io): string[] {
  const changed = differences.filter(({ outcome }) => outcome === 'worse' || outcome === 'better').slice(0, SHOWN_ROWS);
  return [
    ...title === undefined ? [] : [`#### ${plain(title)}`, ''],
    ...chosen.flatMap(({ sentence }) => [plain(sentence), '']),
    ...changed.length > 0 ? [markdownTable({ differences: changed, lone: [] }, columns, io), ''] : [],
  ];
}

function foldOf({ title, differences, lone, notes }: Comparison, { columns, notes: general }: Report, rows: number, io: Io): string[] {
  const all = differences.length + lone.length;
  const shown = { differences: differences.slice(0, rows), lone: lone.slice(0, Math.max(0, rows - differences.length)) };
  const told = [...notes, ...general];
  if (all + told.length === 0) { return []; }
  return [
    '<details>',
    `<summary>All figures${title === undefined ? '' : ` of ${plain(title)}`}</summary>`,
    '',
    ...all > 0 && rows > 0 ? [markdownTable(shown, columns, io), ''] : [],
    ...all > rows ? [`${all - rows} more rows have no room here: --format csv has them all.`, ''] : [],
    ...told.map((note) => `- ${plain(note)}`),
    '',
    '</details>',
    '',
  ];
}

function markdownTable(some: Pick<Comparison, 'differences' | 'lone'>, columns: Report['columns'], io: Io): string {
  const { rows, ...table } = differencesTable(some, columns);
  return rendered({
    ...table, rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, one]) => [key, { ...one, text: plain(one.text) }]))),
  }, 'markdown', io);
}

/** A text without a meaning in Markdown or HTML: a variable's value may be anything. */
function plain(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/[`*_[\]@]/g, '\\$&').replace(/\s+/g, ' ');
}

export function asCsv({ comparisons }: Report, io: Io): string {
  const tables = comparisons.map((one) => ({ name: one.title ?? '', table: differencesTable(one, ['before', 'after']) }));
  const [{ table: { columns } }] = tables;
  return rendered({
    columns: [{ key: 'of', title: 'of' }, ...columns],
    rows: tables.flatMap(({ name, table }) => table.rows.map((row) => ({ of: cell(name), ...row }))),
  }, 'csv', io);
}

export function asData({ before, after, equalWithin, comparisons, notes }: Report, gate: Gate | undefined) {
  return {
    before,
    after,
    equalWithinPercent: equalWithin,
    summary: summaryOf(comparisons, equalWithin),
    comparisons: comparisons.map(({ title, chosen, differences, lone, notes: own }) => ({
      title,
      chosen: chosen.map(({ isLost, ...one }: ChosenChange) => ({ ...one, isLost, differences: one.differences.map(dataOf) })),
      differences: differences.map(dataOf),
      onlyBefore: lone.filter(({ side }) => side === 'before').map(({ endpoint, figures }) => ({ endpoint, figures })),
      onlyAfter: lone.filter(({ side }) => side === 'after').map(({ endpoint, figures }) => ({ endpoint, figures })),
      notes: own,
    })),
    notes,
    ...gate && { failOnRegression: { percent: gate.threshold, onlyChosen: gate.onlyChosen, broken: gate.broken.map(dataOf), lost: gate.lost } },
  };
}

/** JSON has neither NaN nor an infinity: they are null. */
function dataOf({ key, title, figure: _figure, isMoney: _isMoney, ...one }: Difference) {
  return { metric: key, title, ...one };
}
