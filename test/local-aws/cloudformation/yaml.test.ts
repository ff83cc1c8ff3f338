import { constantFrom, dictionary, letrec, oneof, property, record, string, stringMatching, tuple, check } from 'fast-check';
import { Bench } from './bench';
import { parseTemplate } from '../../../local-aws/cloudformation/template/document';

const parsed = (yaml: string) => parseTemplate(yaml).Resources.A.Properties;
const short = (value: string) => parsed(`
Parameters: { P: { Type: String } }
Conditions: { C: !Equals [!Ref P, a] }
Resources:
  B: { Type: "AWS::SNS::Topic" }
  A: { Type: "AWS::SNS::Topic", Properties: { V: ${value} } }
`)!.V;

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html, each page: "Syntax for the short form"
test.each<[string, unknown]>([
  ['!Ref B', { Ref: 'B' }],
  ['!GetAtt B.TopicArn', { 'Fn::GetAtt': 'B.TopicArn' }],
  ['!GetAtt [B, TopicArn]', { 'Fn::GetAtt': ['B', 'TopicArn'] }],
  ['!Sub "${B} and ${!Literal}"', { 'Fn::Sub': '${B} and ${!Literal}' }],
  ['!Sub ["${X}", { X: !Ref B }]', { 'Fn::Sub': ['${X}', { X: { Ref: 'B' } }] }],
  ['!If [C, !Ref B, !Ref "AWS::NoValue"]', { 'Fn::If': ['C', { Ref: 'B' }, { Ref: 'AWS::NoValue' }] }],
  ['!Join ["-", [a, !Ref B]]', { 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }],
  ['!Select [0, !GetAZs ""]', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
  ['!Select [0, !Cidr [10.0.0.0/16, 2, 8]]', { 'Fn::Select': [0, { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }] }],
  ['!Split [",", a]', { 'Fn::Split': [',', 'a'] }],
  ['!FindInMap [M, !Ref "AWS::Region", k]', { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] }],
  ['!Base64 text', { 'Fn::Base64': 'text' }],
  ['!ImportValue other', { 'Fn::ImportValue': 'other' }],
  ['!ImportValue { "Fn::Sub": "${AWS::Region}-x" }', { 'Fn::ImportValue': { 'Fn::Sub': '${AWS::Region}-x' } }],
  ['!ToJsonString { a: 1 }', { 'Fn::ToJsonString': { a: 1 } }],
  ['!Length [a]', { 'Fn::Length': ['a'] }],
])('%s is what its long form is', (written, expected) => expect(short(written)).toEqual(expected));

test('in conditions', () => {
  const { Conditions } = parseTemplate(`
Parameters: { P: { Type: String } }
Conditions:
  Is: !Equals [!Ref P, a]
  Both: !And [!Condition Is, !Not [!Or [!Condition Is, !Equals [a, b]]]]
Resources: { A: { Type: "AWS::SNS::Topic", Condition: Both } }
`);
  expect(Conditions.Both).toEqual({
    'Fn::And': [{ Condition: 'Is' }, { 'Fn::Not': [{ 'Fn::Or': [{ Condition: 'Is' }, { 'Fn::Equals': ['a', 'b'] }] }] }],
  });
});

test('a tag that CloudFormation does not have is refused', () => {
  expect(() => short('!Reference B')).toThrow('YAML not well-formed. (unknown tag !<!Reference>');
});

test('any value with intrinsics is the same, in long or short form', () => {
  const long = letrec((tie) => ({
    value: oneof({ maxDepth: 4 }, string(), tie('map'), tie('function')),
    map: dictionary(stringMatching(/^[a-z]{1,5}$/), tie('value'), { maxKeys: 3 }),
    function: oneof(
      record({ Ref: constantFrom('B', 'P') }), record({ 'Fn::Base64': tie('value') }),
      record({ 'Fn::Join': tuple(string(), tuple(tie('value'), tie('value'))) }), record({ 'Fn::If': tuple(constantFrom('C'), tie('value'), tie('value')) }),
    ),
  })).value;
  // A flow of YAML is JSON, but for the tags.
  const tagged = (value: any): string => {
    if (Array.isArray(value)) { return `[${value.map(tagged).join(', ')}]`; }
    if (typeof value !== 'object' || value === null) { return JSON.stringify(value); }
    const [[name, argument] = ['', undefined]] = Object.entries(value);
    if (/^Ref$|^Fn::/.test(name)) { return `!${name.replace('Fn::', '')} ${tagged(argument)}`; }
    return `{${Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${tagged(member)}`).join(', ')}}`;
  };
  check(property(long, (value) => {
    expect(short(tagged(value))).toEqual(short(JSON.stringify(value)));
  }), { numRuns: 200 });
});

test.each([
  ['Hooks: {}', 'The section Hooks is not part of the local AWS'],
  ['Transform: AWS::Serverless-2016-10-31', 'Transform "AWS::Serverless-2016-10-31" is not part of the local AWS'],
  ['Transform: [MyMacro]', 'Transform ["MyMacro"] is not part of the local AWS'],
])('%s is refused by name', (section, sentence) => {
  expect(() => parseTemplate(`${section}\nResources: { A: { Type: "AWS::SNS::Topic" } }`)).toThrow(sentence);
});

test.each<[string, string, object]>([
  ['AWS::Serverless-2016-10-31', 'AWS::Serverless::Application', { Location: { ApplicationId: 'a', SemanticVersion: '1.0.0' } }],
  ['AWS::SecretsManager-2024-09-16', 'AWS::SecretsManager::RotationSchedule', { SecretId: 's', HostedRotationLambda: { RotationType: 'MySQLSingleUser' } }],
])('%s is taken where it makes nothing that is modelled', async (Transform, Type, Properties) => {
  const more = { Type: 'AWS::SNS::Topic', Properties: { TopicName: Type.endsWith('Application') ? { 'Fn::GetAtt': ['A', 'Outputs.RotationLambdaARN'] } : 't' } };
  const { status } = await new Bench().deploy('s', { Transform, Resources: { A: { Type, Properties }, B: more } }, { Capabilities: ['CAPABILITY_AUTO_EXPAND'] });
  expect(status).toBe('CREATE_COMPLETE');
  expect(() => parseTemplate(JSON.stringify({ Transform, Resources: { A: { Type: 'AWS::Serverless::Function' }, B: { Type: 'AWS::Serverless::Application' } } })))
    .toThrow(`Transform "${Transform}" is not part of the local AWS`);
});

test('policies of groups that scale are taken, because nothing of them is modelled, and refused where AWS has none', () => {
  const of = (type: string) => `Resources: { A: { Type: "${type}", UpdatePolicy: { AutoScalingReplacingUpdate: { WillReplace: true } } } }`;
  expect(() => parseTemplate(of('AWS::AutoScaling::AutoScalingGroup'))).not.toThrow();
  expect(() => parseTemplate(of('AWS::SNS::Topic'))).toThrow('UpdatePolicy (resource A) is not part of the local AWS');
});
