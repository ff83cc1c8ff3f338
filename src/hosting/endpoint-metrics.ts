import { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

/** How an endpoint's metric is looked at. */
export interface EndpointMetricOptions extends MetricOptions {
  /**
   * The variant that is measured.
   *
   * @default - the endpoint's only production variant
   */
  readonly variantName?: string;
}
