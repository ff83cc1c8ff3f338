import { Bench } from './fixtures';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const EndpointName = 'live';
const status = async () => (await bench.call('DescribeEndpoint', { EndpointName })).EndpointStatus;

async function create(): Promise<void> {
  await bench.call('CreateEndpoint', { EndpointName, EndpointConfigName: await bench.endpointConfig('one') });
  await bench.minutes(3);
}

describe('endpoint configurations', () => {
  test.each<[string, object]>([
    ['an unknown model', { ModelName: 'none', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 }],
    ['no instances', { ModelName: 'one-model', InstanceType: 'ml.c5.xlarge' }],
    ['instances and serverless', { ModelName: 'one-model', InstanceType: 'ml.c5.xlarge', ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }],
  ])('are refused with %s', async (_what, variant) => {
    await bench.endpointConfig('one');
    expect(await bench.refused('CreateEndpointConfig', { EndpointConfigName: 'two', ProductionVariants: [{ VariantName: 'main', ...variant }] }))
      .toMatchObject({ code: 'ValidationException' });
  });

  test('are refused with two variants of a name', async () => {
    await bench.endpointConfig('one');
    const variant = { VariantName: 'main', ModelName: 'one-model', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 };
    await bench.refused('CreateEndpointConfig', { EndpointConfigName: 'two', ProductionVariants: [variant, variant] });
  });

  test('are described, listed and deleted', async () => {
    await bench.endpointConfig('one', { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } });
    expect(await bench.call('DescribeEndpointConfig', { EndpointConfigName: 'one' })).toMatchObject({ ProductionVariants: [{ VariantName: 'main' }] });
    expect((await bench.call('ListEndpointConfigs')).EndpointConfigs).toMatchObject([{ EndpointConfigName: 'one' }]);
    await bench.call('DeleteEndpointConfig', { EndpointConfigName: 'one' });
    expect(await bench.refused('DescribeEndpointConfig', { EndpointConfigName: 'one' })).toMatchObject({
      message: 'Could not find endpoint configuration "arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/one".',
    });
  });
});

describe('endpoints', () => {
  test('are Creating for three minutes, then InService', async () => {
    await bench.call('CreateEndpoint', { EndpointName, EndpointConfigName: await bench.endpointConfig('one') });
    await bench.minutes(2.9);
    expect(await status()).toBe('Creating');
    await bench.minutes(0.1);
    expect(await bench.call('DescribeEndpoint', { EndpointName })).toMatchObject({
      EndpointStatus: 'InService', EndpointConfigName: 'one', ProductionVariants: [{ VariantName: 'main', CurrentInstanceCount: 1 }],
    });
  });

  test('serve with the old configuration until an update is done', async () => {
    await create();
    await bench.call('UpdateEndpoint', { EndpointName, EndpointConfigName: await bench.endpointConfig('two') });
    expect(await bench.call('DescribeEndpoint', { EndpointName })).toMatchObject({
      EndpointStatus: 'Updating', EndpointConfigName: 'one', PendingDeploymentSummary: { EndpointConfigName: 'two' },
    });
    await bench.minutes(3);
    expect(await bench.call('DescribeEndpoint', { EndpointName })).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
  });

  test('keep what an update retains', async () => {
    await create();
    const EndpointConfigName = await bench.endpointConfig('two', { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 5, InitialVariantWeight: 7 });
    await bench.call('UpdateEndpoint', {
      EndpointName, EndpointConfigName, RetainAllVariantProperties: true, ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }],
    });
    await bench.minutes(3);
    expect((await bench.call('DescribeEndpoint', { EndpointName })).ProductionVariants).toMatchObject([{ CurrentInstanceCount: 1, CurrentWeight: 7 }]);
  });

  test('in progress are left alone, and so are their configurations', async () => {
    await create();
    await bench.call('UpdateEndpoint', { EndpointName, EndpointConfigName: await bench.endpointConfig('two') });
    const message = 'Cannot update in-progress endpoint "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/live".';
    expect(await bench.refused('UpdateEndpoint', { EndpointName, EndpointConfigName: 'one' })).toMatchObject({ code: 'ValidationException', message });
    expect(await bench.refused('DeleteEndpoint', { EndpointName })).toMatchObject({ code: 'ValidationException', message });
    for (const EndpointConfigName of ['one', 'two']) {
      expect(await bench.refused('DeleteEndpointConfig', { EndpointConfigName })).toMatchObject({ code: 'ValidationException' });
    }
    await bench.minutes(3);
    await bench.call('DeleteEndpointConfig', { EndpointConfigName: 'one' });
  });

  test('fail to come up without their model, and stay as they were when an update does not find it', async () => {
    await bench.call('CreateEndpoint', { EndpointName, EndpointConfigName: await bench.endpointConfig('one') });
    await bench.call('DeleteModel', { ModelName: 'one-model' });
    await bench.minutes(3);
    expect(await bench.call('DescribeEndpoint', { EndpointName })).toMatchObject({
      EndpointStatus: 'Failed', FailureReason: 'Could not find model "one-model".',
    });
  });

  test('are Deleting for a minute, then gone', async () => {
    await create();
    await bench.call('DeleteEndpoint', { EndpointName });
    expect(await status()).toBe('Deleting');
    await bench.minutes(1);
    expect(await bench.refused('DescribeEndpoint', { EndpointName })).toMatchObject({
      code: 'ValidationException', message: 'Could not find endpoint "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/live".',
    });
    expect(await bench.call('ListEndpoints', { StatusEquals: 'InService' })).toEqual({ Endpoints: [] });
  });
});
