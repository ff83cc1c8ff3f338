import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import {
  AsyncInference, Endpoint, EndpointConfig, EndpointType, InstanceType, IRecommendation, LatencyUnit, Recommendation, RecommendationDashboard,
  RecommendationDashboardOptions, RecommendedEndpoint, Variant, Wait,
} from '../../../src';
import { WITHOUT_JOBS } from '../../../src/common/without-jobs';
import { PROMISE_ATTRIBUTES } from '../../../src/contract/promise';
import { deployed, idOf, idsOf, importedPackage, jobIn, newStack, ofType, only, permissionsOf, Resources } from '../../harness/constructs';
import { bucket, onInstances, serverless, topic, warningsOf } from '../../harness/endpoints';

const ALARM = 'AWS::CloudWatch::Alarm';
const PROMISE = 'Custom::InferencePromise';
const MICROSECONDS = { latencyUnit: LatencyUnit.MICROSECONDS };

const best = (stack: Stack): IRecommendation => jobIn(stack).addRecommendation('Best');
const endpointOf = (stack: Stack, variants: Variant[] = [onInstances(stack)], more = {}): Endpoint => new Endpoint(stack, 'Endpoint', {
  endpointName: 'live', endpointConfig: new EndpointConfig(stack, 'Config', { variants, ...more }),
});

function dashboardIn(
  stack: Stack, options: RecommendationDashboardOptions = {}, recommendation = best(stack), endpoint = endpointOf(stack),
): RecommendationDashboard {
  return new RecommendationDashboard(stack, 'Dashboard', { recommendation, endpoint, ...options });
}

/** The dashboard's body, where each number of the promise is its index among the attributes and each text its name. */
function bodyOf(stack: Stack): any {
  const attributes = Object.fromEntries(PROMISE_ATTRIBUTES.map((name, index) => (
    [`${PROMISE}.${name}`, () => (/(Promise|Threshold|PerHour)$/.test(name) ? `${index + 1}` : name)])));
  const { DashboardBody } = only(deployed(stack, attributes), 'AWS::CloudWatch::Dashboard').Properties;
  return JSON.parse(DashboardBody);
}
const titles = (stack: Stack) => bodyOf(stack).widgets.flatMap(({ properties }: any) => properties.title ?? []);
const widgetOf = (stack: Stack, title: string) => bodyOf(stack).widgets.find(({ properties }: any) => properties.title === title).properties;
const at = (attribute: typeof PROMISE_ATTRIBUTES[number]) => PROMISE_ATTRIBUTES.indexOf(attribute) + 1;
const alarmOf = (resources: Resources, name: string) => resources[idOf(resources, `Dashboard${name}Alarm`)].Properties;
const threshold = (resources: Resources, name: string) => `${idOf(resources, 'DashboardPromise')}.${name}Threshold`;

