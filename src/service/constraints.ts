import { isRecord } from './records';
import { Shape, ShapeTable } from './shapes';

/** One constraint that a value breaks. */
export interface Violation {
  /** Member names, list indexes and map keys that lead to the value. */
  readonly path: readonly string[];
  readonly constraint: 'required' | 'type' | 'min' | 'max' | 'pattern' | 'enum' | 'unknown' | 'union';
  /** The bound, the pattern, the allowed values or the type that the constraint requires. */
  readonly expected?: unknown;
  readonly got?: unknown;
  /** Set if a map's key is invalid. The key is then the last of the path. */
  readonly ofKey?: true;
}

/** Every constraint of a shape that a value breaks; none if the value is valid. `undefined` and `null` mean absent. */
export function violations(table: ShapeTable, shapeName: string, value: unknown): Violation[] {
  return [...check(table, shapeName, value, [])];
}

/**
 * Converts the scalars in a value to the shape's types: CloudFormation delivers each as a string.
 * A value that cannot be converted stays as it is, and `violations` reports it.
 */
export function coerce(table: ShapeTable, shapeName: string, value: unknown): any {
  const shape = shapeOf(table, shapeName);
  if (isRecord(value) && (shape.type === 'structure' || shape.type === 'map')) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => {
      const innerShape = shape.type === 'map' ? shape.value : own(shape.members, name);
      return [name, innerShape === undefined ? inner : coerce(table, innerShape, inner)];
    }));
  }
  if (Array.isArray(value) && shape.type === 'list') {
    return value.map((inner) => coerce(table, shape.member!, inner));
  }
  if (typeof value === 'string') { return fromString(shape, value); }
  if (shape.type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) { return String(value); }
  return value;
}

/** A pattern of the service's model, anchored, with its meaning in Java. */
export function patternOf(source: string): RegExp {
  const translated = source
    // A repeated anchor is one anchor.
    .replace(/\$\{1,\d+\}/g, '$')
    // Java's \s matches ASCII only.
    .replace(/\[\\S\]/g, '[^ \\t\\n\\v\\f\\r]')
    .replace(/(?<!\[|\[\\S)\\s/g, '[ \\t\\n\\v\\f\\r]');
  // Java matches code points and knows \p{…}. The u flag does the same.
  return new RegExp(`^(?:${translated})$`, 'u');
}

function* check(table: ShapeTable, shapeName: string, value: unknown, path: readonly string[]): Generator<Violation> {
  const shape = shapeOf(table, shapeName);
  if (!hasType(shape, value)) {
    yield { path, constraint: 'type', expected: shape.type, got: value };
  } else if (isRecord(value) && shape.type === 'structure') {
    yield* checkStructure(table, shape, value, path);
  } else if (isRecord(value) && shape.type === 'map') {
    yield* checkBounds(shape, Object.keys(value).length, value, path);
    for (const [key, inner] of Object.entries(value)) {
      for (const violation of check(table, shape.key!, key, [...path, key])) { yield { ...violation, ofKey: true }; }
      yield* checkInner(table, shape.value!, inner, [...path, key]);
    }
  } else if (Array.isArray(value)) {
    yield* checkBounds(shape, value.length, value, path);
    for (const [index, inner] of value.entries()) { yield* checkInner(table, shape.member!, inner, [...path, `${index}`]); }
  } else if (typeof value === 'string') {
    yield* checkBounds(shape, [...value].length, value, path);
    if (shape.pattern !== undefined && !compiled(shape.pattern).test(value)) {
      yield { path, constraint: 'pattern', expected: shape.pattern, got: value };
    }
    if (shape.enum && !shape.enum.includes(value)) { yield { path, constraint: 'enum', expected: shape.enum, got: value }; }
  } else if (typeof value === 'number' && shape.type !== 'timestamp') {
    yield* checkBounds(shape, value, value, path);
  }
}

function* checkStructure(table: ShapeTable, shape: Shape, value: Record<string, unknown>, path: readonly string[]): Generator<Violation> {
  const present = Object.keys(value).filter((name) => value[name] !== undefined && value[name] !== null);
  for (const name of shape.required ?? []) {
    if (!present.includes(name)) { yield { path: [...path, name], constraint: 'required' }; }
  }
  for (const name of present) {
    const member = own(shape.members, name);
    if (member === undefined) {
      yield { path: [...path, name], constraint: 'unknown', expected: Object.keys(shape.members ?? {}), got: value[name] };
    } else {
      yield* check(table, member, value[name], [...path, name]);
    }
  }
  if (shape.union && present.length !== 1) { yield { path, constraint: 'union', expected: 1, got: present }; }
}

function checkInner(table: ShapeTable, shapeName: string, value: unknown, path: readonly string[]): Iterable<Violation> {
  return value === undefined || value === null ? [{ path, constraint: 'required' }] : check(table, shapeName, value, path);
}

function* checkBounds(shape: Shape, size: number, got: unknown, path: readonly string[]): Generator<Violation> {
  if (shape.min !== undefined && size < shape.min) { yield { path, constraint: 'min', expected: shape.min, got }; }
  if (shape.max !== undefined && size > shape.max) { yield { path, constraint: 'max', expected: shape.max, got }; }
}

function hasType(shape: Shape, value: unknown): boolean {
  switch (shape.type) {
    case 'structure':
    case 'map': return isRecord(value);
    case 'list': return Array.isArray(value);
    case 'string': return typeof value === 'string';
    case 'boolean': return typeof value === 'boolean';
    case 'integer': return Number.isInteger(value) && Math.abs(value as number) <= 0x7fffffff;
    case 'long': return Number.isSafeInteger(value);
    case 'float':
    case 'double': return typeof value === 'number';
    // The wire carries seconds since 1970.
    case 'timestamp': return value instanceof Date ? !isNaN(value.getTime()) : Number.isFinite(value);
  }
}

function fromString(shape: Shape, text: string): unknown {
  switch (shape.type) {
    case 'integer':
    case 'long': return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
    case 'float':
    case 'double': return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    case 'boolean': return text === 'true' ? true : text === 'false' ? false : text;
    case 'timestamp': return /^\d{4}-\d\d-\d\dT/.test(text) && !isNaN(Date.parse(text)) ? new Date(text) : text;
    default: return text;
  }
}

const patterns = new Map<string, RegExp>();

function compiled(source: string): RegExp {
  const pattern = patterns.get(source) ?? patternOf(source);
  patterns.set(source, pattern);
  return pattern;
}

function shapeOf(table: ShapeTable, name: string): Shape {
  const shape = own(table, name);
  if (!shape) { throw new Error(`There is no shape ${name}`); }
  return shape;
}

/** Only own members: `constructor` is no shape's name. */
function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}
