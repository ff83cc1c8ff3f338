import fc from 'fast-check';
import { coerce, patternOf, Violation, violations } from '../../../src/service/constraints';
import { JOB_SHAPES, Shape, ShapeTable } from '../../../src/service/shapes';

const REQUEST = 'CreateInferenceRecommendationsJobRequest';

/** One shape of each kind, for the rules that the job's own shapes do not show. */
const TABLE: ShapeTable = {
  Root: {
    type: 'structure',
    required: ['Name'],
    members: { Name: 'Name', Count: 'Count', Ratio: 'Ratio', On: 'On', At: 'At', Tags: 'Tags', Names: 'Names', Choice: 'Choice' },
  },
  Name: { type: 'string', min: 1, max: 4, pattern: '[a-z]*' },
  Count: { type: 'integer', min: 1, max: 3 },
  Ratio: { type: 'double' },
  On: { type: 'boolean' },
  At: { type: 'timestamp' },
  Names: { type: 'list', member: 'Name', max: 2 },
  Tags: { type: 'map', key: 'Name', value: 'Count', max: 2 },
  Choice: { type: 'structure', union: true, members: { A: 'Name', B: 'Name' } },
};

function broken(value: unknown, shape = 'Root'): Array<Partial<Violation>> {
  return violations(TABLE, shape, value);
}

describe('violations', () => {
  test.each<[string, object, object[]]>([
    ['nothing', { Name: 'a', Count: 2, Ratio: NaN, On: false, At: new Date(0), Tags: { a: 1 }, Names: ['a'], Choice: { A: 'a' } }, []],
    ['a missing member', {}, [{ path: ['Name'], constraint: 'required' }]],
    ['null for a required member', { Name: null }, [{ path: ['Name'], constraint: 'required' }]],
    ['a member that the shape has not', { Name: 'a', constructor: 1 }, [{ path: ['constructor'], constraint: 'unknown' }]],
    ['a type', { Name: 5 }, [{ path: ['Name'], constraint: 'type', expected: 'string', got: 5 }]],
    ['a fraction for an integer', { Name: 'a', Count: 1.5 }, [{ path: ['Count'], constraint: 'type' }]],
    ['a time as text', { Name: 'a', At: 'noon' }, [{ path: ['At'], constraint: 'type' }]],
    ['a length', { Name: '' }, [{ path: ['Name'], constraint: 'min', expected: 1 }]],
    ['two at once', { Name: 'ABCDE' }, [{ constraint: 'max', expected: 4 }, { constraint: 'pattern' }]],
    ['a number', { Name: 'a', Count: 4 }, [{ path: ['Count'], constraint: 'max', expected: 3, got: 4 }]],
    ['a list\'s length', { Name: 'a', Names: ['a', 'a', 'a'] }, [{ path: ['Names'], constraint: 'max' }]],
    ['a list\'s member', { Name: 'a', Names: ['a', 'A'] }, [{ path: ['Names', '1'], constraint: 'pattern' }]],
    ['null in a list', { Name: 'a', Names: [null] }, [{ path: ['Names', '0'], constraint: 'required' }]],
    ['a map\'s key', { Name: 'a', Tags: { A: 1 } }, [{ path: ['Tags', 'A'], constraint: 'pattern', ofKey: true }]],
    ['a map\'s value', { Name: 'a', Tags: { a: 0 } }, [{ path: ['Tags', 'a'], constraint: 'min' }]],
    ['a map\'s size', { Name: 'a', Tags: { a: 1, b: 1, c: 1 } }, [{ path: ['Tags'], constraint: 'max' }]],
    ['a union with none set', { Name: 'a', Choice: {} }, [{ path: ['Choice'], constraint: 'union' }]],
    ['a union with two set', { Name: 'a', Choice: { A: 'a', B: 'a' } }, [{ path: ['Choice'], constraint: 'union', got: ['A', 'B'] }]],
  ])('names %s', (_what, value, expected) => {
    expect(broken(value)).toEqual(expected.map((violation) => expect.objectContaining(violation)));
  });

  test('counts characters, not UTF-16 units', () => {
    expect(violations({ S: { type: 'string', max: 2 } }, 'S', '🦉🦉')).toEqual([]);
  });
});

describe('patternOf', () => {
  test('keeps Java\'s ASCII \\s', () => {
    expect(patternOf('[\\S]+').test('a\u00a0b')).toBe(true);
    expect(patternOf('[\\S]+').test('a b')).toBe(false);
    expect(patternOf('[\\S\\s]+').test('a b')).toBe(true);
    expect(patternOf('(?!\\s*$).+').test('  ')).toBe(false);
  });

  test('reads a repeated anchor', () => {
    expect(patternOf('([\\p{L}]*)${1,128}').test('Größe')).toBe(true);
  });

  test('is anchored on both sides, alternatives too', () => {
    expect(patternOf('a|b').test('ac')).toBe(false);
  });

  test('compiles every pattern of a job', () => {
    const patterns = Object.values(JOB_SHAPES).flatMap((shape) => shape.pattern ?? []);
    expect(patterns.length).toBeGreaterThan(10);
    patterns.forEach((pattern) => expect(patternOf(pattern)).toBeInstanceOf(RegExp));
  });
});