describe('a dashboard of instances', () => {
  test('has what the endpoint does beside what the benchmark promised', () => {
    const stack = newStack();
    dashboardIn(stack, MICROSECONDS);
    expect(titles(stack)).toEqual(['Promises', 'Model latency', 'Requests', 'Cost of 1,000 requests', 'Load', 'Instances', 'CPU and memory', 'Errors']);
    expect(bodyOf(stack).widgets[0].properties.markdown).toBe('Summary\n\nThresholds');
    const lines = ['Model latency', 'Cost of 1,000 requests', 'Load'].map((title) => widgetOf(stack, title).annotations.horizontal);
    expect(lines).toMatchObject([
      [{ value: at('LatencyPromise'), label: 'LatencyLabel' }], [{ value: at('CostPromise'), label: 'CostLabel' }], [{ value: at('LoadPromise'), label: 'LoadLabel' }],
    ]);
    for (const title of ['Requests', 'Instances', 'Errors']) { expect(widgetOf(stack, title)).not.toHaveProperty('annotations'); }
    expect(JSON.stringify(widgetOf(stack, 'Cost of 1,000 requests').metrics)).toContain(`"${at('InstanceCostPerHour')} * 1000 * (PERIOD(requests) / 3600) / requests"`);
  });

  test('shows the latency in ms, of half and of nearly all requests', () => {
    const stack = newStack();
    dashboardIn(stack);
    const text = JSON.stringify(widgetOf(stack, 'Model latency').metrics);
    expect(text.match(/"expression":"p\d\d \/ 1000"/g)).toHaveLength(2);
    for (const statistic of ['p50', 'p99']) { expect(text).toContain(`"stat":"${statistic}"`); }
    expect(text).toContain('["AWS/SageMaker","ModelLatency","EndpointName","live","VariantName","AllTraffic"');
  });

  test('has alarms at the thresholds that the function computes', () => {
    const stack = newStack();
    const { latencyAlarm, costAlarm, loadAlarm, alarms } = dashboardIn(stack, MICROSECONDS);
    expect(alarms).toEqual([latencyAlarm, costAlarm, loadAlarm]);
    const resources = deployed(stack);
    expect(ofType(resources, ALARM)).toHaveLength(3);
    for (const name of ['Latency', 'Cost', 'Load']) {
      expect(alarmOf(resources, name)).toMatchObject({
        Threshold: threshold(resources, name), ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 3, TreatMissingData: 'notBreaching',
      });
    }
    const expressions = (name: string) => alarmOf(resources, name).Metrics.flatMap(({ Expression }: any) => Expression ?? []);
    expect(expressions('Latency')).toEqual(['p50 / 1000']);
    expect(expressions('Load')).toEqual(['requests / (PERIOD(requests) / 60)']);
    expect(expressions('Cost')).toEqual([`${idOf(resources, 'DashboardPromise')}.InstanceCostPerHour * 1000 * (PERIOD(requests) / 3600) / requests`]);
    const periods = (name: string) => alarmOf(resources, name).Metrics.flatMap(({ MetricStat }: any) => MetricStat?.Period ?? []);
    expect([periods('Latency'), periods('Load'), periods('Cost')]).toEqual([[300], [300], [3600]]);
  });

  test('without a unit has neither a promise of latency nor an alarm on it', () => {
    const stack = newStack();
    const { latencyAlarm, alarms } = dashboardIn(stack);
    expect([latencyAlarm, alarms.length]).toEqual([undefined, 2]);
    expect(only(deployed(stack), PROMISE).Properties).not.toHaveProperty('LatencyUnit');
    expect(widgetOf(stack, 'Model latency')).not.toHaveProperty('annotations');
  });

  test('tells the function the figures of its recommendation', () => {
    const stack = newStack();
    dashboardIn(stack, { ...MICROSECONDS, factor: 2, costFactor: 4 });
    const id = idOf(deployed(stack), 'JobBest');
    expect(only(deployed(stack), PROMISE).Properties).toMatchObject({
      Factor: '2',
      CostFactor: '4',
      LatencyUnit: 'Microseconds',
      InitialInstanceCount: `${id}.InitialInstanceCount`,
      CostPerHour: `${id}.CostPerHour`,
      CostPerInference: `${id}.CostPerInference`,
      MaxInvocations: `${id}.MaxInvocations`,
      ModelLatency: `${id}.ModelLatency`,
      Source: `${id}.Source`,
      Summary: `${id}.Summary`,
    });
  });

  test('has a cost factor that follows the factor, and settings of its alarms', () => {
    const stack = newStack();
    dashboardIn(stack, { ...MICROSECONDS, factor: 3, period: Duration.minutes(1), costPeriod: Duration.hours(6), evaluationPeriods: 5, dashboardName: 'shop' });
    const resources = deployed(stack);
    expect(only(resources, PROMISE).Properties).toMatchObject({ Factor: '3', CostFactor: '3' });
    expect(only(resources, 'AWS::CloudWatch::Dashboard').Properties.DashboardName).toBe('shop');
    expect(ofType(resources, ALARM).map(({ Properties }) => [Properties.EvaluationPeriods, Properties.Metrics[1].MetricStat.Period]))
      .toEqual([[5, 60], [5, 21_600], [5, 60]]);
  });

  test('does not warn, and gives all alarms an action', () => {
    const stack = newStack();
    dashboardIn(stack, MICROSECONDS).addAlarmAction(new SnsAction(topic(stack, 'pager')));
    expect(ofType(deployed(stack), ALARM).map(({ Properties }) => Properties.AlarmActions.length)).toEqual([1, 1, 1]);
    const warned = Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id }) => id);
    expect(warned.filter((id) => id.startsWith('/Shop/Dashboard'))).toEqual([]);
  });

  test('of several variants shows the one that is named', () => {
    const stack = newStack();
    const variants = [onInstances(stack, { variantName: 'a' }), onInstances(stack, { variantName: 'b' })];
    const endpoint = endpointOf(stack, variants);
    expect(() => dashboardIn(stack, {}, best(stack), endpoint)).toThrow('`variantName` is required: the endpoint has the variants a, b.');
    const other = new RecommendationDashboard(stack, 'Other', { recommendation: Recommendation.fromAttributes(stack, 'Fixed', { instanceType: InstanceType.ML_C5_LARGE }), endpoint, variantName: 'b' });
    expect(JSON.stringify(stack.resolve(other.loadAlarm!.metric.toMetricConfig()))).toContain('"VariantName":"b"');
  });
});

