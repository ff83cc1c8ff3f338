import { claimTags } from '../../../lambda/jobs/claims';
import { AwsError } from '../../../local-aws';
import { failsAfter, lasts, started } from '../../harness/courses';
import { SCOPE } from '../../harness/place';
import { Stage, STACK_ID } from '../../harness/stage';

const HALF_AN_HOUR = { MaxSeconds: '1800' };
const stops = (stage: Stage) => stage.count('StopInferenceRecommendationsJob');
const minutes = (stage: Stage) => (stage.clock.now() - Date.parse('2026-01-01T00:00:00Z')) / 60_000;

test('a job that runs longer than the library lets it is stopped, and the deploy fails with a sentence, before the stage is over', async () => {
  const stage = await new Stage(lasts(300)).setUp();
  const JobName = await started(stage);
  const answer = await stage.send(stage.wait('Create', { JobName, ...HALF_AN_HOUR }));
  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: `Inference Recommender job ${JobName} has run for 30 minutes, which is its 'maxDuration'. It was stopped. Raise 'maxDuration', or give the job`
      + ` less to try. Logs: group /aws/sagemaker/InferenceRecommendationsJobs, streams ${JobName}/….`,
  });
  expect(stops(stage)).toBe(1);
  expect(minutes(stage)).toBeGreaterThanOrEqual(30);
  expect(minutes(stage)).toBeLessThan(45);
});

test.each([-90_000, -1, 90_000])('it is stopped as well if the functions\' clock is off by %d ms: the state machine waits by its own', async (skewMs) => {
  const stage = await new Stage(lasts(300)).setUp();
  const JobName = await started(stage);
  stage.skewMs = skewMs;
  const answer = await stage.send(stage.wait('Create', { JobName, ...HALF_AN_HOUR, Stage: '2', Stages: '2' }));
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('has run for 30 minutes') });
  expect(stops(stage)).toBe(1);
});

test('a job that ends before its time is none', async () => {
  const stage = await new Stage(lasts(20)).setUp();
  const JobName = await started(stage);
  expect(await stage.send(stage.wait('Create', { JobName, ...HALF_AN_HOUR }))).toMatchObject({ Status: 'SUCCESS' });
  expect(stops(stage)).toBe(0);
});

test('a job that fails before its time tells its own reason', async () => {
  const stage = await new Stage(failsAfter(10)).setUp();
  const JobName = await started(stage);
  expect(await stage.send(stage.wait('Create', { JobName, ...HALF_AN_HOUR }))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Every benchmark failed') });
  expect(stops(stage)).toBe(0);
});

test('with a fallback, the job is stopped and the deploy goes on', async () => {
  const stage = await new Stage(lasts(300)).setUp();
  const JobName = await started(stage);
  expect(await stage.send(stage.wait('Create', { JobName, ...HALF_AN_HOUR, ToleratesFailure: 'true' }))).toMatchObject({ Status: 'SUCCESS', Data: { JobName } });
  expect(stops(stage)).toBe(1);
});

test('a job that others need runs on', async () => {
  const stage = await new Stage(lasts(300)).setUp();
  const JobName = await started(stage);
  const other = { StackId: STACK_ID, LogicalResourceId: 'Other', ...SCOPE };
  const { arn } = stage.region.sagemaker.state.jobs.get(JobName)!;
  await stage.sagemaker('AddTags', { ResourceArn: arn, Tags: claimTags(other, { at: '20260101T000000Z', id: 'request-0' }) });
  const answer = await stage.send(stage.wait('Create', { JobName, ...HALF_AN_HOUR }));
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('It runs on, because others need it.') });
  expect(stops(stage)).toBe(0);
});

