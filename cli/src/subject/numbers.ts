import { decimal } from '../../../src/service/figures';
import { BENCHMARKED, formOf } from '../../../src/service/recommendation-kinds';

/** From the cost of a request to that of a million. */
export const MILLION = formOf(BENCHMARKED, 'CostPerInference').scale!;

/** Four digits, with commas: 7,344 and 12.5. */
export function rounded(value: number): string {
  return decimal(value);
}

/** Dollars, as the functions write them: four digits, cents at least. */
export function dollars(value: number): string {
  return decimal(value, { isMoney: true });
}

export function figureText(metric: string, value: number): string {
  return metric.startsWith('Cost') ? dollars(value) : rounded(value);
}

/** `1 h 5 min`, `45 min`, `30 s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) { return `${seconds} s`; }
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`;
}
