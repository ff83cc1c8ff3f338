import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InProcessRunner } from './in-process-runner';
import { LocalApps, LocalAppsOptions } from './local-apps';
import { exampleListener } from '../../examples/registry/listener';
import { SageMakerState } from '../../local-aws/sagemaker/state';
import {
  AIRecommendationJob, AIWorkloadConfig, FixedGenerativeRecommendation, GenerativeModelSource, InstanceType, Model, ModelPackage, ModelPackageGroup,
  ModelRegistryBenchmark, PackageApproval, PerformanceTarget, Workload,
} from '../../src';
import { APPROVED_BY_STACK } from '../../src/contract/approval';
import { APPROVAL_NEEDED } from '../../src/contract/events';
import { packageRequest } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

interface Wanted {
  readonly approval?: PackageApproval;
  /** The ARN of a package that is deployed if the chosen one is not approved. */
  readonly fallback?: string;
  /** Whether approved versions of the group are benchmarked. */
  readonly hasRegistry?: boolean;
  /** Whether a function logs that a package waits. */
  readonly hears?: boolean;
}

const build = ({ approval, fallback, hasRegistry, hears }: Wanted) => (app: App) => {
  const stack = new Stack(app, 'Chat', { env: { account: ACCOUNT, region: REGION } });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'models');
  const modelPackageGroup = ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'chat');
  const job = new AIRecommendationJob(stack, 'Job', {
    model: GenerativeModelSource.fromBucket(bucket, 'chat/'),
    workload: new AIWorkloadConfig(stack, 'Workload', {
      workload: Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency: 10 }),
    }),
    performanceTarget: PerformanceTarget.timeToFirstToken(),
    instanceTypes: [InstanceType.ML_G6_12XLARGE],
    outputBucket: bucket,
    modelPackageGroup,
  });
  const fixed: FixedGenerativeRecommendation | undefined = fallback === undefined ? undefined
    : { modelPackage: ModelPackage.fromModelPackageArn(stack, 'Old', fallback), instanceType: InstanceType.ML_G6_12XLARGE };
  const recommendation = job.addRecommendation('Best', { approval, fallback: fixed });
  new Model(stack, 'Model', { recommendation });
  if (hears) {
    const { target, logGroup } = exampleListener(stack, 'Listener');
    recommendation.onApprovalNeeded('Needed', { target });
    recommendation.node.addDependency(logGroup);
  }
  if (hasRegistry) {
    const registry = new ModelRegistryBenchmark(stack, 'Registry', {
      modelPackageGroup, parameterPath: '/chat/registry', fallback: { instanceType: InstanceType.ML_G5_XLARGE },
    });
    const { target, logGroup } = exampleListener(stack, 'Listener');
    registry.onSkipped('Skipped', { target });
    new CfnOutput(stack, 'EventLog', { value: logGroup.logGroupName });
  }
};

async function opened(options: LocalAppsOptions = {}) {
  const apps = await LocalApps.open({ lambdaRunner: new InProcessRunner(), ...options });
  const { s3 } = apps.aws.world;
  s3.createBucket('models', ACCOUNT, REGION);
  s3.putObject('models', 'chat/config.json', Buffer.from('{}'));
  s3.putObject('models', 'chat/model.safetensors', Buffer.alloc(1000));
  await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'chat' });
  const state = apps.region().room(SageMakerState);
  return {
    apps,
    bring: (wanted: Wanted) => apps.bring(build(wanted), 'Chat'),
    packages: () => [...state.packages.values()].map(({ arn, description }) => (
      { arn, status: description.ModelApprovalStatus, why: description.ApprovalDescription })),
    /** The packages of the models. */
    deployed: () => [...state.models.values()].flatMap(({ input }) => [input.PrimaryContainer ?? [], input.Containers ?? []].flat())
      .map(({ ModelPackageName }) => ModelPackageName),
    jobs: () => state.aiRecommendationJobs.size,
    /** What was told of packages that wait. */
    told: (): any[] => [...apps.region().logs.groups.keys()].flatMap((group) => apps.logged(group))
      .filter((event) => event['detail-type'] === APPROVAL_NEEDED).map(({ detail }) => detail),
  };
}
type World = Awaited<ReturnType<typeof opened>>;

let world: World;
beforeEach(async () => { world = await opened(); });
afterEach(() => world.apps.close());

