import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AIWorkloadConfig, AsyncInference, CaptureMode, ClarifyExplainer, ContainerImage, CopyBatchSize, DataCapture, Endpoint, EndpointConfig,
  EndpointConfigProps, FeatureType, HostingOptions, InferenceAmiVersion, InferenceComponent, InferenceComponentOptions, InferenceComponentProps,
  InstanceType, ModelData, ModelPackage, ModelPackageProps, PlacementStrategy, RoutingStrategy, ScaleInStrategy, TextGranularity, Variant,
  Workload, WorkloadDataset,
} from '../../src';
import { arn, deployed, newStack, only, packageIn } from '../harness/constructs';
import { bucket, key, network, served, topic } from '../harness/endpoints';
import { namesIn, namesOf } from '../harness/resource-spec';
import { leavesOf, membersOf } from '../harness/sdk-shapes';
import { TYPES, wholePackage } from '../harness/whole-package';

/** A reason that the test checks: the service has the member, and CloudFormation's resource has not. */
const NOT_IN_CLOUDFORMATION = 'CloudFormation has no such property';

/** What no prop renders, by the beginning of its path, and why. Whoever renders one deletes its line. */
const NOT_RENDERED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EndpointConfig: {
    'EndpointConfigName': 'a configuration is replaced at each change, so it has no name of its own',
    'Tags': 'the CDK\'s tags are rendered',
    'ProductionVariants.AcceleratorType': 'Elastic Inference is no longer offered',
  },
  AIWorkloadConfig: {
    Tags: 'the CDK\'s tags are rendered',
  },
  InferenceComponent: {
    'Tags': 'the CDK\'s tags are rendered',
    'Specification.InstanceType': NOT_IN_CLOUDFORMATION,
    'Specifications.BaseInferenceComponentName': NOT_IN_CLOUDFORMATION,
  },
  ModelPackage: {
    'ClientToken': 'CloudFormation sends its own',
    'Tags': 'a version has no tags, and the CDK\'s tags are rendered on other packages',
    'ModelPackageRegistrationType': NOT_IN_CLOUDFORMATION,
    'ModelLifeCycle': NOT_IN_CLOUDFORMATION,
    'ManagedStorageType': NOT_IN_CLOUDFORMATION,
    'ValidationSpecification.ValidationProfiles.TransformJobDefinition.TransformResources.TransformAmiVersion': NOT_IN_CLOUDFORMATION,
    'SourceAlgorithmSpecification.SourceAlgorithms.ModelDataSource': NOT_IN_CLOUDFORMATION,
    'SourceAlgorithmSpecification.SourceAlgorithms.ModelDataETag': NOT_IN_CLOUDFORMATION,
    ...Object.fromEntries(['InferenceSpecification', 'AdditionalInferenceSpecifications'].flatMap((specification) => [
      ...['HubAccessConfig', 'ManifestS3Uri', 'ETag', 'ManifestEtag'].map((member) => `ModelDataSource.S3DataSource.${member}`),
      'ProductId', 'AdditionalModelDataSources', 'AdditionalS3DataSource', 'ModelDataETag', 'IsCheckpoint', 'BaseModel',
    ].map((member) => [`${specification}.Containers.${member}`, NOT_IN_CLOUDFORMATION]))),
  },
};

const HOSTING: Required<HostingOptions> = {
  variantName: 'tuned',
  initialVariantWeight: 1,
  volumeSize: Size.gibibytes(8),
  modelDataDownloadTimeout: Duration.minutes(2),
  containerStartupHealthCheckTimeout: Duration.minutes(2),
  instanceProvisionTimeout: Duration.minutes(10),
  enableSsmAccess: true,
  inferenceAmiVersion: InferenceAmiVersion.AL2_GPU_2,
  routingStrategy: RoutingStrategy.prefixAware({ prefixLength: 2048, concurrencyThreshold: 8 }),
  capacityReservation: { reservationArn: arn('sagemaker', 'training-plan/p') },
  coreDump: { bucket: undefined as any },
};

