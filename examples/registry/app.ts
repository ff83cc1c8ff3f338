import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InstanceType, ModelPackageGroup, ModelRegistryBenchmark } from 'cdk-sagemaker-inference-recommender';
import { exampleListener } from './listener';

// One team registers versions and another team approves them. Each approved version is benchmarked; this app deploys no version.
const app = new App();
const stack = new Stack(app, 'Registry');
const modelPackageGroup = new ModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'shop-models', removalPolicy: RemovalPolicy.DESTROY });
const benchmark = new ModelRegistryBenchmark(stack, 'Benchmark', {
  modelPackageGroup,
  parameterPath: '/ml/shop/registry',
  limits: { allowCompiledModels: false },
  fallback: { instanceType: InstanceType.ML_M5_LARGE },
  adoptsResults: true,
  renewEvery: Duration.days(30),
  maxJobsPerMonth: 4,
});
// The bucket that holds the artifacts and the sample payloads of the versions.
Bucket.fromBucketName(stack, 'Models', `shop-models-${stack.account}`).grantRead(benchmark);

const { target, logGroup } = exampleListener(stack, 'Listener');
benchmark.onRecommendationChange('Change', { target });
benchmark.onSkipped('Skipped', { target });
new CfnOutput(stack, 'EventLog', { value: logGroup.logGroupName });
