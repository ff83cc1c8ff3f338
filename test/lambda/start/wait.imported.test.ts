import { BenchmarkScript, publishedBenchmarks } from '../../../local-aws/sagemaker';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { WaitProperties } from '../../../src/contract/start';
import { Stage } from '../../harness/stage';

const NAME = 'started-elsewhere';

/** A job that something else started, and the stages of the wait chain that wait for it. */
async function imported(course: Partial<ReturnType<BenchmarkScript>> = {}) {
  const stage = await new Stage((request, name, count) => ({ ...publishedBenchmarks(request, name, count), ...course })).setUp();
  const { Request } = stage.jobProperties();
  await stage.sagemaker('CreateInferenceRecommendationsJob', { ...Request, JobName: NAME });
  const wait = (type: 'Create' | 'Update' | 'Delete', properties: Partial<WaitProperties> = {}, overrides = {}) => (
    stage.send(stage.wait(type, { JobName: NAME, Request: {}, IsImported: 'true', ...properties }, overrides)));
  const recommend = (more = {}) => stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'Best', 'Create', {
    SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: NAME, Objective: 'LowestCostPerInference', EndpointType: 'RealTime', ...more,
  }));
  const touched = () => stage.calls.map(({ operation }) => operation).filter((operation) => /^(Create|Stop|Add|Delete)/.test(operation));
  return { stage, wait, recommend, touched };
}

test('a job that runs beyond an hour is waited for, stage by stage', async () => {
  const { stage, wait, recommend, touched } = await imported({ durationSeconds: 100 * 60 });
  const begun = stage.clock.now();
  for (const place of ['1', '2', '3']) { expect(await wait('Create', { Stage: place, Stages: '3' })).toMatchObject({ Status: 'SUCCESS', Data: { JobName: NAME } }); }
  expect((stage.clock.now() - begun) / 60_000).toBeCloseTo(100, -1);
  expect((await recommend()).Data).toMatchObject({ JobName: NAME, InstanceType: 'ml.c5.xlarge' });
  expect(touched()).toEqual([]);
});

test('one that is done is not waited for', async () => {
  const { stage, wait } = await imported();
  await stage.pass(60);
  expect(await wait('Create')).toMatchObject({ Status: 'SUCCESS' });
  expect(stage.count('StartExecution')).toBe(0);
});

test.each([
  ['while a stage waits', 30],
  ['before', 1],
])('one that fails %s fails the deploy with its reason, and is neither tagged nor tried again', async (_when, minutes) => {
  const { stage, wait, touched } = await imported({ durationSeconds: minutes * 60, outcome: 'FAILED', failureReason: 'Out of capacity', recommendations: [] });
  await stage.pass(5);
  for (const RequestType of ['Create', 'Update'] as const) {
    const answer = await wait(RequestType, {}, RequestType === 'Update' ? { PhysicalResourceId: 'JobWait1' } : {});
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Out of capacity') });
  }
  expect(touched()).toEqual([]);
});

test.each([30, 1])('with a fallback, one that fails after %s minutes fails no deploy, and is not tagged', async (minutes) => {
  const { stage, wait, recommend, touched } = await imported({ durationSeconds: minutes * 60, outcome: 'FAILED', failureReason: 'No', recommendations: [] });
  await stage.pass(5);
  expect(await wait('Create', { ToleratesFailure: 'true' })).toMatchObject({ Status: 'SUCCESS' });
  const { Data } = await recommend({ Fallback: { InstanceType: 'ml.m5.large', InitialInstanceCount: '1' } });
  expect(Data).toMatchObject({ InstanceType: 'ml.m5.large', Source: 'Fallback' });
  expect(touched()).toEqual([]);
});

test('one that is not there fails with its name, and starts nothing', async () => {
  const { wait, touched } = await imported();
  expect(await wait('Create', { JobName: 'nobody-knows' })).toMatchObject({
    Status: 'FAILED', Reason: 'There is no job nobody-knows in this account and Region: import an existing job by its name.',
  });
  expect(touched()).toEqual([]);
});

test('one that the service has dropped since is in the stack already', async () => {
  const { stage, wait } = await imported();
  stage.region.sagemaker.state.jobs.delete(NAME);
  const overrides = { PhysicalResourceId: 'JobWait1', OldResourceProperties: { JobName: NAME } };
  expect(await wait('Update', {}, overrides)).toMatchObject({ Status: 'SUCCESS', Data: { JobName: NAME } });
});

test('Delete stops nothing', async () => {
  const { stage, wait, touched } = await imported();
  await stage.pass(5);
  expect(await wait('Delete', {}, { PhysicalResourceId: 'JobWait1' })).toMatchObject({ Status: 'SUCCESS' });
  expect(touched()).toEqual([]);
  expect(stage.region.sagemaker.state.jobs.get(NAME)!.status).toBe('IN_PROGRESS');
});
