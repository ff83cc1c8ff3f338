import { S3 } from '../../../local-aws/s3';
import { lasts } from '../../harness/courses';
import { packageRequest } from '../../harness/model-package';
import { SCOPE, STACK_ID } from '../../harness/place';
import { Stage } from '../../harness/stage';
import { WATCHES_RESOURCE_TYPE } from '../../harness/types';

/** An image that a digest names: its content is certain. */
const IMAGE = `111111111111.dkr.ecr.us-east-1.amazonaws.com/model@sha256:${'0'.repeat(64)}`;
const ACCOUNT = { ...SCOPE, Reuse: 'account' as const, MadeFor: SCOPE.ScopeName };
/** Another stack of the account. */
const OTHER = STACK_ID.replace('shop/0a1b2c3d', 'dev/eeeeeeee');

async function staged(course: ConstructorParameters<typeof Stage>[0] = lasts(45)): Promise<Stage> {
  const stage = await new Stage(course).setUp(packageRequest({ container: { Image: IMAGE } }));
  put(stage, 'model.tar.gz', 'model');
  put(stage, 'payload.tar.gz', 'payload');
  return stage;
}

function put(stage: Stage, key: string, body: string): void {
  const s3 = stage.region.room(S3);
  if (!s3.find('bucket')) { s3.createBucket('bucket', stage.region.account, stage.region.name); }
  s3.putObject('bucket', key, Buffer.from(body));
}

/** The names of all jobs, with their statuses. */
function jobs({ region }: Stage): string[] {
  return [...region.sagemaker.state.jobs.values()].map(({ status }) => status);
}

const create = (stage: Stage, StackId: string, LogicalResourceId = 'Job', scope: object = SCOPE) => (
  stage.send(stage.start('Create', stage.jobProperties(scope), { StackId, LogicalResourceId })));
const remove = (stage: Stage, StackId: string, PhysicalResourceId: string, LogicalResourceId = 'Job', scope: object = SCOPE) => (
  stage.send(stage.start('Delete', stage.jobProperties(scope), { StackId, LogicalResourceId, PhysicalResourceId })));
const dev = { ...ACCOUNT, StackKey: 'eeeeeeee', ScopeName: 'dev', MadeFor: 'dev' };

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
