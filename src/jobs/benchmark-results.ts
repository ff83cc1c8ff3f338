import { Resource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { INFERENCE_RECOMMENDER } from './family';
import type { IInferenceRecommendationsJob } from './inference-recommendations-job-props';
import { isWithoutJobs } from '../common/without-jobs';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { ResultsAttribute, ResultsProperties } from '../contract/recommend';
import { jobResourceType } from '../contract/start';
import { Runtime } from '../runtime/runtime';

/** Properties of a job's results. */
export interface BenchmarkResultsProps {
  /** The job. */
  readonly job: IInferenceRecommendationsJob;
}

/**
 * What a job found besides recommendations. Every field is a token, and an empty string where the job has nothing or where no job
 * runs, because the context `cdk-sagemaker-inference-recommender:withoutJobs` is true.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeInferenceRecommendationsJob.html,
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListInferenceRecommendationsJobSteps.html
 */
export class BenchmarkResults extends Resource {
  /** ARN of the job. */
  public readonly jobArn: string;
  /** Status of the job: COMPLETED, or FAILED or STOPPED where a fallback stands in. */
  public readonly status: string;
  /** When the job was created, as an ISO time. */
  public readonly creationTime: string;
  /** When the job completed, as an ISO time. */
  public readonly completionTime: string;
  /** When the job was last modified, as an ISO time. */
  public readonly lastModifiedTime: string;
  /** How many recommendations the job has. */
  public readonly recommendationCount: string;
  /** Name of the existing endpoint that was compared. */
  public readonly existingEndpointName: string;
  /** Requests a minute that the existing endpoint served at most. */
  public readonly existingEndpointMaxInvocations: string;
  /** The existing endpoint's latency at most invocations, in the unit that the service reports. */
  public readonly existingEndpointModelLatency: string;
  /** How many benchmarks the job ran. */
  public readonly benchmarkStepCount: string;
  /**
   * The benchmarks as JSON text, by the API's names: status, endpoint and model configuration, metrics, an existing endpoint's
   * EndpointMetrics, failure reason. The first that fit in an answer of 4,096 bytes; the function's log has them all.
   */
  public readonly benchmarkSteps: string;

  constructor(scope: Construct, id: string, props: BenchmarkResultsProps) {
    super(scope, id);
    const text = isWithoutJobs(this) ? () => '' : this.fields(props);
    this.jobArn = text('JobArn');
    this.status = text('Status');
    this.creationTime = text('CreationTime');
    this.completionTime = text('CompletionTime');
    this.lastModifiedTime = text('LastModifiedTime');
    this.recommendationCount = text('RecommendationCount');
    this.existingEndpointName = text('ExistingEndpointName');
    this.existingEndpointMaxInvocations = text('ExistingEndpointMaxInvocations');
    this.existingEndpointModelLatency = text('ExistingEndpointModelLatency');
    this.benchmarkStepCount = text('BenchmarkStepCount');
    this.benchmarkSteps = text('BenchmarkSteps');
  }

  private fields(props: BenchmarkResultsProps): (attribute: ResultsAttribute) => string {
    const properties: ResultsProperties = { SchemaVersion: SCHEMA_VERSION, JobName: props.job.jobName };
    const recommend = Runtime.of(this).recommend(INFERENCE_RECOMMENDER);
    const resource = recommend.provide(this, 'Resource', jobResourceType(INFERENCE_RECOMMENDER.name, 'Results'), properties);
    return (attribute) => resource.getAtt(attribute).toString();
  }
}
