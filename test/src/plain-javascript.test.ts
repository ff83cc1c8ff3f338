import type { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  BenchmarkTarget, DataCapture, Endpoint, EndpointCandidate, EndpointConfig, InstanceType, Model, Recommendation, Variant,
} from '../../src';
import { jobIn, newStack, packageIn } from '../harness/constructs';

/** What no compiler keeps from passing a name where an object is meant. */
const given = (text: string) => text as never;

const TYPE = given('ml.m5.large');
const modelIn = (stack: Stack) => Model.fromModelName(stack, 'Given', 'given');
const best = (stack: Stack, options: object) => jobIn(stack).addRecommendation('Best', options);

test.each<[string, (stack: Stack) => unknown, string]>([
  ['a variant', (stack) => Variant.onInstances(modelIn(stack), { instanceType: TYPE }), '`instanceType` must be of the class `InstanceType`: one of its constants, or what its `of()` returns, got: "ml.m5.large".'],
  ['a variant that lacks it', (stack) => Variant.onInstances(modelIn(stack), {} as never), '`instanceType` must be of the class `InstanceType`: one of its constants, or what its `of()` returns, got: undefined.'],
  ['a variant\'s routing', (stack) => Variant.onInstances(modelIn(stack), { instanceType: InstanceType.ML_M5_LARGE, routingStrategy: given('RANDOM') }), '`routingStrategy` must be of the class `RoutingStrategy`'],
  ['a variant\'s model', () => Variant.onInstances(given('my-model'), { instanceType: InstanceType.ML_M5_LARGE }), '`model` must be a model, such as `Model.fromModelName()` returns, got: "my-model".'],
  ['a variant\'s model of a library without references', (stack) => Variant.onInstances(stack as never, { instanceType: InstanceType.ML_M5_LARGE }), '`model` must be a model, such as `Model.fromModelName()` returns, got: an object of the class Stack.'],
  ['data capture', (stack) => DataCapture.toBucket(Bucket.fromBucketName(stack, 'Bucket', 'bucket'), { modes: [given('Input')] }), '`modes` must be of the class `CaptureMode`'],
  ['an endpoint', (stack) => new Endpoint(stack, 'Endpoint', {
    endpointConfig: EndpointConfig.fromEndpointConfigName(stack, 'Config', 'live'), excludeRetainedVariantProperties: [given('DesiredWeight')],
  }), '`excludeRetainedVariantProperties` must be of the class `VariantProperty`'],
  ['an endpoint candidate', () => EndpointCandidate.instance(TYPE), '`instanceType` must be of the class `InstanceType`'],
  ['a job\'s target', (stack) => jobIn(stack, { target: given('my-package') }), '`target` must be a `BenchmarkTarget`, such as `BenchmarkTarget.fromModelPackage()` returns, got: "my-package".'],
  ['a target\'s package', () => BenchmarkTarget.fromModelPackage(given('my-package')), '`modelPackage` must be a model package, such as'],
  ['a target\'s model', () => BenchmarkTarget.fromModel(given('my-model')), '`model` must be a model, such as'],
  ['a job\'s container', (stack) => jobIn(stack, { containerConfig: { domain: given('MACHINE_LEARNING') } }), '`domain` must be of the class `MlDomain`'],
  ['a job\'s instance types', (stack) => jobIn(stack, { containerConfig: { supportedInstanceTypes: [TYPE] } }), '`supportedInstanceTypes` must be of the class `InstanceType`'],
  ['a package', (stack) => packageIn(stack, { task: given('CLASSIFICATION') }), '`task` must be of the class `MlTask`'],
  ['a package\'s instance types', (stack) => packageIn(stack, { supportedRealtimeInferenceInstanceTypes: [TYPE] }), '`supportedRealtimeInferenceInstanceTypes` must be of the class'],
  ['a fixed recommendation', (stack) => Recommendation.fromAttributes(stack, 'Fixed', { instanceType: TYPE }), '`instanceType` must be of the class `InstanceType`'],
  ['a fallback', (stack) => best(stack, { fallback: { instanceType: TYPE } }), '`fallback.instanceType` must be of the class `InstanceType`'],
  ['a pin', (stack) => best(stack, { pinnedInstanceType: TYPE }), '`pinnedInstanceType` must be of the class `InstanceType`'],
  ['a limit', (stack) => best(stack, { limits: { allowedInstanceTypes: [TYPE] } }), '`limits.allowedInstanceTypes` must be of the class `InstanceType`'],
])('%s refuses what is not of the class that is meant', (_what, make, sentence) => {
  expect(() => make(newStack())).toThrow(sentence);
});
