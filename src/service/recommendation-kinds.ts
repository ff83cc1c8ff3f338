import { LIMITS, MetricName } from './limits';

/** How people read a metric, and which way it is better. */
export interface MetricForm {
  /** As it follows a figure, with the space before it. */
  readonly unit: string;
  /** By what the figure is multiplied. A request costs too little to be read, so its cost is that of a million. */
  readonly scale?: number;
  /** Cents are always shown. */
  readonly isMoney?: boolean;
  /** 1 if less is better, -1 if more is. */
  readonly sign: 1 | -1;
  /** The unit that CloudWatch has for it. It has none for dollars or for requests a minute. */
  readonly cloudWatchUnit?: 'Percent' | 'Milliseconds' | 'Count/Second';
}

/**
 * What the recommendations of one kind are compared, limited and told by. A figure has the name of its metric, and after a dot the statistic, if it was
 * reported with several: `TimeToFirstToken.p99`.
 */
export interface RecommendationKind {
  /** In the order in which they decide between recommendations that the objective does not tell apart. */
  readonly metrics: Readonly<Record<string, MetricForm>>;
  /** The metrics by which people choose. Their units tell the figures apart. */
  readonly told: readonly string[];
  /** The metric that each objective compares by. */
  readonly objectives: Readonly<Record<string, string>>;
  /** The objective of a job that names what it aims at, by that. */
  readonly targets?: Readonly<Record<string, string>>;
  /** The limits on one metric, by the name of their property: at most or at least the given value. */
  readonly limits: Readonly<Record<string, { readonly metric: string; readonly bound: 'most' | 'least' }>>;
  /** The throughput that a target load is divided by, and how many of its unit are one request a minute. Absent if none is known. */
  readonly load?: { readonly metric: string; readonly perMinute: number };
}

/** AWS's pages call a latency milliseconds in one place and microseconds in another, and print results that can only be the one or the other. */
const BENCHMARKED_METRICS = {
  CostPerInference: { unit: ' USD per million requests', scale: 1e6, isMoney: true, sign: 1 },
  ModelLatency: { unit: ' (ms or µs)', sign: 1 },
  MaxInvocations: { unit: ' requests a minute', sign: -1 },
  CostPerHour: { unit: ' USD an hour', isMoney: true, sign: 1 },
  CpuUtilization: { unit: '%', sign: 1, cloudWatchUnit: 'Percent' },
  MemoryUtilization: { unit: '%', sign: 1, cloudWatchUnit: 'Percent' },
} as const satisfies Record<MetricName, MetricForm>;

/** What SageMaker Inference Recommender benchmarks. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationMetrics.html */
export const BENCHMARKED = {
  metrics: BENCHMARKED_METRICS,
  told: ['CostPerHour', 'CostPerInference', 'ModelLatency', 'MaxInvocations'],
  objectives: {
    LowestCostPerInference: 'CostPerInference', LowestCostPerHour: 'CostPerHour', LowestLatency: 'ModelLatency', HighestThroughput: 'MaxInvocations',
  },
  limits: LIMITS,
  load: { metric: 'MaxInvocations', perMinute: 1 },
} as const satisfies RecommendationKind;

/**
 * What a job for a generative model expects of each recommendation. Times are in milliseconds and throughputs a second, converted from the unit that the
 * service reports. The service reports no cost: those here follow from prices.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIRecommendationPerformanceMetric.html
 */
export const GENERATIVE = {
  metrics: {
    CostPerMillionOutputTokens: { unit: ' USD per million output tokens', isMoney: true, sign: 1 },
    TimeToFirstToken: { unit: ' ms to the first token', sign: 1, cloudWatchUnit: 'Milliseconds' },
    InterTokenLatency: { unit: ' ms between tokens', sign: 1, cloudWatchUnit: 'Milliseconds' },
    OutputTokenThroughput: { unit: ' output tokens a second', sign: -1, cloudWatchUnit: 'Count/Second' },
    CostPerMillionInputTokens: { unit: ' USD per million input tokens', isMoney: true, sign: 1 },
    RequestLatency: { unit: ' ms a request', sign: 1, cloudWatchUnit: 'Milliseconds' },
    RequestThroughput: { unit: ' requests a second', sign: -1, cloudWatchUnit: 'Count/Second' },
    CostPerHour: { unit: ' USD an hour', isMoney: true, sign: 1 },
  },
  told: ['CostPerHour', 'CostPerMillionInputTokens', 'CostPerMillionOutputTokens', 'TimeToFirstToken', 'InterTokenLatency', 'OutputTokenThroughput'],
  objectives: {
    LowestCostPerMillionOutputTokens: 'CostPerMillionOutputTokens',
    LowestCostPerMillionInputTokens: 'CostPerMillionInputTokens',
    LowestCostPerHour: 'CostPerHour',
    LowestTimeToFirstToken: 'TimeToFirstToken',
    LowestInterTokenLatency: 'InterTokenLatency',
    LowestRequestLatency: 'RequestLatency',
    HighestOutputTokenThroughput: 'OutputTokenThroughput',
    HighestRequestThroughput: 'RequestThroughput',
  },
  targets: { 'ttft-ms': 'LowestTimeToFirstToken', 'throughput': 'HighestOutputTokenThroughput', 'cost': 'LowestCostPerMillionOutputTokens' },
  limits: {
    MaxCostPerHour: { metric: 'CostPerHour', bound: 'most' },
    MaxCostPerMillionInputTokens: { metric: 'CostPerMillionInputTokens', bound: 'most' },
    MaxCostPerMillionOutputTokens: { metric: 'CostPerMillionOutputTokens', bound: 'most' },
  },
  load: { metric: 'RequestThroughput', perMinute: 1 / 60 },
} as const satisfies RecommendationKind;

/**
 * What the service recommends with a model at once, without a benchmark: only the order of its list is known.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentRecommendation.html
 */
export const INSTANT = {
  metrics: { Place: { unit: ' in the service\'s list', sign: 1 } },
  told: [],
  objectives: { FirstOfList: 'Place' },
  limits: {},
} as const satisfies RecommendationKind;

/** The figure of a recommendation. NaN is one that is not known. */
export function figureOf(figures: Readonly<Record<string, number>>, metric: string): number {
  return figures[metric] ?? NaN;
}

/** How people read a figure, whatever its statistic is. */
export function formOf({ metrics }: RecommendationKind, metric: string): MetricForm {
  return metrics[metric.split('.')[0]] ?? { unit: '', sign: 1 };
}

/** The name of a figure in a sentence: `TimeToFirstToken p99`. */
export function metricText(metric: string): string {
  return metric.replace('.', ' ');
}
