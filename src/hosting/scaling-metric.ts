import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ScalingProperties } from '../contract/scaling';
import { PREDEFINED_METRICS } from '../service/scaling-rules';

export interface ScalingMetric {
  readonly predefined?: typeof PREDEFINED_METRICS[number];
  readonly customized?: Metric;
}

/** CloudWatch's words for what Application Auto Scaling calls by these. */
const STATISTICS = ['Average', 'Minimum', 'Maximum', 'SampleCount', 'Sum'];

/**
 * A metric as a policy names it.
 *
 * @throws if it has a statistic that policies do not take
 */
export function renderScalingMetric({ predefined, customized }: ScalingMetric): Pick<ScalingProperties, 'PredefinedMetricType' | 'CustomizedMetric'> {
  if (!customized) { return { PredefinedMetricType: predefined }; }
  const { metricName, namespace, statistic, unit, dimensions = {} } = customized;
  const found = STATISTICS.find((known) => known.toLowerCase() === statistic.toLowerCase());
  if (!found) { throw new Error(`A metric to scale by must have one of the statistics ${STATISTICS.join(', ')}, got: '${statistic}'.`); }
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
