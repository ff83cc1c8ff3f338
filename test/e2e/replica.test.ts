import { Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { IConstruct } from 'constructs';
import { recommend, Settings, show } from './apps/recommended';
import { InProcessRunner } from './in-process-runner';
import { Build, LocalApps } from './local-apps';
import { InstanceType, ModelPackageGroup, ModelRegistryBenchmark, RecommendationReplica, ReplicaRole, Wait } from '../../src';
import { packageRequest } from '../harness/model-package';
import { ACCOUNT } from '../harness/place';
import { attributesIn } from '../harness/published';

const OTHER = '222222222222';
const PATH = '/shop/best';
/** What stands below the path in a place, but for whose it is. */
function copied(apps: LocalApps, region = apps.region(), path = PATH): Record<string, string> {
  const { owner: _owner, 'pending/owner': _other, ...values } = apps.parameters(path, region);
  return values;
}

/** Something that no deploy gets over, after another construct. */
function failAfter(stack: Stack, construct: IConstruct): void {
  const failing = new CfnParameter(stack, 'Failing', { name: '/aws/reserved', type: 'String', value: 'refused' });
  failing.node.addDependency(construct);
}

describe('another Region', () => {
  interface Replica {
    readonly id?: string;
    readonly region?: string;
    readonly fails?: boolean;
  }
  const build = ({ region = 'eu-west-1', id = 'There', fails, ...settings }: Settings & Replica = {}): Build => (root) => {
    const producer = new Stack(root, 'Producer', { env: { account: ACCOUNT, region: 'us-east-1' } });
    const best = recommend(producer, { parameterPath: PATH, ...settings });
    const replica = new RecommendationReplica(producer, id, { recommendation: best, region });
    if (fails) { failAfter(producer, replica); }
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
      expect(copied(apps, there)).toEqual(copied(apps));
    }
    for (const [name, region] of [['Consumer', there], ['Producer', apps.region()]] as const) {
      expect(await apps.remove(name, region)).toBe('DELETE_COMPLETE');
    }
    expect([apps.parameters(PATH, there), apps.parameters(PATH)]).toEqual([{}, {}]);
  });

  test('keeps the copy when the replica gets another name, and when that is rolled back', async () => {
    const there = apps.region('eu-west-1');
    for (const [settings, status] of [
      [{}, 'CREATE_COMPLETE'], [{ id: 'Elsewhere', fails: true }, 'UPDATE_ROLLBACK_COMPLETE'], [{ id: 'Elsewhere' }, 'UPDATE_COMPLETE'],
    ] as const) {
      expect(await apps.bring(build(settings), 'Producer')).toBe(status);
      expect(copied(apps, there)).toEqual(copied(apps));
    }
    expect(await apps.remove('Producer')).toBe('DELETE_COMPLETE');
    expect(apps.parameters(PATH, there)).toEqual({});
  });

  test('that a replica moves to gets the copy, and the old one is cleared; a rollback goes back', async () => {
    expect(await apps.bring(build(), 'Producer')).toBe('CREATE_COMPLETE');
    expect(await apps.bring(build({ region: 'ap-south-1' }), 'Producer')).toBe('UPDATE_COMPLETE');
    const copies = () => ['eu-west-1', 'ap-south-1'].map((region) => attributesIn(apps.parameters(PATH, apps.region(region))).InstanceType);
    expect(copies()).toEqual([undefined, 'ml.c5.xlarge']);
    expect(await apps.bring(build({ fails: true }), 'Producer')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(copies()).toEqual([undefined, 'ml.c5.xlarge']);
  });
});

