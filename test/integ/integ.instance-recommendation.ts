import { ExpectedResult, Match } from '@aws-cdk/integ-tests-alpha';
import { Aws, CfnParameter, Duration, Fn } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CallOptions, Integ } from './support/integ';
import { modelPackage } from './support/model-package';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, Variant,
} from 'cdk-sagemaker-inference-recommender';

// A tabular model: an instance recommendation, and the chosen one on a real-time endpoint.
const integ = new Integ('InferenceRecommenderInteg');
// A version of a model package takes no tags, so it is in a stack without tags.
const packages = integ.stack('Package');
const target = modelPackage(packages, { dataInputConfig: '{"input":[1,10]}' });
const stack = integ.stack('Tabular', { tags: { integ: 'first' } });
const description = new CfnParameter(stack, 'Description', { default: 'first' });
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(target),
  containerConfig: { supportedInstanceTypes: [InstanceType.ML_C5_LARGE, InstanceType.ML_M5_LARGE] },
  description: description.valueAsString,
  maxCost: 5,
});
const best = job.addRecommendation('Best', { limits: { allowCompiledModels: false } });
const model = new Model(stack, 'Model', { recommendation: best });
const endpoint = new Endpoint(stack, 'Endpoint', {
  endpointName: 'Integ-Tabular',
  endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] }),
});
const { jobArn } = job.addResults();

const described = { JobName: job.jobName };
integ.expect('RoleSuffices', 'sagemaker', 'DescribeInferenceRecommendationsJob', described, ExpectedResult.stringLikeRegexp('^COMPLETED$'), { path: 'Status' });
integ.expect('OnlyListedTypesAreTried', 'sagemaker', 'DescribeInferenceRecommendationsJob', described,
  ExpectedResult.stringLikeRegexp('^ml\\.(c5|m5)\\.large$'), { path: 'InferenceRecommendations.0.EndpointConfiguration.InstanceType' });
integ.expect('BenchmarkEndpointsAreNamedAsExpected', 'sagemaker', 'ListInferenceRecommendationsJobSteps', described,
  ExpectedResult.stringLikeRegexp(`^(sm-epc-|${Fn.select(0, Fn.split('-', job.jobName))}-)`), { path: 'Steps.0.InferenceBenchmark.EndpointConfiguration.EndpointName' });

const endpointName = { EndpointName: endpoint.endpointName };
const invoked = integ.expectAnswer('EndpointAnswers', endpoint.endpointName);
integ.expect('ArnsAreInLowerCase', 'sagemaker', 'DescribeEndpoint', endpointName, ExpectedResult.stringLikeRegexp(':endpoint/integ-tabular$'), { path: 'EndpointArn' });
integ.probe('LatencyIsInMilliseconds', 'latency-unit', ExpectedResult.stringLikeRegexp('^Milliseconds$'), {
  statements: [new PolicyStatement({ actions: ['sagemaker:DescribeInferenceRecommendationsJob', 'cloudwatch:GetMetricStatistics'], resources: ['*'] })],
  input: { jobName: job.jobName, instanceType: best.instanceType, endpointName: endpoint.endpointName },
  path: 'unit',
  // CloudWatch has a metric some minutes after the request.
  within: Duration.minutes(15),
  after: [invoked],
});

// The job names no bucket for what Neo compiles.
integ.probe('CompiledModelIsInTheDefaultBucket', 'compiled-model', ExpectedResult.stringLikeRegexp(`^s3://sagemaker-${Aws.REGION}-${Aws.ACCOUNT_ID}/`), {
  statements: [new PolicyStatement({
    actions: ['sagemaker:DescribeInferenceRecommendationsJob', 'sagemaker:DescribeCompilationJob', 'iam:SimulatePrincipalPolicy'], resources: ['*'],
  })],
  input: { jobName: job.jobName, roleArn: model.role.roleArn },
  path: 'place',
});

// Some pages say that the service takes these options for load tests only. A job that it takes is stopped at once.
const started = (id: string, inputConfig: object, others: object = {}) => {
  const JobName = `integ-${id}-${Fn.select(2, Fn.split('/', stack.stackId))}`;
  const InputConfig = { ModelPackageVersionArn: target.modelPackageArn, ...inputConfig };
  return [
    { id, client: 'sagemaker', command: 'CreateInferenceRecommendationsJob', input: { JobName, JobType: 'Default', RoleArn: job.role.roleArn, InputConfig, ...others } },
    { id: `${id}Stopped`, client: 'sagemaker', command: 'StopInferenceRecommendationsJob', input: { JobName } },
  ];
};
integ.probe('DefaultJobTakesOptions', 'attempt',
  ExpectedResult.objectLike({
    Payload: Match.serializedJson(Match.objectLike({ duration: 'accepted', traffic: 'accepted', tests: 'accepted', candidates: 'accepted', conditions: 'accepted' })),
  }), {
    statements: [
      new PolicyStatement({ actions: ['sagemaker:CreateInferenceRecommendationsJob', 'sagemaker:StopInferenceRecommendationsJob'], resources: ['*'] }),
      new PolicyStatement({ actions: ['iam:PassRole'], resources: [job.role.roleArn] }),
    ],
    input: {
      calls: [
        ...started('duration', { JobDurationInSeconds: 3600 }),
        ...started('traffic', { TrafficPattern: { TrafficType: 'PHASES', Phases: [{ InitialNumberOfUsers: 1, SpawnRate: 1, DurationInSeconds: 120 }] } }),
        ...started('tests', { ResourceLimit: { MaxNumberOfTests: 2, MaxParallelOfTests: 1 } }),
        ...started('candidates', { EndpointConfigurations: [{ InstanceType: 'ml.c5.large' }] }),
        ...started('conditions', {}, { StoppingConditions: { MaxInvocations: 300 } }),
      ],
    },
  });

const stops = (id: string, tag: string, expected: string) => integ.probe(id, 'attempt', ExpectedResult.stringLikeRegexp(expected), {
  statements: [new PolicyStatement({
    actions: ['sagemaker:StopInferenceRecommendationsJob'], resources: ['*'], conditions: { StringEquals: { 'aws:ResourceTag/integ': tag } },
  })],
  input: { calls: [{ id: 'stop', client: 'sagemaker', command: 'StopInferenceRecommendationsJob', input: described }] },
  path: 'stop',
});
// The job is over, so the service refuses to stop it, unless IAM does first.
const conditions = [stops('StopNeedsTheTag', 'another', '^AccessDenied'), stops('StopWithTheTagIsAllowed', 'first', '^(?!AccessDenied)')];

const tagged = (id: string, Value: string, options: CallOptions) => integ.expect(id, 'sagemaker', 'ListTags', { ResourceArn: jobArn },
  ExpectedResult.objectLike({ Tags: Match.arrayWith([{ Key: 'integ', Value }]) }), options);
const first = tagged('StackTagsReachTheJob', 'first', {});
const updated = integ.call('UpdateTags', 'cloudformation', 'UpdateStack', {
  StackName: stack.stackName,
  UsePreviousTemplate: true,
  Capabilities: ['CAPABILITY_IAM'],
  Parameters: [{ ParameterKey: 'Description', ParameterValue: 'second' }, { ParameterKey: 'BootstrapVersion', UsePreviousValue: true }],
  Tags: [{ Key: 'integ', Value: 'second' }],
}, { after: [first, ...conditions] });
// The stack is updated while this is asked.
tagged('ChangedStackTagsReachTheJob', 'second', { after: [updated], within: Duration.minutes(15) });

integ.synth();
