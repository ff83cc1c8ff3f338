import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnModel, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Aws, Fn, Stack } from 'aws-cdk-lib/core';
import { BenchmarkTarget, InferenceRecommendationsJob, Model } from '../../../src';
import { arn, CONTAINER_CONFIG, deployed, idOf, jobIn, newStack, packageIn, permissionsOf } from '../../harness/constructs';

const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.3-1';
const ROLE = 'arn:aws:iam::111111111111:role/own';

const foreign = (primaryContainer: CfnModel.ContainerDefinitionProperty) => (stack: Stack) => new CfnModel(stack, 'Model', { executionRoleArn: ROLE, primaryContainer });

/** What the role of a model's job may read, and how often synth warns. */
function read(make: (stack: Stack) => IModelRef, props: Partial<ConstructorParameters<typeof InferenceRecommendationsJob>[2]> = {}) {
  const stack = newStack();
  jobIn(stack, { target: BenchmarkTarget.fromModel(make(stack)), containerConfig: CONTAINER_CONFIG, ...props });
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('`role` should be set for this model')).length;
  const resources = deployed(stack);
  const permissions = props.role ? {} : permissionsOf(resources, idOf(resources, 'JobRole'));
  return { warnings, objects: permissions['s3:GetObject'] ?? [], images: permissions['ecr:BatchGetImage'] ?? [] };
}

const own = (stack: Stack) => new Model(stack, 'Model', { modelPackage: packageIn(stack) });
const IMAGE_ARN = 'arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost';

test('a model of this library may be read by its job', () => {
  const stack = newStack();
  jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack)) });
  const resources = deployed(stack);
  const ofPackage = permissionsOf(resources, idOf(resources, 'JobRole'));
  const { warnings, objects, images } = read(own);
  expect(warnings).toBe(0);
  expect(images).toEqual(ofPackage['ecr:BatchGetImage']);
  expect(objects).toEqual(expect.arrayContaining([expect.stringMatching(/^arn:aws:s3:::.+\.tar\.gz$/)]));
});

test.each<[string, (stack: Stack) => IModelRef, string]>([
  ['an object', foreign({ image: IMAGE, modelDataUrl: 's3://models/a/model.tar.gz' }), 'arn:aws:s3:::models/a/model.tar.gz'],
  ['an object of a bucket of the app', (stack) => foreign({
    image: IMAGE, modelDataUrl: Bucket.fromBucketName(stack, 'Bucket', 'models').s3UrlForObject('a/model.tar.gz'),
  })(stack), 'arn:aws:s3:::models/a/model.tar.gz'],
  ['a prefix', foreign({
    image: IMAGE, modelDataSource: { s3DataSource: { s3Uri: 's3://models/a/', s3DataType: 'S3Prefix', compressionType: 'None' } },
  }), 'arn:aws:s3:::models/a/*'],
  ['the prefix of several models', foreign({ image: IMAGE, mode: 'MultiModel', modelDataUrl: 's3://models/a/' }), 'arn:aws:s3:::models/a/*'],
])('a foreign model whose template has %s may be read by its job, and nothing else', (_name, make, object) => {
  expect(read(make)).toEqual({ warnings: 0, objects: expect.arrayContaining([object]), images: [IMAGE_ARN] });
  expect(read(make).objects.filter((one) => one.includes(':models/'))).toEqual([object]);
});

test('each container of a foreign model is read', () => {
  const { objects } = read((stack) => new CfnModel(stack, 'Model', {
    executionRoleArn: ROLE, containers: ['a', 'b'].map((name) => ({ image: IMAGE, modelDataUrl: `s3://models/${name}.tar.gz` })),
  }));
  expect(objects).toEqual(expect.arrayContaining(['arn:aws:s3:::models/a.tar.gz', 'arn:aws:s3:::models/b.tar.gz']));
});

test.each<[string, (stack: Stack) => IModelRef]>([
  ['imported', (stack) => Model.fromModelName(stack, 'Model', 'served')],
  ['of a package', foreign({ modelPackageName: arn('sagemaker', 'model-package/models/1') })],
  ['of data at no address', foreign({ image: IMAGE, modelDataUrl: 'models/model.tar.gz' })],
  ['of data at an address of the Web', foreign({ image: IMAGE, modelDataUrl: 'https://s3.us-east-1.amazonaws.com/models/model.tar.gz' })],
  ['of data at an address of the Web with a token', foreign({ image: IMAGE, modelDataUrl: `https://s3.${Aws.REGION}.amazonaws.com/models/model.tar.gz` })],
  ['of containers that are a token', (stack) => new CfnModel(stack, 'Model', { executionRoleArn: ROLE, containers: Fn.getAtt('Other', 'Containers') })],
])('of a model that is %s the app does not know all, and synth says so, unless a role is given', (_name, make) => {
  expect(read(make).warnings).toBe(1);
  const stack = newStack();
  expect(read(make, { role: Role.fromRoleArn(stack, 'Own', ROLE) }).warnings).toBe(0);
});
