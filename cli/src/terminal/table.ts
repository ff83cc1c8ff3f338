import CliTable from 'cli-table3';
import { Io, Style, styled } from './io';

/** A column: its title has the unit of its figures. */
export interface Column {
  /** The name in JSON and CSV. */
  readonly key: string;
  /** The title that people read, with the unit. */
  readonly title: string;
  /** Figures stand to the right. */
  readonly isFigure?: boolean;
  /** Of two lines of one cell, the first is cut where the terminal is too narrow. @default - the column is as wide as it needs */
  readonly isLong?: boolean;
}

/** A cell: what people read, and the exact value that programs read. */
export interface Cell {
  readonly text: string;
  readonly value: string | number | boolean | null;
  readonly style?: Style;
}

export interface Table {
  readonly title?: string;
  readonly columns: readonly Column[];
  readonly rows: ReadonlyArray<Readonly<Record<string, Cell>>>;
}

export const FORMATS = ['table', 'markdown', 'csv', 'json'] as const;
export type Format = typeof FORMATS[number];

export const NOTHING: Cell = { text: '', value: null };

export function cell(text: string, style?: Style): Cell {
  return { text, value: text, style };
}

/** A figure as people read it, and as it is. Without a figure there is a dash. */
export function figureCell(value: number | undefined, shown: (value: number) => string, style?: Style): Cell {
  return value === undefined || Number.isNaN(value) ? { text: '–', value: null } : { text: shown(value), value, style };
}

/** The rows of a table as objects, as programs read them. */
export function records({ columns, rows }: Table): Array<Record<string, Cell['value']>> {
  return rows.map((row) => Object.fromEntries(columns.map(({ key }) => [key, (row[key] ?? NOTHING).value])));
}

export function rendered(table: Table, format: Exclude<Format, 'json'>, io: Io): string {
  switch (format) {
    case 'table': return asText(table, io);
    case 'markdown': return asMarkdown(table);
    case 'csv': return asCsv(table);
  }
}

const NO_LINES = {
  'top': '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  'bottom': '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  'left': '',
  'left-mid': '',
  'mid': '',
  'mid-mid': '',
  'right': '',
  'right-mid': '',
  'middle': '  ',
};

function asText({ title, columns, rows }: Table, io: Io): string {
  const table = new CliTable({
    head: columns.map((column) => styled(io, 'bold', column.title)),
    chars: NO_LINES,
    style: { 'head': [], 'border': [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map(({ isFigure }) => (isFigure ? 'right' : 'left')),
    wordWrap: true,
    colWidths: widths({ columns, rows }, io),
  });
  table.push(...rows.map((row) => columns.map(({ key }) => {
    const { text, style } = row[key] ?? NOTHING;
    return style ? styled(io, style, text) : text;
  })));
  const text = table.toString().split('\n').map((line) => line.trimEnd()).join('\n');
  return title === undefined ? text : `${styled(io, 'bold', title)}\n${text}`;
}

const NARROWEST = 24;

/** A terminal's lines must not break: the long columns share what is left of the width. Elsewhere a line is as long as it is. */
function widths({ columns, rows }: Table, { isTerminal, columns: width }: Io): Array<number | null> {
  const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => [...text].length));
  const wanted = columns.map(({ key, title }) => widest([title, ...rows.map((row) => (row[key] ?? NOTHING).text)]));
  const gaps = 2 * (columns.length - 1);
  const long = columns.filter(({ isLong }) => isLong).length;
  const excess = wanted.reduce((sum, one) => sum + one, gaps) - width;
  if (!isTerminal || excess <= 0 || long === 0) { return wanted; }
  const left = columns.reduce((sum, { isLong }, index) => sum - (isLong ? 0 : wanted[index]), width - gaps);
  return columns.map(({ isLong }, index) => (isLong ? Math.min(wanted[index], Math.max(NARROWEST, Math.floor(left / long))) : wanted[index]));
}

/** GitHub's tables. Source: https://github.github.com/gfm/#tables-extension- */
function asMarkdown({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((text) => text.replace(/\|/g, '\\|').replace(/\n/g, ' ')).join(' | ')} |`;
  return [
    ...title === undefined ? [] : [`**${title}**`, ''],
    line(columns.map((column) => column.title)),
    line(columns.map(({ isFigure }) => (isFigure ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map(({ key }) => (row[key] ?? NOTHING).text))),
  ].join('\n');
}

/** Exact values under the keys. Source: https://www.rfc-editor.org/rfc/rfc4180 */
function asCsv(table: Table): string {
  const quoted = (value: Cell['value']) => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const keys = table.columns.map(({ key }) => key);
  return [keys, ...records(table).map((record) => keys.map((key) => record[key]))].map((line) => line.map(quoted).join(',')).join('\n');
}
