import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ContainerImage, InstanceType, ModelApprovalStatus, ModelData, ModelPackage, ModelPackageContainer, ModelPackageGroup, ModelPackageProps,
  SamplePayload,
} from '../../../src';
import { arn, deployed, idOf, late, newStack, only, packageIn, permissionsOf, Resource, XGBOOST } from '../../harness/constructs';

const TYPE = 'AWS::SageMaker::ModelPackage';
const BARE: ModelPackageContainer = { image: ContainerImage.fromRegistry('image') };

function packageOf(props: Partial<ModelPackageProps> = {}): Resource {
  const stack = newStack();
  packageIn(stack, props);
  return only(deployed(stack), TYPE);
}

test('is a version of its group, with what a benchmark wants to know, nested as in the resource', () => {
  const stack = newStack();
  packageIn(stack, { description: 'First', supportedRealtimeInferenceInstanceTypes: [InstanceType.ML_C5_XLARGE] });
  const resources = deployed(stack);
  expect(only(resources, TYPE)).toMatchObject({
    Properties: {
      ModelPackageGroupName: only(resources, 'AWS::SageMaker::ModelPackageGroup').Properties.ModelPackageGroupName,
      ModelPackageDescription: 'First',
      Domain: 'MACHINE_LEARNING',
      Task: 'CLASSIFICATION',
      SamplePayloadUrl: expect.stringMatching(/^s3:\/\/.+\.tar\.gz$/),
      InferenceSpecification: {
        Containers: [{ Image: XGBOOST, ModelDataUrl: expect.stringMatching(/^s3:\/\/.+\.tar\.gz$/), Framework: 'XGBOOST', FrameworkVersion: '1.3-1' }],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['text/csv'],
        SupportedRealtimeInferenceInstanceTypes: ['ml.c5.xlarge'],
      },
    },
  });
});

test('a container may have an environment, a model that it resembles, and inputs to compile for', () => {
  const container = { ...BARE, environment: { A: '1' }, nearestModelName: 'xgboost', dataInputConfig: '{"input":[1,10]}' };
  expect(packageOf({ containers: [container] }).Properties.InferenceSpecification.Containers).toEqual([
    { Image: 'image', Environment: { A: '1' }, NearestModelName: 'xgboost', ModelInput: { DataInputConfig: '{"input":[1,10]}' } },
  ]);
});

test('several containers keep their order, each with its own data', () => {
  const stack = newStack();
  const bucket = new Bucket(stack, 'Data');
  const containers = ['a', 'b'].map((name) => ({
    image: ContainerImage.fromRegistry(name), modelData: ModelData.fromBucket(bucket, `${name}.tar.gz`),
  }));
  packageIn(stack, { containers });
  const rendered: any[] = only(deployed(stack), TYPE).Properties.InferenceSpecification.Containers;
  expect(rendered.map(({ Image, ModelDataUrl }) => [Image, ModelDataUrl.split('/').pop()])).toEqual([['a', 'a.tar.gz'], ['b', 'b.tar.gz']]);
});

test('no container is refused', () => {
  expect(() => packageOf({ containers: [] })).toThrow(/^`containers` must have at least 1 entry, got none: .+\.$/);
});

test('tokens pass', () => {
  const containers = [{ image: ContainerImage.fromRegistry(late.text('image')), frameworkVersion: late.text('x'), environment: { A: late.text('') } }];
  expect(packageOf({ containers, description: late.text('later'), supportedContentTypes: late.list(['text/csv']) }).Properties)
    .toMatchObject({ ModelPackageDescription: 'later', InferenceSpecification: { Containers: [{ Image: 'image' }], SupportedContentTypes: ['text/csv'] } });
});

test.each<[ModelApprovalStatus | undefined, string]>([
  [undefined, 'Approved'],
  [ModelApprovalStatus.PENDING_MANUAL_APPROVAL, 'PendingManualApproval'],
  [ModelApprovalStatus.REJECTED, 'Rejected'],
])('approval status %s', (approvalStatus, expected) => {
  expect(packageOf({ approvalStatus }).Properties.ModelApprovalStatus).toBe(expected);
});

