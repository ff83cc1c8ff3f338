import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  BenchmarkTarget, ContainerImage, InstanceType, MetricsSource, ModelPackage, ModelPackageGroup, ModelPackageProps,
} from '../../../src';
import { deployed, jobIn, late, newStack, ofType, packageIn, XGBOOST } from '../../harness/constructs';

const TYPE = 'AWS::SageMaker::ModelPackage';
const IMAGE = ContainerImage.fromRegistry(XGBOOST);
const TYPES = [InstanceType.ML_M5_XLARGE];

/** An unversioned package. */
function unversioned(stack = newStack(), props: Partial<ModelPackageProps> = {}): ModelPackage {
  return new ModelPackage(stack, 'Unversioned', {
    modelPackageName: 'model', containers: [{ image: IMAGE }], supportedRealtimeInferenceInstanceTypes: TYPES, supportedTransformInstanceTypes: TYPES, ...props,
  });
}

describe('is refused', () => {
  test.each<[string, Partial<ModelPackageProps>, RegExp]>([
    ['without group and name', { modelPackageName: undefined }, /^`modelPackageGroup` is required, or `modelPackageName`/],
    ['with a name that has a space', { modelPackageName: 'my model' }, /^`modelPackageName` must match .+, got: 'my model'\.$/],
    ['made of nothing', { containers: undefined }, /^`containers` is required if neither `sourceAlgorithm` nor `sourceUri` is set\.$/],
    ['with types of a model that it does not say', { containers: undefined, sourceUri: 'x' }, /^`containers` is required if `(supported\w+)` is set: set `containers`, or remove `\1`\.$/],
  ])('%s', (_what, props, message) => {
    expect(() => unversioned(newStack(), props)).toThrow(message);
  });

  test('with group and name', () => {
    expect(() => packageIn(newStack(), { modelPackageName: 'model' })).toThrow(/^`modelPackageName` must not be given with `modelPackageGroup`/);
  });

  const gpu = { specificationName: 'gpu', containers: [{ image: IMAGE }] };
  const metrics = (contentDigest: string) => MetricsSource.fromBucket(Bucket.fromBucketName(newStack(), 'Data', 'data'), 'a', { contentDigest });
  test.each<[string, Partial<ModelPackageProps>]>([
    ['`containers` must have at most 15 entries', { containers: new Array(16).fill({ image: IMAGE }) }],
    ['`containers[0].image` must have at most 255 characters', { containers: [{ image: ContainerImage.fromRegistry('i'.repeat(256)) }] }],
    ['`containers[1].imageDigest` must match', { containers: [{ image: IMAGE }, { image: IMAGE, imageDigest: 'md5:0' }] }],
    ['`containers[0].frameworkVersion` must have at least 3 characters', { containers: [{ image: IMAGE, frameworkVersion: '1.' }] }],
    ['`containers[0].containerHostname` must match', { containers: [{ image: IMAGE, containerHostname: 'a_b' }] }],
    ['`containers[0].dataInputConfig` must have at least 1 character', { containers: [{ image: IMAGE, dataInputConfig: '' }] }],
    ['`containers[0].environment.1ST` must match', { containers: [{ image: IMAGE, environment: { '1ST': '' } }] }],
    ['`description` must have at most 1024 characters', { description: 'd'.repeat(1025) }],
    ['`approvalDescription` must have at most 1024 characters', { approvalDescription: 'd'.repeat(1025) }],
    ['`customerMetadataProperties` must be at least 1', { customerMetadataProperties: {} }],
    ['`customerMetadataProperties.a` must have at most 256 characters', { customerMetadataProperties: { a: 'v'.repeat(257) } }],
    ['`commitId` must have at most 1024 characters', { commitId: 'c'.repeat(1025) }],
    ['`commitRepository` must have at most 1024 characters', { commitRepository: 'c'.repeat(1025) }],
    ['`generatedBy` must have at most 1024 characters', { generatedBy: 'c'.repeat(1025) }],
    ['`projectId` must have at most 1024 characters', { projectId: 'c'.repeat(1025) }],
    ['`sourceUri` must have at most 1024 characters', { sourceUri: 's'.repeat(1025) }],
    ['`sourceAlgorithm.algorithmName` must match', { sourceAlgorithm: { algorithmName: 'a b' } }],
    ['`supportedContentTypes.0` must have at most 256 characters', { supportedContentTypes: ['t'.repeat(257)] }],
    ['`supportedResponseMimeTypes.0` must match', { supportedResponseMimeTypes: ['csv'] }],
    ['`supportedTransformInstanceTypes` must have at least 1 entry, got none', { supportedTransformInstanceTypes: [] }],
    ['`modelMetrics.biasReport.contentDigest` must match', { modelMetrics: { biasReport: metrics('sha256:0') } }],
    ['`additionalInferenceSpecifications` must have at least 1 entry, got none', { additionalInferenceSpecifications: [] }],
    ['`additionalInferenceSpecifications` must have at most 15 entries', { additionalInferenceSpecifications: new Array(16).fill(gpu) }],
    ['`additionalInferenceSpecifications` must have different names, got \'gpu\' twice', { additionalInferenceSpecifications: [gpu, gpu] }],
    ['`additionalInferenceSpecifications[0].specificationName` must match', { additionalInferenceSpecifications: [{ ...gpu, specificationName: 'g p u' }] }],
    ['`additionalInferenceSpecifications[0].description` must have at most', { additionalInferenceSpecifications: [{ ...gpu, description: 'd'.repeat(1025) }] }],
    ['`additionalInferenceSpecifications[0].containers` must have at least 1 entry', { additionalInferenceSpecifications: [{ ...gpu, containers: [] }] }],
    ['`additionalInferenceSpecifications[0].supportedResponseMimeTypes.0` must match', {
      additionalInferenceSpecifications: [{ ...gpu, supportedResponseMimeTypes: ['csv'] }],
    }],
  ])('with what the service does not take: %s', (sentence, props) => {
    expect(() => packageIn(newStack(), props)).toThrow(sentence);
  });
});

