import { CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import { exampleModelPackage } from './apps/model-package';
import { InProcessRunner } from './in-process-runner';
import { Build, LocalApps } from './local-apps';
import { exampleListener } from '../../examples/registry/listener';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, Objective, Variant, Wait,
} from '../../src';
import { JOB_STATE_CHANGE, RECOMMENDATION_CHANGE } from '../../src/contract/events';
import { attributesIn } from '../harness/published';

const PATH = '/shop/background';
const MINUTE = 60_000;

interface Settings {
  /** @default - in the background */
  readonly waits?: boolean;
  readonly trigger?: string;
  readonly objective?: 'latency';
  readonly endpoint?: boolean;
  /** A resource behind all others that cannot be made. */
  readonly fails?: boolean;
  /** Something else in the stack. */
  readonly note?: string;
  /** A second stack that reads. */
  readonly reader?: boolean;
  /** Whether events are listened to. */
  readonly listens?: boolean;
}

const app = (settings: Settings = {}): Build => (root) => {
  const stack = new Stack(root, 'Background');
  const job = new InferenceRecommendationsJob(stack, 'Job', {
    target: BenchmarkTarget.fromModelPackage(exampleModelPackage(stack)),
    wait: settings.waits ? undefined : Wait.inBackground(),
    trigger: settings.trigger,
  });
  const best = job.addRecommendation('Best', {
    objective: settings.objective && Objective.lowestLatency(),
    limits: { allowCompiledModels: false },
    fallback: { instanceType: InstanceType.ML_M5_LARGE },
    parameterPath: PATH,
  });
  new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
  if (settings.note) { new CfnOutput(stack, 'Note', { value: settings.note }); }
  if (settings.listens) {
    const { target, logGroup } = exampleListener(stack, 'Listener');
    job.onStateChange('StateChange', { target });
    best.onChange('Change', { target });
    new CfnOutput(stack, 'EventLog', { value: logGroup.logGroupName });
  }
  if (settings.endpoint) {
    const model = new Model(stack, 'Model', { recommendation: best });
    new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] }) });
  }
  if (settings.fails) {
    new CfnResource(stack, 'Fails', { type: 'AWS::SSM::Parameter', properties: { Name: '/fails', Type: 'String', Value: 'x'.repeat(9000) } })
      .node.addDependency(job, ...stack.node.findAll().filter((construct) => construct.node.path.endsWith('Follower')));
  }
  if (settings.reader) {
    const reader = new Stack(root, 'Reader');
    new CfnResource(reader, 'Copy', { type: 'AWS::SSM::Parameter', properties: { Name: '/reader', Type: 'String', Value: best.instanceType } });
  }
};

let apps: LocalApps;
beforeEach(async () => { apps = await LocalApps.open({ byHand: true, lambdaRunner: new InProcessRunner() }); });
afterEach(() => apps.close());

const bring = (settings: Settings = {}) => apps.passUntil(apps.bring(app(settings), 'Background'));
const written = () => attributesIn(apps.parameters(PATH)).InstanceType;
const heard = (type: string) => apps.logged(apps.outputs('Background').EventLog).filter((event) => event['detail-type'] === type).map(({ detail }) => detail);

test('a deploy ends while the job runs; its events are heard; a stack that reads picks the result up at its next deploy', async () => {
  const everything = app({ reader: true, listens: true });
  const begun = apps.aws.world.clock.now();
  // No time passes for the whole of it.
  expect(await apps.cdk(everything, ['deploy', '--all'])).toMatchObject({ exitCode: 0 });
  expect((apps.aws.world.clock.now() - begun) / MINUTE).toBeLessThan(1);
  expect([apps.outputs('Background').InstanceType, apps.region().ssm.parameters.get('/reader')!.Value, apps.statuses()]).toEqual(
    ['ml.m5.large', 'ml.m5.large', ['PENDING']]);
  await apps.pass(60);
  expect(heard(JOB_STATE_CHANGE).map(({ PreviousStatus, Status }) => [PreviousStatus, Status])).toEqual(
    [['NONE', 'PENDING'], ['PENDING', 'IN_PROGRESS'], ['IN_PROGRESS', 'COMPLETED']]);
  expect(heard(RECOMMENDATION_CHANGE)).toMatchObject([{ Previous: { InstanceType: 'ml.m5.large' }, Current: { InstanceType: 'ml.c5.xlarge' } }]);
  expect(written()).toBe('ml.c5.xlarge');
  // The producer has nothing to do, and the reader has, though neither template changed.
  const { exitCode, output } = await apps.cdk(everything, ['deploy', '--all']);
  expect([exitCode, output]).toEqual([0, expect.stringMatching(/Background \(no changes\)/)]);
  expect(output).not.toContain('Reader (no changes)');
  expect(apps.region().ssm.parameters.get('/reader')!.Value).toBe('ml.c5.xlarge');
  expect(await apps.passUntil(apps.cdk(everything, ['destroy', '--all', '--force']))).toMatchObject({ exitCode: 0 });
  expect(apps.parameters(PATH)).toEqual({});
});

