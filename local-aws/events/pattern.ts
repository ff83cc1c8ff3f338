import { Lacking, readEach } from '../kernel';

/** A compiled event pattern: whether it matches a value of an event. */
type Test = (value: unknown) => boolean;

type Scalar = string | number | boolean | null;

const isScalar = (value: unknown): value is Scalar => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const lower = (text: unknown) => String(text).toLowerCase();

/** Comparisons of one text with another. In `anything-but`, the operand may be a list. */
const TEXT: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  'prefix': (value, wanted) => value.startsWith(wanted),
  'suffix': (value, wanted) => value.endsWith(wanted),
  'equals-ignore-case': (value, wanted) => lower(value) === lower(wanted),
};

const ORDERS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Operators of EventBridge that are not here. In `anything-but`, it has the first only. */
const LACKING = ['wildcard', 'cidr'];

/**
 * Reads an event pattern. An unsupported operator is an error that names it.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function parsePattern(text: string): Test {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw new Error('Filter is not valid JSON');
  }
  if (!isObject(pattern)) { throw new Error('Filter is not an object'); }
  return ofObject(pattern, []);
}

function ofObject(pattern: Record<string, unknown>, path: readonly string[]): Test {
  if (Object.keys(pattern).length === 0) { throw new Error(path.length > 0 ? `Empty objects are not allowed: "${path.join('.')}"` : 'Empty filter'); }
  const tests = readEach(Object.entries(pattern), ([name, inner]) => (name === '$or' ? ofAlternatives(inner, path) : ofField(name, inner, path)));
  // In a list of objects, one object must pass all tests.
  return (value) => (Array.isArray(value) && value.length > 0 ? value : [value]).some((one) => tests.every((test) => test(one)));
}

function ofAlternatives(alternatives: unknown, path: readonly string[]): Test {
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isObject)) { throw new Error('$or must be a list of at least two objects'); }
  const tests = readEach(alternatives, (alternative) => ofObject(alternative, path));
  return (value) => tests.some((test) => test(value));
}

function ofField(name: string, inner: unknown, path: readonly string[]): Test {
  const own = (value: unknown) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
  if (isObject(inner)) {
    const test = ofObject(inner, [...path, name]);
    return (value) => test(own(value));
  }
  if (!Array.isArray(inner)) { throw new Error(`"${name}" must be an object or an array`); }
  if (inner.length === 0) { throw new Error(`Empty arrays are not allowed: "${[...path, name].join('.')}"`); }
  const tests = readEach(inner, ofMatcher);
  return (value) => tests.some((test) => test(own(value)));
}

/** One of the permitted values of a field. */
function ofMatcher(matcher: unknown): Test {
  if (isScalar(matcher)) { return leaf((value) => value === matcher); }
  if (!isObject(matcher)) { throw new Error('Match value must be String, number, true, false, or null'); }
  const [kind, ...more] = Object.keys(matcher);
  if (kind === undefined || more.length > 0) { throw new Error('Only one key allowed in match expression'); }
  const wanted = matcher[kind];
  switch (kind) {
    case 'exists':
      if (typeof wanted !== 'boolean') { throw new Error('exists match pattern must be either true or false.'); }
      return (value) => isPresent(value) === wanted;
    case 'numeric': return ofNumeric(wanted);
    case 'anything-but': return ofAnythingBut(wanted);
    case 'prefix':
    case 'suffix': return ofText(kind, isObject(wanted) ? wanted['equals-ignore-case'] : wanted, isObject(wanted));
    case 'equals-ignore-case': return ofText(kind, wanted, false);
    default:
      if (!LACKING.includes(kind)) { throw new Error(`Unrecognized match type ${kind}`); }
      if (typeof wanted !== 'string') { throw new Error(`${kind} match pattern must be a string`); }
      throw new Lacking(`Unrecognized match type ${kind}: it is not part of the local AWS`);
  }
}

function ofText(kind: string, wanted: unknown, ignoringCase: boolean): Test {
  if (typeof wanted !== 'string') { throw new Error(`${kind} match pattern must be a string`); }
  return leaf((value) => typeof value === 'string' && (ignoringCase ? TEXT[kind](lower(value), lower(wanted)) : TEXT[kind](value, wanted)));
}

function ofNumeric(range: unknown): Test {
  if (!Array.isArray(range) || ![2, 4].includes(range.length)) { throw new Error('numeric match must be a list of an operator and a number, once or twice'); }
  const bounds = [range.slice(0, 2), range.slice(2)].filter(({ length }) => length > 0);
  for (const [operator, bound] of bounds) {
    if (!Object.hasOwn(ORDERS, operator)) { throw new Error(`Unrecognized numeric range operator: ${operator}`); }
    if (typeof bound !== 'number') { throw new Error('Value of numeric match must be a number'); }
  }
  return leaf((value) => typeof value === 'number' && bounds.every(([operator, bound]) => ORDERS[operator](value, bound)));
}

function ofAnythingBut(unwanted: unknown): Test {
  const values = [unwanted].flat();
  if (values.length === 0) { throw new Error('Empty arrays are not allowed'); }
  if (isObject(unwanted)) {
    const [kind, ...more] = Object.keys(unwanted);
    if (more.length > 0 || !(Object.hasOwn(TEXT, kind ?? '') || kind === LACKING[0])) { throw new Error(`Unsupported anything-but pattern: ${kind}`); }
    const texts = [unwanted[kind]].flat();
    if (texts.length === 0 || texts.some((text) => typeof text !== 'string')) { throw new Error(`${kind} match pattern must be a string`); }
    if (kind === LACKING[0]) { throw new Lacking(`Unsupported anything-but pattern: ${kind} is not part of the local AWS`); }
    return leaf((value) => typeof value === 'string' && !texts.some((text: any) => TEXT[kind](value, text)));
  }
  if (!values.every(isScalar)) { throw new Error('Inside anything-but list, only strings and numbers are supported'); }
  return leaf((value) => !values.includes(value as Scalar));
}

/** A test of a scalar. In a list, one member must pass. An absent value never passes. */
function leaf(test: (value: Scalar) => boolean): Test {
  return (value) => [value].flat(Infinity).some((one) => isScalar(one) && test(one));
}

/** `exists` tests leaves only: an object is not a leaf, and an empty list is not one either. */
function isPresent(value: unknown): boolean {
  return [value].flat(Infinity).some(isScalar);
}
