import { Stack } from 'aws-cdk-lib';
import { Match, Annotations as Notes } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { SAGEMAKER_SHAPES } from '../../../local-aws/sagemaker/shapes';
import {
  AssembleWith, BatchStrategy, ContainerImage, InstanceType, MetricsSource, MlFramework, ModelApprovalStatus, ModelData, ModelPackage,
  ModelPackageGroup, ModelPackageProps, SplitType, ValidationInput,
} from '../../../src';
import { violations } from '../../../src/service/constraints';
import { atDeploy, deployed, idOf, late, newStack, only, packageIn, XGBOOST } from '../../harness/constructs';
import { namesIn, namesOf } from '../../harness/resource-spec';

const TYPE = 'AWS::SageMaker::ModelPackage';
const DIGEST = `sha256:${'0a'.repeat(32)}`;
const IMAGE = ContainerImage.fromRegistry(XGBOOST);
const TYPES = [InstanceType.ML_M5_XLARGE];

function bucketOf(stack: Stack): IBucket {
  return stack.node.tryFindChild('Data') as IBucket ?? Bucket.fromBucketName(stack, 'Data', 'data');
}

/** Every prop that a version of a group can have, with every member of each. */
function everything(stack: Stack): Partial<ModelPackageProps> {
  const bucket = bucketOf(stack);
  const key = new Key(stack, 'Key');
  const metrics = (name: string) => MetricsSource.fromBucket(bucket, `${name}.json`, { contentDigest: DIGEST });
  const supported = {
    supportedContentTypes: ['text/csv'],
    supportedResponseMimeTypes: ['text/csv'],
    supportedRealtimeInferenceInstanceTypes: TYPES,
    supportedTransformInstanceTypes: TYPES,
  };
  const containers = [{
    image: IMAGE,
    imageDigest: DIGEST,
    modelData: ModelData.fromBucket(bucket, 'model.tar.gz'),
    containerHostname: 'first',
    framework: MlFramework.XGBOOST,
    frameworkVersion: '1.3-1',
    dataInputConfig: '{"input":[1,10]}',
    nearestModelName: 'xgboost',
    environment: { THREADS: '4' },
  }, {
    image: IMAGE,
    modelData: ModelData.fromBucketPrefix(bucket, 'weights/', { acceptEula: true }),
    containerHostname: 'second',
  }];
  return {
    ...supported,
    containers,
    description: 'First',
    additionalInferenceSpecifications: [{ specificationName: 'gpu', description: 'On a GPU', containers, ...supported }],
    approvalStatus: ModelApprovalStatus.REJECTED,
    approvalDescription: 'Too slow',
    customerMetadataProperties: { team: 'forecast' },
    commitId: '0123abc',
    commitRepository: 'models',
    generatedBy: 'a pipeline',
    projectId: 'p-1',
    modelMetrics: {
      modelQualityStatistics: metrics('a'),
      modelQualityConstraints: metrics('b'),
      modelDataQualityStatistics: metrics('c'),
      modelDataQualityConstraints: metrics('d'),
      biasReport: metrics('e'),
      biasPreTrainingReport: metrics('f'),
      biasPostTrainingReport: metrics('g'),
      explainabilityReport: metrics('h'),
    },
    sourceAlgorithm: { algorithmName: 'forest', modelData: ModelData.fromBucket(bucket, 'trained.tar.gz') },
    sourceUri: 'arn:aws:sagemaker:us-east-1:111111111111:model/first',
    validation: {
      input: ValidationInput.fromBucketPrefix(bucket, 'rows/'),
      outputBucket: bucket,
      outputPrefix: 'answers/',
      instanceType: InstanceType.ML_M5_XLARGE,
      contentType: 'text/csv',
      compressed: true,
      splitType: SplitType.LINE,
      batchStrategy: BatchStrategy.SINGLE_RECORD,
      accept: 'text/csv',
      assembleWith: AssembleWith.LINE,
      outputEncryptionKey: key,
      volumeEncryptionKey: key,
      maxConcurrentTransforms: 2,
      environment: { THREADS: '1' },
      maxPayload: undefined,
    },
    skipModelValidation: false,
    encryptionKey: key,
  };
}

function propertiesOf(props: (stack: Stack) => Partial<ModelPackageProps>): any {
  const stack = newStack();
  packageIn(stack, props(stack));
  return only(deployed(stack), TYPE).Properties;
}

/** An unversioned package. */
function unversioned(stack: Stack, props: Partial<ModelPackageProps> = {}, id = 'Unversioned'): ModelPackage {
  return new ModelPackage(stack, id, {
    modelPackageName: 'model', containers: [{ image: IMAGE }], supportedRealtimeInferenceInstanceTypes: TYPES, supportedTransformInstanceTypes: TYPES, ...props,
  });
}

