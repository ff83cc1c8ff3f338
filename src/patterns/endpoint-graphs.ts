import { Color, GraphWidget, HorizontalAnnotation, IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Endpoint } from '../hosting/endpoint';
import { EndpointBase } from '../hosting/endpoint-base';
import { configFacts, runningConfigs } from '../hosting/facts';

const WIDTH = 12;
const HEIGHT = 6;

/** How an endpoint serves, as far as it is known at synth. */
export interface Serving {
  readonly isServerless: boolean;
  readonly isAsynchronous: boolean;
}

/** How a variant of an endpoint serves. An endpoint that is not of this library may be of any kind. */
export function servingOf(endpoint: IEndpointRef, variantName: string | undefined): Partial<Serving> {
  const config = runningConfigs.of(endpoint);
  const facts = config && configFacts.of(config);
  const variant = facts?.variants.find(({ _name }) => variantName === undefined || _name === variantName);
  return { isServerless: variant?._isServerless, isAsynchronous: facts?.isAsynchronous };
}

/** What a benchmark promised, as a line. */
export interface PromiseLine {
  readonly value: number;
  readonly label: string;
}

/** Metrics and graphs of one variant of an endpoint. */
export class EndpointGraphs {
  private readonly measured: EndpointBase;

  constructor(scope: Construct, endpoint: IEndpointRef, private readonly variantName: string | undefined, private readonly period: Duration) {
    // An endpoint of another library has an ARN, and by its name the same metrics.
    this.measured = endpoint instanceof EndpointBase ? endpoint
      : Endpoint.fromEndpointArn(scope, 'Measured', endpoint.endpointRef.endpointArn) as EndpointBase;
  }

  /** A percentile in ms: CloudWatch has microseconds. */
  public latencyInMs(statistic: string): MathExpression {
    return new MathExpression({
      expression: `${statistic} / 1000`,
      usingMetrics: { [statistic]: this.measured.metricModelLatency({ ...this.options(), statistic }) },
      period: this.period,
      label: `${statistic} (ms)`,
    });
  }

  /** In US dollars for 1,000 requests, of what each instance costs an hour. InvocationsPerInstance has a share of each request for each instance. */
  public costPerThousand(instanceCostPerHour: string, period: Duration): MathExpression {
    return new MathExpression({
      expression: `${instanceCostPerHour} * 1000 * (PERIOD(requests) / 3600) / requests`,
      usingMetrics: { requests: this.measured.metricInvocationsPerInstance({ ...this.options(), period }) },
      period,
      label: 'USD per 1,000 requests',
    });
  }

  /** In requests a minute to an instance. */
  public loadPerInstance(): MathExpression {
    return new MathExpression({
      expression: 'requests / (PERIOD(requests) / 60)',
      usingMetrics: { requests: this.measured.metricInvocationsPerInstance(this.options()) },
      period: this.period,
      label: 'requests a minute to an instance',
    });
  }

  public latency(promise?: PromiseLine): GraphWidget {
    return graph('Model latency', 'ms', [this.latencyInMs('p50'), this.latencyInMs('p99')], promise);
  }

  public invocations(): GraphWidget {
    return graph('Requests', 'requests', [this.measured.metricInvocations({ ...this.options(), label: 'requests' })]);
  }

  public load(promise: PromiseLine): GraphWidget {
    return graph('Load', 'requests a minute', [this.loadPerInstance()], promise);
  }

  public cost(instanceCostPerHour: string, period: Duration, promise: PromiseLine): GraphWidget {
    return graph('Cost of 1,000 requests', 'USD', [this.costPerThousand(instanceCostPerHour, period)], promise);
  }

  /** The service publishes no number of instances. It divides each request among them. */
  public instances(): GraphWidget {
    return graph('Instances', 'instances', [new MathExpression({
      expression: 'requests / requestsPerInstance',
      usingMetrics: {
        requests: this.measured.metricInvocations(this.options()), requestsPerInstance: this.measured.metricInvocationsPerInstance(this.options()),
      },
      period: this.period,
      label: 'instances that serve',
    })]);
  }

  public utilization(): GraphWidget {
    return graph('CPU and memory', '%', [
      this.measured.metricCpuUtilization({ ...this.options(), label: 'CPU (100% for each core)' }),
      this.measured.metricMemoryUtilization({ ...this.options(), label: 'memory' }),
    ]);
  }

  public errors(): GraphWidget {
    return graph('Errors', 'requests', [
      this.measured.metricInvocation4xxErrors({ ...this.options(), label: '4XX', color: Color.ORANGE }),
      this.measured.metricInvocation5xxErrors({ ...this.options(), label: '5XX', color: Color.RED }),
    ]);
  }

  /** Of a serverless variant. */
  public setupTime(): GraphWidget {
    return graph('Time to launch', 'ms', [new MathExpression({
      expression: 'setup / 1000',
      usingMetrics: { setup: this.measured.metricModelSetupTime({ ...this.options(), statistic: Stats.p(99) }) },
      period: this.period,
      label: 'p99 (ms)',
    })]);
  }

  /** Of an asynchronous endpoint. */
  public backlog(): GraphWidget {
    const options = { period: this.period };
    return graph('Backlog', 'requests', [
      this.measured.metricApproximateBacklogSize({ ...options, label: 'all' }),
      this.measured.metricApproximateBacklogSizePerInstance({ ...options, label: 'for each instance' }),
    ]);
  }

  private options() {
    return { variantName: this.variantName, period: this.period };
  }
}

function graph(title: string, unit: string, left: IMetric[], promise?: PromiseLine): GraphWidget {
  const line: HorizontalAnnotation[] = promise ? [{ ...promise, color: Color.GREEN }] : [];
  return new GraphWidget({
    title, left, leftYAxis: { min: 0, label: unit, showUnits: false }, leftAnnotations: line, width: WIDTH, height: HEIGHT,
  });
}
