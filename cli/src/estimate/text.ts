import { JobCost, StackCost, Usd } from './cost';
import { EndpointCost, VariantCost } from './endpoints';
import { usdRangeText, usdText } from '../../../src/service/estimate';
import { Io, styled } from '../terminal/io';
import { Cell, cell, Column, figureCell, Format, NOTHING, rendered, Table } from '../terminal/table';

export interface Totals {
  readonly jobs: Usd;
  readonly monthly: Usd;
}

const COLUMNS: readonly Column[] = [
  { key: 'kind', title: 'Kind' },
  { key: 'name', title: 'Name' },
  { key: 'per', title: 'Per' },
  { key: 'minutes', title: 'Minutes at most', isFigure: true },
  { key: 'usdLeast', title: 'USD at least', isFigure: true },
  { key: 'usdMost', title: 'USD at most', isFigure: true },
  { key: 'notes', title: 'Of what', isLong: true },
];

export function asText(stacks: readonly StackCost[], { jobs, monthly }: Totals, format: Exclude<Format, 'json'>, io: Io): string {
  if (format === 'csv') {
    const columns = [{ key: 'stack', title: 'Stack' }, ...COLUMNS];
    return rendered({ columns, rows: stacks.flatMap((stack) => rowsOf(stack).map((row) => ({ stack: cell(stack.name), ...row }))) }, 'csv', io);
  }
  if (stacks.length === 0) { return 'No stack of the app has a recommendation job or an endpoint: nothing of them costs.'; }
  const tables = stacks.map((stack): Table => ({ title: titleOf(stack), columns: COLUMNS, rows: rowsOf(stack) }));
  const isPlain = format === 'markdown';
  const sources = [...new Set(stacks.map(({ prices }) => `Prices of ${prices.region}: ${prices.source}`))];
  return [
    ...tables.map((table) => rendered(table, format, io)),
    [
      styled({ hasColors: io.hasColors && !isPlain }, 'bold', `Jobs, of one deploy and a month of approvals: ${usdSentence(jobs)}`),
      styled({ hasColors: io.hasColors && !isPlain }, 'bold', `Endpoints, a month of 730 hours: ${usdSentence(monthly)}`),
    ].join(isPlain ? '  \n' : '\n'),
    sources.join('\n'),
  ].join('\n\n');
}

/** `at most 12.40 USD`, `0.10 to 99.00 USD`, or what is known of it. */
export function usdSentence({ least, most }: Usd): string {
  if (most === 0) { return 'nothing'; }
  if (most === undefined) { return least > 0 ? `at least ${usdText(least)}, the most is not known` : 'not known'; }
  return usdText(least) === usdText(most) ? `at most ${usdText(most)}` : usdRangeText({ least, most });
}

/** Why a budget is not kept. `undefined` if it is, or if there is none. */
export function budgetSentence(what: string, { most }: Usd, budget: number | undefined): string | undefined {
  // Sums of prices are rounded by the machine.
  if (budget === undefined || (most !== undefined && most <= budget * (1 + 1e-9))) { return undefined; }
  return most === undefined
    ? `${what} may cost an amount that is not known, and the budget is ${budget} USD: the table says what is missing.`
    : `${what} may cost ${usdText(most)}, and the budget is ${budget} USD.`;
}

export function asData(stacks: readonly StackCost[], { jobs, monthly }: Totals) {
  return {
    stacks: stacks.map(({ name, prices: { region, date, source }, ...stack }) => ({
      name,
      region,
      prices: { date: date || null, source },
      jobs: stack.jobs.map(({ job, estimate: { usd, ...estimate }, times, usd: all, notes }) => ({
        id: job.id, name: job.name, family: job.family, per: job.registry ? 'month' : 'deploy', times: times ?? null, ...estimate, usdEach: usd ?? null, usd: known(all), notes,
      })),
      otherJobs: stack.otherJobs,
      endpoints: stack.endpoints.map(({ id, name: path, variants }) => ({
        id,
        name: path,
        variants: variants.map(({ least, most, instances, ...variant }) => (
          { ...variant, instances: known(instances), monthlyUsd: known({ least, most }) })),
      })),
      jobsUsd: known(stack.jobsUsd),
      monthlyUsd: known(stack.monthlyUsd),
    })),
    jobsUsd: known(jobs),
    monthlyUsd: known(monthly),
  };
}

function known({ least, most }: Usd) {
  return { least, most: most ?? null };
}

function titleOf({ name, prices: { region, date } }: StackCost): string {
  return `${name} in ${region}${date ? `, prices of ${date}` : ''}`;
}

type Row = Readonly<Record<string, Cell>>;

function rowsOf({ jobs, otherJobs, endpoints }: StackCost): Row[] {
  return [
    ...jobs.map(jobRow),
    ...otherJobs.map((id): Row => ({
      kind: cell('job'), name: cell(id), ...usdCells({ least: 0 }), notes: cell('another kind of job, which has no prices here'),
    })),
    ...endpoints.flatMap(endpointRows),
  ];
}

function jobRow({ job, estimate: { minutes }, times, usd, notes }: JobCost): Row {
  const per = job.registry ? times === undefined ? 'approval' : 'month' : 'deploy';
  return {
    kind: cell(job.registry ? times === undefined ? 'jobs' : `${times} jobs` : job.estimator.kind),
    name: cell(job.name),
    per: cell(per),
    minutes: figureCell(minutes * (times ?? 1), (value) => `${Math.ceil(value)}`),
    ...usdCells(usd),
    notes: cell(notes.join('; ')),
  };
}

function endpointRows({ name, variants }: EndpointCost): Row[] {
  return variants.map((variant) => ({
    kind: cell('endpoint'),
    name: cell(variant.name ? `${name}/${variant.name}` : name),
    per: cell('month'),
    minutes: NOTHING,
    ...usdCells(variant),
    notes: cell([...new Set([instancesText(variant), ...variant.notes])].filter((text) => text !== '').join('; ')),
  }));
}

function instancesText({ types, instances: { least, most } }: VariantCost): string {
  if (types.length === 0) { return ''; }
  const count = most === undefined ? `${least} or more` : least === most ? `${least}` : `${least} to ${most}`;
  return `${count} × ${types.length > 4 ? `any of ${types.length} types` : types.join(' or ')}`;
}

function usdCells({ least, most }: Usd): { readonly usdLeast: Cell; readonly usdMost: Cell } {
  const shown = (usd: number) => usdText(usd).replace(' USD', '');
  return { usdLeast: figureCell(least, shown), usdMost: most === undefined ? { text: 'not known', value: null, style: 'yellow' } : figureCell(most, shown) };
}
