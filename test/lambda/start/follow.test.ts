import { AwsError } from '../../../local-aws';
import { JOB_STATE_CHANGE, RECOMMENDATION_CHANGE, RECOMMENDATION_WRITTEN } from '../../../src/contract/events';
import { Background, fails, lasts, PATH, row, SECOND } from '../../harness/background';
import { attributesIn } from '../../harness/published';
import { serviceError, Stage, STACK_ID } from '../../harness/stage';

test('an event goes out for each change of status, and at the end the recommendation is written and its change told', async () => {
  const { stage, ...background } = await Background.made(lasts(45));
  expect(attributesIn(stage.parameters(PATH))).toMatchObject({ InstanceType: 'ml.m5.large', Source: 'Fallback', ModelPackageArn: stage.packageArn });
  await stage.pass(30);
  expect(stage.events.map(({ detail }) => detail.Status)).toEqual(['PENDING', 'IN_PROGRESS']);
  expect(attributesIn(stage.parameters(PATH))).toMatchObject({ Source: 'Fallback' });
  await stage.pass(30);
  expect(stage.events).toEqual([
    ...[['NONE', 'PENDING'], ['PENDING', 'IN_PROGRESS'], ['IN_PROGRESS', 'COMPLETED']].map(([PreviousStatus, Status]) => ({
      type: JOB_STATE_CHANGE, detail: { StackId: STACK_ID, LogicalResourceId: 'Job', JobName: background.jobName, Status, PreviousStatus },
    })),
    { type: RECOMMENDATION_WRITTEN, detail: { StackId: STACK_ID, LogicalResourceId: 'JobBest', ParameterPath: PATH } },
    {
      type: RECOMMENDATION_CHANGE,
      detail: {
        StackId: STACK_ID,
        LogicalResourceId: 'JobBest',
        JobName: background.jobName,
        ParameterPath: PATH,
        Adopted: true,
        Current: expect.objectContaining({ InstanceType: 'ml.c5.xlarge', Source: 'Benchmark' }),
        Previous: expect.objectContaining({ InstanceType: 'ml.m5.large', Source: 'Fallback' }),
      },
    },
  ]);
  expect(attributesIn(stage.parameters(PATH))).toMatchObject({ InstanceType: 'ml.c5.xlarge', Source: 'Benchmark', CompilationJobName: '' });
});

test('what follows is told where CloudFormation answers nowhere in its input', async () => {
  const { executions } = await Background.made();
  expect(executions).toHaveLength(1);
  const [{ input }] = executions;
  expect(Object.keys(JSON.parse(input)).sort()).toEqual(['askedAt', 'deadline', 'job', 'jobName', 'lastStatus', 'owner', 'pollSeconds', 'purpose', 'recommendations']);
  expect(input).not.toMatch(/ResponseURL|Signature|https:/);
});

test('a job of ten hours is followed to its end', async () => {
  const background = await Background.made(lasts(600));
  await background.stage.pass(610);
  expect(background.statuses.pop()).toBe('IN_PROGRESS COMPLETED');
  expect(background.changes).toHaveLength(1);
});

test('a job that never ends is given up after a day', async () => {
  const background = await Background.made(lasts(60 * 40));
  await background.stage.pass(60 * 25);
  expect(background.executions.map(({ status }) => status)).toEqual(['FAILED']);
});

test.each([
  ['fails', fails, async () => {}, 'IN_PROGRESS FAILED'],
  ['is stopped', lasts(45), (stage: Stage, JobName: string) => stage.sagemaker('StopInferenceRecommendationsJob', { JobName }), 'STOPPING STOPPED'],
  ['is dropped by the service', lasts(45), async (stage: Stage, jobName: string) => { stage.region.sagemaker.state.jobs.delete(jobName); }, 'IN_PROGRESS DELETED'],
])('a job that %s leaves what was there, and says so', async (_what, benchmarks, disturb, last) => {
  const background = await Background.made(benchmarks);
  const { stage } = background;
  await stage.pass(5);
  const before = stage.parameters(PATH);
  await disturb(stage, background.jobName);
  await stage.pass(60);
  expect(background.statuses.pop()).toBe(last);
  expect([stage.parameters(PATH), background.changes]).toEqual([before, []]);
});

test('only what is to be deployed makes a change: of two recommendations, the one that differs', async () => {
  const recommendation = { ...SECOND, Fallback: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: '1' } };
  const background = await Background.made(lasts(10, [row('ml.c5.xlarge', 1)]), [recommendation]);
  await background.stage.pass(15);
  expect(background.changes.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['JobBest']);
  expect(background.told).toEqual([PATH, SECOND.ParameterPath]);
  expect(attributesIn(background.stage.parameters(SECOND.ParameterPath))).toMatchObject({ InstanceType: 'ml.c5.xlarge', Source: 'Benchmark' });
});

