import { ExpectedResult, Match } from '@aws-cdk/integ-tests-alpha';
import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Integ } from './support/integ';
import {
  AIBenchmarkJob, AIRecommendationJob, AIWorkloadConfig, GenerativeModelSource, InstanceType, PackageApproval, PerformanceTarget, RecommendedEndpoint,
  TokenThreshold, Wait, Workload,
} from 'cdk-sagemaker-inference-recommender';

// A small language model: the recommended hosting, and a benchmark of it. The only test with accelerators, and the dearest one.
const integ = new Integ('InferenceRecommenderIntegGenerative');
const stack = integ.stack();
// docs/live-verification.md says which files it must have.
const bucket = Bucket.fromBucketName(stack, 'Models', `inference-recommender-integ-${Aws.ACCOUNT_ID}-${Aws.REGION}`);
const workload = new AIWorkloadConfig(stack, 'Workload', {
  workload: Workload.synthetic({ inputTokens: { mean: 64 }, outputTokens: { mean: 32 }, concurrency: 1, requestCount: 20 }),
});
const jobOf = (scope: Stack, props: { readonly wait?: Wait; readonly trigger?: string } = {}) => new AIRecommendationJob(scope, 'Job', {
  model: GenerativeModelSource.fromBucket(bucket, 'model/'),
  workload,
  performanceTarget: PerformanceTarget.timeToFirstToken(),
  instanceTypes: [InstanceType.ML_G5_XLARGE],
  optimizeModel: false,
  outputBucket: bucket,
  outputPrefix: 'recommendations/',
  maxDuration: Duration.hours(3),
  maxCost: 10,
  ...props,
});
const job = jobOf(stack);
const chosen = job.addRecommendation('Chosen', {
  thresholds: [TokenThreshold.timeToFirstToken(Duration.seconds(30))],
  approval: PackageApproval.byThisStack(),
});
const { endpoint, inferenceComponent } = new RecommendedEndpoint(stack, 'Chat', { recommendation: chosen, inferenceComponent: {} });
const measured = new AIBenchmarkJob(stack, 'Measured', {
  endpoint, inferenceComponents: [inferenceComponent!], workload, outputBucket: bucket, outputPrefix: 'benchmarks/', maxDuration: Duration.hours(1),
});
// It starts last, so that it runs while the assertions are made. It is stopped with the stack.
const later = integ.stack('Running');
later.addDependency(stack);
jobOf(later, { wait: Wait.inBackground(), trigger: 'running' });

const described = { AIRecommendationJobName: job.jobName };
integ.expect('GenerativeRoleSuffices', 'sagemaker', 'DescribeAIRecommendationJob', described,
  ExpectedResult.stringLikeRegexp('^Completed$'), { path: 'AIRecommendationJobStatus' });
integ.expect('PackageWithoutOptimization', 'sagemaker', 'DescribeAIRecommendationJob', described,
  ExpectedResult.stringLikeRegexp(':model-package/'), { path: 'Recommendations.0.ModelDetails.ModelPackageArn' });
integ.probe('TimeToFirstTokenIsSpelledAsKnown', 'expected-performance', ExpectedResult.stringLikeRegexp('(^|; )(TimeToFirstToken|time_to_first_token) \\S+ (ms|s)(;|$)'), {
  statements: [new PolicyStatement({ actions: ['sagemaker:DescribeAIRecommendationJob'], resources: ['*'] })], input: described, path: 'spelled',
});
// The stream of its log is named after the training job.
integ.expect('TrainingJobIsNamedAsExpected', 'sagemaker', 'DescribeAIBenchmarkJob', { AIBenchmarkJobName: measured.jobName },
  ExpectedResult.stringLikeRegexp(`^(bmk-|${measured.jobName})`), { path: 'OutputConfig.CloudWatchLogs.0.LogStreamName' });
integ.expect('GenerativeComponentAnswers', 'sagemaker-runtime', 'InvokeEndpoint', {
  EndpointName: endpoint.endpointName,
  InferenceComponentName: inferenceComponent!.inferenceComponentName,
  ContentType: 'application/json',
  Body: '{"messages":[{"role":"user","content":"Say hello."}],"max_tokens":5}',
}, ExpectedResult.objectLike({ Body: Match.stringLikeRegexp('.') }));
integ.expect('BenchmarkRoleSuffices', 'sagemaker', 'DescribeAIBenchmarkJob', { AIBenchmarkJobName: measured.jobName },
  ExpectedResult.stringLikeRegexp('^Completed$'), { path: 'AIBenchmarkJobStatus' });
integ.expectText('ArchiveIsFoundAndRead', stack, measured.addResults().trouble, '');
integ.probe('WorkloadInUseIsKept', 'attempt', ExpectedResult.stringLikeRegexp('^(?!accepted|AccessDenied)'), {
  statements: [new PolicyStatement({ actions: ['sagemaker:DeleteAIWorkloadConfig'], resources: ['*'] })],
  input: {
    calls: [{
      id: 'delete', client: 'sagemaker', command: 'DeleteAIWorkloadConfig', input: { AIWorkloadConfigName: workload.workloadConfigName },
    }],
  },
  path: 'delete',
});

integ.synth();
