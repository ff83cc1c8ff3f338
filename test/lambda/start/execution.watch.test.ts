import { Background, lasts } from '../../harness/background';
import { Stage } from '../../harness/stage';

const watched = (stage: Stage) => stage.watches.filter(({ status }) => status === 'RUNNING').map(({ input }) => JSON.parse(input).jobName);

test('a job that has the name of a deleted one is looked after: the name of what looked after that stays taken', async () => {
  const stage = await new Stage().setUp();
  const { Data } = await stage.send(stage.start('Create'));
  const jobName = Data!.JobName as string;
  stage.region.sagemaker.state.jobs.delete(jobName);
  stage.watches[0].status = 'ABORTED';
  const again = stage.start('Create');
  expect(await stage.send(again)).toMatchObject({ Status: 'SUCCESS', Data: { JobName: jobName } });
  expect(watched(stage)).toEqual([jobName]);
  // Once, also if the event comes again; and it is found by those that release the construct's jobs.
  await stage.send(again);
  expect(watched(stage)).toEqual([jobName]);
  await stage.send(stage.start('Update', stage.jobProperties({ Trigger: 'other' }), { PhysicalResourceId: jobName, OldResourceProperties: stage.jobProperties() }));
  expect(stage.region.sagemaker.state.jobs.get(jobName)!.status).toMatch(/^STOP/);
});

test('the clean-up of an earlier job leaves alone what looks after the one that runs in the background', async () => {
  const background = await Background.made(lasts(600));
  const { stage, jobName: earlier } = background;
  const [before, now] = [stage.jobProperties(), stage.jobProperties({ Trigger: 'other' })];
  const { Data } = await stage.send(stage.start('Update', now, { PhysicalResourceId: earlier, OldResourceProperties: before }));
  background.jobName = Data!.JobName;
  await background.follow('Update');
  await stage.pass(1);
  await stage.send(stage.start('Delete', before, { PhysicalResourceId: earlier }));
  expect(watched(stage)).toEqual([background.jobName]);
  // So the next change finds it, and nobody pays for what nobody reads.
  await stage.send(stage.start('Update', stage.jobProperties({ Trigger: 'third' }), { PhysicalResourceId: background.jobName, OldResourceProperties: now }));
  expect(stage.region.sagemaker.state.jobs.get(background.jobName)!.status).toMatch(/^STOP/);
});
