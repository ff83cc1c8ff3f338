import * as fc from 'fast-check';
import { isKnown, referencesOf, Resolver, Template } from '../../cli/src/account/template';

const STACK = {
  StackName: 'Shop',
  StackId: 'arn:aws-us-gov:cloudformation:us-gov-west-1:111111111111:stack/Shop/1',
  CreationTime: new Date(0),
  StackStatus: 'CREATE_COMPLETE' as const,
  Parameters: [{ ParameterKey: 'Given', ParameterValue: 'by the user' }, { ParameterKey: 'Kept', ParameterValue: '/path', ResolvedValue: 'of Parameter Store' }],
};
const TEMPLATE: Template = {
  Parameters: { Given: { Default: 'default' }, Kept: {}, Alone: { Default: 'default' }, None: {} },
  Conditions: {
    Yes: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-gov-west-1'] },
    No: { 'Fn::Equals': [{ Ref: 'Given' }, 'other'] },
    Number: { 'Fn::Equals': [1, '1'] },
    Unknown: { 'Fn::Equals': [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'x'] },
    Not: { 'Fn::Not': [{ Condition: 'No' }] },
    NotUnknown: { 'Fn::Not': [{ Condition: 'Unknown' }] },
    And: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'Not' }] },
    Or: { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Yes' }] },
  },
};
const resolver = new Resolver(TEMPLATE, { stack: STACK, physicalIds: { Bucket: 'shop-bucket' } });
const choose = (condition: string) => ({ 'Fn::If': [condition, 'yes', 'no'] });

test.each<[string, unknown, unknown]>([
  ['a parameter', { Ref: 'Given' }, 'by the user'],
  ['a parameter of Parameter Store', { Ref: 'Kept' }, 'of Parameter Store'],
  ['a default', { Ref: 'Alone' }, 'default'],
  ['a resource', { Ref: 'Bucket' }, 'shop-bucket'],
  ['the partition', { Ref: 'AWS::Partition' }, 'aws-us-gov'],
  ['the Region', { Ref: 'AWS::Region' }, 'us-gov-west-1'],
  ['the account', { Ref: 'AWS::AccountId' }, '111111111111'],
  ['the stack', [{ Ref: 'AWS::StackName' }, { Ref: 'AWS::StackId' }], ['Shop', STACK.StackId]],
  ['the suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
  ['a join', { 'Fn::Join': ['-', ['a', { Ref: 'Given' }, 1]] }, 'a-by the user-1'],
  ['a text with variables', { 'Fn::Sub': 's3://${Bucket}/${AWS::Region}/${!kept}' }, 's3://shop-bucket/us-gov-west-1/${kept}'],
  ['a text with variables of its own', { 'Fn::Sub': ['${own}-${Given}', { own: { Ref: 'Alone' } }] }, 'default-by the user'],
  ['a part of a list', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  ['a condition that holds', choose('Yes'), 'yes'],
  ['a condition that does not', choose('No'), 'no'],
  ['a number and its text', choose('Number'), 'yes'],
  ['not', choose('Not'), 'yes'],
  ['and', choose('And'), 'yes'],
  ['or', choose('Or'), 'yes'],
  ['no value, which is left out', { a: { 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, b: [{ Ref: 'AWS::NoValue' }, 2] }, { b: [2] }],
  ['intrinsics within values', { Deep: [{ Environment: { A: { Ref: 'Given' } } }] }, { Deep: [{ Environment: { A: 'by the user' } }] }],
])('%s is resolved', (_what, value, expected) => {
  expect(resolver.resolve(value)).toEqual(expected);
  expect(isKnown(expected)).toBe(true);
});

test.each<[string, unknown]>([
  ['a parameter without a value', { Ref: 'None' }],
  ['an attribute', { 'Fn::GetAtt': ['Bucket', 'Arn'] }],
  ['a join with an attribute', { 'Fn::Join': ['', ['a', { 'Fn::GetAtt': ['Bucket', 'Arn'] }]] }],
  ['a text with an attribute', { 'Fn::Sub': 'x-${Bucket.Arn}' }],
  ['a choice by what is unknown', choose('Unknown')],
  ['a choice by its opposite', choose('NotUnknown')],
  ['a choice by a condition that is not there', choose('Nothing')],
  ['a part of an unknown list', { 'Fn::Select': [0, { 'Fn::Split': [',', { 'Fn::GetAtt': 'Bucket.Arn' }] }] }],
  ['an import', { 'Fn::ImportValue': 'other' }],
  ['an intrinsic that is not read', { 'Fn::Base64': 'x' }],
])('%s stays unknown', (_what, value) => {
  const found = resolver.resolve({ value });
  expect(isKnown(found)).toBe(false);
  expect(referencesOf(found)).toEqual(referencesOf({ value }));
});

test('without a stack, only what the template says is known', () => {
  const undeployed = new Resolver(TEMPLATE, { pseudo: { 'AWS::Region': 'eu-west-1' } });
  expect(undeployed.resolve([{ Ref: 'Given' }, { Ref: 'AWS::Region' }])).toEqual(['default', 'eu-west-1']);
  expect([{ Ref: 'AWS::AccountId' }, { Ref: 'Bucket' }, { Ref: 'Kept' }].map((value) => isKnown(undeployed.resolve(value)))).toEqual([false, false, false]);
});

test('a value without intrinsics stays as it is, and is known', () => {
  const plain = fc.jsonValue().filter((value) => !/"(Ref|Condition|Fn::\w+|__proto__)":/.test(JSON.stringify(value)));
  fc.assert(fc.property(plain, (value) => {
    expect(resolver.resolve(value)).toEqual(value);
    expect(isKnown(value)).toBe(true);
    expect(referencesOf(value)).toEqual([]);
  }));
});

test('properties are those of the resource, resolved', () => {
  const { Resources: _none, ...others } = TEMPLATE;
  const one = new Resolver({ ...others, Resources: { Job: { Type: 'Custom::Job', Properties: { Name: { Ref: 'Given' }, Arn: { 'Fn::GetAtt': ['Role', 'Arn'] } } } } }, { stack: STACK });
  expect(one.propertiesOf('Job')).toEqual({ Name: 'by the user', Arn: { 'Fn::GetAtt': ['Role', 'Arn'] } });
  expect(one.propertiesOf('Nothing')).toEqual({});
});

test('references are found wherever they are, in both forms of GetAtt', () => {
  expect(referencesOf({ a: [{ Ref: 'One' }, { 'Fn::GetAtt': ['Two', 'Arn'] }], b: { 'Fn::Join': ['', [{ 'Fn::GetAtt': 'Three.Outputs.Name' }]] } })).toEqual(['One', 'Two', 'Three']);
});
