import { estimate, needs } from '../../../../lambda/jobs/inference-recommendations/needs';
import { INVOKE_BODY_BYTES } from '../../../../src/service/limits';

const PLACE = { region: 'us-east-1', account: '111111111111', jobName: 'shop-1' };
const ROLE = 'arn:aws:iam::111111111111:role/benchmark';
const PACKAGE = 'arn:aws:sagemaker:us-east-1:111111111111:model-package/group/1';
const target = (supportedInstanceTypes?: string[]) => ({
  name: PACKAGE,
  described: { SamplePayloadUrl: 's3://b/p.tar.gz', InferenceSpecification: { Containers: [{ ModelDataUrl: 's3://b/m.tar.gz' }] } },
  facts: { supportedInstanceTypes },
});
const of = (JobType: string, InputConfig: object, types?: string[]) => needs({ JobType, RoleArn: ROLE, InputConfig }, target(types), PLACE);

test('are the archives of the request and its target, the role, and its permissions', () => {
  const { archives, roleArn, account, permissions } = of('Default', { ModelPackageVersionArn: PACKAGE });
  expect([archives.map(({ address }) => address), roleArn, account]).toEqual([['s3://b/p.tar.gz', 's3://b/m.tar.gz'], ROLE, '111111111111']);
  const resources = Object.fromEntries(permissions.flatMap((one) => one.actions.map((action) => [action, one.resources])));
  expect(resources).toEqual({
    'sagemaker:CreateModel': ['arn:aws:sagemaker:us-east-1:111111111111:model/shop-1'],
    'sagemaker:CreateEndpointConfig': ['arn:aws:sagemaker:us-east-1:111111111111:endpoint-config/shop-1'],
    ...Object.fromEntries(['CreateEndpoint', 'DescribeEndpoint', 'InvokeEndpoint'].map((action) => [`sagemaker:${action}`, ['arn:aws:sagemaker:us-east-1:111111111111:endpoint/shop-1']])),
    'iam:PassRole': [ROLE],
    'sagemaker:DescribeModelPackage': [PACKAGE],
    's3:GetObject': ['arn:aws:s3:::b/p.tar.gz', 'arn:aws:s3:::b/m.tar.gz'],
  });
});

test('of a model is the permission to describe it', () => {
  const { permissions } = needs({ JobType: 'Default', RoleArn: ROLE.replace('aws', 'aws-cn'), InputConfig: { ModelName: 'm' } }, { name: 'm' }, PLACE);
  expect(permissions).toContainEqual({ actions: ['sagemaker:DescribeModel'], resources: ['arn:aws-cn:sagemaker:us-east-1:111111111111:model/m'] });
});

const candidates = (...EndpointConfigurations: object[]) => ({ EndpointConfigurations });
const [LARGE, SERVERLESS] = [{ InstanceType: 'ml.c5.large' }, { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }];

test.each([
  ['a load test tries each candidate', 'Advanced', candidates(LARGE, LARGE, SERVERLESS), undefined, { each: ['ml.c5.large'], some: [] }],
  ['a load test of serverless candidates tries no instance', 'Advanced', candidates(SERVERLESS), ['ml.c5.large'], { each: [], some: [] }],
  ['the service chooses among all types', 'Default', {}, undefined, { each: [], some: undefined, isServerlessToo: true }],
  ['the service chooses among the package\'s', 'Default', {}, ['ml.m5.large'], { each: [], some: ['ml.m5.large'], isServerlessToo: true }],
  ['the container\'s types come first', 'Default', { ContainerConfig: { SupportedInstanceTypes: ['ml.c5.large'] } }, undefined, { each: [], some: ['ml.c5.large'], isServerlessToo: false }],
  ['real-time endpoints alone', 'Default', { ContainerConfig: { SupportedEndpointType: 'RealTime' } }, undefined, { some: undefined, isServerlessToo: false }],
  ['serverless endpoints alone', 'Default', { ContainerConfig: { SupportedEndpointType: 'Serverless' } }, ['ml.c5.large'], { each: [], some: [] }],
])('%s', (_what, jobType, input, types, expected) => {
  expect(of(jobType, input, types).tried).toMatchObject(expected);
});

test('a request may be as large as the endpoints of the job take', () => {
  const most = (jobType: string, input: object) => of(jobType, input).mostBytes;
  expect([most('Default', {}), most('Advanced', candidates(LARGE, SERVERLESS))]).toEqual(Array(2).fill(INVOKE_BODY_BYTES.inGuide));
  expect([most('Advanced', candidates(SERVERLESS)), most('Default', { ContainerConfig: { SupportedEndpointType: 'Serverless' } })])
    .toEqual(Array(2).fill(INVOKE_BODY_BYTES.serverless));
});

test('the cost is that of the package\'s types, and is not known in a Region without prices', () => {
  const request = { JobType: 'Default', InputConfig: {} };
  expect(estimate(request, target(['ml.c5.large']), 'us-east-1')).toMatchObject({ isListed: true, types: ['ml.c5.large'] });
  expect(estimate(request, undefined, 'us-east-1')).toMatchObject({ isListed: false });
  expect(estimate(request, undefined, 'mx-central-1')).toBeUndefined();
});