test('at the bounds, and with tokens, is not refused', () => {
  const stack = newStack();
  packageIn(stack, { description: 'd'.repeat(1024), commitId: '', customerMetadataProperties: { ['k'.repeat(128)]: 'v'.repeat(256) } }, 'A');
  packageIn(stack, {
    approvalDescription: late.text('x'),
    customerMetadataProperties: { a: late.text('') },
    commitId: late.text('x'),
    sourceUri: late.text('x'),
    containers: [{ image: IMAGE, imageDigest: late.text('x'), containerHostname: late.text('_'), dataInputConfig: late.text('') }],
    supportedTransformInstanceTypes: [InstanceType.of(late.text('ml.x'))],
  }, 'B');
  unversioned(stack, { modelPackageName: late.text('model') });
  expect(ofType(deployed(stack), TYPE)).toHaveLength(3);
});

describe('what a job knows of it', () => {
  const benchmark = (props: Partial<ModelPackageProps>) => () => {
    const stack = newStack();
    jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack, props)) });
  };

  test.each<[string, Partial<ModelPackageProps>]>([
    ['domain', { domain: undefined }],
    ['task', { task: undefined }],
    ['samplePayload', { samplePayload: undefined }],
  ])('includes that it has no %s', (name, props) => {
    expect(benchmark({})).not.toThrow();
    expect(benchmark(props)).toThrow(`${name}\` must be given`);
  });

  test('is nothing, where another package says what it is', () => {
    const stack = newStack();
    const modelPackageGroup = new ModelPackageGroup(stack, 'Group');
    const clone = new ModelPackage(stack, 'Package', { modelPackageGroup, sourceUri: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/a/1' });
    expect(() => jobIn(stack, { target: BenchmarkTarget.fromModelPackage(clone) })).not.toThrow();
  });
});
