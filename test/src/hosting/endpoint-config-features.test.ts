import { Size, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { judged, KEY_ARN, network, onInstances, ON_INSTANCES, ownModel, served, warningsOf } from '../../harness/endpoints';
import { ACCOUNT, arn, deployed, idOf, newStack, permissionsOf } from '../../harness/constructs';
import {
  AsyncInference, AsyncInferenceOptions, CaptureMode, ContainerImage, DataCapture, DataCaptureOptions, Endpoint, EndpointConfig, EndpointConfigProps,
  InstanceType, Model, ModelContainer, Variant,
} from '../../../src';
import { endpointFacts } from '../../../src/jobs/job-request';

const KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

function properties(make: (stack: Stack) => Partial<EndpointConfigProps>): any {
  const stack = newStack();
  new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)], ...make(stack) });
  return judged(stack, 'AWS::SageMaker::EndpointConfig', 'CreateEndpointConfigInput', { EndpointConfigName: 'made-at-deploy' });
}

function warnings(make: (stack: Stack) => Partial<EndpointConfigProps>): string[] {
  const stack = newStack();
  new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)], ...make(stack) });
  return warningsOf(stack);
}

/** What the role that the library made for a model may do because of its configuration, and nothing else. */
function granted(make: (stack: Stack) => Partial<EndpointConfigProps>, roleStart = 'ModelRole'): Record<string, string[]> {
  const stack = newStack();
  const before = newStack();
  ownModel(before);
  new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(ownModel(stack), ON_INSTANCES)], ...make(stack) });
  const resources = deployed(stack);
  const plain = permissionsOf(deployed(before), idOf(deployed(before), 'ModelRole'));
  return Object.fromEntries(Object.entries(permissionsOf(resources, idOf(resources, roleStart))).filter(([action]) => !(action in plain)));
}

const bucket = (stack: Stack, name = 'data') => Bucket.fromBucketName(stack, name, name);
const topic = (stack: Stack, name: string) => Topic.fromTopicArn(stack, name, arn('sns', name));
const key = (stack: Stack) => Key.fromKeyArn(stack, 'Key', KEY_ARN);
const shadow = (stack: Stack, props = {}) => [onInstances(stack, { variantName: 'shadow', ...props })];
const serverless = (stack: Stack, variantName?: string) => Variant.serverless(served(stack), {
  memorySize: Size.gibibytes(1), maxConcurrency: 1, variantName,
});

describe('data capture', () => {
  test('with all its props', () => {
    const all = (stack: Stack): Required<DataCaptureOptions> => ({
      prefix: 'captured/',
      samplingPercentage: 10,
      modes: [CaptureMode.INPUT_AND_OUTPUT],
      csvContentTypes: ['text/csv'],
      jsonContentTypes: ['application/json'],
      encryptionKey: key(stack),
      enabled: false,
    });
    expect(properties((stack) => ({ dataCapture: DataCapture.toBucket(bucket(stack), all(stack)) })).DataCaptureConfig).toEqual({
      EnableCapture: false,
      InitialSamplingPercentage: 10,
      DestinationS3Uri: 's3://data/captured',
      KmsKeyId: KEY_ARN,
      CaptureOptions: [{ CaptureMode: 'InputAndOutput' }],
      CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json'] },
    });
  });

  test('with none takes all of both sides, anywhere in the bucket', () => {
    expect(properties((stack) => ({ dataCapture: DataCapture.toBucket(bucket(stack)) })).DataCaptureConfig).toEqual({
      EnableCapture: true, InitialSamplingPercentage: 100, DestinationS3Uri: 's3://data', CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
    });
  });

  test.each<[DataCaptureOptions, RegExp]>([
    [{ samplingPercentage: 101 }, /^`samplingPercentage` must be at most 100, got: 101\.$/],
    [{ samplingPercentage: 0.5 }, /^`samplingPercentage` must be of type integer, got: 0\.5\.$/],
    [{ modes: [] }, /^`modes` must have at least 1 entries/],
    [{ csvContentTypes: [] }, /^`csvContentTypes` must have at least 1 entries/],
    [{ jsonContentTypes: ['json'] }, /^`jsonContentTypes\.0` must match .*, got: 'json'\.$/],
    [{ prefix: 'p'.repeat(512) }, /^`prefix` must have at most 512 characters/],
  ])('of %j is refused', (wrong, sentence) => {
    expect(() => DataCapture.toBucket(bucket(newStack()), wrong)).toThrow(sentence);
  });

  test('lets a role of the library\'s own write there, and nowhere else', () => {
    const objects = ['arn:aws:s3:::data/captured/*'];
    expect(granted((stack) => ({ dataCapture: DataCapture.toBucket(bucket(stack), { prefix: 'captured', encryptionKey: key(stack) }) }))).toEqual({
      's3:PutObject': objects, 's3:AbortMultipartUpload': objects, ...Object.fromEntries(KEY_ACTIONS.map((action) => [action, [KEY_ARN]])),
    });
  });

  test('lets it use the key of the bucket where no other is given', () => {
    const encrypted = (stack: Stack) => Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'data', encryptionKey: key(stack) });
    expect(granted((stack) => ({ dataCapture: DataCapture.toBucket(encrypted(stack)) }))['kms:GenerateDataKey']).toEqual([KEY_ARN]);
  });
});

