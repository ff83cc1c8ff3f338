import { CfnOutput, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Effect, Role } from 'aws-cdk-lib/aws-iam';
import { exampleModelPackage } from './apps/model-package';
import { InProcessRunner } from './in-process-runner';
import { Build, LocalApps } from './local-apps';
import { exampleListener } from '../../examples/registry/listener';
import { GenerativeScript } from '../../local-aws/sagemaker';
import { Recorder } from '../../local-aws/summary';
import {
  BenchmarkTarget, EndpointConfig, Endpoint, InferenceRecommendationsJob, InstanceType, InstantRecommendation, InstantRecommendationProps, Model,
  Variant, Wait,
} from '../../src';
import { RECOMMENDATION_CHANGE } from '../../src/contract/events';
import { attributesIn } from '../harness/published';

const PATH = '/shop/best';

interface Settings {
  readonly options?: Partial<InstantRecommendationProps>;
  /** Variables of the model, which replace it. */
  readonly environment?: Record<string, string>;
  /** Whether a benchmark in the background starts from it, and another stack serves what is best. */
  readonly benchmark?: boolean;
  /** What the recommend function is denied. */
  readonly denied?: string;
}

const app = (settings: Settings = {}): Build => (root) => {
  const stack = new Stack(root, 'Instant');
  const modelPackage = exampleModelPackage(stack);
  const model = new Model(stack, 'Model', { modelPackage, environment: settings.environment });
  const instant = new InstantRecommendation(stack, 'Instant', { model, ...settings.options });
  new CfnOutput(stack, 'Type', { value: instant.instanceType });
  new CfnOutput(stack, 'Told', { value: instant.summary });
  if (settings.denied) {
    const role = stack.node.findAll().find((one): one is Role => one instanceof Role && one.node.path.endsWith('Recommend/Role'))!;
    role.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: [settings.denied], resources: ['*'] }));
  }
  if (!settings.benchmark) {
    serve(stack, instant);
    return;
  }
  const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage), wait: Wait.inBackground() });
  const best = job.addRecommendation('Best', { startFrom: instant, parameterPath: PATH });
  const { target, logGroup } = exampleListener(stack, 'Listener');
  best.onChange('Change', { target });
  new CfnOutput(stack, 'EventLog', { value: logGroup.logGroupName });
  serve(new Stack(root, 'Serving'), best);
};

function serve(stack: Stack, recommendation: InstantRecommendation | ReturnType<InferenceRecommendationsJob['addRecommendation']>): void {
  const served = new Model(stack, 'Served', { recommendation });
  new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(served, recommendation)] }) });
}

type Instant = ReturnType<GenerativeScript['instant']>;
const G5: Instant = { status: 'COMPLETED', recommendations: [{ instanceType: 'ml.g5.xlarge', environment: { WORKERS: '2' } }, { instanceType: 'ml.m5.xlarge' }] };

let recommended: Instant;
let apps: LocalApps;
beforeEach(async () => {
  recommended = G5;
  apps = await LocalApps.open({ byHand: true, lambdaRunner: new InProcessRunner(), generative: { instant: () => recommended } });
});
afterEach(() => apps.close());

const bring = (settings: Settings = {}, name = 'Instant') => apps.passUntil(apps.bring(app(settings), name));
const variants = () => [...apps.region().sagemaker.state.endpointConfigs.values()].map(({ input }) => input.ProductionVariants[0]);
const servedModel = () => apps.region().sagemaker.state.models.get(variants().pop()!.ModelName)!.input.PrimaryContainer;

test('a model is deployed on what is recommended with it, with its variables, and without a job', async () => {
  const rehearsal = new Recorder(apps.aws.world);
  expect(await bring({ options: { instanceCount: 2 } })).toBe('CREATE_COMPLETE');
  expect(rehearsal.end().choices).toMatchObject([{ kind: 'instant', chosen: "2 x ml.g5.xlarge, number 1 of the service's list" }]);
  expect(variants()).toMatchObject([{ InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 2 }]);
  expect(servedModel().Environment).toMatchObject({ WORKERS: '2' });
  expect(apps.statuses()).toEqual([]);
  expect(apps.outputs('Instant').Told).toMatch(/^ml\.g5\.xlarge × 2; runner-up ml\.m5\.xlarge × 2; 0 rejected; recommended by SageMaker/);
  expect(await apps.passUntil(apps.remove('Instant'))).toBe('DELETE_COMPLETE');
  expect([apps.region().sagemaker.state.models.size, variants()]).toEqual([0, []]);
});

