import { ExpectedResult } from '@aws-cdk/integ-tests-alpha';
import { RemovalPolicy } from 'aws-cdk-lib';
import { GatewayVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Integ } from './support/integ';
import { modelPackage } from './support/model-package';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, Variant,
} from 'cdk-sagemaker-inference-recommender';

// Benchmarks and the endpoint in subnets without a way out, with a key of one's own and a bucket for compiled models.
const integ = new Integ('InferenceRecommenderIntegVpc');
const stack = integ.stack();
const vpc = new Vpc(stack, 'Vpc', {
  maxAzs: 2,
  natGateways: 0,
  subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
});
const key = new Key(stack, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
const compiled = new Bucket(stack, 'Compiled', {
  encryption: BucketEncryption.KMS,
  encryptionKey: key,
  enforceSSL: true,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  removalPolicy: RemovalPolicy.DESTROY,
  autoDeleteObjects: true,
});
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(modelPackage(stack, { dataInputConfig: '{"input":[1,10]}' })),
  containerConfig: { supportedInstanceTypes: [InstanceType.ML_C5_LARGE] },
  vpc,
  volumeEncryptionKey: key,
  outputEncryptionKey: key,
  compiledOutputBucket: compiled,
  compiledOutputPrefix: 'models/',
});
const best = job.addRecommendation('Best');
const model = new Model(stack, 'Model', { recommendation: best, vpc });
const endpoint = new Endpoint(stack, 'Endpoint', {
  endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)], encryptionKey: key }),
});

integ.expect('RoleSufficesInAVpcWithKeys', 'sagemaker', 'DescribeInferenceRecommendationsJob', { JobName: job.jobName },
  ExpectedResult.stringLikeRegexp('^COMPLETED$'), { path: 'Status' });
integ.expect('JobRunsInTheVpc', 'sagemaker', 'DescribeInferenceRecommendationsJob', { JobName: job.jobName },
  ExpectedResult.stringLikeRegexp('^subnet-'), { path: 'InputConfig.VpcConfig.Subnets.0' });
integ.probe('CompiledModelInTheBucketIsReadable', 'compiled-model', ExpectedResult.stringLikeRegexp('^allowed$'), {
  statements: [new PolicyStatement({
    actions: ['sagemaker:DescribeInferenceRecommendationsJob', 'sagemaker:DescribeCompilationJob', 'iam:SimulatePrincipalPolicy'], resources: ['*'],
  })],
  input: { jobName: job.jobName, roleArn: model.role.roleArn },
  path: 'decision',
});
integ.expectAnswer('EndpointInTheVpcAnswers', endpoint.endpointName);

integ.synth();
