import { OUTLAST_MS, RESERVE_MS } from '../../../lambda/runtime/retry';
import { APPROVAL_CALL_SECONDS } from '../../../src/contract/approval';
import { APPROVAL_NEEDED } from '../../../src/contract/events';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { APPROVAL_LOOK_SECONDS, APPROVAL_WAIT_SECONDS, SERVICE_TIMEOUT_SECONDS } from '../../../src/contract/waiting';
import { Answer, serviceError, Stage } from '../../harness/stage';

/** A stage whose job has ended, whose package is pending, and whose recommendation waits for a person. */
async function waiting(more: object = {}) {
  const stage = await new Stage().setUp();
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  await setStatus(stage, 'PendingManualApproval');
  const event = stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Create', {
    SchemaVersion: '1',
    Family: 'InferenceRecommendations',
    JobName: Data!.JobName,
    Objective: 'LowestCostPerInference',
    EndpointType: 'RealTime',
    Approval: 'Wait',
    ApprovalSeconds: `${APPROVAL_WAIT_SECONDS}`,
    StateMachineArn: stage.followMachineArn,
    ...more,
  });
  await stage.deliverToTheEnd(event);
  const answers = (): Answer[] => stage.answers.filter(({ RequestId }) => RequestId === event.RequestId);
  return { stage, event, answers, requested: stage.clock.now() };
}
const setStatus = (stage: Stage, ModelApprovalStatus: string) => (
  stage.sagemaker('UpdateModelPackage', { ModelPackageArn: stage.packageArn, ModelApprovalStatus }));
const last = ({ executions }: Stage) => executions[executions.length - 1];

test('a deploy waits for a person, who is told once, and is answered once', async () => {
  const { stage, answers } = await waiting();
  await stage.pass(30);
  expect(answers()).toEqual([]);
  expect(stage.events.filter(({ type }) => type === APPROVAL_NEEDED).map(({ detail }) => detail)).toEqual([{
    StackId: expect.any(String),
    LogicalResourceId: 'JobBest',
    JobName: expect.any(String),
    ModelPackageArn: stage.packageArn,
    Summary: expect.stringContaining('ml.'),
    WaitsUntil: expect.stringMatching(/^2026-/),
  }]);
  await setStatus(stage, 'Approved');
  await stage.pass(1);
  expect(answers()).toMatchObject([{ Status: 'SUCCESS', Data: { Source: 'Benchmark', ModelPackageArn: stage.packageArn } }]);
  expect(last(stage).status).toBe('SUCCEEDED');
});

test('a rejection is answered at once', async () => {
  const { stage, answers } = await waiting();
  await setStatus(stage, 'Rejected');
  await stage.pass(1);
  expect(answers()).toMatchObject([{ Status: 'FAILED', Reason: expect.stringContaining('is Rejected, and only an approved package can be deployed') }]);
});

test('a fallback takes the place of a rejected package', async () => {
  const { stage, answers } = await waiting({ Fallback: { InstanceType: 'ml.m5.large', InitialInstanceCount: '1' } });
  await setStatus(stage, 'Rejected');
  await stage.pass(1);
  expect(answers()).toMatchObject([{ Status: 'SUCCESS', Data: { Source: 'Fallback' } }]);
});

test('when the time is over, the deploy fails within CloudFormation\'s hour, and the next one waits again', async () => {
  const { stage, event, answers, requested } = await waiting();
  while (answers().length === 0) { await stage.pass(1); }
  const Reason = expect.stringContaining('The deploy has waited 50 minutes for an approval. Approve it in the model registry, and deploy again');
  expect(answers()).toMatchObject([{ Status: 'FAILED', Reason }]);
  expect(stage.clock.now() - requested).toBeLessThan(SERVICE_TIMEOUT_SECONDS * 1000);
  const again = stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Create', event.ResourceProperties);
  await stage.deliverToTheEnd(again);
  await setStatus(stage, 'Approved');
  expect(await stage.answerTo(again.RequestId)).toMatchObject({ Status: 'SUCCESS' });
  expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);
});

test('a second delivery begins no second execution', async () => {
  const { stage, event, answers } = await waiting();
  const before = stage.executions.length;
  await stage.deliverToTheEnd(event);
  expect(stage.executions.length).toBe(before);
  await setStatus(stage, 'Approved');
  await stage.pass(5);
  expect(answers()).toHaveLength(1);
});

