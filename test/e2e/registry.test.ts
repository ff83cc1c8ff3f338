import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { InProcessRunner } from './in-process-runner';
import { Build, LocalApps } from './local-apps';
import { exampleListener } from '../../examples/registry/listener';
import {
  EndpointCandidate, InstanceType, JobType, ModelPackageGroup, ModelRegistryBenchmark, ModelRegistryBenchmarkProps, TrafficPattern,
} from '../../src';
import { BENCHMARK_SKIPPED, JOB_STATE_CHANGE, RECOMMENDATION_CHANGE } from '../../src/contract/events';
import { packageRequest } from '../harness/model-package';
import { attributesIn } from '../harness/published';

const PATH = '/shop/registry';
const app = (props: Partial<ModelRegistryBenchmarkProps> = {}): Build => (root: App) => {
  const stack = new Stack(root, 'Registry');
  const benchmark = new ModelRegistryBenchmark(stack, 'Benchmark', {
    // Made by whoever trains: it is there before the stack and stays after it.
    modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'models'),
    parameterPath: PATH,
    limits: { allowCompiledModels: false },
    fallback: { instanceType: InstanceType.ML_M5_LARGE },
    ...props,
  });
  const { target, logGroup } = exampleListener(stack, 'Listener');
  benchmark.onRecommendationChange('Change', { target });
  benchmark.onStateChange('State', { target });
  benchmark.onSkipped('Skipped', { target });
  new CfnOutput(stack, 'EventLog', { value: logGroup.logGroupName });
};

let apps: LocalApps;
beforeEach(async () => {
  apps = await LocalApps.open({ byHand: true, lambdaRunner: new InProcessRunner() });
  for (const ModelPackageGroupName of ['models', 'others']) { await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName }); }
});
afterEach(() => apps.close());

const bring = (props: Partial<ModelRegistryBenchmarkProps> = {}) => apps.passUntil(apps.bring(app(props), 'Registry'));
const register = async (more: object = {}): Promise<string> => (
  await apps.sagemaker('CreateModelPackage', { ModelPackageGroupName: 'models', ModelApprovalStatus: 'PendingManualApproval', ...packageRequest(), ...more })).ModelPackageArn;
