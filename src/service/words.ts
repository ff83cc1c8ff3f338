import type { Violation } from './constraints';

const LONGEST_LIST = 200;

/** A constraint in words. The sentence follows the member's name: `must be at most 3, got: 5`. */
export function requirement(violation: Violation): string {
  const { constraint, expected, got } = violation;
  const isOne = expected === 1;
  const size = typeof got === 'string' ? ` character${isOne ? '' : 's'}` : Array.isArray(got) ? (isOne ? ' entry' : ' entries') : '';
  switch (constraint) {
    case 'required': return 'is required';
    case 'unknown': return `is not known to the API, expected one of ${list(expected)}`;
    case 'type': return `must be of type ${expected}, got: ${show(got)}`;
    case 'min': return `${size ? 'must have' : 'must be'} at least ${expected}${size}, got: ${bounded(got)}`;
    case 'max': return `${size ? 'must have' : 'must be'} at most ${expected}${size}, got: ${bounded(got)}`;
    case 'pattern': return `must match ${expected}, got: ${show(got)}`;
    case 'enum': return `must be one of ${list(expected)}, got: ${show(got)}`;
    case 'union': return `must have exactly one member, got: ${show(got)}`;
  }
}

/** Of a list, its length is what breaks a bound. */
function bounded(got: unknown): string {
  return Array.isArray(got) ? String(got.length) : show(got);
}

function list(values: unknown): string {
  return shorten((values as string[]).join(', '));
}

function show(value: unknown): string {
  // JSON has no NaN and no Infinity.
  return shorten(typeof value === 'string' ? `'${value}'` : typeof value === 'number' ? String(value) : JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length > LONGEST_LIST ? `${text.slice(0, LONGEST_LIST)}…` : text;
}

/** The known name that a mistyped one may mean: one that differs by at most two characters, whatever their case. */
export function nearestOf(given: string, known: readonly string[]): string | undefined {
  const [[distance, nearest] = [Infinity, undefined]] = known
    .map((name) => [distanceOf(name.toUpperCase(), given.toUpperCase()), name] as const).sort(([a], [b]) => a - b);
  return distance <= MOST_TYPOS ? nearest : undefined;
}

const MOST_TYPOS = 2;

/** The number of characters to insert, delete or replace. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
