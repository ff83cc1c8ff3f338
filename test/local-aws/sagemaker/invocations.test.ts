import { Bench, IMAGE, ROLE } from './fixtures';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  await bench.call('CreateEndpointConfig', {
    EndpointConfigName: 'components', ExecutionRoleArn: ROLE, ProductionVariants: [{ VariantName: 'main', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1 }],
  });
  await bench.call('CreateEndpoint', { EndpointName: 'shared', EndpointConfigName: 'components' });
  await bench.call('CreateEndpoint', { EndpointName: 'single', EndpointConfigName: await bench.endpointConfig('one') });
  await bench.minutes(3);
  await bench.call('CreateInferenceComponent', {
    InferenceComponentName: 'llm',
    EndpointName: 'shared',
    VariantName: 'main',
    Specification: { Container: { Image: IMAGE }, ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024 } },
  });
});

const OPERATIONS = ['InvokeEndpoint', 'InvokeEndpointAsync', 'InvokeEndpointWithResponseStream'];

test.each<[string, string, string | undefined, string]>([
  ['an endpoint that is not there', 'none', undefined, 'Endpoint none of account 111122223333 not found.'],
  ['no component where there may be some', 'shared', undefined, 'Inference Component Name header is required'],
  ['an unknown component', 'shared', 'none', 'Inference component none of endpoint shared not found.'],
  ['a component that is not ready', 'shared', 'llm', 'Inference component llm is Creating, not InService.'],
  ['a component where a model serves', 'single', 'llm', 'must name none, got: llm'],
])('an invocation with %s is invalid', async (_what, EndpointName, InferenceComponentName, words) => {
  for (const operation of OPERATIONS) {
    expect(await bench.refused(operation, { EndpointName, InferenceComponentName })).toMatchObject({ code: 'ValidationError', message: expect.stringContaining(words) });
  }
});

test('a valid invocation is refused by name: no container runs', async () => {
  await bench.minutes(3);
  for (const input of [{ EndpointName: 'single' }, { EndpointName: 'shared', InferenceComponentName: 'llm' }]) {
    for (const operation of OPERATIONS) {
      expect(await bench.refused(operation, input)).toMatchObject({ code: 'UnknownOperationException', message: `${operation} is not part of the local AWS: no container runs here, so an endpoint has no answer.` });
    }
  }
});

test('an invocation needs the permission on its endpoint', () => {
  const needs = (operation: string, input: object) => bench.region.iam.needs('sagemaker', operation, input).map(({ action, resource }) => `${action} ${resource}`);
  const at = 'arn:aws:sagemaker:eu-west-1:111122223333:';
  expect(needs('InvokeEndpoint', { EndpointName: 'shared', InferenceComponentName: 'llm' })).toEqual([`sagemaker:InvokeEndpoint ${at}endpoint/shared`]);
  expect(needs('CreateInferenceComponent', { InferenceComponentName: 'llm', EndpointName: 'shared', Tags: [{ Key: 'a', Value: 'b' }] })).toEqual([
    `sagemaker:CreateInferenceComponent ${at}inference-component/llm`, `sagemaker:CreateInferenceComponent ${at}endpoint/shared`, `sagemaker:AddTags ${at}inference-component/llm`,
  ]);
  expect(needs('UpdateInferenceComponentRuntimeConfig', { InferenceComponentName: 'llm' })).toEqual([`sagemaker:UpdateInferenceComponentRuntimeConfig ${at}inference-component/llm`]);
  expect(needs('ListInferenceComponents', {})).toEqual(['sagemaker:ListInferenceComponents *']);
});
