import fc from 'fast-check';
import { trustOf } from '../../../../lambda/jobs/preflight/trust';

const ROLE = 'arn:aws:iam::111111111111:role/benchmark';
const allow = (more: object = {}) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' }, ...more });
const verdict = (...Statement: object[]) => {
  const { findings, notes } = trustOf(ROLE, { Statement });
  return findings.length > 0 ? 'fails' : notes.length > 0 ? 'is a note' : 'passes';
};

test.each<[string, object]>([
  ['the service alone', {}],
  ['the service among others', { Principal: { Service: ['lambda.amazonaws.com', 'sagemaker.amazonaws.com'], AWS: 'arn:aws:iam::1:root' } }],
  ['its name in China', { Principal: { Service: 'sagemaker.amazonaws.com.cn' } }],
  ['anybody', { Principal: '*' }],
  ['anybody, in AWS\'s other spelling', { Principal: { AWS: '*' } }],
  ['a wildcard of actions', { Action: ['sts:TagSession', 'sts:Assume*'] }],
  ['any action, in other letters', { Action: 'STS:*' }],
  ['an empty condition', { Condition: {} }],
])('a policy that names %s passes', (_what, more) => {
  expect(verdict(allow(more))).toBe('passes');
});

test('a document with one statement that is no list passes', () => {
  expect(trustOf(ROLE, { Statement: allow() })).toEqual({ findings: [], notes: [] });
});

test.each<[string, object]>([
  ['another service', { Principal: { Service: 'lambda.amazonaws.com' } }],
  ['an account', { Principal: { AWS: 'arn:aws:iam::111111111111:root' } }],
  ['a part of the name', { Principal: { Service: 'agemaker.amazonaws.com' } }],
  ['another action', { Action: 'sts:AssumeRoleWithWebIdentity' }],
  ['nothing', { Principal: undefined }],
])('a policy that names %s fails, with the remedy', (_what, more) => {
  expect(trustOf(ROLE, { Statement: [allow(more)] })).toEqual({
    findings: [`SageMaker may not assume the role ${ROLE}: let its trust policy allow sts:AssumeRole to the service sagemaker.amazonaws.com`], notes: [],
  });
});

test.each<[string, object[]]>([
  ['an allowance with a condition', [allow({ Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } } })]],
  ['an allowance by exclusion of actions', [allow({ Action: undefined, NotAction: 'sts:TagSession' })]],
  ['a denial with a condition', [allow(), allow({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]],
  ['a denial by exclusion of principals', [allow(), allow({ Effect: 'Deny', Principal: undefined, NotPrincipal: { Service: 'sagemaker.amazonaws.com' } })]],
])('%s is a note', (_what, statements) => {
  expect(verdict(...statements)).toBe('is a note');
});

test('a denial without a condition fails, whatever is allowed besides', () => {
  expect(trustOf(ROLE, { Statement: [allow(), allow({ Effect: 'Deny' })] }).findings).toEqual([expect.stringContaining('denies sts:AssumeRole')]);
});

test('the order of the statements, and statements about others, change nothing', () => {
  const statements = fc.array(fc.constantFrom<object>(
    allow(), allow({ Condition: { Bool: { a: 'true' } } }), allow({ Effect: 'Deny' }), allow({ Effect: 'Deny', Condition: { Bool: { a: 'true' } } })), { maxLength: 4 });
  fc.assert(fc.property(statements, (given) => {
    const others = allow({ Principal: { Service: 'lambda.amazonaws.com' } });
    expect(verdict(...[...given].reverse())).toBe(verdict(...given));
    expect(verdict(others, ...given, others)).toBe(verdict(...given));
  }));
});
