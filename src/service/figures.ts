import { formOf, RecommendationKind } from './recommendation-kinds';

const DIGITS = 4;
const MOST_DIGITS = 17;

/** A figure with its unit, rounded to four digits. */
export function shown(kind: RecommendationKind, metric: string, figure: number): string {
  return numberOf(kind, metric, figure) + formOf(kind, metric).unit;
}

/** Two figures that differ, each with its unit, rounded to as few digits as show which one is greater. */
export function shownApart(kind: RecommendationKind, metric: string, one: number, other: number): [string, string] {
  let digits = DIGITS;
  while (digits < MOST_DIGITS && numberOf(kind, metric, one, digits) === numberOf(kind, metric, other, digits)) { digits++; }
  const { unit } = formOf(kind, metric);
  return [numberOf(kind, metric, one, digits) + unit, numberOf(kind, metric, other, digits) + unit];
}

/** A figure without its unit, for a column that has it in its head. It has no exponent: a request may cost a ten-millionth of a dollar. */
export function numberOf(kind: RecommendationKind, metric: string, figure: number, digits = DIGITS): string {
  const { scale = 1, isMoney } = formOf(kind, metric);
  return decimal(figure * scale, { isMoney, digits });
}

/** A number as people read it, rounded to four digits or so many. Money is never rounded above a cent, and always has cents. */
export function decimal(figure: number, { isMoney = false, digits = DIGITS } = {}): string {
  const toCents = isMoney ? Math.max(digits, Math.trunc(Math.abs(figure)).toString().length + 2) : digits;
  const text = new Intl.NumberFormat('en-US', { maximumSignificantDigits: Math.min(toCents, MOST_DIGITS) }).format(figure);
  const [whole, fraction = ''] = text.split('.');
  return isMoney ? `${whole}.${fraction.padEnd(2, '0')}` : text;
}