test('a package that is approved already is not waited for', async () => {
  const { stage, event } = await waiting();
  await setStatus(stage, 'Approved');
  await stage.pass(5);
  const before = stage.executions.length;
  expect(await stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Create', event.ResourceProperties))).toMatchObject({ Status: 'SUCCESS' });
  expect(stage.executions.length).toBe(before);
});

test.each(['DescribeModelPackage', 'StartExecution'])('a throttled %s is outlasted', async (operation) => {
  const stage = (await waiting()).stage;
  stage.fail(operation, serviceError('ThrottlingException', 'Rate exceeded'), 2);
  await stage.pass(5);
  await setStatus(stage, 'Approved');
  await stage.pass(5);
  expect(stage.answers[stage.answers.length - 1]).toMatchObject({ LogicalResourceId: 'JobBest', Status: 'SUCCESS' });
});

test('an execution outlasts a function that does not run, and ends with CloudFormation\'s hour', async () => {
  const { stage, answers } = await waiting();
  stage.broken.set('recommend', 'Lambda.ServiceException');
  await stage.pass(20);
  stage.broken.clear();
  await setStatus(stage, 'Approved');
  await stage.pass(2);
  expect(answers()).toHaveLength(1);
  const lost = await waiting();
  lost.stage.broken.set('recommend', 'Lambda.ServiceException');
  await lost.stage.pass(SERVICE_TIMEOUT_SECONDS / 60 + 2);
  expect([last(lost.stage).status, lost.answers()]).toEqual(['SUCCEEDED', []]);
});

describe('the end of a request that waits', () => {
  const ParameterPath = '/chat/best';
  const remove = (stage: Stage, { ResourceProperties }: { ResourceProperties: object }) => stage.send(
    stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Delete', ResourceProperties, { PhysicalResourceId: 'JobBest' }));

  test('a Delete ends the execution, and a later approval writes nothing', async () => {
    const { stage, event, answers } = await waiting({ ParameterPath });
    await stage.pass(5);
    expect(await remove(stage, event)).toMatchObject({ Status: 'SUCCESS' });
    expect(last(stage).status).toBe('ABORTED');
    await setStatus(stage, 'Approved');
    await stage.pass(10);
    expect([answers(), stage.parameters(ParameterPath)]).toEqual([[], {}]);
  });

  test.each(['DescribeModelPackage', 'GetParametersByPath', 'PutParameter', 'DescribeExecution'])(
    'a look that is about to call %s when the Delete comes leaves no parameter', async (operation) => {
      for (let nth = 1; nth <= 5; nth++) {
        const { stage, event } = await waiting({ ParameterPath });
        await setStatus(stage, 'Approved');
        let calls = 0;
        // The n-th call of this operation waits until the Delete is answered.
        stage.clients.before = (given) => (given === operation && ++calls === nth ? stage.clock.sleep(60_000) : Promise.resolve());
        await stage.pass(0.6);
        stage.clients.before = async () => {};
        expect(await remove(stage, event)).toMatchObject({ Status: 'SUCCESS' });
        await stage.pass(10);
        expect([nth, stage.parameters(ParameterPath)]).toEqual([nth, {}]);
      }
    });

  test('an update that is rolled back ends it, and the values of the earlier state stay', async () => {
    const { stage, event, answers } = await waiting();
    await setStatus(stage, 'Approved');
    await stage.pass(1);
    expect(answers()).toMatchObject([{ Status: 'SUCCESS' }]);
    await setStatus(stage, 'PendingManualApproval');
    const before = event.ResourceProperties;
    const change = (properties: object, old: object) => (
      stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Update', properties, { PhysicalResourceId: 'JobBest', OldResourceProperties: old }));
    await stage.deliverToTheEnd(change({ ...before, ParameterPath }, before));
    await stage.pass(5);
    expect(last(stage).status).toBe('RUNNING');
    const { StateMachineArn: _machine, ApprovalSeconds: _seconds, ...unwaiting } = before;
    expect(await stage.send(change({ ...unwaiting, Approval: undefined }, { ...before, ParameterPath }))).toMatchObject({ Status: 'SUCCESS' });
    await setStatus(stage, 'Approved');
    await stage.pass(10);
    expect([last(stage).status, stage.parameters(ParameterPath)]).toEqual(['ABORTED', {}]);
  });

  test('a Delete that may not end the execution is answered all the same', async () => {
    const { stage, event } = await waiting({ ParameterPath });
    await stage.pass(5);
    stage.fail('StopExecution', serviceError('InvalidArn', 'no such execution'), Infinity);
    expect(await remove(stage, event)).toMatchObject({ Status: 'SUCCESS' });
    expect(stage.logs.join()).toContain('left waiting');
  });
});

test('the pause, a last look and its retries fit into what CloudFormation leaves', () => {
  expect(APPROVAL_WAIT_SECONDS + APPROVAL_LOOK_SECONDS + (OUTLAST_MS + RESERVE_MS) / 1000).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
});

test('an approval by a stack comes no later than its description allows', () => {
  expect(OUTLAST_MS / 1000).toBeLessThan(APPROVAL_CALL_SECONDS);
});
