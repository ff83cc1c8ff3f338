import { Grant, IGrantable, IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { Size, Token } from 'aws-cdk-lib/core';
import { InstanceType } from '../common/instance-type';
import { grantBucketKey, objectsArn, s3Uri } from '../common/refs';

/**
 * What a validation sends to the model.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TransformS3DataSource.html
 */
export class ValidationInput {
  /**
   * All objects whose keys begin alike, or a single one by its whole key.
   *
   * @throws if the prefix is empty
   */
  public static fromBucketPrefix(bucket: IBucketRef, prefix: string): ValidationInput {
    if (prefix === '') { throw new Error('`prefix` must have at least 1 character, got: \'\'. A validation that reads a whole bucket is seldom meant.'); }
    return new ValidationInput('S3Prefix', bucket, prefix, `${prefix}*`);
  }

  /**
   * The objects that a manifest lists. A role made by the package may read those of the manifest's bucket; grant what lies elsewhere.
   *
   * @throws if the key names no file
   */
  public static fromManifest(bucket: IBucketRef, objectKey: string): ValidationInput {
    if (!Token.isUnresolved(objectKey) && /(^|\/)$/.test(objectKey)) {
      throw new Error(`\`objectKey\` must be the key of a manifest, got: '${objectKey}'.`);
    }
    return new ValidationInput('ManifestFile', bucket, objectKey, '*');
  }

  private constructor(
    private readonly dataType: string,
    private readonly bucket: IBucketRef,
    private readonly objectKey: string,
    private readonly readable: string,
  ) {}

  /** @internal */
  public _render(): { readonly s3DataType: string; readonly s3Uri: string } {
    return { s3DataType: this.dataType, s3Uri: s3Uri(this.bucket, this.objectKey) };
  }

  /** @internal */
  public _grantRead(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [objectsArn(this.bucket, this.readable)] });
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucket.bucketRef.bucketArn] });
    grantBucketKey(this.bucket, grantee, 'decrypt');
  }
}

/** How records are put into requests. */
export enum BatchStrategy {
  /** As many records as fit. */
  MULTI_RECORD = 'MultiRecord',
  /** One record. */
  SINGLE_RECORD = 'SingleRecord',
}

/** How files are split into records. */
export enum SplitType {
  /** A file is one record. */
  NONE = 'None',
  /** By line. */
  LINE = 'Line',
  /** RecordIO. */
  RECORD_IO = 'RecordIO',
  /** TFRecord. */
  TF_RECORD = 'TFRecord',
}

/** How answers are put together in a file. */
export enum AssembleWith {
  /** One after the other. */
  NONE = 'None',
  /** With a line break behind each. */
  LINE = 'Line',
}

/**
 * A batch transform job by which the service validates the package when it is made: the deploy waits for it, and it is billed. A
 * validation that fails fails the deploy. Changing any of it is a new version, a new job and a new bill.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageValidationProfile.html
 */
export interface ModelPackageValidation {
  /** What is sent to the model. */
  readonly input: ValidationInput;
  /** Bucket that the answers are written to. */
  readonly outputBucket: IBucketRef;
  /** Instance type that the validation runs on. */
  readonly instanceType: InstanceType;
  /**
   * Instances that it runs on: at least 1.
   *
   * @default 1
   */
  readonly instanceCount?: number;
  /**
   * Name of the profile: 1 to 63 letters, digits and hyphens.
   *
   * @default Validation
   */
  readonly profileName?: string;
  /**
   * MIME type of the input: up to 256 characters.
   *
   * @default - the service's own
   */
  readonly contentType?: string;
  /**
   * Whether the input is compressed with gzip.
   *
   * @default false
   */
  readonly compressed?: boolean;
  /**
   * How files are split into records.
   *
   * @default SplitType.NONE
   */
  readonly splitType?: SplitType;
  /**
   * How records are put into requests.
   *
   * @default - the service's own
   */
  readonly batchStrategy?: BatchStrategy;
  /**
   * Prefix of the answers' keys.
   *
   * @default - none: the bucket's top
   */
  readonly outputPrefix?: string;
  /**
   * MIME type of the answers: up to 256 characters.
   *
   * @default - the service's own
   */
  readonly accept?: string;
  /**
   * How answers are put together in a file.
   *
   * @default AssembleWith.NONE
   */
  readonly assembleWith?: AssembleWith;
  /**
   * Key that encrypts the answers.
   *
   * @default - as the bucket does it
   */
  readonly outputEncryptionKey?: IKeyRef;
  /**
   * Key that encrypts the storage of the instances.
   *
   * @default - a key of SageMaker's own
   */
  readonly volumeEncryptionKey?: IKeyRef;
  /**
   * Requests that an instance is sent at a time. 0 leaves it to the service.
   *
   * @default - the service's own
   */
  readonly maxConcurrentTransforms?: number;
  /**
   * Largest request, in whole MiB. 0 is no limit.
   *
   * @default - the service's own
   */
  readonly maxPayload?: Size;
  /**
   * Environment variables of the container during validation: up to 16.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
  /**
   * The role that the service validates with.
   *
   * @default - a role that may read the containers' images and data and the input, and write the answers; unverified against the service
   */
  readonly role?: IRoleRef;
}
