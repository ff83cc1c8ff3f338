import { Bench, IMAGE, ROLE } from './fixtures';
import { ResourceProvider, UpdateRequest } from '../../../local-aws/kernel/resource-provider';
import { resources } from '../../../local-aws/sagemaker/resources';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const arn = (resource: string) => `arn:aws:sagemaker:eu-west-1:111122223333:${resource}`;

function request(noun: string, properties: object, rest: Partial<UpdateRequest> = {}): UpdateRequest {
  return {
    region: bench.region,
    stackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/app/1',
    stackName: 'app',
    logicalId: noun,
    type: `AWS::SageMaker::${noun}`,
    properties,
    oldProperties: {},
    physicalId: '',
    tags: {},
    generatedName: () => `app-${noun}-1`,
    ...rest,
  };
}

/** Lets a provider work while time passes. */
async function work<T>(noun: string, minutes: number, task: (provider: ResourceProvider) => Promise<T>): Promise<T> {
  const [result] = await Promise.all([bench.world.clock.run(() => task(resources[`AWS::SageMaker::${noun}`])), bench.minutes(minutes)]);
  return result;
}

const create = (noun: string, properties: object, rest: Partial<UpdateRequest> = {}) =>
  work(noun, 4, (provider) => provider.create(request(noun, properties, rest)));

test('a model package group is referred to by its ARN', async () => {
  expect(await create('ModelPackageGroup', { ModelPackageGroupName: 'models', Tags: [{ Key: 'b', Value: '2' }] }, { tags: { a: '1' } })).toMatchObject({
    physicalId: arn('model-package-group/models'),
    attributes: { ModelPackageGroupArn: arn('model-package-group/models'), ModelPackageGroupStatus: 'Completed', CreationTime: '2026-01-01T00:00:00.000Z' },
  });
  expect((await bench.call('ListTags', { ResourceArn: arn('model-package-group/models') })).Tags).toEqual([{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }]);
});

test('a version of a model package refuses the stack\'s tags, and any other package takes them', async () => {
  await create('ModelPackageGroup', { ModelPackageGroupName: 'models' });
  const InferenceSpecification = {
    Containers: [{ Image: IMAGE }], SupportedRealtimeInferenceInstanceTypes: ['ml.c5.large'], SupportedTransformInstanceTypes: ['ml.c5.xlarge'],
  };
  const properties = { ModelPackageGroupName: 'models', InferenceSpecification };
  await expect(create('ModelPackage', properties, { tags: { a: '1' } })).rejects.toThrow('Tags are not supported in Model Package versions');
  const { physicalId } = await create('ModelPackage', properties);
  // Tags that the stack has got since.
  const tagged = request('ModelPackage', properties, { physicalId, oldProperties: properties, tags: { a: '1' } });
  await expect(work('ModelPackage', 0, (provider) => provider.update(tagged))).rejects.toThrow('Tags are not supported in Model Package versions');
  const back = request('ModelPackage', properties, { physicalId, oldProperties: properties, oldTags: { a: '1' } });
  expect(await work('ModelPackage', 0, (provider) => provider.update(back))).toMatchObject({ physicalId });
  const plain = await create('ModelPackage', { ModelPackageName: 'mine', InferenceSpecification }, { tags: { a: '1' } });
  expect((await bench.call('ListTags', { ResourceArn: plain.physicalId })).Tags).toEqual([{ Key: 'a', Value: '1' }]);
});

test('a model package is a version, approved in place', async () => {
  await create('ModelPackageGroup', { ModelPackageGroupName: 'models' });
  const properties = { ModelPackageGroupName: 'models', InferenceSpecification: { Containers: [{ Image: IMAGE }], SupportedContentTypes: ['text/csv'] } };
  const { physicalId, attributes } = await create('ModelPackage', properties);
  expect(physicalId).toBe(arn('model-package/models/1'));
  expect(attributes).toMatchObject({ ModelPackageArn: physicalId, ModelPackageStatus: 'Completed', ModelApprovalStatus: 'PendingManualApproval' });
  const approved = request('ModelPackage', { ...properties, ModelApprovalStatus: 'Approved' }, { physicalId, oldProperties: properties });
  expect(await work('ModelPackage', 0, (provider) => provider.update(approved))).toMatchObject({
    physicalId, attributes: { ModelApprovalStatus: 'Approved' },
  });
});

test('a model has a name made up, and the types that its shape asks for', async () => {
  const { physicalId, attributes } = await create('Model', {
    ExecutionRoleArn: ROLE, EnableNetworkIsolation: 'true', PrimaryContainer: { Image: IMAGE, Environment: { THREADS: 4 } },
  });
  expect(physicalId).toBe(arn('model/app-model-1'));
  expect(attributes).toMatchObject({ ModelName: 'app-Model-1', ModelArn: physicalId });
  expect(await bench.call('DescribeModel', { ModelName: 'app-Model-1' })).toMatchObject({
    EnableNetworkIsolation: true, PrimaryContainer: { Environment: { THREADS: '4' } },
  });
});