/** A version of somebody's, approved. */
const registered = async (): Promise<string> => (await world.apps.sagemaker('CreateModelPackage', {
  ModelPackageGroupName: 'chat', ModelApprovalStatus: 'Approved', ...packageRequest(),
})).ModelPackageArn;

test('by others: the deploy fails with a sentence; after the approval the same job is found and its package deployed', async () => {
  expect(await world.bring({})).toBe('ROLLBACK_COMPLETE');
  const [{ arn, status }] = world.packages();
  expect(status).toBe('PendingManualApproval');
  expect(world.apps.reasons('Chat')).toContain(`Model package ${arn} is PendingManualApproval, and only an approved package can be deployed.`);
  expect([world.deployed(), world.jobs()]).toEqual([[], 1]);
  await world.apps.remove('Chat');
  await world.apps.sagemaker('UpdateModelPackage', { ModelPackageArn: arn, ModelApprovalStatus: 'Approved' });
  expect(await world.bring({})).toBe('CREATE_COMPLETE');
  expect([world.deployed(), world.jobs(), world.packages().length]).toEqual([[arn], 1, 1]);
});

test('by others, with a fallback: it is deployed until somebody approves the package and changes the trigger', async () => {
  const fallback = await registered();
  expect(await world.bring({ fallback })).toBe('CREATE_COMPLETE');
  expect(world.deployed()).toEqual([fallback]);
  const { arn } = world.packages().find(({ status }) => status === 'PendingManualApproval')!;
  await world.apps.sagemaker('UpdateModelPackage', { ModelPackageArn: arn, ModelApprovalStatus: 'Approved' });
  expect(await world.bring({ fallback, approval: PackageApproval.required({ trigger: 'approved' }) })).toBe('UPDATE_COMPLETE');
  expect([world.deployed(), world.jobs()]).toEqual([[arn], 1]);
});

test('by the stack: the package is approved with the stack\'s name, and starts no benchmark of the registry', async () => {
  const fallback = await registered();
  expect(await world.bring({ fallback, hasRegistry: true })).toBe('CREATE_COMPLETE');
  expect(await world.bring({ fallback, hasRegistry: true, approval: PackageApproval.byThisStack() })).toBe('UPDATE_COMPLETE');
  const [{ arn, why }] = world.packages().filter((one) => one.arn !== fallback);
  expect([world.deployed(), why]).toEqual([[arn], expect.stringMatching(new RegExp(`^${APPROVED_BY_STACK} stack Chat `))]);
  await world.apps.pass(60);
  const skipped = world.apps.logged(world.apps.outputs('Chat').EventLog).map(({ detail }) => detail);
  expect([world.apps.statuses(), skipped]).toMatchObject([[], [{ ModelPackageArn: arn, Reason: expect.stringContaining('was approved by a stack that deploys it') }]]);
  // A version that somebody else approves is benchmarked as ever.
  await registered();
  await world.apps.pass(60);
  expect(world.apps.statuses()).toEqual(['COMPLETED']);
});

test('by the stack: a rejected package is not approved', async () => {
  await world.bring({});
  const [{ arn }] = world.packages();
  await world.apps.remove('Chat');
  await world.apps.sagemaker('UpdateModelPackage', { ModelPackageArn: arn, ModelApprovalStatus: 'Rejected' });
  expect(await world.bring({ approval: PackageApproval.byThisStack() })).toBe('ROLLBACK_COMPLETE');
  expect(world.apps.reasons('Chat')).toContain('A stack never approves a rejected package.');
  expect([world.packages()[0].status, world.deployed()]).toEqual(['Rejected', []]);
});

test('by a person: the deploy waits, tells of the package, and goes on after the approval', async () => {
  await world.apps.close();
  world = await opened({ byHand: true });
  const deploying = world.bring({ approval: PackageApproval.byPerson(), hears: true });
  while (world.packages().length === 0) { await world.apps.pass(10); }
  await world.apps.pass(10);
  const [{ arn, status }] = world.packages();
  expect([status, world.deployed()]).toEqual(['PendingManualApproval', []]);
  expect(world.told().map(({ ModelPackageArn }) => ModelPackageArn)).toEqual([arn]);
  await world.apps.sagemaker('UpdateModelPackage', { ModelPackageArn: arn, ModelApprovalStatus: 'Approved' });
  expect(await world.apps.passUntil(deploying)).toBe('CREATE_COMPLETE');
  expect([world.deployed(), world.jobs(), world.told().length]).toEqual([[arn], 1, 1]);
});
