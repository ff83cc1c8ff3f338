import { Stack } from 'aws-cdk-lib';
import { IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEndpoint, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Endpoint, EndpointGrants, InferenceComponentGrants } from '../../../src';
import { arn, deployed, idOf, newStack, permissionsOf } from '../../harness/constructs';

function allowed(grant: (stack: Stack, caller: IGrantable) => unknown): unknown {
  const stack = newStack();
  grant(stack, new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  const resources = deployed(stack);
  return permissionsOf(resources, idOf(resources, 'Caller'));
}

const foreign = (stack: Stack) => new CfnEndpoint(stack, 'Foreign', { endpointName: 'live', endpointConfigName: 'config' });

test('a CfnEndpoint is granted as one of this library', () => {
  expect(allowed((stack, caller) => EndpointGrants.fromEndpoint(foreign(stack)).invoke(caller)))
    .toEqual({ 'sagemaker:InvokeEndpoint': ['Foreign'] });
  expect(allowed((stack, caller) => Endpoint.fromEndpointName(stack, 'Imported', 'live').grantInvoke(caller)))
    .toEqual({ 'sagemaker:InvokeEndpoint': [arn('sagemaker', 'endpoint/live')] });
});

test('a CfnInferenceComponent is granted with the endpoint that hosts it', () => {
  expect(allowed((stack, caller) => {
    const component = new CfnInferenceComponent(stack, 'Component', { inferenceComponentName: 'Chat', endpointName: 'live', specification: {} });
    InferenceComponentGrants.fromInferenceComponent(component, foreign(stack)).actions(caller, ['sagemaker:DescribeInferenceComponent']);
  })).toEqual({
    'sagemaker:DescribeInferenceComponent': [
      'Foreign', arn('sagemaker', 'inference-component/Chat'), arn('sagemaker', 'inference-component/chat'),
    ],
  });
});

test('a grant to a principal without policies does not succeed, and says so', () => {
  const stack = newStack();
  const service = new ServicePrincipal('lambda.amazonaws.com');
  expect(EndpointGrants.fromEndpoint(foreign(stack)).invokeAsync(service).success).toBe(false);
});
