import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { extraneous, replacement, takesStackTags, typeFacts } from '../../../local-aws/cloudformation/spec';

const database = loadAwsServiceSpecSync();
const published = [...database.all('resource')];
type Published = typeof published[number];
type PublishedKind = Published['properties'][string]['type'];

/** A value that a property takes, with each member of all objects in it, and the same with a member more in its deepest object. */
function valueOf(kind: PublishedKind, hasMore: boolean, depth = 0): unknown {
  switch (kind.type) {
    case 'array': return [valueOf(kind.element, hasMore, depth)];
    case 'map': return { key: valueOf(kind.element, hasMore, depth) };
    case 'ref': {
      const { properties } = database.get('typeDefinition', kind.reference.$ref);
      return {
        ...Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, depth < 3 ? valueOf(type, hasMore, depth + 1) : 'text'])),
        ...hasMore && { Stranger: 1 },
      };
    }
    // What one of them takes is taken.
    case 'union': return valueOf(kind.types[0], hasMore, depth);
    default: return 'text';
  }
}

const holdsObject = (kind: PublishedKind): boolean => (
  kind.type === 'array' || kind.type === 'map' ? holdsObject(kind.element) : kind.type === 'ref');

test('the facts of all published resource types are those of the database of their schemas', () => {
  expect(published.length).toBeGreaterThan(1000);
  const wrong = published.filter((one) => {
    const type = one.cloudFormationType;
    const { attributes, identifier, arnTemplate } = typeFacts(type)!;
    return JSON.stringify([attributes, identifier, arnTemplate, takesStackTags(type)]) !== JSON.stringify([
      Object.fromEntries(Object.entries(one.attributes).map(([name, { type: { type: kind } }]) => [name, kind])),
      one.cfnRefIdentifier ?? one.primaryIdentifier ?? [], one.arnTemplate, one.tagInformation !== undefined,
    ]) || Object.entries(one.properties).some(([name, { causesReplacement }]) => replacement(type, name) !== (causesReplacement ?? 'no'));
  });
  expect(wrong.map(({ cloudFormationType }) => cloudFormationType)).toEqual([]);
});

test('a value with all published members is taken for every property, and one more member in its objects is named', () => {
  const wrong = published.flatMap(({ cloudFormationType: type, properties }) => Object.entries(properties).flatMap(([name, { type: kind }]) => {
    const more = extraneous(type, { [name]: valueOf(kind, true) });
    const isRight = extraneous(type, { [name]: valueOf(kind, false) }) === undefined
      && (!holdsObject(kind) || /^#\/.*: extraneous key \[Stranger\] is not permitted$/.test(more ?? ''));
    return isRight ? [] : [`${type} ${name}: ${more}`];
  }));
  expect(wrong).toEqual([]);
});

test.each(['AWS::Nothing::Here', 'AWS::S3::Nothing', 'Custom::Thing', 'AWS::S3', 'AWS::../../secret::x', 'AWS::S3::constructor', ''])('%s is not published', (type) => {
  expect([typeFacts(type), replacement(type, 'Name'), takesStackTags(type), extraneous(type, { a: 1 })]).toEqual([undefined, 'no', false, undefined]);
});

test('names that every object has are no properties', () => {
  expect(replacement('AWS::S3::Bucket', 'toString')).toBe('no');
  expect(extraneous('AWS::S3::Bucket', { constructor: 1 })).toBe('#: extraneous key [constructor] is not permitted');
});
