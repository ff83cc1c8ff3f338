import { App, Aspects, CfnResource, Lazy, Shims, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnEndpointConfig, CfnEndpointConfigProps, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct, IConstruct } from 'constructs';
import * as fc from 'fast-check';
import {
  BenchmarkTarget, ContainerImage, EndpointType, InstanceType, IRecommendation, Model, ModelContainer, Recommendation, RecommendationAttributes,
  RecommendedHosting, RecommendedHostingOptions, Variant,
} from '../../../../src';
import { CONTAINER_CONFIG, deployed, importedPackage, jobIn, newStack, only } from '../../../harness/constructs';

const TYPE = 'AWS::SageMaker::EndpointConfig';
const WARNING = 'cdk-sagemaker-inference-recommender:';
const VARIANT = { variantName: 'Blue', modelName: 'own', initialVariantWeight: 2, instanceType: 'ml.t2.medium', initialInstanceCount: 7 };
const SERVERLESS = { variantName: 'Blue', modelName: 'own', initialVariantWeight: 2, serverlessConfig: { memorySizeInMb: 6144, maxConcurrency: 9 } };

function configIn(stack: Stack, props: Partial<CfnEndpointConfigProps> = {}): CfnEndpointConfig {
  return new CfnEndpointConfig(stack, 'Config', { productionVariants: [VARIANT], ...props });
}

const fixed = (stack: Stack, more: RecommendationAttributes = { instanceType: InstanceType.ML_M5_LARGE, initialInstanceCount: 3 }) => (
  Recommendation.fromAttributes(stack, 'Fixed', { modelPackage: importedPackage(stack), ...more }));
const pools = { instanceType: InstanceType.ML_M5_LARGE, nextInstanceTypes: [InstanceType.ML_C5_LARGE] };
const SERVERLESS_BEST = { endpointType: EndpointType.SERVERLESS, serverlessMemorySize: sizeOf(2), serverlessMaxConcurrency: 5 };
function sizeOf(gibibytes: number) { return jest.requireActual('aws-cdk-lib').Size.gibibytes(gibibytes); }

/** The configuration's properties in the template, after the mixin. */
function hosted(
  recommend: (stack: Stack) => IRecommendation, props: Partial<CfnEndpointConfigProps> = {}, options: RecommendedHostingOptions = {},
): any {
  const stack = newStack();
  configIn(stack, props).with(new RecommendedHosting(recommend(stack), options));
  return only(deployed(stack), TYPE).Properties;
}

function warnings(stack: Stack, rule: string): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data)).filter((text) => text.includes(WARNING + rule));
}

test('sets type and number of instances, and leaves the rest of the variant as it is', () => {
  expect(hosted(fixed, { productionVariants: [{ ...VARIANT, volumeSizeInGb: 20, routingConfig: { routingStrategy: 'RANDOM' } }] }).ProductionVariants).toEqual([{
    VariantName: 'Blue',
    ModelName: 'own',
    InitialVariantWeight: 2,
    InstanceType: 'ml.m5.large',
    InitialInstanceCount: 3,
    VolumeSizeInGB: 20,
    RoutingConfig: { RoutingStrategy: 'RANDOM' },
  }]);
});

test.each<[string, object, RecommendationAttributes, object]>([
  ['instances become serverless', VARIANT, SERVERLESS_BEST, { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } }],
  ['serverless becomes instances', SERVERLESS, { instanceType: InstanceType.ML_M5_LARGE }, { InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }],
  ['instances become pools', VARIANT, pools, {
    InstancePools: [{ InstanceType: 'ml.m5.large', Priority: 1 }, { InstanceType: 'ml.c5.large', Priority: 2 }], InitialInstanceCount: 1,
  }],
  ['warm capacity stays', { ...SERVERLESS, serverlessConfig: { ...SERVERLESS.serverlessConfig, provisionedConcurrency: 2 } }, SERVERLESS_BEST,
    { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5, ProvisionedConcurrency: 2 } }],
])('%s', (_what, variant, attributes, capacity) => {
  expect(hosted((stack) => fixed(stack, attributes), { productionVariants: [variant as typeof VARIANT] }).ProductionVariants)
    .toEqual([{ VariantName: 'Blue', ModelName: 'own', InitialVariantWeight: 2, ...capacity }]);
});

