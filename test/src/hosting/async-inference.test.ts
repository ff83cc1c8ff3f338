import { Stack } from 'aws-cdk-lib';
import { AsyncInference, AsyncInferenceOptions } from '../../../src';
import { arn, newStack } from '../../harness/constructs';
import { bucket, configProperties, granted, key, KEY_ACTIONS, KEY_ARN, topic } from '../../harness/endpoints';

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
    expect(configProperties((stack) => ({ asyncInference: asyncInference(stack) })).AsyncInferenceConfig).toEqual({
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
    expect(configProperties((stack) => ({ asyncInference: AsyncInference.toBucket(bucket(stack)) })).AsyncInferenceConfig)
      .toEqual({ OutputConfig: { S3OutputPath: 's3://data' } });
  });

  test('writes failures beside the answers where only their prefix is given', () => {
    expect(configProperties((stack) => ({ asyncInference: AsyncInference.toBucket(bucket(stack), { failurePrefix: 'failed' }) }))
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
