import { Alarm, AlarmStatusWidget, ComparisonOperator, Dashboard, IAlarmAction, IMetric, IWidget, TextWidget, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnResource, Duration, Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EndpointGraphs, PromiseLine, Serving, servingOf } from './endpoint-graphs';
import { RecommendationDashboardProps } from './recommendation-dashboard-props';
import { checkRange } from '../common/check';
import { EndpointType } from '../common/endpoint-type';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { LATENCY_UNITS, PROMISE_RESOURCE_TYPE, PromiseAttribute, PromiseProperties } from '../contract/promise';
import { kindFacts } from '../recommendation/facts';
import { Runtime } from '../runtime/runtime';

const FULL_WIDTH = 24;
const DAY = 86_400;

/**
 * A dashboard in CloudWatch of an endpoint that was deployed as recommended: its latency, requests, instances, utilization, errors, and what 1,000 requests
 * cost, each beside what the benchmark promised. Alarms say when the endpoint leaves the promise by a factor. They only show their state until you give them an action.
 *
 * | alarm | when | needs |
 * | --- | --- | --- |
 * | `latencyAlarm` | half of the requests take longer than the promised latency times `factor`. AWS does not say which statistic a job reports | `latencyUnit` |
 * | `costAlarm` | 1,000 requests cost more than promised times `costFactor` | instances |
 * | `loadAlarm` | an instance gets more requests a minute than the benchmark's instances served, times `factor` | instances |
 *
 * A serverless variant has no alarm but that on latency, because CloudWatch does not tell what its requests cost. An asynchronous endpoint has none: it
 * publishes no requests by instance, and its requests wait. If the recommendation has no figures, as a fallback, the alarms exist and never fire, and the
 * dashboard says so. Without requests no alarm fires.
 *
 * A function computes the thresholds when the stack is deployed. Deploy the stack again after a job in the background has changed the recommendation.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 * @example
 * const dashboard = new RecommendationDashboard(this, 'Dashboard', { recommendation: best, endpoint, latencyUnit: LatencyUnit.MICROSECONDS });
 * dashboard.addAlarmAction(new actions.SnsAction(topic));
 */
export class RecommendationDashboard extends Construct {
  /** The dashboard. You can add widgets of your own. */
  public readonly dashboard: Dashboard;
  /** The alarm on latency; undefined without `latencyUnit`, or if the endpoint is asynchronous. */
  public readonly latencyAlarm?: Alarm;
  /** The alarm on what requests cost; undefined if the variant is serverless or the endpoint asynchronous. */
  public readonly costAlarm?: Alarm;
  /** The alarm on the requests to an instance; undefined if the variant is serverless or the endpoint asynchronous. */
  public readonly loadAlarm?: Alarm;
  private readonly promise: CfnResource;

