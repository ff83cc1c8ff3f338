import { Bench, TARGET } from '../application-autoscaling/fixtures';

const EndpointName = 'live';
const ARN = 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/live';
let bench: Bench;

beforeEach(async () => {
  bench = new Bench();
  await bench.endpoint();
  await bench.register();
});

const config = async (name: string, ...variants: object[]) => {
  await bench.call('CreateEndpointConfig', { EndpointConfigName: name, ProductionVariants: variants.map((variant) => ({ ModelName: 'one-model', ...variant })) });
  return name;
};
const update = (EndpointConfigName: string) => ({ EndpointName, EndpointConfigName });
const INSTANCES = { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 };

test.each<[string, object, string]>([
  ['gives it another instance type', { VariantName: 'main', InstanceType: 'ml.c5.2xlarge', InitialInstanceCount: 1 }, 'change from ml.c5.xlarge to ml.c5.2xlarge'],
  ['makes it serverless', { VariantName: 'main', ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }, 'change from ml.c5.xlarge to serverless'],
  ['removes it', { VariantName: 'other', ...INSTANCES }, 'be removed'],
])('an update that %s is refused, and changes nothing', async (_what, variant, what) => {
  expect(await bench.refused('UpdateEndpoint', update(await config('two', variant)))).toMatchObject({
    code: 'ValidationException',
    message: `Cannot update endpoint "${ARN}": an Application Auto Scaling scalable target exists for variant "main", which would ${what}. `
      + 'Deregister the scalable target before the update.',
  });
  expect(await bench.call('DescribeEndpoint', { EndpointName })).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'one' });
});

test('an update that changes its model is made', async () => {
  await bench.call('UpdateEndpoint', update(await bench.endpointConfig('two')));
  await bench.minutes(3);
  expect(await bench.call('DescribeEndpoint', { EndpointName })).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
});

test('bounds that come while the endpoint is updated count at its end', async () => {
  await bench.call('UpdateEndpoint', update(await bench.endpointConfig('two')));
  await bench.scaling('RegisterScalableTarget', { ...TARGET, MinCapacity: 3, MaxCapacity: 4 });
  await bench.minutes(3);
  expect(await bench.call('DescribeEndpoint', { EndpointName })).toMatchObject({ EndpointStatus: 'Updating', ProductionVariants: [{ DesiredInstanceCount: 3 }] });
  await bench.minutes(3);
  expect(await bench.call('DescribeEndpoint', { EndpointName })).toMatchObject({ EndpointStatus: 'InService', ProductionVariants: [{ CurrentInstanceCount: 3 }] });
});

test('an update that changes its instance type is made once it is deregistered, and it can be registered again after', async () => {
  await bench.scaling('DeregisterScalableTarget', TARGET);
  await bench.call('UpdateEndpoint', update(await config('two', { VariantName: 'main', ...INSTANCES, InstanceType: 'ml.c5.2xlarge' })));
  await bench.minutes(3);
  await bench.register();
  expect(await bench.refused('UpdateEndpoint', update('one'))).toMatchObject({ message: expect.stringContaining('change from ml.c5.2xlarge to ml.c5.xlarge') });
});

test('an update may change the variants that are not registered', async () => {
  await bench.call('UpdateEndpoint', update(await config('two', { VariantName: 'main', ...INSTANCES }, { VariantName: 'other', ...INSTANCES })));
  await bench.minutes(3);
  await bench.call('UpdateEndpoint', update('one'));
});

test('the instance type is known though the configuration that serves is deleted', async () => {
  await bench.call('DeleteEndpointConfig', { EndpointConfigName: 'one' });
  const next = await config('two', { VariantName: 'main', ...INSTANCES, InstanceType: 'ml.c5.2xlarge' });
  expect(await bench.refused('UpdateEndpoint', update(next))).toMatchObject({ message: expect.stringContaining('change from ml.c5.xlarge') });
});

test.each(['Shop', 'shop', 'SHOP'])('a variant of the endpoint Shop is registered by the spelling %s, too, and goes with the endpoint', async (name) => {
  await bench.call('CreateEndpoint', { EndpointName: 'Shop', EndpointConfigName: 'one' });
  await bench.minutes(3);
  await bench.scaling('RegisterScalableTarget', { ...TARGET, ResourceId: `endpoint/${name}/variant/main`, MinCapacity: 1, MaxCapacity: 4 });
  const next = await config('two', { VariantName: 'main', ...INSTANCES, InstanceType: 'ml.c5.2xlarge' });
  expect(await bench.refused('UpdateEndpoint', { EndpointName: 'Shop', EndpointConfigName: next })).toMatchObject({ message: expect.stringContaining('change from ml.c5.xlarge') });
  await bench.call('DeleteEndpoint', { EndpointName: 'shop' });
  expect((await bench.targets()).map(({ ResourceId }) => ResourceId)).toEqual([TARGET.ResourceId]);
});

describe('an endpoint that is deleted', () => {
  const role = 'arn:aws:iam::111122223333:role/R';
  const remove = () => bench.region.sagemaker.call('DeleteEndpoint', { EndpointName }, { account: '111122223333', arn: role });

  beforeEach(() => {
    bench.region.iam.createRole('R', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] });
  });

  test('takes its targets and policies with it, if its caller may deregister them', async () => {
    await bench.put();
    bench.region.iam.putRolePolicy('R', 'P', { Statement: { Effect: 'Allow', Action: 'application-autoscaling:DeregisterScalableTarget', Resource: '*' } });
    await remove();
    expect([await bench.targets(), await bench.policies()]).toEqual([[], []]);
  });

  test('stays, with its targets, if its caller may not', async () => {
    await expect(remove()).rejects.toMatchObject({
      code: 'ValidationException',
      message: 'An Application AutoScaling scalable target exists for a variant being deleted, and the IAM identity used to invoke DeleteEndpoint does not have '
        + 'application-autoscaling:DeregisterScalableTarget permission to deregister the scalable target.',
    });
    expect(await bench.call('DescribeEndpoint', { EndpointName })).toMatchObject({ EndpointStatus: 'InService' });
    expect(await bench.targets()).toHaveLength(1);
  });
});
