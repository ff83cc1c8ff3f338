import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { InProcessRunner } from './in-process-runner';
import { Build, LocalApps } from './local-apps';
import * as library from '../../src';
import {
  BenchmarkTarget, ContainerImage, Endpoint, EndpointAutoScaling, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, ModelContainer,
  ModelPackage, ModelPackageGroup, ModelRegistryBenchmark, Recommendation, ScalingTarget, Variant,
} from '../../src';
import * as names from '../../src/common/names';
import * as refs from '../../src/common/refs';
import { CONTAINER_CONFIG } from '../harness/constructs';
import { packageRequest, xgboost } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

const IMAGE = ContainerImage.fromRegistry('111111111111.dkr.ecr.us-east-1.amazonaws.com/served:1');

/** Everything has a name with capitals, given by the app or made by CloudFormation. */
const capitals = (maxCapacity: number): Build => (app) => {
  const shop = new Stack(app, 'Shop');
  const modelPackageGroup = new ModelPackageGroup(shop, 'Group', { modelPackageGroupName: 'ShopModels', removalPolicy: RemovalPolicy.DESTROY });
  const modelPackage = new ModelPackage(shop, 'Package', { ...xgboost(library), modelPackageGroup, removalPolicy: RemovalPolicy.DESTROY });
  const job = new InferenceRecommendationsJob(shop, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage) });
  const recommendation = job.addRecommendation('Best');
  const model = new Model(shop, 'Model', { recommendation });
  const endpointConfig = new EndpointConfig(shop, 'Config', { variants: [Variant.fromRecommendation(model, recommendation)] });
  for (const endpointName of ['ShopEndpoint', undefined]) {
    const endpoint = new Endpoint(shop, `${endpointName ?? 'Other'}`, { endpointConfig, endpointName });
    new EndpointAutoScaling(shop, `${endpointName ?? 'Other'}Scaling`, {
      endpoint, minCapacity: 1, maxCapacity, target: ScalingTarget.invocationsPerInstance(70),
    });
  }
  const served = new Model(shop, 'Served', { containers: [ModelContainer.fromImage(IMAGE)] });
  const another = new InferenceRecommendationsJob(shop, 'Another', { target: BenchmarkTarget.fromModel(served), containerConfig: CONTAINER_CONFIG });
  // Another stack knows the model's name at its deploy only.
  new Model(new Stack(app, 'Consumer'), 'Copy', { recommendation: another.addRecommendation('Best'), role: served.role });
};

/** Packages in groups of their own, each with a model that a function makes. */
const MANY: Build = (app) => {
  const stack = new Stack(app, 'Shop');
  for (let n = 1; n <= 45; n++) {
    const modelPackageGroupName = `Group-${n}-`.padEnd(63, 'X');
    const modelPackageGroup = new ModelPackageGroup(stack, `Group${n}`, { modelPackageGroupName, removalPolicy: RemovalPolicy.DESTROY });
    const modelPackage = new ModelPackage(stack, `Package${n}`, { modelPackageGroup, containers: [{ image: IMAGE }], removalPolicy: RemovalPolicy.DESTROY });
    const recommendation = Recommendation.fromAttributes(stack, `Best${n}`, { modelPackage, instanceType: InstanceType.ML_M5_LARGE, compilationJobName: '' });
    new Model(stack, `Model${n}`, { recommendation });
  }
};

const open: LocalApps[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((apps) => apps.close()));
});

async function localApps(sagemakerArns: 'lower' | 'as given' = 'lower'): Promise<LocalApps> {
  const apps = await LocalApps.open({ lambdaRunner: new InProcessRunner(), sagemakerArns });
  open.push(apps);
  return apps;
}

test.each(['lower', 'as given'] as const)('names with capitals are deployed, updated and removed where the service writes names %s', async (spelling) => {
  const apps = await localApps(spelling);
  for (const [name, build, status] of [['Shop', capitals(2), 'CREATE'], ['Consumer', capitals(2), 'CREATE'], ['Shop', capitals(3), 'UPDATE']] as const) {
    expect([await apps.bring(build, name), apps.reasons(name)]).toEqual([`${status}_COMPLETE`, '']);
  }
  for (const name of ['Consumer', 'Shop']) { expect([await apps.remove(name), apps.reasons(name)]).toEqual(['DELETE_COMPLETE', '']); }
});