  /**
   * Makes the dashboard, what computes its promises, and the alarms.
   *
   * @param scope where to add the dashboard, usually `this`
   * @param id construct id, unique in the scope
   * @param props the recommendation, the endpoint, and settings of the alarms
   * @throws if a factor or a number of periods is out of its range, or `variantName` is missing and not known
   */
  constructor(scope: Construct, id: string, props: RecommendationDashboardProps) {
    super(scope, id);
    const { recommendation, endpoint, variantName, latencyUnit } = props;
    const { period = Duration.minutes(5), costPeriod = Duration.hours(1), evaluationPeriods = 3 } = props;
    checkRange('evaluationPeriods', evaluationPeriods, 1, DAY);
    checkWatched('period', period, evaluationPeriods);
    checkWatched('costPeriod', costPeriod, evaluationPeriods);
    this.promise = Runtime.of(this).recommend().provide(this, 'Promise', PROMISE_RESOURCE_TYPE, promiseOf(props));
    const known = servingOf(endpoint, variantName);
    const isServerless = known.isServerless ?? recommendation.endpointType === EndpointType.SERVERLESS;
    const serving: Serving = { isServerless, isAsynchronous: known.isAsynchronous ?? false };
    const graphs = new EndpointGraphs(this, endpoint, variantName, period);
    const cost = this.text('InstanceCostPerHour');
    const alarm = (alarmId: string, threshold: PromiseAttribute, metric: IMetric, alarmDescription: string) => new Alarm(this, alarmId, {
      metric,
      threshold: this.number(threshold),
      alarmDescription,
      evaluationPeriods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // No requests break no promise.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (latencyUnit !== undefined && !serving.isAsynchronous) {
      this.latencyAlarm = alarm('LatencyAlarm', 'LatencyThreshold', graphs.latencyInMs('p50'), 'The model\'s median latency leaves what the benchmark promised.');
    }
    if (!serving.isServerless && !serving.isAsynchronous) {
      this.costAlarm = alarm('CostAlarm', 'CostThreshold', graphs.costPerThousand(cost, costPeriod), 'Requests cost more than the benchmark promised.');
      this.loadAlarm = alarm('LoadAlarm', 'LoadThreshold', graphs.loadPerInstance(), 'Instances get more requests than they served in the benchmark.');
    }
    this.dashboard = new Dashboard(this, 'Resource', { dashboardName: props.dashboardName, widgets: this.widgets(graphs, serving, cost, costPeriod) });
  }

  /** All alarms that there are. */
  public get alarms(): Alarm[] {
    return [this.latencyAlarm, this.costAlarm, this.loadAlarm].flatMap((alarm) => alarm ?? []);
  }

  /**
   * Adds actions to all alarms, for when they fire.
   *
   * @param actions the actions, e.g. of `aws-cdk-lib/aws-cloudwatch-actions`
   */
  public addAlarmAction(...actions: IAlarmAction[]): void {
    this.alarms.forEach((alarm) => alarm.addAlarmAction(...actions));
  }

  private widgets(graphs: EndpointGraphs, { isServerless, isAsynchronous }: Serving, cost: string, costPeriod: Duration): IWidget[][] {
    const { alarms } = this;
    const hasInstances = !isServerless && !isAsynchronous;
    return [
      [new TextWidget({ markdown: `${this.text('Summary')}\n\n${this.text('Thresholds')}`, width: FULL_WIDTH, height: 3 })],
      ...alarms.length > 0 ? [[new AlarmStatusWidget({ title: 'Promises', alarms, width: FULL_WIDTH, height: 2 })]] : [],
      [graphs.latency(this.latencyAlarm && this.line('Latency')), graphs.invocations()],
      ...hasInstances ? [[graphs.cost(cost, costPeriod, this.line('Cost')), graphs.load(this.line('Load'))], [graphs.instances(), graphs.utilization()]] : [],
      ...isAsynchronous ? [[graphs.backlog(), graphs.utilization()]] : [],
      ...isServerless ? [[graphs.setupTime(), graphs.errors()]] : [[graphs.errors()]],
    ];
  }

  private line(name: 'Latency' | 'Cost' | 'Load'): PromiseLine {
    return { value: this.number(`${name}Promise`), label: this.text(`${name}Label`) };
  }

  private text(attribute: PromiseAttribute): string {
    return Token.asString(this.promise.getAtt(attribute));
  }

  private number(attribute: PromiseAttribute): number {
    return Token.asNumber(this.promise.getAtt(attribute));
  }
}

function promiseOf({ recommendation, factor = 1.5, costFactor = factor, latencyUnit }: RecommendationDashboardProps): PromiseProperties {
  checkFactor('factor', factor);
  checkFactor('costFactor', costFactor);
  return {
    SchemaVersion: SCHEMA_VERSION,
    Factor: Tokenization.stringifyNumber(factor),
    CostFactor: Tokenization.stringifyNumber(costFactor),
    LatencyUnit: latencyUnit satisfies `${typeof LATENCY_UNITS[number]}` | undefined,
    InitialInstanceCount: Tokenization.stringifyNumber(recommendation.initialInstanceCount),
    CostPerHour: '',
    CostPerInference: '',
    MaxInvocations: '',
    ModelLatency: '',
    ...kindFacts(recommendation).promised?.(),
    Source: recommendation.source,
    Summary: recommendation.summary,
  };
}

function checkFactor(prop: string, factor: number): void {
  if (Token.isUnresolved(factor) || (factor >= 1 && Number.isFinite(factor))) { return; }
  throw new Error(`\`${prop}\` must be a number of at least 1, got: ${factor}. 1 is the promise itself.`);
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (EvaluationPeriods, Period) */
function checkWatched(prop: string, period: Duration, evaluationPeriods: number): void {
  if (period.isUnresolved() || Token.isUnresolved(evaluationPeriods)) { return; }
  const seconds = period.toSeconds();
  if (seconds < 60 || seconds % 60 !== 0) { throw new Error(`\`${prop}\` must be a whole number of minutes, and at least 1, got: ${seconds} seconds.`); }
  const most = seconds < 3600 ? DAY : 7 * DAY;
  if (seconds * evaluationPeriods > most) {
    throw new Error(`\`${prop}\` times \`evaluationPeriods\` must be at most ${most} seconds, got: ${seconds} × ${evaluationPeriods}. Shorten one of the two.`);
  }
}
