import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { AssetSource, BucketSource, checkArchive, ModelObject, S3Object } from './s3-object';
import { checkProp } from '../common/check';
import { ARCHIVE_END, endOfUri, locationAt, locationIn } from '../common/s3-location';

/** Options of model data in an `S3DataSource`: the objects under a prefix, or one object. */
export interface ModelDataOptions {
  /**
   * Whether the data is one tar archive that is compressed with gzip: the object itself, or the only object under the prefix.
   *
   * @default false
   */
  readonly compressed?: boolean;
  /**
   * Whether you accept the end-user license agreement of the model. Some models cannot be loaded otherwise.
   *
   * @default - not sent to the service
   */
  readonly acceptEula?: boolean;
  /**
   * ETag that the object must have. A `Model` with it is made through the API, because CloudFormation has no such member. A model package cannot
   * have it.
   *
   * @default - any
   */
  readonly eTag?: string;
  /**
   * ARN of the private hub's content that gives access to the data: up to 255 characters. A model package cannot have it, because CloudFormation has no
   * such member there.
   *
   * @default - the data is not of a private hub
   */
  readonly hubContentArn?: string;
}

/**
 * The artifacts of a trained model: one `.tar.gz` in S3, the objects under a prefix, or one other object.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html
 * @example
 * const modelData = ModelData.fromBucket(bucket, 'models/churn/model.tar.gz');
 */
export abstract class ModelData {
  /**
   * A `.tar.gz` object in a bucket.
   *
   * The library does not detect that the object is overwritten under the same key: change the `trigger` of the job then.
   *
   * @param bucket bucket that has the object
   * @param objectKey key of the object; it ends with `.tar.gz`, or is a token
   * @returns the model data
   * @throws if the key does not end with `.tar.gz`
   */
  public static fromBucket(bucket: IBucketRef, objectKey: string): ModelData {
    checkArchive('modelData', objectKey);
    return new BucketSource(locationIn(bucket, objectKey));
  }

  /**
   * A local `.tar.gz`, which the CDK uploads when the app is deployed. Changed content creates a new version and starts a new, billed job.
   *
   * @param path path of the file, relative to the working directory of the app
   * @returns the model data
   * @throws if the path does not end with `.tar.gz`; when it is used, if the file does not exist, cannot be read, or is no tar archive that is
   * compressed with gzip, as its first bytes say
   */
  public static fromAsset(path: string): ModelData {
    checkArchive('modelData', path);
    return new AssetSource('modelData', path);
  }

  /**
   * All objects under a prefix, e.g. the files of a large model. The service copies them unchanged.
   *
   * The library does not detect that objects are overwritten under the same prefix: change the `trigger` of the job then.
   *
   * @param bucket bucket that has the objects
   * @param prefix prefix of the objects' keys: a name that ends with one slash, e.g. `models/churn/`; a token is allowed
   * @param options compression of the data, and acceptance of the model's license
   * @returns the model data
   * @throws if the prefix is not a name that ends with one slash, or `hubContentArn` is too long
   */
  public static fromBucketPrefix(bucket: IBucketRef, prefix: string, options: ModelDataOptions = {}): ModelData {
    if (!Token.isUnresolved(prefix) && !/[^/]\/$/.test(prefix)) {
      throw new Error(`\`prefix\` must be a name that ends with one '/', e.g. 'models/', got: '${prefix}'.`);
    }
    return new BucketSource(locationIn(bucket, prefix), { s3DataType: 'S3Prefix', ...sourceOf(options) });
  }

  /**
   * One object that is the model itself, e.g. a file of weights.
   *
   * The library does not detect that the object is overwritten under the same key: change the `trigger` of the job then.
   *
   * @param bucket bucket that has the object
   * @param objectKey key of the object
   * @param options compression of the data, and acceptance of the model's license
   * @returns the model data
   * @throws if `hubContentArn` is too long
   */
  public static fromBucketObject(bucket: IBucketRef, objectKey: string, options: ModelDataOptions = {}): ModelData {
    return new BucketSource(locationIn(bucket, objectKey), { s3DataType: 'S3Object', ...sourceOf(options) });
  }

