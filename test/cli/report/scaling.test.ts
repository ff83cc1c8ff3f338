import type { ResourceView, StackView } from '../../../cli/src/account/stack';
import { scalingRanges } from '../../../cli/src/report/scaling';

const resource = (logicalId: string, type: string, more: Partial<ResourceView> = {}): ResourceView => (
  { stack: 'Shop', logicalId, type, status: 'CREATE_COMPLETE', properties: {}, path: `Shop/${logicalId}/Resource`, ...more });

/** An endpoint behind a configuration, whose type comes from a recommendation. */
const RESOURCES = [
  resource('Best', 'Custom::InferenceRecommendation'),
  resource('Other', 'Custom::InferenceRecommendation'),
  resource('Config', 'AWS::SageMaker::EndpointConfig', {
    physicalId: 'arn:aws:sagemaker:us-east-1:111111111111:endpoint-config/config', properties: { ProductionVariants: [{ InstanceType: { 'Fn::GetAtt': ['Best', 'InstanceType'] } }] },
  }),
  resource('Endpoint', 'AWS::SageMaker::Endpoint', { physicalId: 'arn:aws:sagemaker:us-east-1:111111111111:endpoint/Shop', properties: { EndpointConfigName: 'config' } }),
];
const stackOf = (resources: readonly ResourceView[]) => ({ resources }) as StackView;

function accountWith(send: (input: any) => unknown) {
  return { autoScaling: { send: async ({ input }: any) => send(input) } } as any;
}

const target = (ResourceId: string, MinCapacity = 1, MaxCapacity = 4) => ({ ResourceId, MinCapacity, MaxCapacity });

test('the range is that of the endpoint that a recommendation is deployed on, on whichever page it stands', async () => {
  const account = accountWith(({ NextToken }) => (NextToken ? { ScalableTargets: [target('endpoint/shop/variant/main', 2, 9)] }
    : { ScalableTargets: [target('endpoint/another/variant/main'), target('inference-component/x')], NextToken: 'more' }));
  expect([...await scalingRanges(account, stackOf(RESOURCES))]).toEqual([
    ['Shop/Best', [{ endpointName: 'shop', variantName: 'main', minCapacity: 2, maxCapacity: 9 }]],
  ]);
});

test('a user who may not read it has none, and another error is one', async () => {
  const failing = (name: string) => accountWith(() => { throw Object.assign(new Error(name), { name }); });
  expect(await scalingRanges(failing('AccessDeniedException'), stackOf(RESOURCES))).toEqual(new Map());
  await expect(scalingRanges(failing('ThrottlingException'), stackOf(RESOURCES))).rejects.toThrow('ThrottlingException');
});

test('without an endpoint nothing is asked', async () => {
  expect(await scalingRanges(accountWith(() => { throw new Error('asked'); }), stackOf(RESOURCES.slice(0, 3)))).toEqual(new Map());
});
