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
