import { join } from 'path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ContainerImage, MlDomain, MlFramework, MlTask, ModelData, ModelPackage, ModelPackageGroup, SamplePayload } from '../../../src';

const QUICK_START = join(__dirname, '..', '..', '..', 'examples', 'quick-start');

/** The model of the quick start, which goes with its stack. */
export function exampleModelPackage(scope: Construct): ModelPackage {
  return new ModelPackage(scope, 'ModelPackage', {
    modelPackageGroup: new ModelPackageGroup(scope, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
    domain: MlDomain.MACHINE_LEARNING,
    task: MlTask.CLASSIFICATION,
    containers: [{
      image: ContainerImage.fromRegistry('683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.3-1'),
      modelData: ModelData.fromAsset(join(QUICK_START, 'model.tar.gz')),
      framework: MlFramework.XGBOOST,
      frameworkVersion: '1.3-1',
    }],
    samplePayload: SamplePayload.fromAsset(join(QUICK_START, 'payload')),
    supportedContentTypes: ['text/csv'],
    supportedResponseMimeTypes: ['text/csv'],
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A version of a group, as whoever trains registers it. */
export const VERSION = {
  Domain: 'MACHINE_LEARNING',
  Task: 'CLASSIFICATION',
  SamplePayloadUrl: 's3://models/payload.tar.gz',
  InferenceSpecification: {
    Containers: [{ Image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.3-1', ModelDataUrl: 's3://models/model.tar.gz', Framework: 'XGBOOST' }],
    SupportedContentTypes: ['text/csv'],
    SupportedResponseMIMETypes: ['text/csv'],
  },
};
