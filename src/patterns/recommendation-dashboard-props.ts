import { IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { Duration } from 'aws-cdk-lib/core';
import { IRecommendation } from '../recommendation/recommendation-interface';

/** The unit of a latency that a job reports. */
export enum LatencyUnit {
  /** Thousandths of a second. */
  MILLISECONDS = 'Milliseconds',
  /** Millionths of a second. */
  MICROSECONDS = 'Microseconds',
}

/** Settings of a dashboard. */
export interface RecommendationDashboardOptions {
  /**
   * Name of the dashboard: up to 255 letters, digits, hyphens and underscores. Changing it replaces the dashboard.
   *
   * @default - CloudFormation chooses
   */
  readonly dashboardName?: string;
  /**
   * Name of the variant to show. It is required if the endpoint has several production variants or its configuration is unknown.
   *
   * @default - the endpoint's only production variant
   */
  readonly variantName?: string;
  /**
   * How many times the promised latency or the benchmarked load the endpoint may have before its alarm: at least 1.
   *
   * @default 1.5
   */
  readonly factor?: number;
  /**
   * How many times the promised cost of a request may be before its alarm: at least 1. The promise is the cost under full load. An endpoint that serves a
   * third of that load pays three times as much for a request, so an endpoint with quiet hours needs a larger factor.
   *
   * @default - the `factor`
   */
  readonly costFactor?: number;
  /**
   * The unit in which the job reports `modelLatency`. Without it, there is no promise of latency and no alarm on it, because AWS's pages disagree: the
   * table of results says milliseconds, the page of load tests microseconds.
   *
   * A guess by size: in AWS's published results, 263596 can only be microseconds, and 7 only milliseconds. To be sure, compare the figure with
   * `job.metricClientLatency()`, which is in milliseconds and includes the network: a greater figure is in microseconds.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-interpret-results.html
   * @default - unknown
   */
  readonly latencyUnit?: LatencyUnit;
  /**
   * Time over which latency and load are measured, in the graphs and the alarms: whole minutes. All periods of an alarm are at most a day long together,
   * or 7 days if each is an hour or longer.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;
  /**
   * Time over which the cost of a request is measured, in the graph and the alarm: whole minutes, as `period`.
   *
   * @default Duration.hours(1)
   */
  readonly costPeriod?: Duration;
  /**
   * Number of periods, one after the other, in which the promise must be broken before an alarm: at least 1.
   *
   * @default 3
   */
  readonly evaluationPeriods?: number;
}

/** Properties of a dashboard. */
export interface RecommendationDashboardProps extends RecommendationDashboardOptions {
  /** The recommendation that promises: of this stack, of another one, imported or fixed. */
  readonly recommendation: IRecommendation;
  /** The endpoint that was deployed as recommended, in this account and Region. */
  readonly endpoint: IEndpointRef;
}