  /**
   * The data at a whole URI, e.g. what a training job wrote: one `.tar.gz`, all objects under a prefix that ends with a slash, or one file that is the
   * model itself.
   *
   * A URI whose end is a token is taken for one `.tar.gz`, or for a prefix if `compressed` is false. The key of the bucket is unknown, so nobody gets
   * permission to use it: if the bucket has a key of yours, use `fromBucket()` or its like.
   *
   * The library does not detect that the data is overwritten at the same URI: change the `trigger` of the job then.
   *
   * @param uri the URI, e.g. `s3://bucket/models/churn/model.tar.gz`; it, or any part of it, may be a token
   * @param options compression of the data, and acceptance of the model's license; a `.tar.gz` is compressed unless you say otherwise
   * @returns the model data
   * @throws if the URI does not begin with `s3://` and a bucket, or if it ends neither with a slash nor with a file name
   */
  public static fromS3Uri(uri: string, options: ModelDataOptions = {}): ModelData {
    const location = locationAt('modelData', uri);
    const end = endOfUri(uri);
    const isArchive = end === undefined ? options.compressed !== false : end.endsWith(ARCHIVE_END);
    if (isArchive && Object.values(options).every((option) => option === undefined)) { return new BucketSource(location); }
    if (end !== undefined && !end.endsWith('/') && !/\.[A-Za-z]\w*$/.test(end)) {
      throw new Error(`\`modelData\` must end with '/' if it is a prefix, and with a file name such as 'model.tar.gz' if it is one object, got: '${location.uri}'.`
        + ' For an object without an extension, use `fromBucketObject()`.');
    }
    const isPrefix = end === undefined ? !isArchive : end.endsWith('/');
    return new BucketSource(location, {
      s3DataType: isPrefix ? 'S3Prefix' : 'S3Object', ...sourceOf({ ...options, compressed: options.compressed ?? isArchive }),
    });
  }

  /**
   * Adds the data to a stack.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, id: string): ModelObject;
}

/**
 * Model data beside a container's own, which the container finds in a folder of its own.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AdditionalModelDataSource.html
 * @example
 * const draftModel: AdditionalModelData = { channelName: 'draft-model', modelData: ModelData.fromBucketPrefix(bucket, 'models/draft/') };
 */
export interface AdditionalModelData {
  /** Name of the data, and of the folder in the container: 1 to 64 letters, digits, dots, hyphens and underscores. */
  readonly channelName: string;
  /** The data. */
  readonly modelData: ModelData;
}

/**
 * The payload of a benchmark: one `.tar.gz` in S3. The service picks files from it at random, and sends them to the model.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
 * @example
 * const samplePayload = SamplePayload.fromAsset('payload');
 */
export abstract class SamplePayload {
  /**
   * A `.tar.gz` object in a bucket.
   *
   * The library does not detect that the object is overwritten under the same key: change the `trigger` of the job then.
   *
   * @param bucket bucket that has the object
   * @param objectKey key of the object; it ends with `.tar.gz`, or is a token
   * @returns the payload
   * @throws if the key does not end with `.tar.gz`
   */
  public static fromBucket(bucket: IBucketRef, objectKey: string): SamplePayload {
    checkArchive('samplePayload', objectKey);
    return new BucketSource(locationIn(bucket, objectKey));
  }

  /**
   * A local `.tar.gz`, or a directory that the library packs into one. The CDK uploads it when the app is deployed.
   *
   * The same files give the same asset on every machine, whatever their owners, times and permissions are. Every file of the directory is packed,
   * hidden ones too. A link to a file or directory inside of the directory is packed as a copy, because the service reads plain files. Changed
   * content creates a new version and starts a new, billed job.
   *
   * @param path path of the `.tar.gz` or directory, relative to the working directory of the app
   * @returns the payload
   * @throws when it is used, if the path does not exist, or the file is no tar archive that is compressed with gzip; or if the directory has no file, or
   * has a link that leaves it or leads nowhere, a socket, a pipe, a device, or a file that cannot be read
   */
  public static fromAsset(path: string): SamplePayload {
    return new AssetSource('samplePayload', path);
  }

  /**
   * The `.tar.gz` at a whole URI. Nobody gets permission to use the key of its bucket, because that is unknown: if the bucket has a key of yours, use
   * `fromBucket()`.
   *
   * @param uri the URI, e.g. `s3://bucket/payloads/churn.tar.gz`; it, or any part of it, may be a token
   * @returns the payload
   * @throws if the URI does not begin with `s3://` and a bucket, or is known not to end with `.tar.gz`
   */
  public static fromS3Uri(uri: string): SamplePayload {
    const location = locationAt('samplePayload', uri);
    checkArchive('samplePayload', endOfUri(uri) ?? ARCHIVE_END);
    return new BucketSource(location);
  }

  /**
   * Adds the payload to a stack.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, id: string): S3Object;
}

function sourceOf({ compressed, ...options }: ModelDataOptions) {
  checkProp('hubContentArn', 'HubContentArn', options.hubContentArn);
  return { compressionType: compressed ? 'Gzip' : 'None', ...options };
}
