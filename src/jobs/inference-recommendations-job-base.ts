import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { BenchmarkTarget } from './benchmark-target';
import { INFERENCE_RECOMMENDER } from './family';
import { IInferenceRecommendationsJob, JobMetricOptions } from './inference-recommendations-job-props';
import { JobBase } from './job-base';
import { Recommendation } from '../recommendation/recommendation';
import { RecommendationOptions } from '../recommendation/recommendation-options';
import { JOBS_TELEMETRY } from '../service/console-link';

/**
 * What a job of SageMaker Inference Recommender of this app and an imported one have in common. jsii moves the members of this internal class to its subclasses.
 *
 * @internal
 */
export abstract class InferenceRecommendationsJobBase extends JobBase implements IInferenceRecommendationsJob {
  public abstract readonly jobName: string;
  public abstract readonly target?: BenchmarkTarget;
  public abstract readonly modelPackage?: IModelPackageRef;
  public abstract readonly model?: IModelRef;

  /** @internal */
  protected override readonly _family = INFERENCE_RECOMMENDER;

  /**
   * The name in the metrics' dimensions, which is known before the job has ended.
   *
   * @internal
   */
  protected abstract readonly _measuredName: string;

  public addRecommendation(id: string, options: RecommendationOptions = {}): Recommendation {
    return new Recommendation(this, id, { job: this, ...options });
  }

  /**
   * A metric of the job, in the namespace `/aws/sagemaker/InferenceRecommendationsJobs`. The default statistic is the average. The service keeps it for
   * 15 months, also if the job's stack is deleted.
   *
   * AWS documents four metrics, for each of which there is a method, and the dimensions `JobName` and `EndpointName`. It does not say whether the service
   * publishes a metric by both, or by each alone: if a metric of the job has no data, name the `endpointName` of a recommendation.
   *
   * @param metricName name of the metric in CloudWatch
   * @param props the benchmarked endpoint, and the metric's options
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
   */
  public metric(metricName: string, props: JobMetricOptions = {}): Metric {
    return this.measured(metricName, Stats.AVERAGE, props);
  }

  /**
   * Number of requests that the job sent to the endpoints that it benchmarks.
   *
   * @param props the benchmarked endpoint, and the metric's options
   */
  public metricClientInvocations(props?: JobMetricOptions): Metric {
    return this.measured('ClientInvocations', Stats.SUM, props);
  }

  /**
   * Number of those requests that failed.
   *
   * @param props the benchmarked endpoint, and the metric's options
   */
  public metricClientInvocationErrors(props?: JobMetricOptions): Metric {
    return this.measured('ClientInvocationErrors', Stats.SUM, props);
  }

  /**
   * Time between a request of the job and its response, on average, in milliseconds. It includes the network, and an endpoint's own `ModelLatency` does
   * not: that is in microseconds.
   *
   * @param props the benchmarked endpoint, and the metric's options
   */
  public metricClientLatency(props?: JobMetricOptions): Metric {
    return this.measured('ClientLatency', Stats.AVERAGE, props);
  }

  /**
   * The most users that sent requests at the same time.
   *
   * @param props the benchmarked endpoint, and the metric's options
   */
  public metricNumberOfUsers(props?: JobMetricOptions): Metric {
    return this.measured('NumberOfUsers', Stats.MAXIMUM, props);
  }

  private measured(metricName: string, statistic: string, { endpointName, ...options }: JobMetricOptions = {}): Metric {
    const dimensionsMap = { JobName: this._measuredName, ...endpointName !== undefined && { EndpointName: endpointName } };
    return new Metric({ namespace: JOBS_TELEMETRY, metricName, statistic, dimensionsMap, ...options }).attachTo(this);
  }
}
