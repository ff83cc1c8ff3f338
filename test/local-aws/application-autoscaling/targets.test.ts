import { Bench, ResourceId, TARGET } from './fixtures';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

test('a variant is registered, and described', async () => {
  await bench.endpoint();
  const { ScalableTargetARN } = await bench.register();
  expect(ScalableTargetARN).toMatch(/^arn:aws:application-autoscaling:eu-west-1:111122223333:scalable-target\/[\da-f-]{36}$/);
  expect(await bench.targets()).toEqual([{
    ...TARGET,
    MinCapacity: 1,
    MaxCapacity: 4,
    RoleARN: 'arn:aws:iam::111122223333:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/'
      + 'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
    CreationTime: new Date('2026-01-01T00:03:00Z'),
    SuspendedState: { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false },
    ScalableTargetARN,
  }]);
});

test('registering again changes what is given, and keeps the rest', async () => {
  await bench.endpoint();
  const first = await bench.register();
  expect(await bench.register({ MaxCapacity: 8, SuspendedState: { DynamicScalingInSuspended: true } })).toEqual(first);
  expect(await bench.targets()).toMatchObject([{ MinCapacity: 1, MaxCapacity: 8, SuspendedState: { DynamicScalingInSuspended: true } }]);
});

test.each<[string, object, string]>([
  ['without a capacity', { MaxCapacity: 2 }, 'MinCapacity and MaxCapacity are required'],
  ['with its bounds crossed', { MinCapacity: 3, MaxCapacity: 2 }, 'MinCapacity must not be greater than MaxCapacity (2), got: 3'],
  ['with a capacity below 0', { MinCapacity: -1, MaxCapacity: 2 }, 'MinCapacity must be at least 0'],
  ['of another service', { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' }, 'The service namespace ecs is not part of the local AWS'],
  ['of a service that is none', { ServiceNamespace: 'chess' }, "Value 'chess' at 'serviceNamespace' failed to satisfy constraint: Member must satisfy enum value set"],
  ['of another dimension', { ScalableDimension: 'sagemaker:variant:DesiredProvisionedConcurrency' }, 'The scalable dimension sagemaker:variant:DesiredProvisionedConcurrency is not part'],
  ['of a variant as a component', { ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount' }, 'Unsupported service namespace, resource type or scalable dimension'],
  ['of another service\'s dimension', { ScalableDimension: 'ecs:service:DesiredCount' }, 'Unsupported service namespace, resource type or scalable dimension'],
  ['of a resource id that is no variant\'s', { ResourceId: 'endpoint/live' }, 'Unsupported service namespace, resource type or scalable dimension'],
  ['of an endpoint that is not there', { ResourceId: 'endpoint/dead/variant/main' }, 'No SageMaker endpoint found for resource ID: endpoint/dead/variant/main'],
  ['of a variant that is not there', { ResourceId: 'endpoint/live/variant/other' }, 'No SageMaker variant found for resource ID: endpoint/live/variant/other'],
])('a registration %s is refused', async (_what, input, message) => {
  await bench.endpoint();
  const capacity = 'MinCapacity' in input || 'MaxCapacity' in input ? {} : { MinCapacity: 1, MaxCapacity: 2 };
  await expect(bench.register({ ...capacity, ...input })).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) });
  expect(await bench.targets()).toEqual([]);
});

test.each<[object, string]>([
  [{ ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }, `${ResourceId} is serverless`],
  [{ InstanceType: 'ml.t2.medium', InitialInstanceCount: 1 }, 'must not be on burstable instances'],
])('a variant of %j cannot scale', async (variant, message) => {
  await bench.endpoint(variant);
  await expect(bench.register()).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) });
});

test('a variant may scale to nothing', async () => {
  await bench.endpoint();
  await bench.register({ MinCapacity: 0, MaxCapacity: 2 });
  expect(await bench.targets()).toMatchObject([{ MinCapacity: 0 }]);
});

