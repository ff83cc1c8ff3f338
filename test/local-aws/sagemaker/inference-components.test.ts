import { Bench, IMAGE, ROLE } from './fixtures';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const EndpointName = 'live';
const NEEDS = { MinMemoryRequiredInMb: 1024, NumberOfAcceleratorDevicesRequired: 1 };
const CONTAINER = { Container: { Image: IMAGE, ArtifactUrl: 's3://models/llm.tar.gz' }, ComputeResourceRequirements: NEEDS };

/** An endpoint for components: by default, one instance with four accelerators. */
async function endpoint(variant: object = {}, name = EndpointName): Promise<void> {
  await bench.call('CreateEndpointConfig', {
    EndpointConfigName: `${name}-config`,
    ExecutionRoleArn: ROLE,
    ProductionVariants: [{ VariantName: 'main', InstanceType: 'ml.g5.12xlarge', InitialInstanceCount: 1, ...variant }],
  });
  await bench.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: `${name}-config` });
  await bench.minutes(3);
}

const request = (InferenceComponentName: string, more: object = {}) => ({ InferenceComponentName, EndpointName, VariantName: 'main', Specification: CONTAINER, RuntimeConfig: { CopyCount: 1 }, ...more });
const describe_ = (InferenceComponentName: string) => bench.call('DescribeInferenceComponent', { InferenceComponentName });
const status = async (name: string) => (await describe_(name)).InferenceComponentStatus;
const instances = async () => (await bench.call('DescribeEndpoint', { EndpointName })).ProductionVariants[0].CurrentInstanceCount;

async function create(name: string, more: object = {}): Promise<any> {
  await bench.call('CreateInferenceComponent', request(name, more));
  await bench.minutes(3);
  return describe_(name);
}

describe('variants for components', () => {
  test.each<[string, object, object, string]>([
    ['no role', {}, { ExecutionRoleArn: undefined }, 'ExecutionRoleArn is required'],
    ['a serverless variant', { InstanceType: undefined, InitialInstanceCount: undefined, ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }, {}, 'need instances'],
    ['managed scaling of a model', { ModelName: 'one-model', ManagedInstanceScaling: { Status: 'ENABLED' } }, {}, 'only supported for inference component endpoints'],
  ])('are refused with %s', async (_what, variant, config, words) => {
    await bench.endpointConfig('one');
    expect(await bench.refused('CreateEndpointConfig', {
      EndpointConfigName: 'two', ExecutionRoleArn: ROLE, ProductionVariants: [{ VariantName: 'main', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1, ...variant }], ...config,
    })).toMatchObject({ code: 'ValidationException', message: expect.stringContaining(words) });
  });
});