test('without variables, the model itself is deployed', async () => {
  recommended = { status: 'COMPLETED', recommendations: [{ instanceType: 'ml.c5.xlarge' }] };
  expect(await bring()).toBe('CREATE_COMPLETE');
  expect([...apps.region().sagemaker.state.models.keys()].map((name) => name.toLowerCase())).toEqual([variants()[0].ModelName.toLowerCase()]);
});

test('what the service recommends later counts when the model is replaced, or an option changes', async () => {
  await bring();
  recommended = { status: 'COMPLETED', recommendations: [{ instanceType: 'ml.c5.xlarge' }, { instanceType: 'ml.m5.xlarge' }] };
  await bring({ denied: 'sagemaker:StopInferenceRecommendationsJob' });
  expect(apps.outputs('Instant').Type).toBe('ml.g5.xlarge');
  expect(await bring({ environment: { THREADS: '4' } })).toBe('UPDATE_COMPLETE');
  expect([apps.outputs('Instant').Type, variants().map((variant) => variant.InstanceType)]).toEqual(['ml.c5.xlarge', ['ml.c5.xlarge']]);
  expect(await bring({ environment: { THREADS: '4' }, options: { limits: { refusedInstanceFamilies: ['ml.c5'] } } })).toBe('UPDATE_COMPLETE');
  expect(apps.outputs('Instant').Type).toBe('ml.m5.xlarge');
});

test('a model for which nothing is recommended fails the deploy in words, or gets the fallback', async () => {
  recommended = { status: 'NOT_APPLICABLE' };
  expect(await bring()).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons('Instant')).toMatch(/The recommendation for model \S+ ended NOT_APPLICABLE: .* Set `fallback`, or benchmark the model/);
  await apps.passUntil(apps.remove('Instant'));
  expect(await bring({ options: { fallback: { instanceType: InstanceType.ML_M5_LARGE } } })).toBe('CREATE_COMPLETE');
  expect([variants()[0].InstanceType, apps.outputs('Instant').Told]).toEqual(['ml.m5.large', expect.stringMatching(/^WARNING: the fallback is used\. /)]);
});

test('where the function may not read the model, the deploy fails in these words', async () => {
  expect(await bring({ denied: 'sagemaker:DescribeModel' })).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons('Instant')).toMatch(/is not authorized to perform: sagemaker:DescribeModel on resource: \S+ with an explicit deny/);
});

test('a benchmark in the background starts from it, its result is told by an event, and the next deploy of the stack that serves adopts it', async () => {
  const settings = { benchmark: true };
  expect([await bring(settings), await bring(settings, 'Serving')]).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
  expect([apps.statuses(), variants()]).toEqual([['IN_PROGRESS'], [expect.objectContaining({ InstanceType: 'ml.g5.xlarge' })]]);
  expect(servedModel().Environment).toMatchObject({ WORKERS: '2' });
  await apps.pass(60);
  expect(attributesIn(apps.parameters(PATH))).toMatchObject({ InstanceType: 'ml.c5.xlarge', Source: 'Benchmark' });
  const changes = apps.logged(apps.outputs('Instant').EventLog).filter((event) => event['detail-type'] === RECOMMENDATION_CHANGE);
  expect(changes.map(({ detail }) => detail)).toMatchObject([
    { Previous: { InstanceType: 'ml.g5.xlarge', Source: 'Fallback' }, Current: { InstanceType: 'ml.c5.xlarge', Source: 'Benchmark' } },
  ]);
  expect(variants()[0].InstanceType).toBe('ml.g5.xlarge');
  expect(await bring(settings, 'Serving')).toBe('UPDATE_COMPLETE');
  expect(variants().map((variant) => variant.InstanceType)).toEqual(['ml.c5.xlarge']);
  for (const name of ['Serving', 'Instant']) { expect(await apps.passUntil(apps.remove(name))).toBe('DELETE_COMPLETE'); }
  expect(apps.parameters(PATH)).toEqual({});
});
