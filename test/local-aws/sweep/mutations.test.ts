import { filled, mutations } from './mutations';
import { violations } from '../../../src/service/constraints';
import { ShapeTable } from '../../../src/service/shapes';

const TABLE: ShapeTable = {
  Root: { type: 'structure', required: ['Name'], members: { Name: 'Name', Kind: 'Kind', Sizes: 'Sizes', Env: 'Env', On: 'On', Choice: 'Choice', When: 'When' } },
  Name: { type: 'string', min: 2, max: 4, pattern: '[a-z]+' },
  Anything: { type: 'string', min: 0, pattern: '[\\s\\S]*' },
  Kind: { type: 'string', enum: ['A', 'B'] },
  Sizes: { type: 'list', member: 'Size', min: 1, max: 2 },
  Size: { type: 'integer', min: 1, max: 9 },
  Env: { type: 'map', key: 'Key', value: 'Anything', max: 2 },
  Key: { type: 'string', pattern: '[a-z]+' },
  On: { type: 'boolean' },
  When: { type: 'timestamp' },
  Choice: { type: 'structure', union: true, members: { One: 'Size', Two: 'Kind' } },
};

const FULL = { Name: 'aa', Kind: 'A', Sizes: [1], Env: { a: 'a' }, On: true, Choice: { One: 1 }, When: 1 };

test('a value is filled with every member, but for what a patch says', () => {
  expect(filled(TABLE, 'Root')).toEqual(FULL);
  expect(violations(TABLE, 'Root', FULL)).toEqual([]);
  expect(filled(TABLE, 'Root', { Name: 'bb', Kind: undefined, Sizes: [2, 3], Choice: { One: undefined, Two: 'B' } })).toEqual({
    Name: 'bb', Sizes: [2, 3], Env: { a: 'a' }, On: true, Choice: { Two: 'B' }, When: 1,
  });
});

test('each constraint of each member is broken once, and nothing that cannot be broken is tried', () => {
  const broken = Object.fromEntries(mutations(TABLE, 'Root', { ...FULL, Sizes: [1, 2] }).map(({ constraint, value }) => [constraint, value as any]));
  const [one, two] = [expect.any(String), expect.anything()];
  expect(broken).toEqual({
    ' type': 'text',
    'Name required': { ...FULL, Sizes: [1, 2], Name: undefined },
    ' unknown': expect.objectContaining({ Unheard: 'of' }),
    'Name type': expect.objectContaining({ Name: 5 }),
    'Name min': expect.objectContaining({ Name: 'a' }),
    'Name max': expect.objectContaining({ Name: 'aaaaa' }),
    'Name pattern': expect.objectContaining({ Name: '\u0000' }),
    'Kind type': expect.objectContaining({ Kind: 5 }),
    'Kind enum': expect.objectContaining({ Kind: 'A?' }),
    'Sizes type': expect.objectContaining({ Sizes: { 0: 'text' } }),
    'Sizes min': expect.objectContaining({ Sizes: [] }),
    'Sizes max': expect.objectContaining({ Sizes: [1, 2, 1] }),
    'Sizes[] type': expect.objectContaining({ Sizes: ['five', 2] }),
    'Sizes[] min': expect.objectContaining({ Sizes: [0, 2] }),
    'Sizes[] max': expect.objectContaining({ Sizes: [10, 2] }),
    'Env type': expect.objectContaining({ Env: ['text'] }),
    'Env max': expect.objectContaining({ Env: { k0: one, k1: one, k2: one } }),
    'Env{} type': expect.objectContaining({ Env: { a: 5 } }),
    'Env{key} pattern': expect.objectContaining({ Env: { '\u0000': two } }),
    'On type': expect.objectContaining({ On: 'yes' }),
    'When type': expect.objectContaining({ When: 'soon' }),
    'Choice type': expect.objectContaining({ Choice: 'text' }),
    'Choice unknown': expect.objectContaining({ Choice: { One: 1, Unheard: 'of' } }),
    'Choice union of none': expect.objectContaining({ Choice: {} }),
    'Choice union of two': expect.objectContaining({ Choice: { One: 1, Two: 'A' } }),
    'Choice.One type': expect.objectContaining({ Choice: { One: 'five' } }),
    'Choice.One min': expect.objectContaining({ Choice: { One: 0 } }),
    'Choice.One max': expect.objectContaining({ Choice: { One: 10 } }),
  });
  // Each is the valid value with one thing changed: the rule that judges requests finds that thing.
  for (const [constraint, value] of Object.entries(broken)) {
    expect({ constraint, found: violations(TABLE, 'Root', value).map((violation) => violation.constraint) })
      .toEqual({ constraint, found: expect.arrayContaining([constraint.split(' ')[1]]) });
  }
});

test('a shape that no sample text fits says so', () => {
  expect(() => filled({ Odd: { type: 'string', pattern: '#{5}' } }, 'Odd')).toThrow('No sample text fits');
});
