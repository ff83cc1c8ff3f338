import { Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Endpoint, EndpointConfig, Variant } from '../../../src';
import { arn, deployed, idOf, newStack, permissionsOf } from '../../harness/constructs';
import { onInstances } from '../../harness/endpoints';

function endpointOf(stack: Stack, variants: Variant[], endpointName: string | undefined = 'live'): Endpoint {
  return new Endpoint(stack, 'Endpoint', { endpointName, endpointConfig: new EndpointConfig(stack, 'Config', { variants }) });
}

function endpoint(): Endpoint {
  const stack = newStack();
  return endpointOf(stack, [onInstances(stack, { variantName: 'main' })]);
}

const OF_VARIANT = { EndpointName: 'live', VariantName: 'main' };
const OF_ENDPOINT = { EndpointName: 'live' };

test.each<[string, string, string, string, object, (it: Endpoint) => Metric]>([
  ['AWS/SageMaker', 'Invocations', 'Sum', 'the only variant', OF_VARIANT, (it) => it.metricInvocations()],
  ['AWS/SageMaker', 'InvocationsPerInstance', 'Sum', 'the only variant', OF_VARIANT, (it) => it.metricInvocationsPerInstance()],
  ['AWS/SageMaker', 'Invocation4XXErrors', 'Sum', 'the only variant', OF_VARIANT, (it) => it.metricInvocation4xxErrors()],
  ['AWS/SageMaker', 'Invocation5XXErrors', 'Sum', 'the only variant', OF_VARIANT, (it) => it.metricInvocation5xxErrors()],
  ['AWS/SageMaker', 'InvocationModelErrors', 'Sum', 'the only variant', OF_VARIANT, (it) => it.metricInvocationModelErrors()],
  ['AWS/SageMaker', 'ModelLatency', 'Average', 'the only variant', OF_VARIANT, (it) => it.metricModelLatency()],
  ['AWS/SageMaker', 'OverheadLatency', 'Average', 'the only variant', OF_VARIANT, (it) => it.metricOverheadLatency()],
  ['AWS/SageMaker', 'ModelSetupTime', 'Average', 'the only variant', OF_VARIANT, (it) => it.metricModelSetupTime()],
  ['AWS/SageMaker', 'Tomorrows', 'Average', 'the only variant', OF_VARIANT, (it) => it.metric('Tomorrows')],
  ['/aws/sagemaker/Endpoints', 'CPUUtilization', 'Average', 'the only variant', OF_VARIANT, (it) => it.metricCpuUtilization()],
  ['/aws/sagemaker/Endpoints', 'MemoryUtilization', 'Average', 'the only variant', OF_VARIANT, (it) => it.metricMemoryUtilization()],
  ['/aws/sagemaker/Endpoints', 'DiskUtilization', 'Average', 'the only variant', OF_VARIANT, (it) => it.metricDiskUtilization()],
  ['/aws/sagemaker/Endpoints', 'GPUUtilization', 'Average', 'the only variant', OF_VARIANT, (it) => it.metricGpuUtilization()],
  ['/aws/sagemaker/Endpoints', 'GPUMemoryUtilization', 'Average', 'the only variant', OF_VARIANT, (it) => it.metricGpuMemoryUtilization()],
  ['AWS/SageMaker', 'ApproximateBacklogSize', 'Average', 'the endpoint', OF_ENDPOINT, (it) => it.metricApproximateBacklogSize()],
  ['AWS/SageMaker', 'ApproximateBacklogSizePerInstance', 'Average', 'the endpoint', OF_ENDPOINT, (it) => it.metricApproximateBacklogSizePerInstance()],
  ['AWS/SageMaker', 'HasBacklogWithoutCapacity', 'Average', 'the endpoint', OF_ENDPOINT, (it) => it.metricHasBacklogWithoutCapacity()],
])('%s has %s, as %s, of %s', (namespace, metricName, statistic, _of, dimensions, make) => {
  expect(make(endpoint())).toMatchObject({ namespace, metricName, statistic, dimensions });
});

test('a metric takes another variant, statistic and period', () => {
  expect(endpoint().metricModelLatency({ variantName: 'shadow', statistic: 'p99', period: Duration.minutes(1) })).toMatchObject({
    statistic: 'p99', period: Duration.minutes(1), dimensions: { EndpointName: 'live', VariantName: 'shadow' },
  });
});

test('without a name of its own, an endpoint is measured by the one that CloudFormation makes', () => {
  const stack = newStack();
  const { dimensions } = new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)] }) })
    .metricInvocations();
  expect(stack.resolve(dimensions)).toEqual({
    EndpointName: { 'Fn::GetAtt': [idOf(deployed(stack), 'Endpoint'), 'EndpointName'] }, VariantName: 'AllTraffic',
  });
});

test('of several variants, one must be named', () => {
  const stack = newStack();
  const several = endpointOf(stack, [onInstances(stack, { variantName: 'a' }), onInstances(stack, { variantName: 'b' })]);
  expect(() => several.metricInvocations()).toThrow(/^`variantName` is required: the endpoint has the variants a, b\.$/);
  expect(several.metricInvocations({ variantName: 'b' }).dimensions).toMatchObject({ VariantName: 'b' });
});

test('where the configuration is imported, the variant must be named', () => {
  const stack = newStack();
  const it = new Endpoint(stack, 'Endpoint', { endpointConfig: EndpointConfig.fromEndpointConfigName(stack, 'Config', 'live') });
  expect(() => it.metricInvocations()).toThrow(/^`variantName` is required: the endpoint's configuration is not defined in this app\.$/);
});

test.each<[string, string[], (it: Endpoint, caller: Role) => unknown]>([
  ['invoke', ['sagemaker:InvokeEndpoint'], (it, caller) => it.grants.invoke(caller)],
  ['invoke asynchronously', ['sagemaker:InvokeEndpointAsync'], (it, caller) => it.grants.invokeAsync(caller)],
  ['have a stream', ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'], (it, caller) => it.grants.invokeWithResponseStream(caller)],
  ['do what is named', ['sagemaker:DescribeEndpoint'], (it, caller) => it.grants.actions(caller, ['sagemaker:DescribeEndpoint'])],
])('a grant to %s allows %j on the endpoint, and nothing else', (_what, actions, grant) => {
  const stack = newStack();
  grant(endpointOf(stack, [onInstances(stack)]), new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  const resources = deployed(stack);
  const resource = arn('sagemaker', `endpoint/${idOf(resources, 'Endpoint')}`);
  expect(permissionsOf(resources, idOf(resources, 'Caller'))).toEqual(Object.fromEntries(actions.map((action) => [action, [resource]])));
});
