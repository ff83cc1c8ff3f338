import { ModelData } from './s3-source';

/**
 * The algorithm that trained the model. Changing any of it creates a new version and starts a new, billed job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SourceAlgorithm.html
 */
export interface SourceAlgorithm {
  /** Name or ARN of an algorithm in this account, or of an AWS Marketplace algorithm that this account is subscribed to: 1 to 170 characters. */
  readonly algorithmName: string;
  /**
   * Model data that the algorithm trained: one `.tar.gz` in S3, by `ModelData.fromBucket()` or `ModelData.fromAsset()`.
   *
   * @default - none
   */
  readonly modelData?: ModelData;
}
