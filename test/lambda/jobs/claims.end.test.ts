import { SCOPE, STACK_ID } from '../../harness/place';
import { ACCOUNT, create, dev, jobs, OTHER, remove, staged } from '../../harness/sharing';
import { Stage } from '../../harness/stage';
import { WATCHES_RESOURCE_TYPE } from '../../harness/types';

describe('at the end of a stack, what runs for a construct whose own Delete has failed for good', () => {
  const end = (stage: Stage) => stage.event(WATCHES_RESOURCE_TYPE, 'Watches', 'Delete', {}, { PhysicalResourceId: 'Watches' });
  const watches = (stage: Stage) => stage.watches.filter(({ status }) => status === 'RUNNING').length;

  test('is stopped, and nothing looks after it any more', async () => {
    const stage = await staged();
    await create(stage, STACK_ID, 'Renamed');
    await create(stage, STACK_ID, 'Job', { ...SCOPE, Trigger: 'other' });
    await stage.pass(1);
    expect(watches(stage)).toBe(2);
    expect(await stage.send(end(stage))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Watches' });
    await stage.pass(2);
    expect([jobs(stage), watches(stage)]).toEqual([['STOPPED', 'STOPPED'], 0]);
  });

  test('runs on, if its resource is retained', async () => {
    const stage = await staged();
    await create(stage, STACK_ID);
    await stage.pass(1);
    const event = stage.event(WATCHES_RESOURCE_TYPE, 'Watches', 'Delete', { Retained: ['Job'] }, { PhysicalResourceId: 'Watches' });
    await stage.send(event);
    await stage.pass(2);
    expect([jobs(stage), watches(stage)]).toEqual([['IN_PROGRESS'], 0]);
  });

  test('is left to another stack that claims it', async () => {
    const stage = await staged();
    await create(stage, STACK_ID, 'Job', ACCOUNT);
    const { PhysicalResourceId } = await create(stage, OTHER, 'Job', dev);
    // The other stack has a machine of its own.
    const [own] = stage.watches;
    stage.watches.filter((one) => one !== own).forEach((one) => { one.status = 'ABORTED'; });
    await stage.send(end(stage));
    await stage.pass(2);
    expect(jobs(stage)).toEqual(['IN_PROGRESS']);
    await remove(stage, OTHER, PhysicalResourceId, 'Job', dev);
    expect(jobs(stage)).toEqual(['STOPPED']);
  });

  test('is not what a later deploy has claimed, where the event comes late', async () => {
    const stage = await staged();
    const late = end(stage);
    await stage.pass(1);
    await create(stage, STACK_ID);
    await stage.send(late);
    await stage.pass(2);
    expect([jobs(stage), watches(stage)]).toEqual([['IN_PROGRESS'], 1]);
  });
});
