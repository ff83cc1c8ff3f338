import { Duration, Lazy, Size } from 'aws-cdk-lib';
import {
  BenchmarkTarget, ContainerImage, EndpointCandidate, EndpointType, InferenceRecommendationsJobProps, InstanceType, JobType, MlFramework,
  ModelPackageProps, RecommendationOptions, TrafficPattern,
} from '../../../src';
import { deployed, jobIn, newStack, only, packageIn } from '../../harness/constructs';
import { key, network, warningsOf } from '../../harness/endpoints';

const DLC = '763104351884.dkr.ecr.us-east-1.amazonaws.com';
const [CPU, GRAVITON] = ['', '-graviton'].map((suffix) => ContainerImage.fromRegistry(`${DLC}/pytorch-inference${suffix}:2.0.1-cpu-py310-ubuntu20.04-sagemaker`));
const PACKAGE = { containers: [{ image: CPU, framework: MlFramework.PYTORCH }] };
const [C5, C7G, G5, INF2] = ['ml.c5.xlarge', 'ml.c7g.xlarge', 'ml.g5.xlarge', 'ml.inf2.xlarge'].map((type) => InstanceType.of(type));
const SERVERLESS = EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 5 });

const loadTest = (...endpointCandidates: EndpointCandidate[]) => JobType.loadTest({
  endpointCandidates, trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
});

function warned(
  props: Partial<InferenceRecommendationsJobProps>, modelPackage: Partial<ModelPackageProps> = PACKAGE, options?: RecommendationOptions,
) {
  const stack = newStack();
  const job = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack, modelPackage)), ...props });
  if (options) { job.addRecommendation('Best', options); }
  return { warnings: warningsOf(stack).filter((id) => !['UnknownInstanceType', 'unknownName', 'UnsupportedCandidate'].includes(id)), stack };
}

describe('an image that says for which hardware it is', () => {
  test.each<[string, Partial<InferenceRecommendationsJobProps>, string[]]>([
    ['candidates that fit', { jobType: loadTest(EndpointCandidate.instance(C5), EndpointCandidate.instance(G5)) }, []],
    ['candidates that do not', { jobType: loadTest(EndpointCandidate.instance(C5), EndpointCandidate.instance(C7G), EndpointCandidate.instance(INF2)) }, ['imageHardware', 'imageHardware']],
    ['types that do not', { containerConfig: { supportedInstanceTypes: [C5, C7G] } }, ['imageHardware']],
    ['types that SageMaker Neo may compile for', { containerConfig: { supportedInstanceTypes: [C5, INF2], dataInputConfig: '{"x": [1]}' } }, []],
  ])('in a job with %s', (_what, props, expected) => {
    expect(warned(props).warnings).toEqual(expected);
  });

  test('the candidate\'s specification decides', () => {
    const modelPackage = { ...PACKAGE, additionalInferenceSpecifications: [{ specificationName: 'graviton', containers: [{ image: GRAVITON }] }] };
    const of = (type: InstanceType, inferenceSpecificationName?: string) => (
      warned({ jobType: loadTest(EndpointCandidate.instance(type, { inferenceSpecificationName })) }, modelPackage).warnings);
    expect([of(C7G, 'graviton'), of(C5), of(C5, 'graviton'), of(C7G)]).toEqual([[], [], ['imageHardware'], ['imageHardware']]);
  });

  test('in a package that lists other types', () => {
    const of = (types: InstanceType[]) => warned({}, { ...PACKAGE, supportedRealtimeInferenceInstanceTypes: types }).warnings;
    expect([of([C5, G5]), of([C5, C7G])]).toEqual([[], ['imageHardware']]);
  });

  test.each<[string, RecommendationOptions, number]>([
    ['an allowed type', { limits: { allowedInstanceTypes: [C5, C7G] } }, 1],
    ['an allowed family', { limits: { allowedInstanceFamilies: ['ml.c5', 'ml.m6g'] } }, 1],
    ['a pin', { pinnedInstanceType: C7G }, 1],
    ['a fallback', { fallback: { instanceType: INF2 } }, 1],
    ['none of them', { limits: { allowedInstanceTypes: [C5] }, fallback: { instanceType: C5 } }, 0],
    ['types that are tokens', { limits: { allowedInstanceTypes: [InstanceType.of(Lazy.string({ produce: () => 'late' }))] } }, 0],
  ])('beside a recommendation with %s', (_what, options, expected) => {
    expect(warned({}, PACKAGE, options).warnings).toEqual(Array(expected).fill('imageHardware'));
  });

  test('reaches the choice, where only the job knows the types', () => {
    const modelPackage = { ...PACKAGE, additionalInferenceSpecifications: [{ specificationName: 'graviton', containers: [{ image: GRAVITON }] }] };
    const { Images } = only(deployed(warned({}, modelPackage, {}).stack), 'Custom::InferenceRecommendation').Properties;
    expect(Images).toEqual([{ Architecture: 'x86_64', Accelerator: 'cpu' }, { InferenceSpecificationName: 'graviton', Architecture: 'arm64', Accelerator: 'cpu' }]);
    expect(only(deployed(warned({}, {}, {}).stack), 'Custom::InferenceRecommendation').Properties).not.toHaveProperty('Images');
  });
});

test.each<[string, Partial<InferenceRecommendationsJobProps>, Partial<ModelPackageProps>, boolean]>([
  ['any type', {}, {}, true],
  ['a candidate with it', { jobType: loadTest(EndpointCandidate.instance(C5), EndpointCandidate.instance(G5)) }, {}, true],
  ['candidates without', { jobType: loadTest(EndpointCandidate.instance(C5)) }, {}, false],
  ['serverless candidates', { jobType: loadTest(SERVERLESS) }, {}, false],
  ['types without', { containerConfig: { supportedInstanceTypes: [C5] } }, {}, false],
  ['types without, of the package', {}, { supportedRealtimeInferenceInstanceTypes: [C5] }, false],
  ['serverless endpoints', { containerConfig: { supportedEndpointType: EndpointType.SERVERLESS } }, {}, false],
])('a key for the volumes of a job that tries %s covers no local storage: %s', (_what, props, modelPackage, expected) => {
  const stack = newStack();
  jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack, modelPackage)), volumeEncryptionKey: key(stack), ...props });
  expect(warningsOf(stack)).toEqual(expected ? ['localStorage'] : []);
});

test('serverless candidates have no VPC, and images of their own account', () => {
  const stack = newStack();
  const image = ContainerImage.fromRegistry('999999999999.dkr.ecr.us-east-1.amazonaws.com/scorer:1');
  const target = BenchmarkTarget.fromModelPackage(packageIn(stack, { containers: [{ image, framework: MlFramework.PYTORCH }] }));
  jobIn(stack, { target, jobType: loadTest(SERVERLESS), ...network(stack) });
  expect(warningsOf(stack)).toEqual(['serverlessImage', 'serverlessExclusions']);
});

test('a job for any kind of endpoint leaves the member out', () => {
  const stack = newStack();
  jobIn(stack, { containerConfig: { supportedEndpointType: EndpointType.ANY } });
  expect(only(deployed(stack), 'Custom::InferenceRecommendationsJob').Properties.Request.InputConfig.ContainerConfig ?? {}).not.toHaveProperty('SupportedEndpointType');
});
