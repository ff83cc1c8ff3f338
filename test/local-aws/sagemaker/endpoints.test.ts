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

  test.each<[string, object, object]>([
    ['routing by prefix without a prefix', { RoutingConfig: { RoutingStrategy: 'PREFIX_AWARE' } }, {}],
    ['routing by half a prefix', { RoutingConfig: { RoutingStrategy: 'PREFIX_AWARE', PrefixAwareRoutingConfig: { PrefixLength: 1024 } } }, {}],
    ['a prefix for another routing',
      { RoutingConfig: { RoutingStrategy: 'RANDOM', PrefixAwareRoutingConfig: { PrefixLength: 1024, ConcurrencyThreshold: 1 } } }, {}],
    ['a frequency that the service has not', {}, { MetricsConfig: { MetricPublishFrequencyInSeconds: 20 } }],
  ])('are refused with %s', async (_what, variant, config) => {
    await bench.endpointConfig('one');
    const whole = { VariantName: 'main', ModelName: 'one-model', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1, ...variant };
    expect(await bench.refused('CreateEndpointConfig', { EndpointConfigName: 'two', ProductionVariants: [whole], ...config }))
      .toMatchObject({ code: 'ValidationException' });
  });

  test('may route by prefix, and publish metrics more often', async () => {
    const RoutingConfig = { RoutingStrategy: 'PREFIX_AWARE', PrefixAwareRoutingConfig: { PrefixLength: 1024, ConcurrencyThreshold: 1 } };
    await bench.endpointConfig('one');
    const variant = { VariantName: 'main', ModelName: 'one-model', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1, RoutingConfig };
    const input = { EndpointConfigName: 'two', ProductionVariants: [variant], MetricsConfig: { MetricPublishFrequencyInSeconds: 10 } };
    await bench.call('CreateEndpointConfig', input);
    expect(await bench.call('DescribeEndpointConfig', { EndpointConfigName: 'two' })).toMatchObject(input);
  });

  const SERVERLESS = { MemorySizeInMB: 2048, MaxConcurrency: 10 };
  test.each<[string, object, object, object, string]>([
    ['memory between two steps', { MemorySizeInMB: 1111 }, {}, {}, 'MemorySizeInMB'],
    ['too much memory', { MemorySizeInMB: 7168 }, {}, {}, 'emorySizeInMB'],
    ['too much concurrency', { MaxConcurrency: 201 }, {}, {}, 'axConcurrency'],
    ['more provisioned concurrency than there may be', { MaxConcurrency: 5, ProvisionedConcurrency: 6 }, {}, {}, 'ProvisionedConcurrency'],
    ['a VPC', {}, { VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] } }, {}, 'VpcConfig'],
    ['a model in a VPC', {}, {}, { VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] } }, 'VpcConfig'],
    ['an isolated model', {}, {}, { EnableNetworkIsolation: true }, 'EnableNetworkIsolation'],
    ['data capture', {}, { DataCaptureConfig: { InitialSamplingPercentage: 1, DestinationS3Uri: 's3://b/c', CaptureOptions: [{ CaptureMode: 'Input' }] } }, {}, 'DataCaptureConfig'],
  ])('are refused with a serverless variant and %s', async (_what, serverless, config, model, named) => {
    await bench.endpointConfig('one');
    const { PrimaryContainer, ExecutionRoleArn } = await bench.call('DescribeModel', { ModelName: 'one-model' });
    await bench.call('CreateModel', { ModelName: 'own', PrimaryContainer, ExecutionRoleArn, ...model });
    const request = (more: object) => ({
      EndpointConfigName: 'two', ProductionVariants: [{ VariantName: 'main', ModelName: 'own', ServerlessConfig: { ...SERVERLESS, ...more } }], ...config,
    });
    expect(await bench.refused('CreateEndpointConfig', request(serverless))).toMatchObject({ code: 'ValidationException', message: expect.stringContaining(named) });
  });

  test('are made with a serverless variant at its bounds', async () => {
    await bench.endpointConfig('one', { ServerlessConfig: { MemorySizeInMB: 6144, MaxConcurrency: 200, ProvisionedConcurrency: 200 } });
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

describe('what production asks of endpoints', () => {
  const CAPTURE = { InitialSamplingPercentage: 10, DestinationS3Uri: 's3://data', CaptureOptions: [{ CaptureMode: 'Input' }] };
  const variant = (VariantName: string, rest: object = {}) => (
    { VariantName, ModelName: 'one-model', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1, ...rest });
  const config = async (EndpointConfigName: string, rest: object) => {
    await bench.call('CreateEndpointConfig', { EndpointConfigName, ProductionVariants: [variant('main')], ...rest });
    return EndpointConfigName;
  };
  const described = () => bench.call('DescribeEndpoint', { EndpointName });

  test('shadow variants, data capture and asynchronous inference are described with the endpoint', async () => {
    await bench.endpointConfig('one');
    const AsyncInferenceConfig = { OutputConfig: { S3OutputPath: 's3://data/answers' } };
    await bench.call('CreateEndpoint', {
      EndpointName,
      EndpointConfigName: await config('all', {
        ShadowProductionVariants: [variant('shadow', { RoutingConfig: { RoutingStrategy: 'RANDOM' } })], DataCaptureConfig: CAPTURE, AsyncInferenceConfig,
      }),
    });
    await bench.minutes(3);
    expect(await described()).toMatchObject({
      ShadowProductionVariants: [{ VariantName: 'shadow', RoutingConfig: { RoutingStrategy: 'RANDOM' } }],
      DataCaptureConfig: { EnableCapture: true, CaptureStatus: 'Started', CurrentSamplingPercentage: 10, DestinationS3Uri: 's3://data' },
      AsyncInferenceConfig,
    });
  });

  test.each([[{}, undefined], [{ RetainAllVariantProperties: true }, 10],
    [{ RetainAllVariantProperties: true, ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }] }, undefined]])('an update with %j leaves capture of %s percent', async (manner, percent) => {
    await bench.endpointConfig('one');
    await bench.call('CreateEndpoint', { EndpointName, EndpointConfigName: await config('captured', { DataCaptureConfig: CAPTURE }) });
    await bench.minutes(3);
    await bench.call('UpdateEndpoint', { EndpointName, EndpointConfigName: 'one', ...manner });
    await bench.minutes(3);
    expect((await described()).DataCaptureConfig?.CurrentSamplingPercentage).toBe(percent);
  });

  test.each<[string, number, object]>([
    ['all at once', 10, { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 600 } } }],
    ['by a canary', 21, {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'CANARY', WaitIntervalInSeconds: 600, CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 } }, TerminationWaitInSeconds: 60,
      },
    }],
    ['in four steps', 40, {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'LINEAR', WaitIntervalInSeconds: 600, LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 25 } },
      },
    }],
    ['in three batches', 30, { RollingUpdatePolicy: { WaitIntervalInSeconds: 600, MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 40 } } }],
  ])('an update %s takes %i minutes more, and again where it is retained', async (_how, minutes, DeploymentConfig) => {
    await create();
    await bench.endpointConfig('two');
    for (const manner of [{ DeploymentConfig }, { RetainDeploymentConfig: true }]) {
      await bench.call('UpdateEndpoint', { EndpointName, EndpointConfigName: 'two', ...manner });
      await bench.minutes(3 + minutes - 0.1);
      expect(await status()).toBe('Updating');
      await bench.minutes(0.1);
      expect(await described()).toMatchObject({ EndpointStatus: 'InService', LastDeploymentConfig: DeploymentConfig });
    }
  });

  test('a shadow variant stands beside one production variant only', async () => {
    await bench.endpointConfig('one');
    expect(await bench.refused('CreateEndpointConfig', {
      EndpointConfigName: 'wrong', ProductionVariants: [variant('a'), variant('b')], ShadowProductionVariants: [variant('c')],
    })).toMatchObject({ code: 'ValidationException' });
  });
});
