import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Token, Tokenization } from 'aws-cdk-lib/core';
import type { ScalingProperties } from '../contract/scaling';
import { BACKLOG_PER_INSTANCE, PREDEFINED_METRICS, REQUEST_METRICS } from '../service/scaling-rules';

interface ScalingMetric {
  readonly predefined?: typeof PREDEFINED_METRICS[number];
  readonly customized?: Metric;
  /** Name of a metric of the endpoint as a whole. */
  readonly ofEndpoint?: string;
}

/** The statistics that Application Auto Scaling takes, in its spelling. */
const STATISTICS = ['Average', 'Minimum', 'Maximum', 'SampleCount', 'Sum'];

/**
 * The metric that auto scaling tracks, and its target value.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html
 * @example
 * new EndpointAutoScaling(this, 'Scaling', { endpoint, minCapacity: 1, maxCapacity: 4, target: ScalingTarget.invocationsPerInstance(600) });
 */
export class ScalingTarget {
  /**
   * Tracks the number of requests a minute for each instance.
   *
   * @param invocations requests a minute for each instance: more than 0
   * @throws if `invocations` is not more than 0
   */
  public static invocationsPerInstance(invocations: number): ScalingTarget {
    return new ScalingTarget(invocations, { predefined: 'SageMakerVariantInvocationsPerInstance' });
  }

  /**
   * Tracks the number of concurrent requests for each model, measured every ten seconds.
   *
   * @param requests concurrent requests for each model: more than 0
   * @throws if `requests` is not more than 0
   */
  public static concurrentRequestsPerModel(requests: number): ScalingTarget {
    return new ScalingTarget(requests, { predefined: 'SageMakerVariantConcurrentRequestsPerModelHighResolution' });
  }

  /**
   * Tracks the number of requests that wait or are in progress, divided by the number of instances. It is for asynchronous endpoints.
   *
   * @param requests requests for each instance: more than 0
   * @throws if `requests` is not more than 0
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
   */
  public static backlogPerInstance(requests: number): ScalingTarget {
    return new ScalingTarget(requests, { ofEndpoint: BACKLOG_PER_INSTANCE });
  }

  /**
   * Tracks any other metric of the variant that falls if there are more instances, e.g. `endpoint.metricCpuUtilization()`.
   *
   * @param metric the metric, with one of the statistics Average, Minimum, Maximum, SampleCount and Sum; `EndpointAutoScaling` refuses others
   * @param value target value in the unit of the metric: more than 0
   * @throws if `value` is not more than 0
   */
  public static metric(metric: Metric, value: number): ScalingTarget {
    return new ScalingTarget(value, { customized: metric });
  }

  private constructor(
    private readonly value: number,
    private readonly scalingMetric: ScalingMetric,
  ) {
    checkPositive('target', value);
  }

  /** @internal */
  public _render(endpointName: string): Pick<ScalingProperties, 'TargetValue' | 'PredefinedMetricType' | 'CustomizedMetric'> {
    return { TargetValue: Tokenization.stringifyNumber(this.value), ...renderScalingMetric(this.scalingMetric, endpointName) };
  }
}

/**
 * Renders a metric for a scaling policy.
 *
 * @throws if scaling policies do not take the metric's statistic
 */
function renderScalingMetric(
  { predefined, customized, ofEndpoint }: ScalingMetric, endpointName: string,
): Pick<ScalingProperties, 'PredefinedMetricType' | 'CustomizedMetric'> {
  if (ofEndpoint !== undefined) {
    const Dimensions = [{ Name: 'EndpointName', Value: endpointName }];
    return { CustomizedMetric: { MetricName: ofEndpoint, Namespace: REQUEST_METRICS, Statistic: 'Average', Dimensions } };
  }
  if (!customized) { return { PredefinedMetricType: predefined }; }
  const { metricName, namespace, statistic, unit, dimensions = {} } = customized;
  const found = STATISTICS.find((known) => known.toLowerCase() === statistic.toLowerCase());
  if (!found) { throw new Error(`The metric of \`target\` must have one of the statistics ${STATISTICS.join(', ')}, got: '${statistic}'.`); }
  return {
    CustomizedMetric: {
      MetricName: metricName,
      Namespace: namespace,
      Statistic: found,
      Unit: unit,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value: String(Value) })),
    },
  };
}

function checkPositive(prop: string, value: number): void {
  if (!Token.isUnresolved(value) && !(value > 0 && Number.isFinite(value))) { throw new Error(`\`${prop}\` must be more than 0, got: ${value}.`); }
}
