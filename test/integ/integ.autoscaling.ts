import { ExpectedResult, Match } from '@aws-cdk/integ-tests-alpha';
import { Fn } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { exactly, Integ } from './support/integ';
import { modelPackage } from './support/model-package';
import { InstanceType, RecommendedEndpoint } from 'cdk-sagemaker-inference-recommender';

// An endpoint on two pools of instances, which scales as the service advises.
const integ = new Integ('InferenceRecommenderIntegScaling');
const stack = integ.stack();
const { endpoint, model, autoScaling } = new RecommendedEndpoint(stack, 'Served', {
  modelPackage: modelPackage(stack),
  containerConfig: { supportedInstanceTypes: [InstanceType.ML_C5_LARGE, InstanceType.ML_M5_LARGE] },
  limits: { allowCompiledModels: false },
  instancePools: 2,
  autoScaling: { minCapacity: 1, maxCapacity: 2 },
});

integ.expectText('ServiceAdvisesATarget', stack, autoScaling!.targetValue, '[1-9][\\d.]*');
integ.expect('PoolsMayNameTheSameModel', 'sagemaker', 'DescribeEndpoint', { EndpointName: endpoint.endpointName },
  ExpectedResult.stringLikeRegexp('^ml\\.(c5|m5)\\.large$'), { path: 'ProductionVariants.0.InstancePools.1.InstanceType' });
integ.expectAnswer('EndpointOnPoolsAnswers', endpoint.endpointName);
integ.expect('VariantIsRegistered', 'application-auto-scaling', 'DescribeScalableTargets', {
  ServiceNamespace: 'sagemaker', ResourceIds: [`endpoint/${endpoint.endpointName}/variant/AllTraffic`],
}, exactly(2), { path: 'ScalableTargets.0.MaxCapacity', actions: ['application-autoscaling:DescribeScalableTargets'] });

// Where the service takes such an update, the library would not have to deregister before it.
const updated = (id: string, variant: object) => {
  const EndpointConfigName = `integ-${id}-${Fn.select(2, Fn.split('/', stack.stackId))}`;
  const ProductionVariants = [{ VariantName: 'AllTraffic', ModelName: model!.modelRef.modelArn, InitialInstanceCount: 1, ...variant }];
  return [
    { id: `${id}Config`, client: 'sagemaker', command: 'CreateEndpointConfig', input: { EndpointConfigName, ProductionVariants } },
    { id, client: 'sagemaker', command: 'UpdateEndpoint', input: { EndpointName: endpoint.endpointName, EndpointConfigName } },
    { id: `${id}Deleted`, client: 'sagemaker', command: 'DeleteEndpointConfig', input: { EndpointConfigName } },
  ];
};
integ.probe('RegisteredVariantKeepsItsTypes', 'attempt',
  ExpectedResult.objectLike({ Payload: Match.serializedJson(Match.objectLike({ type: 'ValidationException', pools: 'ValidationException' })) }), {
    statements: [
      new PolicyStatement({
        actions: ['CreateEndpointConfig', 'UpdateEndpoint', 'DeleteEndpointConfig', 'AddTags'].map((action) => `sagemaker:${action}`), resources: ['*'],
      }),
    ],
    input: {
      calls: [
        ...updated('type', { InstanceType: 'ml.m5.xlarge' }),
        ...updated('pools', { InstancePools: [{ InstanceType: 'ml.m5.xlarge', Priority: 1 }] }),
      ],
    },
  });

integ.synth();
