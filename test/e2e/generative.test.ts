import { App, CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InProcessRunner } from './in-process-runner';
import { LocalApps, LocalAppsOptions } from './local-apps';
import { Operation, VirtualClock } from '../../local-aws';
import { SageMakerState } from '../../local-aws/sagemaker/state';
import {
  AIRecommendationJob, AIRecommendationJobProps, AIWorkloadConfig, GenerativeModelSource, InstanceType, JobReuse, ModelPackageGroup,
  PerformanceTarget, Workload,
} from '../../src';
import { ACCOUNT, REGION } from '../harness/place';

interface Wanted extends Partial<Omit<AIRecommendationJobProps, 'modelPackageGroup'>> {
  /** Of the workload. */
  readonly concurrency?: number;
  /** Whether a resource that waits for the job fails. */
  readonly fails?: boolean;
  readonly group?: string;
  readonly withoutJob?: boolean;
}

const build = ({ concurrency = 10, fails, group, withoutJob, ...props }: Wanted = {}, name = 'Chat') => (app: App) => {
  const stack = new Stack(app, name, { env: { account: ACCOUNT, region: REGION } });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'models');
  const workload = new AIWorkloadConfig(stack, 'Workload', {
    workload: Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency }),
  });
  if (withoutJob) { return; }
  const job = new AIRecommendationJob(stack, 'Job', {
    model: GenerativeModelSource.fromBucket(bucket, 'chat/'),
    workload,
    performanceTarget: PerformanceTarget.timeToFirstToken(),
    instanceTypes: [InstanceType.ML_G6_12XLARGE],
    outputBucket: bucket,
    modelPackageGroup: group === undefined ? undefined : ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', group),
    ...props,
  });
  if (fails) {
    new CfnResource(stack, 'Broken', { type: 'AWS::SageMaker::ModelPackageGroup', properties: { ModelPackageGroupName: `-${job.jobName}` } });
  }
};

/** A local AWS with a model in a bucket, which notes what is stopped, deleted and made. */
async function opened(options: LocalAppsOptions = {}) {
  const apps = await LocalApps.open({ lambdaRunner: new InProcessRunner(), ...options });
  const { s3 } = apps.aws.world;
  s3.createBucket('models', ACCOUNT, REGION);
  s3.putObject('models', 'chat/config.json', Buffer.from('{}'));
  s3.putObject('models', 'chat/model.safetensors', Buffer.alloc(1000));
  await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'chat' });
  const region = apps.region();
  const state = region.room(SageMakerState);
  const calls: string[] = [];
  const operations = region.sagemaker.operations as Record<string, Operation>;
  for (const name of Object.keys(operations).filter((one) => /^(Create|Stop|Delete)(AI|ModelPackage$)/.test(one))) {
    const perform = operations[name];
    operations[name] = async (input, call) => {
      const output = await perform(input, call);
      calls.push(name);
      return output;
    };
  }
  const jobs = () => [...state.aiRecommendationJobs.values()].map(({ name, status }) => [name, status]);
  const packages = () => [...state.packages.keys()].length;
  return {
    apps,
    calls,
    jobs,
    packages,
    workloads: () => [...state.workloadConfigs.keys()],
    created: () => calls.filter((name) => name === 'CreateAIRecommendationJob').length,
    bring: (wanted?: Wanted, name = 'Chat') => apps.bring(build(wanted, name), name),
  };
}
type World = Awaited<ReturnType<typeof opened>>;

