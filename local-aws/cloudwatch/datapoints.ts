import { Lacking } from '../kernel';

/** What was measured at a time. */
export interface Datum {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly unit: string;
  /** The values and how often each was measured; none if only their statistics are known. */
  readonly values?: ReadonlyArray<readonly [value: number, count: number]>;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Values by the beginnings of their periods, in milliseconds. */
export type Series = ReadonlyMap<number, number>;

/** Measured values, each so often. */
export function datum(at: number, unit: string, values: ReadonlyArray<readonly [value: number, count: number]>): Datum {
  return {
    at,
    unit,
    values,
    count: values.reduce((sum, [, count]) => sum + count, 0),
    sum: values.reduce((sum, [value, count]) => sum + value * count, 0),
    min: Math.min(...values.map(([value]) => value)),
    max: Math.max(...values.map(([value]) => value)),
  };
}

/** The statistics of data: one value for each period in which something was measured. Data whose percentiles are unknown have none. */
export function series(data: Iterable<Datum>, periodSeconds: number, statistic: string): Series {
  const measure = measureOf(statistic);
  const found = [...inPeriods(data, periodSeconds)].map(([at, all]) => [at, measure(all)] as const);
  return new Map(found.filter((entry): entry is readonly [number, number] => entry[1] !== undefined));
}

/** Data by the beginnings of their periods, in order. Periods begin at multiples of their length. */
export function inPeriods(data: Iterable<Datum>, periodSeconds: number): Map<number, Datum[]> {
  const periods = new Map<number, Datum[]>();
  for (const one of data) {
    const begin = beginOf(one.at, periodSeconds);
    const period = periods.get(begin);
    if (period) { period.push(one); } else { periods.set(begin, [one]); }
  }
  return new Map([...periods].sort(([a], [b]) => a - b));
}

/** The beginning of the period that a time is in. */
export function beginOf(at: number, periodSeconds: number): number {
  return Math.floor(at / (periodSeconds * 1000)) * periodSeconds * 1000;
}

type Measure = (data: readonly Datum[]) => number | undefined;

const sumOf = (data: readonly Datum[], member: 'count' | 'sum') => data.reduce((sum, one) => sum + one[member], 0);

const MEASURES: Readonly<Record<string, Measure>> = {
  SampleCount: (data) => sumOf(data, 'count'),
  Sum: (data) => sumOf(data, 'sum'),
  Average: (data) => sumOf(data, 'sum') / sumOf(data, 'count'),
  Minimum: (data) => Math.min(...data.map(({ min }) => min)),
  Maximum: (data) => Math.max(...data.map(({ max }) => max)),
};

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
export function measureOf(statistic: string): Measure {
  if (Object.hasOwn(MEASURES, statistic)) { return MEASURES[statistic]; }
  const [, percent] = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(statistic) ?? [];
  if (percent === undefined) { throw new Lacking(`The statistic ${statistic} is not part of the local AWS: it has ${Object.keys(MEASURES).join(', ')} and percentiles such as p99`, 'ValidationError'); }
  return (data) => percentile(data, Number(percent) / 100);
}

/** The least value that this share of the measurements does not exceed. */
function percentile(data: readonly Datum[], share: number): number | undefined {
  if (data.some(({ values, min, max }) => !values && min !== max)) { return undefined; }
  const sorted = data.flatMap(({ values, count, min }) => values ?? [[min, count] as const]).sort(([a], [b]) => a - b);
  const wanted = share * sorted.reduce((sum, [, count]) => sum + count, 0);
  let passed = 0;
  // Shares such as 0.95 are no exact numbers.
  const isReached = ([, count]: readonly [number, number]) => {
    passed += count;
    return passed >= wanted - 1e-9;
  };
  return (sorted.find(isReached) ?? sorted[sorted.length - 1])?.[0];
}
