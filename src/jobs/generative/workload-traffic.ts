import { Duration } from 'aws-cdk-lib/core';

/** How many tokens the requests of a workload have: a normal distribution. */
export interface TokenDistribution {
  /** Mean number of tokens: a whole number, at least 1. */
  readonly mean: number;
  /**
   * Standard deviation of the number of tokens: at least 0.
   *
   * @default - the service's own; AWS's Python SDK sends 0
   */
  readonly standardDeviation?: number;
}

/** The statistic of a latency that a search compares with its limits. */
export enum SearchStatistic {
  /** The mean, which is the service's default. */
  AVERAGE = 'avg',
  /** The median. */
  P50 = 'p50',
  /** The 90th percentile. */
  P90 = 'p90',
  /** The 95th percentile. */
  P95 = 'p95',
  /** The 99th percentile. */
  P99 = 'p99',
}

/**
 * A search for the most concurrent requests that an endpoint serves within all limits. It needs at least one limit.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-concurrency-search.html
 */
export interface ConcurrencySearch {
  /**
   * The longest time to the first token, in whole milliseconds. It needs streaming.
   *
   * @default - no limit
   */
  readonly timeToFirstToken?: Duration;
  /**
   * The longest time for each further output token, in whole milliseconds. It needs streaming.
   *
   * @default - no limit
   */
  readonly timePerOutputToken?: Duration;
  /**
   * The longest time of a whole request, in whole milliseconds.
   *
   * @default - no limit
   */
  readonly requestLatency?: Duration;
  /**
   * The largest fraction of requests that may fail: 0 to 1, e.g. 0.01 for one of a hundred. With an older version of the tool, the service takes each
   * level for one that breaks this limit.
   *
   * @default - no limit
   */
  readonly errorRate?: number;
  /**
   * The statistic of the latencies that the limits are for.
   *
   * @default SearchStatistic.AVERAGE
   */
  readonly statistic?: SearchStatistic;
  /**
   * The fewest concurrent requests to try: at least 1.
   *
   * @default - the service's own
   */
  readonly minConcurrency?: number;
  /**
   * The most concurrent requests to try: at least `minConcurrency`.
   *
   * @default - the service's own
   */
  readonly maxConcurrency?: number;
  /**
   * The most levels that the search tries: at least 1. Each costs the time of a benchmark.
   *
   * @default - the service's own
   */
  readonly maxIterations?: number;
}

/** Load before the measured part of a benchmark. The model's server fills its caches and compiles its kernels then. */
export interface WorkloadWarmup {
  /**
   * Length of the warm-up in whole seconds: at least 1 second.
   *
   * @default - the service's own
   */
  readonly duration?: Duration;
  /**
   * Number of requests: at least 0.
   *
   * @default - the service's own
   */
  readonly requestCount?: number;
  /**
   * Number of concurrent requests: at least 1.
   *
   * @default - the service's own
   */
  readonly concurrency?: number;
  /**
   * Number of requests whose prompts are processed at the same time: at least 1.
   *
   * @default - the service's own
   */
  readonly prefillConcurrency?: number;
  /**
   * Requests per second: more than 0.
   *
   * @default - the service's own
   */
  readonly requestRate?: number;
  /**
   * How requests arrive, as AIPerf names it, e.g. `poisson`.
   *
   * @default - the service's own
   */
  readonly arrivalPattern?: string;
  /**
   * How long requests in flight may end after the warm-up: at least 0.
   *
   * @default - the service's own
   */
  readonly gracePeriod?: Duration;
  /**
   * Number of conversations: at least 1.
   *
   * @default - the service's own
   */
  readonly conversationCount?: number;
}