test('a serverless variant has no instances, no cost and no load: its launches are shown', () => {
  const stack = newStack();
  const recommendation = jobIn(stack).addRecommendation('Best', { endpointType: EndpointType.SERVERLESS });
  const { alarms, latencyAlarm } = dashboardIn(stack, MICROSECONDS, recommendation, endpointOf(stack, [serverless(stack)]));
  expect([alarms.length, latencyAlarm !== undefined]).toEqual([1, true]);
  expect(titles(stack)).toEqual(['Promises', 'Model latency', 'Requests', 'Time to launch', 'Errors']);
});

test('an asynchronous endpoint has a backlog, no promise of latency and no alarm', () => {
  const stack = newStack();
  const endpoint = endpointOf(stack, [onInstances(stack)], { asyncInference: AsyncInference.toBucket(bucket(stack)) });
  const dashboard = dashboardIn(stack, MICROSECONDS, best(stack), endpoint);
  expect(dashboard.alarms).toEqual([]);
  expect(titles(stack)).toEqual(['Model latency', 'Requests', 'Backlog', 'CPU and memory', 'Errors']);
  expect(widgetOf(stack, 'Model latency')).not.toHaveProperty('annotations');
});

describe('the recommendation may be', () => {
  test('of another stack, by its parameters', () => {
    const producer = newStack();
    const recommendation = best(producer);
    const consumer = new Stack(producer.node.root as App, 'Consumer');
    dashboardIn(consumer, MICROSECONDS, recommendation);
    const { CostPerHour, Summary } = only(deployed(consumer), PROMISE).Properties;
    expect(JSON.stringify([CostPerHour, Summary])).toContain('cdk-sagemaker-inference-recommender');
    expect(JSON.stringify(bodyOf(consumer))).not.toContain('ssm');
  });

  test('fixed in the code, and of a job without jobs', () => {
    const stack = newStack();
    stack.node.setContext(WITHOUT_JOBS, true);
    const recommendation = jobIn(stack).addRecommendation('Best', { withoutJobs: { serverlessMemorySize: Size.gibibytes(1), serverlessMaxConcurrency: 5 }, endpointType: EndpointType.SERVERLESS });
    dashboardIn(stack, {}, recommendation, endpointOf(stack, [serverless(stack)]));
    expect(only(deployed(stack), PROMISE).Properties).toMatchObject({ CostPerHour: '', ModelLatency: '', Source: 'Fixed', InitialInstanceCount: '0' });
  });

  test('of a job in the background: a warning says that its own stack knows the fallback', () => {
    const stack = newStack();
    const job = jobIn(stack, { wait: Wait.inBackground() });
    dashboardIn(stack, {}, job.addRecommendation('Best', { fallback: { instanceType: InstanceType.ML_C5_LARGE } }));
    deployed(stack);
    expect(warningsOf(stack)).toContain('OwnStackFallback');
  });
});