/** Both baselines exclude each other, so each explainer is in a configuration of its own. */
const explainer = (baseline: Partial<ClarifyExplainer['shap']>): ClarifyExplainer => ({
  enableExplanations: '`true`',
  shap: { ...baseline, baselineMimeType: 'text/csv', numberOfSamples: 1, useLogit: true, seed: 1, text: { language: 'en', granularity: TextGranularity.TOKEN } },
  inference: {
    featuresAttribute: 'f',
    contentTemplate: '$features',
    maxRecordCount: 1,
    maxPayloadInMb: 1,
    probabilityIndex: 0,
    labelIndex: 0,
    probabilityAttribute: 'p',
    labelAttribute: 'l',
    labelHeaders: ['l'],
    featureHeaders: ['f'],
    featureTypes: [FeatureType.TEXT],
  },
});

function wholeConfig(stack: Stack, baseline: Partial<ClarifyExplainer['shap']>): EndpointConfigProps {
  const encryptionKey = key(stack);
  const hosting = { ...HOSTING, coreDump: { bucket: bucket(stack, 'dumps'), prefix: 'dumps', encryptionKey } };
  return {
    variants: [
      Variant.onInstances(served(stack), { ...hosting, instanceType: InstanceType.ML_G5_XLARGE, initialInstanceCount: 1 }),
      Variant.onInstancePools(served(stack, 'pooled'), {
        variantName: 'pools', instancePools: [{ instanceType: InstanceType.ML_G5_XLARGE, priority: 1, model: served(stack, 'weak') }],
      }),
      Variant.forInferenceComponents({
        variantName: 'components',
        instanceType: InstanceType.ML_G5_XLARGE,
        managedInstanceScaling: {
          minInstanceCount: 1,
          maxInstanceCount: 2,
          scaleInStrategy: ScaleInStrategy.IDLE_RELEASE,
          scaleInMaximumStepSize: 1,
          scaleInCooldown: Duration.minutes(5),
        },
      }),
    ],
    encryptionKey,
    dataCapture: DataCapture.toBucket(bucket(stack, 'captured'), {
      prefix: 'p', samplingPercentage: 1, modes: [CaptureMode.INPUT], csvContentTypes: ['text/csv'], jsonContentTypes: ['application/json'], encryptionKey,
    }),
    asyncInference: AsyncInference.toBucket(bucket(stack, 'async'), {
      failureBucket: bucket(stack, 'failures'),
      successTopic: topic(stack, 'good'),
      errorTopic: topic(stack, 'bad'),
      includeResponseInSuccess: true,
      includeResponseInError: true,
      maxConcurrentInvocationsPerInstance: 1,
      encryptionKey,
    }),
    explainer: explainer(baseline),
    metricsConfig: { enhancedMetrics: true, detailedObservability: true, publishFrequency: Duration.seconds(10) },
    enableNetworkIsolation: true,
    ...network(stack),
  };
}

const NEEDS = { minMemory: Size.gibibytes(1), maxMemory: Size.gibibytes(2), cpuCores: 1, accelerators: 1 };
const COMPONENT: InferenceComponentOptions = {
  ...NEEDS,
  environment: { MODE: 'fast' },
  metricsEndpoint: { path: '/metrics', publishFrequency: Duration.seconds(10) },
  modelDataDownloadTimeout: Duration.minutes(2),
  containerStartupHealthCheckTimeout: Duration.minutes(2),
  dataCaching: true,
  scheduling: { placementStrategy: PlacementStrategy.SPREAD, maxZoneImbalance: 1 },
};

function component(stack: Stack, props: (stack: Stack) => Partial<InferenceComponentProps>): void {
  new InferenceComponent(stack, 'Component', { endpoint: Endpoint.fromEndpointName(stack, 'Endpoint', 'live'), ...props(stack) });
}

const container = (stack: Stack) => ({ ...COMPONENT, image: ContainerImage.fromRegistry('image'), modelData: ModelData.fromBucket(bucket(stack, 'models'), 'm.tar.gz') });

