import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { s3Uri } from '../common/refs';
import { locationAt } from '../common/s3-location';

/** Options of a file of metrics. */
export interface MetricsSourceOptions {
  /**
   * MIME type of the file: up to 256 characters.
   *
   * @default application/json
   */
  readonly contentType?: string;
  /**
   * Digest of the file: `sha256:` followed by 64 hexadecimal digits.
   *
   * @default - none
   */
  readonly contentDigest?: string;
}

/**
 * A file of metrics in S3.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricsSource.html
 * @example
 * const statistics = MetricsSource.fromBucket(bucket, 'metrics/statistics.json');
 */
export abstract class MetricsSource {
  /**
   * An object in a bucket.
   *
   * @param bucket bucket that has the object
   * @param objectKey key of the object, without a leading slash
   * @param options MIME type and digest of the file
   * @returns the file of metrics
   */
  public static fromBucket(bucket: IBucketRef, objectKey: string, options: MetricsSourceOptions = {}): MetricsSource {
    return new LocatedMetrics(() => s3Uri(bucket, objectKey), options);
  }

  /**
   * The object at a whole URI, e.g. what a processing job wrote.
   *
   * @param uri the URI, e.g. `s3://bucket/metrics/statistics.json`; it, or any part of it, may be a token
   * @param options MIME type and digest of the file
   * @returns the file of metrics
   * @throws if the URI does not begin with `s3://` and a bucket
   */
  public static fromS3Uri(uri: string, options: MetricsSourceOptions = {}): MetricsSource {
    const location = locationAt('uri', uri);
    return new LocatedMetrics(() => location.uri, options);
  }

  /**
   * A local file, which the CDK uploads when the app is deployed. Changed content creates a new version and starts a new, billed job.
   *
   * @param path path of the file, relative to the working directory of the app
   * @param options MIME type and digest of the file
   * @returns the file of metrics
   */
  public static fromAsset(path: string, options: MetricsSourceOptions = {}): MetricsSource {
    return new LocatedMetrics((scope, id) => new Asset(scope, id, { path }).s3ObjectUrl, options);
  }

  /**
   * Adds the file to a stack.
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
 * Metrics of a model, as files in S3. Changing any of them creates a new version and starts a new, billed job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelMetrics.html
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
   * Report on bias in the data and the model after training.
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

/**
 * What SageMaker Model Monitor compares a deployed model with, as files in S3. Changing any of it creates a new version and starts a new, billed job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DriftCheckBaselines.html
 */
export interface DriftCheckBaselines {
  /**
   * Settings of the check for bias.
   *
   * @default - none
   */
  readonly biasConfigFile?: MetricsSource;
  /**
   * Constraints on bias in the data before training.
   *
   * @default - none
   */
  readonly biasPreTrainingConstraints?: MetricsSource;
  /**
   * Constraints on bias in the data and the model after training.
   *
   * @default - none
   */
  readonly biasPostTrainingConstraints?: MetricsSource;
  /**
   * Settings of the check of explanations.
   *
   * @default - none
   */
  readonly explainabilityConfigFile?: MetricsSource;
  /**
   * Constraints on explanations.
   *
   * @default - none
   */
  readonly explainabilityConstraints?: MetricsSource;
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
}
