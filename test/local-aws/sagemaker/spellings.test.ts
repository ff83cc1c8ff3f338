import { Bench, IMAGE } from './fixtures';

async function named(bench: Bench) {
  await bench.call('CreateModelPackageGroup', { ModelPackageGroupName: 'ShopModels', Tags: [{ Key: 'a', Value: '1' }] });
  const { ModelPackageArn } = await bench.call('CreateModelPackage', { ModelPackageGroupName: 'ShopModels', InferenceSpecification: { Containers: [{ Image: IMAGE }] } });
  const { ModelArn } = await bench.call('CreateModel', { ModelName: 'ShopModel', PrimaryContainer: { Image: IMAGE } });
  const variant = { VariantName: 'Main', ModelName: 'ShopModel', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 };
  const { EndpointConfigArn } = await bench.call('CreateEndpointConfig', { EndpointConfigName: 'ShopConfig', ProductionVariants: [variant] });
  const { EndpointArn } = await bench.call('CreateEndpoint', { EndpointName: 'ShopEndpoint', EndpointConfigName: 'ShopConfig' });
  return [ModelPackageArn, ModelArn, EndpointConfigArn, EndpointArn].map((arn: string) => arn.split(':')[5]);
}

test('ARNs have names in lower case, and answers the name as it is given', async () => {
  const bench = new Bench();
  expect(await named(bench)).toEqual(['model-package/shopmodels/1', 'model/shopmodel', 'endpoint-config/shopconfig', 'endpoint/shopendpoint']);
  expect(await bench.call('DescribeModel', { ModelName: 'ShopModel' })).toMatchObject({ ModelName: 'ShopModel' });
  expect(await bench.call('DescribeModelPackageGroup', { ModelPackageGroupName: 'ShopModels' })).toMatchObject({ ModelPackageGroupName: 'ShopModels' });
});

test('a name is found in any case, and is taken in any case', async () => {
  const bench = new Bench();
  await named(bench);
  for (const name of ['ShopEndpoint', 'shopendpoint']) {
    expect(await bench.call('DescribeEndpoint', { EndpointName: name })).toMatchObject({ EndpointName: 'ShopEndpoint', EndpointConfigName: 'ShopConfig' });
  }
  for (const name of ['ShopModels', 'shopmodels']) {
    const arn = bench.region.arn('sagemaker', 'model-package-group/NAME').replace('name', name);
    expect(await bench.call('DescribeModelPackageGroup', { ModelPackageGroupName: arn })).toMatchObject({ ModelPackageGroupName: 'ShopModels' });
    expect(await bench.call('ListTags', { ResourceArn: arn })).toEqual({ Tags: [{ Key: 'a', Value: '1' }] });
    const version = bench.region.arn('sagemaker', 'model-package/NAME/1').replace('name', name);
    expect(await bench.call('DescribeModelPackage', { ModelPackageName: version })).toMatchObject({ ModelPackageVersion: 1 });
  }
  expect(await bench.refused('CreateModel', { ModelName: 'SHOPMODEL', PrimaryContainer: { Image: IMAGE } })).toMatchObject({
    message: expect.stringContaining('already existing model'),
  });
});

test('names stay as they are given if the world says so', async () => {
  expect(await named(new Bench({ sagemakerArns: 'as given' })))
    .toEqual(['model-package/ShopModels/1', 'model/ShopModel', 'endpoint-config/ShopConfig', 'endpoint/ShopEndpoint']);
});
