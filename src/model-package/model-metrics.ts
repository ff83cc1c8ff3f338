import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { s3Uri } from '../common/refs';

/** What a file of metrics is. */
export interface MetricsSourceOptions {
  /**
   * MIME type of the file: up to 256 characters.
   *
   * @default application/json
   */
  readonly contentType?: string;
  /**
   * Digest of the file: `sha256:` and 64 hexadecimal digits.
   *
   * @default - none
   */
  readonly contentDigest?: string;
}

/**
 * A file of metrics, by its place in S3.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricsSource.html
 */
export abstract class MetricsSource {
  /** An object of a bucket. */
  public static fromBucket(bucket: IBucketRef, objectKey: string, options: MetricsSourceOptions = {}): MetricsSource {
    return new LocatedMetrics(() => s3Uri(bucket, objectKey), options);
  }

  /** A local file, uploaded when the app is deployed. Changed content is a new model package, and a new job. */
  public static fromAsset(path: string, options: MetricsSourceOptions = {}): MetricsSource {
    return new LocatedMetrics((scope, id) => new Asset(scope, id, { path }).s3ObjectUrl, options);
  }

  /**
   * Gives the file a place in a stack.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, id: string): { readonly s3Uri: string; readonly contentType: string; readonly contentDigest?: string };
}

class LocatedMetrics extends MetricsSource {
  constructor(private readonly locate: (scope: Construct, id: string) => string, private readonly options: MetricsSourceOptions) {
    super();
  }

  public _bind(scope: Construct, id: string) {
    return {
      s3Uri: this.locate(scope, id),
      contentType: this.options.contentType ?? 'application/json',
      contentDigest: this.options.contentDigest,
    };
  }
}

/**
 * How good the model is, as files in S3 say. Changing any of it is a new version, a new job and a new bill.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelMetrics.html
 */
export interface ModelMetrics {
  /**
   * Statistics of the model's quality.
   *
   * @default - none
   */
  readonly modelQualityStatistics?: MetricsSource;
  /**
   * Constraints on the model's quality.
   *
   * @default - none
   */
  readonly modelQualityConstraints?: MetricsSource;
  /**
   * Statistics of the quality of the model's data.
   *
   * @default - none
   */
  readonly modelDataQualityStatistics?: MetricsSource;
  /**
   * Constraints on the quality of the model's data.
   *
   * @default - none
   */
  readonly modelDataQualityConstraints?: MetricsSource;
  /**
   * Report on bias.
   *
   * @default - none
   */
  readonly biasReport?: MetricsSource;
  /**
   * Report on bias in the data before training.
   *
   * @default - none
   */
  readonly biasPreTrainingReport?: MetricsSource;
  /**
   * Report on bias in data and model after training.
   *
   * @default - none
   */
  readonly biasPostTrainingReport?: MetricsSource;
  /**
   * Report that explains the model's predictions.
   *
   * @default - none
   */
  readonly explainabilityReport?: MetricsSource;
}
