/** What a check has found. */
export interface Checked {
  /** What will certainly fail, with the remedy: clauses without a stop. */
  readonly findings: readonly string[];
  /** What could not be looked at, or is not certain. */
  readonly notes: readonly string[];
}

export const PASSED: Checked = { findings: [], notes: [] };

export function finding(text: string): Checked {
  return { findings: [text], notes: [] };
}

export function note(text: string): Checked {
  return { findings: [], notes: [text] };
}

export function together(all: readonly Checked[]): Checked {
  return { findings: all.flatMap(({ findings }) => findings), notes: all.flatMap(({ notes }) => notes) };
}
