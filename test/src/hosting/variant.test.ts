import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  EndpointConfig, EndpointType, HostingOptions, InferenceAmiVersion, InferenceComponentVariantProps, InstancePool, InstanceType,
  ManagedInstanceScaling, RoutingStrategy, ScaleInStrategy, ServerlessVariantProps, Variant,
} from '../../../src';
import { arn, deployed, idOf, jobIn, late, newStack, only } from '../../harness/constructs';
import { judged, onInstances, ON_INSTANCES, served, warningsOf } from '../../harness/endpoints';

const TYPE = 'AWS::SageMaker::EndpointConfig';
const HOSTING: Required<HostingOptions> = {
  variantName: 'main',
  initialVariantWeight: 0.5,
  volumeSize: Size.gibibytes(64),
  modelDataDownloadTimeout: Duration.minutes(20),
  containerStartupHealthCheckTimeout: Duration.minutes(10),
  instanceProvisionTimeout: Duration.minutes(15),
  enableSsmAccess: true,
  inferenceAmiVersion: InferenceAmiVersion.AL2_GPU_3_1,
  routingStrategy: RoutingStrategy.prefixAware({ prefixLength: 2048, concurrencyThreshold: 8 }),
  capacityReservation: { reservationArn: arn('sagemaker', 'training-plan/plan') },
  coreDump: { bucket: Bucket.fromBucketName(newStack(), 'Dumps', 'dumps'), prefix: 'crashed' },
};
const RENDERED_HOSTING = {
  VolumeSizeInGB: 64,
  ModelDataDownloadTimeoutInSeconds: 1200,
  ContainerStartupHealthCheckTimeoutInSeconds: 600,
  VariantInstanceProvisionTimeoutInSeconds: 900,
  EnableSSMAccess: true,
  InferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-3-1',
  RoutingConfig: { RoutingStrategy: 'PREFIX_AWARE', PrefixAwareRoutingConfig: { PrefixLength: 2048, ConcurrencyThreshold: 8 } },
  CapacityReservationConfig: { MlReservationArn: arn('sagemaker', 'training-plan/plan'), CapacityReservationPreference: 'capacity-reservations-only' },
  CoreDumpConfig: { DestinationS3Uri: 's3://dumps/crashed' },
};
const SERVERLESS: ServerlessVariantProps = { memorySize: Size.gibibytes(2), maxConcurrency: 5 };

/** The one variant of a configuration, which CloudFormation and the API take as it is. */
function rendered(make: (stack: Stack) => Variant): any {
  const stack = newStack();
  new EndpointConfig(stack, 'Config', { variants: [make(stack)] });
  return judged(stack, TYPE, 'CreateEndpointConfigInput', { EndpointConfigName: 'made-at-deploy' }).ProductionVariants[0];
}

const components = (props: Partial<InferenceComponentVariantProps>) => Variant.forInferenceComponents({ ...ON_INSTANCES, ...props });