test('an endpoint is there once it is in service, updated once it is again, and gone once it is', async () => {
  await bench.call('CreateModel', { ModelName: 'm', PrimaryContainer: { Image: IMAGE } });
  const variant = { VariantName: 'main', ModelName: 'm', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: '1', InitialVariantWeight: '0.5' };
  const one = await create('EndpointConfig', { ProductionVariants: [variant] });
  expect(one).toMatchObject({ physicalId: arn('endpoint-config/app-endpointconfig-1'), attributes: { EndpointConfigName: 'app-EndpointConfig-1' } });
  await create('EndpointConfig', { EndpointConfigName: 'two', ProductionVariants: [variant] });
  const properties = { EndpointName: 'live', EndpointConfigName: 'app-EndpointConfig-1', RetainAllVariantProperties: 'false' };
  const { physicalId, attributes } = await create('Endpoint', properties);
  expect(attributes).toMatchObject({ EndpointName: 'live', EndpointArn: arn('endpoint/live') });
  expect(await bench.call('DescribeEndpoint', { EndpointName: 'live' })).toMatchObject({ EndpointStatus: 'InService' });

  const changed = request('Endpoint', { ...properties, EndpointConfigName: 'two' }, { physicalId, oldProperties: properties });
  await work('Endpoint', 4, (provider) => provider.update(changed));
  expect(await bench.call('DescribeEndpoint', { EndpointName: 'live' })).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });

  await work('Endpoint', 2, (provider) => provider.delete(changed));
  await bench.refused('DescribeEndpoint', { EndpointName: 'live' });
  await work('Endpoint', 0, (provider) => provider.delete(changed));
});

test('an endpoint that does not come up fails its resource, and is not left behind', async () => {
  await bench.endpointConfig('one');
  await bench.call('DeleteModel', { ModelName: 'one-model' });
  const made = create('Endpoint', { EndpointName: 'live', EndpointConfigName: 'one' });
  await expect(made).rejects.toThrow('did not stabilize: Could not find model "one-model"');
  await bench.minutes(1);
  expect(await bench.call('ListEndpoints')).toEqual({ Endpoints: [] });
});

test('a workload configuration is referred to by its ARN, takes tags in place, and its name is narrower than the API\'s', async () => {
  const properties = { AIWorkloadConfigName: 'chat', AIWorkloadConfigs: { WorkloadSpec: { Inline: '{}' } } };
  const made = await create('AIWorkloadConfig', properties, { tags: { a: '1' } });
  expect(made).toMatchObject({
    physicalId: arn('ai-workload-config/chat'),
    attributes: { AIWorkloadConfigArn: arn('ai-workload-config/chat'), CreationTime: '2026-01-01T00:00:00.000Z' },
  });
  const changed = request('AIWorkloadConfig', { ...properties, Tags: [{ Key: 'b', Value: '2' }] }, { physicalId: made.physicalId, oldProperties: properties, oldTags: { a: '1' } });
  await work('AIWorkloadConfig', 0, (provider) => provider.update(changed));
  expect((await bench.call('DescribeAIWorkloadConfig', { AIWorkloadConfigName: 'chat' })).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  for (const AIWorkloadConfigName of ['Chat', 'my-chat']) {
    await expect(create('AIWorkloadConfig', { ...properties, AIWorkloadConfigName })).rejects.toThrow('#/AIWorkloadConfigName: failed validation constraint for keyword [pattern]');
  }
  await work('AIWorkloadConfig', 0, (provider) => provider.delete(changed));
  expect(await bench.call('ListAIWorkloadConfigs')).toEqual({ AIWorkloadConfigs: [] });
});

test('tags are changed in place', async () => {
  const container = { PrimaryContainer: { Image: IMAGE } };
  const old = { ...container, Tags: [{ Key: 'a', Value: '1' }] };
  const { physicalId } = await create('Model', old);
  const changed = request('Model', { ...container, Tags: [{ Key: 'b', Value: '2' }] }, { physicalId, oldProperties: old });
  await work('Model', 0, (provider) => provider.update(changed));
  expect(await bench.call('ListTags', { ResourceArn: physicalId })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
});

test('a property that is not modelled is refused by name', async () => {
  const made = create('ModelPackageGroup', { ModelPackageGroupName: 'models', Colour: 'blue' });
  await expect(made).rejects.toThrow('Property Colour is not part of the local AWS');
});

test('an endpoint is created with its deployment, and without what only an update takes', async () => {
  const DeploymentConfig = { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: '300' } } };
  await create('Endpoint', {
    EndpointName: 'live', EndpointConfigName: await bench.endpointConfig('one'), RetainAllVariantProperties: 'true', DeploymentConfig,
  });
  expect((await bench.call('DescribeEndpoint', { EndpointName: 'live' })).LastDeploymentConfig)
    .toEqual({ BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 300 } } });
});
