/** An amount of US dollars, or a range of it. */
export interface UsdRange {
  readonly least: number;
  readonly most: number;
}

/** `12.40 USD`, rounded up to a cent. */
export function usdText(usd: number): string {
  return `${(Math.ceil(usd * 100 - 1e-6) / 100).toFixed(2)} USD`;
}

/** `12.40 USD`, or `0.10 to 99.00 USD`. A tag's value has neither `$` nor commas. */
export function usdRangeText({ least, most }: UsdRange): string {
  const [from, to] = [usdText(least), usdText(most)];
  return from === to ? to : `${from.replace(' USD', '')} to ${to}`;
}
