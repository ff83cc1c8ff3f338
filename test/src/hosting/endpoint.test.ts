import { App, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Endpoint, EndpointConfig, EndpointProps, InstanceType, Variant, VariantProperty } from '../../../src';
import { endpointFacts } from '../../../src/jobs/job-request';
import { ACCOUNT, arn, deployed, idOf, late, newStack, only, permissionsOf, REGION } from '../../harness/constructs';
import { endpointProperties, onInstances, ownModel } from '../../harness/endpoints';

const TYPE = 'AWS::SageMaker::Endpoint';

function endpointIn(stack: Stack, props: Partial<EndpointProps> = {}): Endpoint {
  return new Endpoint(stack, 'Endpoint', { endpointConfig: EndpointConfig.fromEndpointConfigName(stack, 'Config', 'live'), ...props });
}

test('runs its configuration under a name that CloudFormation makes', () => {
  const stack = newStack();
  const endpoint = endpointIn(stack);
  const resources = deployed(stack);
  expect(only(resources, TYPE).Properties).toEqual({ EndpointConfigName: 'live' });
  expect(stack.resolve([endpoint.endpointName, endpoint.endpointArn])).toEqual(
    ['EndpointName', 'EndpointArn'].map((attribute) => ({ 'Fn::GetAtt': [idOf(resources, 'Endpoint'), attribute] })));
});

test('has the name that it is given', () => {
  const stack = newStack();
  endpointIn(stack, { endpointName: 'live' });
  expect(only(deployed(stack), TYPE).Properties).toEqual({ EndpointConfigName: 'live', EndpointName: 'live' });
});

test.each(['my endpoint', 'e'.repeat(64)])('the name %s is refused', (endpointName) => {
  expect(() => endpointIn(newStack(), { endpointName })).toThrow(new RegExp(`endpointName.*${endpointName}`));
});

test('takes tags', () => {
  const stack = newStack();
  Tags.of(endpointIn(stack)).add('team', 'ml');
  expect(only(deployed(stack), TYPE).Properties.Tags).toEqual([{ Key: 'team', Value: 'ml' }]);
});

test.each<[string, (stack: Stack) => IEndpoint, string]>([
  ['a new endpoint, by the ARN that the service answers and by its name', (stack) => endpointIn(stack), 'endpoint/Endpoint'],
  ['one imported by its name', (stack) => Endpoint.fromEndpointName(stack, 'Endpoint', 'live'), 'endpoint/live'],
  ['one imported by its ARN', (stack) => Endpoint.fromEndpointArn(stack, 'Endpoint', arn('sagemaker', 'endpoint/live')), 'endpoint/live'],
  ['one imported by an ARN that only the deploy knows',
    (stack) => Endpoint.fromEndpointArn(stack, 'Endpoint', late.text(arn('sagemaker', 'endpoint/live'))), 'endpoint/live'],
])('%s is CDK\'s own IEndpoint, and grants to invoke it and nothing else', (what, make, resource) => {
  const stack = newStack();
  const endpoint = make(stack);
  const grant = endpoint.grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  expect(grant.success).toBe(true);
  expect(endpoint.endpointRef).toEqual({ endpointArn: endpoint.endpointArn });
  const resources = deployed(stack);
  expect(permissionsOf(resources, idOf(resources, 'Caller'))).toEqual({
    'sagemaker:InvokeEndpoint': [
      expect.stringMatching(new RegExp(`^${arn('sagemaker', resource)}([0-9A-F]{8})?$`)),
      ...what.startsWith('a new') ? [arn('sagemaker', `endpoint/${idOf(resources, 'Endpoint')}.EndpointName`)] : [],
    ],
  });
});

test('an imported one is known by its name, and is of the account and Region of its ARN', () => {
  const foreign = 'arn:aws:sagemaker:eu-west-1:222222222222:endpoint/live';
  expect(Endpoint.fromEndpointArn(newStack(), 'Endpoint', foreign))
    .toMatchObject({ endpointName: 'live', endpointArn: foreign, env: { account: '222222222222', region: 'eu-west-1' } });
});

test('what an update retains', () => {
  const { DESIRED_INSTANCE_COUNT, DESIRED_WEIGHT, DATA_CAPTURE_CONFIG } = VariantProperty;
  expect(endpointProperties(() => ({
    retainAllVariantProperties: true,
    excludeRetainedVariantProperties: [DESIRED_INSTANCE_COUNT, DESIRED_WEIGHT, DATA_CAPTURE_CONFIG],
    retainDeploymentConfig: true,
  }))).toEqual({
    EndpointConfigName: 'live',
    RetainAllVariantProperties: true,
    ExcludeRetainedVariantProperties: ['DesiredInstanceCount', 'DesiredWeight', 'DataCaptureConfig'].map((type) => ({ VariantPropertyType: type })),
    RetainDeploymentConfig: true,
  });
});

test('four properties to exclude are refused', () => {
  const excludeRetainedVariantProperties = Array.from({ length: 4 }, (_, n) => VariantProperty.of(`P${n}`));
  expect(() => endpointProperties(() => ({ excludeRetainedVariantProperties }))).toThrow(/^`excludeRetainedVariantProperties` must have at most 3 entries/);
});

test('a job learns of the endpoint what its configuration says, and nothing of an imported one', () => {
  const stack = newStack();
  const ours = new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)] });
  expect(endpointFacts.of(new Endpoint(stack, 'Endpoint', { endpointConfig: ours }))).toEqual({ variants: 1, serverless: false, scalesItself: false, hostsComponents: false });
  const endpointConfig = EndpointConfig.fromEndpointConfigName(stack, 'Imported', 'live');
  expect(endpointFacts.of(new Endpoint(stack, 'Other', { endpointConfig }))).toBeUndefined();
});

test('alarms of the endpoint\'s own stack are watched by a policy of that stack, if its configuration is of another one', () => {
  const app = new App();
  const [owner, user] = ['Owner', 'User'].map((id) => new Stack(app, id, { env: { account: ACCOUNT, region: REGION } }));
  const model = ownModel(owner, 'Model');
  const variants = [Variant.onInstances(model, { instanceType: InstanceType.ML_M5_LARGE })];
  const endpoint = new Endpoint(user, 'Endpoint', { endpointConfig: new EndpointConfig(owner, 'Config', { variants }) });
  for (const id of ['Slow', 'Broken']) {
    endpoint.addRollbackAlarm(new Metric({ namespace: 'Shop', metricName: id }).createAlarm(user, id, { threshold: 1, evaluationPeriods: 1 }));
  }
  const [first, second] = [owner, user].map((stack) => Template.fromStack(stack));
  expect(JSON.stringify(first.toJSON())).not.toContain('cloudwatch:DescribeAlarms');
  const policies = Object.entries<any>(second.findResources('AWS::IAM::Policy'));
  expect(policies.map(([, { Properties }]) => Properties.PolicyDocument.Statement[0].Action)).toEqual(Array(2).fill('cloudwatch:DescribeAlarms'));
  const [{ DependsOn }] = Object.values<any>(second.findResources(TYPE));
  expect(DependsOn).toEqual(expect.arrayContaining(policies.map(([id]) => id)));
});
