import { Duration, Token, Tokenization } from 'aws-cdk-lib/core';
import type { ThresholdProperties } from '../contract/recommend';
import { GENERATIVE } from '../service/recommendation-kinds';

type Metric = keyof typeof GENERATIVE.metrics;

/**
 * A statistic of a metric, as AIPerf names it.
 *
 * @see https://docs.nvidia.com/aiperf/reference/ai-perf-metrics-reference
 */
export enum TokenStatistic {
  /** The mean of all requests. */
  AVERAGE = 'avg',
  /** The least. */
  MINIMUM = 'min',
  /** The most. */
  MAXIMUM = 'max',
  /** The median. */
  P50 = 'p50',
  /** Of 75% of the requests. */
  P75 = 'p75',
  /** Of 90% of the requests. */
  P90 = 'p90',
  /** Of 95% of the requests. */
  P95 = 'p95',
  /** Of 99% of the requests. */
  P99 = 'p99',
}

/**
 * The metric that ranks what is recommended for a generative model. Changing it starts no new job.
 *
 * A metric without a statistic is compared by the statistic that all recommendations of the job have: the average if they have it, else the median, else
 * another one.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIRecommendationPerformanceMetric.html
 * @example
 * aiJob.addRecommendation('Soonest', { objective: GenerativeObjective.lowestTimeToFirstToken(TokenStatistic.P99) });
 */
export class GenerativeObjective {
  /** The lowest cost of a million output tokens: all of the instances' cost divided by the output tokens of the benchmark. */
  public static lowestCostPerMillionOutputTokens(): GenerativeObjective { return new GenerativeObjective('LowestCostPerMillionOutputTokens'); }

  /** The lowest cost of a million input tokens: all of the instances' cost divided by the input tokens of the benchmark. */
  public static lowestCostPerMillionInputTokens(): GenerativeObjective { return new GenerativeObjective('LowestCostPerMillionInputTokens'); }

  /** The lowest cost of an hour of all instances: with a `targetLoad`, of those that the load needs. */
  public static lowestCostPerHour(): GenerativeObjective { return new GenerativeObjective('LowestCostPerHour'); }

  /**
   * The lowest time to the first token.
   *
   * @param statistic the statistic that is compared
   */
  public static lowestTimeToFirstToken(statistic?: TokenStatistic): GenerativeObjective { return new GenerativeObjective('LowestTimeToFirstToken', statistic); }

  /**
   * The lowest latency between two tokens.
   *
   * @param statistic the statistic that is compared
   */
  public static lowestInterTokenLatency(statistic?: TokenStatistic): GenerativeObjective { return new GenerativeObjective('LowestInterTokenLatency', statistic); }

  /**
   * The lowest latency of a whole request.
   *
   * @param statistic the statistic that is compared
   */
  public static lowestRequestLatency(statistic?: TokenStatistic): GenerativeObjective { return new GenerativeObjective('LowestRequestLatency', statistic); }

  /** The most output tokens a second, of all requests together. */
  public static highestOutputTokenThroughput(): GenerativeObjective { return new GenerativeObjective('HighestOutputTokenThroughput'); }

  /** The most requests a second. */
  public static highestRequestThroughput(): GenerativeObjective { return new GenerativeObjective('HighestRequestThroughput'); }

  private constructor(
    private readonly objective: keyof typeof GENERATIVE.objectives,
    /** @internal */
    public readonly _statistic?: TokenStatistic,
  ) {}

  /**
   * The objective's name.
   *
   * @returns the name, e.g. `LowestTimeToFirstToken`
   */
  public toString(): string {
    return this.objective;
  }
}

/**
 * A bound that the expected performance of a recommendation must keep. The service has none: it optimizes for a metric and reports figures. A figure that the
 * service does not report, or reports without a unit, fails its threshold.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIRecommendationConstraint.html
 * @example
 * aiJob.addRecommendation('Best', { thresholds: [TokenThreshold.timeToFirstToken(Duration.millis(200), TokenStatistic.P99)] });
 */
export class TokenThreshold {
  /**
   * The time to the first token, at most.
   *
   * @param most the longest time: more than 0
   * @param statistic the statistic that must keep it. By default, the statistic that all recommendations of the job have
   */
  public static timeToFirstToken(most: Duration, statistic?: TokenStatistic): TokenThreshold { return TokenThreshold.timed('TimeToFirstToken', most, statistic); }

  /**
   * The latency between two tokens, at most.
   *
   * @param most the longest latency: more than 0
   * @param statistic the statistic that must keep it. By default, the statistic that all recommendations of the job have
   */
  public static interTokenLatency(most: Duration, statistic?: TokenStatistic): TokenThreshold { return TokenThreshold.timed('InterTokenLatency', most, statistic); }

  /**
   * The latency of a whole request, at most.
   *
   * @param most the longest latency: more than 0
   * @param statistic the statistic that must keep it. By default, the statistic that all recommendations of the job have
   */
  public static requestLatency(most: Duration, statistic?: TokenStatistic): TokenThreshold { return TokenThreshold.timed('RequestLatency', most, statistic); }

  /**
   * The output tokens of all requests together, at least.
   *
   * @param least tokens a second: more than 0
   * @param statistic the statistic that must keep it. By default, the statistic that all recommendations of the job have
   */
  public static outputTokenThroughput(least: number, statistic?: TokenStatistic): TokenThreshold {
    return new TokenThreshold('OutputTokenThroughput', least, statistic);
  }

  /**
   * The requests, at least.
   *
   * @param least requests a second: more than 0
   * @param statistic the statistic that must keep it. By default, the statistic that all recommendations of the job have
   */
  public static requestThroughput(least: number, statistic?: TokenStatistic): TokenThreshold {
    return new TokenThreshold('RequestThroughput', least, statistic);
  }

  private static timed(metric: Metric, most: Duration, statistic?: TokenStatistic): TokenThreshold {
    return new TokenThreshold(metric, most.toMilliseconds(most.isUnresolved() ? {} : { integral: false }), statistic);
  }

  private constructor(private readonly metric: Metric, private readonly value: number, private readonly statistic: TokenStatistic | undefined) {
    if (!Token.isUnresolved(value) && !(value > 0 && Number.isFinite(value))) {
      throw new Error(`A threshold of ${metric} must be more than 0, got: ${value}.`);
    }
  }

  /** @internal */
  public _render(): ThresholdProperties {
    return { Metric: this.metric, Statistic: this.statistic, Value: Tokenization.stringifyNumber(this.value) };
  }
}
