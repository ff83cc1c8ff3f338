import { Duration, Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, ContainerImage, EndpointCandidate, EndpointCandidateOptions, IModelPackage, InstanceType, JobType, MlFramework, Model,
  ModelPackageContainer, Recommendation, RecommendationAttributes, RecommendationOptions, TrafficPattern,
} from '../../../src';
import { arn, deployed, idOf, importedPackage, jobIn, newStack, ofType, only, packageIn, permissionsOf, XGBOOST } from '../../harness/constructs';

const NATIVE = 'AWS::SageMaker::Model';
const MADE = 'Custom::InferenceRecommendationModel';
const PLAIN: RecommendationOptions = { limits: { allowCompiledModels: false } };
const VARIES: EndpointCandidateOptions = { environment: { THREADS: ['2', '4'], WORKERS: ['1'] } };

const container = (environment?: Record<string, string>): ModelPackageContainer => ({
  image: ContainerImage.fromRegistry(XGBOOST), framework: MlFramework.XGBOOST, frameworkVersion: '1.3-1', environment,
});
const TYPES = [InstanceType.ML_C5_XLARGE, InstanceType.ML_C5_2XLARGE];
const loadTest = (...candidates: EndpointCandidateOptions[]) => JobType.loadTest({
  endpointCandidates: candidates.map((options, index) => EndpointCandidate.instance(TYPES[index], options)),
  trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
});

interface App {
  readonly jobType?: JobType;
  readonly options?: RecommendationOptions;
  readonly modelPackage?: (stack: Stack) => IModelPackage;
}

const ownPackage = (stack: Stack) => packageIn(stack, { containers: [container({ OWN: '1', THREADS: '1' })] });

/** A stack with a model of a load test's recommendation. */
function stackOf({ jobType = loadTest(VARIES, VARIES), options = PLAIN, modelPackage = ownPackage }: App): Stack {
  const stack = newStack();
  const job = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(modelPackage(stack)), jobType });
  new Model(stack, 'Model', { recommendation: job.addRecommendation('Best', options) });
  return stack;
}

const kinds = (stack: Stack) => [NATIVE, MADE].filter((type) => ofType(deployed(stack), type).length > 0);

describe('a recommendation whose rows are alike makes a native model', () => {
  test('with the package\'s own variables, and the tuned ones over them', () => {
    const stack = stackOf({});
    const resources = deployed(stack);
    const row = idOf(resources, 'JobBest');
    expect(only(resources, NATIVE).Properties.PrimaryContainer).toEqual({
      ModelPackageName: expect.stringContaining(':model-package/'),
      Environment: { OWN: '1', THREADS: `${row}.Environment.THREADS`, WORKERS: `${row}.Environment.WORKERS` },
    });
    expect(resources[row].Properties.EnvironmentNames).toEqual(['THREADS', 'WORKERS']);
    expect(stack.resolve((stack.node.findChild('Model') as Model).modelName)).toEqual({ 'Fn::GetAtt': [idOf(resources, 'Model'), 'ModelName'] });
  });

  test('and no third function', () => {
    expect(Object.keys(deployed(stackOf({}))).filter((id) => id.startsWith('InferenceRecommenderRuntimeModel'))).toEqual([]);
  });

  test.each<[string, App]>([
    ['without variables, of a package of the app', { jobType: loadTest({}, {}) }],
    ['without variables, of an imported package', { jobType: loadTest({}), modelPackage: (stack) => importedPackage(stack) }],
    ['with a fallback alike', { options: { ...PLAIN, fallback: { instanceType: InstanceType.ML_C5_XLARGE, environment: { WORKERS: '1', THREADS: '2' } } } }],
  ])('%s', (_what, app) => {
    expect(kinds(stackOf(app))).toEqual([NATIVE]);
  });

  test('without variables is the package and nothing else', () => {
    const resources = deployed(stackOf({ jobType: loadTest({}, {}) }));
    expect(only(resources, NATIVE).Properties.PrimaryContainer).toEqual({ ModelPackageName: expect.any(String) });
    expect(resources[idOf(resources, 'JobBest')].Properties).not.toHaveProperty('EnvironmentNames');
  });

  test('of an alternate specification names it, with the variables of its own container', () => {
    const modelPackage = (stack: Stack) => packageIn(stack, {
      containers: [container({ OWN: '1' })],
      additionalInferenceSpecifications: [{ specificationName: 'gpu', containers: [container({ GPU: '1' })] }],
    });
    const candidate = { ...VARIES, inferenceSpecificationName: 'gpu' };
    const { PrimaryContainer } = only(deployed(stackOf({ jobType: loadTest(candidate, candidate), modelPackage })), NATIVE).Properties;
    expect(PrimaryContainer).toMatchObject({ InferenceSpecificationName: 'gpu', Environment: { GPU: '1', THREADS: expect.any(String) } });
    expect(PrimaryContainer.Environment).not.toHaveProperty('OWN');
  });

  test('cannot be compiled, so its role may pull no image of Neo', () => {
    const pulls = (options: RecommendationOptions) => {
      const resources = deployed(stackOf({ options }));
      return JSON.stringify(permissionsOf(resources, idOf(resources, 'ModelRole'))).includes('sagemaker-neo');
    };
    expect([pulls(PLAIN), pulls({})]).toEqual([false, true]);
  });
});

