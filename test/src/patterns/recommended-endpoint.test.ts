import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  BenchmarkTarget, DataCapture, DeploymentConfig, Endpoint, EndpointAutoScaling, EndpointCandidate, EndpointConfig, EndpointType,
  InferenceRecommendationsJob, InstanceType, JobType, MlDomain, Model, Objective, Recommendation, RecommendedEndpoint, RecommendedEndpointProps,
  ScalingTarget, TrafficPattern, Variant,
} from '../../../src';
import { deployed, importedPackage, jobIn, newStack, ofType, only, packageIn, Resources } from '../../harness/constructs';
import { KEY_ARN, network, ON_INSTANCES, onInstances, served, warningsOf } from '../../harness/endpoints';

const FIXED = { instanceType: InstanceType.ML_C5_XLARGE, initialInstanceCount: 2 };
const FIGURES = { minCapacity: 1, maxCapacity: 4, target: ScalingTarget.invocationsPerInstance(100) };

function endpointIn(stack: Stack, props: RecommendedEndpointProps): RecommendedEndpoint {
  return new RecommendedEndpoint(stack, 'Served', props);
}

function typesIn(resources: Resources): string[] {
  return [...new Set(Object.values(resources).map(({ Type }) => Type).filter((type) => /SageMaker|Custom/.test(type)))].sort();
}