describe('each prop reaches the template under CloudFormation\'s name', () => {
  test('of a variant on instances', () => {
    expect(rendered((stack) => onInstances(stack, { ...HOSTING, initialInstanceCount: 2 }))).toEqual({
      VariantName: 'main',
      ModelName: 'served',
      InitialVariantWeight: 0.5,
      InstanceType: 'ml.c5.xlarge',
      InitialInstanceCount: 2,
      ...RENDERED_HOSTING,
    });
  });

  test('of a variant on instance pools', () => {
    const instancePools = (stack: Stack) => [
      { instanceType: InstanceType.ML_C5_XLARGE }, { instanceType: InstanceType.ML_M5_LARGE, priority: 3, model: served(stack, 'other') },
    ];
    const props = (stack: Stack) => ({ ...HOSTING, instancePools: instancePools(stack), initialInstanceCount: 2 });
    expect(rendered((stack) => Variant.onInstancePools(served(stack), props(stack)))).toEqual({
      VariantName: 'main',
      ModelName: 'served',
      InitialVariantWeight: 0.5,
      InstancePools: [{ InstanceType: 'ml.c5.xlarge', Priority: 1 }, { InstanceType: 'ml.m5.large', Priority: 3, ModelNameOverride: 'other' }],
      InitialInstanceCount: 2,
      ...RENDERED_HOSTING,
    });
  });

  // Figures of public pages and apps, as their authors send them.
  test.each<[string, number, string[], Partial<HostingOptions>, object]>([
    // https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html
    ['AWS\'s guide', 2, ['ml.g6.2xlarge', 'ml.g6e.2xlarge'], { instanceProvisionTimeout: Duration.minutes(10) }, { VariantInstanceProvisionTimeoutInSeconds: 600 }],
    // The notebook on capacity aware instance pools of AWS's samples.
    ['AWS\'s notebook', 1, ['ml.g6.24xlarge', 'ml.g5.48xlarge', 'ml.g5.12xlarge'],
      { instanceProvisionTimeout: Duration.hours(1), routingStrategy: RoutingStrategy.LEAST_OUTSTANDING_REQUESTS },
      { VariantInstanceProvisionTimeoutInSeconds: 3600, RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' } }],
    // https://developers.deepgram.com/docs/deploy-amazon-sagemaker
    ['a vendor\'s manual', 1, ['ml.g6.2xlarge', 'ml.g6e.2xlarge', 'ml.g5.2xlarge'], {
      instanceProvisionTimeout: Duration.minutes(5),
      inferenceAmiVersion: InferenceAmiVersion.AL2023_GPU_4_1,
      modelDataDownloadTimeout: Duration.minutes(10),
      containerStartupHealthCheckTimeout: Duration.minutes(5),
    }, {
      VariantInstanceProvisionTimeoutInSeconds: 300,
      InferenceAmiVersion: 'al2023-ami-sagemaker-inference-gpu-4-1',
      ModelDataDownloadTimeoutInSeconds: 600,
      ContainerStartupHealthCheckTimeoutInSeconds: 300,
    }],
    // An app of somebody's own, with an L1.
    ['a public app', 2, ['ml.g6.2xlarge', 'ml.g6e.2xlarge', 'ml.g5.2xlarge', 'ml.g4dn.2xlarge'],
      { instanceProvisionTimeout: Duration.minutes(20), modelDataDownloadTimeout: Duration.hours(1) },
      { VariantInstanceProvisionTimeoutInSeconds: 1200, ModelDataDownloadTimeoutInSeconds: 3600 }],
  ])('of the instance pools of %s', (_whose, initialInstanceCount, types, options, expected) => {
    const instancePools = types.map((type) => ({ instanceType: InstanceType.of(type) }));
    expect(rendered((stack) => Variant.onInstancePools(served(stack), { instancePools, initialInstanceCount, ...options }))).toEqual({
      VariantName: 'AllTraffic',
      ModelName: 'served',
      InitialVariantWeight: 1,
      InitialInstanceCount: initialInstanceCount,
      InstancePools: types.map((type, index) => ({ InstanceType: type, Priority: index + 1 })),
      ...expected,
    });
  });

  test.each<[string, Array<Partial<InstancePool>>, string]>([
    ['no pools', [], '`instancePools` must have 1 to 5 entries, got: 0.'],
    ['six pools', Array(6).fill({}), '`instancePools` must have 1 to 5 entries, got: 6.'],
    ['a type twice', [{}, {}], "`instancePools` must have different instance types, got 'ml.c5.xlarge' twice: leave one pool out."],
    ['a priority of 6', [{ priority: 6 }], '`instancePools[0].priority` must be at most 5, got: 6.'],
  ])('a variant on instance pools is refused with %s', (_what, instancePools, message) => {
    const all = instancePools.map((pool) => ({ instanceType: InstanceType.ML_C5_XLARGE, ...pool }));
    expect(() => Variant.onInstancePools(served(newStack()), { instancePools: all })).toThrow(message);
  });

  test('of a serverless variant', () => {
    expect(rendered((stack) => Variant.serverless(served(stack), { ...SERVERLESS, provisionedConcurrency: 5 })).ServerlessConfig)
      .toEqual({ MemorySizeInMB: 2048, MaxConcurrency: 5, ProvisionedConcurrency: 5 });
  });

  test('of a variant for inference components, which names no model', () => {
    const managedInstanceScaling: Required<ManagedInstanceScaling> = {
      minInstanceCount: 0,
      maxInstanceCount: 4,
      scaleInStrategy: ScaleInStrategy.CONSOLIDATION,
      scaleInMaximumStepSize: 2,
      scaleInCooldown: Duration.minutes(15),
    };
    const variant = rendered(() => components({ managedInstanceScaling }));
    expect(variant).not.toHaveProperty('ModelName');
    expect(variant.ManagedInstanceScaling).toEqual({
      Status: 'ENABLED',
      MinInstanceCount: 0,
      MaxInstanceCount: 4,
      ScaleInPolicy: { Strategy: 'CONSOLIDATION', MaximumStepSize: 2, CooldownInMinutes: 15 },
    });
  });

  test('of a variant of a recommendation', () => {
    const stack = newStack();
    const recommendation = jobIn(stack).addRecommendation('Best');
    new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(served(stack), recommendation, HOSTING)] });
    const resources = deployed(stack);
    expect(only(resources, TYPE).Properties.ProductionVariants[0])
      .toMatchObject({ VariantName: 'main', InstanceType: `${idOf(resources, 'JobBest')}.InstanceType`, ...RENDERED_HOSTING });
  });
});

