import type { MetricName } from '../../src/service/limits';

/**
 * The units of the metrics in messages. AWS's pages call a latency milliseconds in one place and microseconds in another, and print results that can only
 * be the one or the other.
 */
const UNITS: Readonly<Record<MetricName, string>> = {
  CostPerHour: ' USD an hour',
  CostPerInference: ' USD a request',
  MaxInvocations: ' requests a minute',
  ModelLatency: ' (ms or µs)',
  CpuUtilization: '%',
  MemoryUtilization: '%',
};

const DIGITS = 4;
const MOST_DIGITS = 17;

/** A figure with its unit, rounded to four digits. */
export function shown(metric: MetricName, figure: number): string {
  return rounded(figure, DIGITS) + UNITS[metric];
}

/** Two figures that differ, each with its unit, rounded to as few digits as show which one is greater. */
export function shownApart(metric: MetricName, one: number, other: number): [string, string] {
  let digits = DIGITS;
  while (digits < MOST_DIGITS && rounded(one, digits) === rounded(other, digits)) { digits++; }
  return [rounded(one, digits) + UNITS[metric], rounded(other, digits) + UNITS[metric]];
}

/** Without an exponent: a request may cost a ten-millionth of a dollar. */
function rounded(figure: number, digits: number): string {
  return new Intl.NumberFormat('en-US', { maximumSignificantDigits: digits, useGrouping: false }).format(figure);
}
