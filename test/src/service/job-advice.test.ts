import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Annotations as CoreAnnotations, App, Duration, Stack } from 'aws-cdk-lib/core';
import fc from 'fast-check';
import {
  BenchmarkTarget, EndpointCandidate, InferenceRecommendationsJob, InstanceType, JobType, LatencyPercentile, ModelPackage, TrafficPattern,
} from '../../../src';
import { jobAdvice } from '../../../src/service/job-advice';
import { jobErrors } from '../../../src/service/job-rules';

const phase = (users: number, rate: number, seconds: number) => ({ InitialNumberOfUsers: users, SpawnRate: rate, DurationInSeconds: seconds });
const phases = (...all: object[]) => ({ TrafficPattern: { TrafficType: 'PHASES', Phases: all } });
const CANDIDATE = { EndpointConfigurations: [{ InstanceType: 'ml.c5.large' }] };
const TARGET = { domain: 'D', task: 'T', framework: 'F', samplePayload: true };
const advised = (InputConfig: object, rest: object = {}, facts = {}) => (
  jobAdvice({ JobType: 'Advanced', InputConfig: { ...CANDIDATE, ...InputConfig }, ...rest }, facts).map(({ severity, rule }) => `${severity} ${rule}`));

describe('what a page only advises, or where AWS contradicts itself', () => {
  test.each<[string, object, object, object, string]>([
    ['100 tests, as the guide\'s own example has', { ResourceLimit: { MaxNumberOfTests: 100 } }, {}, {}, 'MaxNumberOfTests'],
    ['eleven tests at a time', { ResourceLimit: { MaxParallelOfTests: 11 } }, {}, {}, 'MaxParallelOfTests'],
    ['60 users a minute, as an example has', phases(phase(1, 60, 120)), {}, {}, 'SpawnRate'],
    ['four users to begin with', phases(phase(4, 1, 120)), {}, {}, 'InitialUsers'],
    ['more than three users between phases', phases(phase(1, 1, 120), phase(7, 1, 120)), {}, {}, 'UsersBetweenPhases'],
    ['fewer users, by more than three, as the guide\'s own load test of 2023 has', phases(phase(1, 3, 180), phase(1, 1, 120)), {}, {}, 'UsersBetweenPhases'],
    ['a phase of one minute', phases(phase(1, 1, 60)), {}, {}, 'PhaseDuration'],
    ['P99 in a load test', {}, { StoppingConditions: { ModelLatencyThresholds: [{ Percentile: 'P99' }] } }, {}, 'LoadTestPercentile'],
    ['more than 30,000 requests a minute', {}, { StoppingConditions: { MaxInvocations: 30_001 } }, {}, 'MaxInvocations'],
    ['a candidate outside the package\'s list', {}, {}, { target: { ...TARGET, supportedInstanceTypes: ['ml.m5.large'] } }, 'UnsupportedCandidate'],
    ['two content types', {}, {}, { target: { ...TARGET, supportedContentTypes: ['a/b', 'c/d'] } }, 'OneContentType'],
    ['no framework, as a notebook for text generation has', {}, {}, { target: { ...TARGET, framework: undefined } }, 'NoFramework'],
    ['an existing endpoint that scales itself', {}, {}, { existingEndpoint: { variants: 1, serverless: false, scalesItself: true } }, 'ExistingEndpointScales'],
    ['a load test without candidates', { EndpointConfigurations: [] }, {}, {}, 'LoadTestCandidates'],
    ['an instance type of tomorrow', { EndpointConfigurations: [{ InstanceType: 'ml.z9.large' }] }, {}, {}, 'UnknownInstanceType'],
  ])('%s', (_what, inputConfig, rest, facts, rule) => {
    expect(advised(inputConfig, rest, facts)).toEqual([`warning ${rule}`]);
    expect(jobErrors({ JobType: 'Advanced', InputConfig: inputConfig, ...rest }, facts)).toEqual([]);
  });

  test.each<[string, object]>([
    ['a duration', { InputConfig: { JobDurationInSeconds: 3600 } }],
    ['traffic', { InputConfig: phases(phase(1, 1, 120)) }],
    ['a limit of tests', { InputConfig: { ResourceLimit: { MaxNumberOfTests: 5 } } }],
    ['candidates', { InputConfig: CANDIDATE }],
    ['conditions', { StoppingConditions: { MaxInvocations: 100 } }],
  ])('an instance recommendation with %s, which belongs to load tests by some pages', (_what, request) => {
    expect(jobAdvice({ JobType: 'Default', InputConfig: {}, ...request })).toMatchObject([{ severity: 'warning', rule: 'DefaultJobOptions' }]);
    expect(jobAdvice({ JobType: 'Advanced', InputConfig: CANDIDATE, ...request }).map(({ rule }) => rule)).not.toContain('DefaultJobOptions');
  });

  test('an instance type that may be mistyped comes with the one that was meant', () => {
    const [{ sentence }] = jobAdvice({ JobType: 'Advanced', InputConfig: { EndpointConfigurations: [{ InstanceType: 'ml.c5.xlrge' }] } });
    expect(sentence).toBe('should be one that the service knew in 2026-05, got: \'ml.c5.xlrge\'. Did you mean \'ml.c5.xlarge\'?');
  });
});