describe('coerce', () => {
  test.each<[string, string, unknown, unknown]>([
    ['an integer', 'Count', '5', 5],
    ['a double', 'Ratio', '-1.5e3', -1500],
    ['a boolean', 'On', 'true', true],
    ['a number where text is asked for', 'Name', 1.3, '1.3'],
    ['a structure, its lists and maps', 'Root', { Name: '1', Names: ['2'], Tags: { a: '3' } }, { Name: '1', Names: ['2'], Tags: { a: 3 } }],
  ])('converts %s', (_what, shape, value, expected) => {
    expect(coerce(TABLE, shape, value)).toEqual(expected);
  });

  test.each<[string, string, unknown]>([
    ['text that is no number', 'Count', '5 s'],
    ['a fraction for an integer', 'Count', '1.5'],
    ['the empty string', 'Count', ''],
    ['another word for true', 'On', 'yes'],
    ['a member that the shape has not', 'Root', { Other: '5' }],
    ['an empty structure', 'Root', {}],
  ])('leaves %s alone', (_what, shape, value) => {
    expect(coerce(TABLE, shape, value)).toEqual(value);
  });
});

describe('a job\'s request, whatever it holds', () => {
  test('is valid as the shapes describe it, also after CloudFormation has made strings of its scalars', () => {
    fc.assert(fc.property(valueOf(REQUEST), (request) => {
      expect(violations(JOB_SHAPES, REQUEST, request)).toEqual([]);
      expect(coerce(JOB_SHAPES, REQUEST, asStrings(request))).toEqual(request);
    }), { seed: 7, numRuns: 100 });
  });

  test('with one constraint broken, has exactly that violation', () => {
    const seen = new Set<string>();
    fc.assert(fc.property(valueOf(REQUEST), fc.nat(), (request, choice) => {
      const ways = [...waysToBreak(REQUEST, request, [])];
      const way = ways[choice % ways.length];
      seen.add(way.constraint);
      const found = violations(JOB_SHAPES, REQUEST, withAt(request, way.path, way.value));
      expect(found.map(({ path, constraint }) => ({ path, constraint }))).toEqual([{ path: way.at ?? way.path, constraint: way.constraint }]);
    }), { seed: 11, numRuns: 400 });
    expect([...seen].sort()).toEqual(['enum', 'max', 'min', 'pattern', 'required', 'type', 'unknown']);
  });
});

/** Any valid value of a shape. */
function valueOf(name: string): fc.Arbitrary<any> {
  const shape = JOB_SHAPES[name];
  switch (shape.type) {
    case 'structure':
      return fc.record(Object.fromEntries(Object.entries(shape.members!).map(([member, inner]) => [member, valueOf(inner)])),
        { requiredKeys: [...shape.required ?? []], noNullPrototype: true });
    case 'list': return fc.array(valueOf(shape.member!), { minLength: shape.min ?? 0, maxLength: Math.min(shape.max ?? 3, (shape.min ?? 0) + 2) });
    case 'integer': return fc.integer({ min: shape.min ?? 0, max: shape.max ?? 20_000 });
    case 'string': return shape.enum ? fc.constantFrom(...shape.enum) : text(shape);
    default: throw new Error(`A job has no ${shape.type}`);
  }
}

function text(shape: Shape): fc.Arbitrary<string> {
  const fits = (value: string) => value.length >= (shape.min ?? 0) && value.length <= (shape.max ?? 1000);
  if (shape.pattern === undefined || shape.pattern.includes('\\p')) {
    return fc.stringMatching(/^[a-z äß]*$/).filter(fits);
  }
  return fc.stringMatching(new RegExp(`^(?:${shape.pattern})$`)).map((value) => value.slice(0, shape.max))
    .filter((value) => fits(value) && patternOf(shape.pattern!).test(value));
}

function asStrings(value: any): any {
  if (Array.isArray(value)) { return value.map(asStrings); }
  if (typeof value === 'object') { return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asStrings(inner)])); }
  return String(value);
}

interface Way { path: string[]; constraint: Violation['constraint']; value: unknown; at?: string[] }

/** Every way to break one constraint of a value and no other. */
function* waysToBreak(name: string, value: any, path: string[]): Generator<Way> {
  const shape = JOB_SHAPES[name];
  if (path.length > 0) { yield { path, constraint: 'type', value: shape.type === 'structure' ? 'text' : { an: 'object' } }; }
  if (shape.type === 'structure') {
    yield { path: [...path, 'Bogus'], constraint: 'unknown', value: 1 };
    for (const required of shape.required ?? []) { yield { path: [...path, required], constraint: 'required', value: undefined }; }
    for (const member of Object.keys(value)) { yield* waysToBreak(shape.members![member], value[member], [...path, member]); }
  } else if (shape.type === 'list') {
    if (shape.min) { yield { path, constraint: 'min', value: value.slice(0, shape.min - 1) }; }
    if (shape.max && value.length > 0) { yield { path, constraint: 'max', value: Array(shape.max + 1).fill(value[0]) }; }
    for (const index of value.keys()) { yield* waysToBreak(shape.member!, value[index], [...path, `${index}`]); }
  } else if (shape.type === 'integer') {
    if (shape.min !== undefined) { yield { path, constraint: 'min', value: shape.min - 1 }; }
    if (shape.max !== undefined) { yield { path, constraint: 'max', value: shape.max + 1 }; }
  } else if (shape.enum) {
    yield { path, constraint: 'enum', value: 'neither' };
  } else if (shape.pattern) {
    const matches = (candidate: string) => patternOf(shape.pattern!).test(candidate);
    if (!matches('\u0001')) { yield { path, constraint: 'pattern', value: '\u0001'.repeat(shape.min || 1) }; }
    const long = 'a'.repeat((shape.max ?? 0) + 1);
    if (shape.max !== undefined && matches(long)) { yield { path, constraint: 'max', value: long }; }
    if (shape.min && matches('')) { yield { path, constraint: 'min', value: '' }; }
  }
}

function withAt(value: any, path: string[], inner: unknown): any {
  if (path.length === 0) { return inner; }
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[path[0]] = withAt(copy[path[0]], path.slice(1), inner);
  return copy;
}
