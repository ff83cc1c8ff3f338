import { patternOf } from '../../../src/service/constraints';
import { Shape, ShapeTable } from '../../../src/service/shapes';

export type Kind = 'required' | 'type' | 'min' | 'max' | 'pattern' | 'enum' | 'unknown' | 'union of none' | 'union of two';

/** One constraint of a shape, and a value that breaks it. */
export interface Mutation {
  /** Where in the shape, and what: `Tags[].Key max`, `Environment{key} pattern`. */
  readonly constraint: string;
  readonly kind: Kind;
  /** The bound, the pattern or the type that is asked for. */
  readonly bound?: unknown;
  readonly value: unknown;
}

/** Texts of the kinds that patterns ask for; the first that fits is taken. */
const SAMPLES = [
  'a', '1.0.0', '/metrics', 'text/csv', 's3://bucket/a', `sha256:${'0'.repeat(64)}`,
  'arn:aws:iam::111111111111:role/a', 'arn:aws:sns:us-east-1:111111111111:a',
  'arn:aws:sagemaker:us-east-1:111111111111:training-plan/a', 'arn:aws:sagemaker:us-east-1:111111111111:model-package/a/1',
];

/** Texts that patterns refuse: a control character, a line break, punctuation, a text with no punctuation. */
const STRANGE = ['\u0000', '\n', '!', 'a b', 'a'];

const WRONG_TYPE: Readonly<Record<Shape['type'], unknown>> = {
  structure: 'text', list: { 0: 'text' }, map: ['text'], string: 5, boolean: 'yes', integer: 'five', long: 'five', float: 'five', double: 'five', timestamp: 'soon',
};

/**
 * A value of a shape in which every member stands, but for what the patch says: a member that is `undefined` there is left out,
 * an object or a list is gone into, anything else is taken as it is. Of a union, the first member.
 */
export function filled(table: ShapeTable, shapeName: string, patch?: any): any {
  const shape = table[shapeName];
  switch (shape.type) {
    case 'structure': {
      const given: Record<string, unknown> = patch ?? {};
      const names = Object.keys(shape.members!);
      const wanted = shape.union && patch === undefined ? names.slice(0, 1) : names;
      const left = Object.keys(given).filter((name) => given[name] === undefined);
      // A name that the shape does not have stays, for the service to refuse.
      const strange = Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
      return {
        ...strange,
        ...Object.fromEntries(wanted.filter((name) => !left.includes(name)).map((name) => [name, filled(table, shape.members![name], given[name])])),
      };
    }
    case 'list': {
      const given: unknown[] = patch ?? Array(Math.max(1, shape.min ?? 0)).fill(undefined);
      return given.map((inner) => filled(table, shape.member!, inner));
    }
    case 'map': return patch ?? { [filled(table, shape.key!)]: filled(table, shape.value!) };
    case 'string': return patch ?? shape.enum?.[0] ?? sample(shape);
    case 'boolean': return patch ?? true;
    default: return patch ?? Math.max(1, shape.min ?? 1);
  }
}

/** For each constraint of a shape that a valid value reaches, the value with that one constraint broken. */
export function mutations(table: ShapeTable, shapeName: string, value: unknown): Mutation[] {
  const seen = new Set<string>();
  return [...walk(table, shapeName, value, '', (inner) => inner)].filter(({ constraint }) => !seen.has(constraint) && seen.add(constraint));
}

