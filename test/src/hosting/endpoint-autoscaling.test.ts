import { Duration, NestedStack, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import {
  AsyncInference, BenchmarkTarget, Endpoint, EndpointAutoScaling, EndpointAutoScalingProps, EndpointConfig, InstanceType, Recommendation,
  ScalingTarget, Variant,
} from '../../../src';
import { WITHOUT_JOBS } from '../../../src/common/without-jobs';
import { arn, deployed, idOf, jobIn, late, newStack, ofType, only, packageIn, permissionsOf, Resources } from '../../harness/constructs';
import { onInstances, ON_INSTANCES, served, warningsOf } from '../../harness/endpoints';

const FIGURES = { minCapacity: 1, maxCapacity: 4, target: ScalingTarget.invocationsPerInstance(100) };

function endpointIn(stack: Stack, variants = [onInstances(stack)], id = 'Endpoint'): Endpoint {
  return new Endpoint(stack, id, { endpointConfig: new EndpointConfig(stack, `${id}Config`, { variants }) });
}

function scalingIn(stack: Stack, props: Partial<EndpointAutoScalingProps> = FIGURES, id = 'Scaling'): EndpointAutoScaling {
  return new EndpointAutoScaling(stack, id, { endpoint: props.endpoint ?? endpointIn(stack, undefined, `${id}Endpoint`), ...props });
}

function best(stack: Stack) {
  return jobIn(stack).addRecommendation('Best');
}

const scalingOf = (resources: Resources) => only(resources, 'Custom::InferenceEndpointScaling').Properties;

describe('the custom resources', () => {
  test('carry figures as text, and nothing that is not given', () => {
    const stack = newStack();
    scalingIn(stack, { ...FIGURES, scaleInCooldown: Duration.minutes(5), scaleOutCooldown: Duration.seconds(0), disableScaleIn: false });
    const resources = deployed(stack);
    const config = idOf(resources, 'ScalingEndpointConfig');
    const record = { SchemaVersion: expect.any(String), EndpointConfigName: `${config}.EndpointConfigName`, RecordName: expect.stringMatching(/^\/cdk-sagemaker-inference-recommender\/0a1b2c3d\/[0-9a-f]{8}$/) };
    const invoked = { ServiceToken: expect.stringMatching(/:function:InferenceRecommenderRuntimeScalingFunction/), ServiceTimeout: '2880' };
    expect(only(resources, 'Custom::InferenceEndpointScalingPause').Properties).toEqual({ ...record, ...invoked });
    expect(scalingOf(resources)).toEqual({
      ...record,
      ...invoked,
      EndpointName: `${idOf(resources, 'ScalingEndpoint')}.EndpointName`,
      VariantNames: ['AllTraffic'],
      MinCapacity: '1',
      MaxCapacity: '4',
      TargetValue: '100',
      PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance',
      ScaleInCooldown: '300',
      ScaleOutCooldown: '0',
      DisableScaleIn: 'false',
    });
  });

  test('name the recommendation, and what it is asked for', () => {
    const stack = newStack();
    scalingIn(stack, { recommendation: best(stack), targetCpuUtilizationPerCore: 80, minInvocationsPerMinute: 0, maxInvocationsPerMinute: 9000 });
    const resources = deployed(stack);
    const recommendation = idOf(resources, 'JobBest');
    expect(scalingOf(resources)).toMatchObject({
      Recommendation: {
        JobName: `${recommendation}.JobName`,
        RecommendationId: `${recommendation}.RecommendationId`,
        TargetCpuUtilizationPerCore: '80',
        MinInvocationsPerMinute: '0',
        MaxInvocationsPerMinute: '9000',
      },
    });
    expect(scalingOf(resources)).not.toHaveProperty('MinCapacity');
  });

  test('take tokens for figures', () => {
    const stack = newStack();
    scalingIn(stack, { minCapacity: late.number(2), maxCapacity: late.number(3), target: ScalingTarget.concurrentRequestsPerModel(late.number(7)) });
    expect(scalingOf(deployed(stack))).toMatchObject({
      MinCapacity: '2', MaxCapacity: '3', TargetValue: '7', PredefinedMetricType: 'SageMakerVariantConcurrentRequestsPerModelHighResolution',
    });
  });

  test('take a metric of the endpoint', () => {
    const stack = newStack();
    const endpoint = endpointIn(stack);
    scalingIn(stack, { ...FIGURES, endpoint, target: ScalingTarget.metric(endpoint.metricCpuUtilization(), 70) });
    expect(scalingOf(deployed(stack))).toMatchObject({
      TargetValue: '70',
      CustomizedMetric: {
        MetricName: 'CPUUtilization',
        Namespace: '/aws/sagemaker/Endpoints',
        Statistic: 'Average',
        Dimensions: [{ Name: 'EndpointName', Value: `${idOf(deployed(stack), 'Endpoint')}.EndpointName` }, { Name: 'VariantName', Value: 'AllTraffic' }],
      },
    });
  });

  test('answer what was registered', () => {
    const stack = newStack();
    const scaling = scalingIn(stack);
    const { minCapacity, maxCapacity, targetValue, targetMetricName } = scaling;
    expect(stack.resolve([minCapacity, maxCapacity, targetValue, targetMetricName])).toEqual(
      ['MinCapacity', 'MaxCapacity', 'TargetValue', 'Metric'].map((name) => ({ 'Fn::GetAtt': [idOf(deployed(stack), 'Scaling'), name] })));
  });
});

describe('what cannot be scaled, or not so, is refused in a sentence', () => {
  const refusal = (props: (stack: Stack) => Partial<EndpointAutoScalingProps>): string => {
    const stack = newStack();
    try {
      scalingIn(stack, props(stack));
    } catch (error) { return (error as Error).message; }
    return 'accepted';
  };

  test.each<[string, Partial<EndpointAutoScalingProps>, string]>([
    ['no minimum', { minCapacity: undefined }, '`minCapacity` is required if there is no `recommendation` from a job.'],
    ['no maximum', { maxCapacity: undefined }, '`maxCapacity` is required if there is no `recommendation` from a job.'],
    ['no target', { target: undefined }, '`target` is required if there is no `recommendation` from a job.'],
    ['a minimum below 0', { minCapacity: -1 }, '`minCapacity` must be a whole number between 0 and 2147483647, got: -1.'],
    ['half an instance', { maxCapacity: 1.5 }, '`maxCapacity` must be a whole number between 0 and 2147483647, got: 1.5.'],
    ['a maximum beyond an integer', { maxCapacity: 2 ** 31 }, '`maxCapacity` must be a whole number between 0 and 2147483647, got: 2147483648.'],
    ['a minimum above the maximum', { minCapacity: 5 }, '`minCapacity` must not be greater than `maxCapacity` (4), got: 5.'],
    ['a utilization without a recommendation', { targetCpuUtilizationPerCore: 50 }, '`targetCpuUtilizationPerCore` needs a `recommendation`: set one, or remove `targetCpuUtilizationPerCore`.'],
    ['traffic without a recommendation', { minInvocationsPerMinute: 1 }, '`minInvocationsPerMinute` needs a `recommendation`: set one, or remove `minInvocationsPerMinute`.'],
  ])('%s', (_what, props, sentence) => {
    expect(refusal(() => ({ ...FIGURES, ...props }))).toBe(sentence);
  });

  test.each<[string, Partial<EndpointAutoScalingProps>, string]>([
    ['a utilization of 0', { targetCpuUtilizationPerCore: 0 }, '`targetCpuUtilizationPerCore` must be at least 1, got: 0.'],
    ['a utilization of 101', { targetCpuUtilizationPerCore: 101 }, '`targetCpuUtilizationPerCore` must be at most 100, got: 101.'],
    ['traffic below 0', { minInvocationsPerMinute: -1 }, '`minInvocationsPerMinute` must be a whole number between 0 and 2147483647, got: -1.'],
    ['half a request', { maxInvocationsPerMinute: 0.5 }, '`maxInvocationsPerMinute` must be a whole number between 0 and 2147483647, got: 0.5.'],
  ])('%s', (_what, props, sentence) => {
    expect(refusal((stack) => ({ recommendation: best(stack), ...props }))).toBe(sentence);
  });

  test.each([0, -1, NaN, Infinity])('a target of %p', (value) => {
    expect(() => ScalingTarget.invocationsPerInstance(value)).toThrow(`\`target\` must be more than 0, got: ${value}.`);
  });

  test('a metric whose statistic no policy takes', () => {
    const metric = new Metric({ namespace: 'Own', metricName: 'Latency', statistic: 'p99' });
    expect(refusal(() => ({ ...FIGURES, target: ScalingTarget.metric(metric, 1) })))
      .toBe('The metric of `target` must have one of the statistics Average, Minimum, Maximum, SampleCount, Sum, got: \'p99\'.');
  });

  test('a fixed recommendation without the figures: there is no job to ask', () => {
    expect(refusal((stack) => ({ recommendation: Recommendation.fromAttributes(stack, 'Fixed', { instanceType: InstanceType.ML_C5_XLARGE }) })))
      .toBe('`minCapacity` is required if there is no `recommendation` from a job.');
  });

  test.each<[string, (stack: Stack) => Variant, string]>([
    ['serverless variants', (stack) => Variant.serverless(served(stack), { memorySize: Size.gibibytes(1), maxConcurrency: 1 }),
      '`endpoint` must have a variant on instances, got only serverless variants.'],
    ['inference components', () => Variant.forInferenceComponents(ON_INSTANCES), '`endpoint` must not host inference components: their copies have their own scaling.'],
    ['burstable instances', (stack) => onInstances(stack, { instanceType: InstanceType.of('ml.t2.medium') }),
      '`endpoint` must not be on burstable instances: they do not scale automatically, got: \'ml.t2.medium\'.'],
  ])('%s', (_what, variant, sentence) => {
    expect(refusal((stack) => ({ ...FIGURES, endpoint: endpointIn(stack, [variant(stack)]) }))).toBe(sentence);
  });

  test('an endpoint whose configuration is imported', () => {
    expect(refusal((stack) => ({
      ...FIGURES, endpoint: new Endpoint(stack, 'Own', { endpointConfig: EndpointConfig.fromEndpointConfigName(stack, 'Imported', 'made-elsewhere') }),
    }))).toBe('`variantNames` is required: the configuration of `endpoint` is not an `EndpointConfig` of this app, so its variants are unknown.');
  });

  test('an imported endpoint, whose changes nothing here sees', () => {
    expect(refusal((stack) => ({ ...FIGURES, endpoint: Endpoint.fromEndpointName(stack, 'Imported', 'made-elsewhere'), variantNames: ['A'] })))
      .toBe('`endpoint` must be an `Endpoint` or a `CfnEndpoint`: of another one, the configuration is unknown, and its changes cannot pause the scaling.');
  });

  test.each([[[], '`variantNames` must have at least 1 name, got none: name a variant, or leave the prop out.'],
    [['Other'], '`variantNames` must name variants on instances of `endpoint` (AllTraffic), got \'Other\'.']])('variant names %j', (variantNames, sentence) => {
    expect(refusal((stack) => ({ ...FIGURES, endpoint: endpointIn(stack), variantNames }))).toBe(sentence);
  });

  test('an endpoint of another stack', () => {
    expect(refusal((stack) => ({ ...FIGURES, endpoint: endpointIn(new NestedStack(stack, 'Nested')) })))
      .toBe('`endpoint` must be in the same stack as its auto scaling, got one of Shop/Nested.');
  });

  test('an endpoint that scales already', () => {
    const stack = newStack();
    const endpoint = endpointIn(stack);
    scalingIn(stack, { ...FIGURES, endpoint });
    expect(() => scalingIn(stack, { ...FIGURES, endpoint }, 'Again')).toThrow('`endpoint` is already scaled by \'Shop/Scaling\': set the figures there.');
  });
});

describe('a minimum of 0', () => {
  const none = { ...FIGURES, minCapacity: 0 };

  test('is warned of once, however many variants there are', () => {
    const stack = newStack();
    scalingIn(stack, { ...none, endpoint: endpointIn(stack, ['A', 'B'].map((variantName) => onInstances(stack, { variantName }))) });
    expect(warningsOf(stack)).toEqual(['MinCapacity']);
  });

  test('suits an asynchronous endpoint', () => {
    const stack = newStack();
    const endpointConfig = new EndpointConfig(stack, 'Config', {
      variants: [onInstances(stack)], asyncInference: AsyncInference.toBucket(Bucket.fromBucketName(stack, 'Bucket', 'answers')),
    });
    scalingIn(stack, { ...none, target: undefined, endpoint: new Endpoint(stack, 'Endpoint', { endpointConfig }) });
    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('figures that leave nothing open', () => {
  test('ask the service nothing, whose job may be in another Region', () => {
    const stack = newStack();
    scalingIn(stack, { ...FIGURES, recommendation: Recommendation.fromSsmParameter(stack, 'Read', { parameterPath: '/shop/best' }) });
    const resources = deployed(stack);
    expect(scalingOf(resources)).not.toHaveProperty('Recommendation');
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeScalingRole'))).not.toHaveProperty(['sagemaker:GetScalingConfigurationRecommendation']);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('warn of what would be asked with', () => {
    const stack = newStack();
    scalingIn(stack, { ...FIGURES, recommendation: best(stack), targetCpuUtilizationPerCore: 70, maxInvocationsPerMinute: 10 });
    expect(warningsOf(stack)).toEqual(['UnreadablePackage', 'UnusedScalingFigure', 'UnusedScalingFigure']);
  });
});

describe.each<[string, (stack: Stack) => Endpoint | CfnEndpoint]>([
  ['an endpoint', (stack) => endpointIn(stack)],
  ['an endpoint of an L1', (stack) => new CfnEndpoint(stack, 'Raw', { endpointConfigName: 'there' })],
])('%s that a job benchmarks', (_what, make) => {
  const [scale, benchmark] = [
    (stack: Stack, endpoint: IEndpointRef) => new EndpointAutoScaling(stack, 'Scaling', { endpoint, variantNames: ['AllTraffic'], ...FIGURES }),
    (stack: Stack, endpoint: IEndpointRef) => (
      jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack)), existingEndpoints: [endpoint] })),
  ];

  test.each([['before', [scale, benchmark]], ['after', [benchmark, scale]]])('should not scale, said %s the job is made', (_when, steps) => {
    const stack = newStack();
    const endpoint = make(stack);
    steps.forEach((step) => step(stack, endpoint));
    expect(warningsOf(stack)).toEqual(['ExistingEndpointScales']);
  });
});

describe('a recommendation without a job', () => {
  const fixed = { instanceType: InstanceType.ML_C5_XLARGE };

  test('leaves all to the user\'s figures: the service is not asked, and may not be', () => {
    const stack = newStack();
    scalingIn(stack, { ...FIGURES, recommendation: Recommendation.fromAttributes(stack, 'Fixed', fixed) });
    const resources = deployed(stack);
    expect(scalingOf(resources)).toMatchObject({ MinCapacity: '1' });
    expect(scalingOf(resources)).not.toHaveProperty('Recommendation');
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeScalingRole'))).not.toHaveProperty(['sagemaker:GetScalingConfigurationRecommendation']);
  });

  test('that names a job\'s is asked for', () => {
    const stack = newStack();
    scalingIn(stack, { recommendation: Recommendation.fromAttributes(stack, 'Fixed', { ...fixed, jobName: 'job', recommendationId: 'job/1234abcd' }) });
    const resources = deployed(stack);
    expect(scalingOf(resources)).toMatchObject({ Recommendation: { JobName: 'job', RecommendationId: 'job/1234abcd' } });
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeScalingRole')))
      .toMatchObject({ 'sagemaker:GetScalingConfigurationRecommendation': [arn('sagemaker', 'inference-recommendations-job/job')] });
  });

  test('for the context that there are no jobs in needs no figures: then the endpoint does not scale', () => {
    const stack = newStack();
    stack.node.setContext(WITHOUT_JOBS, true);
    const recommendation = jobIn(stack).addRecommendation('Best', { withoutJobs: fixed });
    scalingIn(stack, { recommendation });
    expect(scalingOf(deployed(stack))).toMatchObject({ Recommendation: { RecommendationId: '' } });
    expect(ofType(deployed(stack), 'Custom::InferenceRecommendationsJob')).toEqual([]);
  });
});

describe('the order', () => {
  const stack = newStack();
  scalingIn(stack);
  const resources = deployed(stack);
  const id = (start: string) => idOf(resources, start);

  test('is pause, endpoint, registration; and back', () => {
    const needs = (start: string) => resources[id(start)].DependsOn ?? [];
    expect(needs('ScalingEndpoint')).toEqual([id('ScalingPause')]);
    expect(needs('Scaling')).toEqual([id('ScalingPause'), id('ScalingPolicy')]);
    expect(needs('ScalingPause')).toEqual([]);
  });

  test('has no circle', () => {
    // Template.fromStack looks for one.
    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(JSON.stringify(Template.fromStack(stack).findResources('Custom::InferenceEndpointScalingPause'))).not.toContain(id('ScalingEndpoint') + '"');
  });
});
