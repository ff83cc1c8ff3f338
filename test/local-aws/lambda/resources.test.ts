import { resources } from '../../../local-aws/lambda/resources';
import { resources as logResources } from '../../../local-aws/logs/resources';
import { resources as s3Resources } from '../../../local-aws/s3/resources';
import { resources as ssmResources } from '../../../local-aws/ssm/resources';
import { Region } from '../../../local-aws/world';
import { zipOf } from '../../harness/assembly';
import { resource, someRegion } from '../iam/world';

const ASSETS = 'cdk-hnb659fds-assets-111111111111-us-east-1';

let region: Region;
let base: Record<string, any>;

beforeEach(() => {
  region = someRegion();
  const { arn } = region.iam.createRole('R', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] });
  base = { FunctionName: 'fn', Handler: 'index.handler', Role: arn, Runtime: 'nodejs22.x' };
});
afterEach(() => {
  jest.restoreAllMocks();
  return region.world.close();
});

const fn = (properties: object) => resources['AWS::Lambda::Function'].create(resource(region, 'AWS::Lambda::Function', { ...base, ...properties }));

test('a function of an asset, and of inline code', async () => {
  region.world.s3.putObject(ASSETS, 'code.zip', zipOf({ 'index.js': 'exports.handler = async () => process.env.A;' }));
  const asset = await fn({ Code: { S3Bucket: ASSETS, S3Key: 'code.zip' }, Environment: { Variables: { A: 'a' } }, Timeout: '30', LoggingConfig: { LogGroup: '/g' } });
  expect(asset).toEqual({ physicalId: 'fn', attributes: { Arn: 'arn:aws:lambda:us-east-1:111111111111:function:fn' } });
  expect(region.lambda.find('fn')).toMatchObject({ timeoutSeconds: 30, memorySize: 128, logGroup: '/g' });
  expect(await region.lambda.invoke('fn', {})).toEqual({ payload: 'a' });
  const inline = await fn({ FunctionName: undefined, Code: { ZipFile: 'exports.handler = async () => 1;' } });
  expect(await region.lambda.invoke(inline.attributes.Arn, {})).toEqual({ payload: 1 });
});

test('a role that is not there, or trusts another service, cannot be the function\'s; an imported one can, if imports are assumed', async () => {
  const imported = { Role: 'arn:aws:iam::111111111111:role/imported', Code: { ZipFile: 'exports.handler = async () => 1;' } };
  expect(await fn({ ...imported, FunctionName: 'imported' })).toMatchObject({ physicalId: 'imported' });
  await region.world.close();
  region = someRegion({ imported: 'required' });
  const other = region.iam.createRole('S', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }] });
  for (const Role of ['arn:aws:iam::111111111111:role/none', other.arn]) {
    await expect(fn({ Role, Code: { ZipFile: 'x' } })).rejects.toThrow('The role defined for the function cannot be assumed by Lambda.');
  }
});

test('in a VPC: the role lets Lambda keep the interfaces, in these subnets and with these groups', async () => {
  const interfaces = 'arn:aws:ec2:us-east-1:111111111111:network-interface/*';
  const statements = [
    { Effect: 'Allow', Action: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], Resource: '*' },
    { Effect: 'Allow', Action: 'ec2:CreateNetworkInterface', Resource: [interfaces, 'arn:aws:ec2:us-east-1:111111111111:subnet/subnet-1', 'arn:aws:ec2:us-east-1:111111111111:security-group/sg-1'] },
    { Effect: 'Allow', Action: ['ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'], Resource: interfaces, Condition: { Null: { 'lambda:SourceFunctionArn': 'true' } } },
  ];
  const made = (VpcConfig: object, Statement: object[]) => {
    region.iam.putRolePolicy('R', 'Network', { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }, ...Statement] });
    return fn({ Code: { ZipFile: 'x' }, VpcConfig });
  };
  const network = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
  for (const [VpcConfig, allowed, action] of [
    [network, [], 'CreateNetworkInterface'],
    [{ ...network, SubnetIds: ['subnet-2'] }, statements, 'CreateNetworkInterface'],
    [network, statements.slice(1), 'DescribeNetworkInterfaces'],
    [network, statements.slice(0, 2), 'DeleteNetworkInterface'],
  ] as const) {
    await expect(made(VpcConfig, [...allowed])).rejects.toThrow(`The provided execution role does not have permissions to call ${action} on EC2`);
  }
  expect(await made(network, statements)).toMatchObject({ physicalId: 'fn' });
});

test('code that is not there', async () => {
  await expect(fn({ Code: { S3Bucket: ASSETS, S3Key: 'none' } })).rejects.toThrow('S3 Error Code: NoSuchKey');
});