describe('what reaches the template', () => {
  const known = namesOf(TYPE);
  const versioned = propertiesOf(everything);
  const names = namesIn(versioned, new Set(known));

  test('has CloudFormation\'s own names, and no other', () => {
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  test('is every property of the resource, but for a name, and what stays with the L1 child or is an answer', () => {
    const elsewhere = [
      'AdditionalInferenceSpecificationsToAdd', 'CertifyForMarketplace', 'DriftCheckBaselines', 'ModelCard', 'Tags', 'ClientToken',
      'LastModifiedTime', 'ModelPackageStatusDetails', 'ModelPackageVersion', 'ModelPackageName',
    ];
    const missing = known.filter((name) => !names.includes(name) && !elsewhere.includes(name.split('.')[0]));
    expect(missing).toEqual(['ValidationSpecification.ValidationProfiles.TransformJobDefinition.MaxPayloadInMB']);
  });

  test('passes the service\'s own constraints', () => {
    const { ApprovalDescription, ...input } = versioned;
    expect(violations(SAGEMAKER_SHAPES, 'CreateModelPackageInput', input)).toEqual([]);
    expect(violations(SAGEMAKER_SHAPES, 'ApprovalDescription', ApprovalDescription)).toEqual([]);
  });

  test('says it where the service looks for it', () => {
    const url = (name: string) => `s3://data/${name}`;
    const source = (name: string) => ({ ContentType: 'application/json', ContentDigest: DIGEST, S3Uri: url(`${name}.json`) });
    expect(versioned).toMatchObject({
      ModelApprovalStatus: 'Rejected',
      ApprovalDescription: 'Too slow',
      CustomerMetadataProperties: { team: 'forecast' },
      MetadataProperties: { CommitId: '0123abc', Repository: 'models', GeneratedBy: 'a pipeline', ProjectId: 'p-1' },
      ModelMetrics: {
        ModelQuality: { Statistics: source('a'), Constraints: source('b') },
        ModelDataQuality: { Statistics: source('c'), Constraints: source('d') },
        Bias: { Report: source('e'), PreTrainingReport: source('f'), PostTrainingReport: source('g') },
        Explainability: { Report: source('h') },
      },
      SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName: 'forest', ModelDataUrl: url('trained.tar.gz') }] },
      SourceUri: 'arn:aws:sagemaker:us-east-1:111111111111:model/first',
      SecurityConfig: { KmsKeyId: expect.stringContaining(':key/') },
      InferenceSpecification: { Containers: [{ ImageDigest: DIGEST, ContainerHostname: 'first' }, { ContainerHostname: 'second' }] },
      AdditionalInferenceSpecifications: [{ Name: 'gpu', Description: 'On a GPU', Containers: [{ Environment: { THREADS: '4' } }, {}] }],
    });
  });

  test.each<[boolean | undefined, string | undefined]>([[undefined, undefined], [true, 'All'], [false, 'None']])(
    'skipModelValidation %s', (skipModelValidation, expected) => {
      expect(propertiesOf(() => ({ skipModelValidation })).SkipModelValidation).toBe(expected);
    });

  test('is no more than was given', () => {
    const stack = newStack();
    new ModelPackage(stack, 'Package', { modelPackageGroup: new ModelPackageGroup(stack, 'Group'), containers: [{ image: IMAGE }], modelMetrics: {} });
    expect(Object.keys(only(deployed(stack), TYPE).Properties).sort()).toEqual(['InferenceSpecification', 'ModelApprovalStatus', 'ModelPackageGroupName']);
  });
});

describe('an unversioned package', () => {
  test('has a name, no group and no status, and takes tags', () => {
    const stack = newStack();
    unversioned(stack);
    const { Properties } = only(deployed(stack), TYPE);
    expect(Properties).toEqual({
      ModelPackageName: 'model',
      InferenceSpecification: {
        Containers: [{ Image: XGBOOST }],
        SupportedContentTypes: [],
        SupportedResponseMIMETypes: [],
        SupportedRealtimeInferenceInstanceTypes: ['ml.m5.xlarge'],
        SupportedTransformInstanceTypes: ['ml.m5.xlarge'],
      },
    });
    expect(violations(SAGEMAKER_SHAPES, 'CreateModelPackageInput', Properties)).toEqual([]);
  });

  test.each<[string, Partial<ModelPackageProps>]>([
    ['approvalStatus', { approvalStatus: ModelApprovalStatus.APPROVED }],
    ['approvalDescription', { approvalDescription: 'Good' }],
  ])('is refused with %s: only versions are approved', (name, props) => {
    expect(() => unversioned(newStack(), props)).toThrow(`\`${name}\` must not be given for an unversioned package`);
  });

  test.each(['supportedRealtimeInferenceInstanceTypes', 'supportedTransformInstanceTypes'])('must have %s', (name) => {
    expect(() => unversioned(newStack(), { [name]: undefined })).toThrow(`\`${name}\` is required for an unversioned package.`);
  });
});