describe('asynchronous inference', () => {
  const all = (stack: Stack): Required<AsyncInferenceOptions> => ({
    outputPrefix: 'answers',
    failureBucket: bucket(stack, 'failed'),
    failurePrefix: 'today',
    successTopic: topic(stack, 'good'),
    errorTopic: topic(stack, 'bad'),
    includeResponseInSuccess: true,
    includeResponseInError: true,
    maxConcurrentInvocationsPerInstance: 4,
    encryptionKey: key(stack),
  });
  const asyncInference = (stack: Stack, options = all(stack)) => AsyncInference.toBucket(bucket(stack), options);

  test('with all its props', () => {
    expect(properties((stack) => ({ asyncInference: asyncInference(stack) })).AsyncInferenceConfig).toEqual({
      ClientConfig: { MaxConcurrentInvocationsPerInstance: 4 },
      OutputConfig: {
        S3OutputPath: 's3://data/answers',
        S3FailurePath: 's3://failed/today',
        KmsKeyId: KEY_ARN,
        NotificationConfig: {
          SuccessTopic: arn('sns', 'good'),
          ErrorTopic: arn('sns', 'bad'),
          IncludeInferenceResponseIn: ['SUCCESS_NOTIFICATION_TOPIC', 'ERROR_NOTIFICATION_TOPIC'],
        },
      },
    });
  });

  test('with none has an output only', () => {
    expect(properties((stack) => ({ asyncInference: AsyncInference.toBucket(bucket(stack)) })).AsyncInferenceConfig)
      .toEqual({ OutputConfig: { S3OutputPath: 's3://data' } });
  });

  test('writes failures beside the answers where only their prefix is given', () => {
    expect(properties((stack) => ({ asyncInference: AsyncInference.toBucket(bucket(stack), { failurePrefix: 'failed' }) }))
      .AsyncInferenceConfig.OutputConfig.S3FailurePath).toBe('s3://data/failed');
  });

  test.each([0, 1001])('of %i requests at a time is refused', (maxConcurrentInvocationsPerInstance) => {
    expect(() => AsyncInference.toBucket(bucket(newStack()), { maxConcurrentInvocationsPerInstance })).toThrow(/^`maxConcurrentInvocationsPerInstance` must be/);
  });

  test('lets a role of the library\'s own write and publish there, and nowhere else', () => {
    const objects = ['arn:aws:s3:::data/answers/*', 'arn:aws:s3:::failed/today/*'];
    const { 'sns:Publish': publish, ...rest } = granted((stack) => ({ asyncInference: asyncInference(stack) }));
    expect(publish.sort()).toEqual([arn('sns', 'bad'), arn('sns', 'good')]);
    expect(rest).toEqual({
      's3:PutObject': objects, 's3:AbortMultipartUpload': objects, ...Object.fromEntries(KEY_ACTIONS.map((action) => [action, [KEY_ARN]])),
    });
  });
});

