import { Bench, ROLE } from './fixtures';
import { modelledBenchmarks } from '../../../local-aws/sagemaker';
import { scenarioOptions } from '../../../local-aws/scenarios';
import { WorldOptions } from '../../../local-aws/world';

const JOBS = '/aws/sagemaker/InferenceRecommendationsJobs';
const ENDPOINTS = '/aws/sagemaker/Endpoints';
const INVOCATIONS = 'AWS/SageMaker';

type Dimensions = Readonly<Record<string, string>>;
const dimensionsOf = (dimensions: Dimensions) => Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

class Metrics extends Bench {
  public ask(operation: string, input: object): any {
    return this.region.cloudwatch.operations[operation](input, { region: this.region, principal: this.region.root, requestId: 'r' });
  }

  /** The values of a metric by their minutes, from the beginning of the world on. */
  public async values(Namespace: string, MetricName: string, dimensions: Dimensions, Stat: string): Promise<Map<number, number>> {
    const start = Date.parse('2026-01-01T00:00:00Z');
    const [{ Timestamps, Values }] = (await this.ask('GetMetricData', {
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric: { Namespace, MetricName, Dimensions: dimensionsOf(dimensions) }, Period: 60, Stat } }],
      StartTime: new Date(start),
      EndTime: new Date(start + 86_400_000),
      ScanBy: 'TimestampAscending',
    })).MetricDataResults;
    return new Map(Timestamps.map((time: Date, index: number) => [(time.getTime() - start) / 60_000, Values[index]]));
  }

  /** The names of the metrics that somebody finds. */
  public async names(Namespace: string, dimensions: Dimensions = {}): Promise<string[]> {
    return (await this.ask('ListMetrics', { Namespace, Dimensions: dimensionsOf(dimensions) })).Metrics.map(({ MetricName }: any) => MetricName);
  }

  public async benchmark(JobName: string): Promise<void> {
    const ModelPackageVersionArn = await this.modelPackage();
    await this.call('CreateInferenceRecommendationsJob', { JobName, JobType: 'Default', RoleArn: ROLE, InputConfig: { ModelPackageVersionArn } });
  }
}

const rounded = (values: Iterable<number>) => [...values].map((value) => Math.round(value * 1e6) / 1e6);

describe('the benchmarks of a job', () => {
  test('have as many invocations and as long latencies as the result says, while they run', async () => {
    const bench = new Metrics({ benchmarks: modelledBenchmarks });
    await bench.benchmark('j');
    expect(await bench.names(JOBS)).toEqual([]);
    await bench.minutes(120);
    const { InferenceRecommendations } = await bench.call('DescribeInferenceRecommendationsJob', { JobName: 'j' });
    expect(InferenceRecommendations.length).toBeGreaterThan(1);
    const { CreationTime } = await bench.call('DescribeInferenceRecommendationsJob', { JobName: 'j' });
    for (const { Metrics: found, EndpointConfiguration, InvocationStartTime, InvocationEndTime } of InferenceRecommendations) {
      const { EndpointName, VariantName } = EndpointConfiguration;
      const clients = { EndpointName, JobName: 'j' };
      const invocations = await bench.values(JOBS, 'ClientInvocations', clients, 'Sum');
      expect(Math.max(...invocations.values())).toBeCloseTo(found.MaxInvocations, 5);
      expect([...invocations.keys()].at(0)).toBe(Math.floor((InvocationStartTime - CreationTime) / 60_000));
      expect([...invocations.keys()].at(-1)).toBe(Math.ceil((InvocationEndTime - CreationTime) / 60_000) - 1);
      const variant = { EndpointName, VariantName };
      const micros = await bench.values(INVOCATIONS, 'ModelLatency', variant, 'Average');
      expect(Math.max(...micros.values())).toBeCloseTo(found.ModelLatency * 1000, 3);
      expect(Math.max(...(await bench.values(INVOCATIONS, 'ModelLatency', variant, 'p95')).values())).toBeCloseTo(found.ModelLatency * 1500, 3);
      const latency = await bench.values(JOBS, 'ClientLatency', clients, 'Average');
      expect(Math.max(...latency.values())).toBeGreaterThan(found.ModelLatency);
      expect(Math.max(...(await bench.values(JOBS, 'ClientInvocationErrors', clients, 'Sum')).values())).toBe(0);
      expect(Math.max(...(await bench.values(ENDPOINTS, 'MemoryUtilization', variant, 'Maximum')).values())).toBe(found.MemoryUtilization);
    }
    const [{ EndpointConfiguration: { EndpointName } }] = InferenceRecommendations;
    expect(await bench.names(JOBS, { JobName: 'j', EndpointName })).toEqual(['ClientInvocationErrors', 'ClientInvocations', 'ClientLatency', 'NumberOfUsers']);
  });

  test('that fail have errors only, and those without an endpoint nothing', async () => {
    const bench = new Metrics(scenarioOptions({ names: ['model-error'] }));
    await bench.benchmark('j');
    await bench.minutes(120);
    const { Steps } = await bench.call('ListInferenceRecommendationsJobSteps', { JobName: 'j' });
    const { EndpointName } = Steps[0].InferenceBenchmark.EndpointConfiguration;
    const [all, failed] = [await bench.values(JOBS, 'ClientInvocations', { EndpointName, JobName: 'j' }, 'Sum'), await bench.values(JOBS, 'ClientInvocationErrors', { EndpointName, JobName: 'j' }, 'Sum')];
    expect(all.size).toBeGreaterThan(1);
    expect(failed).toEqual(all);
    expect((await bench.values(JOBS, 'ClientLatency', { EndpointName, JobName: 'j' }, 'Average')).size).toBe(0);

    const without = new Metrics(scenarioOptions({ names: ['capacity'] }));
    await without.benchmark('j');
    await without.minutes(120);
    expect(await without.names(JOBS)).toEqual([]);
  });
});

