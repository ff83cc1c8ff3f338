import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  EndpointCandidate, EndpointConfig, EndpointType, InstanceType, IRecommendation, JobType, Model, Recommendation, RecommendationOptions,
  TrafficPattern, Variant,
} from '../../../src';
import { atDeploy, deployed, idOf, importedPackage, jobIn, late, newStack, ofType, only } from '../../harness/constructs';

const C5 = InstanceType.ML_C5_XLARGE;
const M5 = InstanceType.ML_M5_LARGE;
const best = (options: RecommendationOptions = {}, stack = newStack()) => jobIn(stack).addRecommendation('Best', { instancePools: 3, ...options });

/** The variant of a recommendation, as it is deployed with a model that is made of it. */
function variantOf(recommendation: IRecommendation): any {
  const stack = Stack.of(recommendation);
  const model = new Model(stack, 'Model', { recommendation });
  new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, recommendation)] });
  return only(deployed(stack), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants[0];
}

test('each pool has the recommendation\'s own fields, of one resource', () => {
  const recommendation = best();
  const { stack, nextBest } = recommendation;
  expect(nextBest).toHaveLength(2);
  const id = idOf(deployed(stack), 'JobBest');
  const of = (next: IRecommendation) => [next.instanceType, next.instanceCount, next.environment, next.jobName, next.source]
    .map((field) => atDeploy(stack, field, deployed(stack)));
  expect(nextBest.map(of)).toEqual([2, 3].map((priority) => [
    `${id}.Pool${priority}.InstanceType`, `${id}.Pool${priority}.InstanceCount`, `${id}.Pool${priority}.Environment`, `${id}.JobName`, `${id}.Source`,
  ]));
  expect([nextBest[0].modelLatency, nextBest[0].nextBest]).toEqual(['', []]);
  expect(ofType(deployed(stack), 'Custom::InferenceRecommendation')).toHaveLength(1);
  expect(only(deployed(stack), 'Custom::InferenceRecommendation').Properties.InstancePools).toBe('3');
});

test('a variant of it has pools in their order, the largest count, and no instance type', () => {
  const recommendation = best();
  const variant = variantOf(recommendation);
  const resources = deployed(recommendation.stack);
  const id = idOf(resources, 'JobBest');
  const models = Object.keys(resources).filter((name) => /^ModelPool/.test(name));
  expect(models).toHaveLength(2);
  expect(variant).toMatchObject({
    InitialInstanceCount: `${id}.VariantInstanceCount`,
    InstancePools: [
      { InstanceType: `${id}.InstanceType`, Priority: 1 },
      { InstanceType: `${id}.Pool2.InstanceType`, Priority: 2, ModelNameOverride: `${models[0]}.ModelName` },
      { InstanceType: `${id}.Pool3.InstanceType`, Priority: 3, ModelNameOverride: `${models[1]}.ModelName` },
    ],
  });
  expect(variant).not.toHaveProperty('InstanceType');
});

