import { Stack } from 'aws-cdk-lib';
import { decide } from '../../../local-aws/iam/policy';
import { Endpoint, EndpointAutoScaling, EndpointConfig, Recommendation } from '../../../src';
import { arn, deployed, idOf, jobIn, newStack, permissionsOf, policiesOf, REGION, sorted } from '../../harness/constructs';
import { onInstances } from '../../harness/endpoints';

function endpointIn(stack: Stack, id: string): Endpoint {
  return new Endpoint(stack, id, { endpointConfig: new EndpointConfig(stack, `${id}Config`, { variants: [onInstances(stack)] }) });
}

describe('the function', () => {
  const stack = newStack();
  for (const name of ['One', 'Two']) {
    const recommendation = new Recommendation(stack, `${name}Best`, { job: jobIn(stack, {}, `${name}Job`) });
    new EndpointAutoScaling(stack, name, { endpoint: endpointIn(stack, `${name}Endpoint`), recommendation });
  }
  const resources = deployed(stack);
  const role = idOf(resources, 'InferenceRecommenderRuntimeScalingRole');
  const may = (action: string, resource: string, context: Record<string, string> = {}) => decide(policiesOf(resources, role), action, resource, context) === 'Allow';
  const VARIANTS = { 'application-autoscaling:service-namespace': 'sagemaker', 'application-autoscaling:scalable-dimension': 'sagemaker:variant:DesiredInstanceCount' };
  const target = arn('application-autoscaling', 'scalable-target/0ec5');

  const policyOf = (name: string, rest: string) => arn('autoscaling', `scalingPolicy:*:resource/sagemaker/endpoint/${idOf(resources, `${name}Endpoint`)}.EndpointName/variant/${rest}`);

  test('has these permissions and no other', () => {
    const endpoints = ['One', 'Two'].map((name) => idOf(resources, `${name}Endpoint`))
      .flatMap((id) => [id, `${id}.EndpointName`]).map((name) => arn('sagemaker', `endpoint/${name}`));
    const records = [arn('ssm', 'parameter/cdk-sagemaker-inference-recommender/0a1b2c3d/*')];
    const scaling = [`${arn('application-autoscaling', 'scalable-target/*')} if {"StringEquals":${JSON.stringify(VARIANTS)}}`];
    const service = 'sagemaker.application-autoscaling.amazonaws.com';
    expect(sorted(permissionsOf(resources, role))).toEqual({
      'logs:CreateLogStream': [arn('logs', `log-group:${idOf(resources, 'InferenceRecommenderRuntimeLogs')}:*`)],
      'logs:PutLogEvents': [arn('logs', `log-group:${idOf(resources, 'InferenceRecommenderRuntimeLogs')}:*`)],
      'application-autoscaling:RegisterScalableTarget': scaling,
      'application-autoscaling:DeregisterScalableTarget': scaling,
      'application-autoscaling:PutScalingPolicy': scaling,
      'application-autoscaling:DeleteScalingPolicy': scaling,
      'application-autoscaling:PutScheduledAction': scaling,
      'application-autoscaling:DescribeScalableTargets': ['*'],
      'application-autoscaling:DescribeScalingPolicies': ['*'],
      'application-autoscaling:DescribeScheduledActions': ['*'],
      'iam:CreateServiceLinkedRole': [
        `arn:aws:iam::111111111111:role/aws-service-role/${service}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint if {"StringEquals":{"iam:AWSServiceName":"${service}"}}`,
      ],
      'cloudwatch:PutMetricAlarm': [
        ...['One', 'Two'].map((name) => `${arn('cloudwatch', 'alarm:*')} if {"ForAnyValue:StringLike":{"cloudwatch:AlarmActions":["${policyOf(name, '*').replace(/^arn:.*:(?=resource)/, 'arn:*:')}"]}}`),
        arn('cloudwatch', 'alarm:TargetTracking-endpoint/*'),
      ],
      'cloudwatch:DeleteAlarms': ['InferenceScaling', 'TargetTracking'].map((name) => arn('cloudwatch', `alarm:${name}-endpoint/*`)),
      'cloudwatch:DescribeAlarms': ['*'],
      'ssm:GetParameter': records,
      'ssm:PutParameter': records,
      'ssm:DeleteParameter': records,
      'sagemaker:DescribeEndpointConfig': [arn('sagemaker', 'endpoint-config/*')],
      'sagemaker:DescribeEndpoint': endpoints,
      'sagemaker:UpdateEndpointWeightsAndCapacities': endpoints,
      'sagemaker:GetScalingConfigurationRecommendation': ['One', 'Two'].map((name) => arn('sagemaker', `inference-recommendations-job/${idOf(resources, `${name}Best`)}.JobName`)),
    });
  });

  test('may put alarms of any name that invoke a policy of its endpoints, and no other', () => {
    const mayPut = (...actions: string[]) => decide(policiesOf(resources, role), 'cloudwatch:PutMetricAlarm', arn('cloudwatch', 'alarm:theirs'), actions.length ? { 'cloudwatch:AlarmActions': actions } : {}) === 'Allow';
    const [own, stop] = [policyOf('One', 'AllTraffic:policyName/p').replace('*', '0ec5'), 'arn:aws:automate:us-east-1:ec2:stop'];
    expect([mayPut(own), mayPut(stop, own), mayPut(stop), mayPut(own.replace('/endpoint/', '/endpoint/x')), mayPut()]).toEqual([true, true, false, false, false]);
  });

  test.each(['RegisterScalableTarget', 'DeregisterScalableTarget', 'PutScalingPolicy', 'DeleteScalingPolicy', 'PutScheduledAction'])('may %s of variants\' instances, and of nothing else', (operation) => {
    const action = `application-autoscaling:${operation}`;
    expect(may(action, target, VARIANTS)).toBe(true);
    expect(may(action, target, { ...VARIANTS, 'application-autoscaling:service-namespace': 'ecs' })).toBe(false);
    expect(may(action, target, { ...VARIANTS, 'application-autoscaling:scalable-dimension': 'sagemaker:inference-component:DesiredCopyCount' })).toBe(false);
    expect(may(action, target)).toBe(false);
    expect(may(action, target.replace(REGION, 'eu-west-1'), VARIANTS)).toBe(false);
  });

  test.each([
    ['sagemaker:DescribeEndpoint', 'endpoint/other'],
    ['sagemaker:UpdateEndpointWeightsAndCapacities', 'endpoint/other'],
    ['sagemaker:UpdateEndpoint', `endpoint/${idOf(resources, 'OneEndpoint')}`],
    ['sagemaker:DeleteEndpoint', `endpoint/${idOf(resources, 'OneEndpoint')}`],
    ['sagemaker:GetScalingConfigurationRecommendation', 'inference-recommendations-job/other'],
  ])('may not %s on %s', (action, resource) => {
    expect(may(action, arn('sagemaker', resource))).toBe(false);
  });

  test('reads and writes the records of its own stack only, one that has left the template too', () => {
    const of = (stackId: string) => may('ssm:DeleteParameter', arn('ssm', `parameter/cdk-sagemaker-inference-recommender/${stackId}/12345678`));
    expect(of('0a1b2c3d')).toBe(true);
    expect(of('ffffffff')).toBe(false);
    expect(permissionsOf(resources, role)['ssm:DeleteParameter']).toHaveLength(1);
  });

  test('is two resources, and a scaled endpoint three', () => {
    const own = (prefix: string) => Object.entries(resources).filter(([name]) => name.startsWith(prefix)).map(([, { Type }]) => Type).sort();
    expect(own('InferenceRecommenderRuntimeScaling')).toEqual(['AWS::IAM::Role', 'AWS::Lambda::Function']);
    expect(Object.values(resources).filter(({ Type }) => Type.startsWith('Custom::InferenceEndpointScaling'))).toHaveLength(4);
    for (const name of ['One', 'Two']) { expect(resources[idOf(resources, `${name}Policy`)].Properties.Roles).toEqual([role]); }
  });

  test('is there only where something scales', () => {
    const other = newStack();
    endpointIn(other, 'Endpoint');
    jobIn(other, {}, 'Job');
    expect(Object.keys(deployed(other)).filter((name) => /Scaling/.test(name))).toEqual([]);
  });
});