describe('what people write needs no warning', () => {
  test('a later phase begins where the one before it ended, whatever the number', () => {
    // The load test of a public notebook: 2 users, 2 more a minute for 5 minutes, then 14.
    expect(advised(phases(phase(2, 2, 300), phase(14, 2, 300)))).toEqual([]);
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 2, max: 60 })), { minLength: 1 });
    fc.assert(fc.property(fc.integer({ min: 1, max: 3 }), steps,
      (users, all) => {
        let now = users;
        const rendered = all.map(([rate, minutes]) => {
          const one = phase(now, rate, minutes * 60);
          now += rate * minutes;
          return one;
        });
        expect(advised(phases(...rendered))).toEqual([]);
        expect(jobErrors({ JobType: 'Advanced', InputConfig: { ...CANDIDATE, ...phases(...rendered) } })).toEqual([]);
      }));
  });

  test('a latency threshold is in milliseconds by its name', () => {
    expect(advised({}, { StoppingConditions: { ModelLatencyThresholds: [{ Percentile: 'P95', ValueInMilliseconds: 100 }] } })).toEqual([]);
  });

  test('an existing endpoint with a load test: AWS\'s own sample does it', () => {
    expect(advised({ EndpointConfigurations: undefined, Endpoints: [{ EndpointName: 'live' }] })).toEqual([]);
  });
});

/** Requests that AWS and others have published, with the warnings that remain on them. */
test.each<[string, object, object | undefined, string[]]>([
  // https://docs.aws.amazon.com/sagemaker/latest/dg/instance-recommendation-create.html
  ['the guide\'s instance recommendation', { JobType: 'Default', InputConfig: {} }, undefined, []],
  // https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-existing-endpoint.html
  ['the guide\'s existing endpoint', { JobType: 'Default', InputConfig: { Endpoints: [{ EndpointName: 'live' }] } }, undefined, []],
  // https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-load-test.html
  ['the guide\'s load test by the SDK', guideLoadTest(phases(phase(1, 1, 120), phase(1, 1, 120))), undefined, []],
  ['the same by stairs', guideLoadTest({ TrafficPattern: { TrafficType: 'STAIRS', Stairs: { DurationInSeconds: 240, NumberOfSteps: 2, UsersPerStep: 2 } } }), undefined, []],
  // 60 users a minute where the same page has 3 as the most: whoever copies it should know that the page contradicts itself.
  ['the same by the CLI', guideLoadTest(phases(phase(1, 60, 300))), undefined, ['SpawnRate']],
  // https://github.com/aws/sagemaker-python-sdk (right_size of a model)
  ['the SDK\'s `right_size`', { JobType: 'Default', InputConfig: { ContainerConfig: container({ Framework: 'XGBOOST' }) } }, {}, []],
  // https://github.com/aws/amazon-sagemaker-examples (Text Generation Inference): a framework would give better instance types.
  ['a job of a model without a framework', { JobType: 'Default', InputConfig: { ContainerConfig: container({}) } }, {}, ['NoFramework']],
  // https://github.com/flyteorg/flytekit (its plugin for SageMaker)
  ['another integration\'s list of types', {
    JobType: 'Default', InputConfig: { ContainerConfig: container({ Framework: 'XGBOOST', FrameworkVersion: '1.7', SupportedInstanceTypes: ['ml.m5.large', 'ml.c5.large'] }) },
  }, {}, []],
  // A job of somebody's with a duration, of whom nobody knows whether the service took it: that plugin says that it does not.
  ['an instance recommendation of an hour', { JobType: 'Default', InputConfig: { JobDurationInSeconds: 3600 } }, undefined, ['DefaultJobOptions']],
])('%s passes', (_what, request, target, warnings) => {
  expect(jobErrors(request, { target })).toEqual([]);
  expect(jobAdvice(request, { target }).map(({ rule }) => rule)).toEqual(warnings);
});

function guideLoadTest(traffic: object) {
  return {
    JobType: 'Advanced',
    InputConfig: {
      JobDurationInSeconds: 7200,
      ...traffic,
      ResourceLimit: { MaxNumberOfTests: 10, MaxParallelOfTests: 3 },
      EndpointConfigurations: ['ml.c5.xlarge', 'ml.m5.xlarge', 'ml.r5.xlarge'].map((type) => ({ InstanceType: type })),
    },
    StoppingConditions: { MaxInvocations: 1000, ModelLatencyThresholds: [{ Percentile: 'P95', ValueInMilliseconds: 100 }], FlatInvocations: 'Stop' },
  };
}

function container(more: object) {
  return {
    Domain: 'MACHINE_LEARNING', Task: 'OTHER', PayloadConfig: { SamplePayloadUrl: 's3://bucket/payload.tar.gz', SupportedContentTypes: ['text/csv'] }, ...more,
  };
}

test('they are annotations that can be acknowledged, by a rule\'s own name', () => {
  const stack = new Stack(new App(), 'Stack');
  new InferenceRecommendationsJob(stack, 'Job', {
    target: BenchmarkTarget.fromModelPackage(ModelPackage.fromModelPackageArn(stack, 'Package',
      'arn:aws:sagemaker:us-east-1:111111111111:model-package/group/1')),
    jobType: JobType.loadTest({
      trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 60, duration: Duration.minutes(1) }]),
      endpointCandidates: [EndpointCandidate.instance(InstanceType.ML_C5_LARGE)],
      modelLatencyThreshold: { percentile: LatencyPercentile.P99, value: Duration.millis(100) },
    }),
  });
  CoreAnnotations.of(stack).acknowledgeWarning('cdk-sagemaker-inference-recommender:PhaseDuration');
  const warnings = Annotations.fromStack(stack);
  warnings.hasWarning('/Stack/Job', Match.stringLikeRegexp('`trafficPattern.phases\\[0\\].spawnRate` should be between 0 and 3 users a minute, .* got: 60'));
  warnings.hasWarning('/Stack/Job', Match.stringLikeRegexp('`modelLatencyThreshold.percentile` should be P95'));
  warnings.hasNoWarning('/Stack/Job', Match.stringLikeRegexp('between 120 and 3600 seconds'));
});