describe('the endpoint may be', () => {
  test('imported, with the name of its variant: then the stack has of the runtime what computes the promise, and that may only log', () => {
    const stack = newStack();
    const recommendation = Recommendation.fromSsmParameter(stack, 'Read', { parameterPath: '/shop/best' });
    const endpoint = Endpoint.fromEndpointName(stack, 'Live', 'live');
    expect(() => new RecommendationDashboard(stack, 'Wrong', { recommendation, endpoint })).toThrow('`variantName` is required: the endpoint\'s configuration is not defined in this app.');
    stack.node.tryRemoveChild('Wrong');
    new RecommendationDashboard(stack, 'Dashboard', { recommendation, endpoint, variantName: 'main', ...MICROSECONDS });
    const resources = deployed(stack);
    const runtime = Object.entries(resources).filter(([id]) => id.startsWith('InferenceRecommenderRuntime')).map(([, { Type }]) => Type).sort();
    expect(runtime).toEqual(['AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup']);
    expect(Object.keys(permissionsOf(resources, idsOf(resources, 'AWS::IAM::Role')[0]))).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    expect(JSON.stringify(bodyOf(stack))).toContain('"EndpointName","live","VariantName","main"');
  });

  test('an L1', () => {
    const stack = newStack();
    const endpoint = new CfnEndpoint(stack, 'Theirs', { endpointConfigName: 'theirs' });
    new RecommendationDashboard(stack, 'Dashboard', { recommendation: best(stack), endpoint, variantName: 'main' });
    expect(titles(stack)).toContain('Instances');
  });

  test('that of a RecommendedEndpoint, in one line', () => {
    const stack = newStack();
    const served = new RecommendedEndpoint(stack, 'Served', { modelPackage: importedPackage(stack) });
    expect(served.addDashboard('Dashboard', MICROSECONDS).alarms).toHaveLength(3);
    expect(Object.keys(deployed(stack)).filter((id) => id.startsWith('ServedDashboard'))).toHaveLength(5);
    const own = new RecommendedEndpoint(stack, 'Own', { endpointConfig: EndpointConfig.fromEndpointConfigName(stack, 'Config', 'config') });
    expect(() => own.addDashboard()).toThrow('`recommendation` is required for a dashboard: pass the one that your `endpointConfig` was made of.');
  });
});

test.each<[RecommendationDashboardOptions, string]>([
  [{ factor: 0.9 }, '`factor` must be a number of at least 1, got: 0.9. 1 is the promise itself.'],
  [{ costFactor: NaN }, '`costFactor` must be a number of at least 1, got: NaN. 1 is the promise itself.'],
  [{ evaluationPeriods: 0 }, '`evaluationPeriods` must be a whole number between 1 and 86400, got: 0.'],
  [{ period: Duration.seconds(90) }, '`period` must be a whole number of minutes, and at least 1, got: 90 seconds.'],
  [{ period: Duration.minutes(30), evaluationPeriods: 49 }, '`period` times `evaluationPeriods` must be at most 86400 seconds, got: 1800 × 49. Shorten one of the two.'],
  [{ costPeriod: Duration.days(1), evaluationPeriods: 8 }, '`costPeriod` times `evaluationPeriods` must be at most 604800 seconds, got: 86400 × 8. Shorten one of the two.'],
])('%j is refused', (options, sentence) => {
  expect(() => dashboardIn(newStack(), options)).toThrow(sentence);
});
