import { RECOMMENDATION_ATTRIBUTES, RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { recommend } from '../../harness/recommendation';
import { Stage } from '../../harness/stage';

describe('a fallback', () => {
  const Fallback = { InstanceType: 'ml.m5.large', InitialInstanceCount: '2', Environment: { WORKERS: '1' } };
  const asked = (stage: Stage, JobName: string, more = {}) => stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Create', {
    SchemaVersion: '1', Family: 'InferenceRecommendations', JobName, Objective: 'LowestCostPerInference', EndpointType: 'RealTime', Fallback, ...more,
  }));
  const stands = (warning: RegExp) => expect.objectContaining({
    Status: 'SUCCESS',
    Data: expect.objectContaining({
      Source: 'Fallback',
      Summary: expect.stringMatching(warning),
      InstanceType: 'ml.m5.large',
      InitialInstanceCount: '2',
      InstanceCount: '2',
      Environment: '{"WORKERS":"1"}',
      RecommendationId: '',
      CostPerInference: '',
      FleetCostPerHour: '',
      CompilationJobName: '',
    }),
  });

  test('stands in where no row may be chosen, with every attribute', async () => {
    const stage = await new Stage().setUp();
    const answer = await recommend(stage, { Fallback, Limits: { MaxModelLatency: '0' }, EnvironmentNames: ['WORKERS'] });
    expect(answer).toEqual(stands(/^WARNING: the fallback is used\. None of the \d+ recommendations of job \S+ may be chosen\. .+/));
    expect(Object.keys(answer.Data!).sort()).toEqual([...RECOMMENDATION_ATTRIBUTES, 'Environment.WORKERS'].sort());
    expect(answer.Data!['Environment.WORKERS']).toBe('1');
    expect(answer.Data!.Summary.length).toBeLessThanOrEqual(600);
  });

  test('does not where one may', async () => {
    const stage = await new Stage().setUp();
    expect(await recommend(stage, { Fallback })).toMatchObject({ Data: { Source: 'Benchmark', InstanceType: 'ml.c5.xlarge' } });
  });

  test('stands in where the job failed, and says the service\'s reason', async () => {
    const fails = { durationSeconds: 600, outcome: 'FAILED', failureReason: 'All benchmarks failed', recommendations: [] } as const;
    const stage = await new Stage(() => fails).setUp();
    const { Data } = await stage.send(stage.start('Create'));
    await stage.pass(60);
    expect(await asked(stage, Data!.JobName)).toEqual(stands(/the fallback is used\. .*ended FAILED: All benchmarks failed\./));
    expect(stage.logs.map((line) => JSON.parse(line)).find(({ message }) => message === 'chosen'))
      .toMatchObject({ Warning: expect.stringContaining('All benchmarks failed'), Ranking: [], Rejected: [] });
  });

  test('stands in where somebody stopped the job', async () => {
    const stage = await new Stage().setUp();
    const { Data } = await stage.send(stage.start('Create'));
    await stage.sagemaker('StopInferenceRecommendationsJob', { JobName: Data!.JobName });
    await stage.pass(60);
    expect(await asked(stage, Data!.JobName)).toEqual(stands(/ended STOPPED: it was stopped before it was done\./));
  });

  test('stands in where the job is gone', async () => {
    const stage = await new Stage().setUp();
    expect(await asked(stage, 'unknown')).toEqual(stands(/Job unknown is gone/));
  });

  test('may be serverless', async () => {
    const stage = await new Stage().setUp();
    expect(await asked(stage, 'unknown', { EndpointType: 'Serverless', Fallback: { ServerlessMemorySizeInMB: '2048', ServerlessMaxConcurrency: '5' } }))
      .toMatchObject({ Data: { ServerlessMemorySizeInMB: '2048', ServerlessMaxConcurrency: '5', InstanceType: '', InstanceCount: '', Environment: '{}' } });
  });
});