test('a pool takes the variant\'s model where nothing varies, and another\'s model knows no pools', () => {
  const stack = newStack();
  const candidates = [C5, M5].map((type) => EndpointCandidate.instance(type));
  const jobType = JobType.loadTest({
    endpointCandidates: candidates, trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
  });
  const recommendation = jobIn(stack, { jobType }).addRecommendation('Best', { instancePools: 2, limits: { allowCompiledModels: false } });
  expect(variantOf(recommendation).InstancePools.map((pool: any) => pool.ModelNameOverride)).toEqual([undefined, undefined]);
  const other = best();
  new EndpointConfig(other.stack, 'Config', { variants: [Variant.fromRecommendation(Model.fromModelName(other.stack, 'Theirs', 'theirs'), other)] });
  const [{ InstancePools }] = only(deployed(other.stack), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants;
  expect(InstancePools.map((pool: any) => pool.ModelNameOverride)).toEqual([undefined, undefined, undefined]);
});

test('of figures in the code, all pools have the same count and model', () => {
  const stack = newStack();
  const recommendation = Recommendation.fromAttributes(stack, 'Fixed', {
    instanceType: C5, nextInstanceTypes: [M5], initialInstanceCount: 4, environment: { THREADS: '2' }, modelPackage: importedPackage(stack),
  });
  expect(recommendation.nextBest.map(({ instanceType, instanceCount, environment }) => [instanceType, instanceCount, atDeploy(stack, environment)]))
    .toEqual([['ml.m5.large', 4, '{"THREADS":"2"}']]);
  expect(variantOf(recommendation)).toMatchObject({
    InitialInstanceCount: 4, InstancePools: [{ InstanceType: 'ml.c5.xlarge', Priority: 1 }, { InstanceType: 'ml.m5.large', Priority: 2 }],
  });
});

test('of another app, they are read by name from the same parameters', () => {
  const stack = newStack();
  const recommendation = Recommendation.fromSsmParameter(stack, 'Best', { parameterPath: '/shop/best', instancePools: 2 });
  variantOf(recommendation);
  const template = JSON.stringify(Template.fromStack(stack).toJSON());
  for (const name of ['Pool2.InstanceType', 'Pool2.Environment', 'Pool2.CompilationJobName', 'VariantInstanceCount']) { expect(template).toContain(`"|${name}="`); }
  expect(Object.values<any>(Template.fromStack(stack).toJSON().Parameters).filter(({ Default }) => /^.shop.best/.test(Default))).toHaveLength(2);
});

describe('refuses, before a job is paid for,', () => {
  test.each<[string, RecommendationOptions, string]>([
    ['a single pool', { instancePools: 1 }, '`instancePools` must be a whole number between 2 and 5, got: 1.'],
    ['six pools', { instancePools: 6 }, '`instancePools` must be a whole number between 2 and 5, got: 6.'],
    ['a serverless endpoint', { endpointType: EndpointType.SERVERLESS }, '`instancePools` must be left out if `endpointType` is serverless'],
    ['a pinned type', { pinnedInstanceType: C5 }, '`pinnedInstanceType` allows one instance type, but `instancePools` wants 3'],
    ['a pinned id', { pinnedRecommendationId: 'a/1' }, '`pinnedRecommendationId` allows one instance type'],
    ['fewer allowed types', { limits: { allowedInstanceTypes: [C5, M5] } }, '`instancePools` must be at most 2, the number of instance types that `limits` allow, got: 3.'],
    ['fewer types than are allowed and not refused', { limits: { allowedInstanceTypes: [C5, M5, C5], refusedInstanceTypes: [M5] } }, 'or leave it out.'],
    ['a fallback without enough types', { fallback: { instanceType: C5, nextInstanceTypes: [M5] } }, '`fallback.nextInstanceTypes` must have 2 entries, because `instancePools` is 3, got: 1.'],
    ['a type twice in a fallback', { instancePools: 2, fallback: { instanceType: C5, nextInstanceTypes: [C5] } }, "got 'ml.c5.xlarge' twice"],
    ['a fallback of several types without pools', { instancePools: undefined, fallback: { instanceType: C5, nextInstanceTypes: [M5] } }, '`fallback.nextInstanceTypes` needs `instancePools`'],
    ['an empty list', { withoutJobs: { instanceType: C5, nextInstanceTypes: [] } }, '`withoutJobs.nextInstanceTypes` must have 1 to 4 entries, got: 0. Leave it out.'],
  ])('%s', (_what, options, message) => {
    expect(() => best(options)).toThrow(message);
  });

  test('a token for the number of pools', () => {
    expect(() => best({ instancePools: late.number(3) })).toThrow('`instancePools` must not be a token');
  });

  test('but not families, whose types only the job knows', () => {
    expect(() => best({ limits: { allowedInstanceTypes: [C5], allowedInstanceFamilies: ['ml.m5'] } })).not.toThrow();
  });
});
