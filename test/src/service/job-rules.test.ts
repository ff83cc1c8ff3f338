import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Duration, Stack, App, Annotations as CoreAnnotations } from 'aws-cdk-lib/core';
import {
  BenchmarkTarget, EndpointCandidate, InferenceRecommendationsJob, InstanceType, JobType, LatencyPercentile, ModelPackage, TrafficPattern,
} from '../../../src';
import { Finding, jobFindings, jobViolations } from '../../../src/service/job-rules';

const phase = (users: number, rate: number, seconds: number) => ({ InitialNumberOfUsers: users, SpawnRate: rate, DurationInSeconds: seconds });
const phases = (...all: object[]) => ({ TrafficPattern: { TrafficType: 'PHASES', Phases: all } });
const rules = (findings: Finding[]) => findings.map(({ severity, rule }) => `${severity} ${rule}`);
const found = (inputConfig: object, rest: object = {}, facts = {}) => rules(jobFindings({ JobType: 'Default', InputConfig: inputConfig, ...rest }, facts));

describe('errors: what the service is known to refuse', () => {
  test.each<[string, object, string]>([
    ['more than five hours', { JobDurationInSeconds: 18_001 }, 'MaxJobDuration'],
    ['phases longer than the job', { JobDurationInSeconds: 200, ...phases(phase(1, 0, 150), phase(1, 0, 150)) }, 'PhasesWithinDuration'],
    ['more than three users between phases', phases(phase(1, 1, 120), phase(7, 1, 120)), 'UsersBetweenPhases'],
    ['fewer users, by more than three', phases(phase(1, 3, 180), phase(1, 1, 120)), 'UsersBetweenPhases'],
    ['stairs in a pattern of phases', { TrafficPattern: { TrafficType: 'PHASES', Stairs: {} } }, 'TrafficMembers'],
    ['t2', { EndpointConfigurations: [{ InstanceType: 'ml.t2.medium' }] }, 'NoT2'],
    ['a candidate of both kinds', { EndpointConfigurations: [{ InstanceType: 'ml.c5.large', ServerlessConfig: {} }] }, 'CandidateKind'],
    ['provisioned concurrency', { EndpointConfigurations: [{ ServerlessConfig: { ProvisionedConcurrency: 1 } }] }, 'NoProvisionedConcurrency'],
    ['memory between two steps', { EndpointConfigurations: [{ ServerlessConfig: { MemorySizeInMB: 1536 } }] }, 'ServerlessMemory'],
    ['a payload that is no archive', { ContainerConfig: { PayloadConfig: { SamplePayloadUrl: 's3://bucket/row.csv' } } }, 'PayloadArchive'],
  ])('%s', (_what, inputConfig, rule) => {
    expect(found(inputConfig)).toContain(`error ${rule}`);
  });

  test('a percentile that is none', () => {
    expect(found({}, { StoppingConditions: { ModelLatencyThresholds: [{ Percentile: 'P50' }] } })).toContain('error Percentile');
  });

  test('a mandatory field that stands neither in the package nor in the job', () => {
    expect(found({}, {}, { target: {} })).toEqual(['error MandatoryDomain', 'error MandatoryTask', 'error MandatoryFramework', 'error MandatorySamplePayloadUrl']);
    expect(found({}, {}, { target: { domain: 'D', task: 'T', framework: 'F', samplePayload: true } })).toEqual([]);
    expect(found({ ContainerConfig: { Domain: 'D' } }, {}, { target: { task: 'T', framework: 'F', samplePayload: true } })).toEqual([]);
  });

  test('nothing is known of an imported package, so nothing is refused', () => {
    expect(found({})).toEqual([]);
  });

  test('an existing endpoint with two variants, or a serverless one', () => {
    expect(found({}, {}, { existingEndpoint: { variants: 2, serverless: true, scalesItself: false } }))
      .toEqual(['error ExistingEndpointVariants', 'error ExistingEndpointRealTime']);
  });
});

