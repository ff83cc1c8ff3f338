import { ExpectedResult } from '@aws-cdk/integ-tests-alpha';
import { Duration, Fn, Size } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Integ } from './support/integ';
import { modelPackage } from './support/model-package';
import { Endpoint, EndpointConfig, InferenceComponent, InstanceType, Model, Variant } from 'cdk-sagemaker-inference-recommender';

// An endpoint of inference components, on instances without accelerators: it is cheap, and moves as one with accelerators does.
const integ = new Integ('InferenceRecommenderIntegComponents');
const stack = integ.stack();
const variant = Variant.forInferenceComponents({ instanceType: InstanceType.ML_C5_XLARGE, initialInstanceCount: 1 });
const endpointConfig = new EndpointConfig(stack, 'Config', { variants: [variant] });
const endpoint = new Endpoint(stack, 'Endpoint', { endpointConfig });
const role = endpointConfig.role!;
const component = new InferenceComponent(stack, 'Component', {
  endpoint, model: new Model(stack, 'Model', { modelPackage: modelPackage(stack) }), cpuCores: 3, minMemory: Size.gibibytes(1), copies: 1,
});

const answered = integ.expectAnswer('ComponentAnswers', endpoint.endpointName, {}, { InferenceComponentName: component.inferenceComponentName });
// The other type has one core less than the copy takes.
const EndpointConfigName = `integ-small-${Fn.select(2, Fn.split('/', stack.stackId))}`;
const moved = integ.probe('SmallerTypeIsTaken', 'attempt', ExpectedResult.stringLikeRegexp('^accepted$'), {
  statements: [
    new PolicyStatement({ actions: ['CreateEndpointConfig', 'UpdateEndpoint', 'AddTags'].map((action) => `sagemaker:${action}`), resources: ['*'] }),
    new PolicyStatement({ actions: ['iam:PassRole'], resources: [role.roleArn] }),
  ],
  input: {
    calls: [{
      id: 'config',
      client: 'sagemaker',
      command: 'CreateEndpointConfig',
      input: {
        EndpointConfigName, ExecutionRoleArn: role.roleArn, ProductionVariants: [{ VariantName: 'AllTraffic', InstanceType: 'ml.c5.large', InitialInstanceCount: 1 }],
      },
    }, { id: 'update', client: 'sagemaker', command: 'UpdateEndpoint', input: { EndpointName: endpoint.endpointName, EndpointConfigName } }],
  },
  path: 'update',
  after: [answered],
});
const back = integ.expect('EndpointWithoutRoomIsRolledBack', 'sagemaker', 'DescribeEndpoint', { EndpointName: endpoint.endpointName },
  ExpectedResult.stringLikeRegexp('.'), { path: 'FailureReason', after: [moved], within: Duration.minutes(50) });
integ.call('DeleteSmallConfig', 'sagemaker', 'DeleteEndpointConfig', { EndpointConfigName }, { after: [back] });

integ.synth();
