import { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

/** Options of a metric of an endpoint's variant. */
export interface EndpointMetricOptions extends MetricOptions {
  /**
   * Name of the variant to measure. It is required if the endpoint has several production variants or its configuration is unknown.
   *
   * @default - the endpoint's only production variant
   */
  readonly variantName?: string;
}
