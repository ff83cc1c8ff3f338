import { RECOMMENDATION_ATTRIBUTES, RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { jobResourceType } from '../../../src/contract/start';
import { endpoint, job, recommend, rowOf } from '../../harness/recommendation';
import { serviceError, Stage } from '../../harness/stage';

describe('recommend', () => {
  test('an objective that is none is refused by name', async () => {
    const stage = await new Stage().setUp();
    expect(await recommend(stage, { Objective: 'Prettiest' })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining("got: 'Prettiest'") });
  });

  describe('of an attempt that has failed', () => {
    /** The first attempt fails, the second completes. */
    const attempts: ConstructorParameters<typeof Stage>[0] = (_request, jobName) => (jobName.endsWith('-a2')
      ? { durationSeconds: 60, recommendations: [rowOf({ CostPerInference: 1e-7 }, endpoint)] }
      : { durationSeconds: 60, outcome: 'FAILED', failureReason: 'no answer', recommendations: [] });
    const named = (stage: Stage, JobName: string, role = '') => stage.send(stage.event(role || RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Create', {
      SchemaVersion: '1', Family: 'InferenceRecommendations', JobName, Objective: 'LowestCostPerInference', EndpointType: 'RealTime',
    }));

    test('is of the attempt that has completed since, and so are the results: a rollback brings the old name', async () => {
      const stage = await new Stage(attempts).setUp();
      const { PhysicalResourceId: first } = await stage.send(stage.start('Create'));
      await stage.pass(60);
      expect(await named(stage, first)).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/no answer.* Change the job's 'trigger' to run it again\..*skip this resource\.$/) });
      await stage.send(stage.start('Update', stage.jobProperties(), { PhysicalResourceId: first, OldResourceProperties: stage.jobProperties({ Trigger: 'v2' }) }));
      await stage.pass(60);
      expect(await named(stage, first)).toMatchObject({ Status: 'SUCCESS', Data: { JobName: `${first}-a2`, InstanceType: 'ml.c5.xlarge' } });
      expect(await named(stage, first, jobResourceType('InferenceRecommendations', 'Results'))).toMatchObject({ Status: 'SUCCESS' });
    });

    test('stays its own if the job is somebody else\'s, whatever other jobs are called', async () => {
      const stage = await new Stage(attempts).setUp();
      const request = stage.jobProperties().Request;
      for (const JobName of ['theirs', 'theirs-a2']) { await stage.sagemaker('CreateInferenceRecommendationsJob', { ...request, JobName }); }
      await stage.pass(60);
      expect(await named(stage, 'theirs')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('no answer') });
    });
  });

  test('a throttled call fails no deploy', async () => {
    const stage = await new Stage().setUp();
    const { Data } = await stage.send(stage.start('Create'));
    await stage.pass(60);
    stage.fail('DescribeInferenceRecommendationsJob', serviceError('ThrottlingException', 'Rate exceeded'), 5);
    expect(await stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Create', {
      SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: Data!.JobName, Objective: 'LowestLatency', EndpointType: 'RealTime',
    }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('answers every attribute, empty where the row has nothing, NaN where the service says so', async () => {
    const stage = await new Stage(job([{
      RecommendationId: 'x/00000001',
      Metrics: { CostPerHour: 0.4, CostPerInference: 1e-7, MaxInvocations: 100, ModelLatency: 5, CpuUtilization: NaN },
      EndpointConfiguration: endpoint,
      ModelConfiguration: { EnvironmentParameters: [{ Key: 'OMP_NUM_THREADS', ValueType: 'String', Value: '4' }] },
    }, {
      Metrics: { CostPerInference: 2e-7 },
      EndpointConfiguration: endpoint,
      ModelConfiguration: { EnvironmentParameters: [{ Key: 'OMP_NUM_THREADS', ValueType: 'String', Value: '2' }] },
    }])).setUp();
    const { Status, Data } = await recommend(stage);
    expect(Status).toBe('SUCCESS');
    expect(Object.keys(Data!).sort()).toEqual([...RECOMMENDATION_ATTRIBUTES].sort());
    expect(Data).toMatchObject({
      InstanceType: 'ml.c5.xlarge',
      InitialInstanceCount: '2',
      InstanceCount: '2',
      FleetCostPerHour: '0.4',
      Source: 'Benchmark',
      CostPerInference: '1e-7',
      CpuUtilization: 'NaN',
      MemoryUtilization: '',
      Environment: '{"OMP_NUM_THREADS":"4"}',
      CompilationJobName: '',
      ServerlessMemorySizeInMB: '',
    });
    expect(Data!.RecommendationId).toMatch(/\/00000001$/);
  });

  test('nothing that may be chosen is a failure that says why of each row', async () => {
    const stage = await new Stage(job([{ Metrics: { ModelLatency: 5 }, EndpointConfiguration: endpoint, ModelConfiguration: {} }])).setUp();
    const { Status, Reason } = await recommend(stage, { EndpointType: 'Serverless' });
    const name = stage.answers[0].PhysicalResourceId;
    expect(Status).toBe('FAILED');
    expect(Reason).toMatch(new RegExp(`^None of the 1 recommendations of job ${name} may be chosen\\. The nearest is ml\\.c5\\.xlarge × 2 `
      + `\\(${name}/\\w+\\): it may be chosen with \`endpointType\` RealTime and with \`objective\` LowestLatency\\. `
      + `The job has completed and is paid: the next deploy finds it and does not pay again\\. ml\\.c5\\.xlarge × 2 \\(${name}/\\w+\\): `
      + 'it is real-time and Serverless is wanted, CostPerInference is not reported\\.$'));
  });

  test('a job that is not there, or not done, is a clear failure', async () => {
    const stage = await new Stage().setUp();
    expect(await recommend(stage, { JobName: 'unknown' })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Job unknown is gone') });
    const { Data } = await stage.send(stage.start('Create', stage.jobProperties({ Trigger: 'again' }), { LogicalResourceId: 'Another' }));
    expect(await recommend(stage, { JobName: Data!.JobName })).toMatchObject({ Status: 'SUCCESS' });
  });

  test('an update keeps the physical id, so that no Delete follows', async () => {
    const stage = await new Stage().setUp();
    expect(await recommend(stage, { Objective: 'LowestLatency' }, 'Update', { PhysicalResourceId: 'JobBest' }))
      .toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'JobBest', Data: { InstanceType: 'ml.c5.9xlarge' } });
  });

  test('an environment too long for an answer fails with the remedy', async () => {
    const environment = (letter: string) => [...Array(10).keys()].map((index) => ({ Key: `NAME_${index}`, ValueType: 'String', Value: letter.repeat(500) }));
    const stage = await new Stage(job(['x', 'y'].map((letter) => ({
      Metrics: { CostPerInference: 1e-7 }, EndpointConfiguration: endpoint, ModelConfiguration: { EnvironmentParameters: environment(letter) },
    })))).setUp();
    expect(await recommend(stage)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('shorten the environment variables') });
  });

  test('Delete needs no job', async () => {
    const stage = await new Stage().setUp();
    expect(await stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Delete', { JobName: 'gone' }, { PhysicalResourceId: 'JobBest' })))
      .toMatchObject({ Status: 'SUCCESS' });
  });
});

