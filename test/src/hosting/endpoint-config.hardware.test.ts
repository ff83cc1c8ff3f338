import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { GatewayVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  ContainerImage, EndpointConfig, EndpointConfigProps, EndpointType, InstanceType, MlFramework, Model, ModelContainer, ModelProps,
  Recommendation, RecommendedEndpoint, RecommendedVariantOptions, Variant,
} from '../../../src';
import { ACCOUNT, deployed, jobIn, newStack, only, packageIn, SCRATCH } from '../../harness/constructs';
import { configWarnings, key, network, onInstances, served, serverless, warningsOf as allWarnings } from '../../harness/endpoints';

const DLC = '763104351884.dkr.ecr.us-east-1.amazonaws.com';
const CPU = `${DLC}/pytorch-inference:2.0.1-cpu-py310-ubuntu20.04-sagemaker`;
const GRAVITON = `${DLC}/pytorch-inference-graviton:2.0.1-cpu-py310-ubuntu20.04-sagemaker`;
const GPU = `${DLC}/pytorch-inference:2.0.1-gpu-py310-cu118-ubuntu20.04-sagemaker`;
const NEURONX = `${DLC}/djl-inference:0.27.0-neuronx-sdk2.18.1`;
const PLACE = { account: ACCOUNT, region: 'us-east-1' };
const OWN = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/scorer:1`;
const TOKEN = Lazy.string({ produce: () => 'late' });
const SERVERLESS = { memorySize: Size.gibibytes(2), maxConcurrency: 5 };

/** The warnings, but for the one that an imported package has in any case. */
const warningsOf = (stack: Stack) => allWarnings(stack).filter((id) => id !== 'UnreadablePackage');

function dockerFolder(): string {
  const folder = join(SCRATCH, 'image');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch');
  return folder;
}

const modelOf = (stack: Stack, image: string | ContainerImage, props: Partial<ModelProps> = {}) => new Model(stack, 'Model', {
  containers: [ModelContainer.fromImage(typeof image === 'string' ? ContainerImage.fromRegistry(image) : image)], ...props,
});

function warned(make: (stack: Stack) => Partial<EndpointConfigProps>, env?: { account: string; region: string }): string[] {
  const stack = newStack({ env });
  new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)], ...make(stack) });
  return warningsOf(stack);
}

describe('a key', () => {
  const on = (...types: string[]) => configWarnings((stack) => ({
    encryptionKey: key(stack), variants: types.map((type, index) => onInstances(stack, { instanceType: InstanceType.of(type), variantName: `v${index}` })),
  }));

  test('does not cover local storage: a warning names the types', () => {
    expect([on('ml.g5.xlarge'), on('ml.c5.xlarge', 'ml.m5d.large'), on('ml.c5.xlarge', 'ml.m6g.large'), on(TOKEN)])
      .toEqual([['localStorage'], ['localStorage'], [], []]);
    const stack = newStack();
    new EndpointConfig(stack, 'Config', { encryptionKey: key(stack), variants: [onInstances(stack, { instanceType: InstanceType.ML_G5_XLARGE })] });
    Annotations.fromStack(stack).hasWarning('/Shop/Config', Match.stringLikeRegexp('`encryptionKey` does not encrypt the local storage of ml\\.g5\\.xlarge.*Use types without it'));
  });

  test('without one, or without storage of the instance, nothing is to be said', () => {
    expect(configWarnings((stack) => ({ variants: [onInstances(stack, { instanceType: InstanceType.ML_G5_XLARGE })] }))).toEqual([]);
    expect(configWarnings((stack) => ({ encryptionKey: key(stack), variants: [serverless(stack)] }))).toEqual([]);
  });

  test.each<[string, ConstructorParameters<typeof RecommendedEndpoint>[2], boolean]>([
    ['any type', {}, true],
    ['no type with local storage', { limits: { allowLocalStorage: false } }, false],
    ['families without', { limits: { allowedInstanceFamilies: ['ml.c5', 'ml.m6i'] } }, false],
    ['a family with it', { limits: { allowedInstanceFamilies: ['ml.c5', 'ml.c5d'] } }, true],
    ['a family with it that is refused, too', { limits: { allowedInstanceFamilies: ['ml.c5', 'ml.c5d'], refusedInstanceFamilies: ['ml.c5d'] } }, false],
    ['types without, of the job', { containerConfig: { supportedInstanceTypes: [InstanceType.ML_C5_XLARGE] } }, false],
    ['a pin on a type with it', { pinnedInstanceType: InstanceType.ML_G4DN_XLARGE }, true],
    ['a fallback with it', { limits: { allowLocalStorage: false }, fallback: { instanceType: InstanceType.ML_G5_XLARGE } }, true],
  ])('of a recommended endpoint that may choose %s', (_what, props, expected) => {
    const stack = newStack();
    new RecommendedEndpoint(stack, 'Served', { modelPackage: packageIn(stack), encryptionKey: key(stack), ...props });
    expect(warningsOf(stack)).toEqual(expected ? ['localStorage'] : []);
  });

  test('of a fixed recommendation is judged by its type', () => {
    const fixed = (instanceType: InstanceType) => configWarnings((stack) => ({
      encryptionKey: key(stack), variants: [Variant.fromRecommendation(served(stack), Recommendation.fromAttributes(stack, 'Fixed', { instanceType }))],
    }));
    expect([fixed(InstanceType.ML_G5_XLARGE), fixed(InstanceType.ML_C5_XLARGE)]).toEqual([['localStorage'], []]);
  });
});

describe('an image that says for which hardware it is', () => {
  test.each<[string, string, boolean]>([
    [CPU, 'ml.c5.xlarge', true], [CPU, 'ml.c7g.xlarge', false], [CPU, 'ml.inf2.xlarge', false], [CPU, 'ml.g5.xlarge', true],
    [GRAVITON, 'ml.c7g.xlarge', true], [GRAVITON, 'ml.c5.xlarge', false], [GPU, 'ml.m8g.large', false], [GPU, 'ml.trn1.2xlarge', false],
    [NEURONX, 'ml.inf2.xlarge', true], [NEURONX, 'ml.inf1.xlarge', false], [NEURONX, 'ml.g5.xlarge', false],
    [OWN, 'ml.c7g.xlarge', true], [TOKEN, 'ml.c7g.xlarge', true], [CPU, TOKEN, true],
  ])('%s on %s fits: %s', (image, type, fits) => {
    expect(warned((stack) => ({ variants: [Variant.onInstances(modelOf(stack, image), { instanceType: InstanceType.of(type) })] }))).toEqual(fits ? [] : ['imageHardware']);
  });

  test.each([Platform.LINUX_ARM64, Platform.LINUX_AMD64, undefined])('an image asset of platform %j says it by its platform', (platform) => {
    for (const of of [
      (asset: DockerImageAsset) => ContainerImage.fromRegistry(asset.imageUri),
      (asset: DockerImageAsset) => ContainerImage.fromEcrRepository(asset.repository, asset.imageTag),
    ]) {
      const on = (instanceType: InstanceType) => warned((stack) => {
        const asset = new DockerImageAsset(stack, 'Image', { directory: dockerFolder(), platform });
        return { variants: [Variant.onInstances(modelOf(stack, of(asset)), { instanceType })] };
      });
      expect([on(InstanceType.ML_C5_XLARGE), on(InstanceType.of('ml.c7g.xlarge'))].map(({ length }) => length))
        .toEqual({ 'linux/arm64': [1, 0], 'linux/amd64': [0, 1] }[platform?.platform ?? ''] ?? [0, 0]);
    }
  });

  test('of another Region is refused, where both are known', () => {
    const made = (image: string, region?: string) => () => modelOf(new Stack(new App(), 'Shop', { env: region ? { account: ACCOUNT, region } : undefined }), image);
    expect(made(CPU, 'eu-west-1')).toThrow(/^`image` must be in the stack's Region eu-west-1, got: '.*us-east-1.*', which is AWS's registry of another Region/);
    expect(() => packageIn(newStack({ env: { account: ACCOUNT, region: 'eu-west-1' } }))).toThrow('`containers[0].image` must be in the stack\'s Region eu-west-1');
    for (const [image, region] of [[CPU, 'us-east-1'], [CPU, undefined], ['image', 'eu-west-1'], [TOKEN, 'eu-west-1']] as const) { expect(made(image, region)).not.toThrow(); }
    const stack = newStack({ env: { account: ACCOUNT, region: 'eu-west-1' } });
    const elsewhere = Repository.fromRepositoryArn(stack, 'Repository', `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/scorer`);
    expect(() => modelOf(stack, ContainerImage.fromEcrRepository(elsewhere))).toThrow('Region eu-west-1');
  });
});

describe('a serverless variant', () => {
  const of = (make: (stack: Stack) => Model, env = PLACE) => warned((stack) => ({ variants: [Variant.serverless(make(stack), SERVERLESS)] }), env);

  test('in a VPC or isolated is refused, as the configuration or as the model says', () => {
    expect(() => configWarnings((stack) => ({ variants: [serverless(stack)], ...network(stack) }))).toThrow('`vpc` must be left out');
    expect(() => configWarnings((stack) => ({ variants: [serverless(stack)], enableNetworkIsolation: true }))).toThrow('`enableNetworkIsolation` must be left out');
    expect(() => of((stack) => modelOf(stack, OWN, { enableNetworkIsolation: true }))).toThrow('the model \'Shop/Model\' must not be isolated');
    expect(() => of((stack) => modelOf(stack, OWN, network(stack)))).toThrow('the model \'Shop/Model\' must have no `vpc`');
  });

  test.each<[string, boolean]>([
    [OWN, true], [CPU, true], [TOKEN, true],
    ['999999999999.dkr.ecr.us-east-1.amazonaws.com/scorer:1', false], ['public.ecr.aws/team/scorer:1', false], [GPU, false], [GRAVITON, false], [NEURONX, false],
  ])('takes the image %s: %s', (image, fits) => {
    expect(of((stack) => modelOf(stack, image))).toEqual(fits ? [] : ['serverlessImage']);
  });

  test('of a recommendation says it of the package\'s image, too', () => {
    const stack = newStack({ env: PLACE });
    const image = ContainerImage.fromRegistry('999999999999.dkr.ecr.us-east-1.amazonaws.com/scorer:1');
    const modelPackage = packageIn(stack, { containers: [{ image, framework: MlFramework.XGBOOST }] });
    new RecommendedEndpoint(stack, 'Served', { modelPackage, endpointType: EndpointType.SERVERLESS });
    // The choice and the configuration.
    expect(warningsOf(stack)).toEqual(['serverlessImage', 'serverlessImage']);
  });
});

describe('a variant of a recommendation', () => {
  const variant = (endpointType: EndpointType, options: RecommendedVariantOptions) => {
    const stack = newStack();
    const best = jobIn(stack).addRecommendation('Best', { endpointType, targetLoad: { invocationsPerMinute: 10 } });
    new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(served(stack), best, options)] });
    return { variant: only(deployed(stack), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants[0], warnings: warningsOf(stack) };
  };

  test('takes concurrency of one\'s own if it is serverless', () => {
    expect(variant(EndpointType.SERVERLESS, { maxConcurrency: 20, provisionedConcurrency: 5 }).variant.ServerlessConfig)
      .toMatchObject({ MaxConcurrency: 20, ProvisionedConcurrency: 5 });
    expect(variant(EndpointType.SERVERLESS, { provisionedConcurrency: 5 }).variant.ServerlessConfig).toMatchObject({ ProvisionedConcurrency: 5 });
    expect(variant(EndpointType.SERVERLESS, { maxConcurrency: 5, provisionedConcurrency: 6 }).warnings).toEqual(['provisionedConcurrency']);
    expect(() => variant(EndpointType.SERVERLESS, { maxConcurrency: 201 })).toThrow('`maxConcurrency` must be at most 200');
  });

  test.each(['maxConcurrency', 'provisionedConcurrency'])('takes no %s if it is real-time', (prop) => {
    expect(() => variant(EndpointType.REAL_TIME, { [prop]: 5 })).toThrow(`\`${prop}\` is only for serverless variants, but the recommendation is real-time: remove it.`);
  });

  test('must be of one kind', () => {
    expect(() => variant(EndpointType.ANY, {})).toThrow('set its `endpointType` to one of them');
    expect(() => jobIn(newStack()).addRecommendation('Best', { endpointType: EndpointType.ANY })).toThrow('`targetLoad` is required');
  });
});

