import { Duration, Size, Stack } from 'aws-cdk-lib';
import { ContainerImage, Endpoint, InferenceComponent, ModelData } from '../../../src';
import { ACCOUNT, deployed, idsOf, late, newStack, ofType, only } from '../../harness/constructs';
import { bucket } from '../../harness/endpoints';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';

function componentIn(stack: Stack): InferenceComponent {
  const endpoint = Endpoint.fromEndpointName(stack, 'Endpoint', 'live');
  return new InferenceComponent(stack, 'Chat', { endpoint, inferenceComponentName: 'chat', image: ContainerImage.fromRegistry('image'), minMemory: Size.gibibytes(1) });
}

test('registers the copies under the service\'s own role, after the component', () => {
  const stack = newStack();
  componentIn(stack).scaleCopies({ minCopies: 0, maxCopies: 8 });
  const resources = deployed(stack);
  expect(only(resources, TARGET)).toMatchObject({
    DependsOn: expect.arrayContaining(idsOf(resources, 'AWS::SageMaker::InferenceComponent')),
    Properties: {
      ServiceNamespace: 'sagemaker',
      ResourceId: 'inference-component/chat',
      ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
      MinCapacity: 0,
      MaxCapacity: 8,
      RoleARN: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
    },
  });
  expect(ofType(resources, 'AWS::IAM::Role')).toEqual([]);
});

test('tracks both metrics', () => {
  const stack = newStack();
  const scaling = componentIn(stack).scaleCopies({ minCopies: late.number(1), maxCopies: 8 });
  scaling.trackInvocationsPerCopy(60, { scaleInCooldown: Duration.minutes(10), scaleOutCooldown: Duration.minutes(1), disableScaleIn: true });
  scaling.trackConcurrentRequestsPerCopy(late.number(5));
  const configurations = ofType(deployed(stack), POLICY).map(({ Properties }) => Properties.TargetTrackingScalingPolicyConfiguration);
  expect(configurations).toEqual([
    {
      TargetValue: 60,
      PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerInferenceComponentInvocationsPerCopy' },
      ScaleInCooldown: 600,
      ScaleOutCooldown: 60,
      DisableScaleIn: true,
    },
    { TargetValue: 5, PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution' } },
  ]);
});

test.each<[string, (component: InferenceComponent) => unknown, string]>([
  ['fewer than no copies', (it) => it.scaleCopies({ minCopies: -1, maxCopies: 1 }), '`minCopies` must be a whole number between 0 and'],
  ['no copies at most', (it) => it.scaleCopies({ minCopies: 0, maxCopies: 0 }), '`maxCopies` must be a whole number between 1 and'],
  ['more at least than at most', (it) => it.scaleCopies({ minCopies: 3, maxCopies: 2 }), '`minCopies` must not be greater than `maxCopies` (2), got: 3.'],
  ['nothing to track', (it) => it.scaleCopies({ minCopies: 1, maxCopies: 2 }).trackInvocationsPerCopy(0), '`invocations` must be more than 0, got: 0.'],
  ['a metric twice', (it) => [1, 2].reduce((scaling, target) => { scaling.trackConcurrentRequestsPerCopy(target); return scaling; },
    it.scaleCopies({ minCopies: 1, maxCopies: 2 })), 'tracks this metric already: call the method once.'],
  ['another scaling', (it) => [1, 2].map((minCopies) => it.scaleCopies({ minCopies, maxCopies: 2 })), 'scale already: use what the first `scaleCopies()` returned.'],
  ['an adapter', (it) => new InferenceComponent(it.stack, 'Adapter', {
    endpoint: Endpoint.fromEndpointName(it.stack, 'Live', 'live'), baseComponent: it, modelData: ModelData.fromBucket(bucket(it.stack), 'lora.tar.gz'),
  }).scaleCopies({ minCopies: 1, maxCopies: 2 }), 'is an adapter, which has no copies of its own: scale its base component.'],
])('refuses %s', (_what, scale, words) => {
  expect(() => scale(componentIn(newStack()))).toThrow(words);
});
