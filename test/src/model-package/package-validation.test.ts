import { Size, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { SAGEMAKER_SHAPES } from '../../../local-aws/sagemaker/shapes';
import { ContainerImage, InstanceType, ModelData, ModelPackageValidation, SamplePayload, ValidationInput } from '../../../src';
import { violations } from '../../../src/service/constraints';
import { arn, deployed, idOf, late, newStack, only, packageIn, permissionsOf, XGBOOST } from '../../harness/constructs';

const TYPE = 'AWS::SageMaker::ModelPackage';
const IMAGE = ContainerImage.fromRegistry(XGBOOST);
const PULL = Object.fromEntries(['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage']
  .map((action) => [action, ['arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost']]));

function reader(stack: Stack): Role {
  return new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
}

/** A package that is validated, and what its role may do. */
function validated(props: (stack: Stack) => Partial<ModelPackageValidation> = () => ({})) {
  const stack = newStack();
  const bucket = Bucket.fromBucketName(stack, 'Data', 'data');
  packageIn(stack, {
    containers: [{ image: IMAGE, modelData: ModelData.fromBucket(bucket, 'model.tar.gz') }],
    samplePayload: SamplePayload.fromBucket(bucket, 'payload.tar.gz'),
    validation: {
      input: ValidationInput.fromBucketPrefix(bucket, 'rows/'),
      outputBucket: bucket,
      outputPrefix: 'answers/',
      instanceType: InstanceType.ML_M5_XLARGE,
      ...props(stack),
    },
  });
  const resources = deployed(stack);
  const { Properties, DependsOn } = only(resources, TYPE);
  expect(violations(SAGEMAKER_SHAPES, 'ModelPackageValidationSpecification', Properties.ValidationSpecification)).toEqual([]);
  const { ValidationRole, ValidationProfiles: [profile] } = Properties.ValidationSpecification;
  return { stack, resources, ValidationRole, profile, job: profile.TransformJobDefinition, DependsOn };
}

describe('a validation', () => {
  test('is one batch transform job', () => {
    expect(validated(() => ({ maxPayload: Size.mebibytes(6), instanceCount: 2 })).profile).toEqual({
      ProfileName: 'Validation',
      TransformJobDefinition: {
        MaxPayloadInMB: 6,
        TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/rows/' } } },
        TransformOutput: { S3OutputPath: 's3://data/answers/' },
        TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 2 },
      },
    });
  });

  test.each(['s3://other/rows/', late.text('s3://other/rows/')])('reads the input at a whole URI, and may read it', (uri) => {
    const { resources, job } = validated(() => ({ input: ValidationInput.fromS3Uri(uri) }));
    expect(job.TransformInput.DataSource.S3DataSource).toEqual({ S3DataType: 'S3Prefix', S3Uri: 's3://other/rows/' });
    const permissions = permissionsOf(resources, idOf(resources, 'PackageValidationRole'));
    expect(permissions['s3:GetObject']).toContain('arn:aws:s3:::other/rows/*');
    expect(permissions['s3:ListBucket']).toContain('arn:aws:s3:::other');
  });

  test('gets a role that reads the model and the input, and writes the answers: nothing else, not the sample payload either', () => {
    const { resources, ValidationRole, DependsOn } = validated();
    const roleId = idOf(resources, 'PackageValidationRole');
    expect(ValidationRole).toBe(`arn:aws:iam::111111111111:role/${roleId}`);
    expect(DependsOn).toEqual([idOf(resources, 'PackageValidationRoleDefaultPolicy')]);
    const { 's3:GetObject': read, 's3:ListBucket': listed, ...permissions } = permissionsOf(resources, roleId);
    expect(read.sort()).toEqual(['arn:aws:s3:::data/model.tar.gz', 'arn:aws:s3:::data/rows/*']);
    expect(new Set(listed)).toEqual(new Set(['arn:aws:s3:::data']));
    const logs = [arn('logs', 'log-group:/aws/sagemaker/*')];
    expect(permissions).toEqual({
      ...PULL,
      'ecr:GetAuthorizationToken': ['*'],
      's3:PutObject': ['arn:aws:s3:::data/answers/*'],
      'logs:CreateLogGroup': logs,
      'logs:CreateLogStream': logs,
      'logs:DescribeLogStreams': logs,
      'logs:PutLogEvents': logs,
      'cloudwatch:PutMetricData': [expect.stringContaining('/aws/sagemaker/*')],
    });
  });

  test('with keys lets its role use them: one encrypts answers, the other disks', () => {
    const { resources, job } = validated((stack) => ({ outputEncryptionKey: new Key(stack, 'Output'), volumeEncryptionKey: new Key(stack, 'Volume') }));
    const permissions = permissionsOf(resources, idOf(resources, 'PackageValidationRole'));
    const [output, volume] = ['Output', 'Volume'].map((id) => arn('kms', `key/${idOf(resources, id)}`));
    expect(permissions).toMatchObject({ 'kms:GenerateDataKey*': [output], 'kms:CreateGrant': [volume], 'kms:DescribeKey': [volume] });
    expect(permissions).not.toHaveProperty('kms:Decrypt');
    expect([job.TransformOutput.KmsKeyId, job.TransformResources.VolumeKmsKeyId]).toEqual([output, volume]);
  });

  test('may have the user\'s own role, which is given nothing', () => {
    const { resources, ValidationRole } = validated((stack) => ({ role: reader(stack) }));
    expect(ValidationRole).toBe(`arn:aws:iam::111111111111:role/${idOf(resources, 'Reader')}`);
    expect(Object.values(resources).filter(({ Type }) => Type === 'AWS::IAM::Policy')).toEqual([]);
  });

  test('may read what a manifest lists, in the manifest\'s bucket', () => {
    const { resources, job } = validated((stack) => ({
      input: ValidationInput.fromManifest(Bucket.fromBucketName(stack, 'Lists', 'lists'), 'rows.manifest'),
    }));
    expect(job.TransformInput.DataSource.S3DataSource).toEqual({ S3DataType: 'ManifestFile', S3Uri: 's3://lists/rows.manifest' });
    expect(permissionsOf(resources, idOf(resources, 'PackageValidationRole'))['s3:GetObject']).toContain('arn:aws:s3:::lists/*');
  });

  test('writes to the top of its bucket, if no prefix is given', () => {
    expect(validated(() => ({ outputPrefix: undefined })).job.TransformOutput.S3OutputPath).toBe('s3://data');
  });

  test.each<[string, Partial<ModelPackageValidation>]>([
    ['`validation.instanceCount` must be at least 1', { instanceCount: 0 }],
    ['`validation.profileName` must match', { profileName: 'a b' }],
    ['`validation.maxConcurrentTransforms` must be at least 0', { maxConcurrentTransforms: -1 }],
    ['`validation.environment` must be at most 16', { environment: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`V${index}`, ''])) }],
    ['`validation.contentType` must have at most 256 characters', { contentType: 't'.repeat(257) }],
    ['`validation.accept` must have at most 256 characters', { accept: 't'.repeat(257) }],
    ['`validation.outputPrefix` must have at most 1024 characters', { outputPrefix: 'p'.repeat(1024) }],
  ])('is refused where the service would refuse it: %s', (sentence, props) => {
    expect(() => validated(() => props)).toThrow(sentence);
  });

  test('of a whole bucket, or by no manifest, is refused', () => {
    const bucket = Bucket.fromBucketName(newStack(), 'Data', 'data');
    expect(() => ValidationInput.fromBucketPrefix(bucket, '')).toThrow(/^`prefix` must have at least 1 character/);
    expect(() => ValidationInput.fromManifest(bucket, 'lists/')).toThrow(/^`objectKey` must be the key of a manifest file, got: 'lists\/'\.$/);
    expect(() => ValidationInput.fromManifest(bucket, late.text(''))).not.toThrow();
  });
});