test('a change is told although writing it failed half-way before', async () => {
  const background = await Background.made(lasts(10), [SECOND]);
  const { stage } = background;
  await stage.pass(5);
  const { operations } = stage.region.ssm as any;
  const { PutParameter } = operations;
  let left = 60;
  // All of the first recommendation is written by then.
  jest.spyOn(operations, 'PutParameter').mockImplementation((input: any, call) => {
    if (input.Name === '/shop/fast/recommendation' && left-- > 0) { throw new AwsError('InternalServerError', 'oops', 500); }
    return PutParameter(input, call);
  });
  await stage.pass(30);
  expect(left).toBeLessThan(0);
  expect(background.changes.map(({ ParameterPath, Current }) => [ParameterPath, Current.InstanceType])).toEqual([
    [PATH, 'ml.c5.xlarge'], ['/shop/fast', 'ml.c5.9xlarge'],
  ]);
  expect(attributesIn(stage.parameters('/shop/fast'))).toMatchObject({ InstanceType: 'ml.c5.9xlarge' });
});

test('replicas are told of ten recommendations that change, whose changes fill a request by themselves', async () => {
  const more = [...Array(9).keys()].map((n) => ({ LogicalResourceId: `Job${n}`, ParameterPath: `/shop/${n}` }));
  const background = await Background.made(lasts(10), more);
  await background.stage.pass(15);
  expect([background.told.length, background.changes.length]).toEqual([10, 10]);
});

test('a change is told although replicas cannot be', async () => {
  const background = await Background.made(lasts(10));
  const { operations } = background.stage.region.events as any;
  const { PutEvents } = operations;
  jest.spyOn(operations, 'PutEvents').mockImplementation((input: any, call) => {
    if (input.Entries[0].DetailType === RECOMMENDATION_WRITTEN) { throw new AwsError('AccessDenied', 'no', 403); }
    return PutEvents(input, call);
  });
  await background.stage.pass(30);
  expect([background.told, background.changes.length]).toEqual([[], 1]);
});

test('a throttled poll or function, and an event that is refused for a while, lose nothing', async () => {
  const background = await Background.made(lasts(45));
  const { stage } = background;
  await stage.pass(5);
  const { operations } = stage.region.events as any;
  const put = jest.spyOn(operations, 'PutEvents').mockImplementationOnce(() => { throw new AwsError('ThrottlingException', 'Rate exceeded'); });
  const describe = jest.spyOn(stage.region.sagemaker, 'call').mockRejectedValueOnce(new AwsError('ThrottlingException', 'Rate exceeded'));
  stage.fail('DescribeInferenceRecommendationsJob', serviceError('ThrottlingException', 'Rate exceeded'), 3);
  await stage.pass(60);
  expect([put, describe].map((spy) => spy.mock.results[0].type !== 'incomplete')).toEqual([true, true]);
  expect(background.statuses).toEqual(['NONE PENDING', 'PENDING IN_PROGRESS', 'IN_PROGRESS COMPLETED']);
  expect(background.changes).toHaveLength(1);
});

test('events that are refused for good keep no recommendation from being written', async () => {
  const background = await Background.made(lasts(10));
  jest.spyOn((background.stage.region.events as any).operations, 'PutEvents').mockImplementation(() => { throw new AwsError('AccessDenied', 'no', 403); });
  await background.stage.pass(60);
  expect(attributesIn(background.stage.parameters(PATH))).toMatchObject({ InstanceType: 'ml.c5.xlarge' });
  expect(background.executions.map(({ status }) => status)).toEqual(['RUNNING']);
  await background.stage.pass(15 * 24 * 60);
  expect(background.executions.map(({ status }) => status)).toEqual(['FAILED']);
});

test('a repeated Create starts one execution, and a throttled one is tried again', async () => {
  const background = await Background.made();
  const { stage } = background;
  await background.follow('Delete');
  background.recommendations = [{ Objective: 'LowestLatency' }];
  const event = background.followEvent('Create');
  stage.fail('StartExecution', serviceError('ThrottlingException', 'Rate exceeded'), 2);
  const answers = [await stage.send(event), await stage.send({ ...event })];
  expect(answers.map(({ Status, PhysicalResourceId }) => [Status, PhysicalResourceId])).toEqual(Array(2).fill(['SUCCESS', expect.stringMatching(/^0a1b2c3d-[0-9a-f]{8}-[0-9a-f]{16}$/)]));
  expect(background.executions.map(({ status }) => status)).toEqual(['ABORTED', 'RUNNING']);
});

