import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { folder, grantReadBelow } from './s3-folder';
import { s3Uri } from '../../common/refs';

/**
 * The files of a generative model: a checkpoint in the format of Hugging Face, with SafeTensors weights, below a prefix in S3.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-get-started.html
 * @example
 * const model = GenerativeModelSource.fromBucket(bucket, 'models/chat/');
 */
export class GenerativeModelSource {
  /**
   * The files below a prefix of a bucket.
   *
   * @param bucket the bucket, in the Region of the job
   * @param prefix what the keys of the files begin with; a slash is added if it has none at its end. Without it, all of the bucket
   */
  public static fromBucket(bucket: IBucketRef, prefix: string = ''): GenerativeModelSource {
    return new GenerativeModelSource(bucket, folder(prefix));
  }

  private constructor(
    /** The bucket of the files. */
    public readonly bucket: IBucketRef,
    /** What the keys of the files begin with: empty, or it ends with a slash. */
    public readonly prefix: string,
  ) {}

  /** @internal */
  public _render(): Record<string, unknown> {
    return { S3: { S3Uri: this._address() } };
  }

  /** @internal */
  public _address(): string {
    return s3Uri(this.bucket, this.prefix);
  }

  /**
   * Lets a job's role read the files.
   *
   * @internal
   */
  public _grantRead(grantee: IGrantable): void {
    grantReadBelow(this.bucket, this.prefix, grantee);
  }
}
