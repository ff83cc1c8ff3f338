import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import fc from 'fast-check';
import {
  BenchmarkTarget, EndpointCandidate, EndpointType, InferenceRecommendationsJobProps, InstanceType, JobType, ModelPackageGroup, ModelPackageProps,
  ModelRegistryBenchmark, RecommendedEndpoint, TrafficPattern,
} from '../../../src';
import * as library from '../../../src';
import { PREFLIGHT_CHECKS } from '../../../src/contract/start';
import { ACCOUNT, deployed, idOf, jobIn, newStack, ofType, only, packageIn, permissionsOf, REGION, Resources } from '../../harness/constructs';
import { xgboost } from '../../harness/model-package';
import { START_RESOURCE_TYPE, WAIT_RESOURCE_TYPE } from '../../harness/types';

const US = { env: { account: ACCOUNT, region: REGION } };
const DATA = 'arn:aws:s3:::data';
const GIVEN = `arn:aws:iam::${ACCOUNT}:role/given`;
const given = (stack: Stack) => ({ role: Role.fromRoleArn(stack, 'Given', GIVEN) });

const loadTest = (...types: InstanceType[]) => JobType.loadTest({
  trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.seconds(120) }]),
  endpointCandidates: types.map((type) => EndpointCandidate.instance(type)),
  maxDuration: Duration.hours(1),
});

/** A stack with a job on a package whose archives are in the bucket `data`. */
function stackWith(props: Partial<InferenceRecommendationsJobProps> = {}, ofPackage: Partial<ModelPackageProps> = {}, stack = newStack(US)): Stack {
  const modelPackage = packageIn(stack, { ...xgboost(library, { bucket: Bucket.fromBucketName(stack, 'Data', 'data') }), ...ofPackage });
  jobIn(stack, { target: BenchmarkTarget.fromModelPackage(modelPackage), ...props });
  return stack;
}

const made = (...props: Parameters<typeof stackWith>) => deployed(stackWith(...props));
const CHECKING = /^(s3|iam|servicequotas):(?!PassRole)/;
const permissions = (resources: Resources, who = 'Start') => Object.fromEntries(
  Object.entries(permissionsOf(resources, idOf(resources, `InferenceRecommenderRuntime${who}Role`))).filter(([action]) => CHECKING.test(action)));

describe('the checks', () => {
  test('are on but for the simulation, for the start and for each stage, which may start another attempt', () => {
    const resources = made();
    for (const type of [START_RESOURCE_TYPE, WAIT_RESOURCE_TYPE]) {
      expect(ofType(resources, type).map(({ Properties }) => Properties.Preflight)).toEqual(ofType(resources, type).map(() => ['objects', 'quotas']));
    }
  });

  test('look at a role that is given, and not at one that the library makes', () => {
    const checksOf = (props: (stack: Stack) => Partial<InferenceRecommendationsJobProps>) => {
      const stack = newStack(US);
      return only(deployed(stackWith(props(stack), {}, stack)), START_RESOURCE_TYPE).Properties.Preflight;
    };
    expect(checksOf(given)).toEqual(['objects', 'role', 'quotas']);
    expect(checksOf(() => ({ preflight: { role: true } }))).toEqual(['objects', 'quotas']);
  });

  test('have permissions for exactly what they look at, and a check that is off has none', () => {
    fc.assert(fc.property(fc.record({ objects: fc.boolean(), role: fc.boolean(), quotas: fc.boolean(), permissions: fc.boolean() }), (preflight) => {
      const stack = newStack(US);
      const resources = deployed(stackWith({ preflight, ...given(stack) }, {}, stack));
      // The archives' ETags tell two contents apart, with or without the check.
      const archives = [`${DATA}/model.tar.gz`, `${DATA}/payload.tar.gz`];
      const { 's3:GetObject': readable, ...others } = permissions(resources);
      expect([...readable].sort()).toEqual(archives);
      expect(others).toEqual({
        ...preflight.objects && { 's3:ListBucket': [`${DATA} if {"StringEquals":{"s3:prefix":["model.tar.gz","payload.tar.gz"]}}`] },
        ...preflight.role && { 'iam:GetRole': [GIVEN] },
        ...preflight.permissions && { 'iam:SimulatePrincipalPolicy': [GIVEN] },
        ...preflight.quotas && { 'servicequotas:ListServiceQuotas': ['*'] },
      });
      const on = PREFLIGHT_CHECKS.filter((check) => preflight[check]);
      expect(only(resources, START_RESOURCE_TYPE).Properties.Preflight).toEqual(on.length > 0 ? on : undefined);
    }), { numRuns: 16 });
  });

  test('read no assets: synthesis has looked at them', () => {
    const stack = newStack(US);
    jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack)) });
    expect(Object.keys(permissions(deployed(stack)))).toEqual(['servicequotas:ListServiceQuotas']);
  });

  test('start no other job', () => {
    const counted = (props: Partial<InferenceRecommendationsJobProps>) => {
      const { Request, PaidBenchmark } = only(made({ jobType: loadTest(InstanceType.ML_C5_XLARGE), ...props }), START_RESOURCE_TYPE).Properties;
      return { Request, PaidBenchmark };
    };
    expect(counted({ preflight: { objects: false, permissions: true }, maxCost: 5 })).toEqual(counted({}));
  });

  test('of a registry are the approve function\'s', () => {
    const stack = newStack(US);
    new ModelRegistryBenchmark(stack, 'Benchmark', {
      modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'group'),
      fallback: { instanceType: InstanceType.ML_M5_LARGE },
      parameterPath: '/registry',
      preflight: { permissions: true, objects: false },
      maxCost: 12.5,
    });
    const resources = deployed(stack);
    const role = `arn:aws:iam::${ACCOUNT}:role/${idOf(resources, 'BenchmarkRole')}`;
    expect(permissions(resources, 'Approve')).toEqual({
      'iam:SimulatePrincipalPolicy': [role], 'servicequotas:ListServiceQuotas': ['*'],
    });
    expect(permissions(resources, 'Start')).toEqual({});
    expect(JSON.stringify(ofType(resources, 'AWS::Events::Rule')).replace(/\\/g, ''))
      .toContain('"Preflight":["quotas","permissions"],"MaxCost":"12.5"');
  });

  test('of a recommended endpoint are its job\'s', () => {
    const stack = newStack(US);
    new RecommendedEndpoint(stack, 'Served', {
      modelPackage: packageIn(stack, { supportedRealtimeInferenceInstanceTypes: [InstanceType.ML_C5_XLARGE] }),
      preflight: { quotas: false },
      maxCost: 100,
    });
    expect(only(deployed(stack), START_RESOURCE_TYPE).Properties).toMatchObject({ Preflight: ['objects'], MaxCost: '100' });
  });
});

