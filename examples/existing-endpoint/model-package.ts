import { RemovalPolicy } from 'aws-cdk-lib';
import {
  ContainerImage, MlDomain, MlFramework, MlTask, ModelData, ModelPackage, ModelPackageGroup, SamplePayload,
} from 'cdk-sagemaker-inference-recommender';
import { Construct } from 'constructs';

/** A small XGBoost model, in place of yours. It is deleted with its stack; a real registry would keep it. */
export function exampleModelPackage(scope: Construct): ModelPackage {
  return new ModelPackage(scope, 'ModelPackage', {
    modelPackageGroup: new ModelPackageGroup(scope, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
    domain: MlDomain.MACHINE_LEARNING,
    task: MlTask.CLASSIFICATION,
    containers: [{
      image: ContainerImage.fromRegistry('683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.3-1'),
      modelData: ModelData.fromAsset(`${__dirname}/model.tar.gz`),
      framework: MlFramework.XGBOOST,
      frameworkVersion: '1.3-1',
    }],
    samplePayload: SamplePayload.fromAsset(`${__dirname}/payload`),
    supportedContentTypes: ['text/csv'],
    supportedResponseMimeTypes: ['text/csv'],
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