describe('an endpoint', () => {
  const VARIANT = { EndpointName: 'live', VariantName: 'main' };

  async function serving(options: WorldOptions, variant?: object, more: object = {}): Promise<Metrics> {
    const bench = new Metrics(options);
    await bench.call('CreateModel', { ModelName: 'm', PrimaryContainer: { ModelPackageName: await bench.modelPackage() }, ExecutionRoleArn: ROLE });
    const variants = [{ VariantName: 'main', ModelName: 'm', ...variant ?? { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 2 } }];
    await bench.call('CreateEndpointConfig', { EndpointConfigName: 'c', ProductionVariants: variants, ...more });
    await bench.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'c' });
    await bench.minutes(10);
    return bench;
  }

  test('without a load has no metrics', async () => {
    const bench = await serving({});
    expect([await bench.names(INVOCATIONS), await bench.names(ENDPOINTS)]).toEqual([[], []]);
  });

  test('takes the load in each minute, and has done so for a day before it was in service', async () => {
    const bench = await serving({ load: 90 });
    expect([...(await bench.values(INVOCATIONS, 'Invocations', VARIANT, 'Sum'))]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((minute) => [minute, 90]));
    const { Datapoints } = await bench.ask('GetMetricStatistics', {
      Namespace: INVOCATIONS, MetricName: 'Invocations', Dimensions: dimensionsOf(VARIANT), StartTime: new Date('2025-12-30'), EndTime: new Date('2026-01-02'), Period: 3600, Statistics: ['Sum'],
    });
    // It is made in three minutes, and seven have passed since.
    expect(Datapoints.reduce((sum: number, { Sum }: any) => sum + Sum, 0)).toBe(90 * (24 * 60 + 7));
    expect(new Set(rounded((await bench.values(INVOCATIONS, 'InvocationsPerInstance', VARIANT, 'Sum')).values()))).toEqual(new Set([45]));
    expect(new Set((await bench.values(INVOCATIONS, 'Invocation5XXErrors', VARIANT, 'Sum')).values())).toEqual(new Set([0]));
    const latency = await bench.values(INVOCATIONS, 'ModelLatency', VARIANT, 'Average');
    expect(new Set(latency.values()).size).toBe(10);
    expect(await bench.values(INVOCATIONS, 'ModelLatency', VARIANT, 'Average')).toEqual(latency);
    expect(Math.max(...(await bench.values(ENDPOINTS, 'CPUUtilization', VARIANT, 'Average')).values())).toBeLessThanOrEqual(400);
    expect([await bench.names(INVOCATIONS), await bench.names(ENDPOINTS)]).toEqual([
      ['Invocation4XXErrors', 'Invocation5XXErrors', 'InvocationModelErrors', 'Invocations', 'InvocationsPerInstance', 'ModelLatency', 'OverheadLatency'],
      ['CPUUtilization', 'MemoryUtilization'],
    ]);
  });

  test('is slower and busier under more load, and fails what is beyond all', async () => {
    const at = async (load: number, Namespace: string, name: string, stat: string) => {
      const values = await (await serving({ load })).values(Namespace, name, VARIANT, stat);
      return [...values.values()].at(-1)!;
    };
    const loads = [60, 9000, 1_000_000];
    const latencies = await Promise.all(loads.map((load) => at(load, INVOCATIONS, 'ModelLatency', 'Average')));
    const cpu = await Promise.all(loads.map((load) => at(load, ENDPOINTS, 'CPUUtilization', 'Average')));
    expect([latencies, cpu].map((values) => [...values].sort((a, b) => a - b))).toEqual([latencies, cpu]);
    const errors = await Promise.all(loads.map((load) => at(load, INVOCATIONS, 'Invocation5XXErrors', 'Sum')));
    expect([errors[0], errors[2] > 900_000]).toEqual([0, true]);
  });

  test('of a model that a benchmark has compiled is as fast as the benchmark says', async () => {
    const bench = new Metrics({ benchmarks: modelledBenchmarks, load: 600 });
    await bench.benchmark('j');
    await bench.minutes(120);
    const { InferenceRecommendations } = await bench.call('DescribeInferenceRecommendationsJob', { JobName: 'j' });
    const row = InferenceRecommendations.find(({ ModelConfiguration }: any) => ModelConfiguration.CompilationJobName);
    const { InferenceImage, ModelArtifacts } = await bench.call('DescribeCompilationJob', { CompilationJobName: row.ModelConfiguration.CompilationJobName });
    const PrimaryContainer = { Image: InferenceImage, ModelDataUrl: ModelArtifacts.S3ModelArtifacts };
    await bench.call('CreateModel', { ModelName: 'm', PrimaryContainer, ExecutionRoleArn: ROLE });
    const { InstanceType } = row.EndpointConfiguration;
    await bench.call('CreateEndpointConfig', { EndpointConfigName: 'c', ProductionVariants: [{ VariantName: 'main', ModelName: 'm', InstanceType, InitialInstanceCount: 1 }] });
    await bench.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'c' });
    await bench.minutes(10);
    const micros = [...(await bench.values(INVOCATIONS, 'ModelLatency', VARIANT, 'Average')).values()];
    expect(Math.min(...micros)).toBeGreaterThan(0);
    // It has less load than in the benchmark.
    expect(Math.max(...micros)).toBeLessThan(row.Metrics.ModelLatency * 1000 * 1.1);
    expect(Math.max(...(await bench.values(INVOCATIONS, 'Invocation5XXErrors', VARIANT, 'Sum')).values())).toBe(0);
  });

  test('divides the load by the weights of its variants', async () => {
    const bench = await serving({ load: 100 }, undefined, {
      ProductionVariants: [['main', 3], ['other', 1]].map(([VariantName, InitialVariantWeight]) => ({ VariantName, InitialVariantWeight, ModelName: 'm', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 })),
    });
    const of = async (VariantName: string) => [...(await bench.values(INVOCATIONS, 'Invocations', { ...VARIANT, VariantName }, 'Sum')).values()].at(-1);
    expect([await of('main'), await of('other')]).toEqual([75, 25]);
  });

  test('that is serverless has no instances, and one that answers later takes no load', async () => {
    const bench = await serving({ load: 10 }, { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } });
    expect(await bench.names(INVOCATIONS)).not.toContain('InvocationsPerInstance');
    expect(await bench.names(ENDPOINTS)).toEqual(['MemoryUtilization']);
    const later = await serving({ load: 10 }, undefined, { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://b/p' } } });
    expect(await later.names(INVOCATIONS)).toEqual([]);
  });

  test('has no metrics once its model or itself is gone', async () => {
    const bench = await serving({ load: 10 });
    await bench.call('DeleteModel', { ModelName: 'm' });
    expect(await bench.names(INVOCATIONS)).toEqual([]);
  });

  test('that is too slow puts an alarm into its state', async () => {
    const stateUnder = async (load: number) => {
      const bench = await serving({ load });
      await bench.ask('PutMetricAlarm', {
        AlarmName: 'slow',
        Namespace: INVOCATIONS,
        MetricName: 'ModelLatency',
        Dimensions: dimensionsOf(VARIANT),
        ExtendedStatistic: 'p95',
        Period: 60,
        EvaluationPeriods: 3,
        Threshold: 10_000_000,
        ComparisonOperator: 'GreaterThanThreshold',
      });
      return (await bench.ask('DescribeAlarms', {})).MetricAlarms[0].StateValue;
    };
    expect([await stateUnder(60), await stateUnder(1_000_000)]).toEqual(['OK', 'ALARM']);
  });
});

test('a reader finds why each benchmark has failed, in the stream of its endpoint', async () => {
  const bench = new Metrics({ quotas: { 'Number of instances across active endpoints': 0 } });
  await bench.benchmark('j');
  await bench.minutes(120);
  const { Steps } = await bench.call('ListInferenceRecommendationsJobSteps', { JobName: 'j' });
  const events = async (input: object): Promise<string[]> => ((await bench.region.logs.operations.FilterLogEvents(
    { logGroupName: '/aws/sagemaker/InferenceRecommendationsJobs', ...input }, { region: bench.region, principal: bench.region.root, requestId: 'r' })) as any).events.map(({ message }: any) => message);
  for (const { InferenceBenchmark: { FailureReason, EndpointConfiguration: { EndpointName } } } of Steps) {
    expect(await events({ logStreamNames: [`j/Endpoint/${EndpointName}`], filterPattern: 'FAILED' })).toEqual([expect.stringContaining(FailureReason)]);
  }
  expect(await events({ logStreamNames: ['j/execution'], filterPattern: 'FAILED' })).toEqual([expect.stringContaining('is FAILED: CLIENT_ERROR: ResourceLimitExceeded')]);
});
