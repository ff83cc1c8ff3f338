import { RESULTS_ATTRIBUTES } from '../../../../src/contract/recommend';
import { ROLE_ARN, Stage } from '../../../harness/stage';
import { RESULTS_RESOURCE_TYPE } from '../../../harness/types';

const endpoint = { EndpointName: 'e', VariantName: 'v', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 2 };

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
      SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: started!.JobName,
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
      CostAtLeast: expect.stringMatching(/^at least \d+\.\d\d USD$/),
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
      SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: started!.JobName,
    }));
    expect([Status, Data!.BenchmarkStepCount]).toEqual(['SUCCESS', '100']);
    expect(JSON.parse(Data!.BenchmarkSteps).length).toBeGreaterThan(5);
    expect(stage.logs.filter((line) => line.includes('"benchmark"'))).toHaveLength(100);
  });
});
