import { RECOMMENDATION_ATTRIBUTES, RECOMMENDATION_RESOURCE_TYPE, RESULTS_ATTRIBUTES, RESULTS_RESOURCE_TYPE } from '../../src/api/contract';
import { ROLE_ARN, serviceError, Stage } from '../harness/stage';

const endpoint = { EndpointName: 'e', VariantName: 'v', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 2 };
const job = (recommendations: any[]) => () => ({ durationSeconds: 600, recommendations });

async function recommend(stage: Stage, properties: Record<string, unknown> = {}, type = 'Create', overrides = {}) {
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  return stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', type, {
    SchemaVersion: '1', JobName: Data!.JobName, Objective: 'LowestCostPerInference', EndpointType: 'RealTime', ...properties,
  }, overrides));
}

describe('results', () => {
  test('times, an existing endpoint\'s performance and the benchmark steps', async () => {
    const stage = await new Stage(() => ({
      durationSeconds: 600,
      recommendations: [{
        Metrics: { MaxInvocations: 100, ModelLatency: 5, CpuUtilization: NaN }, EndpointConfiguration: endpoint, ModelConfiguration: {},
      }],
      failedSteps: [{ failureReason: 'Out of memory', EndpointConfiguration: { InstanceType: 'ml.c5.large' } }],
    })).setUp();
    await stage.sagemaker('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE_ARN, PrimaryContainer: { Image: 'image' } });
    await stage.sagemaker('CreateEndpointConfig', {
      EndpointConfigName: 'c', ProductionVariants: [{ VariantName: 'v', ModelName: 'm', InstanceType: 'ml.c5.large', InitialInstanceCount: 1 }],
    });
    await stage.sagemaker('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'c' });
    const properties = stage.jobProperties();
    const { Data: started } = await stage.send(stage.start('Create', {
      ...properties, Request: { ...properties.Request, InputConfig: { ModelPackageVersionArn: stage.packageArn, Endpoints: [{ EndpointName: 'live' }] } },
    }));
    await stage.pass(60);
    const { Status, Data } = await stage.send(stage.event(RESULTS_RESOURCE_TYPE, 'JobResults', 'Create', {
      SchemaVersion: '1', JobName: started!.JobName,
    }));
    expect(Status).toBe('SUCCESS');
    expect(Object.keys(Data!).sort()).toEqual([...RESULTS_ATTRIBUTES].sort());
    expect(Data).toMatchObject({
      Status: 'COMPLETED',
      RecommendationCount: '1',
      BenchmarkStepCount: '2',
      ExistingEndpointName: 'live',
      ExistingEndpointMaxInvocations: '100',
      ExistingEndpointModelLatency: '5',
      CompletionTime: expect.stringMatching(/^2026-01-01T00:10/),
    });
    expect(JSON.parse(Data!.BenchmarkSteps)).toEqual([
      expect.objectContaining({ Status: 'COMPLETED', InstanceType: 'ml.c5.xlarge', Metrics: { MaxInvocations: 100, ModelLatency: 5, CpuUtilization: 'NaN' } }),
      expect.objectContaining({ Status: 'FAILED', InstanceType: 'ml.c5.large', FailureReason: 'Out of memory' }),
    ]);
  });

  test('a hundred benchmarks fit into an answer, as many as there is room for, and are all in the log', async () => {
    const stage = await new Stage(() => ({
      durationSeconds: 600,
      recommendations: Array(100).fill({ Metrics: { MaxInvocations: 100 }, EndpointConfiguration: endpoint, ModelConfiguration: {} }),
    })).setUp();
    const { Data: started } = await stage.send(stage.start('Create'));
    await stage.pass(60);
    const { Status, Data } = await stage.send(stage.event(RESULTS_RESOURCE_TYPE, 'JobResults', 'Create', {
      SchemaVersion: '1', JobName: started!.JobName,
    }));
    expect([Status, Data!.BenchmarkStepCount]).toEqual(['SUCCESS', '100']);
    expect(JSON.parse(Data!.BenchmarkSteps).length).toBeGreaterThan(5);
    expect(stage.logs.filter((line) => line.includes('"benchmark"'))).toHaveLength(100);
  });
});

describe('recommend', () => {
  test('an objective that is none is refused by name', async () => {
    const stage = await new Stage().setUp();
    expect(await recommend(stage, { Objective: 'Prettiest' })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining("got: 'Prettiest'") });
  });

  test('a throttled call fails no deploy', async () => {
    const stage = await new Stage().setUp();
    const { Data } = await stage.send(stage.start('Create'));
    await stage.pass(60);
    stage.fail('DescribeInferenceRecommendationsJob', serviceError('ThrottlingException', 'Rate exceeded'), 5);
    expect(await stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Create', {
      SchemaVersion: '1', JobName: Data!.JobName, Objective: 'LowestLatency', EndpointType: 'RealTime',
    }))).toMatchObject({ Status: 'SUCCESS' });
  });


  test('answers every attribute, empty where the row has nothing, NaN where the service says so', async () => {
    const stage = await new Stage(job([{
      RecommendationId: 'x/00000001',
      Metrics: { CostPerHour: 0.4, CostPerInference: 1e-7, MaxInvocations: 100, ModelLatency: 5, CpuUtilization: NaN },
      EndpointConfiguration: endpoint,
      ModelConfiguration: { EnvironmentParameters: [{ Key: 'OMP_NUM_THREADS', ValueType: 'String', Value: '4' }] },
    }])).setUp();
    const { Status, Data } = await recommend(stage);
    expect(Status).toBe('SUCCESS');
    expect(Object.keys(Data!).sort()).toEqual([...RECOMMENDATION_ATTRIBUTES].sort());
    expect(Data).toMatchObject({
      InstanceType: 'ml.c5.xlarge',
      InitialInstanceCount: '2',
      CostPerInference: '1e-7',
      CpuUtilization: 'NaN',
      MemoryUtilization: '',
      Environment: '{"OMP_NUM_THREADS":"4"}',
      CompilationJobName: '',
      ServerlessMemorySizeInMB: '',
    });
    expect(Data!.RecommendationId).toMatch(/\/00000001$/);
  });

  test('nothing that fits is a failure that says what was looked for', async () => {
    const stage = await new Stage(job([{ Metrics: { ModelLatency: 5 }, EndpointConfiguration: endpoint, ModelConfiguration: {} }])).setUp();
    const { Status, Reason } = await recommend(stage, { EndpointType: 'Serverless' });
    expect(Status).toBe('FAILED');
    expect(Reason).toBe('None of the 1 recommendations of job ' + stage.answers[0].PhysicalResourceId
      + ' is a Serverless one with a figure for LowestCostPerInference.');
  });

  test('a job that is not there, or not done, is a clear failure', async () => {
    const stage = await new Stage().setUp();
    expect(await recommend(stage, { JobName: 'unknown' })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Job unknown is gone') });
    const { Data } = await stage.send(stage.start('Create', stage.jobProperties({ Trigger: 'again' })));
    expect(await recommend(stage, { JobName: Data!.JobName })).toMatchObject({ Status: 'SUCCESS' });
  });

  test('an update keeps the physical id, so that no Delete follows', async () => {
    const stage = await new Stage().setUp();
    expect(await recommend(stage, { Objective: 'LowestLatency' }, 'Update', { PhysicalResourceId: 'JobBest' }))
      .toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'JobBest', Data: { InstanceType: 'ml.c5.9xlarge' } });
  });

  test('an environment too long for an answer fails with the remedy', async () => {
    const EnvironmentParameters = [...Array(10).keys()].map((index) => ({ Key: `NAME_${index}`, ValueType: 'String', Value: 'x'.repeat(500) }));
    const stage = await new Stage(job([{
      Metrics: { CostPerInference: 1e-7 }, EndpointConfiguration: endpoint, ModelConfiguration: { EnvironmentParameters },
    }])).setUp();
    expect(await recommend(stage)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('shorten the environment variables') });
  });

  test('Delete needs no job', async () => {
    const stage = await new Stage().setUp();
    expect(await stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Delete', { JobName: 'gone' }, { PhysicalResourceId: 'JobBest' })))
      .toMatchObject({ Status: 'SUCCESS' });
  });
});
