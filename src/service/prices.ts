import table from './prices.json';
import { isRecord } from './records';

/** On-demand prices of one Region. */
export interface Prices {
  readonly region: string;
  /** The day of the prices, such as `2026-09-28`. */
  readonly date: string;
  /** Where the prices come from. */
  readonly source: string;
  /** US dollars an hour for one instance of real-time hosting. `undefined` if this table does not have the type. */
  readonly hourly: (instanceType: string) => number | undefined;
  /** US dollars for one GB-second of a serverless endpoint. */
  readonly serverlessGbSecond?: number;
  /** The types that have a price. */
  readonly types: readonly string[];
}

/** The average month of AWS's own calculators. Source: https://docs.aws.amazon.com/pricing-calculator/latest/userguide/what-is-pricing-calculator.html */
export const HOURS_PER_MONTH = 730;

/** In a table, the row with the price of a GB-second of a serverless endpoint. */
export const SERVERLESS = 'serverless';

const TYPE = /^ml\.[a-z0-9-]+\.(?:[a-z0-9]+)$/;
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;

interface RegionTable {
  readonly date: string;
  readonly source: string;
  readonly hourly: Readonly<Record<string, number>>;
  readonly serverlessGbSecond?: number;
}

/** Read at the first use: a function has the table in a file beside its own. */
function tables(): Readonly<Record<string, RegionTable | undefined>> {
  return table.regions;
}

/** The public prices that this version carries for a Region. `undefined` if it carries none: no price is derived from another Region's. */
export function pricesOf(region: string): Prices | undefined {
  const all = tables();
  const found = Object.hasOwn(all, region) ? all[region] : undefined;
  if (!found) { return undefined; }
  const { date, source, hourly, serverlessGbSecond } = found;
  return prices(region, date, source, Object.entries(hourly).map(([type, usd]) => [`ml.${type}`, usd]), serverlessGbSecond);
}

/** The Regions of which this version carries prices. */
export function pricedRegions(): string[] {
  return Object.keys(tables());
}

/** Prices of the given types, each in US dollars an hour. The type `serverless` is the price of a GB-second. */
export function prices(region: string, date: string, source: string, rows: Iterable<readonly [string, number]>, serverlessGbSecond?: number): Prices {
  const hourly = new Map(rows);
  const serverless = serverlessGbSecond ?? hourly.get(SERVERLESS);
  hourly.delete(SERVERLESS);
  return {
    region,
    date,
    source,
    hourly: (instanceType) => hourly.get(instanceType),
    types: [...hourly.keys()],
    ...serverless !== undefined && { serverlessGbSecond: serverless },
  };
}

/**
 * A user's own prices: CSV with lines `type,usdPerHour`, such as `ml.c5.xlarge,0.204`, or JSON with the same pairs, for one Region or by Region:
 * `{ "ml.c5.xlarge": 0.204 }` or `{ "eu-west-1": { "ml.c5.xlarge": 0.238 } }`. The type `serverless` is the price of one GB-second.
 *
 * @param date the day of the prices, for the report
 * @throws Error that says in one sentence what the text has, and what is expected there
 */
export function pricesFrom(text: string, region: string, date = ''): Prices {
  const rows = /^\s*[{[]/.test(text) ? jsonRows(text, region) : csvRows(text);
  if (rows.length === 0) { throw new Error(`The prices have no row: expected lines such as ml.c5.xlarge,0.204, or JSON such as ${EXAMPLE}.`); }
  return prices(region, date, 'the given prices', rows);
}

const EXAMPLE = '{ "ml.c5.xlarge": 0.204 }';

function jsonRows(text: string, region: string): Array<[string, number]> {
  let found: unknown;
  try { found = JSON.parse(text); } catch (error) {
    throw new Error(`The prices are no JSON: ${(error as Error).message.split('\n')[0]}; expected an object such as ${EXAMPLE}.`);
  }
  if (!isRecord(found)) { throw new Error(`The prices are a list: expected an object such as ${EXAMPLE}.`); }
  const names = Object.keys(found);
  const regions = names.filter((name) => REGION.test(name));
  if (regions.length === 0) { return names.map((name) => row(name, (found as Record<string, unknown>)[name])); }
  const own = found[region];
  if (!isRecord(own)) { throw new Error(`The prices have no object for ${region}: they have ${names.join(', ')}; add "${region}": ${EXAMPLE}.`); }
  return Object.entries(own).map(([name, usd]) => row(name, usd));
}

function csvRows(text: string): Array<[string, number]> {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const cells = lines.map((line) => line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')));
  const first = cells[0]?.[0] ?? '';
  const hasHeader = !TYPE.test(first) && first !== SERVERLESS && !Number.isFinite(Number(cells[0]?.[1]));
  return cells.slice(hasHeader ? 1 : 0).map((line) => {
    if (line.length !== 2) { throw new Error(`The prices have the line '${line.join(',')}': expected a type and US dollars an hour, such as ml.c5.xlarge,0.204.`); }
    return row(line[0], line[1] === '' ? undefined : Number(line[1]));
  });
}

function row(type: string, usd: unknown): [string, number] {
  if (!TYPE.test(type) && type !== SERVERLESS) {
    throw new Error(`The prices have a row for '${type}': expected an instance type such as ml.c5.xlarge, or ${SERVERLESS}.`);
  }
  if (typeof usd !== 'number' || !Number.isFinite(usd) || usd < 0) {
    const got = typeof usd === 'number' ? `${usd}` : JSON.stringify(usd) ?? 'nothing';
    throw new Error(`The prices have ${got} for ${type}: expected US dollars as a number of at least 0, such as 0.204.`);
  }
  return [type, usd];
}