describe('any other is made through the API', () => {
  test.each<[string, App]>([
    ['an instance recommendation', { jobType: JobType.instanceRecommendation() }],
    ['where compiled models are allowed', { options: {} }],
    ['where candidates vary other variables', { jobType: loadTest(VARIES, { environment: { THREADS: ['2'] } }) }],
    ['where candidates are of different specifications', { jobType: loadTest({}, { inferenceSpecificationName: 'gpu' }) }],
    ['with variables over an imported package', { modelPackage: (stack) => importedPackage(stack) }],
    ['with a fallback without the variables', { options: { ...PLAIN, fallback: { instanceType: InstanceType.ML_C5_XLARGE } } }],
    ['with a fallback of another specification', {
      jobType: loadTest({}), options: { ...PLAIN, fallback: { instanceType: InstanceType.ML_C5_XLARGE, inferenceSpecificationName: 'gpu' } },
    }],
  ])('%s', (_what, app) => {
    expect(kinds(stackOf(app))).toEqual([MADE]);
  });
});

describe('a fixed recommendation', () => {
  const FIXED: RecommendationAttributes = { instanceType: InstanceType.ML_C5_XLARGE };
  const fixedIn = (attributes: (stack: Stack) => Partial<RecommendationAttributes>): Stack => {
    const stack = newStack();
    const recommendation = Recommendation.fromAttributes(stack, 'Fixed', { ...FIXED, ...attributes(stack) });
    new Model(stack, 'Model', { recommendation });
    return stack;
  };

  test('makes a native model of a package of the app, with its own variables kept', () => {
    const stack = fixedIn((scope) => ({ modelPackage: ownPackage(scope), environment: { THREADS: '4' } }));
    expect(kinds(stack)).toEqual([NATIVE]);
    expect(only(deployed(stack), NATIVE).Properties.PrimaryContainer.Environment).toEqual({ OWN: '1', THREADS: '4' });
  });

  test('makes one of an imported package that it lays no variables over', () => {
    expect(kinds(fixedIn((scope) => ({ modelPackage: importedPackage(scope), inferenceSpecificationName: 'gpu' })))).toEqual([NATIVE]);
  });

  test.each<[string, (stack: Stack) => Partial<RecommendationAttributes>]>([
    ['compiled', (scope) => ({ modelPackage: ownPackage(scope), compilationJobName: 'neo-1' })],
    ['with variables over an imported package', (scope) => ({ modelPackage: importedPackage(scope), environment: { THREADS: '4' } })],
    ['with variables over a specification that is not known', (scope) => (
      { modelPackage: ownPackage(scope), inferenceSpecificationName: 'later', environment: { THREADS: '4' } })],
  ])('is made through the API where it is %s', (_what, attributes) => {
    expect(kinds(fixedIn(attributes))).toEqual([MADE]);
  });

  test('that is compiled lets the model pull images of Neo', () => {
    const resources = deployed(fixedIn((scope) => ({ modelPackage: ownPackage(scope), compilationJobName: 'neo-1' })));
    expect(permissionsOf(resources, idOf(resources, 'ModelRole'))['ecr:BatchGetImage'].join()).toContain('sagemaker-neo');
  });

  test('that is compiled lets the model function look at just that compilation job besides those of the stack', () => {
    const resources = deployed(fixedIn((scope) => ({ modelPackage: ownPackage(scope), compilationJobName: 'nightly-compile-7' })));
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeModelRole'))['sagemaker:DescribeCompilationJob'])
      .toContain(arn('sagemaker', 'compilation-job/nightly-compile-7'));
  });

  test('is refused with variables over several containers, which it does not tell apart', () => {
    const several = (scope: Stack) => packageIn(scope, { containers: [container(), container()] });
    expect(() => fixedIn((scope) => ({ modelPackage: several(scope), environment: { THREADS: '4' } })))
      .toThrow(/^The recommendation tunes THREADS and the model package has 2 containers: it does not say which is meant\./);
    expect(kinds(fixedIn((scope) => ({ modelPackage: several(scope) })))).toEqual([NATIVE]);
  });
});

test('a load test that tunes variables over several containers is refused, too', () => {
  const modelPackage = (stack: Stack) => packageIn(stack, { containers: [container(), container()] });
  expect(() => stackOf({ modelPackage })).toThrow(/^The recommendation tunes THREADS, WORKERS and the model package has 2 containers/);
});
