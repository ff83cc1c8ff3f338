import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { EndpointReference, IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Resource } from 'aws-cdk-lib/core';
import { EndpointGrants } from './endpoint-grants';
import { EndpointMetricOptions } from './endpoint-metrics';

/** Namespace of the metrics of invocations. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html */
const INVOCATIONS = 'AWS/SageMaker';
/** Namespace of the metrics of instances. */
const INSTANCES = '/aws/sagemaker/Endpoints';

/**
 * Grants and metrics of an endpoint. jsii moves the members of this internal class to its subclasses.
 *
 * @internal
 */
export abstract class EndpointBase extends Resource implements IEndpoint {
  /**
   * ARN of the endpoint.
   * @attribute
   */
  public abstract readonly endpointArn: string;
  /**
   * Name of the endpoint.
   * @attribute
   */
  public abstract readonly endpointName: string;
  /** Reference to the endpoint, as CDK's own constructs take it. */
  public abstract readonly endpointRef: EndpointReference;

  /**
   * The name in the metrics' dimensions. A name that you choose is no reference, so an alarm on it does not depend on the endpoint.
   *
   * @internal
   */
  protected abstract readonly _measuredName: string;

  /**
   * Names of the production variants, if they are known at synth.
   *
   * @internal
   */
  protected abstract readonly _variantNames: readonly string[] | undefined;

  /** Grants of the endpoint. */
  public get grants(): EndpointGrants {
    return EndpointGrants.fromEndpoint(this);
  }

  /**
   * Allows a principal to invoke the endpoint. CDK's interface of an endpoint requires it: `grants` has this grant and all others.
   *
   * @param grantee the principal
   * @returns the grant
   */
  public grantInvoke(grantee: IGrantable): Grant {
    return this.grants.invoke(grantee);
  }

  /**
   * A metric of a variant's invocations, in the namespace `AWS/SageMaker`. The default statistic is the average.
   *
   * @param metricName name of the metric in CloudWatch
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metric(metricName: string, props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, metricName, Stats.AVERAGE, props);
  }

  /**
   * Number of requests to a variant.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricInvocations(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'Invocations', Stats.SUM, props);
  }

  /**
   * Number of requests to a variant, divided by its number of instances.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricInvocationsPerInstance(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'InvocationsPerInstance', Stats.SUM, props);
  }

  /**
   * Number of requests that a variant answered with a status of 400 to 499.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricInvocation4xxErrors(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'Invocation4XXErrors', Stats.SUM, props);
  }

  /**
   * Number of requests that a variant answered with a status of 500 to 599.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricInvocation5xxErrors(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'Invocation5XXErrors', Stats.SUM, props);
  }

  /**
   * Number of requests that a variant's model did not answer with a status of 200 to 299.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricInvocationModelErrors(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'InvocationModelErrors', Stats.SUM, props);
  }

  /**
   * Time that a variant's model took to respond, on average, in microseconds.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricModelLatency(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'ModelLatency', Stats.AVERAGE, props);
  }

  /**
   * Time that the service itself added, on average, in microseconds.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricOverheadLatency(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'OverheadLatency', Stats.AVERAGE, props);
  }

  /**
   * Time that a serverless variant took to launch, on average, in microseconds.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricModelSetupTime(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'ModelSetupTime', Stats.AVERAGE, props);
  }

  /**
   * CPU utilization of a variant, on average over its instances, in percent: 100 for each core.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricCpuUtilization(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INSTANCES, 'CPUUtilization', Stats.AVERAGE, props);
  }

  /**
   * Memory utilization of a variant, on average over its instances, in percent.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricMemoryUtilization(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INSTANCES, 'MemoryUtilization', Stats.AVERAGE, props);
  }

  /**
   * Storage utilization of a variant, on average over its instances, in percent.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricDiskUtilization(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INSTANCES, 'DiskUtilization', Stats.AVERAGE, props);
  }

  /**
   * GPU utilization of a variant, on average over its instances, in percent: 100 for each GPU.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricGpuUtilization(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INSTANCES, 'GPUUtilization', Stats.AVERAGE, props);
  }

  /**
   * GPU memory utilization of a variant, on average over its instances, in percent: 100 for each GPU.
   *
   * @param props the variant, and the metric's options
   * @throws if `variantName` is missing, unless the endpoint is known to have exactly one production variant
   */
  public metricGpuMemoryUtilization(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INSTANCES, 'GPUMemoryUtilization', Stats.AVERAGE, props);
  }

  /**
   * Number of asynchronous requests that wait or are in progress.
   *
   * @param props the metric's options
   */
  public metricApproximateBacklogSize(props?: MetricOptions): Metric {
    return this.ofEndpoint('ApproximateBacklogSize', props);
  }

  /**
   * Number of asynchronous requests that wait or are in progress, divided by the endpoint's number of instances.
   *
   * @param props the metric's options
   */
  public metricApproximateBacklogSizePerInstance(props?: MetricOptions): Metric {
    return this.ofEndpoint('ApproximateBacklogSizePerInstance', props);
  }

  /**
   * Whether asynchronous requests wait while there is no instance: 1 or 0.
   *
   * @param props the metric's options
   */
  public metricHasBacklogWithoutCapacity(props?: MetricOptions): Metric {
    return this.ofEndpoint('HasBacklogWithoutCapacity', props);
  }

  private ofVariant(namespace: string, metricName: string, statistic: string, props: EndpointMetricOptions = {}): Metric {
    const { variantName, ...options } = props;
    const dimensionsMap = { EndpointName: this._measuredName, VariantName: variantName ?? this.onlyVariant() };
    return new Metric({ namespace, metricName, statistic, dimensionsMap, ...options }).attachTo(this);
  }

  // Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
  private ofEndpoint(metricName: string, props?: MetricOptions): Metric {
    return new Metric({
      namespace: INVOCATIONS, metricName, statistic: Stats.AVERAGE, dimensionsMap: { EndpointName: this._measuredName }, ...props,
    }).attachTo(this);
  }

  private onlyVariant(): string {
    const [only, ...more] = this._variantNames ?? [];
    if (only === undefined || more.length > 0) {
      throw new Error(`\`variantName\` is required: ${only === undefined
        ? 'the endpoint\'s configuration is not defined in this app'
        : `the endpoint has the variants ${this._variantNames!.join(', ')}`}.`);
    }
    return only;
  }
}
