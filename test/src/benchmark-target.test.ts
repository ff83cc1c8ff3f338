import { arn, CONTAINER_CONFIG, deployed, idOf, importedPackage, jobIn, newStack, only, packageIn, permissionsOf } from './fixtures';
import { BenchmarkTarget, Model } from '../../src';

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
    expect(permissionsOf(resources, idOf(resources, START_ROLE))['sagemaker:DescribeModelPackage']).toEqual([packageArn]);
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
