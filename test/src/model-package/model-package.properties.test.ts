import { Stack } from 'aws-cdk-lib';
import { Match, Annotations as Notes } from 'aws-cdk-lib/assertions';
import { SAGEMAKER_SHAPES } from '../../../local-aws/sagemaker/shapes';
import {
  ContainerImage, InstanceType, MetricsSource, ModelApprovalStatus, ModelData, ModelPackage, ModelPackageGroup, ModelPackageProps,
} from '../../../src';
import { violations } from '../../../src/service/constraints';
import { atDeploy, deployed, idOf, late, newStack, only, packageIn, XGBOOST } from '../../harness/constructs';
import { namesIn, namesOf } from '../../harness/resource-spec';
import { bucketOf, DIGEST, TYPES, wholePackage } from '../../harness/whole-package';

const TYPE = 'AWS::SageMaker::ModelPackage';
const IMAGE = ContainerImage.fromRegistry(XGBOOST);

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
  const versioned = propertiesOf(wholePackage);
  const names = namesIn(versioned, new Set(known));

  test('has CloudFormation\'s own names, and no other', () => {
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  test('is every property of the resource, but for a name, and what stays with the L1 child or is an answer', () => {
    const elsewhere = [
      'AdditionalInferenceSpecificationsToAdd', 'Tags', 'ClientToken',
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
      DriftCheckBaselines: {
        Bias: { ConfigFile: source('h'), PreTrainingConstraints: source('i'), PostTrainingConstraints: source('j') },
        Explainability: { ConfigFile: source('k'), Constraints: source('l') },
        ModelQuality: { Statistics: source('m'), Constraints: source('n') },
        ModelDataQuality: { Statistics: source('o'), Constraints: source('p') },
      },
      ModelCard: { ModelCardContent: '{}', ModelCardStatus: 'PendingReview' },
      CertifyForMarketplace: false,
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