describe('components', () => {
  test('are Creating, then InService on the variant\'s instances', async () => {
    await endpoint();
    await bench.call('CreateInferenceComponent', request('LLM', { RuntimeConfig: { CopyCount: 3 }, Tags: [{ Key: 'team', Value: 'chat' }] }));
    expect(await describe_('LLM')).toMatchObject({ InferenceComponentStatus: 'Creating', RuntimeConfig: { DesiredCopyCount: 3, CurrentCopyCount: 0 } });
    await bench.minutes(3);
    const found = await describe_('llm');
    expect(found).toMatchObject({
      InferenceComponentName: 'LLM',
      InferenceComponentArn: 'arn:aws:sagemaker:eu-west-1:111122223333:inference-component/llm',
      EndpointName,
      VariantName: 'main',
      InferenceComponentStatus: 'InService',
      RuntimeConfig: { DesiredCopyCount: 3, CurrentCopyCount: 3, PlacementStatus: [{ InstanceType: 'ml.g5.12xlarge', CurrentCopyCount: 3 }] },
      Specification: { Container: { DeployedImage: { SpecifiedImage: IMAGE }, ArtifactUrl: 's3://models/llm.tar.gz' }, ComputeResourceRequirements: NEEDS },
    });
    expect((await bench.call('ListTags', { ResourceArn: found.InferenceComponentArn })).Tags).toEqual([{ Key: 'team', Value: 'chat' }]);
  });

  test('of a model, and of the only variant if none is named', async () => {
    await endpoint();
    await bench.endpointConfig('other');
    const found = await create('llm', { VariantName: undefined, RuntimeConfig: undefined, Specification: { ModelName: 'other-model', ComputeResourceRequirements: NEEDS } });
    expect(found).toMatchObject({ InferenceComponentStatus: 'InService', VariantName: 'main', RuntimeConfig: { CurrentCopyCount: 1 }, Specification: { ModelName: 'other-model' } });
  });

  test.each<[string, object, string]>([
    ['an unknown endpoint', { EndpointName: 'none' }, 'Could not find endpoint'],
    ['an unknown variant', { VariantName: 'none' }, 'Could not find variant'],
    ['an unknown model', { Specification: { ModelName: 'none', ComputeResourceRequirements: NEEDS } }, 'Could not find model'],
    ['nothing to run', { Specification: { ComputeResourceRequirements: NEEDS } }, 'Exactly one of ModelName'],
    ['a model and an image', { Specification: { ...CONTAINER, ModelName: 'one-model' } }, 'Exactly one of ModelName'],
    ['no resources', { Specification: { Container: CONTAINER.Container } }, 'ComputeResourceRequirements is required'],
    ['less memory at most than at least', { Specification: { ...CONTAINER, ComputeResourceRequirements: { ...NEEDS, MaxMemoryRequiredInMb: 512 } } }, 'must not be less'],
    ['no copies', { RuntimeConfig: { CopyCount: 0 } }, 'larger than 0'],
    ['no specification', { Specification: undefined }, 'Exactly one of Specification'],
    ['both kinds of specification', { Specifications: [CONTAINER] }, 'Exactly one of Specification'],
    ['specifications without a type', { Specification: undefined, Specifications: [CONTAINER, { ...CONTAINER, InstanceType: 'ml.g5.xlarge' }] }, 'InstanceType is required'],
    ['two specifications of a type', { Specification: undefined, Specifications: [1, 2].map(() => ({ ...CONTAINER, InstanceType: 'ml.g5.xlarge' })) }, 'different instance types'],
    ['too little memory', { Specification: { ...CONTAINER, ComputeResourceRequirements: { MinMemoryRequiredInMb: 127 } } }, 'minMemoryRequiredInMb'],
    ['an unknown base', { Specification: { BaseInferenceComponentName: 'none', Container: { ArtifactUrl: 's3://a/b' } } }, 'Could not find inference component'],
    ['an adapter without its artifact', { Specification: { BaseInferenceComponentName: 'none' } }, 'ArtifactUrl'],
    ['an adapter with resources', { Specification: { ...CONTAINER, BaseInferenceComponentName: 'none' } }, 'ComputeResourceRequirements must not be given'],
  ])('are refused with %s', async (_what, more, words) => {
    await endpoint();
    await bench.endpointConfig('one');
    expect(await bench.refused('CreateInferenceComponent', request('llm', more))).toMatchObject({ code: 'ValidationException', message: expect.stringContaining(words) });
    expect((await bench.call('ListInferenceComponents')).InferenceComponents).toEqual([]);
  });

  test('are refused on an endpoint of models, on one that is not in service, and under a name that is taken', async () => {
    await bench.call('CreateEndpoint', { EndpointName: 'models', EndpointConfigName: await bench.endpointConfig('one') });
    expect(await bench.refused('CreateInferenceComponent', request('llm', { EndpointName: 'models' }))).toMatchObject({ message: expect.stringContaining('is Creating, not InService') });
    await bench.minutes(3);
    expect(await bench.refused('CreateInferenceComponent', request('llm', { EndpointName: 'models' }))).toMatchObject({ message: expect.stringContaining('not supported in this Endpoint') });
    await endpoint();
    await create('llm');
    expect(await bench.refused('CreateInferenceComponent', request('LLM'))).toMatchObject({ message: expect.stringContaining('already existing') });
  });

  test('without room fail and say what is missing, and others keep theirs', async () => {
    await endpoint();
    await create('first', { RuntimeConfig: { CopyCount: 3 } });
    expect(await create('second', { RuntimeConfig: { CopyCount: 2 } })).toMatchObject({
      InferenceComponentStatus: 'Failed',
      FailureReason: expect.stringMatching(/^Copy 2 of 2 of inference component "second" has no room on the 1 instances of variant "main"\. A copy takes 1024 MB .* 1 accelerators/),
      RuntimeConfig: { DesiredCopyCount: 2, CurrentCopyCount: 0 },
    });
    expect(await describe_('first')).toMatchObject({ InferenceComponentStatus: 'InService', RuntimeConfig: { CurrentCopyCount: 3 } });
    expect(await create('third')).toMatchObject({ InferenceComponentStatus: 'InService' });
  });

  test('whose model is gone by then fail', async () => {
    await endpoint();
    await bench.endpointConfig('one');
    await bench.call('CreateInferenceComponent', request('llm', { Specification: { ModelName: 'one-model', ComputeResourceRequirements: NEEDS } }));
    await bench.call('DeleteModel', { ModelName: 'one-model' });
    await bench.minutes(3);
    expect(await describe_('llm')).toMatchObject({ InferenceComponentStatus: 'Failed', FailureReason: 'Could not find model "one-model".' });
  });

  test('scale, and an update without room leaves what runs', async () => {
    await endpoint();
    await create('llm', { RuntimeConfig: { CopyCount: 2 } });
    await bench.call('UpdateInferenceComponentRuntimeConfig', { InferenceComponentName: 'llm', DesiredRuntimeConfig: { CopyCount: 4 } });
    expect(await describe_('llm')).toMatchObject({ InferenceComponentStatus: 'Updating', RuntimeConfig: { DesiredCopyCount: 4, CurrentCopyCount: 2 } });
    expect(await bench.refused('UpdateInferenceComponentRuntimeConfig', { InferenceComponentName: 'llm', DesiredRuntimeConfig: { CopyCount: 1 } }))
      .toMatchObject({ message: expect.stringContaining('in-progress') });
    expect(await bench.refused('DeleteInferenceComponent', { InferenceComponentName: 'llm' })).toMatchObject({ message: expect.stringContaining('in-progress') });
    await bench.minutes(3);
    expect(await describe_('llm')).toMatchObject({ InferenceComponentStatus: 'InService', RuntimeConfig: { DesiredCopyCount: 4, CurrentCopyCount: 4 } });
    await bench.call('UpdateInferenceComponent', { InferenceComponentName: 'llm', RuntimeConfig: { CopyCount: 5 } });
    await bench.minutes(3);
    expect(await describe_('llm')).toMatchObject({
      InferenceComponentStatus: 'InService', FailureReason: expect.stringContaining('Copy 5 of 5'), RuntimeConfig: { DesiredCopyCount: 4, CurrentCopyCount: 4 },
    });
    for (const CopyCount of [0, 1]) {
      await bench.call('UpdateInferenceComponentRuntimeConfig', { InferenceComponentName: 'llm', DesiredRuntimeConfig: { CopyCount } });
      await bench.minutes(3);
      const found = await describe_('llm');
      expect(found).toMatchObject({ InferenceComponentStatus: 'InService', RuntimeConfig: { DesiredCopyCount: CopyCount, CurrentCopyCount: CopyCount } });
      expect(found).not.toHaveProperty('FailureReason');
    }
  });

  test('are updated with another container, in rolling steps', async () => {
    await endpoint();
    await create('llm', { RuntimeConfig: { CopyCount: 2 } });
    const Container = { Image: IMAGE, Environment: { MODE: 'fast' } };
    const DeploymentConfig = { RollingUpdatePolicy: { MaximumBatchSize: { Type: 'COPY_COUNT', Value: 1 }, WaitIntervalInSeconds: 60 } };
    await bench.call('UpdateInferenceComponent', { InferenceComponentName: 'llm', Specification: { ...CONTAINER, Container }, DeploymentConfig });
    await bench.minutes(3);
    expect(await describe_('llm')).toMatchObject({ InferenceComponentStatus: 'Updating', Specification: { Container: { ArtifactUrl: 's3://models/llm.tar.gz' } } });
    await bench.minutes(2);
    expect(await describe_('llm')).toMatchObject({ InferenceComponentStatus: 'InService', Specification: { Container: { Environment: { MODE: 'fast' } } }, LastDeploymentConfig: DeploymentConfig });
    expect(await bench.refused('UpdateInferenceComponent', { InferenceComponentName: 'llm' })).toMatchObject({ message: expect.stringContaining('At least one of') });
  });

  test('have a specification for each type of a variant on pools', async () => {
    await endpoint({ InstanceType: undefined, InstancePools: [{ InstanceType: 'ml.g5.xlarge', Priority: 1 }, { InstanceType: 'ml.g5.12xlarge', Priority: 2 }], InitialInstanceCount: 2 });
    const needs = (NumberOfAcceleratorDevicesRequired: number) => ({ ...NEEDS, NumberOfAcceleratorDevicesRequired });
    const of = (InstanceType: string, accelerators: number) => ({ InstanceType, ...CONTAINER, ComputeResourceRequirements: needs(accelerators) });
    expect(await create('llm', { Specification: undefined, Specifications: [of('ml.g5.xlarge', 1), of('ml.g5.12xlarge', 4)], RuntimeConfig: { CopyCount: 2 } })).toMatchObject({
      InferenceComponentStatus: 'InService',
      Specifications: [{ InstanceType: 'ml.g5.xlarge' }, { InstanceType: 'ml.g5.12xlarge' }],
      RuntimeConfig: { PlacementStatus: [{ InstanceType: 'ml.g5.xlarge', CurrentCopyCount: 2 }] },
    });
    expect(await create('other', { Specification: undefined, Specifications: [of('ml.m5.large', 1)] })).toMatchObject({
      InferenceComponentStatus: 'Failed', FailureReason: expect.stringContaining('no specification for ml.g5.xlarge, ml.g5.12xlarge'),
    });
  });

  test('get and give back instances that the service manages', async () => {
    await endpoint({ ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 1, MaxInstanceCount: 3 } });
    expect(await create('llm', { RuntimeConfig: { CopyCount: 9 } })).toMatchObject({ InferenceComponentStatus: 'InService' });
    expect(await instances()).toBe(3);
    expect(await create('more', { RuntimeConfig: { CopyCount: 4 } })).toMatchObject({ InferenceComponentStatus: 'Failed' });
    await bench.call('DeleteInferenceComponent', { InferenceComponentName: 'llm' });
    await bench.minutes(1);
    expect(await instances()).toBe(1);
    bench.region.sagemaker.state.withoutCapacity.add('ml.g5.12xlarge');
    expect(await create('none', { RuntimeConfig: { CopyCount: 9 } })).toMatchObject({ InferenceComponentStatus: 'Failed' });
  });

  test('are listed by endpoint, variant and name', async () => {
    await endpoint();
    await endpoint({}, 'other');
    await create('one');
    await create('two', { EndpointName: 'other' });
    const names = async (input: object) => (await bench.call('ListInferenceComponents', { SortBy: 'Name', SortOrder: 'Ascending', ...input })).InferenceComponents
      .map((component: any) => component.InferenceComponentName);
    expect(await names({})).toEqual(['one', 'two']);
    expect(await names({ EndpointNameEquals: 'other' })).toEqual(['two']);
    expect(await names({ VariantNameEquals: 'none' })).toEqual([]);
    expect(await names({ NameContains: 'on', StatusEquals: 'InService' })).toEqual(['one']);
  });
});

