import { approvalDescription } from '../../../src/contract/approval';
import { BENCHMARK_SKIPPED, JOB_STATE_CHANGE, RECOMMENDATION_CHANGE, RECOMMENDATION_WRITTEN } from '../../../src/contract/events';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { FAILS, PATH, Registry, SLOTS_PATH, wins } from '../../harness/registry';
import { ROLE_ARN, serviceError, STACK_ID } from '../../harness/stage';
import { REGISTRY_RESOURCE_TYPE } from '../../harness/types';

const DAY = 24 * 60;

test('an approved version is benchmarked, tagged as the registry\'s and as the stack; the result waits as a pending one, and is told', async () => {
  const registry = await Registry.made([wins('ml.c5.xlarge')], { Tags: [{ Key: 'team', Value: 'ml' }] });
  const { stage } = registry;
  stage.stackTags = [{ Key: 'cost-center', Value: '7' }];
  await registry.benchmark(stage.packageArn);
  expect(registry.started).toEqual([expect.objectContaining({ InputConfig: { ModelPackageVersionArn: stage.packageArn }, RoleArn: ROLE_ARN })]);
  expect(registry.started[0].Tags).toEqual(expect.arrayContaining([
    { Key: 'team', Value: 'ml' }, { Key: 'cost-center', Value: '7' }, { Key: 'cdk-sagemaker-inference-recommender:logical-id', Value: 'Registry' },
  ]));
  expect(registry.instanceTypes).toEqual({ adopted: 'ml.m5.large', pending: 'ml.c5.xlarge' });
  expect(registry.of(JOB_STATE_CHANGE).map(({ LogicalResourceId, Status }) => [LogicalResourceId, Status])).toEqual(
    ['PENDING', 'IN_PROGRESS', 'COMPLETED'].map((status) => ['Registry', status]));
  expect(registry.of(RECOMMENDATION_CHANGE)).toEqual([expect.objectContaining({
    LogicalResourceId: 'Best',
    ParameterPath: PATH,
    Adopted: false,
    Current: expect.objectContaining({ InstanceType: 'ml.c5.xlarge', ModelPackageArn: stage.packageArn }),
  })]);
});

test('where results are adopted, the recommendation is the newest', async () => {
  const registry = await Registry.made([wins('ml.c5.xlarge')], {}, true);
  await registry.benchmark(registry.stage.packageArn);
  expect(registry.instanceTypes).toEqual({ adopted: 'ml.c5.xlarge', pending: 'ml.c5.xlarge' });
  expect(registry.of(RECOMMENDATION_CHANGE)).toMatchObject([{ Adopted: true, Previous: { InstanceType: 'ml.m5.large' } }]);
});

test.each([
  ['adopted, is told where it differs from the one before', true, [['ml.m5.large', 'ml.c5.xlarge'], ['ml.c5.xlarge', 'ml.c5.2xlarge']]],
  ['not adopted, is told as often as it differs from the recommendation', false, [
    ['ml.m5.large', 'ml.c5.xlarge'], ['ml.m5.large', 'ml.c5.xlarge'], ['ml.m5.large', 'ml.c5.2xlarge'],
  ]],
])('a renewal\'s result, %s', async (_what, adopts, changes) => {
  const registry = await Registry.made([wins('ml.c5.xlarge'), wins('ml.c5.xlarge'), wins('ml.c5.2xlarge')], {}, adopts);
  for (let renewal = 1; renewal <= 3; renewal++) { await registry.benchmark(); }
  expect(registry.started).toHaveLength(3);
  expect(registry.of(RECOMMENDATION_CHANGE).map(({ Previous, Current }) => [Previous.InstanceType, Current.InstanceType])).toEqual(changes);
  expect(registry.of(RECOMMENDATION_WRITTEN)).toHaveLength(3);
  expect(registry.instanceTypes.pending).toBe('ml.c5.2xlarge');
});

test('a result that goes back to what the recommendation says asks for nothing', async () => {
  const runs = [wins('ml.c5.2xlarge'), wins('ml.c5.xlarge')];
  const registry = await Registry.made([wins('ml.c5.xlarge'), ...runs], {}, true);
  await registry.benchmark();
  const [adopted] = registry.of(RECOMMENDATION_CHANGE);
  registry.adopts = false;
  for (const _run of runs) { await registry.benchmark(); }
  expect(registry.instanceTypes).toEqual({ adopted: 'ml.c5.xlarge', pending: 'ml.c5.xlarge' });
  expect(registry.of(RECOMMENDATION_CHANGE).map(({ Current }) => Current.InstanceType)).toEqual([adopted.Current.InstanceType, 'ml.c5.2xlarge']);
});

