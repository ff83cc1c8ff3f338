import {
  CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand, GetMetricDataCommand, ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import { Stack } from 'aws-cdk-lib';
import { exampleModelPackage } from './apps/model-package';
import { InProcessRunner } from './in-process-runner';
import { Build, LocalApps } from './local-apps';
import { datum } from '../../local-aws/cloudwatch';
import { BenchmarkRun } from '../../local-aws/sagemaker';
import {
  Endpoint, InstanceType, LatencyUnit, Recommendation, RecommendationDashboard, RecommendationDashboardOptions, RecommendationOptions,
  RecommendedEndpoint,
} from '../../src';
import { ACCOUNT, REGION } from '../harness/place';

/** 40 ms, 0.60 USD an hour and 6,000 requests a minute on two instances. */
const ROWS: BenchmarkRun['recommendations'] = [
  {
    Metrics: { CostPerHour: 0.6, CostPerInference: 0.6 / 360_000, MaxInvocations: 6000, ModelLatency: 40_000, CpuUtilization: 90 },
    EndpointConfiguration: { EndpointName: 'e', VariantName: 'v', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 2 },
    ModelConfiguration: {},
  },
  {
    Metrics: { CostPerHour: 1.1, CostPerInference: 3e-6, MaxInvocations: 6100, ModelLatency: 30_000 },
    EndpointConfiguration: { EndpointName: 'f', VariantName: 'v', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 },
    ModelConfiguration: {},
  },
];
const NAME = 'Watched';
const ENDPOINT = 'watched';
const MICROSECONDS = { latencyUnit: LatencyUnit.MICROSECONDS };
const PATH = '/watched/best';

interface Settings extends RecommendationDashboardOptions {
  readonly choice?: RecommendationOptions;
}

const build = ({ choice, ...options }: Settings = {}): Build => (app) => {
  const stack = new Stack(app, NAME, { env: { account: ACCOUNT, region: REGION } });
  const served = new RecommendedEndpoint(stack, 'Served', {
    modelPackage: exampleModelPackage(stack), endpointName: ENDPOINT, publishMetrics: true, parameterPath: PATH, ...choice,
  });
  served.addDashboard('Dashboard', { dashboardName: 'watched', ...options });
};

let apps: LocalApps;
let outcome: Partial<BenchmarkRun>;
let client: CloudWatchClient;
beforeEach(async () => {
  outcome = {};
  apps = await LocalApps.open({
    lambdaRunner: new InProcessRunner(), benchmarks: () => ({ durationSeconds: 1200, recommendations: ROWS, ...outcome }),
  });
  client = new CloudWatchClient(apps.aws.client());
});
afterEach(() => apps.close());

async function alarms(): Promise<Record<string, { threshold: number; state: string }>> {
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}));
  return Object.fromEntries(MetricAlarms.map(({ AlarmName, Threshold, StateValue }) => (
    [/Dashboard(\w+Alarm)/.exec(AlarmName!)![1].replace(/Alarm.*/, ''), { threshold: Threshold!, state: StateValue! }])));
}
const thresholds = async () => Object.fromEntries(Object.entries(await alarms()).map(([name, { threshold }]) => [name, threshold]));

/** The widgets of a dashboard, by their titles; the text is that of ''. */
async function widgets(DashboardName: string): Promise<Record<string, any>> {
  const { DashboardBody } = await client.send(new GetDashboardCommand({ DashboardName }));
  return Object.fromEntries(JSON.parse(DashboardBody!).widgets.map(({ properties }: any) => [properties.title ?? '', properties]));
}
const lineOf = ({ annotations }: any) => annotations.horizontal.map(({ value, label }: any) => [value, label]);

/** What the endpoint publishes for so many minutes: each minute so many requests to each of two instances, which take so long. */
async function serve(minutes: number, requestsPerInstance: number, microseconds: number): Promise<void> {
  const { clock } = apps.aws.world;
  const { cloudwatch } = apps.region();
  const dimensions = [{ Name: 'EndpointName', Value: ENDPOINT }, { Name: 'VariantName', Value: 'AllTraffic' }];
  for (let minute = 0; minute < minutes; minute++) {
    const put = (name: string, value: number, count: number) => (
      cloudwatch.put({ namespace: 'AWS/SageMaker', name, dimensions }, datum(clock.now(), 'None', [[value, count]])));
    put('ModelLatency', microseconds, 2 * requestsPerInstance);
    put('Invocations', 1, 2 * requestsPerInstance);
    put('InvocationsPerInstance', 0.5, 2 * requestsPerInstance);
    await clock.run(() => clock.sleep(60_000));
  }
}

