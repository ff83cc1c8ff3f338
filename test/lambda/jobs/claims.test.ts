import { claimantOf, deletingTag } from '../../../lambda/jobs/claims';
import { failsAfter, lasts } from '../../harness/courses';
import { packageRequest } from '../../harness/model-package';
import { SCOPE, STACK_ID } from '../../harness/place';
import { ACCOUNT, AGAIN, create, dev, IMAGE, jobs, OTHER, put, remove, staged, tagsOn, userTags } from '../../harness/sharing';
import { Stage } from '../../harness/stage';
import { COMPILATIONS_RESOURCE_TYPE } from '../../harness/types';

describe('one job is found', () => {
  test('by a stack that is made again, after its first deploy was rolled back', async () => {
    const stage = await staged();
    const first = await create(stage, STACK_ID);
    await stage.pass(60);
    await remove(stage, STACK_ID, first.PhysicalResourceId);
    expect((await create(stage, AGAIN)).Data!.JobName).toBe(first.Data!.JobName);
    expect(jobs(stage)).toEqual(['COMPLETED']);
  });

  test('by a construct under another name, and the end of the old one leaves the job running', async () => {
    const stage = await staged();
    const first = await create(stage, STACK_ID);
    expect((await create(stage, STACK_ID, 'Renamed')).Data!.JobName).toBe(first.Data!.JobName);
    await remove(stage, STACK_ID, first.PhysicalResourceId);
    await stage.pass(2);
    expect(jobs(stage)).toEqual(['IN_PROGRESS']);
    await remove(stage, STACK_ID, first.PhysicalResourceId, 'Renamed');
    expect(jobs(stage)).toEqual(['STOPPED']);
  });

  test('by another stack of the account, which the end of the first does not disturb', async () => {
    const stage = await staged();
    const first = await create(stage, STACK_ID, 'Job', ACCOUNT);
    expect((await create(stage, OTHER, 'Job', dev)).Data!.JobName).toBe(first.Data!.JobName);
    await remove(stage, STACK_ID, first.PhysicalResourceId, 'Job', ACCOUNT);
    await stage.pass(2);
    expect(jobs(stage)).toEqual(['IN_PROGRESS']);
    await remove(stage, OTHER, first.PhysicalResourceId, 'Job', dev);
    expect(jobs(stage)).toEqual(['STOPPED']);
  });

  test('by a package of the same content under another ARN', async () => {
    const stage = await staged();
    const first = await create(stage, STACK_ID);
    const { ModelPackageArn } = await stage.sagemaker('CreateModelPackage', {
      ModelPackageGroupName: 'group', ModelApprovalStatus: 'Approved', ...packageRequest({ container: { Image: IMAGE } }),
    });
    stage.packageArn = ModelPackageArn;
    expect((await create(stage, AGAIN)).Data!.JobName).toBe(first.Data!.JobName);
  });
});

describe('another job starts', () => {
  test.each<[string, (stage: Stage) => void]>([
    ['one byte of the payload', (stage) => put(stage, 'payload.tar.gz', 'Payload')],
    ['the model', (stage) => put(stage, 'model.tar.gz', 'another model')],
  ])('where %s has changed', async (_what, change) => {
    const stage = await staged();
    const first = await create(stage, STACK_ID);
    change(stage);
    expect((await create(stage, AGAIN)).Data!.JobName).not.toBe(first.Data!.JobName);
  });

  test('for a stack of another name, where only stacks of one name share', async () => {
    const stage = await staged();
    const first = await create(stage, STACK_ID);
    expect((await create(stage, OTHER, 'Job', { ...SCOPE, ScopeName: 'dev', StackKey: 'eeeeeeee' })).Data!.JobName).not.toBe(first.Data!.JobName);
  });

  test('for a template that is deployed once more under another name, because both stacks have the same claims', async () => {
    const stage = await staged();
    const first = await create(stage, STACK_ID, 'Job', ACCOUNT);
    expect((await create(stage, OTHER, 'Job', { ...ACCOUNT, ScopeName: 'dev' })).Data!.JobName).not.toBe(first.Data!.JobName);
  });

  test.each(['construct', 'never'] as const)('for a stack that is made again, where reuse is "%s"', async (Reuse) => {
    const stage = await staged();
    const first = await create(stage, STACK_ID, 'Job', { ...SCOPE, Reuse });
    await stage.pass(60);
    await remove(stage, STACK_ID, first.PhysicalResourceId, 'Job', { ...SCOPE, Reuse });
    expect((await create(stage, AGAIN, 'Job', { ...SCOPE, Reuse })).Data!.JobName).not.toBe(first.Data!.JobName);
  });

  test('where an object may not be read: two of one address may differ', async () => {
    const stage = await new Stage(lasts(45)).setUp(packageRequest({ container: { Image: IMAGE } }));
    const first = await create(stage, STACK_ID);
    expect((await create(stage, AGAIN)).Data!.JobName).not.toBe(first.Data!.JobName);
  });

  test('where an image has a tag only', async () => {
    const stage = await new Stage(lasts(45)).setUp(packageRequest({ container: { Image: 'repository:latest' } }));
    put(stage, 'model.tar.gz', 'model');
    put(stage, 'payload.tar.gz', 'payload');
    const first = await create(stage, STACK_ID);
    expect((await create(stage, AGAIN)).Data!.JobName).not.toBe(first.Data!.JobName);
  });

  test('by whoever waits for a job that another stack, which has gone, had started', async () => {
    const stage = await staged(failsAfter(10));
    const first = await create(stage, STACK_ID, 'Job', ACCOUNT);
    const { Data } = await create(stage, OTHER, 'Job', dev);
    await remove(stage, STACK_ID, first.PhysicalResourceId, 'Job', ACCOUNT);
    await stage.pass(20);
    expect(jobs(stage)).toEqual(['FAILED']);
    const waits = stage.wait('Create', { ...dev, JobName: Data!.JobName, AskedAt: Data!.AskedAt }, { StackId: OTHER });
    void stage.deliver(waits);
    await stage.pass(1);
    expect(jobs(stage)).toEqual(['FAILED', 'IN_PROGRESS']);
  });
});