describe.each([true, false])('an older version whose benchmark takes longer (adopted: %s)', (adopts) => {
  const overtaken = async () => {
    const registry = await Registry.made([{ ...wins('ml.c5.xlarge'), durationSeconds: 4 * 3600 }, wins('ml.c5.2xlarge')], {}, adopts);
    await registry.benchmark(registry.stage.packageArn);
    await registry.benchmark(await registry.version());
    await registry.stage.pass(5 * 60);
    return registry;
  };
  const newest = ({ instanceTypes }: Registry) => instanceTypes[adopts ? 'adopted' : 'pending'];

  test('does not come before the newer one\'s result', async () => {
    const registry = await overtaken();
    expect(registry.of(JOB_STATE_CHANGE).filter(({ Status }) => Status === 'COMPLETED')).toHaveLength(2);
    expect(newest(registry)).toBe('ml.c5.2xlarge');
    expect(registry.of(RECOMMENDATION_CHANGE).map(({ Current }) => Current.InstanceType)).toEqual(['ml.c5.2xlarge']);
    expect(registry.of(RECOMMENDATION_WRITTEN)).toHaveLength(1);
    expect(registry.stage.logs.filter((line) => line.includes('the published result was requested later'))).toHaveLength(2);
  });

  test('is the newest when it is approved once more', async () => {
    const registry = await overtaken();
    await registry.benchmark(registry.stage.packageArn);
    expect(registry.started).toHaveLength(2);
    expect(newest(registry)).toBe('ml.c5.xlarge');
    expect(registry.of(RECOMMENDATION_CHANGE)).toHaveLength(2);
  });
});