test('an update changes, a deletion removes, and once more does nothing', async () => {
  const { physicalId } = await fn({ Code: { ZipFile: 'exports.handler = async () => 1;' } });
  const next = resource(region, 'AWS::Lambda::Function', { ...base, Code: { ZipFile: 'exports.handler = async () => 2;' }, Timeout: 5 });
  await resources['AWS::Lambda::Function'].update({ ...next, physicalId, oldProperties: base });
  expect(await region.lambda.invoke('fn', {})).toEqual({ payload: 2 });
  for (let times = 0; times < 2; times++) { await resources['AWS::Lambda::Function'].delete({ ...next, physicalId }); }
  expect(() => region.lambda.find('fn')).toThrow(/Function not found/);
});

test.each<[object | undefined, number[]]>([
  [undefined, [0, 60, 180]], [{ MaximumRetryAttempts: 1 }, [0, 60]], [{ MaximumRetryAttempts: '0' }, [0]], [{ MaximumEventAgeInSeconds: 90 }, [0, 60]],
])('an event that fails is given again as often, and as long, as %j says', async (config, seconds) => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  await fn({ Code: { ZipFile: 'exports.handler = async () => { throw new Error("no"); };' } });
  const provider = resources['AWS::Lambda::EventInvokeConfig'];
  const request = resource(region, 'AWS::Lambda::EventInvokeConfig', { FunctionName: 'fn', Qualifier: '$LATEST', ...config });
  if (config !== undefined) { await provider.create(request); }
  const begun = region.clock.now();
  region.lambda.invokeAsync('fn', {});
  await region.clock.advance(3_600_000);
  expect(region.lambda.invocations.map(({ start }) => (start - begun) / 1000)).toEqual(seconds);
  await provider.delete({ ...request, physicalId: 'fn|$LATEST' });
  expect(region.lambda.eventInvokeConfigs.size).toBe(0);
});

test('an EventInvokeConfig of another range, or beside one that is there, is refused', async () => {
  await fn({ Code: { ZipFile: 'x' } });
  const make = (more: object) => resources['AWS::Lambda::EventInvokeConfig'].create(resource(region, 'AWS::Lambda::EventInvokeConfig', { FunctionName: 'fn', Qualifier: '$LATEST', ...more }));
  await expect(make({ MaximumRetryAttempts: 3 })).rejects.toThrow('MaximumRetryAttempts 3 must be from 0 to 2');
  await expect(make({ MaximumEventAgeInSeconds: 59 })).rejects.toThrow('MaximumEventAgeInSeconds 59 must be from 60 to 21600');
  await expect(make({ Qualifier: '1' })).rejects.toThrow('are not part of the local AWS');
  await make({});
  await expect(make({})).rejects.toMatchObject({ code: 'ResourceConflictException' });
});

test('a log group', async () => {
  const provider = logResources['AWS::Logs::LogGroup'];
  const request = resource(region, 'AWS::Logs::LogGroup', { LogGroupName: '/g', RetentionInDays: '7' });
  expect(await provider.create(request)).toEqual({ physicalId: '/g', attributes: { Arn: 'arn:aws:logs:us-east-1:111111111111:log-group:/g:*' } });
  await provider.update({ ...request, properties: {}, physicalId: '/g', oldProperties: request.properties });
  expect(region.logs.groups.get('/g')?.retentionInDays).toBeUndefined();
  await expect(provider.create(request)).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException' });
  await expect(provider.create(resource(region, 'AWS::Logs::LogGroup', { RetentionInDays: 8 }))).rejects.toMatchObject({ code: 'InvalidParameterException' });
  await provider.delete({ ...request, physicalId: '/g' });
  expect(region.logs.groups.size).toBe(0);
});

test('a parameter', async () => {
  const provider = ssmResources['AWS::SSM::Parameter'];
  const request = resource(region, 'AWS::SSM::Parameter', { Name: '/p', Type: 'String', Value: '1' });
  expect(await provider.create(request)).toEqual({ physicalId: '/p', attributes: { Type: 'String', Value: '1' } });
  await expect(provider.create(request)).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
  expect(await provider.update({ ...request, properties: { ...request.properties, Value: '2' }, physicalId: '/p', oldProperties: {} })).toMatchObject({ attributes: { Value: '2' } });
  await provider.delete({ ...request, physicalId: '/p' });
  await provider.delete({ ...request, physicalId: '/p' });
  expect(region.ssm.parameters.has('/p')).toBe(false);
});

test('a bucket; one that was there from the beginning may be created by a bootstrap stack', async () => {
  const provider = s3Resources['AWS::S3::Bucket'];
  const request = resource(region, 'AWS::S3::Bucket', { BucketName: ASSETS });
  region.world.s3.putObject(ASSETS, 'k', Buffer.from('x'));
  expect(await provider.create(request)).toMatchObject({ physicalId: ASSETS, attributes: { Arn: `arn:aws:s3:::${ASSETS}` } });
  await expect(provider.create(request)).rejects.toMatchObject({ code: 'BucketAlreadyOwnedByYou' });
  await expect(provider.delete({ ...request, physicalId: ASSETS })).rejects.toMatchObject({ code: 'BucketNotEmpty' });
});