/** Resources with the ids of one way to write them replaced by those of another; what is read of a construct's place in the tree, too. */
function withoutIds(stack: Stack): string[] {
  const text = JSON.stringify(deployed(stack));
  const ids = Object.keys(deployed(stack)).sort((one, other) => other.length - one.length);
  const named = ids.reduce((all, id) => all.split(id).join(id.replace(/^Served/, '').replace(/[0-9A-F]{8}$/, '')), text);
  const placed = named.replace(/Shop\/Served\//g, 'Shop/').replace(/(cdk-sagemaker-inference-recommender\/0a1b2c3d)\/[0-9a-f]{8}/g, '$1/record');
  // What a resource waits for is listed by the ids as they were.
  return Object.values<any>(JSON.parse(placed))
    .map((resource) => JSON.stringify({ ...resource, DependsOn: resource.DependsOn && [...resource.DependsOn].sort() })).sort();
}

test('the least is a package: there are a job, a recommendation, a model, a configuration, an endpoint', () => {
  const stack = newStack();
  const { job, recommendation, model, endpointConfig, endpoint, autoScaling } = endpointIn(stack, { modelPackage: importedPackage(stack) });
  const resources = deployed(stack);
  expect(typesIn(resources)).toEqual([
    'AWS::SageMaker::Endpoint', 'AWS::SageMaker::EndpointConfig', 'Custom::InferenceRecommendation', 'Custom::InferenceRecommendationModel',
    'Custom::InferenceRecommendationsJob', 'Custom::InferenceRecommendationsJobWait', 'Custom::InferenceRecommendationsJobWatches',
  ]);
  expect(job).toBeInstanceOf(InferenceRecommendationsJob);
  expect(recommendation).toBeInstanceOf(Recommendation);
  expect(model).toBeInstanceOf(Model);
  expect(endpointConfig).toBeInstanceOf(EndpointConfig);
  expect(endpoint).toBeInstanceOf(Endpoint);
  expect(autoScaling).toBeUndefined();
});

test('its template is that of the parts written by hand', () => {
  const [short, long] = [newStack(), newStack()];
  const shared = (stack: Stack) => ({
    modelPackage: packageIn(stack),
    key: Key.fromKeyArn(stack, 'Key', KEY_ARN),
    capture: DataCapture.toBucket(Bucket.fromBucketName(stack, 'Bucket', 'captured')),
  });
  const choice = { objective: Objective.lowestLatency(), limits: { maxCostPerHour: 1 }, fallback: FIXED, explain: true };
  const job = { trigger: 'again' };
  const hosting = { variantName: 'main' };
  const update = { endpointName: 'shop', deployment: DeploymentConfig.allAtOnce() };
  const scaling = { minCapacity: 2, maxInvocationsPerMinute: 9000 };

  const one = shared(short);
  endpointIn(short, {
    modelPackage: one.modelPackage,
    ...job,
    ...choice,
    hosting,
    dataCapture: one.capture,
    encryptionKey: one.key,
    ...update,
    autoScaling: scaling,
    ...network(short),
  });

  const other = shared(long);
  const net = network(long);
  const made = new InferenceRecommendationsJob(long, 'Job', { target: BenchmarkTarget.fromModelPackage(other.modelPackage), ...job, ...net });
  const recommendation = made.addRecommendation('Recommendation', choice);
  const model = new Model(long, 'Model', { recommendation, ...net });
  const endpointConfig = new EndpointConfig(long, 'Config', {
    variants: [Variant.fromRecommendation(model, recommendation, hosting)], dataCapture: other.capture, encryptionKey: other.key,
  });
  const endpoint = new Endpoint(long, 'Endpoint', { endpointConfig, ...update });
  new EndpointAutoScaling(long, 'AutoScaling', { endpoint, recommendation, ...scaling });

  expect(withoutIds(short).map((resource) => resource.replace(/JobRecommendation/g, 'Recommendation')))
    .toEqual(withoutIds(long).map((resource) => resource.replace(/JobRecommendation/g, 'Recommendation')));
});

test('the network is that of the benchmarked endpoints and of the model', () => {
  const stack = newStack();
  endpointIn(stack, { modelPackage: importedPackage(stack), ...network(stack) });
  const resources = deployed(stack);
  const expected = { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1', 'subnet-2'] };
  expect(only(resources, 'Custom::InferenceRecommendationsJob').Properties.Request.InputConfig.VpcConfig).toEqual(expected);
  expect(only(resources, 'Custom::InferenceRecommendationModel').Properties.VpcConfig).toEqual(expected);
});

describe('a part of the user\'s own takes the place of the one made here', () => {
  test('a job', () => {
    const stack = newStack();
    const job = jobIn(stack);
    expect(endpointIn(stack, { job }).job).toBe(job);
    expect(ofType(deployed(stack), 'Custom::InferenceRecommendationsJob')).toHaveLength(1);
    expect(warningsOf(stack)).not.toContain('unusedProps');
  });

  test('a recommendation: there is no job', () => {
    const stack = newStack();
    const recommendation = Recommendation.fromAttributes(stack, 'Fixed', FIXED);
    const made = endpointIn(stack, { recommendation, modelPackage: importedPackage(stack) });
    expect([made.job, made.recommendation]).toEqual([undefined, recommendation]);
    expect(typesIn(deployed(stack))).toEqual(['AWS::SageMaker::Endpoint', 'AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Model']);
    expect(only(deployed(stack), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants).toMatchObject([{ InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 2 }]);
    expect(warningsOf(stack)).not.toContain('unusedProps');
  });

  test('a model', () => {
    const stack = newStack();
    const model = served(stack, 'mine');
    expect(endpointIn(stack, { model, modelPackage: importedPackage(stack) }).model).toBe(model);
    expect(ofType(deployed(stack), 'Custom::InferenceRecommendationModel')).toEqual([]);
    expect(only(deployed(stack), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants).toMatchObject([{ ModelName: 'mine' }]);
  });

  test('a configuration: there is nothing else', () => {
    const stack = newStack();
    const endpointConfig = new EndpointConfig(stack, 'Own', { variants: [onInstances(stack)] });
    const made = endpointIn(stack, { endpointConfig });
    expect([made.job, made.recommendation, made.model, made.endpointConfig]).toEqual([undefined, undefined, undefined, endpointConfig]);
    expect(Object.keys(deployed(stack))).toHaveLength(2);
    expect(warningsOf(stack)).not.toContain('unusedProps');
  });

  test('a configuration beside a recommendation, whose figures it scales by', () => {
    const stack = newStack();
    const recommendation = jobIn(stack).addRecommendation('Best');
    const endpointConfig = new EndpointConfig(stack, 'Own', { variants: [Variant.onInstances(served(stack), ON_INSTANCES)] });
    expect(endpointIn(stack, { endpointConfig, recommendation, autoScaling: {} }).recommendation).toBe(recommendation);
    expect(only(deployed(stack), 'Custom::InferenceEndpointScaling').Properties.Recommendation.RecommendationId).toMatch(/\.RecommendationId$/);
    expect(warningsOf(stack)).not.toContain('unusedProps');
  });
});

test('a package that cannot be read is warned of once, with what this construct has', () => {
  const stack = newStack();
  endpointIn(stack, { modelPackage: importedPackage(stack) });
  const [{ id, entry }, ...more] = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cannot read its images'));
  expect([id, more]).toEqual(['/Shop/Served', []]);
  expect(entry.data).toContain('`job` and `model` of your own, each with a `role`, should be passed for this model package');
});

describe('what is given in vain is warned of', () => {
  const warning = (props: (stack: Stack) => RecommendedEndpointProps): string[] => {
    const stack = newStack();
    endpointIn(stack, props(stack));
    return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => `${entry.data}`).filter((data) => data.includes('unusedProps'));
  };

  test.each<[string, (stack: Stack) => RecommendedEndpointProps, string]>([
    ['beside a job', (stack) => ({ job: jobIn(stack), trigger: 'again', objective: Objective.lowestLatency() }), '`trigger` has no effect beside your own `job`: leave it out.'],
    ['beside a recommendation', (stack) => ({
      recommendation: Recommendation.fromAttributes(stack, 'Fixed', FIXED), modelPackage: importedPackage(stack), objective: Objective.lowestLatency(), limits: {}, trigger: 'x',
    }), '`objective`, `limits`, `trigger` have no effect beside your own `recommendation`: leave them out.'],
    ['beside a configuration', (stack) => ({
      endpointConfig: new EndpointConfig(stack, 'Own', { variants: [onInstances(stack)] }), hosting: {}, endpointName: 'shop', autoScaling: FIGURES,
    }), '`hosting` has no effect beside your own `endpointConfig`: leave it out.'],
  ])('%s', (_what, props, sentence) => {
    expect(warning(props)).toEqual([`${sentence} [ack: cdk-sagemaker-inference-recommender:unusedProps]`]);
  });
});

describe('an endpoint type that is serverless is asked of the job', () => {
  const asked = (props: Partial<RecommendedEndpointProps>) => {
    const stack = newStack();
    endpointIn(stack, { modelPackage: importedPackage(stack), endpointType: EndpointType.SERVERLESS, ...props });
    return only(deployed(stack), 'Custom::InferenceRecommendationsJob').Properties.Request.InputConfig.ContainerConfig?.SupportedEndpointType;
  };

  test('if the service chooses the endpoints', () => {
    expect(asked({})).toBe('Serverless');
    expect(asked({ jobType: JobType.instanceRecommendation(), containerConfig: { domain: MlDomain.COMPUTER_VISION } })).toBe('Serverless');
  });

  test('unless the user or a load test says it', () => {
    const endpointCandidates = [EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 5 })];
    const trafficPattern = TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]);
    expect(asked({ jobType: JobType.loadTest({ trafficPattern, endpointCandidates }) })).toBeUndefined();
    expect(asked({ containerConfig: { supportedEndpointType: EndpointType.ANY } })).toBeUndefined();
    expect(asked({ endpointType: undefined })).toBeUndefined();
  });
});