describe('a version that a stack has approved to deploy it', () => {
  const approvedByStack = async (registry: Registry) => {
    const arn = await registry.version('PendingManualApproval');
    const ApprovalDescription = approvalDescription({ StackId: STACK_ID, LogicalResourceId: 'JobBest' }, registry.stage.clock.now());
    await registry.stage.sagemaker('UpdateModelPackage', { ModelPackageArn: arn, ModelApprovalStatus: 'Approved', ApprovalDescription });
    return arn;
  };

  test('is not benchmarked, and that is told with the reason', async () => {
    const registry = await Registry.made();
    const ModelPackageArn = await approvedByStack(registry);
    await registry.benchmark(ModelPackageArn);
    expect(registry.started).toEqual([]);
    expect(registry.of(BENCHMARK_SKIPPED)).toMatchObject([{ ModelPackageArn, Reason: expect.stringMatching(/^Version \S+ was approved by a stack that deploys it/) }]);
    expect(Object.keys(registry.stage.parameters(SLOTS_PATH))).toEqual([expect.stringMatching(/^open/)]);
  });

  test('is benchmarked once somebody approves it with other words', async () => {
    const registry = await Registry.made();
    const ModelPackageArn = await approvedByStack(registry);
    await registry.stage.sagemaker('UpdateModelPackage', { ModelPackageArn, ApprovalDescription: 'Benchmark it.' });
    await registry.benchmark(ModelPackageArn);
    expect(registry.started).toMatchObject([{ InputConfig: { ModelPackageVersionArn: ModelPackageArn } }]);
  });

  test('is benchmarked once somebody approves it later, although the description stays', async () => {
    const registry = await Registry.made();
    const ModelPackageArn = await approvedByStack(registry);
    await registry.stage.sagemaker('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'Rejected' });
    await registry.stage.pass(60);
    await registry.stage.sagemaker('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'Approved' });
    expect(await registry.stage.sagemaker('DescribeModelPackage', { ModelPackageName: ModelPackageArn })).toMatchObject({ ApprovalDescription: expect.stringContaining('JobBest') });
    await registry.benchmark(ModelPackageArn);
    expect(registry.started).toMatchObject([{ InputConfig: { ModelPackageVersionArn: ModelPackageArn } }]);
  });

  test('is benchmarked by a renewal, too, once somebody approves it later', async () => {
    const registry = await Registry.made();
    const ModelPackageArn = await approvedByStack(registry);
    for (const ModelApprovalStatus of ['Rejected', 'Approved']) {
      await registry.stage.pass(6 * 60);
      await registry.stage.sagemaker('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus });
    }
    await registry.benchmark();
    expect(registry.started).toMatchObject([{ InputConfig: { ModelPackageVersionArn: ModelPackageArn } }]);
  });

  test('is passed over by a renewal, which benchmarks the newest other one', async () => {
    const registry = await Registry.made();
    for (const _version of Array(12)) { await approvedByStack(registry); }
    await registry.benchmark();
    expect(registry.started).toMatchObject([{ InputConfig: { ModelPackageVersionArn: registry.stage.packageArn } }]);
  });

  test('leaves a renewal nothing, if there is no other', async () => {
    const registry = await Registry.made();
    await registry.stage.sagemaker('UpdateModelPackage', { ModelPackageArn: registry.stage.packageArn, ModelApprovalStatus: 'Rejected' });
    await approvedByStack(registry);
    await registry.benchmark();
    expect([registry.started, registry.of(BENCHMARK_SKIPPED)]).toMatchObject([[], [{ ModelPackageArn: '', Reason: expect.stringContaining('every approved version of group group') }]]);
  });

  test('is looked at again, if the registry does not answer', async () => {
    const registry = await Registry.made();
    const ModelPackageArn = await approvedByStack(registry);
    registry.stage.fail('DescribeModelPackage', serviceError('ThrottlingException', 'Rate exceeded'), 40);
    await registry.approve(ModelPackageArn);
    await registry.stage.pass(DAY);
    expect([registry.started.length, registry.of(BENCHMARK_SKIPPED).length]).toEqual([0, 1]);
  });
});

test('several events for one approval are followed once', async () => {
  const registry = await Registry.made();
  for (const eventId of ['one', 'the-other']) { await registry.approve(registry.stage.packageArn, eventId); }
  await registry.stage.pass(15);
  expect(registry.of(JOB_STATE_CHANGE).map(({ Status }) => Status)).toEqual(['PENDING', 'IN_PROGRESS', 'COMPLETED']);
  expect([registry.started.length, registry.of(RECOMMENDATION_CHANGE).length]).toEqual([1, 1]);
});

test('a duplicate of an event starts nothing more, while the job runs and when it is over', async () => {
  const registry = await Registry.made();
  for (let delivery = 1; delivery <= 3; delivery++) { await registry.benchmark(registry.stage.packageArn, 'the-event'); }
  expect([registry.started.length, registry.of(JOB_STATE_CHANGE).length]).toEqual([1, 3]);
});

describe('a schedule that sends an event twice, under two ids but for the same time, starts one job', () => {
  test('once the first is over', async () => {
    const registry = await Registry.made();
    const time = registry.now;
    for (const eventId of ['one', 'the-other']) { await registry.benchmark(undefined, eventId, time); }
    await registry.benchmark(undefined, 'the-next');
    expect(registry.started).toHaveLength(2);
  });

  test('both at once', async () => {
    const registry = await Registry.made();
    await Promise.all(['one', 'the-other'].map((eventId) => registry.approve(undefined, eventId)));
    await registry.stage.pass(60);
    expect([registry.started.length, registry.of(JOB_STATE_CHANGE).length, registry.of(BENCHMARK_SKIPPED)]).toEqual([1, 3, []]);
  });

  test('though a newer version was approved in between', async () => {
    const registry = await Registry.made();
    const time = registry.now;
    await registry.benchmark(undefined, 'one', time);
    await registry.version();
    await registry.benchmark(undefined, 'the-other', time);
    expect(registry.started).toHaveLength(1);
  });

  test('though the job of the first has failed', async () => {
    const registry = await Registry.made([FAILS]);
    const time = registry.now;
    for (const eventId of ['one', 'the-other']) { await registry.benchmark(undefined, eventId, time); }
    expect(registry.started).toHaveLength(1);
  });

  test('and tells once what was not benchmarked', async () => {
    const registry = await Registry.made();
    await registry.stage.sagemaker('UpdateModelPackage', { ModelPackageArn: registry.stage.packageArn, ModelApprovalStatus: 'Rejected' });
    const time = registry.now;
    for (const eventId of ['one', 'the-other']) { await registry.benchmark(undefined, eventId, time); }
    expect(registry.of(BENCHMARK_SKIPPED)).toHaveLength(1);
  });
});

test('a version that is approved once more is found again, not paid again', async () => {
  const registry = await Registry.made();
  await registry.benchmark(registry.stage.packageArn);
  await registry.benchmark(registry.stage.packageArn);
  expect([registry.started.length, registry.of(RECOMMENDATION_CHANGE).length]).toEqual([1, 1]);
  expect(registry.of(JOB_STATE_CHANGE).map(({ Status }) => Status)).toEqual(['PENDING', 'IN_PROGRESS', 'COMPLETED', 'COMPLETED']);
});

test('a benchmark that failed is told and leaves all as it was; another approval is another attempt, a duplicate is not', async () => {
  const registry = await Registry.made([FAILS, wins('ml.c5.xlarge')]);
  const { stage } = registry;
  await registry.benchmark(stage.packageArn, 'first');
  await registry.benchmark(stage.packageArn, 'first');
  expect([registry.started.length, registry.instanceTypes.pending]).toEqual([1, undefined]);
  expect(registry.of(JOB_STATE_CHANGE).pop()).toMatchObject({ Status: 'FAILED' });
  await registry.benchmark(stage.packageArn);
  expect([registry.started.length, registry.instanceTypes.pending]).toEqual([2, 'ml.c5.xlarge']);
});

test('a renewal benchmarks the newest approved version', async () => {
  const registry = await Registry.made();
  const { stage } = registry;
  await stage.pass(1);
  const second = await registry.version();
  await stage.pass(1);
  await registry.version('PendingManualApproval');
  await registry.benchmark();
  expect(registry.started.map(({ InputConfig }) => InputConfig.ModelPackageVersionArn)).toEqual([second]);
});

describe('what is not benchmarked is told with the reason', () => {
  const skipped = (registry: Registry) => registry.of(BENCHMARK_SKIPPED);

  test('as many as a month allows, failed ones included; the next month begins anew', async () => {
    const registry = await Registry.made([wins('ml.c5.xlarge'), FAILS], { MaxJobsPerMonth: '2' });
    const { stage } = registry;
    for (const version of [stage.packageArn, undefined, undefined]) { await registry.benchmark(version); }
    expect(registry.started).toHaveLength(2);
    expect(skipped(registry)).toEqual([{
      StackId: STACK_ID,
      LogicalResourceId: 'Registry',
      ModelPackageArn: stage.packageArn,
      Reason: 'There were 2 benchmarks since 2026-01-01T00:00:00.000Z, and 2 a month are allowed.',
    }]);
    // What is there already costs nothing.
    await registry.benchmark(stage.packageArn);
    expect(skipped(registry)).toHaveLength(1);
    await stage.pass(31 * DAY);
    await registry.benchmark();
    expect(registry.started).toHaveLength(3);
  });

  test('no version is approved', async () => {
    const registry = await Registry.made();
    const { stage } = registry;
    await stage.sagemaker('UpdateModelPackage', { ModelPackageArn: stage.packageArn, ModelApprovalStatus: 'Rejected' });
    await registry.benchmark();
    expect(skipped(registry)).toMatchObject([{ ModelPackageArn: '', Reason: 'No version of group group is approved.' }]);
    expect(registry.started).toEqual([]);
  });

  test('a version without what a benchmark needs', async () => {
    const registry = await Registry.made();
    const { stage } = registry;
    const { ModelPackageArn } = await stage.sagemaker('CreateModelPackage', { ModelPackageGroupName: 'group', ModelApprovalStatus: 'Approved' });
    await registry.benchmark(ModelPackageArn);
    expect(skipped(registry)).toEqual([expect.objectContaining({ ModelPackageArn, Reason: expect.stringMatching(/^The job's request would be refused: .*[Pp]ayload/) })]);
    expect(registry.started).toEqual([]);
  });

  test('a version that is gone, and a service that refuses', async () => {
    const registry = await Registry.made();
    const { stage } = registry;
    await registry.benchmark(stage.packageArn.replace(/1$/, '9'));
    stage.fail('CreateInferenceRecommendationsJob', serviceError('ResourceLimitExceeded', 'The account-level service limit is 0'));
    await registry.benchmark(stage.packageArn);
    expect(skipped(registry).map(({ Reason }) => Reason)).toEqual([expect.stringContaining('does not exist'), 'The account-level service limit is 0']);
  });
});

test('with the stack, the job that runs is stopped first; nothing is written after the recommendation is gone', async () => {
  const registry = await Registry.made([{ ...wins('ml.c5.xlarge'), durationSeconds: 3600 }], {}, true);
  const { stage } = registry;
  await registry.approve(stage.packageArn);
  await stage.pass(5);
  expect(await registry.resource('Delete', REGISTRY_RESOURCE_TYPE, 'Registry')).toMatchObject({ Status: 'SUCCESS' });
  expect([...stage.region.sagemaker.state.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED']);
  await registry.resource('Delete', RECOMMENDATION_RESOURCE_TYPE, 'Best', { ...registry.recommendation, JobName: '' });
  await stage.pass(60);
  expect(stage.parameters(PATH)).toEqual({});
});

describe('when the registry leaves its stack', () => {
  test('nothing is left of what it counted, and what comes later is told', async () => {
    const registry = await Registry.made();
    const { stage } = registry;
    await registry.benchmark(stage.packageArn);
    expect(Object.keys(stage.parameters(SLOTS_PATH)).length).toBe(2);
    expect(await registry.ledger('Delete')).toMatchObject({ Status: 'SUCCESS' });
    await registry.benchmark(await registry.version());
    expect([registry.started.length, stage.parameters(SLOTS_PATH)]).toEqual([1, {}]);
    expect(registry.of(BENCHMARK_SKIPPED)).toMatchObject([{ Reason: expect.stringContaining('was removed from its stack') }]);
  });

  test.each(['PutParameter', 'GetParametersByPath', 'CreateInferenceRecommendationsJob', 'StartExecution'])(
    'while an approval is about to call %s, no job goes on running and no parameter is left', async (operation) => {
      const registry = await Registry.made([{ ...wins('ml.c5.xlarge'), durationSeconds: 3 * 3600 }]);
      const { stage } = registry;
      let calls = 0;
      // The n-th call of this operation waits until the registry is gone.
      for (let nth = 1; nth <= 4; nth++) {
        calls = 0;
        stage.clients.before = (given) => (given === operation && ++calls === nth ? stage.clock.sleep(60_000) : Promise.resolve());
        await registry.approve(await registry.version());
        await stage.clock.settled();
        stage.clients.before = async () => {};
        await registry.ledger('Delete');
        await registry.resource('Delete', REGISTRY_RESOURCE_TYPE, 'Registry');
        await stage.pass(60);
        const running = [...stage.region.sagemaker.state.jobs.values()].filter(({ status }) => !['STOPPED', 'STOPPING'].includes(status));
        expect([nth, running.length, stage.parameters(SLOTS_PATH)]).toEqual([nth, 0, {}]);
        await registry.ledger('Create');
      }
    });
});

test('where a job starts while its registry leaves the stack, and the function can do nothing after that, the job is stopped', async () => {
  const registry = await Registry.made([{ ...wins('ml.c5.xlarge'), durationSeconds: 3 * 3600 }]);
  const { stage } = registry;
  stage.clients.before = (operation) => (operation === 'CreateInferenceRecommendationsJob' ? stage.clock.sleep(60_000) : Promise.resolve());
  stage.faults.push({ operation: 'PutParameter', error: serviceError('ExpiredTokenException', 'The token is expired'), times: Infinity, skip: 1 });
  await registry.approve(stage.packageArn);
  await stage.clock.settled();
  expect(registry.started).toEqual([]);
  expect(await registry.ledger('Delete')).toMatchObject({ Status: 'SUCCESS' });
  await registry.resource('Delete', REGISTRY_RESOURCE_TYPE, 'Registry');
  // The state machine goes with the stack.
  for (const execution of stage.region.stepFunctions.executions.values()) { execution.abort(); }
  await stage.pass(60);
  expect([...stage.region.sagemaker.state.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED']);
});

test('the rule\'s input names nothing that CloudFormation waits for', async () => {
  const registry = await Registry.made();
  await registry.benchmark(registry.stage.packageArn);
  const inputs = registry.stage.calls.filter(({ operation }) => operation === 'StartExecution').map(({ input }) => input.input);
  expect(inputs).toHaveLength(1);
  expect(inputs[0]).not.toMatch(/ResponseURL|Signature|https:/);
});