test('a source algorithm or a source stands for the containers', () => {
  const stack = newStack();
  const modelPackageGroup = new ModelPackageGroup(stack, 'Group');
  new ModelPackage(stack, 'A', { modelPackageGroup, sourceAlgorithm: { algorithmName: 'forest' } });
  new ModelPackage(stack, 'B', { modelPackageGroup, sourceUri: 'arn:aws:sagemaker:us-east-1:111111111111:model/first' });
  const resources = deployed(stack);
  const [a, b] = ['A', 'B'].map((id) => resources[idOf(resources, id)].Properties);
  expect(a.SourceAlgorithmSpecification).toEqual({ SourceAlgorithms: [{ AlgorithmName: 'forest' }] });
  expect([a, b].map(({ InferenceSpecification }) => InferenceSpecification)).toEqual([undefined, undefined]);
});

test('a source algorithm\'s data is one archive', () => {
  const stack = newStack();
  const modelData = ModelData.fromBucketPrefix(bucketOf(stack), 'weights/');
  expect(() => packageIn(stack, { sourceAlgorithm: { algorithmName: 'forest', modelData } })).toThrow('`sourceAlgorithm.modelData` must be one .tar.gz archive');
});

test('metrics may be a local file', () => {
  expect(propertiesOf(() => ({ modelMetrics: { explainabilityReport: MetricsSource.fromAsset(__filename, { contentType: 'text/plain' }) } })).ModelMetrics).toEqual({
    Explainability: { Report: { ContentType: 'text/plain', S3Uri: expect.stringMatching(/^s3:\/\/cdk-hnb659fds-assets-.+\/[0-9a-f]{64}\.ts$/) } },
  });
});

test.each(['s3://data/bias.json', late.text('s3://data/bias.json')])('metrics may be at a whole URI', (uri) => {
  expect(propertiesOf(() => ({ modelMetrics: { biasReport: MetricsSource.fromS3Uri(uri) } })).ModelMetrics)
    .toEqual({ Bias: { Report: { ContentType: 'application/json', S3Uri: 's3://data/bias.json' } } });
});

test('a hosting type that batch transform does not know is worth a word, not a refusal', () => {
  const stack = newStack();
  packageIn(stack, { supportedTransformInstanceTypes: [InstanceType.ML_M5_XLARGE, InstanceType.ML_INF1_XLARGE] });
  const warnings = Notes.fromStack(stack).findWarning('/Shop/Package', Match.anyValue());
  expect(warnings.map(({ entry }) => entry.data)).toEqual([expect.stringContaining('`supportedTransformInstanceTypes[1]` is \'ml.inf1.xlarge\'')]);
});

describe('imported', () => {
  test('by name, in the account and Region of the stack', () => {
    const stack = newStack();
    expect(atDeploy(stack, ModelPackage.fromModelPackageName(stack, 'Package', 'model').modelPackageArn))
      .toBe('arn:aws:sagemaker:us-east-1:111111111111:model-package/model');
    expect(() => ModelPackage.fromModelPackageName(stack, 'Other', 'models/1')).toThrow(/^`modelPackageName` must match .+, got: 'models\/1'\.$/);
  });

  test.each<[string, (stack: Stack) => ModelPackageGroup | any, string]>([
    ['of this app', (stack) => new ModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'models' }), 'us-east-1:111111111111'],
    ['of another account', (stack) => ModelPackageGroup.fromModelPackageGroupArn(
      stack, 'Group', 'arn:aws:sagemaker:eu-west-1:222222222222:model-package-group/models'), 'eu-west-1:222222222222'],
    ['by an ARN that only the deploy knows', (stack) => ModelPackageGroup.fromModelPackageGroupArn(
      stack, 'Group', late.text('arn:aws:sagemaker:eu-west-1:222222222222:model-package-group/models')), 'eu-west-1:222222222222'],
  ])('by version of a group %s', (_what, group, place) => {
    const stack = newStack();
    const imported = ModelPackage.fromModelPackageVersion(stack, 'Package', group(stack), 7);
    expect(atDeploy(stack, imported.modelPackageArn)).toBe(`arn:aws:sagemaker:${place}:model-package/models/7`);
  });

  test('by version needs a whole number', () => {
    const stack = newStack();
    expect(() => ModelPackage.fromModelPackageVersion(stack, 'Package', new ModelPackageGroup(stack, 'Group'), 0)).toThrow('`modelPackageVersion` must be');
  });
});
