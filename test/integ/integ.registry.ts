import { ExpectedResult } from '@aws-cdk/integ-tests-alpha';
import { Duration, Fn } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Integ } from './support/integ';
import { modelPackage } from './support/model-package';
import { InstanceType, ModelApprovalStatus, ModelPackageGroup, ModelRegistryBenchmark } from 'cdk-sagemaker-inference-recommender';

// A version of a registry is approved, and benchmarked.
const integ = new Integ('InferenceRecommenderIntegRegistry');
const stack = integ.stack();
const group = new ModelPackageGroup(stack, 'Registry', { modelPackageGroupName: 'Inference-Recommender-Integ' });
const parameterPath = '/inference-recommender-integ/registry';
const benchmark = new ModelRegistryBenchmark(stack, 'Benchmark', {
  modelPackageGroup: group,
  parameterPath,
  fallback: { instanceType: InstanceType.ML_M5_LARGE },
  containerConfig: { supportedInstanceTypes: [InstanceType.ML_C5_LARGE] },
  maxJobsPerMonth: 1,
  maxCost: 5,
});
// The version's files are assets of this stack.
Bucket.fromBucketName(stack, 'Assets', Fn.sub('cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}')).grantRead(benchmark);
const version = modelPackage(stack, { modelPackageGroup: group, approvalStatus: ModelApprovalStatus.PENDING_MANUAL_APPROVAL });

const name = (id: string) => `integ-${id}-${Fn.select(2, Fn.split('/', stack.stackId))}`;
const ExecutionRoleArn = benchmark.role.roleArn;
const statements = [
  new PolicyStatement({
    actions: ['sagemaker:CreateModel', 'sagemaker:DeleteModel', 'sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage', 'sagemaker:DeleteModelPackage'],
    resources: ['*'],
  }),
  new PolicyStatement({ actions: ['iam:PassRole'], resources: [benchmark.role.roleArn] }),
];
const pending = integ.probe('PendingPackageIsRefused', 'attempt', ExpectedResult.stringLikeRegexp('^ValidationException$'), {
  statements,
  input: {
    calls: [{
      id: 'create',
      client: 'sagemaker',
      command: 'CreateModel',
      input: { ModelName: name('pending'), ExecutionRoleArn, PrimaryContainer: { ModelPackageName: version.modelPackageArn } },
    }],
  },
  path: 'create',
});
integ.probe('PackageWithoutStatusIsDeployed', 'without-status', ExpectedResult.stringLikeRegexp('^(has a status|accepted)$'), {
  statements,
  input: {
    ModelName: name('without-status'), ExecutionRoleArn, like: version.modelPackageArn, ModelPackageGroupName: group.modelPackageGroupName,
  },
  path: 'outcome',
});

const approved = integ.call('Approve', 'sagemaker', 'UpdateModelPackage', {
  ModelPackageArn: version.modelPackageArn, ModelApprovalStatus: 'Approved',
}, { after: [pending] });
integ.expect('ApprovalStartsABenchmark', 'ssm', 'GetParameter', { Name: `${parameterPath}/pending/recommendation` },
  ExpectedResult.stringLikeRegexp('^ml\\.c5\\.large$'), { path: 'Parameter.Value.InstanceType', after: [approved], within: Duration.minutes(55) });

integ.synth();
