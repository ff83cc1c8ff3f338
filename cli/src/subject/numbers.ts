import type { MetricName } from '../../../src/service/limits';

const DIGITS = 4;

/** Four digits, with commas: 7,344 and 0.4630. */
export function rounded(value: number): string {
  return new Intl.NumberFormat('en-US', { maximumSignificantDigits: DIGITS }).format(value);
}

/** Dollars: to the cent from ten on, to a tenth of a cent below, and with three digits what is less than that. */
export function dollars(value: number): string {
  const digits = value >= 10 || value === 0 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 }
    : value >= 0.0995 ? { minimumFractionDigits: 2, maximumFractionDigits: 3 } : { maximumSignificantDigits: 3 };
  return new Intl.NumberFormat('en-US', digits).format(value);
}

export function figureText(metric: MetricName, value: number): string {
  return metric.startsWith('Cost') ? dollars(value) : rounded(value);
}

/** `1 h 5 min`, `45 min`, `30 s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) { return `${seconds} s`; }
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`;
}
