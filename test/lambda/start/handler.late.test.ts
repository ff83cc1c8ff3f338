import { failsAfter, lasts, started } from '../../harness/courses';
import { serviceError, Stage } from '../../harness/stage';

const DENIED = serviceError('AccessDeniedException', 'The role is gone');
const BUSY = serviceError('InternalFailure', 'An unknown error', 500);

/** How the jobs of a stage are, by their names. */
function statuses({ region }: Stage): Readonly<Record<string, string>> {
  return Object.fromEntries([...region.sagemaker.state.jobs.values()].map(({ request, status }) => [request.JobName, status]));
}

/** What CloudFormation does without rollback: the failed stage gets the state that it had before. */
async function returned(stage: Stage, now: { JobName: string; AskedAt?: string }, before: { JobName: string; AskedAt?: string }) {
  return stage.send(stage.wait('Update', before, { PhysicalResourceId: 'JobWait1', OldResourceProperties: stage.jobProperties(now as any) }));
}

describe('a stage that CloudFormation returns to an earlier state', () => {
  test('starts no attempt of the earlier content: nothing would own it', async () => {
    const stage = await new Stage(failsAfter(1)).setUp();
    const first = await stage.send(stage.start('Create'));
    const before = { JobName: first.Data!.JobName, AskedAt: first.Data!.AskedAt };
    expect(await stage.send(stage.wait('Create', before))).toMatchObject({ Status: 'FAILED' });
    const second = await stage.send(stage.start('Update', stage.jobProperties({ Trigger: 'v2' }), { PhysicalResourceId: first.PhysicalResourceId }));
    const now = { JobName: second.Data!.JobName, AskedAt: second.Data!.AskedAt };
    expect(now.AskedAt > before.AskedAt).toBe(true);

    expect(await returned(stage, now, before)).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/\. If a rollback fails with this, .* skip this resource\.$/) });
    expect(Object.keys(statuses(stage))).toEqual([before.JobName, now.JobName]);
  });

  test('waits for the attempt that the start resource has started in the rollback', async () => {
    const stage = await new Stage(lasts(10)).setUp();
    const first = await stage.send(stage.start('Create'));
    const before = { JobName: first.Data!.JobName, AskedAt: first.Data!.AskedAt };
    const change = stage.jobProperties({ Trigger: 'v2' });
    const second = await stage.send(stage.start('Update', change, { PhysicalResourceId: first.PhysicalResourceId }));
    await stage.send(stage.start('Update', stage.jobProperties(), { PhysicalResourceId: second.PhysicalResourceId, OldResourceProperties: change }));
    expect(await returned(stage, { JobName: second.Data!.JobName, AskedAt: second.Data!.AskedAt }, before)).toMatchObject({
      Status: 'SUCCESS', Data: { JobName: `${before.JobName}-a2` },
    });
  });
});

describe('an event that comes once more when a later one has been worked on', () => {
  /** An update to other content, and the rollback of it. */
  async function rolledBack() {
    const stage = await new Stage(failsAfter(20)).setUp();
    const first = await stage.send(stage.start('Create'));
    await stage.pass(1);
    const change = stage.jobProperties({ Trigger: 'v2' });
    const update = stage.start('Update', change, { PhysicalResourceId: first.PhysicalResourceId, OldResourceProperties: stage.jobProperties() });
    const second = await stage.send(update);
    await stage.pass(1);
    const back = stage.start('Update', stage.jobProperties(), { PhysicalResourceId: second.PhysicalResourceId, OldResourceProperties: change });
    await stage.send(back);
    await stage.pass(5);
    return { stage, update, back, first: first.PhysicalResourceId, second: second.PhysicalResourceId };
  }

  test('stops no job that the later one has started, and starts none', async () => {
    const { stage, update, first, second } = await rolledBack();
    expect(statuses(stage)).toEqual({ [first]: 'STOPPED', [second]: 'STOPPED', [`${first}-a2`]: 'IN_PROGRESS' });
    await stage.deliverToTheEnd(update);
    await stage.pass(1);
    expect(statuses(stage)).toEqual({ [first]: 'STOPPED', [second]: 'STOPPED', [`${first}-a2`]: 'IN_PROGRESS' });
  });

  test('starts no attempt after one of a later request that failed', async () => {
    const { stage, back, first } = await rolledBack();
    await stage.pass(60);
    await stage.send(stage.start('Update', stage.jobProperties(), { PhysicalResourceId: first, OldResourceProperties: stage.jobProperties({ Trigger: 'v3' }) }));
    await stage.pass(60);
    expect(statuses(stage)[`${first}-a3`]).toBe('FAILED');
    await stage.deliverToTheEnd(back);
    expect(statuses(stage)[`${first}-a4`]).toBeUndefined();
  });

  test('and deletes: a job of a construct that was made again runs on', async () => {
    const stage = await new Stage(lasts(45)).setUp();
    const { PhysicalResourceId } = await stage.send(stage.start('Create'));
    const deletion = stage.start('Delete', stage.jobProperties(), { PhysicalResourceId });
    expect(await stage.send(deletion)).toMatchObject({ Status: 'SUCCESS' });
    await stage.pass(1);
    const again = await stage.send(stage.start('Create'));
    await stage.deliverToTheEnd(deletion);
    await stage.pass(1);
    expect(statuses(stage)[again.Data!.JobName]).toBe('IN_PROGRESS');
  });
});