test('hosts in the same way as a variant of this library, whatever the figures are', () => {
  const types = [InstanceType.ML_M5_LARGE, InstanceType.ML_C5_XLARGE, InstanceType.ML_G5_2XLARGE];
  const figures = fc.oneof(
    fc.record({ instanceType: fc.constantFrom(...types), initialInstanceCount: fc.integer({ min: 1, max: 50 }) }),
    fc.record({
      endpointType: fc.constant(EndpointType.SERVERLESS),
      serverlessMemorySize: fc.integer({ min: 1, max: 6 }).map(sizeOf),
      serverlessMaxConcurrency: fc.integer({ min: 1, max: 200 }),
    }),
  );
  fc.assert(fc.property(figures, (attributes) => {
    const stack = newStack();
    const recommendation = fixed(stack, attributes);
    const model = Model.fromModelName(stack, 'Own', 'own');
    const config = configIn(stack);
    config.with(new RecommendedHosting(recommendation));
    const own = Variant.fromRecommendation(model, recommendation, { variantName: 'Blue', initialVariantWeight: 2 })._render();
    expect(stack.resolve(config.productionVariants)).toEqual(stack.resolve([own]));
  }), { numRuns: 30 });
});

test('a choice of the deploy comes from the job, and goes with its model', () => {
  const stack = newStack();
  const best = jobIn(stack).addRecommendation('Best', { instancePools: 2 });
  const model = new Model(stack, 'Model', { recommendation: best });
  const config = configIn(stack);
  expect(config.with(new RecommendedHosting(best, { model }))).toBe(config);
  const own = stack.resolve(Variant.fromRecommendation(model, best, { variantName: 'Blue', initialVariantWeight: 2 })._render());
  expect(stack.resolve(config.productionVariants)).toEqual([own]);
  expect(own.instancePools[1].modelNameOverride).toBeDefined();
  expect(warnings(stack, 'modelOfRecommendation')).toEqual([]);
});

test('finds the variant by its name, and changes no other one', () => {
  const other = { ...VARIANT, variantName: 'Green' };
  const { ProductionVariants } = hosted(fixed, { productionVariants: [other, VARIANT] }, { variantName: 'Blue' });
  expect(ProductionVariants.map(({ VariantName, InstanceType: type }: any) => [VariantName, type])).toEqual([['Green', 'ml.t2.medium'], ['Blue', 'ml.m5.large']]);
});

test('applies to what is below a construct, once to each configuration and to nothing else', () => {
  const stack = newStack();
  const below = new Construct(stack, 'Below');
  new CfnModel(below, 'Model', { modelName: 'own' });
  new CfnEndpointConfig(below, 'A', { productionVariants: [VARIANT] });
  new CfnEndpointConfig(below, 'B', { productionVariants: [VARIANT] });
  below.with(new RecommendedHosting(fixed(stack)));
  const found = Object.values(Template.fromStack(stack).findResources(TYPE));
  expect(found.map(({ Properties }) => Properties.ProductionVariants[0].InstanceType)).toEqual(['ml.m5.large', 'ml.m5.large']);
});

test('is an aspect, too', () => {
  const stack = newStack();
  configIn(stack);
  Aspects.of(stack).add(Shims.asAspect(new RecommendedHosting(fixed(stack))));
  expect(only(deployed(stack), TYPE).Properties.ProductionVariants[0].InstanceType).toBe('ml.m5.large');
});

test.each<[string, boolean, (stack: Stack) => IConstruct]>([
  ['an endpoint configuration', true, (stack) => configIn(stack)],
  ['one of another copy of aws-cdk-lib', true, (stack) => Object.assign(new Construct(stack, 'Other'), { cfnResourceType: TYPE })],
  ['a model', false, (stack) => new CfnModel(stack, 'Model', {})],
  ['a stack', false, (stack) => stack],
])('of %s it is %s that the mixin supports it', (_what, supports, make) => {
  const stack = newStack();
  const mixin = new RecommendedHosting(fixed(stack));
  const construct = make(stack);
  expect(mixin.supports(construct)).toBe(supports);
  if (!supports) { mixin.applyTo(construct); }
});

test('a configuration of another copy of aws-cdk-lib is hosted', () => {
  const stack = newStack();
  const other = Object.assign(new Construct(stack, 'Other'), { cfnResourceType: TYPE, productionVariants: [VARIANT] });
  other.with(new RecommendedHosting(fixed(stack)));
  expect(other.productionVariants).toMatchObject([{ instanceType: 'ml.m5.large', initialInstanceCount: 3 }]);
});