describe('adapters', () => {
  const ADAPTER = { Specification: { BaseInferenceComponentName: 'base', Container: { ArtifactUrl: 's3://models/lora.tar.gz' } }, RuntimeConfig: undefined, VariantName: undefined };

  test('run in the copies of their base, which stays as long as they do', async () => {
    await endpoint();
    await create('base');
    const found = await create('lora', ADAPTER);
    expect(found).toMatchObject({ InferenceComponentStatus: 'InService', Specification: { BaseInferenceComponentName: 'base' } });
    expect(found).not.toHaveProperty('RuntimeConfig');
    expect((await bench.call('ListInferenceComponents', { NameContains: 'lora' })).InferenceComponents).toMatchObject([{ VariantName: 'main' }]);
    expect(await bench.refused('DeleteInferenceComponent', { InferenceComponentName: 'base' })).toMatchObject({ message: expect.stringContaining('it has the adapters lora') });
    expect(await bench.refused('UpdateInferenceComponentRuntimeConfig', { InferenceComponentName: 'lora', DesiredRuntimeConfig: { CopyCount: 2 } }))
      .toMatchObject({ message: expect.stringContaining('RuntimeConfig must not be given') });
    await bench.call('UpdateInferenceComponent', { InferenceComponentName: 'lora', ...{ Specification: { ...ADAPTER.Specification, Container: { ArtifactUrl: 's3://models/lora-2.tar.gz' } } } });
    await bench.minutes(3);
    expect(await describe_('lora')).toMatchObject({ InferenceComponentStatus: 'InService', Specification: { Container: { ArtifactUrl: 's3://models/lora-2.tar.gz' } } });
    for (const InferenceComponentName of ['lora', 'base']) {
      await bench.call('DeleteInferenceComponent', { InferenceComponentName });
      expect(await status(InferenceComponentName)).toBe('Deleting');
      await bench.minutes(1);
    }
    expect((await bench.call('ListInferenceComponents')).InferenceComponents).toEqual([]);
  });

  test('are refused with copies of their own, on another endpoint, and on an adapter', async () => {
    await endpoint();
    await endpoint({}, 'other');
    await create('base');
    await create('lora', ADAPTER);
    const refused = async (more: object) => (await bench.refused('CreateInferenceComponent', request('second', { ...ADAPTER, ...more }))).message;
    expect(await refused({ RuntimeConfig: { CopyCount: 1 } })).toContain('RuntimeConfig must not be given');
    expect(await refused({ EndpointName: 'other' })).toContain('is on endpoint "live"');
    expect(await refused({ Specification: { ...ADAPTER.Specification, BaseInferenceComponentName: 'lora' } })).toContain('is itself an adapter');
  });
});

