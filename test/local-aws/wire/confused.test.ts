import * as fc from 'fast-check';
import { form, json } from './raw';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { services } from '../../../local-aws/wire/services';

/** Over all services; more by `CONFUSED_REQUESTS=5000 npx jest test/local-aws/wire/confused`. */
const RUNS = Number(process.env.CONFUSED_REQUESTS ?? 500);

let aws: LocalAws;
beforeAll(async () => { aws = await startLocalAws({ holdAnswersMs: 100, quiet: true }); });
afterAll(() => aws.close());

/** Names of the members that operations of a service look at. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'sagemaker': ['ModelName', 'Tags', 'MaxResults', 'NextToken', 'ResourceArn', 'JobName', 'InputConfig', 'ProductionVariants'],
  'states': ['stateMachineArn', 'executionArn', 'name', 'definition', 'roleArn', 'input', 'maxResults', 'nextToken', 'tags', 'resourceArn', 'statusFilter'],
  'ssm': ['Name', 'Names', 'Path', 'Value', 'Type', 'Tags', 'Overwrite', 'Recursive', 'MaxResults', 'NextToken', 'ResourceType', 'ResourceId', 'Tier', 'AllowedPattern'],
  'logs': ['logGroupName', 'logGroupNamePrefix', 'logStreamName', 'logStreamNames', 'filterPattern', 'startTime', 'endTime', 'limit', 'nextToken'],
  'application-autoscaling': ['ServiceNamespace', 'ResourceId', 'ResourceIds', 'ScalableDimension', 'MinCapacity', 'PolicyName', 'PolicyType', 'Tags', 'NextToken', 'Schedule', 'Timezone', 'StartTime'],
  'monitoring': [
    'AlarmName', 'AlarmNames', 'AlarmActions', 'Dimensions', 'Metrics', 'Period', 'Threshold', 'StateValue', 'StateReasonData', 'MaxRecords', 'NextToken', 'Tags', 'Namespace',
    'MetricName', 'MetricData', 'MetricDataQueries', 'StartTime', 'EndTime', 'Statistics', 'DashboardName', 'DashboardNames', 'DashboardBody',
  ],
  'servicequotas': ['ServiceCode', 'QuotaCode', 'QuotaAppliedAtLevel', 'MaxResults', 'NextToken'],
  'pricing': ['ServiceCode', 'AttributeName', 'Filters', 'FormatVersion', 'MaxResults', 'NextToken'],
  'events': ['Name', 'EventBusName', 'EventPattern', 'ScheduleExpression', 'State', 'Rule', 'Targets', 'Ids', 'Entries', 'Event', 'NamePrefix', 'Limit', 'Tags', 'RoleArn'],
  'cloudformation': [
    'StackName', 'ChangeSetName', 'ChangeSetType', 'TemplateBody', 'TemplateURL', 'Parameters', 'Tags', 'Capabilities', 'NextToken', 'LogicalResourceId', 'PhysicalResourceId',
    'RetainResources', 'ResourcesToSkip', 'StackStatusFilter', 'NotificationARNs', 'Filters', 'DisableRollback', 'OnFailure', 'RoleARN', 'DeploymentConfig',
  ],
  'ec2': ['Filter', 'VpcId', 'SubnetId', 'GroupId', 'Owner', 'ServiceName', 'IpPermissions'],
  'elasticloadbalancing': ['LoadBalancerArns', 'LoadBalancerArn', 'ListenerArns', 'ResourceArns'],
  'ecr': ['repositoryName', 'repositoryNames', 'imageIds'],
  'kms': ['KeyId', 'Marker'],
  'cloudcontrolapi': ['TypeName', 'Identifier'],
  'iam': ['RoleName', 'PolicyName', 'PolicyArn', 'PolicyDocument', 'AssumeRolePolicyDocument', 'Path', 'PathPrefix', 'Marker', 'MaxItems', 'Tags', 'Scope', 'VersionId', 'PolicySourceArn', 'ActionNames', 'ContextEntries', 'PolicyInputList'],
  'sts': ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'Policy', 'Tags', 'ExternalId'],
};

const TARGETS: Readonly<Record<string, string>> = {
  'sagemaker': 'SageMaker',
  'states': 'AWSStepFunctions',
  'ssm': 'AmazonSSM',
  'logs': 'Logs_20140328',
  'application-autoscaling': 'AnyScaleFrontendService',
  'events': 'AWSEvents',
  'servicequotas': 'ServiceQuotasV20190624',
  'pricing': 'AWSPriceListService',
  'ecr': 'AmazonEC2ContainerRegistry_V20150921',
  'kms': 'TrentService',
  'cloudcontrolapi': 'CloudApiService',
};
const VERSIONS: Readonly<Record<string, string>> = {
  cloudformation: '2010-05-15', iam: '2010-05-08', sts: '2011-06-15', monitoring: '2010-08-01', ec2: '2016-11-15', elasticloadbalancing: '2015-12-01',
};

const text = fc.constantFrom('', 'a', '/a/b', '0', '-1', '1e9', 'true', 'NaN', '{}', '[]', 'null', 'arn:aws:a:b:1:c', 'constructor', '__proto__', '/cdk-bootstrap/hnb659fds/version', 'x'.repeat(300),
  '{"Resources":{}}', '{"Resources":{"A":{"Type":"AWS::SNS::Topic"}}}', '{"Resources":{"A":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":{"Ref":["A"]}}}}}');
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }), fc.array(text, { maxLength: 3 }), fc.dictionary(fc.constantFrom('Key', 'Value', 'Name', 'member'), text, { maxKeys: 2 }));

/** A form with members that a list, a structure, or neither, is written as. */
function fields(input: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(input).flatMap(([name, inner]): Array<[string, string]> => {
    if (Array.isArray(inner)) { return inner.map((item, index) => [`${name}.member.${index + 1}`, String(item)]); }
    if (typeof inner === 'object' && inner !== null) { return Object.entries(inner).map(([key, item]) => [`${name}.${key || 'a'}`, String(item)]); }
    return [[name, String(inner)]];
  }));
}

test.each(Object.keys(MEMBERS))(`operations of %s take members of any type as AWS does, and ${RUNS} requests of all services find no defect`, async (service) => {
  const defects = jest.spyOn(console, 'error').mockImplementation();
  const operations = Object.keys(services[service].operations(aws.world.region('111111111111', 'us-east-1')));
  const request = fc.tuple(fc.constantFrom(...operations), fc.dictionary(fc.constantFrom(...MEMBERS[service]), value, { maxKeys: 5 }));
  await fc.assert(fc.asyncProperty(request, async ([operation, input]) => {
    const { status, body } = TARGETS[service]
      ? await json(aws, service, `${TARGETS[service]}.${operation}`, input)
      : await form(aws, service, { Action: operation, Version: VERSIONS[service], ...fields(input) });
    expect({ operation, input, status, taken: status < 500 && !body.includes('InternalFailure') }).toMatchObject({ taken: true });
  }), { seed: 20260101, numRuns: Math.ceil(RUNS / Object.keys(MEMBERS).length) });
  expect(defects).not.toHaveBeenCalled();
});

test('every service but those that are named by paths is tried', () => {
  expect(Object.keys(MEMBERS).sort()).toEqual(Object.keys(services).filter((name) => !['s3', 'lambda', 'route53', 'cloudfront'].includes(name)).sort());
});
