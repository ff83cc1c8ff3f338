import { ModelData } from './s3-source';

/**
 * The algorithm that made the model. Changing any of it is a new version, a new job and a new bill.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SourceAlgorithm.html
 */
export interface SourceAlgorithm {
  /** Name or ARN of an algorithm of this account, or of one of AWS Marketplace that it is subscribed to: 1 to 170 characters. */
  readonly algorithmName: string;
  /**
   * What the algorithm trained: one `.tar.gz` in S3.
   *
   * @default - none
   */
  readonly modelData?: ModelData;
}
