import { CloudFormationClient, CreateStackCommand, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { ListAppsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { services } from '../../../local-aws/wire/services';
import { UNTIL_DONE } from '../../harness/waiting';
import { raw, RawRequest } from '../wire/raw';

let aws: LocalAws;
beforeAll(async () => { aws = await startLocalAws(UNTIL_DONE); });
afterAll(() => aws.close());

const client = () => aws.client();
const target = (name: string) => ({ headers: { 'x-amz-target': name }, body: '{}' });

/** An operation of AWS's that is not here, for each service, and what its refusal says. */
const UNKNOWN: Readonly<Record<string, readonly [request: RawRequest, refusal: RegExp]>> = {
  'application-autoscaling': [target('AnyScaleFrontendService.DescribeScalingActivities'), /UnknownOperationException.*DescribeScalingActivities is not part of the local AWS/],
  'cloudformation': [{ body: 'Action=CreateStackSet&Version=2010-05-15' }, /<Code>InvalidAction<.*CreateStackSet: it is not part of the local AWS/],
  'events': [target('AWSEvents.StartReplay'), /UnknownOperationException.*StartReplay is not part of the local AWS/],
  'iam': [{ body: 'Action=ListUsers&Version=2010-05-08' }, /<Code>InvalidAction<.*ListUsers: it is not part of the local AWS/],
  'lambda': [{ method: 'DELETE', path: '/2015-03-31/functions/f' }, /DELETE \/2015-03-31\/functions\/f is not part of the local AWS/],
  'logs': [target('Logs_20140328.StartQuery'), /UnknownOperationException.*StartQuery is not part of the local AWS/],
  'monitoring': [target('GraniteServiceVersion20100801.PutMetricStream'), /UnknownOperationException.*PutMetricStream is not part of the local AWS/],
  's3': [{ method: 'POST', path: '/bucket/key?select' }, /<Code>NotImplemented<.*not part of the local AWS: POST key\?select/],
  'ec2': [{ body: 'Action=RunInstances&Version=2016-11-15' }, /<Code>InvalidAction<.*RunInstances is not part of the local AWS/],
  'ecr': [target('AmazonEC2ContainerRegistry_V20150921.PutImage'), /UnknownOperationException.*PutImage is not part of the local AWS/],
  'kms': [target('TrentService.CreateKey'), /UnknownOperationException.*CreateKey is not part of the local AWS/],
  'cloudcontrolapi': [target('CloudApiService.CreateResource'), /UnknownOperationException.*CreateResource is not part of the local AWS/],
  'elasticloadbalancing': [{ body: 'Action=CreateRule&Version=2015-12-01' }, /<Code>InvalidAction<.*CreateRule: it is not part of the local AWS/],
  'route53': [{ method: 'GET', path: '/2013-04-01/change/x' }, /<Code>InvalidAction<.*change\/x is not part of the local AWS/],
  'cloudfront': [{ method: 'GET', path: '/2020-05-31/distribution' }, /<Code>InvalidAction<.*distribution is not part of the local AWS/],
  'sagemaker': [target('SageMaker.ListApps'), /UnknownOperationException.*ListApps is not part of the local AWS/],
  'ssm': [target('AmazonSSM.StartSession'), /UnknownOperationException.*StartSession is not part of the local AWS/],
  'states': [target('AWSStepFunctions.StartSyncExecution'), /UnknownOperationException.*StartSyncExecution is not part of the local AWS/],
  'servicequotas': [target('ServiceQuotasV20190624.RequestServiceQuotaIncrease'), /UnknownOperationException.*RequestServiceQuotaIncrease is not part of the local AWS/],
  'pricing': [target('AWSPriceListService.ListPriceLists'), /UnknownOperationException.*ListPriceLists is not part of the local AWS/],
  'sts': [{ body: 'Action=GetFederationToken&Version=2011-06-15' }, /<Code>InvalidAction<.*GetFederationToken: it is not part of the local AWS/],
};

test('each service has an operation that is not there', () => expect(Object.keys(UNKNOWN).sort()).toEqual(Object.keys(services).sort()));

test.each(Object.keys(UNKNOWN))('an operation of %s that is not there is refused by its name', async (service) => {
  const [request, refusal] = UNKNOWN[service];
  const { status, body } = await raw(aws, { service, ...request });
  expect({ status, body }).toEqual({ status: ['s3', 'route53', 'cloudfront'].includes(service) ? 501 : 400, body: expect.stringMatching(refusal) });
});

test('an SDK gets the name of an operation that is not there, and does not try it again', async () => {
  await expect(new SageMakerClient(client()).send(new ListAppsCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException', message: 'ListApps is not part of the local AWS', $metadata: { attempts: 1 },
  });
});

test.each<[string, RawRequest, object]>([
  ['JSON', { service: 'dynamodb', ...target('DynamoDB_20120810.ListTables') }, { body: expect.stringContaining('"message":"The service dynamodb is not part of the local AWS"') }],
  ['query', { service: 'sns', body: 'Action=ListTopics&Version=2010-03-31' }, { body: expect.stringContaining('<Message>The service sns is not part of the local AWS</Message>') }],
  ['REST', { service: 'eks', method: 'GET', path: '/clusters' }, {
    headers: expect.objectContaining({ 'x-amzn-errortype': 'UnknownOperationException' }), body: expect.stringContaining('The service eks is not part of the local AWS'),
  }],
])('a service that is not there is refused by its name, in %s', async (_protocol, request, refusal) => {
  expect(await raw(aws, request)).toMatchObject({ status: 501, ...refusal });
});

describe('a template', () => {
  const create = (StackName: string, template: object) => (
    new CloudFormationClient(client()).send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) })));
  const topic = (properties: object) => ({ Resources: { A: { Type: 'AWS::SNS::Topic', Properties: properties } } });

  test.each<[string, object, RegExp]>([
    ['a transform', { Transform: 'AWS::Serverless-2016-10-31', ...topic({}) }, /Transform "AWS::Serverless-2016-10-31" is not part of the local AWS/],
    ['a creation policy', { Resources: { A: { Type: 'AWS::SNS::Topic', CreationPolicy: {} } } }, /CreationPolicy \(resource A\) is not part of the local AWS/],
  ])('with %s that is not there is refused by its name', async (_what, template, message) => {
    await expect(create('refused', template)).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringMatching(message) });
  });

  test.each<[string, string, object, string, string]>([
    ['a resource type that nobody models', 'opaque', topic({}), 'CREATE_COMPLETE', 'opaque: not modelled by the local AWS'],
    ['one that would mislead', 'misleading', { Resources: { A: { Type: 'AWS::CloudFormation::WaitCondition' } } }, 'CREATE_FAILED',
      'AWS::CloudFormation::WaitCondition is not part of the local AWS'],
    ['an intrinsic function that is not there', 'each', topic({ TopicName: { 'Fn::ForEach': ['x', [], {}] } }), 'CREATE_FAILED',
      'Template error: Fn::ForEach is not part of the local AWS'],
  ])('with %s says so in the events', async (_what, StackName, template, status, reason) => {
    await create(StackName, template);
    const { StackEvents } = await new CloudFormationClient(client()).send(new DescribeStackEventsCommand({ StackName }));
    expect(StackEvents).toContainEqual(expect.objectContaining({
      LogicalResourceId: 'A', ResourceStatus: status, ResourceStatusReason: expect.stringContaining(reason),
    }));
  });
});

test.each<[string, object, RegExp]>([
  ['a state', { Type: 'Map', End: true }, /The state type 'Map' is not supported by the local AWS/],
  ['an integration', { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', End: true }, /arn:aws:states:::sns:publish is not supported by the local AWS/],
  ['a query language', { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% 1 %}', End: true }, /not supported by the local AWS/],
])('a machine with %s that is not there is refused by its name', async (_what, state, message) => {
  const definition = JSON.stringify({ StartAt: 'S', States: { S: state } });
  await expect(new SFNClient(client()).send(new CreateStateMachineCommand({ name: 'm', roleArn: 'arn:aws:iam::111111111111:role/r', definition })))
    .rejects.toMatchObject({ name: 'InvalidDefinition', message: expect.stringMatching(message) });
});
