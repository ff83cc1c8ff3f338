import * as fc from 'fast-check';
import { Decoder, Encoder } from '../../../local-aws/state/graph';

class Kept {
  public readonly inner: Map<unknown, unknown> = new Map();
  public readonly machinery = () => {};
}

class Stranger {}

const WORLD = { a: 'world' };
const AROUND = { known: new Map<string, object>([['world', WORLD]]), classes: { Kept: { type: Kept, without: ['machinery'] } } };

/** What a value is after it was written and read. */
function again(value: unknown, into?: unknown): any {
  const stored = new Map<string, Buffer>();
  const none = () => { throw new Error('Nothing here is in a file'); };
  const bytes = {
    put: (content: Buffer) => { stored.set(`${stored.size}`, content); return `${stored.size - 1}`; }, get: (text: string) => stored.get(text)!, putFile: none, getFile: none,
  };
  const encoder = new Encoder(AROUND, bytes);
  const text = JSON.stringify([encoder.encode(value, 'value'), encoder.nodes]);
  const [root, nodes] = JSON.parse(text);
  return new Decoder(nodes, AROUND, bytes).decode(root, into);
}

const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.bigInt(), fc.constantFrom<unknown>(undefined, null, -0, NaN, /a\/"b/gi), // A set does not find a date that is none.
      fc.date({ noInvalidDate: true }),
      fc.uint8Array().map((content) => Buffer.from(content)),
    ),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'kind')), tie('value')).map((found) => ({ ...found })),
    fc.array(fc.tuple(tie('value'), tie('value'))).map((entries) => new Map(entries)),
    fc.array(tie('value')).map((items) => new Set(items)),
  ),
}));

test('data is the same after it was written and read', () => {
  fc.assert(fc.property(anything, (value) => { expect(again(value)).toEqual(value); }));
});

test('what two places share stays shared, circles too', () => {
  fc.assert(fc.property(anything, (value) => {
    const shared: any = { value };
    shared.self = shared;
    const [one, other, map] = again([shared, shared, new Map([[shared, shared]])]);
    expect(one).toBe(other);
    expect(one.self).toBe(one);
    expect(map.get(one)).toBe(one);
  }));
});

test('what is there already is filled, because others hold it', () => {
  const [map, list, kept] = [new Map([['old', 1]]), ['old'], new Kept()];
  const there = { map, list, kept };
  const saved = new Kept();
  saved.inner.set('new', WORLD);
  expect(again({ map: new Map([['new', 2]]), list: ['new'], kept: saved }, there)).toBe(there);
  expect([[...map], list, kept.inner.get('new')]).toEqual([[['new', 2]], ['new'], WORLD]);
  expect(kept.inner.get('new')).toBe(WORLD);
  expect(again(saved)).toBeInstanceOf(Kept);
});

test.each<[string, unknown, string]>([
  ['a function', { deep: [() => {}] }, 'the function at value.deep[0] cannot be kept'],
  ['an object of a class that is not named', new Map([['key', new Stranger()]]), 'the Stranger at value.key cannot be kept'],
])('%s is refused, with its place', (_what, value, message) => {
  expect(() => again(value)).toThrow(message);
});