describe('maxCost', () => {
  const C5 = { jobType: loadTest(InstanceType.ML_C5_XLARGE) };

  test('is told to the functions if the job may cost as much', () => {
    expect(only(made({ ...C5, maxCost: 0.5 }), START_RESOURCE_TYPE).Properties.MaxCost).toBe('0.5');
  });

  test('refuses a dearer job at synthesis if the Region is known', () => {
    expect(() => stackWith({ ...C5, maxCost: 0.1 })).toThrow(
      /^The job may cost 0\.\d\d USD \(at most 60 minutes on ml\.c5\.xlarge\), and `maxCost` is 0\.10 USD: raise `maxCost`, shorten the job, or name fewer or cheaper types\.$/);
    expect(() => stackWith({ ...C5, maxCost: 0.1 }, {}, newStack())).not.toThrow();
  });

  test('refuses a Region without prices, and a type without one', () => {
    expect(() => jobIn(newStack({ env: { account: ACCOUNT, region: 'mx-central-1' } }), { ...C5, maxCost: 10 })).toThrow(/has no prices of mx-central-1/);
    expect(() => stackWith({ jobType: loadTest(InstanceType.of('ml.new9.large')), maxCost: 10 })).toThrow(/has no price of ml\.new9\.large in us-east-1/);
  });

  test.each<[string, Partial<InferenceRecommendationsJobProps>, Partial<ModelPackageProps>]>([
    ['the model package', {}, { supportedRealtimeInferenceInstanceTypes: [InstanceType.ML_C5_XLARGE] }],
    ['the container configuration', { containerConfig: { supportedInstanceTypes: [InstanceType.ML_C5_XLARGE] } }, {}],
    ['the candidates', { jobType: JobType.instanceRecommendation({ endpointCandidates: [EndpointCandidate.instance(InstanceType.ML_C5_XLARGE)] }) }, {}],
    ['serverless endpoints alone', { containerConfig: { supportedEndpointType: EndpointType.SERVERLESS } }, {}],
  ])('takes the types of %s', (_what, props, ofPackage) => {
    expect(() => stackWith({ maxCost: 1000, ...props }, ofPackage)).not.toThrow();
  });

  test('needs the types, whether or not the Region is known', () => {
    for (const stack of [newStack(US), newStack()]) {
      expect(() => stackWith({ maxCost: 1000 }, {}, stack)).toThrow(/^`maxCost` is 1000\.00 USD, but the service chooses the instance types, .*: list the types in `containerConfig\.supportedInstanceTypes`/);
    }
  });

  test('leaves to the deploy what only the deploy knows', () => {
    const late = InstanceType.of(Lazy.string({ produce: () => 'ml.p5.48xlarge' }));
    expect(() => stackWith({ jobType: loadTest(late), maxCost: 0.01 })).not.toThrow();
    expect(() => jobIn(newStack(US), { maxCost: 0.01 })).not.toThrow();
    const stack = stackWith({ ...C5, maxCost: Lazy.number({ produce: () => 7.5 }) });
    expect(only(deployed(stack), START_RESOURCE_TYPE).Properties.MaxCost).toBe('7.5');
  });

  test.each([0, -1, NaN])('must be above 0, and is not %d', (maxCost) => {
    expect(() => stackWith({ ...C5, maxCost })).toThrow(`\`maxCost\` must be above 0 USD, got: ${maxCost}.`);
  });
});
