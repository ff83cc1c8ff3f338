import { failsAfter } from '../../harness/courses';
import { STACK_ID } from '../../harness/place';
import { ACCOUNT, create, dev, jobs, OTHER, remove, staged, tagsOn, userTags } from '../../harness/sharing';
import { serviceError, Stage } from '../../harness/stage';
import { FOLLOW_RESOURCE_TYPE } from '../../harness/types';

const DENIED = serviceError('AccessDeniedException', 'User: x is not authorized to perform: sagemaker:AddTags');

/** As the service may do with the records of old jobs. */
function drop({ region: { sagemaker: { state } } }: Stage, jobName: string): void {
  state.tags.delete(state.jobs.get(jobName)!.arn);
  state.jobs.delete(jobName);
}

describe('an attempt of another stack that has failed before this one had claimed it', () => {
  const failedTwice = async () => {
    const stage = await staged(failsAfter(10));
    const { Data } = await create(stage, STACK_ID, 'Job', ACCOUNT);
    await stage.pass(20);
    await create(stage, OTHER, 'Job', dev);
    await stage.pass(20);
    const resume = (JobName = Data!.JobName) => stage.wait('Create', { ...ACCOUNT, JobName, AskedAt: Data!.AskedAt, Stage: '1' });
    return { stage, resume, jobName: Data!.JobName };
  };

  /** A resource's job is dropped by the service, and another stack starts one under its name, which fails. */
  const stoodIn = async () => {
    const stage = await staged(failsAfter(10));
    const { Data } = await create(stage, STACK_ID, 'Job', ACCOUNT);
    const jobName = Data!.JobName as string;
    const resume = stage.wait('Create', { ...ACCOUNT, JobName: jobName, AskedAt: Data!.AskedAt, Stage: '1' });
    drop(stage, jobName);
    const answer = await stage.send(resume);
    await create(stage, OTHER, 'Job', dev);
    await stage.pass(20);
    expect(jobs(stage)).toEqual(['FAILED']);
    return { stage, answer, resume: { ...resume, RequestId: 'resumed' }, jobName };
  };

  test('keeps no stack from its own next attempt: a deploy that resumes starts it', async () => {
    const { stage, resume } = await failedTwice();
    expect(jobs(stage)).toEqual(['FAILED', 'FAILED']);
    void stage.deliver(resume());
    await stage.pass(1);
    expect(jobs(stage)).toEqual(['FAILED', 'FAILED', 'IN_PROGRESS']);
  });

  test('keeps none from it either where it stands in the place of one that the service has dropped', async () => {
    const { stage, answer, resume, jobName } = await stoodIn();
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${jobName} is gone`) });
    void stage.deliver(resume);
    await stage.pass(1);
    expect(jobs(stage)).toEqual(['FAILED', 'IN_PROGRESS']);
    // Once, also if the event comes again.
    void stage.deliver(resume);
    await stage.pass(2);
    expect(jobs(stage)).toEqual(['FAILED', 'IN_PROGRESS']);
  });

  test('keeps none from it that had no room for a claim', async () => {
    const stage = await staged(failsAfter(10));
    await create(stage, STACK_ID, 'Job', { ...ACCOUNT, Tags: userTags(44) });
    const { Data } = await create(stage, OTHER, 'Job', dev);
    stage.fail('AddTags', DENIED, 1000);
    const stages = () => stage.wait('Create', { ...dev, JobName: Data!.JobName, AskedAt: Data!.AskedAt, Stage: '1' }, { StackId: OTHER });
    expect(await stage.send(stages())).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${Data!.JobName} ended FAILED`) });
    void stage.deliver(stages());
    await stage.pass(1);
    expect(jobs(stage)).toEqual(['FAILED', 'IN_PROGRESS']);
  });

  test('starts nothing for a stage whose construct has left the one that it is told of', async () => {
    const stage = await staged(failsAfter(10));
    const { Data, PhysicalResourceId } = await create(stage, STACK_ID, 'Job', ACCOUNT);
    await create(stage, OTHER, 'Job', dev);
    await remove(stage, STACK_ID, PhysicalResourceId, 'Job', ACCOUNT);
    await stage.pass(20);
    const late = stage.wait('Create', { ...ACCOUNT, JobName: Data!.JobName, AskedAt: Data!.AskedAt });
    expect(await stage.send(late)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${Data!.JobName} ended FAILED`) });
    expect(jobs(stage)).toEqual(['FAILED']);
  });

  test('takes no tag of one that had no room for a claim and follows it', async () => {
    const stage = await staged();
    await create(stage, STACK_ID, 'Job', { ...ACCOUNT, Tags: userTags(44) });
    const { Data } = await create(stage, OTHER, 'Job', dev);
    stage.fail('AddTags', DENIED, 1000);
    const follower = stage.event(FOLLOW_RESOURCE_TYPE, 'JobFollower', 'Create', {
      ...dev, JobName: Data!.JobName, JobLogicalId: 'Job', StateMachineArn: stage.followMachineArn, Recommendations: [],
    }, { StackId: OTHER });
    expect(await stage.send(follower)).toMatchObject({ Status: 'SUCCESS' });
    expect(stage.executions).toHaveLength(1);
  });

  test('is none of a stage whose own attempt the service has dropped: its results may be in the stack already', async () => {
    const { stage, resume, jobName } = await failedTwice();
    drop(stage, jobName);
    expect(await stage.send(resume())).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${jobName} is gone`) });
    const properties = { ...ACCOUNT, JobName: jobName };
    const again = stage.wait('Update', properties, { PhysicalResourceId: 'JobWait1', OldResourceProperties: stage.wait('Create', properties).ResourceProperties });
    expect(await stage.send(again)).toMatchObject({ Status: 'SUCCESS', Data: { JobName: jobName } });
    expect(jobs(stage)).toEqual(['FAILED']);
  });

  test('takes no tag of a stack that has no claim on it: where a fallback stands in for it, it fails no stage and no update', async () => {
    const { stage, jobName } = await stoodIn();
    const before = tagsOn(stage, jobName);
    stage.fail('AddTags', DENIED, 1000);
    const tolerant = { ...ACCOUNT, ToleratesFailure: 'true' as const };
    expect(await stage.send(stage.wait('Create', { ...tolerant, JobName: jobName }))).toMatchObject({ Status: 'SUCCESS', Data: { JobName: jobName } });
    const [changed, old] = [stage.jobProperties({ ...tolerant, Tags: userTags(1) }), stage.jobProperties(tolerant)];
    const update = stage.start('Update', changed, { PhysicalResourceId: jobName, OldResourceProperties: old });
    expect(await stage.send(update)).toMatchObject({ Status: 'SUCCESS', Data: { JobName: jobName } });
    expect(tagsOn(stage, jobName)).toEqual(before);
    expect(jobs(stage)).toEqual(['FAILED']);
  });
});