/** All names that the resource's constructs render. */
const RENDERED: Readonly<Record<string, (make: Stack) => void>> = {
  'EndpointConfig with a baseline': (stack) => new EndpointConfig(stack, 'Config', wholeConfig(stack, { baseline: '1,2' })),
  'EndpointConfig with a baseline in S3': (stack) => new EndpointConfig(stack, 'Config', wholeConfig(stack, { baselineUri: 's3://data/baseline.csv' })),
  'EndpointConfig with a serverless variant': (stack) => new EndpointConfig(stack, 'Config', {
    variants: [Variant.serverless(served(stack), { memorySize: Size.gibibytes(1), maxConcurrency: 2, provisionedConcurrency: 1 })],
  }),
  'AIWorkloadConfig of a dataset': (stack) => new AIWorkloadConfig(stack, 'Workload', {
    workload: Workload.dataset({ dataset: WorkloadDataset.fromBucketPrefix(bucket(stack), 'traffic/'), concurrency: 1 }),
  }),
  'InferenceComponent of a container': (stack) => component(stack, () => ({
    ...container(stack),
    rollingUpdate: {
      maximumBatchSize: CopyBatchSize.copies(1), rollbackMaximumBatchSize: CopyBatchSize.percent(50), maximumExecutionTimeout: Duration.hours(1),
    },
    rollbackAlarms: [Alarm.fromAlarmArn(stack, 'Alarm', arn('cloudwatch', 'alarm:slow'))],
  })),
  'InferenceComponent of a model': (stack) => component(stack, () => ({ ...NEEDS, model: served(stack) })),
  'InferenceComponent on each type': (stack) => component(stack, () => ({
    perInstanceType: [
      { ...container(stack), instanceType: InstanceType.ML_G5_XLARGE }, { ...NEEDS, model: served(stack), instanceType: InstanceType.ML_G6_XLARGE },
    ],
  })),
  'InferenceComponent that adapts another': (stack) => component(stack, () => ({
    baseComponent: InferenceComponent.fromInferenceComponentName(stack, 'Base', 'base'), modelData: container(stack).modelData,
  })),
  'ModelPackage of a group': (stack) => {
    const props: Partial<ModelPackageProps> = wholePackage(stack);
    packageIn(stack, { ...props, validation: { ...props.validation!, instanceCount: 1, maxPayload: Size.mebibytes(1) }, samplePayload: undefined });
  },
  'ModelPackage with a payload': (stack) => packageIn(stack),
  'ModelPackage without a group': (stack) => new ModelPackage(stack, 'Package', {
    modelPackageName: 'one', containers: wholePackage(stack).containers, supportedRealtimeInferenceInstanceTypes: TYPES, supportedTransformInstanceTypes: TYPES,
  }),
};

describe.each([
  ['AIWorkloadConfig', ['CreateAIWorkloadConfigRequest'], 5],
  ['EndpointConfig', ['CreateEndpointConfigInput'], 50],
  ['InferenceComponent', ['CreateInferenceComponentInput', 'UpdateInferenceComponentInput'], 40],
  ['ModelPackage', ['CreateModelPackageInput'], 50],
] as const)('%s', (resource, inputs, least) => {
  const type = `AWS::SageMaker::${resource}`;
  const known = namesOf(type);
  const rendered = new Set(Object.entries(RENDERED).filter(([what]) => what.startsWith(resource)).flatMap(([, make]) => {
    const stack = newStack();
    make(stack);
    return namesIn(only(deployed(stack), type).Properties, new Set(known));
  }));
  // A shadow variant is a variant.
  const leaves = [...new Set(inputs.flatMap((input) => membersOf(input).filter((member) => member !== 'ShadowProductionVariants').flatMap((member) => (
    leavesOf(input, member).map((path) => [member, ...path].filter((name) => name !== '[]').join('.'))))))];
  const listed = Object.entries(NOT_RENDERED[resource]);
  const isUnder = (name: string, path: string) => name === path || name.startsWith(`${path}.`);

  test('each member that the SDK takes has a prop, or the list says why not', () => {
    expect(leaves.length).toBeGreaterThanOrEqual(least);
    const missing = leaves.filter((leaf) => !rendered.has(leaf) && !listed.some(([path]) => isUnder(leaf, path)));
    expect(missing.map((leaf) => `${resource} renders no ${leaf}`)).toEqual([]);
  });

  test('the list names only members that the SDK takes and nothing renders', () => {
    expect(listed.filter(([path]) => !leaves.some((leaf) => isUnder(leaf, path)))).toEqual([]);
    expect(listed.filter(([path]) => [...rendered].some((name) => isUnder(name, path)))).toEqual([]);
  });

  test('what CloudFormation is said not to have, it has not', () => {
    expect(listed.filter(([path, reason]) => reason === NOT_IN_CLOUDFORMATION && known.some((name) => isUnder(name, path)))).toEqual([]);
  });
});
