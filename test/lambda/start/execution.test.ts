import { RESPONSE_URL, Stage } from '../../harness/stage';

describe('the Delete of a stage', () => {
  const waiting = ({ executions }: Stage) => executions.map(({ status }) => status);

  test('ends what waits for it, and nothing that began after it was sent: it is delivered once more then, and the stage made again', async () => {
    const stage = await new Stage().setUp();
    const { Data } = await stage.send(stage.start('Create'));
    const properties = { JobName: Data!.JobName };
    await stage.deliver(stage.wait('Create', properties));
    await stage.pass(1);
    const deletion = stage.wait('Delete', properties);
    await stage.deliverToTheEnd(deletion);
    expect(waiting(stage)).toEqual(['ABORTED']);

    await stage.deliver(stage.wait('Create', properties));
    await stage.pass(1);
    await stage.deliverToTheEnd(deletion);
    expect(waiting(stage)).toEqual(['ABORTED', 'RUNNING']);
  });

  test('ends nothing where it does not say when it was sent', async () => {
    const stage = await new Stage().setUp();
    const { Data } = await stage.send(stage.start('Create'));
    await stage.deliver(stage.wait('Create', { JobName: Data!.JobName }));
    await stage.pass(1);
    expect(await stage.send(stage.wait('Delete', { JobName: Data!.JobName }, { ResponseURL: RESPONSE_URL }))).toMatchObject({ Status: 'SUCCESS' });
    expect(waiting(stage)).toEqual(['RUNNING']);
  });
});