test('managed scaling without bounds leaves them to the service', () => {
  expect(rendered(() => components({ managedInstanceScaling: {} })).ManagedInstanceScaling).toEqual({ Status: 'ENABLED' });
});

describe('bad input is refused by name, value and bound', () => {
  test.each<[Partial<HostingOptions>, RegExp]>([
    [{ volumeSize: Size.gibibytes(0) }, /^`volumeSize` must be at least 1, got: 0\.$/],
    [{ volumeSize: Size.gibibytes(513) }, /^`volumeSize` must be at most 512, got: 513\.$/],
    [{ modelDataDownloadTimeout: Duration.seconds(59) }, /^`modelDataDownloadTimeout` must be at least 60, got: 59\.$/],
    [{ modelDataDownloadTimeout: Duration.seconds(3601) }, /^`modelDataDownloadTimeout` must be at most 3600, got: 3601\.$/],
    [{ containerStartupHealthCheckTimeout: Duration.seconds(59) }, /^`containerStartupHealthCheckTimeout` must be at least 60, got: 59\.$/],
    [{ containerStartupHealthCheckTimeout: Duration.hours(2) }, /^`containerStartupHealthCheckTimeout` must be at most 3600, got: 7200\.$/],
  ])('%j', (wrong, sentence) => {
    expect(() => onInstances(newStack(), wrong)).toThrow(sentence);
    expect(() => components(wrong)).toThrow(sentence);
  });

  test.each<[ManagedInstanceScaling, RegExp]>([
    [{ minInstanceCount: -1 }, /^`minInstanceCount` must be at least 0, got: -1\.$/],
    [{ maxInstanceCount: 0 }, /^`maxInstanceCount` must be at least 1, got: 0\.$/],
    [{ scaleInStrategy: ScaleInStrategy.CONSOLIDATION, scaleInMaximumStepSize: 101 }, /^`scaleInMaximumStepSize` must be at most 100, got: 101\.$/],
    [{ scaleInStrategy: ScaleInStrategy.CONSOLIDATION, scaleInCooldown: Duration.minutes(4) }, /^`scaleInCooldown` must be at least 5, got: 4\.$/],
    [{ scaleInCooldown: Duration.minutes(5) }, /^`scaleInStrategy` is required if /],
  ])('managed scaling of %j', (managedInstanceScaling, sentence) => {
    expect(() => components({ managedInstanceScaling })).toThrow(sentence);
  });

  test.each([0, 201])('provisioned concurrency of %i', (provisionedConcurrency) => {
    expect(() => Variant.serverless(served(newStack()), { ...SERVERLESS, provisionedConcurrency }))
      .toThrow(new RegExp(`^\`provisionedConcurrency\` must be at .*, got: ${provisionedConcurrency}\\.$`));
  });

  test('what only instances have, for a serverless recommendation', () => {
    const stack = newStack();
    const recommendation = jobIn(stack).addRecommendation('Best', { endpointType: EndpointType.SERVERLESS });
    expect(() => Variant.fromRecommendation(served(stack), recommendation, { enableSsmAccess: true }))
      .toThrow(/^`enableSsmAccess` is only for variants on instances, but the recommendation is serverless/);
  });
});

test.each<[number, number, string[]]>([[5, 5, []], [5, 6, ['provisionedConcurrency']]])(
  'of at most %i requests at a time, keeping %i warm warns of %j', (maxConcurrency, provisionedConcurrency, warnings) => {
    const stack = newStack();
    new EndpointConfig(stack, 'Config', { variants: [Variant.serverless(served(stack), { ...SERVERLESS, maxConcurrency, provisionedConcurrency })] });
    expect(warningsOf(stack)).toEqual(warnings);
  });

test('tokens pass in every figure', () => {
  const figure = late.number(0);
  expect(() => components({
    volumeSize: Size.gibibytes(figure),
    modelDataDownloadTimeout: Duration.seconds(figure),
    containerStartupHealthCheckTimeout: Duration.seconds(figure),
    managedInstanceScaling: { minInstanceCount: figure, maxInstanceCount: figure },
  })).not.toThrow();
  expect(() => Variant.serverless(served(newStack()), { memorySize: Size.mebibytes(figure), maxConcurrency: 1, provisionedConcurrency: figure }))
    .not.toThrow();
});

test.each([RoutingStrategy, InferenceAmiVersion, ScaleInStrategy])('%p takes a name of tomorrow', (family) => {
  expect(family.of('tomorrow').value).toBe('tomorrow');
});
