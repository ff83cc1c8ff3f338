/** A measurement: one number for each run, or one number that does not vary. */
export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** One measurement of this library and of its alternatives. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly ours: Figure;
  /** By the alternative's name. */
  readonly others: Readonly<Record<string, Figure | string>>;
  /** The goal for this library, and whether the goal is met. */
  readonly goal?: { readonly words: string; readonly met: boolean; /** Whether more is better. */ readonly isMore?: boolean };
  /** This library's value divided by the alternative's, run by run, if that is not the quotient of the two figures. */
  readonly ratio?: Figure;
  readonly note?: string;
}

export function figure(values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1], runs: sorted.length };
}

export function count(value: number): Figure {
  return figure([value]);
}

/** Divides each run of one by the same run of the other, so that a disturbance of both cancels out. */
export function ratios(ours: readonly number[], other: readonly number[]): Figure {
  return figure(ours.map((value, run) => value / other[run]));
}

export function atMost(ours: number, limit: number, words: string): Row['goal'] {
  return { words, met: ours <= limit };
}

export function atLeast(ours: number, limit: number, words: string): Row['goal'] {
  return { words, met: ours >= limit, isMore: true };
}