const approve = (ModelPackageArn: string) => apps.sagemaker('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'Approved' });
const heard = (type: string) => apps.logged(apps.outputs('Registry').EventLog).filter((event) => event['detail-type'] === type).map(({ detail }) => detail);
const written = () => {
  const parameters = apps.parameters(PATH);
  return { adopted: attributesIn(parameters).InstanceType, pending: attributesIn(parameters, 'pending/').InstanceType };
};

test('a version is benchmarked once it is approved, and at no other change of it or of others', async () => {
  expect(await bring()).toBe('CREATE_COMPLETE');
  const version = await register();
  await apps.sagemaker('UpdateModelPackage', { ModelPackageArn: version, ApprovalDescription: 'looks well' });
  await register({ ModelPackageGroupName: 'others', ModelApprovalStatus: 'Approved' });
  await apps.pass(10);
  expect(apps.statuses()).toEqual([]);

  await approve(version);
  await apps.pass(60);
  expect([apps.statuses(), written()]).toEqual([['COMPLETED'], { adopted: 'ml.m5.large', pending: 'ml.c5.xlarge' }]);
  expect(heard(RECOMMENDATION_CHANGE)).toEqual([expect.objectContaining({
    ParameterPath: PATH, Adopted: false, Current: expect.objectContaining({ InstanceType: 'ml.c5.xlarge', ModelPackageArn: version }),
  })]);

  await apps.sagemaker('UpdateModelPackage', { ModelPackageArn: version, ApprovalDescription: 'looks very well' });
  await apps.sagemaker('UpdateModelPackage', { ModelPackageArn: version, ModelApprovalStatus: 'Rejected' });
  await approve(version);
  await apps.pass(60);
  expect([apps.statuses(), heard(RECOMMENDATION_CHANGE).length]).toEqual([['COMPLETED'], 1]);
});

test('results are adopted where that is asked for, another version is another change, and a deploy keeps what was found', async () => {
  const props = { adoptsResults: true };
  await bring(props);
  const versions = [await register({ ModelApprovalStatus: 'Approved' }), await register()];
  await apps.pass(60);
  expect(written()).toEqual({ adopted: 'ml.c5.xlarge', pending: 'ml.c5.xlarge' });
  await approve(versions[1]);
  await apps.pass(60);
  expect(heard(RECOMMENDATION_CHANGE).map(({ Current, Previous }) => [Previous.ModelPackageArn, Current.ModelPackageArn])).toEqual(
    [['', versions[0]], versions]);
  expect(await bring({ ...props, fallback: { instanceType: InstanceType.ML_C5_LARGE } })).toBe('UPDATE_COMPLETE');
  expect(await bring({ ...props, parameterPath: '/elsewhere' })).toBe('UPDATE_COMPLETE');
  expect([attributesIn(apps.parameters('/elsewhere')).InstanceType, attributesIn(apps.parameters('/elsewhere'), 'pending/').InstanceType, apps.parameters(PATH)]).toEqual(
    ['ml.c5.xlarge', 'ml.c5.xlarge', {}]);
});

test('a version that takes longer does not come before one that was approved later', async () => {
  const jobType = JobType.loadTest({
    maxDuration: Duration.hours(4),
    trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
    endpointCandidates: [EndpointCandidate.instance(InstanceType.ML_M5_XLARGE)],
  });
  await bring({ adoptsResults: true, jobType });
  const [first, second] = [await register(), await register()];
  await approve(first);
  await apps.pass(10);
  expect(await bring({ adoptsResults: true })).toBe('UPDATE_COMPLETE');
  await approve(second);
  await apps.pass(60);
  expect(apps.statuses()).toEqual(['IN_PROGRESS', 'COMPLETED']);
  await apps.pass(5 * 60);
  expect([apps.statuses(), attributesIn(apps.parameters(PATH)).ModelPackageArn]).toEqual([['COMPLETED', 'COMPLETED'], second]);
  expect(heard(RECOMMENDATION_CHANGE).map(({ Current }) => Current.ModelPackageArn)).toEqual([second]);
});

test('a version that is approved several times while it is benchmarked is followed once', async () => {
  await bring();
  const version = await register();
  for (const ModelApprovalStatus of ['Approved', 'Rejected', 'Approved']) {
    await apps.sagemaker('UpdateModelPackage', { ModelPackageArn: version, ModelApprovalStatus });
  }
  await apps.pass(60);
  expect([apps.statuses(), heard(JOB_STATE_CHANGE).map(({ Status }) => Status)]).toEqual([['COMPLETED'], ['PENDING', 'IN_PROGRESS', 'COMPLETED']]);
});

test('what cannot be benchmarked, or not any more this month, is told', async () => {
  await bring({ maxJobsPerMonth: 1 });
  const bare = await register({ SamplePayloadUrl: undefined });
  const versions = [await register(), await register()];
  for (const version of [bare, ...versions]) {
    await approve(version);
    await apps.pass(60);
  }
  expect(apps.statuses()).toEqual(['COMPLETED']);
  expect(heard(BENCHMARK_SKIPPED).map(({ ModelPackageArn, Reason }) => [ModelPackageArn, Reason])).toEqual([
    [bare, expect.stringMatching(/would be refused.*[Pp]ayload/)], [versions[1], expect.stringContaining('1 a month are allowed')],
  ]);
});

test('many approvals at once are as many jobs as a month allows, and an event for each of the others', async () => {
  await bring({ maxJobsPerMonth: 2 });
  const versions = [];
  while (versions.length < 25) { versions.push(await register()); }
  await Promise.all(versions.map(approve));
  await apps.pass(60);
  expect(apps.statuses()).toEqual(['COMPLETED', 'COMPLETED']);
  const benchmarked = [...apps.region().sagemaker.state.jobs.values()].map(({ request }) => request.InputConfig.ModelPackageVersionArn);
  expect([...benchmarked, ...heard(BENCHMARK_SKIPPED).map(({ ModelPackageArn }) => ModelPackageArn)].sort()).toEqual(versions.sort());
});

test('the newest approved version is benchmarked once more when its time comes, and where there is none, that is told', async () => {
  await bring({ renewEvery: Duration.days(30) });
  const month = () => apps.pass(30 * 24 * 60 + 60);
  await month();
  expect(heard(BENCHMARK_SKIPPED).map(({ Reason }) => Reason)).toEqual(['No version of group models is approved.']);
  await register({ ModelApprovalStatus: 'Approved' });
  await apps.pass(60);
  const newest = await register({ ModelApprovalStatus: 'Approved' });
  await apps.pass(60);
  await register();
  await month();
  const benchmarked = [...apps.region().sagemaker.state.jobs.values()].map(({ request }) => request.InputConfig.ModelPackageVersionArn);
  expect([benchmarked.length, benchmarked.pop()]).toEqual([3, newest]);
});

test('the stack goes while a version is benchmarked: the job is stopped, the group stays, and nothing is written later', async () => {
  await bring({ adoptsResults: true });
  await register({ ModelApprovalStatus: 'Approved' });
  await apps.pass(10);
  expect(apps.statuses()).toEqual(['IN_PROGRESS']);
  expect(await apps.passUntil(apps.remove('Registry'))).toBe('DELETE_COMPLETE');
  await apps.pass(60);
  expect([apps.statuses(), apps.parameters(PATH), apps.region().stepFunctions.machines.size]).toEqual([['STOPPED'], {}, 0]);
  expect([...apps.region().ssm.parameters.keys()].filter((name) => name.includes('inference-recommender'))).toEqual([]);
  await register({ ModelApprovalStatus: 'Approved' });
  await apps.pass(60);
  expect(apps.statuses()).toEqual(['STOPPED']);
});