test.each<[string, Partial<CfnEndpointConfigProps>, RecommendationAttributes, RecommendedHostingOptions, string]>([
  ['there are several variants and none is named', { productionVariants: [VARIANT, { ...VARIANT, variantName: 'Green' }] }, pools, {},
    '`variantName` is required, because \'Shop/Config\' has the variants Blue, Green.'],
  ['the named one is not there', {}, pools, { variantName: 'Red' },
    '`variantName` must be that of a production variant of \'Shop/Config\', got: \'Red\', but it has the variant Blue.'],
  ['there is none', { productionVariants: [] }, pools, {}, '\'Shop/Config\' has no production variants'],
  ['the list is a token', { productionVariants: Lazy.any({ produce: () => [] }) }, pools, {}, 'of \'Shop/Config\' must be a list, got a token.'],
  ['the variant is a token', { productionVariants: [Lazy.any({ produce: () => ({}) })] }, pools, {}, 'must be an object, got a token.'],
  ['instances are concurrent', {}, pools, { maxConcurrency: 4 }, '`maxConcurrency` is only for serverless variants, but the recommendation is real-time: remove it.'],
  ['a serverless variant has a volume', { productionVariants: [{ ...VARIANT, volumeSizeInGb: 20 }] }, SERVERLESS_BEST, {},
    '`volumeSizeInGb` of the variant \'Blue\' is only for variants on instances, but the recommendation is serverless: remove it.'],
  ['a serverless variant is in a VPC', { vpcConfig: { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] } }, SERVERLESS_BEST, {}, '`vpcConfig` must be left out'],
  ['a serverless variant is isolated', { enableNetworkIsolation: true }, SERVERLESS_BEST, {}, '`enableNetworkIsolation` must be left out'],
  ['the kind is not known', {}, { ...pools, nextInstanceTypes: undefined, endpointType: EndpointType.ANY }, {}, 'A variant must be real-time or serverless'],
  ['the concurrency is out of range', {}, SERVERLESS_BEST, { maxConcurrency: 201 }, '`maxConcurrency` must'],
  ['the model is a name', {}, pools, { model: 'own' as any }, '`model` must be a model'],
])('it is an error that %s', (_what, props, attributes, options, message) => {
  expect(() => hosted((stack) => fixed(stack, attributes), props, options)).toThrow(message);
});

test('a resource without properties of its own is an error', () => {
  const stack = newStack();
  const plain = new CfnResource(stack, 'Config', { type: TYPE, properties: { ProductionVariants: [] } });
  expect(() => plain.with(new RecommendedHosting(fixed(stack)))).toThrow('`productionVariants` of \'Shop/Config\' must be a list, got none');
});

test('a fixed name is refused if the deploy chooses, because CloudFormation could not replace the configuration', () => {
  const named = { endpointConfigName: 'live' };
  expect(() => hosted((stack) => jobIn(stack).addRecommendation('Best'), named)).toThrow('`endpointConfigName` of \'Shop/Config\' must not be fixed, got: \'live\'');
  expect(hosted(fixed, named).EndpointConfigName).toBe('live');
  const stack = newStack();
  const best = jobIn(stack).addRecommendation('Best');
  configIn(stack, { endpointConfigName: `live-${best.recommendationId}` }).with(new RecommendedHosting(best));
  expect(only(deployed(stack), TYPE).Properties.EndpointConfigName).toMatch(/^live-/);
});

