import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { exampleModelPackage } from './apps/model-package';
import { InProcessRunner } from './in-process-runner';
import { ACCOUNT, Build, LocalApps } from './local-apps';
import {
  BenchmarkTarget, CrossStackReference, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, Objective, Recommendation,
  RecommendationReplica, ReplicaRole, Variant, Wait,
} from '../../src';

jest.setTimeout(180_000);

const OTHER = '222222222222';
const PATH = '/shop/best';

interface Settings {
  readonly objective?: 'latency';
  readonly reference?: CrossStackReference;
  /** @default - no path of its own */
  readonly parameterPath?: string;
  readonly wait?: Wait;
  readonly region?: string;
}

function recommend(stack: Stack, { objective, reference, parameterPath, wait }: Settings): Recommendation {
  const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(exampleModelPackage(stack)), wait });
  return job.addRecommendation('Best', {
    objective: objective && Objective.lowestLatency(),
    limits: { allowCompiledModels: false },
    crossStackReference: reference,
    fallback: wait && { instanceType: InstanceType.ML_M5_LARGE },
    parameterPath,
  });
}

/** A stack that only shows what is recommended: one without a resource is none to the CLI. */
function show(stack: Stack, best: Recommendation): void {
  new CfnParameter(stack, 'Shown', { type: 'String', value: best.instanceType });
  new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
}

function serve(stack: Stack, best: Recommendation): void {
  const model = new Model(stack, 'Model', { recommendation: best });
  const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
  new CfnOutput(stack, 'EndpointName', { value: new Endpoint(stack, 'Endpoint', { endpointConfig: config }).endpointName });
  new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
}