test('an endpoint that is not in service yet can be registered, and keeps its instances', async () => {
  await bench.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: await bench.endpointConfig('one') });
  await bench.register({ MinCapacity: 2, MaxCapacity: 4 });
  await bench.minutes(3);
  expect((await bench.call('DescribeEndpoint', { EndpointName: 'live' })).ProductionVariants).toMatchObject([{ CurrentInstanceCount: 1 }]);
});

test('instances out of bounds are brought within, which updates the endpoint', async () => {
  await bench.endpoint();
  await bench.register({ MinCapacity: 2, MaxCapacity: 4 });
  const described = () => bench.call('DescribeEndpoint', { EndpointName: 'live' });
  expect(await described()).toMatchObject({ EndpointStatus: 'Updating', ProductionVariants: [{ CurrentInstanceCount: 1, DesiredInstanceCount: 2 }] });
  await bench.minutes(3);
  expect(await described()).toMatchObject({ EndpointStatus: 'InService', ProductionVariants: [{ CurrentInstanceCount: 2, DesiredInstanceCount: 2 }] });
});

test('deregistering deletes the policies too', async () => {
  await bench.endpoint();
  await bench.register();
  await bench.put();
  await bench.scaling('DeregisterScalableTarget', TARGET);
  expect(await bench.targets()).toEqual([]);
  expect(await bench.policies()).toEqual([]);
});

test('a target that is not registered cannot be deregistered', async () => {
  await expect(bench.scaling('DeregisterScalableTarget', TARGET)).rejects.toMatchObject({
    code: 'ObjectNotFoundException',
    message: `No scalable target found for service namespace: sagemaker, resource ID: ${ResourceId}, scalable dimension: sagemaker:variant:DesiredInstanceCount`,
  });
});

describe('descriptions', () => {
  const names = ['a', 'b', 'c'].map((name) => `endpoint/live/variant/${name}`);
  const described = (input: object) => bench.scaling('DescribeScalableTargets', { ServiceNamespace: 'sagemaker', ...input });

  beforeEach(async () => {
    await bench.endpointConfig('one');
    const variant = { ModelName: 'one-model', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 };
    await bench.call('CreateEndpointConfig', { EndpointConfigName: 'three', ProductionVariants: ['a', 'b', 'c'].map((VariantName) => ({ ...variant, VariantName })) });
    await bench.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'three' });
    for (const name of names) { await bench.register({ ResourceId: name, MinCapacity: 1, MaxCapacity: 2 }); }
  });

  test('are of the resources asked for', async () => {
    const { ScalableTargets } = await described({ ResourceIds: [names[1], 'endpoint/live/variant/none'], ScalableDimension: TARGET.ScalableDimension });
    expect(ScalableTargets.map((target: any) => target.ResourceId)).toEqual([names[1]]);
  });

  test('come in pages', async () => {
    const { ScalableTargets: first, NextToken } = await described({ MaxResults: 2 });
    const { ScalableTargets: second, NextToken: end } = await described({ MaxResults: 2, NextToken });
    expect([...first, ...second].map(({ ResourceId: id }) => id)).toEqual(names);
    expect(end).toBeUndefined();
  });

  test.each<[string, object, string]>([
    ['a token of nobody\'s', { NextToken: 'x' }, 'InvalidNextTokenException'],
    ['a page of nothing', { MaxResults: 0 }, 'ValidationException'],
    ['a dimension without resources', { ScalableDimension: TARGET.ScalableDimension }, 'ValidationException'],
  ])('are refused for %s', async (_what, input, code) => {
    await expect(described(input)).rejects.toMatchObject({ code });
  });
});

test('tags are kept', async () => {
  await bench.endpoint();
  const { ScalableTargetARN: ResourceARN } = await bench.register({ MinCapacity: 1, MaxCapacity: 2, Tags: { team: 'a' } });
  expect(await bench.scaling('ListTagsForResource', { ResourceARN })).toEqual({ Tags: { team: 'a' } });
  await expect(bench.scaling('ListTagsForResource', { ResourceARN: `${ResourceARN}x` })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});
