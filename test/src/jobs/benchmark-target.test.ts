import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { BenchmarkTarget, ContainerImage, Model, ModelPackage } from '../../../src';
import { arn, CONTAINER_CONFIG, deployed, idOf, importedPackage, jobIn, newStack, only, packageIn, permissionsOf } from '../../harness/constructs';

const START_ROLE = 'InferenceRecommenderRuntimeStartRole';

describe('a model package', () => {
  test('is named by its ARN, and its artifacts may be read by the job', () => {
    const stack = newStack();
    jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack)) });
    const resources = deployed(stack);
    const packageArn = arn('sagemaker', `model-package/${idOf(resources, 'Package')}/1`);
    expect(only(resources, 'Custom::InferenceRecommendationsJob').Properties.Request.InputConfig).toEqual({ ModelPackageVersionArn: packageArn });
    expect(permissionsOf(resources, idOf(resources, 'JobRole'))).toMatchObject({
      'sagemaker:DescribeModelPackage': [packageArn], 's3:GetObject': [expect.any(String), expect.any(String)],
    });
    expect(permissionsOf(resources, idOf(resources, START_ROLE))['sagemaker:DescribeModelPackage'])
      .toEqual([expect.stringMatching(/:model-package\/shop-packagegroup-[^/]+\/\*$/)]);
  });

  test('that was imported may be described; what it is made of is not known, so nothing of it is granted', () => {
    const stack = newStack();
    jobIn(stack, { target: BenchmarkTarget.fromModelPackage(importedPackage(stack)) });
    const resources = deployed(stack);
    const permissions = permissionsOf(resources, idOf(resources, 'JobRole'));
    expect(permissions['sagemaker:DescribeModelPackage']).toEqual([arn('sagemaker', 'model-package/models/1')]);
    expect(Object.keys(permissions).filter((action) => /^(s3|ecr):/.test(action))).toEqual([]);
  });
});

test('an imported package of which nothing is known makes a warning, unless a role is given or it is said what it is made of', () => {
  const warned = (props: (stack: Stack) => Parameters<typeof jobIn>[1]) => {
    const stack = newStack();
    jobIn(stack, props(stack));
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('`role` should be set')).length;
  };
  const target = (stack: Stack) => BenchmarkTarget.fromModelPackage(importedPackage(stack));
  expect(warned((stack) => ({ target: target(stack) }))).toBe(1);
  expect(warned((stack) => ({ target: target(stack), role: Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::111111111111:role/own') }))).toBe(0);
  expect(warned((stack) => ({
    target: BenchmarkTarget.fromModelPackage(ModelPackage.fromModelPackageAttributes(stack, 'Known', {
      modelPackageArn: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/models/2', images: [ContainerImage.fromRegistry('image')],
    })),
  }))).toBe(0);
});

describe('a model', () => {
  const stack = newStack();
  const model = Model.fromModelName(stack, 'Served', 'served');
  jobIn(stack, { target: BenchmarkTarget.fromModel(model), containerConfig: CONTAINER_CONFIG });
  const resources = deployed(stack);

  test('is named by its name, and no package is', () => {
    expect(only(resources, 'Custom::InferenceRecommendationsJob').Properties.Request.InputConfig)
      .toEqual({ ModelName: 'served', ContainerConfig: expect.anything() });
  });

  test('may be described by the start function, which hashes when it was made; no package may', () => {
    const permissions = permissionsOf(resources, idOf(resources, START_ROLE));
    expect(permissions['sagemaker:DescribeModel']).toEqual([arn('sagemaker', 'model/served')]);
    expect(permissions).not.toHaveProperty('sagemaker:DescribeModelPackage');
  });

  test('may be described by the job', () => {
    expect(permissionsOf(resources, idOf(resources, 'JobRole'))['sagemaker:DescribeModel']).toContain(arn('sagemaker', 'model/served'));
  });
});
