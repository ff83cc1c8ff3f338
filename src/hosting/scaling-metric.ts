import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ScalingProperties } from '../contract/scaling';
import { PREDEFINED_METRICS } from '../service/scaling-rules';

export interface ScalingMetric {
  readonly predefined?: typeof PREDEFINED_METRICS[number];
  readonly customized?: Metric;
}

/** The statistics that Application Auto Scaling takes, in its spelling. */
const STATISTICS = ['Average', 'Minimum', 'Maximum', 'SampleCount', 'Sum'];

/**
 * Renders a metric for a scaling policy.
 *
 * @throws if scaling policies do not take the metric's statistic
 */
export function renderScalingMetric({ predefined, customized }: ScalingMetric): Pick<ScalingProperties, 'PredefinedMetricType' | 'CustomizedMetric'> {
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