test('an update follows anew under another id; that of the old one, and in the end the last, is stopped', async () => {
  const background = await Background.made(lasts(45));
  const { stage, execution: first } = background;
  await stage.pass(5);
  await background.recommend('Update', { Objective: 'LowestLatency' });
  background.recommendations = [{ Objective: 'LowestLatency' }];
  const { PhysicalResourceId: second } = await background.follow('Update');
  expect(second).not.toBe(first);
  expect(await background.follow('Delete', first)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
  expect(background.executions.map(({ status }) => status)).toEqual(['ABORTED', 'RUNNING']);
  await stage.pass(60);
  expect(attributesIn(stage.parameters(PATH))).toMatchObject({ InstanceType: 'ml.c5.9xlarge' });
  expect(background.changes.map(({ Current }) => Current.InstanceType)).toEqual(['ml.c5.9xlarge']);
});

test('a rollback finds what was followed before, which runs still', async () => {
  const background = await Background.made(lasts(45));
  const { execution: first } = background;
  await background.stage.pass(5);
  background.recommendations = [{ Objective: 'LowestLatency' }];
  const { PhysicalResourceId: failed } = await background.follow('Update');
  background.recommendations = [{}];
  expect(await background.follow('Update')).toMatchObject({ PhysicalResourceId: first });
  await background.follow('Delete', failed);
  expect(background.executions.map(({ status }) => status)).toEqual(['RUNNING', 'ABORTED']);
  await background.stage.pass(60);
  expect(background.changes.map(({ Current }) => Current.InstanceType)).toEqual(['ml.c5.xlarge']);
});

test('the clean-up of an update spares the job that is followed now, and the end of the stack does not', async () => {
  const background = await Background.made(lasts(45));
  const { stage, jobName: first } = background;
  const again = stage.jobProperties({ Trigger: 'again' });
  const { PhysicalResourceId } = await stage.send(stage.start('Update', again, { PhysicalResourceId: first, OldResourceProperties: stage.jobProperties() }));
  background.jobName = PhysicalResourceId;
  await background.follow('Update');
  const states = () => [...stage.region.sagemaker.state.jobs.values()].map(({ status }) => status);
  await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: first }));
  expect(states()).toEqual(['STOPPED', 'IN_PROGRESS']);
  await stage.send(stage.start('Delete', again, { PhysicalResourceId }));
  expect(states()).toEqual(['STOPPED', 'STOPPED']);
});

test('what was followed before and given up is followed again, also after a rollback', async () => {
  const background = await Background.made(lasts(45));
  const change = async (objective?: string) => {
    background.recommendations = [objective ? { Objective: objective } : {}];
    const before = background.execution;
    await background.follow('Update');
    await background.follow('Delete', before);
  };
  await change('LowestLatency');
  await change();
  const { execution: again } = background;
  background.recommendations = [{ Objective: 'LowestLatency' }];
  const { PhysicalResourceId: failed } = await background.follow('Update');
  background.recommendations = [{}];
  expect(await background.follow('Update')).toMatchObject({ PhysicalResourceId: again });
  await background.follow('Delete', failed);
  expect(background.executions.filter(({ status }) => status === 'RUNNING').map(({ name }) => name)).toEqual([again]);
  await background.stage.pass(60);
  expect(attributesIn(background.stage.parameters(PATH))).toMatchObject({ InstanceType: 'ml.c5.xlarge' });
});

test('Delete of a Create whose answer was lost stops what it started', async () => {
  const background = await Background.made(lasts(45));
  expect(await background.follow('Delete', 'shop-JobFollower-1A2B3C')).toMatchObject({ Status: 'SUCCESS' });
  expect(background.executions.map(({ status }) => status)).toEqual(['ABORTED']);
});

test.each(['JobFollower', 'shop-JobFollower-1A2B3C', '0a1b2c3d-00000000-0123456789abcdef'])('Delete of an execution that is not there (%s) succeeds', async (id) => {
  const background = await Background.made();
  await background.follow('Delete');
  expect(await background.follow('Delete', id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
});

test('what is taken back while the job runs is not written again, whatever follows it still', async () => {
  const background = await Background.made(lasts(10));
  await background.recommend('Delete');
  await background.stage.pass(30);
  expect([background.stage.parameters(PATH), background.changes, background.told]).toEqual([{}, [], []]);
  expect(background.executions.map(({ status }) => status)).toEqual(['SUCCEEDED']);
});

test('a path that another stack has taken meanwhile is left to it', async () => {
  const background = await Background.made(lasts(10));
  const { stage } = background;
  const owner = JSON.stringify({ StackId: 'theirs', LogicalResourceId: 'JobBest' });
  stage.region.ssm.put({ Name: `${PATH}/owner`, Type: 'String', Value: owner, Overwrite: true });
  await stage.pass(30);
  expect(attributesIn(stage.parameters(PATH))).toMatchObject({ InstanceType: 'ml.m5.large' });
  expect(stage.parameters(PATH).owner).toBe(owner);
});