describe('another account', () => {
  interface Roles {
    /** Paths by the names of roles, the last of which is used. */
    readonly roles?: Readonly<Record<string, string>>;
    readonly fails?: boolean;
  }
  const build = (sourceAccount = ACCOUNT, { roles = { replica: PATH }, fails, ...settings }: Settings & Roles = {}): Build => (root) => {
    const env = { account: OTHER, region: 'eu-west-1' };
    const stack = new Stack(root, 'Roles', { env });
    const [[role, parameterPath]] = Object.entries(roles)
      .map(([roleName, path]) => [new ReplicaRole(stack, roleName, { sourceAccount, parameterPath: path, roleName }), path] as const).reverse();
    const producer = new Stack(root, 'Producer', { env: { account: ACCOUNT, region: 'us-east-1' } });
    const best = recommend(producer, { parameterPath, ...settings });
    const replica = new RecommendationReplica(producer, 'Theirs', { recommendation: best, region: 'eu-west-1', role });
    if (fails) { failAfter(producer, replica); }
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
    expect(copied(apps, there)).toEqual(copied(apps));
    expect(attributesIn(apps.parameters(PATH, there)).InstanceType).toBe('ml.c5.9xlarge');
    expect(await apps.remove('Producer')).toBe('DELETE_COMPLETE');
    expect(apps.parameters(PATH, there)).toEqual({});
  });

  test('keeps the copy when another role writes it', async () => {
    const there = apps.region('eu-west-1', OTHER);
    const [first, second] = [{ first: PATH }, { first: PATH, second: PATH }];
    for (const [roles, status] of [[first, 'CREATE_COMPLETE'], [second, 'UPDATE_COMPLETE']] as const) {
      expect(await apps.bring(build(ACCOUNT, { roles }), 'Roles', there)).toBe(status);
      expect(await apps.bring(build(ACCOUNT, { roles }), 'Producer')).toBe(status);
      expect(copied(apps, there)).toEqual(copied(apps));
    }
    expect(await apps.remove('Producer')).toBe('DELETE_COMPLETE');
    expect(apps.parameters(PATH, there)).toEqual({});
  });

  test('gets a copy at another path, and the role that lost the old one fails nothing', async () => {
    const there = apps.region('eu-west-1', OTHER);
    const moved = build(ACCOUNT, { roles: { replica: '/shop/new' } });
    expect(await apps.bring(build(), 'Roles', there)).toBe('CREATE_COMPLETE');
    expect(await apps.bring(build(), 'Producer')).toBe('CREATE_COMPLETE');
    const before = copied(apps, there);
    expect(await apps.bring(moved, 'Roles', there)).toBe('UPDATE_COMPLETE');
    expect(await apps.bring(moved, 'Producer')).toBe('UPDATE_COMPLETE');
    expect(copied(apps, there, '/shop/new')).toEqual(copied(apps, apps.region(), '/shop/new'));
    expect([copied(apps, there), copied(apps)]).toEqual([before, {}]);
    expect(await apps.remove('Producer')).toBe('DELETE_COMPLETE');
    expect(apps.parameters('/shop/new', there)).toEqual({});
  });

  test('moves to another path by another role, and back where that fails', async () => {
    const there = apps.region('eu-west-1', OTHER);
    const roles = { replica: PATH, second: '/shop/new' };
    expect(await apps.bring(build(), 'Roles', there)).toBe('CREATE_COMPLETE');
    expect(await apps.bring(build(), 'Producer')).toBe('CREATE_COMPLETE');
    const before = copied(apps, there);
    expect(await apps.bring(build(ACCOUNT, { roles }), 'Roles', there)).toBe('UPDATE_COMPLETE');
    expect(await apps.bring(build(ACCOUNT, { roles, fails: true }), 'Producer')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([copied(apps, there), copied(apps, there, '/shop/new')]).toEqual([before, {}]);
    expect(await apps.bring(build(ACCOUNT, { roles }), 'Producer')).toBe('UPDATE_COMPLETE');
    expect([copied(apps, there), copied(apps, there, '/shop/new')]).toEqual([{}, copied(apps, apps.region(), '/shop/new')]);
  });

  test('whose role lets another account in is not written', async () => {
    expect(await apps.bring(build('333333333333'), 'Roles', apps.region('eu-west-1', OTHER))).toBe('CREATE_COMPLETE');
    expect(await apps.bring(build('333333333333'), 'Producer')).toBe('ROLLBACK_COMPLETE');
    expect(apps.reasons('Producer')).toMatch(/not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role\/replica/);
    expect(apps.parameters(PATH, apps.region('eu-west-1', OTHER))).toEqual({});
  });
});

describe('in the background', () => {
  let apps: LocalApps;

  beforeEach(async () => { apps = await LocalApps.open({ byHand: true, lambdaRunner: new InProcessRunner() }); });
  afterEach(() => apps.close());

  test('what is written is copied when it is, and another fallback with the deploy', async () => {
    const there = apps.region('eu-west-1');
    const build = (fallback: InstanceType): Build => (root) => {
      const producer = new Stack(root, 'Producer', { env: { account: ACCOUNT, region: 'us-east-1' } });
      new RecommendationReplica(producer, 'There', {
        recommendation: recommend(producer, { parameterPath: PATH, wait: Wait.inBackground(), fallback }), region: 'eu-west-1',
      });
    };
    for (const [fallback, status] of [[InstanceType.ML_M5_LARGE, 'CREATE_COMPLETE'], [InstanceType.ML_M5_XLARGE, 'UPDATE_COMPLETE']] as const) {
      expect(await apps.passUntil(apps.bring(build(fallback), 'Producer'))).toBe(status);
      await apps.pass(1);
      expect([attributesIn(apps.parameters(PATH, there)).InstanceType, apps.statuses()]).toEqual([fallback.value, ['IN_PROGRESS']]);
    }
    await apps.pass(60);
    expect(copied(apps, there)).toEqual(copied(apps));
    expect(attributesIn(apps.parameters(PATH, there))).toMatchObject({ InstanceType: 'ml.c5.xlarge', Source: 'Benchmark' });
  });

  test('a result of a registry that waits to be adopted is copied, too', async () => {
    const there = apps.region('eu-west-1');
    await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
    const build: Build = (root) => {
      const stack = new Stack(root, 'Registry', { env: { account: ACCOUNT, region: 'us-east-1' } });
      const { recommendation } = new ModelRegistryBenchmark(stack, 'Benchmark', {
        modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'models'),
        parameterPath: PATH,
        limits: { allowCompiledModels: false },
        fallback: { instanceType: InstanceType.ML_M5_LARGE },
      });
      new RecommendationReplica(stack, 'There', { recommendation, region: 'eu-west-1' });
    };
    expect(await apps.passUntil(apps.bring(build, 'Registry'))).toBe('CREATE_COMPLETE');
    await apps.sagemaker('CreateModelPackage', { ModelPackageGroupName: 'models', ModelApprovalStatus: 'Approved', ...packageRequest() });
    await apps.pass(60);
    expect(['', 'pending/'].map((place) => attributesIn(apps.parameters(PATH, there), place).InstanceType)).toEqual(['ml.m5.large', 'ml.c5.xlarge']);
    expect(copied(apps, there)).toEqual(copied(apps));
    expect(await apps.passUntil(apps.remove('Registry'))).toBe('DELETE_COMPLETE');
    expect([apps.parameters(PATH, there), apps.parameters(PATH)]).toEqual([{}, {}]);
  });
});
