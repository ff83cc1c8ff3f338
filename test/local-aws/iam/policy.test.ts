import { checkDocument, decide, trusts } from '../../../local-aws/iam/policy';

const allows = (statement: any, action: string, resource = '*', context = {}) => decide([{ Statement: statement }], action, resource, context) === 'Allow';
const allow = { Effect: 'Allow', Action: '*', Resource: '*' };

test('nothing is allowed that no statement allows', () => {
  expect(allows({ ...allow, Action: 'a:B' }, 'a:C')).toBe(false);
});

test('a Deny wins over any Allow, in whatever order', () => {
  const deny = { Effect: 'Deny', Action: 'a:B', Resource: '*' };
  expect(allows([allow, deny], 'a:B')).toBe(false);
  expect(allows([deny, allow], 'a:B')).toBe(false);
  expect(allows([deny, allow], 'a:C')).toBe(true);
});

test.each([
  ['a:B', 'a:B', true], ['A:b', 'a:B', true], ['a:*', 'a:Bc', true], ['a:B?', 'a:Bc', true], ['a:B?', 'a:B', false], ['a:B', 'a:Bc', false], ['*', 'a:B', true],
])('the action %s covers %s: %s', (pattern, action, expected) => {
  expect(allows({ ...allow, Action: [pattern] }, action)).toBe(expected);
});

test.each([
  ['arn:x:job/a', 'arn:x:job/a', true], ['arn:x:job/a', 'arn:x:job/A', false], ['arn:x:job/a*', 'arn:x:job/abc', true], ['arn:x:job/a*', '*', false], ['*', '*', true],
  ['arn:x.job/a', 'arn:xyjob/a', false],
])('the resource %s covers %s: %s', (pattern, resource, expected) => {
  expect(allows({ ...allow, Resource: pattern }, 'a:B', resource)).toBe(expected);
});

test('NotAction and NotResource are everything else', () => {
  const { Effect, Action, Resource } = allow;
  expect(allows({ Effect, NotAction: 'iam:*', Resource }, 'iam:PassRole')).toBe(false);
  expect(allows({ Effect, NotAction: 'iam:*', Resource }, 'a:B')).toBe(true);
  expect(allows({ Effect, Action, NotResource: 'arn:x' }, 'a:B', 'arn:x')).toBe(false);
  expect(allows({ Effect, Action, NotResource: 'arn:x' }, 'a:B', 'arn:y')).toBe(true);
});

