import { metricData } from '../../../lambda/recommend/metrics';
import { BenchmarkRun } from '../../../local-aws/sagemaker';
import { METRICS } from '../../../src/service/limits';
import { BENCHMARKED } from '../../../src/service/recommendation-kinds';
import { Background, lasts } from '../../harness/background';
import { done } from '../../harness/published';
import { serviceError } from '../../harness/stage';

const ROWS: BenchmarkRun['recommendations'] = [
  {
    Metrics: { CostPerHour: 0.2, CostPerInference: 1e-7, MaxInvocations: 300, ModelLatency: 50, CpuUtilization: 90, MemoryUtilization: NaN },
    EndpointConfiguration: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 },
    ModelConfiguration: {},
  },
  {
    Metrics: { CostPerInference: 3e-7, MaxInvocations: 60, ModelLatency: 70 },
    EndpointConfiguration: { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 } },
    ModelConfiguration: {},
  },
];
const script = () => ({ durationSeconds: 600, recommendations: ROWS });
const WANTED = { PublishMetrics: 'true' };

test('each figure that the service reports is a value of its own, in a unit that is certain', () => {
  const unknown = Object.fromEntries(METRICS.map((metric) => [metric, NaN])) as Record<typeof METRICS[number], number>;
  const one = { instanceCount: 1, isCompiled: false, environment: {}, attributes: {} };
  const data = metricData(BENCHMARKED, 'job', [
    { ...one, id: 'job/1', instanceType: 'ml.c5.xlarge', figures: { ...unknown, CostPerHour: 0.2, ModelLatency: 50, CpuUtilization: 180 } },
    { ...one, id: 'job/2', figures: { ...unknown, MaxInvocations: 60 } },
    { ...one, id: 'job/3', instanceType: 'ml.m5.large', figures: unknown },
  ]);
  const of = (Recommendation: string, InstanceType: string) => [
    { Name: 'JobName', Value: 'job' }, { Name: 'Recommendation', Value: Recommendation }, { Name: 'InstanceType', Value: InstanceType },
  ];
  expect(data).toEqual([
    { MetricName: 'ModelLatency', Dimensions: of('job/1', 'ml.c5.xlarge'), Value: 50, Unit: 'None' },
    { MetricName: 'CostPerHour', Dimensions: of('job/1', 'ml.c5.xlarge'), Value: 0.2, Unit: 'None' },
    { MetricName: 'CpuUtilization', Dimensions: of('job/1', 'ml.c5.xlarge'), Value: 180, Unit: 'Percent' },
    { MetricName: 'MaxInvocations', Dimensions: of('job/2', 'serverless'), Value: 60, Unit: 'None' },
  ]);
});

test('a recommendation that wants them puts those of all recommendations at once, the rejected ones too', async () => {
  const { create, jobName, stage } = await done(script);
  expect(await create({ ...WANTED, Limits: { MaxModelLatency: '60' } })).toMatchObject({ Status: 'SUCCESS', Data: { InstanceType: 'ml.c5.xlarge' } });
  const [{ input }, ...more] = stage.calls.filter(({ operation }) => operation === 'PutMetricData');
  expect([more, input.Namespace, input.MetricData.length]).toEqual([[], 'InferenceRecommender', 5 + 3]);
  expect(input.MetricData[0].Dimensions[0]).toEqual({ Name: 'JobName', Value: jobName });
  expect(stage.logs.filter((line) => line.includes('"metrics put"'))).toHaveLength(1);
});

test('so does one that finds nothing to choose: its figures say why', async () => {
  const { create, stage } = await done(script);
  expect(await create({ ...WANTED, Limits: { MaxModelLatency: '0' } })).toMatchObject({ Status: 'FAILED' });
  expect(stage.count('PutMetricData')).toBe(1);
});

test('one that does not want them puts none', async () => {
  const { create, stage } = await done(script);
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
  expect(stage.count('PutMetricData')).toBe(0);
});

test('a failure to put them fails nothing, and the log has its reason', async () => {
  const { create, stage } = await done(script);
  stage.fail('PutMetricData', serviceError('InvalidParameterValue', 'The value is out of range.'));
  expect(await create(WANTED)).toMatchObject({ Status: 'SUCCESS', Data: { InstanceType: 'ml.c5.xlarge' } });
  expect(stage.logs.map((line) => JSON.parse(line)).find(({ message }) => message === 'metrics not put'))
    .toMatchObject({ error: 'InvalidParameterValue', reason: 'The value is out of range.' });
});

test('of a job in the background they are put once it has ended, when its result is written', async () => {
  const { stage } = await Background.made(lasts(10), [WANTED].map((given) => ({ ...given, LogicalResourceId: 'JobSeen', ParameterPath: '/shop/seen' })));
  expect(stage.count('PutMetricData')).toBe(0);
  await stage.pass(15);
  const [{ input }, ...more] = stage.calls.filter(({ operation }) => operation === 'PutMetricData');
  expect([more, input.MetricData.length]).toEqual([[], 2 * 2]);
});
