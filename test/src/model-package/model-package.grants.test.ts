import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ContainerImage, ModelData, ModelPackage, SamplePayload } from '../../../src';
import { arn, deployed, idOf, newStack, packageIn, permissionsOf, XGBOOST } from '../../harness/constructs';

const IMAGE = ContainerImage.fromRegistry(XGBOOST);
const PULL = Object.fromEntries(['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage']
  .map((action) => [action, ['arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost']]));

function reader(stack: Stack): Role {
  return new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
}

describe('who may read what a package is made of', () => {
  test('reads the containers of additional specifications too, and decrypts with the package\'s key', () => {
    const stack = newStack();
    const bucket = Bucket.fromBucketName(stack, 'Data', 'data');
    const container = (key: string) => ({ image: IMAGE, modelData: ModelData.fromBucket(bucket, key) });
    packageIn(stack, {
      containers: [container('a.tar.gz')],
      additionalInferenceSpecifications: [{ specificationName: 'gpu', containers: [container('b.tar.gz'), container('c.tar.gz')] }],
      sourceAlgorithm: { algorithmName: 'forest', modelData: ModelData.fromBucket(bucket, 'd.tar.gz') },
      samplePayload: undefined,
      encryptionKey: new Key(stack, 'Key'),
    }).grantReadArtifacts(reader(stack));
    const resources = deployed(stack);
    const permissions = permissionsOf(resources, idOf(resources, 'Reader'));
    expect(permissions['s3:GetObject'].sort()).toEqual(['a', 'b', 'c', 'd'].map((name) => `arn:aws:s3:::data/${name}.tar.gz`));
    expect(permissions['kms:Decrypt']).toEqual([arn('kms', `key/${idOf(resources, 'Key')}`)]);
  });

  test('of an imported one reads as much as was said of it', () => {
    const stack = newStack();
    const bucket = Bucket.fromBucketName(stack, 'Data', 'data');
    ModelPackage.fromModelPackageAttributes(stack, 'Package', {
      modelPackageArn: arn('sagemaker', 'model-package/models/3'),
      images: [IMAGE],
      modelData: [ModelData.fromBucket(bucket, 'a.tar.gz'), ModelData.fromBucketPrefix(bucket, 'b/')],
      samplePayload: SamplePayload.fromBucket(bucket, 'payload.tar.gz'),
      encryptionKey: Key.fromKeyArn(stack, 'Key', arn('kms', 'key/1')),
    }).grantReadArtifacts(reader(stack));
    const resources = deployed(stack);
    const { 's3:ListBucket': listed, ...permissions } = permissionsOf(resources, idOf(resources, 'Reader'));
    expect(permissions).toEqual({
      ...PULL,
      'ecr:GetAuthorizationToken': ['*'],
      's3:GetObject': ['a.tar.gz', 'b/*', 'payload.tar.gz'].map((key) => `arn:aws:s3:::data/${key}`),
      'kms:Decrypt': [arn('kms', 'key/1')],
    });
    expect(new Set(listed)).toEqual(new Set(['arn:aws:s3:::data']));
  });
});