describe('what is asked of the choice', () => {
  const rows = [
    rowOf({ CostPerHour: 0.2, CostPerInference: 1e-7, MaxInvocations: 300, ModelLatency: 50 }, { InstanceType: 'ml.c5.large', InitialInstanceCount: 3 }),
    rowOf({ CostPerHour: 0.4, CostPerInference: 2e-7, MaxInvocations: 150, ModelLatency: 5 }, { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 }),
    rowOf({ CostPerInference: 3e-7 }, { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } }),
  ];

  test('limits are kept, and a sentence says what was beaten', async () => {
    const stage = await new Stage(job(rows)).setUp();
    const { Data: all } = await recommend(stage);
    expect(all).toMatchObject({ InstanceType: 'ml.c5.large', InstanceCount: '3' });
    const link = 'https:\\/\\/us-east-1\\.console\\.aws\\.amazon\\.com\\/cloudwatch\\/home\\S+\\$3D[0-9a-f-]+\\$252F';
    expect(all!.Summary).toMatch(new RegExp('^ml\\.c5\\.large × 3: 0\\.20 USD an hour, 0\\.10 USD per million requests, 50 \\(ms or µs\\), 300 requests a minute; '
      + `runner-up ml\\.c5\\.xlarge × 1 \\(0\\.40 USD an hour, 0\\.20 USD per million requests, 5 \\(ms or µs\\), 150 requests a minute\\); 1 rejected; ${link}$`));
    const { Data } = await recommend(stage, { Limits: { MaxModelLatency: '10' } });
    expect(Data).toMatchObject({ InstanceType: 'ml.c5.xlarge', ModelLatency: '5' });
    expect(Data!.Summary).toMatch(new RegExp(`^ml\\.c5\\.xlarge × 1: [^;]+; 2 rejected; ${link}$`));
  });

  test.each([
    ['an instance type', () => ({ InstanceType: 'ml.c5.xlarge' })],
    ['an id', (ids: string[]) => ({ RecommendationId: ids[1] })],
  ])('a pin on %s is answered, whatever the objective', async (_what, pin) => {
    const stage = await new Stage(job(rows)).setUp();
    const { Data: started } = await stage.send(stage.start('Create'));
    await stage.pass(60);
    const { InferenceRecommendations } = await stage.sagemaker('DescribeInferenceRecommendationsJob', { JobName: started!.JobName });
    const ids = InferenceRecommendations.map(({ RecommendationId }: any) => RecommendationId);
    expect(await recommend(stage, { Pin: pin(ids) })).toMatchObject({ Data: { RecommendationId: ids[1], InstanceType: 'ml.c5.xlarge' } });
  });

  test('a target load has its instances and what they cost; the row\'s own figures stay', async () => {
    const stage = await new Stage(job(rows)).setUp();
    expect(await recommend(stage, { Objective: 'LowestCostPerHour', TargetLoad: { InvocationsPerMinute: '300', HeadroomPercent: '10' } })).toMatchObject({
      Data: { InstanceType: 'ml.c5.large', InitialInstanceCount: '3', InstanceCount: '4', CostPerHour: '0.2', FleetCostPerHour: String(0.2 * 4 / 3) },
    });
  });

  test('a load that the benchmarked instances just bear needs no instance more', async () => {
    const [row] = rows;
    const bears = (MaxInvocations: number, InitialInstanceCount: number) => (
      rowOf({ ...row.Metrics, MaxInvocations }, { ...row.EndpointConfiguration, InitialInstanceCount }));
    // 17 / (17 / 7) is more than 7 in floating point.
    for (const [invocations, count] of [[17, 7], [115, 7], [300, 3]]) {
      const stage = await new Stage(job([bears(invocations, count)])).setUp();
      expect(await recommend(stage, { TargetLoad: { InvocationsPerMinute: String(invocations), HeadroomPercent: '0' } }))
        .toMatchObject({ Data: { InstanceCount: String(count) } });
    }
  });

  test('a serverless row has no instances, and costs by the request: the load decides its concurrency', async () => {
    const serverless = rows.find(({ EndpointConfiguration }) => EndpointConfiguration.ServerlessConfig)!;
    const measured = rowOf({ ...serverless.Metrics, MaxInvocations: 100 }, {
      ...serverless.EndpointConfiguration,
      ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 },
    });
    const stage = await new Stage(job([...rows.filter((row) => row !== serverless), measured])).setUp();
    const TargetLoad = { InvocationsPerMinute: '1000', HeadroomPercent: '50' };
    expect(await recommend(stage, { EndpointType: 'Serverless', TargetLoad })).toMatchObject({
      Data: {
        ServerlessMemorySizeInMB: '2048', ServerlessMaxConcurrency: '15', InstanceType: '', InitialInstanceCount: '', InstanceCount: '', FleetCostPerHour: String(3e-7 * 1000 * 60),
      },
    });
  });

  test('variables that are asked for by name are answered one by one, empty where the row has none', async () => {
    const tuned = (Value: string) => ({ EnvironmentParameters: [{ Key: 'OMP_NUM_THREADS', ValueType: 'String', Value }] });
    const stage = await new Stage(job([{ ...rows[0], ModelConfiguration: tuned('4') }, { ...rows[1], ModelConfiguration: tuned('2') }])).setUp();
    expect(await recommend(stage, { EnvironmentNames: ['OMP_NUM_THREADS', 'WORKERS'] }))
      .toMatchObject({ Data: { 'Environment.OMP_NUM_THREADS': '4', 'Environment.WORKERS': '' } });
  });

  test('the log has the whole choice: the ranking, and why each other row was rejected', async () => {
    const stage = await new Stage(job(rows)).setUp();
    const { Data } = await recommend(stage, { Limits: { MaxModelLatency: '10' } });
    const chosen = stage.logs.map((line) => JSON.parse(line)).find(({ message }) => message === 'chosen');
    expect(chosen).toMatchObject({
      JobName: Data!.JobName,
      Criteria: { Objective: 'LowestCostPerInference', EndpointType: 'RealTime', Limits: { MaxModelLatency: '10' } },
      Chosen: Data!.RecommendationId,
      Ranking: [{ InstanceType: 'ml.c5.xlarge', InstanceCount: 1, Metrics: { ModelLatency: 5, CpuUtilization: 'NaN' } }],
    });
    expect(Object.keys(chosen.Criteria)).not.toContain('ServiceToken');
    const reasons = chosen.Rejected.map(({ InstanceType = 'serverless', Reasons }: any) => [InstanceType, Reasons]).sort();
    expect(reasons.reverse()).toEqual([
      ['serverless', ['it is serverless and RealTime is wanted', 'ModelLatency is not reported and must be at most 10 (ms or µs)']],
      ['ml.c5.large', ['ModelLatency 50 (ms or µs) must be at most 10 (ms or µs)']],
    ]);
  });

  test.each([
    [{ Limits: { MaxCostPerHour: 'much' } }, 'MaxCostPerHour must be a number of at least 0, got: \'much\'.'],
    [{ Limits: { MaxModelLatency: '' } }, 'MaxModelLatency must be a number of at least 0, got: \'\'.'],
    [{ TargetLoad: { InvocationsPerMinute: '-1', HeadroomPercent: '0' } }, 'TargetLoad.InvocationsPerMinute must be a number of at least 0, got: \'-1\'.'],
  ])('a figure that is none once it is resolved is refused: %j', async (properties, sentence) => {
    const stage = await new Stage(job(rows)).setUp();
    expect(await recommend(stage, properties)).toMatchObject({ Status: 'FAILED', Reason: sentence });
  });
});
