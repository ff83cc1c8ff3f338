import { App, CfnOutput, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { BenchmarkTarget, InferenceRecommendationsJob, InstanceType } from 'cdk-sagemaker-inference-recommender';
import { exampleModelPackage } from './model-package';

// The benchmarked endpoints run in your subnets. Your key encrypts their disks and their output.
const stack = new Stack(new App(), 'VpcAndKeys');
const key = new Key(stack, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
const compiled = new Bucket(stack, 'Compiled', {
  encryption: BucketEncryption.KMS,
  encryptionKey: key,
  enforceSSL: true,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  removalPolicy: RemovalPolicy.DESTROY,
});
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(exampleModelPackage(stack)),
  // Your key does not encrypt the local storage that other types have.
  containerConfig: { supportedInstanceTypes: [InstanceType.ML_C5_LARGE, InstanceType.ML_C5_XLARGE, InstanceType.ML_C5_2XLARGE] },
  vpc: new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }),
  volumeEncryptionKey: key,
  outputEncryptionKey: key,
  compiledOutputBucket: compiled,
  compiledOutputPrefix: 'models/',
});
Tags.of(job).add('team', 'ml');
const cheapest = job.addRecommendation('Cheapest');

new CfnOutput(stack, 'InstanceType', { value: cheapest.instanceType });