function* walk(table: ShapeTable, shapeName: string, value: any, at: string, put: (inner: unknown) => unknown): Generator<Mutation> {
  const shape = table[shapeName];
  for (const { member, kind, bound, value: broken } of breakings(table, shape, value)) {
    yield { constraint: named(member ? `${at}.${member}` : at, kind), kind, bound, value: put(broken) };
  }
  for (const [key, inner] of shape.type === 'structure' || shape.type === 'map' ? Object.entries(value) : []) {
    const place = shape.type === 'map' ? '{}' : `.${key}`;
    yield* walk(table, shape.type === 'map' ? shape.value! : shape.members![key], inner, at + place, (changed) => put({ ...value, [key]: changed }));
  }
  for (const [index, inner] of shape.type === 'list' ? value.entries() : []) {
    yield* walk(table, shape.member!, inner, `${at}[]`, (changed) => put(value.with(index, changed)));
  }
  for (const [key, inner] of shape.type === 'map' ? Object.entries(value) : []) {
    const { [key]: _, ...others } = value;
    for (const { kind, bound, value: broken } of breakings(table, table[shape.key!], key)) {
      // JSON knows no key that is not text.
      if (kind !== 'type') { yield { constraint: named(`${at}{key}`, kind), kind, bound, value: put({ ...others, [broken as string]: inner }) }; }
    }
  }
}

function named(at: string, kind: Kind): string {
  return `${at.replace(/^\./, '')} ${kind}`;
}

interface Breaking {
  /** Of the structure, where the constraint is on one. */
  readonly member?: string;
  readonly kind: Kind;
  readonly bound?: unknown;
  readonly value: unknown;
}

function breakings(table: ShapeTable, shape: Shape, value: any): Breaking[] {
  const sizes = [
    ...sized(shape, 'min').map((bound): Breaking => ({ kind: 'min', bound, value: resized(table, shape, value, bound - 1) })),
    ...sized(shape, 'max').map((bound): Breaking => ({ kind: 'max', bound, value: resized(table, shape, value, bound + 1) })),
  ];
  return [{ kind: 'type', bound: shape.type, value: WRONG_TYPE[shape.type] }, ...sizes, ...ofText(shape, value), ...ofMembers(table, shape, value)];
}

/** A bound that something can break: nothing has fewer than no entries. */
function sized(shape: Shape, end: 'min' | 'max'): number[] {
  const bound = shape[end];
  const countable = ['string', 'list', 'map'].includes(shape.type);
  return bound === undefined || (countable && end === 'min' && bound === 0) ? [] : [bound];
}

function resized(table: ShapeTable, shape: Shape, value: any, size: number): unknown {
  switch (shape.type) {
    case 'string': return value.slice(0, size).padEnd(size, 'a');
    case 'list': return Array.from({ length: size }, (_, index) => value[index % value.length] ?? filled(table, shape.member!));
    case 'map': return Object.fromEntries(Array.from({ length: size }, (_, index) => [`k${index}`, filled(table, shape.value!)]));
    default: return size;
  }
}

function ofText({ pattern, enum: values }: Shape, value: any): Breaking[] {
  const strange = pattern === undefined ? undefined : STRANGE.find((text) => !patternOf(pattern).test(text));
  return [
    ...strange === undefined ? [] : [{ kind: 'pattern', bound: pattern, value: strange } as const],
    ...values === undefined ? [] : [{ kind: 'enum', bound: values, value: `${value}?` } as const],
  ];
}

function ofMembers(table: ShapeTable, { type, required = [], members = {}, union }: Shape, value: any): Breaking[] {
  if (type !== 'structure') { return []; }
  const without = (member: string) => Object.fromEntries(Object.entries(value).filter(([name]) => name !== member));
  const second = Object.keys(members).find((name) => !Object.hasOwn(value, name));
  return [
    ...required.map((member): Breaking => ({ member, kind: 'required', value: without(member) })),
    { kind: 'unknown', value: { ...value, Unheard: 'of' } },
    ...union ? [{ kind: 'union of none', value: {} } as const] : [],
    ...union && second ? [{ kind: 'union of two', value: { ...value, [second]: filled(table, members[second]) } } as const] : [],
  ];
}

function sample(shape: Shape): string {
  const { min = 0, max = Infinity, pattern = '[^]*' } = shape;
  const found = SAMPLES.map((text) => text.padEnd(min, 'a')).find((text) => text.length <= max && patternOf(pattern).test(text));
  if (found === undefined) { throw new Error(`No sample text fits ${JSON.stringify(shape)}: add one`); }
  return found;
}