test('whoever has left it comes back with the next deploy, stops it once nobody else needs it, and then begins another attempt', async () => {
  const stage = await new Stage(lasts(300)).setUp();
  const JobName = await started(stage);
  const other = { StackId: STACK_ID, LogicalResourceId: 'Other', ...SCOPE };
  const { arn } = stage.region.sagemaker.state.jobs.get(JobName)!;
  const Tags = claimTags(other, { at: '20260101T000000Z', id: 'request-0' });
  await stage.sagemaker('AddTags', { ResourceArn: arn, Tags });
  const deploy = () => stage.send(stage.wait('Create', { JobName, ...HALF_AN_HOUR }));
  for (let deploys = 0; deploys < 2; deploys++) {
    expect(await deploy()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('It runs on, because others need it.') });
  }
  expect(stops(stage)).toBe(0);
  await stage.sagemaker('DeleteTags', { ResourceArn: arn, TagKeys: [Tags[1].Key] });
  expect(await deploy()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('It was stopped.') });
  expect(stops(stage)).toBe(1);
  await stage.pass(10);
  void stage.deliver(stage.wait('Create', { JobName, ...HALF_AN_HOUR }));
  await stage.pass(5);
  expect([...stage.region.sagemaker.state.jobs.keys()]).toEqual([JobName, `${JobName}-a2`]);
});

test('whoever has stopped it takes over the attempt that another stack began meanwhile', async () => {
  const stage = await new Stage((_request, _name, count) => lasts(count === 1 ? 300 : 10)()).setUp();
  const JobName = await started(stage);
  const deploy = () => stage.send(stage.wait('Create', { JobName, ...HALF_AN_HOUR }));
  expect(await deploy()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('It was stopped.') });
  await stage.pass(10);
  const other = { StackId: STACK_ID.replace(/[^/]+$/, 'another') };
  const next = { JobName: `${JobName}-a2` };
  expect(await stage.send(stage.wait('Create', { JobName, StackKey: '89abcdef' }, other))).toMatchObject({ Status: 'SUCCESS', Data: next });
  expect(await deploy()).toMatchObject({ Status: 'SUCCESS', Data: next });
});

test.each(['AddTags', 'DeleteTags'])('whoever was cut short at any %s while it left comes back as well', async (operation) => {
  for (let skip = 0, struck = true; struck; skip++) {
    const stage = await new Stage(lasts(300)).setUp();
    const JobName = await started(stage);
    const other = { StackId: STACK_ID, LogicalResourceId: 'Other', ...SCOPE };
    const { arn } = stage.region.sagemaker.state.jobs.get(JobName)!;
    await stage.sagemaker('AddTags', { ResourceArn: arn, Tags: claimTags(other, { at: '20260101T000000Z', id: 'request-0' }) });
    const fault = { operation, error: new AwsError('ExpiredTokenException', 'Expired', 400), skip, times: Infinity };
    stage.faults.push(fault);
    let tries = 0;
    stage.clients.before = async (called) => { tries += Number(called === operation); };
    const deploy = () => stage.send(stage.wait('Create', { JobName, ...HALF_AN_HOUR }));
    expect((await deploy()).Status).toBe('FAILED');
    struck = tries > skip;
    stage.faults.length = 0;
    expect(await deploy()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('It runs on, because others need it.') });
  }
});

test('the next deploy begins another attempt', async () => {
  const stage = await new Stage(lasts(300)).setUp();
  const JobName = await started(stage);
  await stage.send(stage.wait('Create', { JobName, ...HALF_AN_HOUR }));
  await stage.pass(10);
  expect(await stage.send(stage.start('Update', stage.jobProperties(), { PhysicalResourceId: JobName, OldResourceProperties: stage.jobProperties() })))
    .toMatchObject({ Status: 'SUCCESS', Data: { JobName: `${JobName}-a2` } });
});

test('an imported job is never stopped', async () => {
  const stage = await new Stage(lasts(300)).setUp();
  const JobName = await started(stage);
  expect(await stage.send(stage.wait('Create', { JobName, IsImported: 'true', ...HALF_AN_HOUR }))).toMatchObject({ Status: 'SUCCESS' });
  expect(stops(stage)).toBe(0);
});

test('what looks after a job knows how long the job may run', async () => {
  const stage = await new Stage(lasts(300)).setUp();
  const JobName = await started(stage);
  expect(JSON.parse(stage.watches[0].input)).not.toHaveProperty('maxSeconds');
  const limited = await new Stage(lasts(300)).setUp();
  await limited.send(limited.start('Create', limited.jobProperties(HALF_AN_HOUR)));
  expect(JSON.parse(limited.watches[0].input)).toMatchObject({ maxSeconds: 1800, jobName: JobName });
});
