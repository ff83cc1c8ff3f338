import { Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CaptureMode, ContainerImage, DataCapture, DataCaptureOptions, EndpointConfig, Model, ModelContainer, Variant } from '../../../src';
import { ACCOUNT, deployed, newStack } from '../../harness/constructs';
import { bucket, configProperties, granted, key, KEY_ACTIONS, KEY_ARN, network, ON_INSTANCES } from '../../harness/endpoints';

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
    expect(configProperties((stack) => ({ dataCapture: DataCapture.toBucket(bucket(stack), all(stack)) })).DataCaptureConfig).toEqual({
      EnableCapture: false,
      InitialSamplingPercentage: 10,
      DestinationS3Uri: 's3://data/captured',
      KmsKeyId: KEY_ARN,
      CaptureOptions: [{ CaptureMode: 'InputAndOutput' }],
      CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json'] },
    });
  });

  test('with none takes all of both sides, anywhere in the bucket', () => {
    expect(configProperties((stack) => ({ dataCapture: DataCapture.toBucket(bucket(stack)) })).DataCaptureConfig).toEqual({
      EnableCapture: true, InitialSamplingPercentage: 100, DestinationS3Uri: 's3://data', CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
    });
  });

  test.each<[DataCaptureOptions, RegExp]>([
    [{ samplingPercentage: 101 }, /^`samplingPercentage` must be at most 100, got: 101\.$/],
    [{ samplingPercentage: 0.5 }, /^`samplingPercentage` must be of type integer, got: 0\.5\.$/],
    [{ modes: [] }, /^`modes` must have at least 1 entry/],
    [{ csvContentTypes: [] }, /^`csvContentTypes` must have at least 1 entry/],
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

test('a role of the user\'s own is left as it is', () => {
  const stack = newStack();
  const role = Role.fromRoleArn(stack, 'Given', `arn:aws:iam::${ACCOUNT}:role/given`);
  const model = new Model(stack, 'Model', { role, ...network(stack), containers: [ModelContainer.fromImage(ContainerImage.fromRegistry('image'))] });
  new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(model, ON_INSTANCES)], dataCapture: DataCapture.toBucket(bucket(stack)) });
  expect(Object.values(deployed(stack)).map(({ Type }) => Type).sort()).toEqual(['AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Model']);
});