describe('isolated subnets', () => {
  const isolated = (stack: Stack) => new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] });

  test('without an endpoint for S3 are warned of: in a job and a model, unless one is added later', () => {
    const of = (add: (vpc: Vpc) => void) => {
      const stack = newStack();
      const vpc = isolated(stack);
      jobIn(stack, { vpc });
      modelOf(stack, OWN, { vpc });
      add(vpc);
      return warningsOf(stack);
    };
    expect(of(() => {})).toEqual(['noWayToS3', 'noWayToS3']);
    expect(of((vpc) => vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 }))).toEqual([]);
    expect(of((vpc) => vpc.addGatewayEndpoint('Dynamo', { service: GatewayVpcEndpointAwsService.DYNAMODB }))).toEqual(['noWayToS3', 'noWayToS3']);
  });

  test('of an imported VPC, and subnets with a way out, say nothing', () => {
    const stack = newStack();
    jobIn(stack, { vpc: Vpc.fromVpcAttributes(stack, 'Imported', { vpcId: 'vpc-1', availabilityZones: ['a'], isolatedSubnetIds: ['subnet-1'] }) });
    modelOf(stack, OWN, { vpc: new Vpc(stack, 'Vpc') });
    expect(warningsOf(stack)).toEqual([]);
  });
});
