import { join } from 'path';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

export const QUICK_START = join(__dirname, '..', '..', 'examples', 'quick-start');
export const XGBOOST = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.3-1';

/** What of the library's exports makes a package: of its source or of what is published, whose classes do not mix. */
export interface PackageExports<Image, Data, Payload, Domain, Task, Framework> {
  readonly ContainerImage: { fromRegistry(imageUri: string): Image };
  readonly ModelData: { fromAsset(path: string): Data; fromBucket(bucket: IBucket, key: string): Data };
  readonly SamplePayload: { fromAsset(path: string): Payload; fromBucket(bucket: IBucket, key: string): Payload };
  readonly MlDomain: { readonly MACHINE_LEARNING: Domain };
  readonly MlTask: { readonly CLASSIFICATION: Task };
  readonly MlFramework: { readonly XGBOOST: Framework };
}

export interface XgboostOptions {
  /** Where the artifacts are. @default - they are assets of the quick start */
  readonly bucket?: IBucket;
  /** The artifact's folder in the bucket. @default - the artifact is in no folder */
  readonly folder?: string;
  /** @default - the one of us-east-1 */
  readonly image?: string;
  /** More of the container. */
  readonly container?: { readonly dataInputConfig?: string; readonly environment?: { readonly [name: string]: string } };
}

/** The model that everything here benchmarks: what a `ModelPackage` says of it, but for its group. */
export function xgboost<Image, Data, Payload, Domain, Task, Framework>(
  { ContainerImage, ModelData, SamplePayload, MlDomain, MlTask, MlFramework }: PackageExports<Image, Data, Payload, Domain, Task, Framework>,
  { bucket, folder, image = XGBOOST, container }: XgboostOptions = {},
) {
  return {
    domain: MlDomain.MACHINE_LEARNING,
    task: MlTask.CLASSIFICATION,
    containers: [{
      image: ContainerImage.fromRegistry(image),
      modelData: bucket ? ModelData.fromBucket(bucket, `${folder === undefined ? '' : `${folder}/`}model.tar.gz`) : ModelData.fromAsset(join(QUICK_START, 'model.tar.gz')),
      framework: MlFramework.XGBOOST,
      frameworkVersion: '1.3-1',
      ...container,
    }],
    samplePayload: bucket ? SamplePayload.fromBucket(bucket, 'payload.tar.gz') : SamplePayload.fromAsset(join(QUICK_START, 'payload')),
    supportedContentTypes: ['text/csv'],
    supportedResponseMimeTypes: ['text/csv'],
  };
}

export interface RequestOptions {
  /** @default 'bucket' */
  readonly bucket?: string;
  /** Members of the container beside or instead of the usual ones. */
  readonly container?: object;
  /** Members of the inference specification beside the usual ones. */
  readonly specification?: object;
}

/** The same model as it is registered through the API: what CreateModelPackage is told of it, but for its group or name. */
export function packageRequest({ bucket = 'bucket', container, specification }: RequestOptions = {}) {
  return {
    Domain: 'MACHINE_LEARNING',
    Task: 'CLASSIFICATION',
    SamplePayloadUrl: `s3://${bucket}/payload.tar.gz`,
    InferenceSpecification: {
      Containers: [{ Image: XGBOOST, ModelDataUrl: `s3://${bucket}/model.tar.gz`, Framework: 'XGBOOST', FrameworkVersion: '1.3-1', ...container }],
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['text/csv'],
      ...specification,
    },
  };
}
