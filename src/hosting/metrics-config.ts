import { Duration } from 'aws-cdk-lib/core';

/**
 * The metrics that an endpoint publishes besides those of each endpoint. Changing any of them replaces the configuration.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricsConfig.html
 */
export interface MetricsConfig {
  /**
   * Whether invocations and utilization are published for each instance and each container. Changing it replaces the configuration.
   *
   * @default - the service's default, false
   */
  readonly enhancedMetrics?: boolean;
  /**
   * Whether metrics of containers, GPUs, hosts and the placement of inference components are published. Changing it replaces the configuration.
   *
   * @default - the service's default, true
   */
  readonly detailedObservability?: boolean;
  /**
   * Time between two publications: 10, 30, 60, 120, 180, 240 or 300 seconds. Changing it replaces the configuration.
   *
   * @default - the service's default, 60 seconds
   */
  readonly publishFrequency?: Duration;
}
