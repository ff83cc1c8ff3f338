import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { ITopicRef, TopicGrants } from 'aws-cdk-lib/aws-sns';
import { S3Destination } from './s3-destination';
import { checkProp } from '../common/check';

/** How asynchronous inference answers. Changing any of it replaces the configuration. */
export interface AsyncInferenceOptions {
  /**
   * Beginning of the answers' keys, without a slash at its end. With `s3://` and the bucket, up to 512 characters. Changing it replaces the
   * configuration.
   *
   * @default - none: the whole bucket
   */
  readonly outputPrefix?: string;
  /**
   * Bucket of the failures. Changing it replaces the configuration.
   *
   * @default - the answers' bucket if there is a `failurePrefix`, else no failures are written
   */
  readonly failureBucket?: IBucketRef;
  /**
   * Beginning of the failures' keys, without a slash at its end. Changing it replaces the configuration.
   *
   * @default - none: the whole `failureBucket`
   */
  readonly failurePrefix?: string;
  /**
   * Topic that is told of every answer. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly successTopic?: ITopicRef;
  /**
   * Topic that is told of every failure. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly errorTopic?: ITopicRef;
  /**
   * Whether messages to `successTopic` carry the answer itself. Changing it replaces the configuration.
   *
   * @default false
   */
  readonly includeResponseInSuccess?: boolean;
  /**
   * Whether messages to `errorTopic` carry the answer itself. Changing it replaces the configuration.
   *
   * @default false
   */
  readonly includeResponseInError?: boolean;
  /**
   * Requests that the service sends to a container at a time: 1 to 1,000. Changing it replaces the configuration.
   *
   * @default - the service chooses
   */
  readonly maxConcurrentInvocationsPerInstance?: number;
  /**
   * Key that encrypts the answers. Changing it replaces the configuration.
   *
   * @default - the bucket's own encryption
   */
  readonly encryptionKey?: IKeyRef;
}

/**
 * Asynchronous inference: the endpoint queues requests and writes answers to S3. Such an endpoint takes asynchronous requests only.
 *
 * Models' roles that this library makes may write the answers and publish to the topics; a role of your own needs both. A request names its
 * own input: let the models read it, e.g. `input.grantRead(model)`.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceConfig.html
 */
export class AsyncInference {
  /**
   * Writes the answers to a bucket.
   *
   * @throws if a figure is out of its range
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