test('a role of the user\'s own is left as it is', () => {
  const stack = newStack();
  const role = Role.fromRoleArn(stack, 'Given', `arn:aws:iam::${ACCOUNT}:role/given`);
  const model = new Model(stack, 'Model', { role, ...network(stack), containers: [ModelContainer.fromImage(ContainerImage.fromRegistry('image'))] });
  new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(model, ON_INSTANCES)], dataCapture: DataCapture.toBucket(bucket(stack)) });
  expect(Object.values(deployed(stack)).map(({ Type }) => Type).sort()).toEqual(['AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Model']);
});

describe('a VPC', () => {
  test('has the private subnets and the groups that are given, with a role', () => {
    const found = properties((stack) => ({ ...network(stack), enableNetworkIsolation: true }));
    expect(found).toMatchObject({
      VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1', 'subnet-2'] },
      EnableNetworkIsolation: true,
      ExecutionRoleArn: expect.stringMatching(/role\/ConfigRole[0-9A-F]{8}$/),
    });
  });

  test('lets its role make interfaces in those subnets and see the rest', () => {
    const interfaces = arn('ec2', 'network-interface/*');
    const group = arn('ec2', 'security-group/sg-1');
    const found = granted((stack) => network(stack), 'ConfigRole');
    const describing = Object.keys(found).filter((action) => action.startsWith('ec2:Describe'));
    expect(describing).toHaveLength(6);
    describing.forEach((action) => expect(found[action]).toEqual(['*']));
    expect(Object.fromEntries(Object.entries(found).filter(([action]) => action.startsWith('ec2:') && !describing.includes(action)))).toEqual({
      'ec2:CreateNetworkInterface': [interfaces, group, arn('ec2', 'subnet/subnet-1'), arn('ec2', 'subnet/subnet-2')],
      'ec2:ModifyNetworkInterfaceAttribute': [interfaces, group],
      'ec2:DeleteNetworkInterface': [interfaces],
      'ec2:CreateNetworkInterfacePermission': [interfaces],
      'ec2:DeleteNetworkInterfacePermission': [interfaces],
    });
  });

  test('makes a group where none is given, which connections are about', () => {
    const stack = newStack();
    const { vpc } = network(stack);
    const config = new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)], vpc, vpcSubnets: { subnets: vpc.publicSubnets } });
    expect(config.connections.securityGroups).toHaveLength(1);
    const resources = deployed(stack);
    expect(resources[idOf(resources, 'Config')].Properties.VpcConfig)
      .toEqual({ SecurityGroupIds: [`${idOf(resources, 'ConfigSecurityGroup')}.GroupId`], Subnets: ['subnet-3', 'subnet-4'] });
  });

  test.each(['vpcSubnets', 'securityGroups', 'allowAllOutbound'])('is missed where there is %s without it', (prop) => {
    const { securityGroups } = network(newStack());
    const value = { vpcSubnets: {}, securityGroups, allowAllOutbound: false }[prop];
    expect(() => properties(() => ({ [prop]: value }))).toThrow(`\`${prop}\` has no effect without \`vpc\``);
  });

  test('is missed by connections', () => {
    const stack = newStack();
    expect(() => new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)] }).connections).toThrow('set `vpc`');
  });

  test('of more than 16 subnets is refused', () => {
    const vpc = (stack: Stack) => Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: Array.from({ length: 17 }, (_, n) => `zone${n}`), privateSubnetIds: Array.from({ length: 17 }, (_, n) => `subnet-${n}`),
    });
    expect(() => properties((stack) => ({ vpc: vpc(stack) }))).toThrow(/^`vpcSubnets` must have at most 16 entries/);
  });
});

