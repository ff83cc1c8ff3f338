import { Background, FALLBACK, fails, lasts, PATH, row } from '../../harness/background';
import { attributesIn } from '../../harness/published';

describe('a recommendation of a job in the background', () => {
  const found = async (benchmarks = lasts(10)) => {
    const background = await Background.made(benchmarks);
    await background.stage.pass(15);
    // Another content: a job that runs.
    background.jobName = (await background.stage.send(background.stage.start('Create', background.stage.jobProperties({ Trigger: 'again' })))).Data!.JobName;
    return background;
  };

  test('says of the fallback what stays true in the stack\'s outputs when the job has ended', async () => {
    const background = await Background.made(lasts(10));
    const { Data } = await background.recommend('Update', { SchemaVersion: '2' });
    expect(Data!.Summary).toMatch(/^The fallback, as of this stack's last deploy\. Job \S+ had not ended yet\. What it recommends is written to Parameter Store\.$/);
    expect(background.stage.parameters(PATH).explanation).not.toContain('PENDING');
    background.jobName = '';
    expect((await background.recommend('Update', { SchemaVersion: '3' })).Data!.Summary).toMatch(/No benchmark had been requested yet/);
  });

  test('warns of the fallback where the job has failed', async () => {
    const background = await Background.made(fails);
    await background.stage.pass(15);
    expect((await background.recommend('Update', { SchemaVersion: '2' })).Data!.Summary).toMatch(/^WARNING: the fallback is used\. .*All benchmarks failed/);
  });

  test('answers what was found before until there is something else', async () => {
    const background = await found();
    expect((await background.recommend('Update')).Data).toMatchObject({ InstanceType: 'ml.c5.xlarge', Source: 'Benchmark' });
    expect(attributesIn(background.stage.parameters(PATH))).toMatchObject({ InstanceType: 'ml.c5.xlarge' });
  });

  test('answers another fallback at once, where only a fallback was there', async () => {
    const background = await found(fails);
    const other = { Fallback: { InstanceType: 'ml.m5.xlarge', InitialInstanceCount: '2' } };
    expect((await background.recommend('Update', other)).Data).toMatchObject({ InstanceType: 'ml.m5.xlarge', InstanceCount: '2' });
    expect(attributesIn(background.stage.parameters(PATH))).toMatchObject({ InstanceType: 'ml.m5.xlarge' });
  });

  test('brings what was found before along to another path', async () => {
    const background = await found();
    const { Data } = await background.recommend('Update', { ParameterPath: '/elsewhere' });
    expect(Data).toMatchObject({ InstanceType: 'ml.c5.xlarge', Source: 'Benchmark' });
    expect(attributesIn(background.stage.parameters('/elsewhere'))).toMatchObject({ InstanceType: 'ml.c5.xlarge' });
    expect(background.stage.parameters('/elsewhere').explanation).toContain('Chosen');
    expect(background.stage.parameters(PATH)).toEqual({});
    await background.recommend('Delete', { ParameterPath: '/elsewhere' });
    expect(background.stage.parameters('/elsewhere')).toEqual({});
  });

  test.each([
    ['another kind of endpoint', { EndpointType: 'Serverless', Fallback: { ServerlessMemorySizeInMB: '2048', ServerlessMaxConcurrency: '5' } }],
    ['a variable', { EnvironmentNames: ['OMP_NUM_THREADS'], Fallback: { ...FALLBACK, Environment: { OMP_NUM_THREADS: '4' } } }],
  ])('answers the fallback where %s is asked for that was not found before', async (_what, given) => {
    const background = await found();
    expect((await background.recommend('Update', given)).Data).toMatchObject({ Source: 'Fallback' });
  });

  const POOLS = { InstancePools: '2', Fallback: { ...FALLBACK, NextInstanceTypes: ['ml.m5.xlarge'] } };

  test('answers the pools that were found before, and the fallback where more of them are wanted', async () => {
    const background = await Background.made(lasts(10), [POOLS]);
    await background.stage.pass(15);
    background.jobName = (await background.stage.send(background.stage.start('Create', background.stage.jobProperties({ Trigger: 'again' })))).Data!.JobName;
    const before = { 'Source': 'Benchmark', 'InstanceType': 'ml.c5.xlarge', 'Pool2.InstanceType': 'ml.c5.9xlarge' };
    expect((await background.recommend('Update', POOLS)).Data).toMatchObject(before);
    const three = { InstancePools: '3', Fallback: { ...FALLBACK, NextInstanceTypes: ['ml.m5.xlarge', 'ml.c5.large'] } };
    expect((await background.recommend('Update', three)).Data).toMatchObject({ 'Source': 'Fallback', 'Pool3.InstanceType': 'ml.c5.large' });
  });

  test('changes if only its next best does', async () => {
    const next = ['ml.m5.xlarge', 'ml.r5.xlarge'];
    const background = await Background.made((_request, _name, attempt) => (
      { durationSeconds: 600, recommendations: [row('ml.c5.xlarge', 1), row(next[attempt - 1], 2)] }));
    background.recommendations = [POOLS];
    await background.recommend('Update', POOLS);
    await background.follow('Update');
    await background.stage.pass(15);
    background.jobName = (await background.stage.send(background.stage.start('Create', background.stage.jobProperties({ Trigger: 'again' })))).Data!.JobName;
    await background.follow('Update');
    await background.stage.pass(15);
    expect(background.changes.slice(-1)).toMatchObject([
      { Previous: { 'Pool2.InstanceType': 'ml.m5.xlarge' }, Current: { 'InstanceType': 'ml.c5.xlarge', 'Pool2.InstanceType': 'ml.r5.xlarge' } },
    ]);
  });

  test('answers and writes a field that a version before it did not know', async () => {
    const background = await found();
    const { ssm } = background.stage.region;
    const { FleetCostPerHour: _left, ...whole } = JSON.parse(background.stage.parameters(PATH).recommendation);
    ssm.put({ Name: `${PATH}/recommendation`, Type: 'String', Value: JSON.stringify(whole), Overwrite: true });
    expect((await background.recommend('Update', { SchemaVersion: '2' })).Data).toMatchObject({ FleetCostPerHour: '', InstanceType: 'ml.c5.xlarge' });
    expect(attributesIn(background.stage.parameters(PATH))).toMatchObject({ FleetCostPerHour: '', InstanceType: 'ml.c5.xlarge' });
  });
});

test.each([1, 2, 3, 4])('what is published while a Delete clears the path is gone, too: of its %i parameters, the last ones come after the Delete', async (late) => {
  const background = await Background.made(lasts(10));
  const { stage } = background;
  let writes = 0;
  stage.clients.before = async (operation) => {
    if (operation !== 'PutParameter' || ++writes <= 4 - late) { return; }
    stage.clients.before = async () => {};
    await stage.clock.sleep(60_000);
  };
  await stage.clock.advance(10 * 60_000 + 70_000);
  expect(writes).toBe(5 - late);
  expect(await background.recommend('Delete')).toMatchObject({ Status: 'SUCCESS' });
  await stage.pass(10);
  expect(stage.parameters(PATH)).toEqual({});
});
