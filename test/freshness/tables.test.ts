import fc from 'fast-check';
import { differences } from './tables';
import { SAGEMAKER_OPERATIONS, SAGEMAKER_SHAPES } from '../../local-aws/sagemaker/shapes';
import * as library from '../../src';
import { METRIC_PUBLISH_SECONDS } from '../../src/service/metrics-rules';
import { Shape } from '../../src/service/shapes';
import { enumOf, structureOf } from '../harness/sdk-shapes';

test('each member, required mark and value of the SDK is in the tables of the library and of the local AWS', () => {
  expect(differences(SAGEMAKER_SHAPES)).toEqual([]);
});

test('the SDK has every operation\'s input and output', () => {
  const names = Object.values(SAGEMAKER_OPERATIONS).flatMap(({ input, output }) => [input, output]).filter((name) => name !== undefined);
  expect(names.length).toBeGreaterThan(60);
  expect(names.filter((name) => !structureOf(name!))).toEqual([]);
});

// A walk that compares nothing would be green for ever.
describe('the walk names what an upgrade of the SDK would bring', () => {
  const entries = (type: Shape['type'], has: (shape: Shape) => boolean) => Object.entries(SAGEMAKER_SHAPES).filter(([, shape]) => shape.type === type && has(shape));
  const without = (list: readonly string[], at: number) => list.filter((_one, index) => index !== at);

  test.each<[string, Array<[string, Shape]>, (shape: Shape) => readonly string[], (shape: Shape, at: number) => Shape]>([
    ['the member', entries('structure', ({ members = {} }) => Object.keys(members).length > 0), ({ members }) => Object.keys(members!),
      (shape, at) => ({ ...shape, members: Object.fromEntries(Object.entries(shape.members!).filter((_one, index) => index !== at)) })],
    ['the required', entries('structure', ({ required = [] }) => required.length > 0), ({ required }) => required!,
      (shape, at) => ({ ...shape, required: without(shape.required!, at) })],
    ['the value', entries('string', (shape) => shape.enum !== undefined), (shape) => shape.enum!,
      (shape, at) => ({ ...shape, enum: without(shape.enum!, at) })],
  ])('%s', (what, shapes, listed, less) => {
    expect(shapes.length).toBeGreaterThan(30);
    fc.assert(fc.property(fc.constantFrom(...shapes), fc.nat(), ([name, shape], any) => {
      const at = any % listed(shape).length;
      expect(differences({ [name]: less(shape, at) })).toEqual([`${name} lacks ${what} ${listed(shape)[at]}`]);
    }), { seed: 1, numRuns: 200 });
  });

  test('an enumeration that a text has become', () => {
    expect(differences({ RoutingStrategy: { type: 'string' } })).toEqual(expect.arrayContaining(['RoutingStrategy lacks the value PREFIX_AWARE']));
  });
});

/** The names of the API's enumerations whose values users choose by constants. */
const CHOSEN: Readonly<Record<string, string>> = {
  AssembleWith: 'AssemblyType',
  BatchStrategy: 'BatchStrategy',
  CaptureMode: 'CaptureMode',
  EndpointType: 'RecommendationJobSupportedEndpointType',
  FeatureType: 'ClarifyFeatureType',
  FlatInvocations: 'FlatInvocations',
  GenerativeFramework: 'AIRecommendationInferenceFramework',
  InferenceAmiVersion: 'ProductionVariantInferenceAmiVersion',
  InferenceExecutionMode: 'InferenceExecutionMode',
  InstanceType: 'ProductionVariantInstanceType',
  ModelApprovalStatus: 'ModelApprovalStatus',
  ModelCardStatus: 'ModelCardStatus',
  PlacementStrategy: 'InferenceComponentPlacementStrategy',
  RoutingStrategy: 'RoutingStrategy',
  ScaleInStrategy: 'ManagedInstanceScalingScaleInStrategy',
  SplitType: 'SplitType',
  TextGranularity: 'ClarifyTextGranularity',
  VariantProperty: 'VariantPropertyType',
};

/** Constants that the API has as text only, and those that are this library's own. */
const NO_ENUMERATION = ['CrossStackReference', 'DatasetSampling', 'JobReuse', 'LatencyPercentile', 'LatencyUnit', 'MlDomain', 'MlFramework', 'MlTask', 'SearchStatistic', 'TokenStatistic'];

/** Values that a method makes, because they need more than a name. */
const BY_METHOD: Readonly<Record<string, readonly string[]>> = {
  RoutingStrategy: [library.RoutingStrategy.prefixAware({ prefixLength: 1024, concurrencyThreshold: 1 }).value],
};

/** Values of this library's own beside the API's. */
const OWN: Readonly<Record<string, readonly string[]>> = { EndpointType: [library.EndpointType.ANY] };

/** The values of each enumeration and each class of constants that the library exports. */
const constants = Object.entries(library).flatMap(([name, exported]) => {
  const values = Object.values<any>(exported).map((one) => (typeof exported === 'function' && one instanceof (exported as any) ? one.value : one));
  return values.length > 0 && values.every((value) => typeof value === 'string') ? [[name, values] as const] : [];
});

test('the walk finds the constants, and knows of each where the API has it', () => {
  expect(constants.map(([name]) => name).sort()).toEqual([...Object.keys(CHOSEN), ...NO_ENUMERATION].sort());
});

test.each(Object.entries(CHOSEN))('%s has a constant for each value of %s', (name, enumeration) => {
  const [, values] = constants.find(([one]) => one === name)!;
  expect([...values, ...BY_METHOD[name] ?? []].sort()).toEqual([...enumOf(enumeration)!, ...OWN[name] ?? []].sort());
});

test('the times between publications are the API\'s', () => {
  expect(METRIC_PUBLISH_SECONDS).toEqual(enumOf('MetricPublishFrequencyInSeconds'));
});
