import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ContainerImage, InstanceType, MetricsSource, ModelApprovalStatus, ModelData, ModelPackage, ModelPackageGroup, ModelPackageProps, ValidationInput,
} from '../../../src';
import { ACCOUNT, newStack, packageIn, REGION, XGBOOST } from '../../harness/constructs';
import { Bench } from '../../local-aws/cloudformation/bench';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });
afterEach(() => bench.world.close());

/** Deploys what `build` puts into a stack, again if there is one. */
async function deploy(build: (stack: Stack) => void) {
  const stack = newStack();
  build(stack);
  const { Resources } = Template.fromStack(stack).toJSON();
  return bench.deploy('Shop', { Resources });
}

const call = (operation: string, input: object) => bench.region.sagemaker.call(operation, input);
const described = (name: string) => call('DescribeModelPackage', { ModelPackageName: name });

/** A version with whatever is more than text: data in parts, roles, keys, another account. */
function fill(stack: Stack, props: Partial<ModelPackageProps> = {}): void {
  const bucket = Bucket.fromBucketName(stack, 'Data', 'data');
  const modelPackageGroup = new ModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'models' });
  modelPackageGroup.grants.deploy(new AccountPrincipal('222222222222'));
  const containers = [{
    image: ContainerImage.fromRegistry(XGBOOST), modelData: ModelData.fromBucketPrefix(bucket, 'weights/', { acceptEula: true }),
  }];
  packageIn(stack, {
    modelPackageGroup,
    containers,
    additionalInferenceSpecifications: [{ specificationName: 'gpu', containers }],
    validation: { input: ValidationInput.fromBucketPrefix(bucket, 'rows/'), outputBucket: bucket, instanceType: InstanceType.ML_M5_XLARGE },
    encryptionKey: new Key(stack, 'Key'),
    ...props,
  });
}

test('a version and its group\'s policy are made', async () => {
  expect(await deploy(fill)).toMatchObject({ status: 'CREATE_COMPLETE' });
  const { ResourcePolicy } = await call('GetModelPackageGroupPolicy', { ModelPackageGroupName: 'models' });
  const arn = `arn:aws:sagemaker:${REGION}:${ACCOUNT}`;
  expect(JSON.parse(ResourcePolicy).Statement[0].Resource).toEqual([`${arn}:model-package-group/models`, `${arn}:model-package/models/*`]);
  expect(await described('models/1')).toMatchObject({
    ModelApprovalStatus: 'Approved',
    InferenceSpecification: { Containers: [{ ModelDataSource: { S3DataSource: { ModelAccessConfig: { AcceptEula: true } } } }] },
    AdditionalInferenceSpecifications: [{ Name: 'gpu' }],
    ValidationSpecification: { ValidationRole: expect.stringMatching(/^arn:aws:iam::\d+:role\//) },
  });
});

test.each<[string, Partial<ModelPackageProps>, object]>([
  ['approvalStatus and its description', { approvalStatus: ModelApprovalStatus.REJECTED, approvalDescription: 'Slow' },
    { ModelApprovalStatus: 'Rejected', ApprovalDescription: 'Slow' }],
  ['customerMetadataProperties', { customerMetadataProperties: { a: '1' } }, { CustomerMetadataProperties: { a: '1' } }],
  ['sourceUri', { sourceUri: 'arn:aws:sagemaker:us-east-1:111111111111:model/first' }, { SourceUri: expect.stringContaining('model/first') }],
])('a change of %s changes the version in place', async (_what, props, expected) => {
  await deploy(fill);
  expect(await deploy((stack) => fill(stack, props))).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(await described('models/1')).toMatchObject(expected);
  await expect(described('models/2')).rejects.toThrow('does not exist');
});

test.each<[string, Partial<ModelPackageProps>]>([
  ['description', { description: 'Second' }],
  ['commitId', { commitId: '0123abc' }],
  ['sourceAlgorithm', { sourceAlgorithm: { algorithmName: 'forest' } }],
  ['modelMetrics', { modelMetrics: { biasReport: MetricsSource.fromAsset(__filename) } }],
  ['validation', { validation: undefined }],
  ['encryptionKey', { encryptionKey: undefined }],
  ['supportedContentTypes', { supportedContentTypes: ['text/plain'] }],
])('a change of %s is a new version, and the one before it stays', async (_what, props) => {
  await deploy(fill);
  expect(await deploy((stack) => fill(stack, props))).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(await described('models/2')).toMatchObject({ ModelPackageVersion: 2 });
  expect(await described('models/1')).toMatchObject({ ModelPackageVersion: 1 });
});

test('an unversioned package is made under its name', async () => {
  const types = [InstanceType.ML_M5_XLARGE];
  const { status } = await deploy((stack) => new ModelPackage(stack, 'Package', {
    modelPackageName: 'alone',
    containers: [{ image: ContainerImage.fromRegistry(XGBOOST) }],
    supportedRealtimeInferenceInstanceTypes: types,
    supportedTransformInstanceTypes: types,
  }));
  expect(status).toBe('CREATE_COMPLETE');
  expect(await described('alone')).toMatchObject({ ModelPackageStatus: 'Completed' });
});
