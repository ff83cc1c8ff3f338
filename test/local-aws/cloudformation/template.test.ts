import { parseTemplate } from '../../../local-aws/cloudformation/template/document';
import { condition, resolveValue, Scope } from '../../../local-aws/cloudformation/template/intrinsics';
import { resolveParameters } from '../../../local-aws/cloudformation/template/parameters';

const RESOURCES = { Bucket: { Type: 'AWS::S3::Bucket' }, Thing: { Type: 'Custom::Thing' } };

function scope(more: any = {}, refs: Record<string, unknown> = {}): Scope {
  return {
    template: parseTemplate(JSON.stringify({ Resources: RESOURCES, ...more })),
    region: 'us-east-1',
    ref: (name) => ({ 'Bucket': 'my-bucket', 'AWS::Region': 'us-east-1', 'AWS::AccountId': '111111111111', ...refs } as any)[name],
    attribute: (logicalId, name) => `${logicalId}/${name}`,
    importValue: (name) => `imported ${name}`,
    ssmParameter: (name) => `value of ${name}`,
    secret: (reference) => `secret ${reference}`,
  };
}

const parse = (template: any) => () => parseTemplate(typeof template === 'string' ? template : JSON.stringify(template));

// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
describe('intrinsic functions', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref of a resource', { Ref: 'Bucket' }, 'my-bucket'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'Bucket/Arn'],
    ['Fn::GetAtt as a string', { 'Fn::GetAtt': 'Bucket.Arn' }, 'Bucket/Arn'],
    ['Fn::GetAtt of a name with dots', { 'Fn::GetAtt': 'Thing.A.B' }, 'Thing/A.B'],
    ['Fn::GetAtt of a name that is resolved', { 'Fn::GetAtt': ['Thing', { 'Fn::Join': ['.', ['A', 'B']] }] }, 'Thing/A.B'],
    ['Fn::Sub with references and attributes', { 'Fn::Sub': 'a ${Bucket} ${Thing.A.B} ${AWS::Region}' }, 'a my-bucket Thing/A.B us-east-1'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${Own} ${Bucket}', { Own: { Ref: 'AWS::AccountId' } }] }, '111111111111 my-bucket'],
    ['Fn::Sub with a literal', { 'Fn::Sub': '${!Literal} ${Bucket}' }, '${Literal} my-bucket'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Bucket' }, 1]] }, 'a-my-bucket-1'],
    ['Fn::Split', { 'Fn::Split': [',', 'a,b'] }, ['a', 'b']],
    ['Fn::Select', { 'Fn::Select': ['1', { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
    ['Fn::If', { 'Fn::If': ['Yes', 'then', 'else'] }, 'then'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'Name'] }, 'found'],
    ['Fn::Base64', { 'Fn::Base64': 'text' }, 'dGV4dA=='],
    ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${AWS::Region}-name' } }, 'imported us-east-1-name'],
    ['Fn::GetAZs', { 'Fn::GetAZs': '' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
    ['Fn::Length', { 'Fn::Length': ['a', 'b'] }, 2],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Bucket' } } }, '{"a":"my-bucket"}'],
    ['AWS::NoValue leaves the member out', { a: { Ref: 'AWS::NoValue' }, b: ['x', { Ref: 'AWS::NoValue' }] }, { b: ['x'] }],
    ['Fn::Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
    ['Fn::Cidr of version 6', { 'Fn::Cidr': ['2001:db8::/56', '2', '64'] }, ['2001:db8:0:0:0:0:0:0/64', '2001:db8:0:1:0:0:0:0/64']],
    ['a dynamic reference to a secret', 'at {{resolve:secretsmanager:a:SecretString:b::}}', 'at secret a:SecretString:b::'],
    ['a dynamic reference to SSM', 'at {{resolve:ssm:/a/b}}', 'at value of /a/b'],
    ['an object with a single key of another name', { constructor: 'x' }, { constructor: 'x' }],
  ])('%s', (_, value, expected) => {
    const conditions = { Transform: 'AWS::LanguageExtensions', Conditions: { Yes: { 'Fn::Equals': ['1', 1] } }, Mappings: { Map: { 'us-east-1': { Name: 'found' } } } };
    expect(resolveValue(value, scope(conditions))).toEqual(expected);
  });

  test.each<[string, unknown, string]>([
    ['Fn::Cidr of more than there is', { 'Fn::Cidr': ['10.0.0.0/24', 3, 7] }, 'the block must have room for all of them: got 10.0.0.0/24, 3 and 7'],
    ['Fn::ForEach', { 'Fn::ForEach::Each': [] }, 'Template error: Fn::ForEach::Each is not part of the local AWS'],
    ['Fn::Transform', { 'Fn::Transform': {} }, 'Template error: Fn::Transform is not part of the local AWS'],
    ['an older version of a parameter', '{{resolve:ssm:a:3}}', 'The dynamic reference {{resolve:ssm:a:3}} is not part of the local AWS'],
    ['Fn::Select out of the list', { 'Fn::Select': [5, ['a']] }, 'Template error: Fn::Select cannot select nonexistent value at index 5'],
    ['Fn::FindInMap of nothing', { 'Fn::FindInMap': ['a', 'b', 'c'] }, 'Template error: Unable to get mapping for a::b::c'],
    ['Fn::ToJsonString without its transform', { 'Fn::ToJsonString': {} }, 'Template error: Fn::ToJsonString needs the Transform AWS::LanguageExtensions'],
    ['Fn::Length without its transform', { 'Fn::Length': [] }, 'Template error: Fn::Length needs the Transform AWS::LanguageExtensions'],
    ['Fn::Join of an object', { 'Fn::Join': ['', [{ a: 1 }]] }, 'Template error: Fn::Join takes strings, and got {"a":1}'],
  ])('%s is refused', (_, value, sentence) => {
    expect(() => resolveValue(value, scope())).toThrow(sentence);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
test.each<[string, unknown, boolean]>([
  ['Fn::Equals', { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }, true],
  ['Fn::Not', { 'Fn::Not': [{ Condition: 'Yes' }] }, false],
  ['Fn::And', { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Equals': ['a', 'b'] }] }, false],
  ['Fn::Or', { 'Fn::Or': [{ Condition: 'Yes' }, { 'Fn::Equals': ['a', 'b'] }] }, true],
])('condition function %s', (_, test, expected) => {
  expect(condition('Tested', scope({ Conditions: { Yes: { 'Fn::Equals': ['a', 'a'] }, Tested: test } }))).toBe(expected);
});

test.each([['Fn::And', 1], ['Fn::And', 11], ['Fn::Or', 1], ['Fn::Or', 11]])('%s of %d conditions is refused', (name, count) => {
  const Tested = { [name]: Array(count).fill({ 'Fn::Equals': ['a', 'a'] }) };
  expect(() => condition('Tested', scope({ Conditions: { Tested } }))).toThrow(`every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`);
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
describe('a template', () => {
  test('may be YAML', () => {
    expect(parseTemplate('Resources:\n  A:\n    Type: Custom::A\n    Properties: { Version: 2012-10-17 }').Resources.A)
      .toEqual({ Type: 'Custom::A', Properties: { Version: '2012-10-17' } });
  });

  test.each<[string, any, string]>([
    ['without resources', { Resources: {} }, 'Template format error: At least one Resources member must be defined.'],
    ['that is no JSON', '{ "a": ', 'Template format error: JSON not well-formed.'],
    ['that is no YAML', 'a: [', 'Template format error: YAML not well-formed.'],
    ['with an unknown section', { ...{ Resources: RESOURCES }, Nonsense: {} }, 'Invalid template property or properties [Nonsense]'],
    ['with a macro', { Resources: RESOURCES, Transform: 'AWS::Include' }, 'Transform "AWS::Include" is not part of the local AWS'],
    ['with a resource without type', { Resources: { A: {} } }, '[/Resources/A] Every Resources object must contain a Type member.'],
    ['with a creation policy', { Resources: { A: { Type: 'Custom::A', CreationPolicy: {} } } }, 'CreationPolicy (resource A) is not part of the local AWS'],
    ['with a null', { Resources: { A: { Type: 'Custom::A', Properties: { P: null } } } }, "[/Resources/A/Properties/P] 'null' values are not allowed in templates"],
    ['with a Ref to nothing', { Resources: { A: { Type: 'Custom::A', Properties: { P: { Ref: 'No' } } } } },
      'Template format error: Unresolved resource dependencies [No] in the Resources block of the template'],
    ['with a Fn::Sub of nothing', { Resources: { A: { Type: 'Custom::A', Properties: { P: { 'Fn::Sub': '${No}' } } } } },
      'Template format error: Unresolved resource dependencies [No] in the Resources block of the template'],
    ['with a DependsOn of nothing', { Resources: { A: { Type: 'Custom::A', DependsOn: 'No' } } },
      'Template format error: Unresolved resource dependencies [No] in the Resources block of the template'],
    ['with a Fn::GetAtt of nothing', { Resources: { A: { Type: 'Custom::A', Properties: { P: { 'Fn::GetAtt': ['No', 'Arn'] } } } } },
      'Template error: instance of Fn::GetAtt references undefined resource No'],
    ['with an output of nothing', { Resources: RESOURCES, Outputs: { O: { Value: { Ref: 'No' } } } },
      'Template format error: Unresolved resource dependencies [No] in the Outputs block of the template'],
    ['with a circle', { Resources: { A: { Type: 'Custom::A', DependsOn: 'B' }, B: { Type: 'Custom::B', Properties: { P: { 'Fn::Sub': '${A.X}' } } } } },
      'Circular dependency between resources: [A, B]'],
  ])('%s is refused', (_, template, sentence) => {
    expect(parse(template)).toThrow(sentence);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html, cloudformation-supplied-parameter-types.html
describe('parameters', () => {
  const resolve = (definition: any, value?: string) => resolveParameters(
    parseTemplate(JSON.stringify({ Resources: RESOURCES, Parameters: { P: definition } })),
    value === undefined ? [] : [{ ParameterKey: 'P', ParameterValue: value }], {}, (name) => ({ '/name': 'from SSM', '/list': 'a,b' } as any)[name],
  ).P?.value;

  test('have defaults', () => expect(resolve({ Type: 'String', Default: 'd' })).toBe('d'));
  test('are lists, split at commas', () => expect(resolve({ Type: 'CommaDelimitedList' }, 'a, b')).toEqual(['a', 'b']));
  test('of an SSM type have the value of the SSM parameter', () => expect(resolve({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/name' })).toBe('from SSM'));
  test('of the type of an SSM name have that name', () => expect(resolve({ Type: 'AWS::SSM::Parameter::Name' }, '/name')).toBe('/name'));
  test('of an SSM type are judged by name, not by value', () => {
    expect(resolve({ Type: 'AWS::SSM::Parameter::Value<String>', AllowedPattern: '/[a-z]+' }, '/name')).toBe('from SSM');
  });
  test('of an SSM list type are lists', () => expect(resolve({ Type: 'AWS::SSM::Parameter::Value<List<String>>' }, '/list')).toEqual(['a', 'b']));
  test.each<[string, any, string | undefined, string]>([
    ['without value', { Type: 'String' }, undefined, 'Parameters: [P] must have values'],
    ['that are not allowed', { Type: 'String', AllowedValues: ['a'] }, 'b', "Parameter 'P' must be one of AllowedValues"],
    ['that miss the pattern', { Type: 'String', AllowedPattern: '[a-z]+' }, 'B', "Parameter 'P' must match pattern [a-z]+"],
    ['that are too long', { Type: 'String', MaxLength: 1 }, 'bb', "Parameter 'P' must contain at most 1 characters"],
    ['that are no number', { Type: 'Number' }, 'b', "Parameter 'P' must be a number."],
    ['whose SSM name does not exist', { Type: 'AWS::SSM::Parameter::Name' }, '/no', 'Unable to fetch parameters [/no] from parameter store for this account.'],
    ['that fail a constraint with a description', { Type: 'String', AllowedPattern: 'a', ConstraintDescription: 'only a' }, 'b',
      'Parameter P failed to satisfy constraint: only a'],
    ['that are too small', { Type: 'Number', MinValue: 2 }, '1', "Parameter 'P' must be a number not less than 2"],
    ['that are not in SSM', { Type: 'AWS::SSM::Parameter::Value<String>' }, '/no', 'Unable to fetch parameters [/no] from parameter store for this account.'],
  ])('%s are refused', (_, definition, value, sentence) => {
    expect(() => resolve(definition, value)).toThrow(sentence);
  });
  test('that the template lacks are refused', () => {
    expect(() => resolveParameters(parseTemplate(JSON.stringify({ Resources: RESOURCES })), [{ ParameterKey: 'X' }], {}, () => undefined))
      .toThrow('Parameters: [X] do not exist in the template');
  });
});