describe('a role', () => {
  test('that is given is used', () => {
    expect(properties((stack) => ({ role: Role.fromRoleArn(stack, 'Given', `arn:aws:iam::${ACCOUNT}:role/given`) })).ExecutionRoleArn)
      .toBe(`arn:aws:iam::${ACCOUNT}:role/given`);
  });

  test('is made for inference components, and not for a model', () => {
    expect(properties(() => ({ variants: [Variant.forInferenceComponents(ON_INSTANCES)] })).ExecutionRoleArn).toMatch(/role\/ConfigRole/);
    expect(properties(() => ({}))).not.toHaveProperty('ExecutionRoleArn');
  });
});

describe('a shadow variant', () => {
  test('stands beside the one production variant', () => {
    const found = properties((stack) => ({ shadowVariants: shadow(stack) }));
    expect([found.ProductionVariants, found.ShadowProductionVariants].map((variants) => variants.map((variant: any) => variant.VariantName)))
      .toEqual([['AllTraffic'], ['shadow']]);
  });

  test.each<[string, (stack: Stack) => Partial<EndpointConfigProps>, string]>([
    ['beside another', (stack) => ({ shadowVariants: [...shadow(stack), onInstances(stack)] }), '`shadowVariants` must have at most 1 entry, got: 2.'],
    ['of two production variants', (stack) => ({ variants: [onInstances(stack), onInstances(stack, { variantName: 'b' })], shadowVariants: shadow(stack) }),
      '`variants` must have 1 entry where there is a shadow variant, got: 2.'],
    ['of the same name', (stack) => ({ shadowVariants: shadow(stack, { variantName: 'AllTraffic' }) }), 'got \'AllTraffic\' twice'],
  ])('%s is refused', (_what, wrong, sentence) => {
    expect(() => properties(wrong)).toThrow(sentence);
  });
});

describe('what pages of the service exclude is warned of, and deployed', () => {
  test.each<[string, string[], (stack: Stack) => Partial<EndpointConfigProps>]>([
    ['a serverless variant alone', [], (stack) => ({ variants: [serverless(stack)] })],
    ['two serverless variants', ['serverlessExclusions'], (stack) => ({ variants: [serverless(stack), serverless(stack, 'b')] })],
    ['serverless and data capture', ['serverlessExclusions'], (stack) => ({ variants: [serverless(stack)], dataCapture: DataCapture.toBucket(bucket(stack)) })],
    ['serverless in a VPC', ['serverlessExclusions'], (stack) => ({ variants: [serverless(stack)], ...network(stack) })],
    ['shadow variants on instances', [], (stack) => ({ shadowVariants: shadow(stack) })],
    ['shadow variants and asynchronous inference', ['shadowExclusions'],
      (stack) => ({ shadowVariants: shadow(stack), asyncInference: AsyncInference.toBucket(bucket(stack)) })],
    ['shadow variants on Inf1', ['shadowExclusions'], (stack) => ({ shadowVariants: shadow(stack, { instanceType: InstanceType.ML_INF1_XLARGE }) })],
    ['network isolation of models', ['networkIsolationOfModels'], () => ({ enableNetworkIsolation: true })],
    ['network isolation of inference components', [], () => ({ enableNetworkIsolation: true, variants: [Variant.forInferenceComponents(ON_INSTANCES)] })],
  ])('%s: %j', (_what, expected, make) => {
    expect(warnings(make)).toEqual(expected);
  });
});

test.each<[string, object, (stack: Stack) => Variant[]]>([
  ['one variant on instances', { variants: 1, serverless: false, scalesItself: false }, (stack) => [onInstances(stack)]],
  ['two, one serverless', { variants: 2, serverless: true, scalesItself: false }, (stack) => [onInstances(stack), serverless(stack, 'b')]],
  ['one that scales itself', { variants: 1, serverless: false, scalesItself: true },
    () => [Variant.forInferenceComponents({ ...ON_INSTANCES, managedInstanceScaling: {} })]],
])('a job learns of a configuration of %s: %j', (_what, facts, variants) => {
  const stack = newStack();
  const endpointConfig = new EndpointConfig(stack, 'Config', { variants: variants(stack) });
  expect(endpointFacts.of(new Endpoint(stack, 'Endpoint', { endpointConfig }))).toEqual(facts);
});