test('a dashboard has what the benchmark promised, in numbers that the function computed', async () => {
  expect([await apps.bring(build(MICROSECONDS), NAME), apps.reasons(NAME)]).toEqual(['CREATE_COMPLETE', '']);
  const found = await widgets('watched');
  expect(lineOf(found['Model latency'])).toEqual([[40, 'Promised: 40 ms, broken above 60 ms']]);
  expect(lineOf(found['Cost of 1,000 requests'])).toEqual([[0.00166667, 'Promised: 0.001667 USD per 1,000 requests, broken above 0.0025 USD per 1,000 requests']]);
  expect(lineOf(found.Load)).toEqual([[3000, 'Promised: 3,000 requests a minute to an instance, broken above 4,500 requests a minute to an instance']]);
  expect(found[''].markdown).toMatch(/^ml\.c5\.xlarge × 2: 0\.60 USD an hour, 1\.667 USD per million requests, 40,000 \(ms or µs\), 6,000 requests a minute; runner-up ml\.m5\.xlarge × 1 \(.*\n\nPromised/);
  expect(found.Promises.alarms).toHaveLength(3);
  expect(await thresholds()).toEqual({ Latency: 60, Cost: 0.0025, Load: 4500 });

  expect([await apps.bring(build({ ...MICROSECONDS, factor: 2, costFactor: 4 }), NAME), apps.reasons(NAME)]).toEqual(['UPDATE_COMPLETE', '']);
  expect(await thresholds()).toEqual({ Latency: 80, Cost: 0.00666667, Load: 6000 });

  expect([await apps.bring(build(), NAME), apps.reasons(NAME)]).toEqual(['UPDATE_COMPLETE', '']);
  expect(await thresholds()).toEqual({ Cost: 0.0025, Load: 4500 });
  expect((await widgets('watched'))['Model latency']).not.toHaveProperty('annotations');

  expect(await apps.remove(NAME)).toBe('DELETE_COMPLETE');
  expect([await alarms(), apps.region().cloudwatch.dashboards.size]).toEqual([{}, 0]);
});

test('an alarm fires when the endpoint leaves the promise, and none while it keeps it', async () => {
  expect(await apps.bring(build(MICROSECONDS), NAME)).toBe('CREATE_COMPLETE');
  const states = async () => Object.fromEntries(Object.entries(await alarms()).map(([name, { state }]) => [name, state]));
  await serve(4 * 60, 2900, 45_000);
  expect(await states()).toEqual({ Latency: 'OK', Cost: 'OK', Load: 'OK' });
  // Slower and busier by more than half.
  await serve(20, 4600, 61_000);
  expect(await states()).toEqual({ Latency: 'ALARM', Cost: 'OK', Load: 'ALARM' });
  // Hardly a request, at the full price of the instances.
  await serve(4 * 60, 100, 20_000);
  expect(await states()).toEqual({ Latency: 'OK', Cost: 'ALARM', Load: 'OK' });
});

test('a fallback promises nothing: no alarm fires, and the dashboard says why', async () => {
  outcome = { outcome: 'FAILED', failureReason: 'The "container" ran\nout of memory', recommendations: [] };
  const choice = { fallback: { instanceType: InstanceType.ML_M5_LARGE } };
  expect([await apps.bring(build({ ...MICROSECONDS, choice }), NAME), apps.reasons(NAME)]).toEqual(['CREATE_COMPLETE', '']);
  const found = await widgets('watched');
  expect(lineOf(found['Model latency'])).toEqual([[0, 'No promise of latency: the figures are no benchmark\'s (Fallback)']]);
  expect(found[''].markdown).toContain('WARNING: the fallback is used.');
  expect(found[''].markdown).toContain('The \'container\' ran out of memory');
  await serve(4 * 60, 100_000, 10_000_000);
  expect(Object.values(await alarms()).map(({ state }) => state)).toEqual(['OK', 'OK', 'OK']);
});

test('a stack of its own reads the promise from Parameter Store, for an endpoint by its name', async () => {
  expect(await apps.bring(build(), NAME)).toBe('CREATE_COMPLETE');
  const elsewhere: Build = (app) => {
    const stack = new Stack(app, 'Elsewhere', { env: { account: ACCOUNT, region: REGION } });
    const endpoint = Endpoint.fromEndpointName(stack, 'Endpoint', ENDPOINT);
    const recommendation = Recommendation.fromSsmParameter(stack, 'Best', { parameterPath: PATH });
    new RecommendationDashboard(stack, 'Dashboard', { recommendation, endpoint, variantName: 'AllTraffic', dashboardName: 'elsewhere', ...MICROSECONDS });
  };
  expect([await apps.bring(elsewhere, 'Elsewhere'), apps.reasons('Elsewhere')]).toEqual(['CREATE_COMPLETE', '']);
  expect(lineOf((await widgets('elsewhere'))['Model latency'])).toEqual([[40, 'Promised: 40 ms, broken above 60 ms']]);
});

test('the figures of each recommendation are metrics, which can be read back', async () => {
  expect(await apps.bring(build(), NAME)).toBe('CREATE_COMPLETE');
  const { Metrics = [] } = await client.send(new ListMetricsCommand({ Namespace: 'InferenceRecommender' }));
  expect(Metrics).toHaveLength(5 + 4);
  const now = apps.aws.world.clock.now();
  const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand({
    StartTime: new Date(now - 24 * 3_600_000),
    EndTime: new Date(now + 60_000),
    MetricDataQueries: Metrics.map((Metric, index) => ({ Id: `m${index}`, MetricStat: { Metric, Period: 60, Stat: 'Average' } })),
  }));
  const figures = Metrics.map(({ MetricName, Dimensions = [] }, index) => (
    [`${Dimensions.find(({ Name }) => Name === 'InstanceType')!.Value} ${MetricName}`, MetricDataResults[index].Values![0]]));
  expect(Object.fromEntries(figures)).toMatchObject({
    'ml.c5.xlarge CostPerHour': 0.6, 'ml.c5.xlarge ModelLatency': 40_000, 'ml.c5.xlarge CpuUtilization': 90, 'ml.m5.xlarge MaxInvocations': 6100,
  });
});