test('a stage that waits for a job which another stack lost hands over, and the next one starts another attempt', async () => {
  const stage = await staged(failsAfter(10));
  const first = await create(stage, STACK_ID, 'Job', ACCOUNT);
  const { Data } = await create(stage, OTHER, 'Job', dev);
  const waits = (number: string) => stage.wait('Create', { ...dev, JobName: Data!.JobName, AskedAt: Data!.AskedAt, Stage: number }, { StackId: OTHER });
  const waiting = waits('1');
  void stage.deliver(waiting);
  await stage.pass(2);
  await remove(stage, STACK_ID, first.PhysicalResourceId, 'Job', ACCOUNT);
  expect(await stage.answerTo(waiting.RequestId)).toMatchObject({ Status: 'SUCCESS', Data: { JobName: Data!.JobName } });
  void stage.deliver(waits('2'));
  await stage.pass(1);
  expect(jobs(stage)).toEqual(['FAILED', 'IN_PROGRESS']);
});

test('side by side, stacks start one job', async () => {
  const stage = await staged();
  const stacks = Array.from({ length: 8 }, (_, n) => ({ id: STACK_ID.replace('shop/0a1b2c3d', `s${n}/${n}${n}${n}${n}${n}${n}${n}${n}`), key: `${n}`.repeat(8) }));
  for (const { id, key } of stacks) { void stage.deliver(stage.start('Create', stage.jobProperties({ ...ACCOUNT, StackKey: key }), { StackId: id })); }
  await stage.pass(2);
  expect(jobs(stage)).toEqual(['IN_PROGRESS']);
  expect(new Set(stage.answers.map(({ Data }) => Data?.JobName)).size).toBe(1);
});

test('a stack that comes while another one stops the job waits until it has stopped, and starts the next attempt', async () => {
  const stage = await staged();
  const first = await create(stage, STACK_ID, 'Job', ACCOUNT);
  let answer: ReturnType<typeof create> | undefined;
  stage.clients.before = async (operation) => {
    if (!operation.startsWith('Stop')) { return; }
    stage.clients.before = async () => {};
    answer = create(stage, OTHER, 'Job', dev);
    // The other one has claimed the job, which still runs.
    await stage.clock.sleep(20_000);
  };
  await remove(stage, STACK_ID, first.PhysicalResourceId, 'Job', ACCOUNT);
  expect((await answer!).Data!.JobName).not.toBe(first.Data!.JobName);
  expect(stage.logs.some((line) => line.includes('"claimed"'))).toBe(true);
  expect(jobs(stage)).toEqual(['STOPPED', 'IN_PROGRESS']);
});

test.each([
  ['is taken back: the job is used', true, 1],
  ['stays, because its end was cut short: the job is used at last', false, 1],
])('a stack that comes while another one is about to delete the completed job waits. The mark %s', async (_name, isTakenBack, expected) => {
  const stage = await staged();
  const first = await create(stage, STACK_ID, 'Job', ACCOUNT);
  await stage.pass(60);
  const { arn } = stage.region.sagemaker.state.jobs.get(first.Data!.JobName)!;
  const mark = deletingTag(claimantOf({ StackId: STACK_ID, LogicalResourceId: 'Job' }, stage.jobProperties(ACCOUNT)));
  await stage.sagemaker('AddTags', { ResourceArn: arn, Tags: [mark] });
  const asked = stage.clock.now();
  const answer = create(stage, OTHER, 'Job', dev);
  await stage.clock.settled();
  if (isTakenBack) { stage.clock.at(asked + 20_000, () => { void stage.sagemaker('DeleteTags', { ResourceArn: arn, TagKeys: [mark.Key] }); }); }
  expect((await answer).Data!.JobName).toBe(first.Data!.JobName);
  const waited = (stage.clock.now() - asked) / 1000;
  expect(isTakenBack ? waited >= 20 && waited <= 30 : waited >= 120 && waited <= 180).toBe(true);
  expect(jobs(stage)).toHaveLength(expected);
});

