import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BUCKET, IMAGE, MODEL_DATA, PAYLOAD } from './artifacts';
import {
  BenchmarkTarget, ContainerImage, Endpoint, EndpointConfig, InferenceRecommendationsJob, MlDomain, MlFramework, MlTask, Model, ModelData,
  ModelPackage, ModelPackageGroup, Recommendation, SamplePayload, Variant,
} from 'cdk-sagemaker-inference-recommender';

/** A Default job of an existing package, with one recommendation. */
export function job(scope: Construct, id: string, modelPackageArn: string, description?: string): Recommendation {
  const modelPackage = ModelPackage.fromModelPackageArn(scope, `${id}Package`, modelPackageArn);
  return new InferenceRecommendationsJob(scope, id, { target: BenchmarkTarget.fromModelPackage(modelPackage), description }).addRecommendation('Best');
}

/** The existing bucket that all apps use. */
export function artifacts(scope: Construct): IBucket {
  return Bucket.fromBucketName(scope, 'Bucket', BUCKET);
}

/** The shared part of all chains. */
export function shared(scope: Construct, bucket = artifacts(scope)): { readonly group: ModelPackageGroup; readonly bucket: IBucket } {
  return { group: new ModelPackageGroup(scope, 'Group'), bucket };
}

/** A package, its job, a recommendation, a model, a configuration and an endpoint. */
export function chain(scope: Construct, id: string, { group, bucket }: ReturnType<typeof shared>): void {
  const modelPackage = new ModelPackage(scope, `${id}Package`, {
    modelPackageGroup: group,
    domain: MlDomain.MACHINE_LEARNING,
    task: MlTask.CLASSIFICATION,
    containers: [{
      image: ContainerImage.fromRegistry(IMAGE),
      modelData: ModelData.fromBucket(bucket, MODEL_DATA),
      framework: MlFramework.XGBOOST,
      frameworkVersion: '1.3-1',
    }],
    samplePayload: SamplePayload.fromBucket(bucket, PAYLOAD),
    supportedContentTypes: ['text/csv'],
    supportedResponseMimeTypes: ['text/csv'],
  });
  const recommendation = new InferenceRecommendationsJob(scope, id, { target: BenchmarkTarget.fromModelPackage(modelPackage) }).addRecommendation('Best');
  const model = new Model(scope, `${id}Model`, { recommendation });
  const endpointConfig = new EndpointConfig(scope, `${id}Config`, { variants: [Variant.fromRecommendation(model, recommendation)] });
  new Endpoint(scope, `${id}Endpoint`, { endpointConfig });
}
