/** What was measured: one number a run, or one number that does not vary. */
export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** One thing measured of ours and of what people would use instead. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly ours: Figure;
  /** By the alternative's name. */
  readonly others: Readonly<Record<string, Figure | string>>;
  /** What ours must be, and whether it is. */
  readonly goal?: { readonly words: string; readonly met: boolean };
  /** Ours over the alternative, run by run, where that is not the quotient of the two figures. */
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

/** Each run of one over the same run of the other: what disturbs both at once falls out. */
export function ratios(ours: readonly number[], other: readonly number[]): Figure {
  return figure(ours.map((value, run) => value / other[run]));
}

export function atMost(ours: number, limit: number, words: string): Row['goal'] {
  return { words, met: ours <= limit };
}

export function atLeast(ours: number, limit: number, words: string): Row['goal'] {
  return { words, met: ours >= limit };
}
