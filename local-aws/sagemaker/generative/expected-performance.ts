import { ProfileMetric } from './aiperf-export';

/** A figure of a recommendation, as DescribeAIRecommendationJob has it: the value is a text. */
export interface ExpectedMetric {
  readonly Metric: string;
  readonly Stat?: string;
  readonly Value: string;
  readonly Unit?: string;
}

/**
 * The service's names of metrics by AIPerf's. Neither the guide nor the API's page has them; they are those of the SageMaker Python SDK's own fixtures and of its
 * sample, which calls them raw service names. The SDK reads AIPerf's names, too.
 * Source: https://github.com/aws/sagemaker-python-sdk, sagemaker-serve/src/sagemaker/serve/ai_inference_recommender/_recommendation_view.py
 */
const NAMES: Readonly<Record<string, string>> = {
  request_throughput: 'RequestThroughput',
  output_token_throughput: 'OutputTokenThroughput',
  request_latency: 'RequestLatency',
  time_to_first_token: 'TimeToFirstToken',
  inter_token_latency: 'InterTokenLatency',
};
const STATS = ['avg', 'p50', 'p90', 'p95', 'p99'];

/** A recommendation's figures from a benchmark's: a row for each metric and statistic. */
export function expectedPerformance(metrics: Readonly<Record<string, ProfileMetric>>): ExpectedMetric[] {
  return Object.entries(NAMES).filter(([tag]) => metrics[tag] !== undefined).flatMap(([tag, Metric]) => {
    const { unit: Unit, stats } = metrics[tag];
    return STATS.filter((stat) => stats[stat] !== undefined).map((Stat) => ({ Metric, Stat, Value: stats[Stat].toFixed(3), Unit }));
  });
}
