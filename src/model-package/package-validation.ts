import { Grant, IGrantable, IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { Size, Token } from 'aws-cdk-lib/core';
import { InstanceType } from '../common/instance-type';
import { locationAt, locationIn, S3Location } from '../common/s3-location';

/**
 * The input that a validation of a model package sends to the model.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TransformS3DataSource.html
 * @example
 * const input = ValidationInput.fromBucketPrefix(bucket, 'validation/');
 */
export class ValidationInput {
  /**
   * All objects whose keys start with a prefix. A whole key selects a single object.
   *
   * @param bucket bucket that has the objects
   * @param prefix prefix of the objects' keys, at least 1 character, without a leading slash
   * @returns the input
   * @throws if the prefix is empty
   */
  public static fromBucketPrefix(bucket: IBucketRef, prefix: string): ValidationInput {
    if (prefix === '') { throw new Error('`prefix` must have at least 1 character, got: \'\'. An empty prefix would select the whole bucket.'); }
    return new ValidationInput('S3Prefix', locationIn(bucket, prefix), locationIn(bucket, prefix).objectsArn('prefix'));
  }

  /**
   * All objects whose URIs start with a URI. A whole URI selects a single object. Nobody gets permission to use the key of the bucket, because that is
   * unknown: if the bucket has a key of yours, use `fromBucketPrefix()`.
   *
   * @param uri the URI, e.g. `s3://bucket/validation/`; it, or any part of it, may be a token
   * @returns the input
   * @throws if the URI does not begin with `s3://`, a bucket and a key
   */
  public static fromS3Uri(uri: string): ValidationInput {
    const location = locationAt('input', uri);
    return new ValidationInput('S3Prefix', location, location.objectsArn('prefix'));
  }

  /**
   * The objects that a manifest file lists.
   *
   * The role that the package makes can read all objects in the manifest's bucket. If the manifest lists objects elsewhere, pass a `role` that can
   * read them.
   *
   * @param bucket bucket that has the manifest
   * @param objectKey key of the manifest; it does not end with a slash
   * @returns the input
   * @throws if the key is empty or ends with a slash
   */
  public static fromManifest(bucket: IBucketRef, objectKey: string): ValidationInput {
    if (!Token.isUnresolved(objectKey) && /(^|\/)$/.test(objectKey)) {
      throw new Error(`\`objectKey\` must be the key of a manifest file, got: '${objectKey}'.`);
    }
    return new ValidationInput('ManifestFile', locationIn(bucket, objectKey), locationIn(bucket, '').objectsArn('prefix'));
  }

  private constructor(
    private readonly dataType: string,
    private readonly location: S3Location,
    private readonly readable: string,
  ) {}

  /** @internal */
  public _render(): { readonly s3DataType: string; readonly s3Uri: string } {
    return { s3DataType: this.dataType, s3Uri: this.location.uri };
  }

  /** @internal */
  public _grantRead(grantee: IGrantable): void {
    // Reason: a validation reads its input.
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [this.readable] });
    // Reason: a validation lists its input.
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.location.bucketArn] });
    // Reason: a validation decrypts its input with the bucket's key, if the bucket has one.
    this.location.grantBucketKey(grantee);
  }
}

/** The number of records in a request. */
export enum BatchStrategy {
  /** As many records as fit into a request. */
  MULTI_RECORD = 'MultiRecord',
  /** One record in a request. */
  SINGLE_RECORD = 'SingleRecord',
}

/** The way in which the service splits files into records. */
export enum SplitType {
  /** No split: a file is one record. */
  NONE = 'None',
  /** Each line is a record. */
  LINE = 'Line',
  /** Each record of a file in RecordIO format. */
  RECORD_IO = 'RecordIO',
  /** Each record of a file in TFRecord format. */
  TF_RECORD = 'TFRecord',
}

/** The way in which the service joins responses in an output file. */
export enum AssembleWith {
  /** Responses follow each other without a separator. */
  NONE = 'None',
  /** A line break follows each response. */
  LINE = 'Line',
}

/**
 * A batch transform job that validates a model package when the package is created.
 *
 * The deploy waits for the job, and the job is billed. If the validation fails, the deploy fails. Changing any of it creates a new version and
 * starts a new, billed job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageValidationProfile.html
 */
export interface ModelPackageValidation {
  /** Input that the validation sends to the model. */
  readonly input: ValidationInput;
  /** Bucket that gets the responses. */
  readonly outputBucket: IBucketRef;
  /** Instance type that the validation runs on. A type that batch transform jobs cannot use adds a warning. */
  readonly instanceType: InstanceType;
  /**
   * Number of instances: at least 1.
   *
   * @default 1
   */
  readonly instanceCount?: number;
  /**
   * Name of the validation profile: 1 to 63 letters, digits and hyphens.
   *
   * @default Validation
   */
  readonly profileName?: string;
  /**
   * MIME type of the input: up to 256 characters.
   *
   * @default - the service's default
   */
  readonly contentType?: string;
  /**
   * Whether the input is compressed with gzip.
   *
   * @default false
   */
  readonly compressed?: boolean;
  /**
   * The way in which the service splits files into records.
   *
   * @default SplitType.NONE
   */
  readonly splitType?: SplitType;
  /**
   * The number of records in a request: one, or as many as fit.
   *
   * @default - the service's default
   */
  readonly batchStrategy?: BatchStrategy;
  /**
   * Prefix of the keys of the responses.
   *
   * @default - none: the top of the bucket
   */
  readonly outputPrefix?: string;
  /**
   * MIME type of the responses: up to 256 characters.
   *
   * @default - the service's default
   */
  readonly accept?: string;
  /**
   * The way in which the service joins responses in an output file.
   *
   * @default AssembleWith.NONE
   */
  readonly assembleWith?: AssembleWith;
  /**
   * Key that encrypts the responses.
   *
   * @default - the encryption of the bucket
   */
  readonly outputEncryptionKey?: IKeyRef;
  /**
   * Key that encrypts the storage volumes of the instances.
   *
   * @default - a key that SageMaker owns
   */
  readonly volumeEncryptionKey?: IKeyRef;
  /**
   * Number of requests that the service sends to an instance at the same time. With 0, the service chooses the number.
   *
   * @default - the service's default
   */
  readonly maxConcurrentTransforms?: number;
  /**
   * Largest size of a request, in whole MiB. 0 means no limit.
   *
   * @default - the service's default
   */
  readonly maxPayload?: Size;
  /**
   * Environment variables of the container during the validation: up to 16.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
  /**
   * Role that the service assumes for the validation.
   *
   * @default - a role that can read the images and data of the containers and the input, and write the responses; not verified against the service
   */
  readonly role?: IRoleRef;
}
