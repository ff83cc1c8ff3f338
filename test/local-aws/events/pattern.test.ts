import { Bench } from './fixtures';

const bench = new Bench();
const EVENT = {
  'id': 'i',
  'account': '1',
  'source': 'aws.sagemaker',
  'time': '2026-01-01T00:00:00Z',
  'region': 'eu-west-1',
  'resources': ['arn:a', 'arn:b'],
  'detail-type': 'Sold',
  'detail': {
    name: 'Model-One', n: 300, ok: true, none: null, empty: [], tags: ['x', 'y'], deep: { er: 'z' }, list: [{ a: 1, b: 2 }, { a: 3, b: 4 }],
  },
};

const matches = async (pattern: unknown, event: object = EVENT) =>
  (await bench.call('TestEventPattern', { EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) })).Result;
const field = (name: string, ...matchers: unknown[]) => ({ detail: { [name]: matchers } });

test.each<[string, object, boolean]>([
  ['an exact value', { source: ['aws.sagemaker'] }, true],
  ['one of several', { source: ['a', 'aws.sagemaker'] }, true],
  ['another value', { source: ['a'] }, false],
  ['all fields', { 'source': ['aws.sagemaker'], 'detail-type': ['Bought'] }, false],
  ['an element of a list', { resources: ['arn:b'] }, true],
  ['no element of a list', { resources: ['arn:c'] }, false],
  ['a number', field('n', 300), true],
  ['a number as text', field('n', '300'), false],
  ['a boolean', field('ok', true), true],
  ['null', field('none', null), true],
  ['null where nothing is', field('missing', null), false],
  ['a nested field', { detail: { deep: { er: ['z'] } } }, true],
  ['a field below a text', { detail: { name: { er: ['z'] } } }, false],
  ['objects in a list', { detail: { list: { a: [3] } } }, true],
  ['two members of one object in a list', { detail: { list: { a: [1], b: [2] } } }, true],
  ['members of two objects in a list', { detail: { list: { a: [1], b: [4] } } }, false],
  ['a prefix', field('name', { prefix: 'Model-' }), true],
  ['another prefix', field('name', { prefix: 'model-' }), false],
  ['a prefix whatever its case', field('name', { prefix: { 'equals-ignore-case': 'mODEL-' } }), true],
  ['a prefix of a number', field('n', { prefix: '3' }), false],
  ['a suffix', field('name', { suffix: 'One' }), true],
  ['a suffix whatever its case', field('name', { suffix: { 'equals-ignore-case': 'oNE' } }), true],
  ['a text whatever its case', field('name', { 'equals-ignore-case': 'mOdEl-oNe' }), true],
  ['another text whatever its case', field('name', { 'equals-ignore-case': 'model' }), false],
  ['anything but a value', field('name', { 'anything-but': 'x' }), true],
  ['anything but the value', field('name', { 'anything-but': 'Model-One' }), false],
  ['anything but some values', field('n', { 'anything-but': [300, 400] }), false],
  ['anything but, where nothing is', field('missing', { 'anything-but': 'x' }), false],
  ['anything but a prefix', field('name', { 'anything-but': { prefix: 'Model' } }), false],
  ['anything but some prefixes', field('name', { 'anything-but': { prefix: ['a', 'b'] } }), true],
  ['anything but a suffix', field('name', { 'anything-but': { suffix: 'Two' } }), true],
  ['anything but a text whatever its case', field('name', { 'anything-but': { 'equals-ignore-case': ['model-one'] } }), false],
  ['a number equal', field('n', { numeric: ['=', 300] }), true],
  ['a number in a range', field('n', { numeric: ['>', 299, '<=', 300] }), true],
  ['a number out of a range', field('n', { numeric: ['>=', 0, '<', 300] }), false],
  ['a number where text is', field('name', { numeric: ['>', 0] }), false],
  ['what exists', field('name', { exists: true }), true],
  ['what does not exist', field('missing', { exists: false }), true],
  ['an object, which is no leaf', field('deep', { exists: true }), false],
  ['an empty list', field('empty', { exists: true }), false],
  ['one of two fields', { detail: { $or: [{ n: [1] }, { name: [{ prefix: 'Model' }] }] } }, true],
  ['none of two fields', { detail: { $or: [{ n: [1] }, { name: ['x'] }] } }, false],
  ['one of two, and another', { $or: [{ source: ['aws.sagemaker'] }, { source: ['x'] }], detail: { n: [1] } }, false],
])('%s', async (_what, pattern, expected) => {
  expect(await matches(pattern)).toBe(expected);
});

test.each<[unknown, string]>([
  [[], 'Filter is not an object'],
  [{}, 'Empty filter'],
  [{ detail: {} }, 'Empty objects are not allowed: "detail"'],
  [{ source: [] }, 'Empty arrays are not allowed: "source"'],
  [{ source: 'x' }, '"source" must be an object or an array'],
  [{ source: [['x']] }, 'Match value must be String, number, true, false, or null'],
  [{ source: [{}] }, 'Only one key allowed in match expression'],
  [{ source: [{ prefix: 'a', suffix: 'b' }] }, 'Only one key allowed in match expression'],
  [{ source: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
  [{ source: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false.'],
  [{ source: [{ numeric: ['>'] }] }, 'numeric match must be a list of an operator and a number, once or twice'],
  [{ source: [{ numeric: ['~', 1] }] }, 'Unrecognized numeric range operator: ~'],
  [{ source: [{ numeric: ['>', 'a'] }] }, 'Value of numeric match must be a number'],
  [{ source: [{ 'anything-but': [] }] }, 'Empty arrays are not allowed'],
  [{ source: [{ 'anything-but': [[1]] }] }, 'Inside anything-but list, only strings and numbers are supported'],
  [{ source: [{ 'anything-but': { prefix: 1 } }] }, 'prefix match pattern must be a string'],
  [{ source: [{ 'anything-but': { wildcard: '*' } }] }, 'Unsupported anything-but pattern: wildcard is not part of the local AWS'],
  [{ source: [{ wildcard: 'a*' }] }, 'Unrecognized match type wildcard: it is not part of the local AWS'],
  [{ source: [{ cidr: '10.0.0.0/24' }] }, 'Unrecognized match type cidr: it is not part of the local AWS'],
  [{ $or: [{ source: ['a'] }] }, '$or must be a list of at least two objects'],
])('%j is refused', async (pattern, reason) => {
  expect(await bench.refused('PutRule', { Name: 'r', EventPattern: JSON.stringify(pattern) }))
    .toMatchObject({ code: 'InvalidEventPatternException', message: `Event pattern is not valid. Reason: ${reason}` });
});

test('a pattern that is no JSON is refused', async () => {
  expect(await bench.refused('PutRule', { Name: 'r', EventPattern: '{' })).toMatchObject({ code: 'InvalidEventPatternException' });
});

test.each([['{', /no JSON object/], ['null', /no JSON object/], ['{}', /id is missing/], [`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, /no JSON object/]])('an event %s cannot be tested', async (Event, sentence) => {
  expect(await bench.refused('TestEventPattern', { EventPattern: '{"source":["a"]}', Event })).toMatchObject({ code: 'ValidationException', message: expect.stringMatching(sentence) });
});
