import { existsSync } from 'fs';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { fileOf } from './workload-binding';
import { locationAt, locationIn } from '../../common/s3-location';
import { BucketSource, S3Object } from '../../model-package/s3-object';

/**
 * The requests of a workload: all objects under a prefix in S3. The service copies them to a folder of the benchmark's container.
 *
 * The library does not detect that objects are overwritten under the same prefix: change the prefix then, e.g. `traffic/2026-05/`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIWorkloadS3DataSource.html
 * @example
 * const dataset = WorkloadDataset.fromBucketPrefix(bucket, 'traffic/2026-05/');
 */
export abstract class WorkloadDataset {
  /**
   * All objects under a prefix of a bucket.
   *
   * @param bucket bucket that has the objects
   * @param prefix prefix of the objects' keys: a name that ends with one slash, e.g. `traffic/`; a token is allowed
   * @returns the dataset
   * @throws if the prefix is not a name that ends with one slash
   */
  public static fromBucketPrefix(bucket: IBucketRef, prefix: string): WorkloadDataset {
    if (!Token.isUnresolved(prefix)) { checkPrefix(prefix, /[^/]\/$/); }
    return new BucketSource(locationIn(bucket, prefix), OBJECTS);
  }

  /**
   * All objects under a whole URI. Nobody gets permission to use the key of its bucket, because that is unknown: if the bucket has a key of yours, use
   * `fromBucketPrefix()`.
   *
   * @param uri the URI, which ends with one slash, e.g. `s3://bucket/traffic/`; it, or any part of it, may be a token
   * @returns the dataset
   * @throws if the URI does not begin with `s3://` and a bucket, or is known not to end with one slash
   */
  public static fromS3Uri(uri: string): WorkloadDataset {
    const location = locationAt('dataset', uri);
    const end = location.uri.slice(location.uri.lastIndexOf('}') + 1);
    if (end !== '') { checkPrefix(location.uri, /(^|[^/])\/$/, end); }
    return new BucketSource(location, OBJECTS);
  }

  /**
   * Adds the data to a stack.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, id: string): S3Object;
}

/**
 * The Jinja2 template of a request, for an endpoint that does not take OpenAI's chat completions.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-workload-config.html
 * @example
 * const template = RequestTemplate.fromBucket(bucket, 'templates/generate.jinja');
 */
export abstract class RequestTemplate {
  /**
   * An object in a bucket.
   *
   * The library does not detect that the object is overwritten under the same key: give it another key then.
   *
   * @param bucket bucket that has the template
   * @param objectKey key of the template; the name of the file must be known at synth, so its end is no token
   * @returns the template
   * @throws if the key is empty, or ends with a slash or a token
   */
  public static fromBucket(bucket: IBucketRef, objectKey: string): RequestTemplate {
    fileOf(objectKey);
    return new BucketSource(locationIn(bucket, objectKey));
  }

  /**
   * A local file, which the CDK uploads when the app is deployed. Changed content makes another workload, so it starts a new, billed job.
   *
   * @param path path of the file, relative to the working directory of the app
   * @returns the template
   * @throws if there is no such file; when it is used, if the stack's synthesizer does not know the object's key at synth
   */
  public static fromAsset(path: string): RequestTemplate {
    if (!existsSync(path)) { throw new Error(`\`template\` must be a file that exists, got: '${path}'.`); }
    return new TemplateAsset(path);
  }

  /**
   * The object at a whole URI. Nobody gets permission to use the key of its bucket, because that is unknown: if the bucket has a key of yours, use
   * `fromBucket()`.
   *
   * @param uri the URI, e.g. `s3://bucket/templates/generate.jinja`; the name of the file must be known at synth
   * @returns the template
   * @throws if the URI does not begin with `s3://` and a bucket, or ends with a slash or a token
   */
  public static fromS3Uri(uri: string): RequestTemplate {
    const location = locationAt('template', uri);
    fileOf(location.uri);
    return new BucketSource(location);
  }

  /**
   * Adds the template to a stack.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, id: string): S3Object;
}

class TemplateAsset {
  constructor(private readonly path: string) {}

  public _bind(scope: Construct, id: string): S3Object {
    const { bucket, s3ObjectKey, isFile } = new Asset(scope, id, { path: this.path });
    if (!isFile) { throw new Error(`\`template\` must be one file, got the directory '${this.path}'.`); }
    // The asset's own grant reaches every object of the bucket.
    return new BucketSource(locationIn(bucket, s3ObjectKey))._bind();
  }
}

const OBJECTS = { s3DataType: 'S3Prefix', compressionType: 'None' };

/**
 * Source: a channel's URI must be a folder that ends with a slash,
 * https://github.com/aws-samples/sagemaker-genai-hosting-examples (03-features/gen-ai-inference-recommendations)
 */
function checkPrefix(given: string, pattern: RegExp, end = given): void {
  if (!pattern.test(end)) {
    throw new Error(`\`dataset\` must be a prefix that ends with one '/', e.g. 'traffic/', got: '${given}'. The service copies all objects under it.`);
  }
}