describe('warnings: what a page only advises, or where AWS contradicts itself', () => {
  test.each<[string, object, object, object, string]>([
    ['100 tests, as the guide\'s own example has', { ResourceLimit: { MaxNumberOfTests: 100 } }, {}, {}, 'MaxNumberOfTests'],
    ['eleven tests at a time', { ResourceLimit: { MaxParallelOfTests: 11 } }, {}, {}, 'MaxParallelOfTests'],
    ['60 users a minute, as an example has', phases(phase(1, 60, 120)), {}, {}, 'SpawnRate'],
    ['four users to begin with', phases(phase(4, 1, 120)), {}, {}, 'InitialUsers'],
    ['a phase of one minute', phases(phase(1, 1, 60)), {}, {}, 'PhaseDuration'],
    ['P99 in a load test', { EndpointConfigurations: [{ InstanceType: 'ml.c5.large' }] },
      { JobType: 'Advanced', StoppingConditions: { ModelLatencyThresholds: [{ Percentile: 'P99' }] } }, {}, 'LoadTestPercentile'],
    ['a latency, whose unit is in doubt', {}, { StoppingConditions: { ModelLatencyThresholds: [{ Percentile: 'P95' }] } }, {}, 'LatencyUnit'],
    ['more than 30,000 requests a minute', {}, { StoppingConditions: { MaxInvocations: 30_001 } }, {}, 'MaxInvocations'],
    ['a candidate outside the package\'s list', { EndpointConfigurations: [{ InstanceType: 'ml.c5.large' }] }, {},
      { target: { domain: 'D', task: 'T', framework: 'F', samplePayload: true, supportedInstanceTypes: ['ml.m5.large'] } }, 'UnsupportedCandidate'],
    ['two content types', {}, {},
      { target: { domain: 'D', task: 'T', framework: 'F', samplePayload: true, supportedContentTypes: ['a/b', 'c/d'] } }, 'OneContentType'],
    ['an existing endpoint that scales itself', {}, {}, { existingEndpoint: { variants: 1, serverless: false, scalesItself: true } }, 'ExistingEndpointScales'],
    ['a load test without candidates', {}, { JobType: 'Advanced' }, {}, 'LoadTestCandidates'],
    ['an instance type of tomorrow', { EndpointConfigurations: [{ InstanceType: 'ml.z9.large' }] }, {}, {}, 'UnknownInstanceType'],
  ])('%s', (_what, inputConfig, rest, facts, rule) => {
    expect(found(inputConfig, rest, facts)).toContain(`warning ${rule}`);
    expect(found(inputConfig, rest, facts).filter((one) => one.startsWith('error'))).toEqual([]);
  });

  test('an existing endpoint with a load test is fine: AWS\'s own sample does it', () => {
    expect(found({ Endpoints: [{ EndpointName: 'live' }] }, { JobType: 'Advanced' })).toEqual([]);
  });

  test('they are annotations that can be acknowledged, by a rule\'s own name', () => {
    const stack = new Stack(new App(), 'Stack');
    new InferenceRecommendationsJob(stack, 'Job', {
      target: BenchmarkTarget.fromModelPackage(ModelPackage.fromModelPackageArn(stack, 'Package',
        'arn:aws:sagemaker:us-east-1:111111111111:model-package/group/1')),
      jobType: JobType.loadTest({
        trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 60, duration: Duration.minutes(2) }]),
        endpointCandidates: [EndpointCandidate.instance(InstanceType.ML_C5_LARGE)],
        modelLatencyThreshold: { percentile: LatencyPercentile.P99, value: Duration.millis(100) },
      }),
    });
    CoreAnnotations.of(stack).acknowledgeWarning('cdk-sagemaker-inference-recommender:LatencyUnit');
    const warnings = Annotations.fromStack(stack);
    warnings.hasWarning('/Stack/Job', Match.stringLikeRegexp('`trafficPattern.phases\\[0\\].spawnRate` should be between 0 and 3, .* got: 60'));
    warnings.hasWarning('/Stack/Job', Match.stringLikeRegexp('`modelLatencyThreshold.percentile` should be P95'));
    warnings.hasNoWarning('/Stack/Job', Match.stringLikeRegexp('milliseconds or microseconds'));
  });
});

test('an instance type that this version does not know breaks no constraint', () => {
  const request = (type: string) => ({
    JobName: 'n', JobType: 'Default', RoleArn: 'arn:aws:iam::111111111111:role/r', InputConfig: { EndpointConfigurations: [{ InstanceType: type }] },
  });
  expect(jobViolations(request('ml.z9.large'))).toEqual([]);
  expect(jobViolations({ ...request('ml.c5.large'), JobType: 'Other' })).toHaveLength(1);
});
