import {
  ApplicationAutoScalingClient, DeleteScalingPolicyCommand, DeregisterScalableTargetCommand, ObjectNotFoundException, paginateDescribeScalableTargets,
  paginateDescribeScalingPolicies, PutScalingPolicyCommand, RegisterScalableTargetCommand, ValidationException,
} from '@aws-sdk/client-application-auto-scaling';
import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';

const target = { ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount', ResourceId: 'endpoint/live/variant/main' } as const;
let aws: LocalAws;
let client: ApplicationAutoScalingClient;

beforeEach(async () => {
  aws = await startLocalAws({ clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z') }) });
  client = new ApplicationAutoScalingClient(aws.client());
  const { sagemaker } = aws.world.region('111111111111', 'us-east-1');
  await sagemaker.call('CreateModel', { ModelName: 'm', PrimaryContainer: { Image: 'i' } });
  const ProductionVariants = [{ VariantName: 'main', ModelName: 'm', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 }];
  await sagemaker.call('CreateEndpointConfig', { EndpointConfigName: 'c', ProductionVariants });
  await sagemaker.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'c' });
});
afterEach(() => aws.close());

test('the SDK registers, puts a policy, reads both back, and takes them away', async () => {
  await client.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 3, Tags: { a: 'b' } }));
  const { Alarms } = await client.send(new PutScalingPolicyCommand({
    ...target,
    PolicyName: 'p',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 12.5, PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' }, ScaleInCooldown: 600,
    },
  }));
  expect(Alarms).toHaveLength(2);
  for await (const { ScalableTargets } of paginateDescribeScalableTargets({ client }, { ServiceNamespace: 'sagemaker' })) {
    expect(ScalableTargets).toMatchObject([{ ...target, MinCapacity: 1, MaxCapacity: 3, CreationTime: expect.any(Date) }]);
  }
  for await (const { ScalingPolicies } of paginateDescribeScalingPolicies({ client }, { ServiceNamespace: 'sagemaker', ResourceId: target.ResourceId })) {
    expect(ScalingPolicies).toMatchObject([{ PolicyName: 'p', TargetTrackingScalingPolicyConfiguration: { TargetValue: 12.5, ScaleInCooldown: 600 } }]);
  }
  await client.send(new DeleteScalingPolicyCommand({ ...target, PolicyName: 'p' }));
  await client.send(new DeregisterScalableTargetCommand(target));
  await expect(client.send(new DeregisterScalableTargetCommand(target))).rejects.toThrow(ObjectNotFoundException);
});

test('the SDK knows a refusal', async () => {
  await expect(client.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 3, MaxCapacity: 1 }))).rejects.toThrow(ValidationException);
});

test('a request without a credential scope is known by its target', async () => {
  const headers = { 'X-Amz-Target': 'AnyScaleFrontendService.DescribeScalableTargets', 'Content-Type': 'application/x-amz-json-1.1' };
  const answer = await fetch(aws.endpoint, { method: 'POST', headers, body: '{}' });
  expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationToken' });
});