describe('an endpoint of components', () => {
  test('is not deleted before them', async () => {
    await endpoint();
    await create('llm');
    expect(await bench.refused('DeleteEndpoint', { EndpointName })).toMatchObject({ message: expect.stringContaining('it has the inference components llm') });
    await bench.call('DeleteInferenceComponent', { InferenceComponentName: 'llm' });
    expect(await bench.refused('DeleteEndpoint', { EndpointName })).toMatchObject({ code: 'ValidationException' });
    await bench.minutes(1);
    await bench.call('DeleteEndpoint', { EndpointName });
    expect(await bench.refused('DescribeInferenceComponent', { InferenceComponentName: 'llm' })).toMatchObject({ message: expect.stringContaining('Could not find') });
  });

  test('keeps the variant under a component, and instances that have room for it', async () => {
    await endpoint();
    await create('llm', { RuntimeConfig: { CopyCount: 4 } });
    await bench.endpointConfig('models');
    expect(await bench.refused('UpdateEndpoint', { EndpointName, EndpointConfigName: 'models' })).toMatchObject({ message: expect.stringContaining('would have a model') });
    const config = (EndpointConfigName: string, variant: object) => bench.call('CreateEndpointConfig', {
      EndpointConfigName, ExecutionRoleArn: ROLE, ProductionVariants: [{ VariantName: 'main', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1, ...variant }],
    });
    await config('renamed', { VariantName: 'other' });
    expect(await bench.refused('UpdateEndpoint', { EndpointName, EndpointConfigName: 'renamed' })).toMatchObject({ message: expect.stringContaining('be removed') });
    await config('small', {});
    await config('enough', { InitialInstanceCount: 4 });
    for (const [EndpointConfigName, serves] of [['small', 'live-config'], ['enough', 'enough']]) {
      await bench.call('UpdateEndpoint', { EndpointName, EndpointConfigName });
      await bench.minutes(3);
      expect(await bench.call('DescribeEndpoint', { EndpointName })).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: serves });
    }
    expect(await describe_('llm')).toMatchObject({ RuntimeConfig: { PlacementStatus: [{ InstanceType: 'ml.g5.xlarge', CurrentCopyCount: 4 }] } });
  });
});
