import { kindOf } from '../../src/contract/kinds';
import { METRICS_NAMESPACE, RecommendationProperties } from '../../src/contract/recommend';
import { figureOf, MetricForm, RecommendationKind } from '../../src/service/recommendation-kinds';
import type { JobRecommendation } from '../jobs/family';
import type { CloudWatchCommand } from '../runtime/cloudwatch';
import type { Deps } from '../runtime/deps';
import { errorMessage, errorName } from '../runtime/errors';
import { retrying } from '../runtime/retry';

/** Puts values of metrics. It takes 1,000 at once, and a job recommends at most 10 endpoints with 8 metrics each. */
export class PutMetricData implements CloudWatchCommand {
  public readonly operation = 'PutMetricData';

  constructor(public readonly input: { readonly Namespace: string; readonly MetricData: readonly MetricDatum[] }) {}
}

export interface MetricDatum {
  readonly MetricName: string;
  readonly Dimensions: ReadonlyArray<{ readonly Name: string; readonly Value: string }>;
  readonly Value: number;
  readonly Unit: 'None' | NonNullable<MetricForm['cloudWatchUnit']>;
}

export interface MetricsDeps extends Deps {
  readonly metrics: { send(command: PutMetricData): Promise<unknown> };
}

/** The benchmarked figures of each recommendation. What the service does not report is left out. AWS's pages disagree about a latency's unit. */
export function metricData({ metrics }: RecommendationKind, jobName: string, recommendations: readonly JobRecommendation[]): MetricDatum[] {
  return recommendations.flatMap(({ id, instanceType = 'serverless', figures }) => {
    const dimensions = { JobName: jobName, Recommendation: id, InstanceType: instanceType };
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    return Object.keys(metrics).filter((metric) => Number.isFinite(figureOf(figures, metric)))
      .map((metric) => ({ MetricName: metric, Dimensions, Value: figures[metric], Unit: metrics[metric].cloudWatchUnit ?? 'None' }));
  });
}

/** Puts the figures of a job's recommendations to CloudWatch, if that is wanted. Nothing depends on them, so a failure is only logged. */
export async function putMetrics(
  { PublishMetrics, Family }: Pick<RecommendationProperties, 'PublishMetrics' | 'Family'>, jobName: string, recommendations: readonly JobRecommendation[], deps: MetricsDeps,
): Promise<void> {
  const MetricData = metricData(kindOf(Family), jobName, recommendations);
  if (PublishMetrics !== 'true' || MetricData.length === 0) { return; }
  try {
    await retrying(deps.metrics, deps.clock).send(new PutMetricData({ Namespace: METRICS_NAMESPACE, MetricData }));
    deps.log({ message: 'metrics put', jobName, count: MetricData.length });
  } catch (error) {
    deps.log({ message: 'metrics not put', jobName, error: errorName(error), reason: errorMessage(error) });
  }
}