describe('the model', () => {
  const TUNED = { instanceType: InstanceType.ML_M5_LARGE, environment: { OMP_NUM_THREADS: '2' } };

  function warned(
    attributes: RecommendationAttributes | undefined,
    make: (stack: Stack, best: IRecommendation) => { modelName?: string; options?: RecommendedHostingOptions },
  ): string[] {
    const stack = newStack();
    const best = attributes ? fixed(stack, attributes) : jobIn(stack).addRecommendation('Best');
    const { modelName = 'own', options } = make(stack, best);
    configIn(stack, { productionVariants: [{ ...VARIANT, modelName }] }).with(new RecommendedHosting(best, options));
    return warnings(stack, 'modelOfRecommendation');
  }
  const native = (stack: Stack, environment?: object) => new CfnModel(stack, 'Foreign', { modelName: 'foreign', primaryContainer: { image: 'image', environment } });

  test.each<[string, RecommendationAttributes | undefined, Parameters<typeof warned>[1], string]>([
    ['only a name, where the deploy chooses', undefined, () => ({}), 'may set environment variables, or be of a compiled model, and the variant\'s model is not made from it'],
    ['of CloudFormation, by its reference', TUNED, (stack) => ({ modelName: native(stack).attrModelName }), 'sets the variables OMP_NUM_THREADS, and the model \'Shop/Foreign\''],
    ['of CloudFormation, by its name', TUNED, (stack) => ({ modelName: native(stack).modelName }), 'the model \'Shop/Foreign\''],
    ['of CloudFormation, with another value', TUNED, (stack) => ({ modelName: native(stack, { OMP_NUM_THREADS: '1' }).attrModelName }), 'the model \'Shop/Foreign\''],
    ['of CloudFormation, where the deploy chooses', undefined, (stack) => ({ modelName: native(stack, TUNED.environment).attrModelName }), 'the model \'Shop/Foreign\''],
    ['of another recommendation', TUNED, (stack) => ({
      options: { model: new Model(stack, 'Other', { recommendation: Recommendation.fromAttributes(stack, 'B', { ...TUNED, modelPackage: importedPackage(stack, 'P') }) }) },
    }), 'the model \'Shop/Other\''],
  ])('synth warns of one %s', (_what, attributes, make, message) => {
    expect(warned(attributes, make)).toEqual([expect.stringContaining(message)]);
  });

  test.each<[string, RecommendationAttributes | undefined, Parameters<typeof warned>[1]]>([
    ['of any kind, if the recommendation changes nothing in it', pools, () => ({})],
    ['of CloudFormation that has the variables', TUNED, (stack) => ({ modelName: native(stack, { ...TUNED.environment, MORE: '1' }).attrModelName })],
    ['of the recommendation, through the API', undefined, (stack, recommendation) => ({ modelName: new Model(stack, 'Best', { recommendation }).modelName })],
    ['of the recommendation, in CloudFormation', TUNED, (stack, recommendation) => ({ modelName: new Model(stack, 'Best', { recommendation }).modelName })],
    ['of the recommendation, as an option', undefined, (stack, recommendation) => ({ options: { model: new Model(stack, 'Best', { recommendation }) } })],
  ])('synth does not warn of one %s', (_what, attributes, make) => {
    expect(warned(attributes, make)).toEqual([]);
  });

  test('is given by the option, instead of the one that the variant has', () => {
    const stack = newStack();
    const model = Model.fromModelName(stack, 'Tuned', 'tuned');
    expect(hosted(fixed, {}, { model }).ProductionVariants[0].ModelName).toBe('tuned');
  });

  test('may be a foreign one that is benchmarked: its copy is deployed with its role', () => {
    const stack = newStack();
    const foreign = native(stack);
    const best = jobIn(stack, { target: BenchmarkTarget.fromModel(foreign), containerConfig: CONTAINER_CONFIG }).addRecommendation('Best');
    expect(() => new Model(stack, 'Without', { recommendation: best })).toThrow('`role` is required');
  });
});

test.each<[string, Partial<CfnEndpointConfigProps>, RecommendationAttributes, RecommendedHostingOptions, string, string]>([
  ['a key beside local storage', { kmsKeyId: 'key' }, { instanceType: InstanceType.ML_G5_2XLARGE }, {}, 'localStorage', '`kmsKeyId` does not encrypt'],
  ['a key beside local storage of a pool', { kmsKeyId: 'key' }, { ...pools, nextInstanceTypes: [InstanceType.ML_G5_2XLARGE] }, {}, 'localStorage', 'ml.g5.2xlarge'],
  ['a type that may be mistyped', {}, { instanceType: InstanceType.of('ml.m5.larg') }, {}, 'unknownName', 'ml.m5.larg'],
  ['data capture of a serverless variant', { dataCaptureConfig: { captureOptions: [], destinationS3Uri: 's3://b', initialSamplingPercentage: 1 } }, SERVERLESS_BEST, {},
    'serverlessExclusions', '`dataCaptureConfig`'],
  ['more warm capacity than concurrency', {}, SERVERLESS_BEST, { provisionedConcurrency: 6 }, 'provisionedConcurrency', 'Variant \'Blue\''],
])('synth warns of %s', (_what, props, attributes, options, rule, message) => {
  const stack = newStack();
  configIn(stack, props).with(new RecommendedHosting(fixed(stack, attributes), options));
  expect(warnings(stack, rule)).toEqual([expect.stringContaining(message)]);
});

test.each<[string, RecommendationAttributes, string]>([
  ['the recommended type', pools, 'imageHardware'],
  ['a recommended pool', { instanceType: InstanceType.ML_M6G_LARGE, nextInstanceTypes: [InstanceType.ML_C5_LARGE] }, 'imageHardware'],
  ['a serverless endpoint', SERVERLESS_BEST, 'serverlessImage'],
])('synth warns of an image that %s cannot run', (_what, attributes, rule) => {
  const stack = newStack();
  const image = ContainerImage.fromRegistry('763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference-graviton:2.0.1-cpu-py310-ubuntu20.04-sagemaker');
  const model = new Model(stack, 'Model', { containers: [ModelContainer.fromImage(image)] });
  configIn(stack).with(new RecommendedHosting(fixed(stack, attributes), { model }));
  expect(warnings(stack, rule)).not.toEqual([]);
});

test('an app without a stack of the library\'s own can use fixed figures', () => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Plain');
  configIn(stack).with(new RecommendedHosting(Recommendation.fromAttributes(stack, 'Fixed', pools)));
  expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toEqual(['Config']);
});