test.each<[RemovalPolicy | undefined, string]>([
  [undefined, 'Retain'], [RemovalPolicy.RETAIN, 'Retain'], [RemovalPolicy.DESTROY, 'Delete'],
])('removal policy %s, also of a version that another replaces', (removalPolicy, expected) => {
  expect(packageOf({ removalPolicy })).toMatchObject({ DeletionPolicy: expected, UpdateReplacePolicy: expected });
});

test('takes no tags, whoever sets them: the service refuses them on a version. Its group takes them', () => {
  const stack = newStack();
  Tags.of(packageIn(stack)).add('own', '1');
  Tags.of(stack).add('stack', '1');
  Tags.of(stack.node.root).add('app', '1');
  const resources = deployed(stack);
  expect(only(resources, TYPE).Properties).not.toHaveProperty('Tags');
  expect(only(resources, 'AWS::SageMaker::ModelPackageGroup').Properties.Tags).toEqual([{ Key: 'app', Value: '1' }, { Key: 'stack', Value: '1' }]);
});

describe('who may read what it is made of', () => {
  test('reads the data and payload, each by its own key, and pulls each image', () => {
    const stack = newStack();
    const bucket = Bucket.fromBucketName(stack, 'Data', 'data');
    const repository = Repository.fromRepositoryName(stack, 'Images', 'images');
    const modelPackage = packageIn(stack, {
      containers: [
        { image: ContainerImage.fromEcrRepository(repository), modelData: ModelData.fromBucket(bucket, 'a.tar.gz') },
        { image: ContainerImage.fromRegistry(XGBOOST), modelData: ModelData.fromBucket(bucket, 'b.tar.gz') },
      ],
      samplePayload: SamplePayload.fromBucket(bucket, 'payload.tar.gz'),
    });
    modelPackage.grantReadArtifacts(new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }));
    const resources = deployed(stack);
    const permissions = permissionsOf(resources, idOf(resources, 'Reader'));
    expect(permissions['s3:GetObject'].sort()).toEqual(['a', 'b', 'payload'].map((key) => `arn:aws:s3:::data/${key}.tar.gz`));
    expect(new Set(permissions['s3:ListBucket'])).toEqual(new Set(['arn:aws:s3:::data']));
    expect(permissions['ecr:BatchGetImage'].sort()).toEqual([
      arn('ecr', 'repository/images'), 'arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost',
    ]);
    expect(Object.keys(permissions).sort()).toEqual([
      'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer',
      's3:GetObject', 's3:ListBucket',
    ]);
  });
});

describe('imported', () => {
  test.each([
    ['a version', 'model-package/models/3'],
    ['an unversioned package', 'model-package/model'],
  ])('%s keeps its ARN and is of its account and Region', (_what, resource) => {
    const packageArn = `arn:aws:sagemaker:eu-west-1:222222222222:${resource}`;
    const imported = ModelPackage.fromModelPackageArn(newStack(), 'Package', packageArn);
    expect(imported).toMatchObject({ modelPackageArn: packageArn, env: { account: '222222222222', region: 'eu-west-1' } });
  });

  test('grants nothing: what it is made of is not known', () => {
    const stack = newStack();
    const role = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    ModelPackage.fromModelPackageArn(stack, 'Package', late.text(arn('sagemaker', 'model-package/models/3'))).grantReadArtifacts(role);
    expect(Object.values(deployed(stack)).map(({ Type }) => Type)).toEqual(['AWS::IAM::Role']);
  });
});

test('versions of one group are resources of their own', () => {
  const stack = newStack();
  const modelPackageGroup = new ModelPackageGroup(stack, 'Group');
  const arns = ['A', 'B'].map((id) => JSON.stringify(stack.resolve(packageIn(stack, { modelPackageGroup, containers: [BARE] }, id).modelPackageArn)));
  expect(arns[0]).not.toBe(arns[1]);
});
