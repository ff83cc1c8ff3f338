import { Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { XGBOOST } from './constructs';
import {
  AssembleWith, BatchStrategy, ContainerImage, InstanceType, MetricsSource, MlFramework, ModelApprovalStatus, ModelCardStatus, ModelData,
  ModelPackageProps, SplitType, ValidationInput,
} from '../../src';

export const DIGEST = `sha256:${'0a'.repeat(32)}`;
export const TYPES = [InstanceType.ML_M5_XLARGE];
const IMAGE = ContainerImage.fromRegistry(XGBOOST);

export function bucketOf(stack: Stack): IBucket {
  return stack.node.tryFindChild('Data') as IBucket ?? Bucket.fromBucketName(stack, 'Data', 'data');
}

/** Every prop that a version of a group can have, with every member of each. */
export function wholePackage(stack: Stack): Partial<ModelPackageProps> {
  const bucket = bucketOf(stack);
  const key = new Key(stack, 'Key');
  const metrics = (name: string) => MetricsSource.fromBucket(bucket, `${name}.json`, { contentDigest: DIGEST });
  const supported = {
    supportedContentTypes: ['text/csv'],
    supportedResponseMimeTypes: ['text/csv'],
    supportedRealtimeInferenceInstanceTypes: TYPES,
    supportedTransformInstanceTypes: TYPES,
  };
  const containers = [{
    image: IMAGE,
    imageDigest: DIGEST,
    modelData: ModelData.fromBucket(bucket, 'model.tar.gz'),
    containerHostname: 'first',
    framework: MlFramework.XGBOOST,
    frameworkVersion: '1.3-1',
    dataInputConfig: '{"input":[1,10]}',
    nearestModelName: 'xgboost',
    environment: { THREADS: '4' },
  }, {
    image: IMAGE,
    modelData: ModelData.fromBucketPrefix(bucket, 'weights/', { acceptEula: true }),
    containerHostname: 'second',
  }];
  return {
    ...supported,
    containers,
    description: 'First',
    additionalInferenceSpecifications: [{ specificationName: 'gpu', description: 'On a GPU', containers, ...supported }],
    approvalStatus: ModelApprovalStatus.REJECTED,
    approvalDescription: 'Too slow',
    customerMetadataProperties: { team: 'forecast' },
    commitId: '0123abc',
    commitRepository: 'models',
    generatedBy: 'a pipeline',
    projectId: 'p-1',
    modelMetrics: {
      modelQualityStatistics: metrics('a'),
      modelQualityConstraints: metrics('b'),
      modelDataQualityStatistics: metrics('c'),
      modelDataQualityConstraints: metrics('d'),
      biasReport: metrics('e'),
      biasPreTrainingReport: metrics('f'),
      biasPostTrainingReport: metrics('g'),
      explainabilityReport: metrics('h'),
    },
    driftCheckBaselines: {
      biasConfigFile: metrics('h'),
      biasPreTrainingConstraints: metrics('i'),
      biasPostTrainingConstraints: metrics('j'),
      explainabilityConfigFile: metrics('k'),
      explainabilityConstraints: metrics('l'),
      modelQualityStatistics: metrics('m'),
      modelQualityConstraints: metrics('n'),
      modelDataQualityStatistics: metrics('o'),
      modelDataQualityConstraints: metrics('p'),
    },
    modelCard: { content: '{}', status: ModelCardStatus.PENDING_REVIEW },
    certifyForMarketplace: false,
    sourceAlgorithm: { algorithmName: 'forest', modelData: ModelData.fromBucket(bucket, 'trained.tar.gz') },
    sourceUri: 'arn:aws:sagemaker:us-east-1:111111111111:model/first',
    validation: {
      input: ValidationInput.fromBucketPrefix(bucket, 'rows/'),
      outputBucket: bucket,
      outputPrefix: 'answers/',
      instanceType: InstanceType.ML_M5_XLARGE,
      contentType: 'text/csv',
      compressed: true,
      splitType: SplitType.LINE,
      batchStrategy: BatchStrategy.SINGLE_RECORD,
      accept: 'text/csv',
      assembleWith: AssembleWith.LINE,
      outputEncryptionKey: key,
      volumeEncryptionKey: key,
      maxConcurrentTransforms: 2,
      environment: { THREADS: '1' },
      maxPayload: undefined,
    },
    skipModelValidation: false,
    encryptionKey: key,
  };
}