describe('where time jumps', () => {
  let world: World;
  beforeEach(async () => { world = await opened(); });
  afterEach(() => world.apps.close());

  test('one content is one job: another output starts none, another workload starts one, and the clean-up deletes the old job before its workload', async () => {
    expect(await world.bring()).toBe('CREATE_COMPLETE');
    const [[first, status]] = world.jobs();
    expect([status, world.created()]).toEqual(['Completed', 1]);
    expect(await world.bring({ outputPrefix: 'elsewhere', maxDuration: Duration.hours(8) })).toBe('UPDATE_COMPLETE');
    expect([world.jobs().map(([name]) => name), world.created()]).toEqual([[first], 1]);
    world.calls.length = 0;
    expect(await world.bring({ outputPrefix: 'elsewhere', maxDuration: Duration.hours(8), concurrency: 20 })).toBe('UPDATE_COMPLETE');
    const [[second], ...others] = world.jobs();
    expect([second === first, others, world.workloads().length]).toEqual([false, [], 1]);
    expect(world.calls.filter((name) => /AI(Recommendation|Workload)/.test(name))).toEqual([
      'CreateAIWorkloadConfig', 'CreateAIRecommendationJob', 'DeleteAIRecommendationJob', 'DeleteAIWorkloadConfig',
    ]);
  });

  test('overwritten files are another content', async () => {
    await world.bring();
    world.apps.aws.world.s3.putObject('models', 'chat/model.safetensors', Buffer.alloc(1001));
    await world.bring({ performanceTarget: PerformanceTarget.cost() });
    await world.bring();
    expect(world.created()).toBe(3);
  });

  test('destroy leaves neither a job nor a workload; the model packages stay', async () => {
    await world.bring({ group: 'chat' });
    expect(world.packages()).toBeGreaterThan(0);
    world.calls.length = 0;
    expect(await world.apps.remove('Chat')).toBe('DELETE_COMPLETE');
    expect([world.jobs(), world.workloads()]).toEqual([[], []]);
    expect(world.calls.filter((name) => /^Delete/.test(name))).toEqual(['DeleteAIRecommendationJob', 'DeleteAIWorkloadConfig']);
    expect(world.packages()).toBeGreaterThan(0);
  });

  test('the model packages go with their job, where that is chosen, also if the choice came later', async () => {
    await world.bring({ group: 'chat' });
    expect(await world.bring({ group: 'chat', packageRemovalPolicy: RemovalPolicy.DESTROY })).toBe('UPDATE_COMPLETE');
    expect(world.created()).toBe(1);
    expect(await world.apps.remove('Chat')).toBe('DELETE_COMPLETE');
    expect([world.packages(), world.jobs()]).toEqual([0, []]);
  });

  test('the job that is removed from its stack is deleted', async () => {
    await world.bring();
    expect(await world.bring({ withoutJob: true })).toBe('UPDATE_COMPLETE');
    expect([world.jobs(), world.workloads().length]).toEqual([[], 1]);
  });

  test('a completed job of a deploy that is rolled back is found by the next one, and not paid for twice', async () => {
    expect(await world.bring({ fails: true })).toBe('ROLLBACK_COMPLETE');
    expect(world.jobs().map(([, status]) => status)).toEqual(['Completed']);
    expect(await world.apps.remove('Chat')).toBe('DELETE_COMPLETE');
    expect(await world.bring()).toBe('CREATE_COMPLETE');
    expect([world.created(), world.jobs().length]).toEqual([1, 1]);
    await world.apps.remove('Chat');
    expect(world.jobs()).toEqual([]);
  });

  test('a job that two stacks share is deleted with the last of them', async () => {
    await world.bring({ reuse: JobReuse.ACCOUNT }, 'One');
    await world.bring({ reuse: JobReuse.ACCOUNT }, 'Two');
    expect(world.created()).toBe(1);
    await world.apps.remove('One');
    expect(world.jobs().length).toBe(1);
    await world.apps.remove('Two');
    expect(world.jobs()).toEqual([]);
  });

});

test('a job that runs longer than it may is stopped and deleted, and the deploy fails with a sentence', async () => {
  const world = await opened({
    generative: { recommend: () => ({ durationSeconds: 10 * 3600, recommendations: [] }) },
  });
  try {
    expect(await world.bring({ maxDuration: Duration.hours(2) })).toBe('ROLLBACK_COMPLETE');
    expect(world.apps.reasons('Chat')).toContain('has run for 2 hours, which is its \'maxDuration\'. It was stopped.');
    // The stage stops it, and the rollback says so once more.
    expect([...new Set(world.calls.filter((name) => /AI(Recommendation|Workload)/.test(name)))]).toEqual([
      'CreateAIWorkloadConfig', 'CreateAIRecommendationJob', 'StopAIRecommendationJob', 'DeleteAIRecommendationJob', 'DeleteAIWorkloadConfig',
    ]);
    expect(world.jobs()).toEqual([]);
  } finally {
    await world.apps.close();
  }
});

test('destroy while the job runs: stop, wait, delete the job, delete the workload', async () => {
  const world = await opened({ clock: new VirtualClock({ jumps: false }), rates: [] });
  try {
    const creating = world.bring();
    while (world.created() === 0) { await world.apps.pass(1); }
    await world.apps.pass(2);
    expect(world.jobs().map(([, status]) => status)).toEqual(['InProgress']);
    const destroying = world.apps.remove('Chat');
    expect(await world.apps.passUntil(destroying)).toBe('DELETE_COMPLETE');
    await creating;
    expect(world.calls.filter((name) => /^(Stop|Delete)/.test(name))).toEqual(['StopAIRecommendationJob', 'DeleteAIRecommendationJob', 'DeleteAIWorkloadConfig']);
    expect([world.jobs(), world.workloads()]).toEqual([[], []]);
  } finally {
    await world.apps.close();
  }
});
