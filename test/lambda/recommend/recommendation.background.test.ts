import { Background, FALLBACK, fails, lasts, PATH } from '../../harness/background';
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

  test('answers and writes a field that a version before it did not know', async () => {
    const background = await found();
    const { ssm } = background.stage.region;
    const { FleetCostPerHour: _left, ...whole } = JSON.parse(background.stage.parameters(PATH).recommendation);
    ssm.put({ Name: `${PATH}/recommendation`, Type: 'String', Value: JSON.stringify(whole), Overwrite: true });
    expect((await background.recommend('Update', { SchemaVersion: '2' })).Data).toMatchObject({ FleetCostPerHour: '', InstanceType: 'ml.c5.xlarge' });
    expect(attributesIn(background.stage.parameters(PATH))).toMatchObject({ FleetCostPerHour: '', InstanceType: 'ml.c5.xlarge' });
  });
});
