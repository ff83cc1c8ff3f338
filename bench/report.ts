import { Figure, Row } from './figures';
import { Machine } from './machine';
import { Plot } from './plot';
import type { Run } from './runs';

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
  /** Text below the table. */
  readonly text?: string;
  /** How figures grow, below the text. */
  readonly plots?: readonly Plot[];
}

const digits = (value: number) => (Number.isInteger(value) || Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));
const spread = ({ median, min, max, runs }: Figure) => (runs > 1 && min !== max ? `${digits(median)} (${digits(min)}–${digits(max)})` : digits(median));

function other(name: string, value: Figure | string): string {
  return `${name}: ${typeof value === 'string' ? value : spread(value)}`;
}

function ratio({ ours, others, ratio: given }: Row): string {
  if (given) { return spread(given); }
  const [first] = Object.values(others);
  return typeof first === 'object' && first.median !== 0 ? digits(ours.median / first.median) : '';
}

function cells(row: Row): string[] {
  return [
    row.what + (row.note ? ` (${row.note})` : ''),
    row.unit,
    spread(row.ours),
    Object.entries(row.others).map(([name, value]) => other(name, value)).join('; '),
    ratio(row),
    row.goal ? `${row.goal.words}: ${row.goal.met ? 'yes' : '**MISSED**'}` : '',
  ];
}

const HEAD = ['what', 'unit', 'ours', 'instead', 'ratio to the first', 'ours must be'];

export function markdownTable(rows: readonly Row[]): string {
  return [HEAD, HEAD.map(() => '---'), ...rows.map(cells)].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** The whole of BENCHMARKS.md after a run. */
export function markdown(machine: Machine, sections: readonly Section[], runs: readonly Run[]): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`).join(', ');
  return [
    '# Benchmarks',
    `Written by \`npm run bench\` on ${machine.date}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}; ${versions}.`,
    [
      'Every figure of ours is next to that of an alternative, measured in the same run. (a) is the CDK Provider framework as its guide shows it',
      '([bench/alternatives/provider-framework.ts](bench/alternatives/provider-framework.ts)), (b) L1 constructs alone',
      '([bench/alternatives/l1.ts](bench/alternatives/l1.ts)). Times are medians with their least and greatest value. A ratio of times is the median of',
      'the ratios run by run, measured in turns. Measurements that need an hour run on the local AWS in virtual time.',
    ].join('\n'),
    ...sections.map(({ title, rows, text, plots = [] }) => [
      `## ${title}`, ...rows.length > 0 ? [markdownTable(rows)] : [], ...text ? [text] : [], ...plots.map((plot) => `![${plot.title}](bench/pictures/${plot.name}.svg)`),
    ].join('\n\n')),
    ...runs.length > 1 ? [lastRuns(runs)] : [],
  ].join('\n\n') + '\n';
}

/** The figures that have a goal, run by run. */
function lastRuns(runs: readonly Run[]): string {
  const names = [...new Set(runs.flatMap(({ figures }) => Object.keys(figures)))];
  const lines = names.map((name) => [name, ...runs.map(({ figures }) => (name in figures ? digits(figures[name]) : ''))]);
  const head = ['figure', ...runs.map(({ date, commit }) => `${date}, ${commit}`)];
  return `## The last runs\n\n${[head, head.map(() => '---'), ...lines].map((cellsOf) => `| ${cellsOf.join(' | ')} |`).join('\n')}\n\n`
    + '`npm run bench -- --against REF` measures another commit beside this one, and names what got worse beyond the spread.';
}

export function plain({ title, rows, text }: Section): string {
  const lines = rows.map((row) => {
    const [what, unit, ours, instead, over, must] = cells(row);
    return `  ${what}\n      ours ${ours} ${unit}${instead && ` | ${instead}`}${over && ` | ratio ${over}`}${must && ` | ${must}`}`;
  });
  return [title, ...lines, ...(text ? [text] : [])].join('\n');
}