describe('what is missing is said', () => {
  test.each<[string, (stack: Stack) => RecommendedEndpointProps, string]>([
    ['nothing to benchmark', () => ({}), '`modelPackage` is required if you pass no `job`, `recommendation` or `endpointConfig` of your own.'],
    ['nothing to benchmark for a model of the user\'s own', (stack) => ({ model: served(stack) }), '`modelPackage` is required if you pass no `job`'],
    ['nothing to deploy', (stack) => ({ recommendation: Recommendation.fromAttributes(stack, 'Fixed', FIXED) }), '`modelPackage` is required: the recommendation does not say what was benchmarked.'],
    ['figures to scale by', (stack) => ({ endpointConfig: new EndpointConfig(stack, 'Own', { variants: [onInstances(stack)] }), autoScaling: {} }),
      '`minCapacity` is required if there is no `recommendation` from a job.'],
    ['instances to scale', (stack) => ({ modelPackage: importedPackage(stack), endpointType: EndpointType.SERVERLESS, autoScaling: {} }),
      '`endpoint` must have a variant on instances, got only serverless variants.'],
  ])('%s', (_what, props, sentence) => {
    const stack = newStack();
    expect(() => endpointIn(stack, props(stack))).toThrow(sentence);
  });
});

describe('as an inference component', () => {
  const COPY = { minMemory: Size.gibibytes(4) };

  test('its network is that of the configuration, and its copies are one on each instance', () => {
    const stack = newStack();
    const recommendation = jobIn(stack).addRecommendation('Best');
    endpointIn(stack, { recommendation, inferenceComponent: COPY, ...network(stack) });
    const resources = deployed(stack);
    expect(only(resources, 'AWS::SageMaker::EndpointConfig').Properties.VpcConfig).toBeDefined();
    const { RuntimeConfig: { CopyCount } } = only(resources, 'AWS::SageMaker::InferenceComponent').Properties;
    expect(CopyCount).toMatch(/\.InstanceCount$/);
    expect(ofType(resources, 'AWS::SageMaker::Model').concat(ofType(resources, 'Custom::InferenceRecommendationModel')).map(({ Properties }) => Properties.VpcConfig))
      .toEqual([undefined]);
  });

  test.each<[string, (stack: Stack) => Partial<RecommendedEndpointProps>, string]>([
    ['of serverless capacity', (stack) => ({ recommendation: jobIn(stack).addRecommendation('Best', { endpointType: EndpointType.SERVERLESS }) }), '`inferenceComponent` needs a real-time recommendation'],
    ['of either kind', (stack) => ({
      recommendation: jobIn(stack).addRecommendation('Best', { endpointType: EndpointType.ANY, targetLoad: { invocationsPerMinute: 1 } }),
    }), '`inferenceComponent` needs a real-time recommendation'],
    ['of instance pools', (stack) => ({ recommendation: jobIn(stack).addRecommendation('Best', { instancePools: 2 }) }), '`inferenceComponent` and `instancePools` exclude each other'],
    ['with a serverless setting', (stack) => ({ recommendation: jobIn(stack).addRecommendation('Best'), hosting: { maxConcurrency: 3 } }), '`maxConcurrency` is only for serverless variants'],
    ['of a kind without copies, and no memory', (stack) => ({ recommendation: jobIn(stack).addRecommendation('Best'), inferenceComponent: {} }), '`recommendation` must be one that knows copies'],
  ])('a recommendation %s is refused at synth', (_what, props, sentence) => {
    const stack = newStack();
    expect(() => endpointIn(stack, { inferenceComponent: COPY, ...props(stack) })).toThrow(sentence);
  });
});