describe('two stacks of one app', () => {
  const app = (settings: Settings = {}): Build => (root) => {
    const [consumer, producer] = [new Stack(root, 'Consumer'), new Stack(root, 'Producer')];
    serve(consumer, recommend(producer, settings));
  };
  let apps: LocalApps;

  beforeEach(async () => { apps = await LocalApps.open(); });
  afterEach(() => apps.close());

  /** What the consumer's endpoint runs on. */
  async function served(): Promise<string> {
    const { EndpointConfigName } = await apps.sagemaker('DescribeEndpoint', { EndpointName: apps.outputs('Consumer').EndpointName });
    return (await apps.sagemaker('DescribeEndpointConfig', { EndpointConfigName })).ProductionVariants[0].InstanceType;
  }

  test('a new recommendation locks nobody: the producer deploys, and the consumer rolls over at its own next deploy', async () => {
    for (const name of ['Producer', 'Consumer']) { expect(await apps.bring(app(), name)).toBe('CREATE_COMPLETE'); }
    expect(await served()).toBe('ml.c5.xlarge');
    expect(apps.statuses()).toEqual(['COMPLETED']);
    const template = apps.stack('Consumer').definition.body;

    const next = app({ objective: 'latency' });
    expect(await apps.bring(next, 'Producer')).toBe('UPDATE_COMPLETE');
    expect(await served()).toBe('ml.c5.xlarge');

    // The CLI knows by itself that a template whose text has not changed is deployed all the same.
    const { exitCode, output } = await apps.cdk(next, ['deploy', 'Consumer', '--exclusively']);
    expect([exitCode, output.includes('(no changes)')]).toEqual([0, false]);
    expect(apps.stack('Consumer').definition.body).toEqual(template);
    expect([await served(), apps.outputs('Consumer').InstanceType]).toEqual(['ml.c5.9xlarge', 'ml.c5.9xlarge']);
    expect(apps.statuses()).toEqual(['COMPLETED']);

    for (const name of ['Consumer', 'Producer']) { expect(await apps.remove(name)).toBe('DELETE_COMPLETE'); }
    expect(apps.parameters('/cdk-sagemaker-inference-recommender')).toEqual({});
  });

  test('with exports, the same fails in the producer', async () => {
    const settings = { reference: CrossStackReference.CDK };
    const plain = (given: Settings): Build => (root) => {
      const [consumer, producer] = [new Stack(root, 'Consumer'), new Stack(root, 'Producer')];
      show(consumer, recommend(producer, { ...settings, ...given }));
    };
    for (const name of ['Producer', 'Consumer']) { expect(await apps.bring(plain({}), name)).toBe('CREATE_COMPLETE'); }
    expect(await apps.bring(plain({ objective: 'latency' }), 'Producer')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(apps.reasons('Producer')).toMatch(/Export Producer:\S+ cannot be updated as it is in use by Consumer/);
    expect(apps.outputs('Consumer').InstanceType).toBe('ml.c5.xlarge');
  });
});

describe('another Region', () => {
  const build = ({ region = 'eu-west-1', ...settings }: Settings = {}): Build => (root) => {
    const producer = new Stack(root, 'Producer', { env: { account: ACCOUNT, region: 'us-east-1' } });
    const best = recommend(producer, { parameterPath: PATH, ...settings });
    new RecommendationReplica(producer, 'There', { recommendation: best, region });
    // The package is of the Region that benchmarks: here is only read.
    show(new Stack(root, 'Consumer', { env: { account: ACCOUNT, region } }), best);
  };
  let apps: LocalApps;

  beforeEach(async () => { apps = await LocalApps.open({ lambdaRunner: new InProcessRunner() }); });
  afterEach(() => apps.close());

  test('reads a replica, which each deploy renews and the end clears', async () => {
    const there = apps.region('eu-west-1');
    for (const [objective, instanceType] of [[undefined, 'ml.c5.xlarge'], ['latency', 'ml.c5.9xlarge']] as const) {
      expect(await apps.bring(build({ objective }), 'Producer')).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
      expect(await apps.bring(build({ objective }), 'Consumer', there)).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
      expect(apps.outputs('Consumer', there).InstanceType).toBe(instanceType);
      expect(apps.parameters(PATH, there)).toEqual(apps.parameters(PATH));
    }
    for (const [name, region] of [['Consumer', there], ['Producer', apps.region()]] as const) {
      expect(await apps.remove(name, region)).toBe('DELETE_COMPLETE');
    }
    expect([apps.parameters(PATH, there), apps.parameters(PATH)]).toEqual([{}, {}]);
  });

  test('that a replica moves to gets the copy, and the old one is cleared; a rollback goes back', async () => {
    expect(await apps.bring(build(), 'Producer')).toBe('CREATE_COMPLETE');
    expect(await apps.bring(build({ region: 'ap-south-1' }), 'Producer')).toBe('UPDATE_COMPLETE');
    const copies = () => ['eu-west-1', 'ap-south-1'].map((region) => apps.parameters(PATH, apps.region(region)).InstanceType);
    expect(copies()).toEqual([undefined, 'ml.c5.xlarge']);
    const failing: Build = (root) => {
      build({ region: 'eu-west-1' })(root);
      const stack = root.node.findChild('Producer') as Stack;
      const theirs = Role.fromRoleArn(stack, 'Nobody', `arn:aws:iam::${OTHER}:role/nobody`);
      const second = new RecommendationReplica(stack, 'Denied', {
        recommendation: stack.node.findChild('Job').node.findChild('Best') as Recommendation, region: 'us-east-1', role: theirs,
      });
      second.node.addDependency(stack.node.findChild('There'));
    };
    expect(await apps.bring(failing, 'Producer')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(apps.reasons('Producer')).toContain('sts:AssumeRole');
    expect(copies()).toEqual([undefined, 'ml.c5.xlarge']);
  });
});

describe('another account', () => {
  const build = (sourceAccount = ACCOUNT, settings: Settings = {}): Build => (root) => {
    const env = { account: OTHER, region: 'eu-west-1' };
    const role = new ReplicaRole(new Stack(root, 'Roles', { env }), 'Role', { sourceAccount, parameterPath: PATH, roleName: 'replica' });
    const producer = new Stack(root, 'Producer', { env: { account: ACCOUNT, region: 'us-east-1' } });
    const best = recommend(producer, { parameterPath: PATH, ...settings });
    new RecommendationReplica(producer, 'Theirs', { recommendation: best, region: 'eu-west-1', role });
    show(new Stack(root, 'Consumer', { env }), best);
  };
  let apps: LocalApps;

  beforeEach(async () => { apps = await LocalApps.open({ lambdaRunner: new InProcessRunner() }); });
  afterEach(() => apps.close());

  test('reads a replica that its role let in, in the order that the CLI finds by itself', async () => {
    const there = apps.region('eu-west-1', OTHER);
    expect(await apps.cdk(build(), ['deploy', '--all'])).toMatchObject({ exitCode: 0 });
    expect(apps.outputs('Consumer', there).InstanceType).toBe('ml.c5.xlarge');
    expect(await apps.bring(build(ACCOUNT, { objective: 'latency' }), 'Producer')).toBe('UPDATE_COMPLETE');
    expect(apps.parameters(PATH, there)).toEqual(apps.parameters(PATH));
    expect(apps.parameters(PATH, there).InstanceType).toBe('ml.c5.9xlarge');
    expect(await apps.remove('Producer')).toBe('DELETE_COMPLETE');
    expect(apps.parameters(PATH, there)).toEqual({});
  });

  test('whose role lets another account in is not written', async () => {
    expect(await apps.bring(build('333333333333'), 'Roles', apps.region('eu-west-1', OTHER))).toBe('CREATE_COMPLETE');
    expect(await apps.bring(build('333333333333'), 'Producer')).toBe('ROLLBACK_COMPLETE');
    expect(apps.reasons('Producer')).toMatch(/not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role\/replica/);
    expect(apps.parameters(PATH, apps.region('eu-west-1', OTHER))).toEqual({});
  });
});

test('in the background, a change is copied when it happens', async () => {
  const apps = await LocalApps.open({ byHand: true, lambdaRunner: new InProcessRunner() });
  const there = apps.region('eu-west-1');
  const build: Build = (root) => {
    const producer = new Stack(root, 'Producer', { env: { account: ACCOUNT, region: 'us-east-1' } });
    new RecommendationReplica(producer, 'There', {
      recommendation: recommend(producer, { parameterPath: PATH, wait: Wait.inBackground() }), region: 'eu-west-1',
    });
  };
  expect(await apps.passUntil(apps.bring(build, 'Producer'))).toBe('CREATE_COMPLETE');
  expect([apps.parameters(PATH, there).InstanceType, apps.statuses()]).toEqual(['ml.m5.large', ['IN_PROGRESS']]);
  await apps.pass(60);
  expect(apps.parameters(PATH, there)).toEqual(apps.parameters(PATH));
  expect(apps.parameters(PATH, there)).toMatchObject({ InstanceType: 'ml.c5.xlarge', Source: 'Benchmark' });
  await apps.close();
});