test('45 packages in groups of their own are deployed and removed', async () => {
  const apps = await localApps();
  expect([await apps.bring(MANY, 'Shop'), apps.reasons('Shop')]).toEqual(['CREATE_COMPLETE', '']);
  expect(await apps.remove('Shop')).toBe('DELETE_COMPLETE');
});

/** Endpoints that scale, from one number to another. */
const scaled = (from: number, to: number): Build => (app) => {
  const stack = new Stack(app, 'Shop');
  const model = new Model(stack, 'Model', { containers: [ModelContainer.fromImage(IMAGE)] });
  const variant = Variant.onInstances(model, { instanceType: InstanceType.ML_M5_LARGE, initialInstanceCount: 1 });
  const endpointConfig = new EndpointConfig(stack, 'Config', { variants: [variant] });
  for (let n = from; n <= to; n++) {
    const endpoint = new Endpoint(stack, `Endpoint${n}`, { endpointConfig });
    new EndpointAutoScaling(stack, `Scaling${n}`, { endpoint, minCapacity: 1, maxCapacity: 2, target: ScalingTarget.invocationsPerInstance(70) });
  }
};

test('endpoints whose scaling shares managed policies come and go', async () => {
  const apps = await localApps();
  const policies = () => [...apps.stack('Shop').resources.values()].filter(({ type }) => type === 'AWS::IAM::ManagedPolicy').length;
  const made = [];
  for (const [from, to] of [[1, 60], [10, 70], [60, 64]]) {
    expect([await apps.bring(scaled(from, to), 'Shop'), apps.reasons('Shop')]).toEqual([expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/), '']);
    made.push(policies());
  }
  expect(made).toEqual([5, 5, 1]);
  expect([await apps.remove('Shop'), apps.reasons('Shop')]).toEqual(['DELETE_COMPLETE', '']);
});

test('a group is the same however its import spells it: its approved version is benchmarked', async () => {
  const apps = await localApps();
  await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'ShopModels' });
  await apps.bring((app) => {
    const stack = new Stack(app, 'Shop');
    const groupArn = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package-group/shopmodels`;
    new ModelRegistryBenchmark(stack, 'Registry', {
      modelPackageGroup: ModelPackageGroup.fromModelPackageGroupArn(stack, 'Group', groupArn),
      fallback: { instanceType: InstanceType.ML_M5_LARGE },
      parameterPath: '/shop/best',
    });
  }, 'Shop');
  await apps.sagemaker('CreateModelPackage', { ModelPackageGroupName: 'ShopModels', ModelApprovalStatus: 'Approved', ...packageRequest() });
  await apps.pass(60);
  expect(apps.statuses()).toEqual(['COMPLETED']);
});

describe('the local AWS notices when it is off', () => {
  test.each<[string, Build, () => void, RegExp]>([
    ['that a name that is given is allowed in both spellings', capitals(2), () => jest.spyOn(names, 'nameSpellings').mockImplementation((name) => [name]),
      /not authorized to perform: sagemaker:DescribeEndpoint on resource: \S+endpoint\/ShopEndpoint because/],
    ['that a generated name is allowed beside the ARN that the service answers', capitals(2),
      () => jest.spyOn(refs, 'endpointArns').mockImplementation(({ endpointRef }) => [endpointRef.endpointArn]),
      /not authorized to perform: sagemaker:DescribeEndpoint on resource: \S+endpoint\/Shop-Other\S+ because/],
    ['that policies are split', MANY, () => jest.spyOn(names, 'mostCharacters').mockReturnValue(0),
      /Maximum policy size of 10240 bytes exceeded for role Shop-/],
  ])('%s', async (_what, build, off, words) => {
    off();
    const apps = await localApps();
    expect(await apps.bring(build, 'Shop')).toMatch(/^ROLLBACK/);
    expect(apps.reasons('Shop')).toMatch(words);
  });

  test('that a shared policy which changes is replaced', async () => {
    const apps = await localApps();
    const inPlace = (build: Build): Build => (app) => {
      build(app);
      app.node.findAll().filter(CfnManagedPolicy.isCfnManagedPolicy).forEach((policy) => { policy.description = 'Changed in place'; });
    };
    expect(await apps.bring(inPlace(scaled(1, 15)), 'Shop')).toBe('CREATE_COMPLETE');
    await apps.bring(inPlace(scaled(1, 10)), 'Shop');
    expect(apps.reasons('Shop')).toMatch(/not authorized to perform: sagemaker:DescribeEndpoint on resource: \S+endpoint\/shop-endpoint1/i);
  });
});
