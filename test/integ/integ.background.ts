import { join } from 'path';
import { ExpectedResult } from '@aws-cdk/integ-tests-alpha';
import { Duration, Stack } from 'aws-cdk-lib';
import { CloudWatchLogGroup } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Integ } from './support/integ';
import { modelPackage } from './support/model-package';
import {
  BenchmarkTarget, InferenceRecommendationsJob, InferenceRecommendationsJobProps, InstanceType, ModelData, Wait,
} from 'cdk-sagemaker-inference-recommender';

// Jobs that run on after the deploy: one that ends, one whose model cannot be loaded, and one whose role is deleted.
const integ = new Integ('InferenceRecommenderIntegBackground');
const inBackground = (stack: Stack, props: Pick<InferenceRecommendationsJobProps, 'target'> & Partial<InferenceRecommendationsJobProps>) => (
  new InferenceRecommendationsJob(stack, 'Job', {
    containerConfig: { supportedInstanceTypes: [InstanceType.ML_C5_LARGE] }, wait: Wait.inBackground(), ...props,
  }));
const within = Duration.minutes(55);
const fallback = { instanceType: InstanceType.ML_M5_LARGE };

const stack = integ.stack();
const job = inBackground(stack, { target: BenchmarkTarget.fromModelPackage(modelPackage(stack)) });
const parameterPath = '/inference-recommender-integ/background';
const best = job.addRecommendation('Best', { parameterPath, fallback });
const logGroup = new LogGroup(stack, 'Events', { logGroupName: '/aws/events/inference-recommender-integ' });
best.onChange('Change', { target: new CloudWatchLogGroup(logGroup) });
const steps = { JobName: job.jobName };
integ.expect('RunningStepNamesItsEndpoint', 'sagemaker', 'ListInferenceRecommendationsJobSteps', { ...steps, Status: 'IN_PROGRESS' },
  ExpectedResult.stringLikeRegexp('.'), { path: 'Steps.0.InferenceBenchmark.EndpointConfiguration.EndpointName', within });
const published = integ.expect('ResultIsPublished', 'ssm', 'GetParameter', { Name: `${parameterPath}/recommendation` },
  ExpectedResult.stringLikeRegexp('^ml\\.c5\\.large$'), { path: 'Parameter.Value.InstanceType', within });
integ.expect('ChangeRaisesAnEvent', 'cloudwatch-logs', 'FilterLogEvents', { logGroupName: logGroup.logGroupName },
  ExpectedResult.stringLikeRegexp('^Inference Recommendation Change$'), { path: 'events.0.message.detail-type', after: [published], within: Duration.minutes(5) });

const brokenStack = integ.stack('Broken');
const broken = inBackground(brokenStack, {
  // The archive has a text instead of a model.
  target: BenchmarkTarget.fromModelPackage(modelPackage(brokenStack, {
    modelData: ModelData.fromAsset(join(__dirname, 'model', 'broken.tar.gz')), environment: { INTEG_MODEL: 'broken' },
  })),
});
broken.addRecommendation('Best', { fallback });
integ.expect('FailureIsKnownToDiagnose', 'sagemaker', 'ListInferenceRecommendationsJobSteps', { JobName: broken.jobName, Status: 'FAILED' },
  ExpectedResult.stringLikeRegexp('ping health check'), { path: 'Steps.0.InferenceBenchmark.FailureReason', within });

const orphanStack = integ.stack('Orphan');
const policy = ManagedPolicy.fromAwsManagedPolicyName('AmazonSageMakerFullAccess');
const role = new Role(orphanStack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'), managedPolicies: [policy] });
const orphan = inBackground(orphanStack, { target: BenchmarkTarget.fromModelPackage(modelPackage(orphanStack)), role });
orphan.addRecommendation('Best', { fallback });
const detached = integ.call('DetachPolicy', 'iam', 'DetachRolePolicy', { RoleName: role.roleName, PolicyArn: policy.managedPolicyArn });
const deleted = integ.call('DeleteRole', 'iam', 'DeleteRole', { RoleName: role.roleName }, { after: [detached] });
integ.expect('JobWithoutItsRoleFails', 'sagemaker', 'DescribeInferenceRecommendationsJob', { JobName: orphan.jobName },
  ExpectedResult.stringLikeRegexp('^FAILED$'), { path: 'Status', after: [deleted], within });

integ.synth();