describe('a Create that fails for a reason that may pass', () => {
  test('tells its Delete to outlast a repeated delivery, which may still start the job', async () => {
    const stage = await new Stage(lasts(45)).setUp();
    const create = stage.start('Create');
    stage.fail('DescribeModelPackage', BUSY, 25);
    const { Status, PhysicalResourceId } = await stage.send(create);
    expect([Status, PhysicalResourceId]).toEqual(['FAILED', 'Job-unsettled']);
    stage.fail('DescribeModelPackage', BUSY, 10);
    void stage.deliver(create);
    expect(await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId }))).toMatchObject({ Status: 'SUCCESS' });
    expect(Object.values(statuses(stage))).toEqual(['STOPPED']);
  });

  test('and so does one whose permissions end while it is worked on', async () => {
    const stage = await new Stage(failsAfter(1)).setUp();
    await stage.send(stage.start('Create'));
    await stage.pass(5);
    stage.faults.push({ operation: 'DescribeInferenceRecommendationsJob', error: DENIED, times: 60, skip: 1 });
    expect(await stage.send(stage.start('Create'))).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'Job-unsettled' });
  });

  test('and whose Delete fails, too, leaves no job that runs beside that of the next Create', async () => {
    const stage = await new Stage(lasts(45)).setUp();
    stage.faults.push({ operation: 'CreateInferenceRecommendationsJob', error: BUSY, times: 60, afterEffect: true });
    stage.faults.push({ operation: 'CreateInferenceRecommendationsJob', error: BUSY, times: 60, skip: 1 });
    const { PhysicalResourceId } = await stage.send(stage.start('Create'));
    expect(PhysicalResourceId).toBe('Job-unsettled');
    stage.fail('ListTags', DENIED, 60);
    expect(await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId }))).toMatchObject({ Status: 'FAILED' });
    stage.faults.length = 0;
    const next = await stage.send(stage.start('Create', stage.jobProperties({ Trigger: 'v2' })));
    await stage.pass(2);
    expect(Object.values(statuses(stage))).toEqual(['STOPPED', 'IN_PROGRESS']);
    expect(Object.keys(statuses(stage))[1]).toBe(next.Data!.JobName);
  });

  test('and one that fails for good is deleted at once', async () => {
    const stage = await new Stage().setUp();
    stage.fail('DescribeModelPackage', serviceError('ValidationException', 'bad'), 1);
    const { PhysicalResourceId } = await stage.send(stage.start('Create'));
    expect(PhysicalResourceId).toBe('Job');
    const begun = stage.clock.now();
    await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId }));
    expect(stage.clock.now() - begun).toBeLessThan(60_000);
  });
});

describe('a Delete whose permissions end while it is worked on', () => {
  test('answers nothing, since the first delivery has been answered and everything is gone', async () => {
    const stage = await new Stage().setUp();
    await started(stage);
    await stage.pass(60);
    const deletion = stage.start('Delete', stage.jobProperties(), { PhysicalResourceId: 'Stack-Job-INVENTED' });
    const delivered = expect(stage.deliver(deletion)).rejects.toThrow('The role is gone');
    await stage.pass(1);
    stage.fail('DescribeInferenceRecommendationsJob', DENIED, 100);
    await stage.pass(10);
    await delivered;
    expect(stage.answers.filter(({ RequestId }) => RequestId === deletion.RequestId)).toEqual([]);
  });

  test('is told of as before where they were missing from the beginning', async () => {
    const stage = await new Stage().setUp();
    const { PhysicalResourceId } = await stage.send(stage.start('Create'));
    stage.fail('DescribeInferenceRecommendationsJob', DENIED, 100);
    expect(await stage.send(stage.start('Delete', stage.jobProperties(), { PhysicalResourceId })))
      .toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('The role is gone') });
  });
});
