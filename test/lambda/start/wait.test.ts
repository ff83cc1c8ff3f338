import { failsAfter, lasts, started } from '../../harness/courses';
import { Stage, RESPONSE_URL } from '../../harness/stage';

const HOUR = 3_600_000;

describe('wait', () => {
  test('a job of 45 minutes is waited for within one stage, without a function running', async () => {
    const stage = await new Stage(lasts(45)).setUp();
    const JobName = await started(stage);
    const begin = stage.clock.now();
    const answer = await stage.send(stage.wait('Create', { JobName }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { JobName }, PhysicalResourceId: 'JobWait1' });
    expect(stage.invocations).toHaveLength(1);
    expect(stage.clock.now() - begin).toBeGreaterThan(44 * 60_000);
  });

  test('a job of 70 minutes outlasts its first stage, which hands over within the hour; the second ends the wait', async () => {
    const stage = await new Stage(lasts(70)).setUp();
    const JobName = await started(stage);
    const begin = stage.clock.now();
    expect(await stage.send(stage.wait('Create', { JobName }))).toMatchObject({ Status: 'SUCCESS' });
    expect(stage.clock.now() - begin).toBeLessThan(HOUR);
    expect(await stage.sagemaker('DescribeInferenceRecommendationsJob', { JobName })).toMatchObject({ Status: 'IN_PROGRESS' });
    expect(await stage.send(stage.wait('Create', { JobName, Stage: '2' }))).toMatchObject({ Status: 'SUCCESS' });
    expect(await stage.sagemaker('DescribeInferenceRecommendationsJob', { JobName })).toMatchObject({ Status: 'COMPLETED' });
  });

  test('once the job is over, a stage answers at once and starts no execution', async () => {
    const stage = await new Stage(lasts(10)).setUp();
    const JobName = await started(stage);
    await stage.pass(60);
    await stage.send(stage.wait('Create', { JobName }));
    expect(stage.executions).toEqual([]);
  });

  test('a fresh failure is reported, not paid again; a deploy that resumes after it was reported starts another attempt, once per event', async () => {
    const stage = await new Stage(failsAfter(1)).setUp();
    const JobName = await started(stage);
    await stage.pass(60);
    expect(await stage.send(stage.wait('Create', { JobName }))).toMatchObject({ Status: 'FAILED' });
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);

    const resumed = stage.wait('Update', { JobName }, { PhysicalResourceId: 'JobWait1' });
    expect(await stage.send(resumed)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${JobName}-a2`) });
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(2);

    await stage.deliver(resumed);
    await stage.pass(120);
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(2);
  });

  test('a stage that has nothing new to wait for succeeds although the service dropped the job', async () => {
    const stage = await new Stage().setUp();
    const JobName = '0a1b2c3d-00000000-0123456789abcdef';
    const overrides = { PhysicalResourceId: 'JobWait1', OldResourceProperties: { JobName } };
    expect(await stage.send(stage.wait('Update', { JobName, Tags: [{ Key: 'a', Value: 'b' }] }, overrides))).toMatchObject({ Status: 'SUCCESS', Data: { JobName } });
  });

  test('an answer that arrived although its receipt was lost is not followed by another one', async () => {
    const stage = await new Stage(lasts(10)).setUp();
    const JobName = await started(stage);
    await stage.pass(60);
    stage.fail('PutAnswer', new Error('timed out'), 100, true);
    await expect(stage.deliverToTheEnd(stage.wait('Create', { JobName }))).rejects.toThrow('did not take the answer');
    expect(new Set(stage.answers.map(({ Status }) => Status))).toEqual(new Set(['SUCCESS']));
  });

  test('a repeated delivery starts no second execution', async () => {
    const stage = await new Stage(lasts(45)).setUp();
    const JobName = await started(stage);
    const event = stage.wait('Create', { JobName });
    await Promise.all([stage.deliver(event), stage.deliver(event)]);
    await stage.answerTo(event.RequestId);
    await stage.pass(60);
    expect(stage.executions).toHaveLength(1);
    expect(stage.answers.filter(({ RequestId }) => RequestId === event.RequestId)).toHaveLength(1);
  });

  test('a stage whose job is gone fails with the remedy and starts nothing', async () => {
    const stage = await new Stage().setUp();
    const answer = await stage.send(stage.wait('Create', { JobName: '0a1b2c3d-00000000-0123456789abcdef' }));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining("Change the job's 'trigger'") });
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(0);
  });

  test.each([2, 3, 10])('so does one whose attempt %i is gone, where the first has failed: that failure is none of its own', async (attempt) => {
    const stage = await new Stage(failsAfter(1)).setUp();
    const JobName = `${await started(stage)}-a${attempt}`;
    await stage.pass(60);
    const answer = await stage.send(stage.wait('Create', { JobName }));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(`${JobName} is gone.*'trigger'`) });
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(1);
    // What was waited for before has its results in the stack.
    const again = stage.wait('Update', { JobName, Tags: [{ Key: 'a', Value: 'b' }] }, { PhysicalResourceId: 'JobWait1', OldResourceProperties: { JobName } });
    expect(await stage.send(again)).toMatchObject({ Status: 'SUCCESS', Data: { JobName } });
  });

  test('what an earlier stage reports, once it has handed over, starts no attempt in the stage after it', async () => {
    const stage = await new Stage(failsAfter(1)).setUp();
    const JobName = await started(stage);
    await stage.pass(60);
    expect(await stage.send(stage.wait('Create', { JobName, Stage: '1', Stages: '2' }))).toMatchObject({ Status: 'FAILED' });
    for (const attempt of [JobName, `${JobName}-a2`]) {
      const answer = await stage.send(stage.wait('Create', { JobName, Stage: '2', Stages: '2' }));
      expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${attempt} ended FAILED`) });
    }
    expect(stage.count('CreateInferenceRecommendationsJob')).toBe(2);
  });

  test('Delete of a stage answers at once', async () => {
    const stage = await new Stage().setUp();
    expect(await stage.send(stage.wait('Delete', { JobName: 'x' }, { PhysicalResourceId: 'JobWait1' }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('an answer that CloudFormation refuses once is sent again', async () => {
    const stage = await new Stage(lasts(45)).setUp();
    const JobName = await started(stage);
    stage.fail('PutAnswer', new Error('503'), 3);
    expect(await stage.send(stage.wait('Create', { JobName }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('no log line holds the signed URL', async () => {
    const stage = await new Stage(failsAfter(1)).setUp();
    await stage.send(stage.wait('Create', { JobName: await started(stage) }));
    expect(stage.logs.join()).not.toContain(RESPONSE_URL);
  });
});