test('an endpoint in the same stack serves the fallback, whatever is deployed, until the recommendation itself changes', async () => {
  const served = () => [...apps.region().sagemaker.state.endpointConfigs.values()].map(({ input }) => input.ProductionVariants[0].InstanceType);
  expect(await bring({ endpoint: true })).toBe('CREATE_COMPLETE');
  expect(served()).toEqual(['ml.m5.large']);
  await apps.pass(60);
  expect(await bring({ endpoint: true, note: 'something else' })).toBe('UPDATE_COMPLETE');
  expect([written(), served()]).toEqual(['ml.c5.xlarge', ['ml.m5.large']]);
  expect(await bring({ endpoint: true, objective: 'latency' })).toBe('UPDATE_COMPLETE');
  expect(served()).toEqual(['ml.c5.9xlarge']);
  expect(await apps.passUntil(apps.remove('Background'))).toBe('DELETE_COMPLETE');
});

test('another objective while the job runs is what is written in the end', async () => {
  await bring({ listens: true });
  await apps.pass(1);
  expect(await bring({ listens: true, objective: 'latency' })).toBe('UPDATE_COMPLETE');
  expect([apps.statuses(), apps.followings()]).toEqual([['IN_PROGRESS'], ['ABORTED', 'RUNNING']]);
  await apps.pass(60);
  expect([written(), heard(RECOMMENDATION_CHANGE).map(({ Current }) => Current.InstanceType)]).toEqual(['ml.c5.9xlarge', ['ml.c5.9xlarge']]);
});

test('another content while the job runs stops it, and what the new one finds is written', async () => {
  await bring();
  await apps.pass(1);
  expect(await bring({ trigger: 'again' })).toBe('UPDATE_COMPLETE');
  await apps.pass(90);
  expect(apps.statuses()).toEqual(['STOPPED', 'COMPLETED']);
  expect([written(), apps.followings()]).toEqual(['ml.c5.xlarge', ['ABORTED', 'SUCCEEDED']]);
});

test('another content once there is a result leaves that until there is another', async () => {
  await bring();
  await apps.pass(60);
  expect(await bring({ trigger: 'again', objective: 'latency' })).toBe('UPDATE_COMPLETE');
  expect([written(), apps.outputs('Background').InstanceType]).toEqual(['ml.c5.xlarge', 'ml.c5.xlarge']);
  await apps.pass(60);
  expect(written()).toBe('ml.c5.9xlarge');
});

test('an update that fails goes back to following the job of before', async () => {
  await bring();
  await apps.pass(1);
  expect(await bring({ objective: 'latency', fails: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(apps.followings().filter((status) => status === 'RUNNING')).toHaveLength(1);
  await apps.pass(60);
  expect([written(), apps.statuses()]).toEqual(['ml.c5.xlarge', ['COMPLETED']]);
});

test('destroy while the job runs stops it and what follows it, and leaves no parameter, then or later', async () => {
  await bring();
  await apps.pass(5);
  expect(await apps.passUntil(apps.remove('Background'))).toBe('DELETE_COMPLETE');
  expect([apps.statuses(), apps.followings()[0]]).toEqual([['STOPPED'], 'ABORTED']);
  await apps.pass(90);
  expect([apps.parameters(PATH), apps.region().stepFunctions.machines.size]).toEqual([{}, 0]);
});

test('destroy when the job is over leaves nothing either', async () => {
  await bring({ listens: true });
  await apps.pass(60);
  expect(await apps.passUntil(apps.remove('Background'))).toBe('DELETE_COMPLETE');
  expect([apps.parameters(PATH), apps.statuses()]).toEqual([{}, ['COMPLETED']]);
});

test('a deploy that waits once more finds the job that runs', async () => {
  await bring();
  await apps.pass(1);
  expect(await bring({ waits: true })).toBe('UPDATE_COMPLETE');
  expect([apps.outputs('Background').InstanceType, apps.statuses()]).toEqual(['ml.c5.xlarge', ['COMPLETED']]);
  expect(apps.region().stepFunctions.machines.size).toBe(1);
});

test('a job that leaves its stack takes the following with it, and its permissions last', async () => {
  const listened = (listens: boolean): Build => (root) => {
    const stack = new Stack(root, 'Background');
    const target = BenchmarkTarget.fromModelPackage(exampleModelPackage(stack));
    if (listens) { new InferenceRecommendationsJob(stack, 'Job', { target, wait: Wait.inBackground() }).onFailed('Failed'); }
  };
  expect(await apps.passUntil(apps.bring(listened(true), 'Background'))).toBe('CREATE_COMPLETE');
  expect(apps.followings()).toEqual(['RUNNING']);
  expect(await apps.passUntil(apps.bring(listened(false), 'Background'))).toBe('UPDATE_COMPLETE');
  expect([apps.followings(), apps.statuses(), apps.reasons('Background')]).toEqual([['ABORTED'], ['STOPPED'], '']);
});

test('a job that someone stops, or that fails, leaves what was there', async () => {
  await bring({ listens: true });
  const [JobName] = apps.region().sagemaker.state.jobs.keys();
  await apps.sagemaker('StopInferenceRecommendationsJob', { JobName });
  await apps.pass(30);
  expect(heard(JOB_STATE_CHANGE).pop()).toMatchObject({ Status: 'STOPPED', JobName });
  expect([written(), heard(RECOMMENDATION_CHANGE)]).toEqual(['ml.m5.large', []]);
});
