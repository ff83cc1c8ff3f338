import type { MetricName } from '../../src/service/limits';

/** The form in which people read a metric. */
interface Form {
  readonly unit: string;
  /** By what the service's figure is multiplied. */
  readonly scale?: number;
  /** Cents are always shown. */
  readonly isMoney?: boolean;
}

/**
 * The forms of the metrics in messages. A request costs too little to be read, so its cost is that of a million. AWS's pages call a latency milliseconds
 * in one place and microseconds in another, and print results that can only be the one or the other.
 */
const FORMS: Readonly<Record<MetricName, Form>> = {
  CostPerHour: { unit: ' USD an hour', isMoney: true },
  CostPerInference: { unit: ' USD per million requests', scale: 1e6, isMoney: true },
  MaxInvocations: { unit: ' requests a minute' },
  ModelLatency: { unit: ' (ms or µs)' },
  CpuUtilization: { unit: '%' },
  MemoryUtilization: { unit: '%' },
};

const DIGITS = 4;
const MOST_DIGITS = 17;

/** A figure with its unit, rounded to four digits. */
export function shown(metric: MetricName, figure: number): string {
  return numberOf(metric, figure) + FORMS[metric].unit;
}

/** Two figures that differ, each with its unit, rounded to as few digits as show which one is greater. */
export function shownApart(metric: MetricName, one: number, other: number): [string, string] {
  let digits = DIGITS;
  while (digits < MOST_DIGITS && numberOf(metric, one, digits) === numberOf(metric, other, digits)) { digits++; }
  return [numberOf(metric, one, digits) + FORMS[metric].unit, numberOf(metric, other, digits) + FORMS[metric].unit];
}

/** The unit alone, for the head of a column. */
export function unitOf(metric: MetricName): string {
  return FORMS[metric].unit.trim();
}

/** A figure without its unit, for a column that has it in its head. It has no exponent: a request may cost a ten-millionth of a dollar. */
export function numberOf(metric: MetricName, figure: number, digits = DIGITS): string {
  const { scale = 1, isMoney } = FORMS[metric];
  return decimal(figure * scale, { isMoney, digits });
}

/** A number as people read it, rounded to four digits or so many. Money is never rounded above a cent, and always has cents. */
export function decimal(figure: number, { isMoney = false, digits = DIGITS } = {}): string {
  const toCents = isMoney ? Math.max(digits, Math.trunc(Math.abs(figure)).toString().length + 2) : digits;
  const text = new Intl.NumberFormat('en-US', { maximumSignificantDigits: Math.min(toCents, MOST_DIGITS) }).format(figure);
  const [whole, fraction = ''] = text.split('.');
  return isMoney ? `${whole}.${fraction.padEnd(2, '0')}` : text;
}
