import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { IEndpointRef, InferenceComponentReference } from 'aws-cdk-lib/aws-sagemaker';
import { Resource } from 'aws-cdk-lib/core';
import { InferenceComponentGrants } from './inference-component-grants';
import type { IInferenceComponent } from './inference-component-props';

/** Namespace of the metrics of invocations. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html */
const INVOCATIONS = 'AWS/SageMaker';
/** Namespace of the metrics of what copies use. */
const UTILIZATION = '/aws/sagemaker/InferenceComponents';

/**
 * Grants and metrics of an inference component. jsii moves the members of this internal class to its subclasses.
 *
 * @internal
 */
export abstract class InferenceComponentBase extends Resource implements IInferenceComponent {
  /**
   * ARN of the component.
   * @attribute
   */
  public abstract readonly inferenceComponentArn: string;
  /**
   * Name of the component: an invocation of its endpoint must name it.
   * @attribute
   */
  public abstract readonly inferenceComponentName: string;
  /** Reference to the component, as CDK's own constructs take it. */
  public abstract readonly inferenceComponentRef: InferenceComponentReference;

  /**
   * The name in the metrics' dimension. It is no reference, so an alarm on it does not depend on the component.
   *
   * @internal
   */
  protected abstract readonly _measuredName: string;

  /**
   * The endpoint, if it is known.
   *
   * @internal
   */
  protected abstract readonly _endpoint: IEndpointRef | undefined;

  /**
   * Grants of the component.
   *
   * @throws if the component is imported without its endpoint
   */
  public get grants(): InferenceComponentGrants {
    if (!this._endpoint) {
      throw new Error(`The endpoint of the inference component '${this.node.path}' is unknown, and an invocation goes to it: import the component with its \`endpoint\`.`);
    }
    return InferenceComponentGrants.fromInferenceComponent(this, this._endpoint);
  }

  /**
   * A metric of the component's invocations, in the namespace `AWS/SageMaker`. The default statistic is the average.
   *
   * @param metricName name of the metric in CloudWatch
   * @param props the metric's options
   */
  public metric(metricName: string, props?: MetricOptions): Metric {
    return this.measured(INVOCATIONS, metricName, Stats.AVERAGE, props);
  }

  /**
   * Number of requests to the component.
   *
   * @param props the metric's options
   */
  public metricInvocations(props?: MetricOptions): Metric {
    return this.measured(INVOCATIONS, 'Invocations', Stats.SUM, props);
  }

  /**
   * Number of requests to the component, divided by its number of copies.
   *
   * @param props the metric's options
   */
  public metricInvocationsPerCopy(props?: MetricOptions): Metric {
    return this.measured(INVOCATIONS, 'InvocationsPerCopy', Stats.SUM, props);
  }

  /**
   * Number of concurrent requests to the component, divided by its number of copies.
   *
   * @param props the metric's options
   */
  public metricConcurrentRequestsPerCopy(props?: MetricOptions): Metric {
    return this.measured(INVOCATIONS, 'ConcurrentRequestsPerCopy', Stats.AVERAGE, props);
  }

  /**
   * Number of requests that the component answered with a status of 400 to 499.
   *
   * @param props the metric's options
   */
  public metricInvocation4xxErrors(props?: MetricOptions): Metric {
    return this.measured(INVOCATIONS, 'Invocation4XXErrors', Stats.SUM, props);
  }

  /**
   * Number of requests that the component answered with a status of 500 to 599.
   *
   * @param props the metric's options
   */
  public metricInvocation5xxErrors(props?: MetricOptions): Metric {
    return this.measured(INVOCATIONS, 'Invocation5XXErrors', Stats.SUM, props);
  }

  /**
   * Number of requests that the component's model did not answer with a status of 200 to 299.
   *
   * @param props the metric's options
   */
  public metricInvocationModelErrors(props?: MetricOptions): Metric {
    return this.measured(INVOCATIONS, 'InvocationModelErrors', Stats.SUM, props);
  }

  /**
   * Time that the component's model took to respond, on average, in microseconds.
   *
   * @param props the metric's options
   */
  public metricModelLatency(props?: MetricOptions): Metric {
    return this.measured(INVOCATIONS, 'ModelLatency', Stats.AVERAGE, props);
  }

  /**
   * Time that the service itself added, on average, in microseconds.
   *
   * @param props the metric's options
   */
  public metricOverheadLatency(props?: MetricOptions): Metric {
    return this.measured(INVOCATIONS, 'OverheadLatency', Stats.AVERAGE, props);
  }

  /**
   * CPU utilization of the component's copies, on average, in percent: 0 to 100.
   *
   * @param props the metric's options
   */
  public metricCpuUtilization(props?: MetricOptions): Metric {
    return this.measured(UTILIZATION, 'CPUUtilizationNormalized', Stats.AVERAGE, props);
  }

  /**
   * Memory utilization of the component's copies, on average, in percent: 0 to 100.
   *
   * @param props the metric's options
   */
  public metricMemoryUtilization(props?: MetricOptions): Metric {
    return this.measured(UTILIZATION, 'MemoryUtilizationNormalized', Stats.AVERAGE, props);
  }

  /**
   * GPU utilization of the component's copies, on average, in percent: 0 to 100.
   *
   * @param props the metric's options
   */
  public metricGpuUtilization(props?: MetricOptions): Metric {
    return this.measured(UTILIZATION, 'GPUUtilizationNormalized', Stats.AVERAGE, props);
  }

  /**
   * GPU memory utilization of the component's copies, on average, in percent: 0 to 100.
   *
   * @param props the metric's options
   */
  public metricGpuMemoryUtilization(props?: MetricOptions): Metric {
    return this.measured(UTILIZATION, 'GPUMemoryUtilizationNormalized', Stats.AVERAGE, props);
  }

  private measured(namespace: string, metricName: string, statistic: string, props?: MetricOptions): Metric {
    return new Metric({ namespace, metricName, statistic, dimensionsMap: { InferenceComponentName: this._measuredName }, ...props }).attachTo(this);
  }
}
