import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { EndpointReference, IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Resource } from 'aws-cdk-lib/core';
import { EndpointMetricOptions } from './endpoint-metrics';

/** What invocations are measured as. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html */
const INVOCATIONS = 'AWS/SageMaker';
/** What instances are measured as. */
const INSTANCES = '/aws/sagemaker/Endpoints';

/**
 * Grants and metrics of an endpoint, whose members jsii moves to the classes below it.
 *
 * @internal
 */
export abstract class EndpointBase extends Resource implements IEndpoint {
  /** @attribute */
  public abstract readonly endpointArn: string;
  /** @attribute */
  public abstract readonly endpointName: string;
  public abstract readonly endpointRef: EndpointReference;

  /**
   * The name as it is measured by: where it is given, an alarm on it does not wait for the endpoint.
   *
   * @internal
   */
  protected abstract readonly _measuredName: string;

  /**
   * Names of the production variants, if they are known here.
   *
   * @internal
   */
  protected abstract readonly _variantNames: readonly string[] | undefined;

  /** Lets a principal do something with the endpoint, e.g. `sagemaker:DescribeEndpoint`. */
  public grant(grantee: IGrantable, ...actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.endpointArn] });
  }

  /** Lets a principal invoke the endpoint. */
  public grantInvoke(grantee: IGrantable): Grant {
    return this.grant(grantee, 'sagemaker:InvokeEndpoint');
  }

  /** Lets a principal invoke the endpoint asynchronously. The request's input in S3 is another matter. */
  public grantInvokeAsync(grantee: IGrantable): Grant {
    return this.grant(grantee, 'sagemaker:InvokeEndpointAsync');
  }

  /** Lets a principal invoke the endpoint and have its answer as a stream. */
  public grantInvokeWithResponseStream(grantee: IGrantable): Grant {
    // The operation's own page asks for the first; policies in the wild name the second, too.
    return this.grant(grantee, 'sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream');
  }

  /** A metric of a variant's invocations, by its name, in the namespace `AWS/SageMaker`; the average, if no statistic is given. */
  public metric(metricName: string, props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, metricName, Stats.AVERAGE, props);
  }

  /** How many requests a variant got. */
  public metricInvocations(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'Invocations', Stats.SUM, props);
  }

  /** How many requests a variant got, over its instances. */
  public metricInvocationsPerInstance(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'InvocationsPerInstance', Stats.SUM, props);
  }

  /** How many requests a variant answered with a status of 400 to 499. */
  public metricInvocation4xxErrors(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'Invocation4XXErrors', Stats.SUM, props);
  }

  /** How many requests a variant answered with a status of 500 to 599. */
  public metricInvocation5xxErrors(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'Invocation5XXErrors', Stats.SUM, props);
  }

  /** How many requests a variant's model did not answer with a status of 200 to 299. */
  public metricInvocationModelErrors(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'InvocationModelErrors', Stats.SUM, props);
  }

  /** How long a variant's model took to answer, on average, in microseconds. */
  public metricModelLatency(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'ModelLatency', Stats.AVERAGE, props);
  }

  /** How long the service itself took besides, on average, in microseconds. */
  public metricOverheadLatency(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'OverheadLatency', Stats.AVERAGE, props);
  }

  /** How long a serverless variant took to launch, on average, in microseconds. */
  public metricModelSetupTime(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INVOCATIONS, 'ModelSetupTime', Stats.AVERAGE, props);
  }

  /** Load of a variant's processors, on average over its instances, in percent: 100 for each core. */
  public metricCpuUtilization(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INSTANCES, 'CPUUtilization', Stats.AVERAGE, props);
  }

  /** Use of a variant's memory, on average over its instances, in percent. */
  public metricMemoryUtilization(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INSTANCES, 'MemoryUtilization', Stats.AVERAGE, props);
  }

  /** Use of a variant's storage, on average over its instances, in percent. */
  public metricDiskUtilization(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INSTANCES, 'DiskUtilization', Stats.AVERAGE, props);
  }

  /** Load of a variant's GPUs, on average over its instances, in percent: 100 for each GPU. */
  public metricGpuUtilization(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INSTANCES, 'GPUUtilization', Stats.AVERAGE, props);
  }

  /** Use of the memory of a variant's GPUs, on average over its instances, in percent: 100 for each GPU. */
  public metricGpuMemoryUtilization(props?: EndpointMetricOptions): Metric {
    return this.ofVariant(INSTANCES, 'GPUMemoryUtilization', Stats.AVERAGE, props);
  }

  /** How many asynchronous requests wait or are worked on. */
  public metricApproximateBacklogSize(props?: MetricOptions): Metric {
    return this.ofEndpoint('ApproximateBacklogSize', props);
  }

  /** How many asynchronous requests wait or are worked on, over the endpoint's instances. */
  public metricApproximateBacklogSizePerInstance(props?: MetricOptions): Metric {
    return this.ofEndpoint('ApproximateBacklogSizePerInstance', props);
  }

  /** Whether asynchronous requests wait while there is no instance: 1 or 0. */
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
        ? 'the endpoint\'s configuration is not made here'
        : `the endpoint has the variants ${this._variantNames!.join(', ')}`}.`);
    }
    return only;
  }
}