test.each([
  [{ StringEquals: { k: ['a', 'b'] } }, 'b', true], [{ StringEquals: { k: 'a' } }, 'A', false], [{ StringEquals: { k: 'a*' } }, 'ab', false],
  [{ StringEquals: { K: 'a' } }, 'a', true], [{ StringEquals: { k: 'a' } }, undefined, false], [{ StringEqualsIfExists: { k: 'a' } }, undefined, true],
  [{ StringNotEquals: { k: 'a' } }, 'b', true], [{ StringNotEquals: { k: ['a', 'b'] } }, 'b', false], [{ StringNotEquals: { k: 'a' } }, undefined, true],
  [{ StringLike: { k: 'a*' } }, 'abc', true], [{ StringNotLike: { k: 'a*' } }, 'abc', false], [{ StringEqualsIgnoreCase: { k: 'A' } }, 'a', true],
  [{ ArnLike: { k: 'arn:aws:iam::*:role/a*' } }, 'arn:aws:iam::1:role/abc', true], [{ ArnLike: { k: 'arn:*' } }, 'arn:aws:iam::1:role/abc', false],
  [{ Bool: { k: 'true' } }, 'true', true], [{ Null: { k: 'true' } }, undefined, true], [{ Null: { k: 'true' } }, 'a', false],
  [{ 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, ['a', 'b'], true], [{ 'ForAllValues:StringEquals': { k: ['a'] } }, ['a', 'b'], false],
  [{ 'ForAnyValue:StringEquals': { k: ['a'] } }, ['a', 'b'], true], [{ 'ForAnyValue:StringEquals': { k: ['a'] } }, undefined, false],
  [{ StringEquals: { k: 'a' }, StringLike: { l: '*' } }, 'a', false],
])('the condition %j holds for %j: %s', (Condition, k, expected) => {
  expect(allows({ ...allow, Condition }, 'a:B', '*', k === undefined ? {} : { k })).toBe(expected);
});

test.each([
  [undefined, 'Syntax errors'], [{ Statement: [] }, 'Syntax errors'], [{ Statement: { ...allow, Effect: 'Maybe' } }, 'Syntax errors'],
  [{ Statement: { Effect: 'Allow', Resource: '*' } }, 'must contain actions'], [{ Statement: { ...allow, Action: 'B' } }, 'prefaced by a vendor'],
  [{ Statement: { Effect: 'Allow', Action: '*' } }, 'must contain resources'],
  [{ Statement: { ...allow, Condition: { StringMatches: { k: 1 } } } }, 'Invalid Condition type : StringMatches.'],
  [{ Statement: { ...allow, Condition: { NumericNotLessThan: { k: 1 } } } }, 'Invalid Condition type : NumericNotLessThan.'],
  [{ Statement: { ...allow, Condition: { NullIfExists: { k: 1 } } } }, 'Invalid Condition type : NullIfExists.'],
  ...['IpNotAddress', 'NotStringEquals', 'StringEqualsNot', 'ForAnyValue:NotBool', 'constructor', 'toString'].map((operator): [object, string] => (
    [{ Statement: { ...allow, Condition: { [operator]: { k: 1 } } } }, `Invalid Condition type : ${operator}.`]
  )),
  [{ Statement: { ...allow, Resource: 'b/k' } }, 'Resource b/k must be in ARN format or "*".'], [{ Statement: { ...allow, Sid: 'a b' } }, 'must be alpha-numeric'],
  [{ Statement: [{ ...allow, Sid: 'a' }, { ...allow, Sid: 'a' }] }, 'must be unique'], [{ Statement: { ...allow, Principal: '*' } }, 'should not specify a principal'],
])('the document %j is refused', (document, message) => {
  expect(() => checkDocument(document, 'identity')).toThrow(expect.objectContaining({ code: 'MalformedPolicyDocument', message: expect.stringContaining(message) }));
});

test.each([
  ['2012-10-17', 'red', true], ['2012-10-17', 'blue', false], ['2008-10-17', 'red', false], ['2008-10-17', '${aws:PrincipalTag/team}', true],
])('variables are filled in the version %s: the folder %s is allowed: %s', (Version, folder, expected) => {
  const Statement = { Effect: 'Allow' as const, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/team}/*' };
  expect(decide([{ Version, Statement }], 's3:GetObject', `arn:aws:s3:::b/${folder}/k`, { 'aws:PrincipalTag/team': 'red' }) === 'Allow').toBe(expected);
});

test('a variable without a value ends a statement, an Allow and a Deny alike', () => {
  const statement = (Effect: 'Allow' | 'Deny', Resource: string) => ({ Version: '2012-10-17', Statement: { Effect, Action: '*', Resource } });
  const without = 'arn:aws:s3:::${aws:PrincipalTag/team}';
  expect(decide([statement('Allow', without)], 'a:B', 'arn:aws:s3:::b', {})).toBeUndefined();
  expect(decide([statement('Allow', '*'), statement('Deny', without)], 'a:B', 'arn:aws:s3:::b', {})).toBe('Allow');
});

test('a value that has a wildcard is no pattern', () => {
  const Statement = { Effect: 'Allow' as const, Action: '*', Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/team}' };
  const reads = (key: string) => decide([{ Version: '2012-10-17', Statement }], 'a:B', `arn:aws:s3:::b/${key}`, { 'aws:PrincipalTag/team': '*' });
  expect([reads('*'), reads('k')]).toEqual(['Allow', undefined]);
});

test('a trust policy names its services, the action and the conditions', () => {
  const trust = (more: object) => ({ Statement: { Effect: 'Allow' as const, Action: 'sts:AssumeRole', Principal: { Service: ['lambda.amazonaws.com'] }, ...more } });
  const source = { 'aws:SourceAccount': '111111111111' };
  expect(trusts(trust({}), 'lambda.amazonaws.com', 'role', source)).toBe(true);
  expect(trusts(trust({}), 'sagemaker.amazonaws.com', 'role', source)).toBe(false);
  expect(trusts(trust({ Action: 'sts:TagSession' }), 'lambda.amazonaws.com', 'role', source)).toBe(false);
  const from = (account: string) => trust({ Condition: { StringEquals: { 'aws:SourceAccount': account } } });
  expect([from('111111111111'), from('222222222222')].map((document) => trusts(document, 'lambda.amazonaws.com', 'role', source))).toEqual([true, false]);
});