test.each([[40, 2], [42, 2], [43, 0], [44, 0]])('on a job of %i tags of the user, another stack has %i tags: without room for a claim it does without one', async (count, expected) => {
  const stage = await staged();
  const Tags = userTags(count);
  const first = await create(stage, STACK_ID, 'Job', { ...ACCOUNT, Tags });
  expect((await create(stage, OTHER, 'Job', dev)).Data!.JobName).toBe(first.Data!.JobName);
  const all = () => tagsOn(stage, first.Data!.JobName)!;
  expect(all().filter(({ Key }) => Key.includes('eeeeeeee'))).toHaveLength(expected);
  // There is still room for what whoever stops the job adds.
  await remove(stage, STACK_ID, first.PhysicalResourceId, 'Job', { ...ACCOUNT, Tags });
  await stage.pass(2);
  expect(jobs(stage)).toEqual([expected > 0 ? 'IN_PROGRESS' : 'STOPPED']);
  expect(all().length).toBeLessThanOrEqual(50);
});

test.each([45, 46, 50])('%i tags of the user are refused before anything is paid for: a job that cannot take one more tag could not be stopped', async (count) => {
  const stage = await staged();
  const Tags = userTags(count);
  expect(await create(stage, STACK_ID, 'Job', { ...SCOPE, Tags })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`at most 44 tags of your own, got ${count}`) });
  expect(jobs(stage)).toEqual([]);
});

const compiledRow = {
  ...lasts(45)().recommendations[0], ModelConfiguration: { CompilationJobName: 'neo-1', InferenceSpecificationName: 'neo-1' },
};

test('a stage of a construct that has left the job to others claims it no more: its own end is on its way', async () => {
  const stage = await staged();
  const first = await create(stage, STACK_ID, 'Job', ACCOUNT);
  await create(stage, OTHER, 'Job', dev);
  await remove(stage, STACK_ID, first.PhysicalResourceId, 'Job', ACCOUNT);
  const late = stage.wait('Create', { ...ACCOUNT, JobName: first.Data!.JobName, AskedAt: first.Data!.AskedAt });
  expect(await stage.send(late)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('has given up job') });
  await remove(stage, OTHER, first.PhysicalResourceId, 'Job', dev);
  expect(jobs(stage)).toEqual(['STOPPED']);
});

describe('the claims on a completed job', () => {
  const claimsOn = async (stage: Stage, JobName: string) => {
    const { Tags } = await stage.sagemaker('ListTags', { ResourceArn: stage.region.sagemaker.state.jobs.get(JobName)!.arn });
    return Tags.filter(({ Key, Value }: any) => /:(claim|stack):/.test(Key) && !Value.startsWith('given-up')).map(({ Key }: any) => Key);
  };

  test('are given up by each construct at its end, and by no event that comes late', async () => {
    const stage = await staged();
    const { Data, PhysicalResourceId } = await create(stage, STACK_ID, 'Job', ACCOUNT);
    await create(stage, OTHER, 'Job', dev);
    await stage.pass(60);
    expect(await claimsOn(stage, Data!.JobName)).toHaveLength(4);
    await remove(stage, STACK_ID, PhysicalResourceId, 'Job', ACCOUNT);
    expect(await claimsOn(stage, Data!.JobName)).toEqual([expect.stringContaining(':stack:eeeeeeee'), expect.stringContaining(':claim:eeeeeeee-')]);
    await remove(stage, OTHER, PhysicalResourceId, 'Job', dev);
    expect(await claimsOn(stage, Data!.JobName)).toEqual([]);
  });

  test('do not keep the last stack from deleting the compilation jobs', async () => {
    const stage = await staged(() => ({ ...lasts(45)(), recommendations: [compiledRow] }));
    const { Data, PhysicalResourceId } = await create(stage, STACK_ID, 'Job', ACCOUNT);
    await create(stage, OTHER, 'Job', dev);
    await stage.pass(60);
    const compiled = () => stage.region.sagemaker.state.compilationJobs.size;
    const before = compiled();
    expect(before).toBeGreaterThan(0);
    for (const [StackId, scope] of [[STACK_ID, ACCOUNT], [OTHER, dev]] as const) {
      await remove(stage, StackId, PhysicalResourceId, 'Job', scope);
      expect(compiled()).toBe(before);
      const properties = { JobLogicalId: 'Job', ...scope };
      await stage.send(stage.event(COMPILATIONS_RESOURCE_TYPE, 'Compilations', 'Delete', properties, { StackId, PhysicalResourceId: 'Compilations' }));
    }
    expect([await claimsOn(stage, Data!.JobName), compiled()]).toEqual([[], 0]);
  });
});
