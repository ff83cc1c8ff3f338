import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { ITopicRef, TopicGrants } from 'aws-cdk-lib/aws-sns';
import { S3Destination } from './s3-destination';
import { checkProp } from '../common/check';

/** Options of asynchronous inference. Changing any of them replaces the configuration. */
export interface AsyncInferenceOptions {
  /**
   * Prefix of the responses' object keys; a slash at its end is ignored. With `s3://` and the bucket, up to 512 characters. Changing it
   * replaces the configuration.
   *
   * @default - no prefix: responses go to the top level of the bucket
   */
  readonly outputPrefix?: string;
  /**
   * Bucket that failed responses are written to. Changing it replaces the configuration.
   *
   * @default - the responses' bucket if `failurePrefix` is set, else no failures are written
   */
  readonly failureBucket?: IBucketRef;
  /**
   * Prefix of the failures' object keys; a slash at its end is ignored. With `s3://` and the bucket, up to 512 characters. Changing it
   * replaces the configuration.
   *
   * @default - no prefix: failures go to the top level of `failureBucket`
   */
  readonly failurePrefix?: string;
  /**
   * Topic that gets a message for every response. Changing it replaces the configuration.
   *
   * @default - no messages
   */
  readonly successTopic?: ITopicRef;
  /**
   * Topic that gets a message for every failure. Changing it replaces the configuration.
   *
   * @default - no messages
   */
  readonly errorTopic?: ITopicRef;
  /**
   * Whether messages to `successTopic` contain the response itself. Changing it replaces the configuration.
   *
   * @default false
   */
  readonly includeResponseInSuccess?: boolean;
  /**
   * Whether messages to `errorTopic` contain the response itself. Changing it replaces the configuration.
   *
   * @default false
   */
  readonly includeResponseInError?: boolean;
  /**
   * Number of requests that the service sends to a container at the same time: 1 to 1,000. Changing it replaces the configuration.
   *
   * @default - the service chooses
   */
  readonly maxConcurrentInvocationsPerInstance?: number;
  /**
   * Key that encrypts the responses and failures. Changing it replaces the configuration.
   *
   * @default - the bucket's own encryption
   */
  readonly encryptionKey?: IKeyRef;
}

/**
 * Asynchronous inference: the endpoint queues requests and writes its responses to S3. Such an endpoint takes asynchronous requests only.
 *
 * The model roles that this library creates may write the responses and publish to the topics. A role of your own needs both permissions.
 * Each request names its input in S3: grant the models read access to it, e.g. `input.grantRead(model)`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceConfig.html
 * @example
 * new EndpointConfig(this, 'AsyncConfig', {
 *   variants: [Variant.onInstances(model, { instanceType: InstanceType.of('ml.c5.xlarge') })],
 *   asyncInference: AsyncInference.toBucket(results, { outputPrefix: 'responses', errorTopic: topic }),
 * });
 */
export class AsyncInference {
  /**
   * Writes the responses to a bucket.
   *
   * @param bucket the bucket of the responses
   * @param options prefixes, failures, topics, concurrency and encryption
   * @returns the options for `EndpointConfig`
   * @throws if `maxConcurrentInvocationsPerInstance` is out of its range, or a prefix is too long
   */
  public static toBucket(bucket: IBucketRef, options: AsyncInferenceOptions = {}): AsyncInference {
    return new AsyncInference(bucket, options);
  }

  private readonly output: S3Destination;
  private readonly failure?: S3Destination;

  private constructor(bucket: IBucketRef, private readonly options: AsyncInferenceOptions) {
    checkProp('maxConcurrentInvocationsPerInstance', 'MaxConcurrentInvocationsPerInstance', options.maxConcurrentInvocationsPerInstance);
    this.output = new S3Destination('outputPrefix', bucket, options.outputPrefix);
    if (options.failureBucket || options.failurePrefix) {
      this.failure = new S3Destination('failurePrefix', options.failureBucket ?? bucket, options.failurePrefix);
    }
  }

  /** @internal */
  public _render(): CfnEndpointConfig.AsyncInferenceConfigProperty {
    const { successTopic, errorTopic, includeResponseInSuccess, includeResponseInError, maxConcurrentInvocationsPerInstance } = this.options;
    const included = [
      ...includeResponseInSuccess ? ['SUCCESS_NOTIFICATION_TOPIC'] : [],
      ...includeResponseInError ? ['ERROR_NOTIFICATION_TOPIC'] : [],
    ];
    return {
      clientConfig: maxConcurrentInvocationsPerInstance === undefined ? undefined : { maxConcurrentInvocationsPerInstance },
      outputConfig: {
        s3OutputPath: this.output.uri,
        s3FailurePath: this.failure?.uri,
        kmsKeyId: this.options.encryptionKey?.keyRef.keyArn,
        notificationConfig: successTopic || errorTopic || included.length > 0 ? {
          successTopic: successTopic?.topicRef.topicArn,
          errorTopic: errorTopic?.topicRef.topicArn,
          includeInferenceResponseIn: included.length > 0 ? included : undefined,
        } : undefined,
      },
    };
  }

  /** @internal */
  public _grantUse(grantee: IGrantable): void {
    this.output.grantWrite(grantee, this.options.encryptionKey);
    this.failure?.grantWrite(grantee, this.options.encryptionKey);
    const { successTopic, errorTopic } = this.options;
    for (const topic of [successTopic, errorTopic]) {
      if (topic) { TopicGrants.fromTopic(topic).publish(grantee); }
    }
  }
}
