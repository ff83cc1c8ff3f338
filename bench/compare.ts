import { Figure, Row } from './figures';
import { Section } from './report';

/** How a figure of one tree is beside the same figure of another tree. */
export interface Compared {
  readonly section: string;
  readonly what: string;
  readonly unit: string;
  readonly now: Figure;
  readonly then: Figure;
  readonly verdict: 'worse' | 'better' | 'same';
}

/** Times of two runs on one machine differ by so much without any reason, beyond their own spread. */
const TIME_MARGIN = 1.05;

/** All rounds of a figure, as one figure. Its spread is that of the rounds' medians: of many runs, one is always far off. */
export function merged(figures: readonly Figure[]): Figure {
  const medians = figures.map(({ median }) => median).sort((a, b) => a - b);
  const [first] = figures;
  return {
    median: medians[Math.floor(medians.length / 2)],
    min: figures.length > 1 ? medians[0] : first.min,
    max: figures.length > 1 ? medians[medians.length - 1] : first.max,
    runs: figures.reduce((sum, { runs }) => sum + runs, 0),
  };
}

/** Whether a unit is one of time or memory, which no two runs measure alike. Everything else is counted. */
export function isMeasured(unit: string): boolean {
  return /^(ms|s|MiB)( |$)/.test(unit);
}

/** What the runs of two trees have in common, figure by figure. A spread that touches the other one says nothing. */
export function compared(now: ReadonlyArray<readonly Section[]>, then: ReadonlyArray<readonly Section[]>): Compared[] {
  const [ours, theirs] = [now, then].map(byName);
  return [...ours].filter(([name]) => theirs.has(name)).map(([name, { section, row, figures }]) => {
    const [at, before] = [merged(figures), merged(theirs.get(name)!.figures)];
    const isVirtual = at.runs === figures.length && figures.every(({ median }) => median === figures[0].median);
    const margin = isMeasured(row.unit) && !isVirtual ? TIME_MARGIN : 1;
    const isMore = row.goal?.isMore === true;
    const [up, down] = [at.min > before.max * margin, at.max * margin < before.min];
    const verdict = up === down ? 'same' : up === isMore ? 'better' : 'worse';
    return { section, what: row.what, unit: row.unit, now: at, then: before, verdict };
  });
}

function byName(runs: ReadonlyArray<readonly Section[]>): Map<string, { readonly section: string; readonly row: Row; readonly figures: Figure[] }> {
  const found = new Map<string, { readonly section: string; readonly row: Row; readonly figures: Figure[] }>();
  for (const { title, rows } of runs.flat()) {
    for (const row of rows) {
      const name = `${title}: ${row.what}`;
      if (!found.has(name)) { found.set(name, { section: title, row, figures: [] }); }
      found.get(name)!.figures.push(row.ours);
    }
  }
  return found;
}
