import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { folder, grantReadBelow } from './s3-folder';
import { s3Uri } from '../../common/refs';
import { grantReadArtifacts, packageArns } from '../../model-package/facts';

/**
 * A LoRA adapter of a generative model, in the format of PEFT. It must have been trained on the job's own base model.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-adapters.html
 * @example
 * const adapters = [
 *   LoraAdapter.fromBucket('support', bucket, 'adapters/support/'),
 *   LoraAdapter.fromBucket('sales', bucket, 'adapters/sales/'),
 * ];
 */
export class LoraAdapter {
  /**
   * An adapter whose files are below a prefix of a bucket.
   *
   * @param adapterId id of the adapter: 1 to 63 letters, digits and hyphens. Where the adapter is deployed, its inference component has this name
   * @param bucket the bucket, in the Region of the job
   * @param prefix what the keys of the files begin with; a slash is added if it has none at its end
   */
  public static fromBucket(adapterId: string, bucket: IBucketRef, prefix: string): LoraAdapter {
    const keys = folder(prefix);
    return new LoraAdapter(adapterId, 'S3Uris', { S3Uri: s3Uri(bucket, keys) }, (grantee) => grantReadBelow(bucket, keys, grantee));
  }

  /**
   * An adapter that is registered as a model package.
   *
   * @param adapterId id of the adapter: 1 to 63 letters, digits and hyphens. Where the adapter is deployed, its inference component has this name
   * @param modelPackage the package, of this app or imported
   */
  public static fromModelPackage(adapterId: string, modelPackage: IModelPackageRef): LoraAdapter {
    const describe = (grantee: IGrantable) => {
      // Reason: the job reads where the files of an adapter are, from its package.
      Grant.addToPrincipal({ grantee, actions: ['sagemaker:DescribeModelPackage'], resourceArns: [...packageArns(modelPackage)] });
    };
    return new LoraAdapter(adapterId, 'ModelPackageArns', { ModelPackageArn: modelPackage.modelPackageRef.modelPackageArn },
      (grantee) => grantReadArtifacts(modelPackage, grantee), describe);
  }

  private constructor(
    /** Id of the adapter. */
    public readonly adapterId: string,
    /** @internal */
    public readonly _kind: 'S3Uris' | 'ModelPackageArns',
    private readonly source: Readonly<Record<string, string>>,
    private readonly grantFiles: (grantee: IGrantable) => void,
    private readonly grantDescribe?: (grantee: IGrantable) => void,
  ) {}

  /** @internal */
  public _render(): Record<string, unknown> {
    return { AdapterId: this.adapterId, ...this.source };
  }

  /**
   * Lets a job's role find and read the adapter.
   *
   * @internal
   */
  public _grantRead(grantee: IGrantable): void {
    this.grantDescribe?.(grantee);
    this._grantReadFiles(grantee);
  }

  /**
   * Lets the role of a model read the adapter.
   *
   * @internal
   */
  public _grantReadFiles(grantee: IGrantable): void {
    this.grantFiles(grantee);
  }
}
