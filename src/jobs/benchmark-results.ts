import { Resource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { INFERENCE_RECOMMENDER } from './family';
import type { IInferenceRecommendationsJob } from './inference-recommendations-job-props';
import { isWithoutJobs } from '../common/without-jobs';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { ResultsAttribute, ResultsProperties } from '../contract/recommend';
import { jobResourceType } from '../contract/start';
import { jobFacts } from '../recommendation/facts';
import { Runtime } from '../runtime/runtime';

/** Properties of a job's results. */
export interface BenchmarkResultsProps {
  /** The job. */
  readonly job: IInferenceRecommendationsJob;
}

/**
 * The results of a job besides its recommendations: times, the figures of an existing endpoint, and the benchmark steps.
 *
 * Every field is a token. A field is an empty string if the job has no such value, or if no job runs because the context
 * `cdk-sagemaker-inference-recommender:withoutJobs` is true.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeInferenceRecommendationsJob.html
 * @example
 * const found = job.addResults();
 * this.exportValue(found.benchmarkSteps, { name: 'BenchmarkSteps' });
 */
export class BenchmarkResults extends Resource {
  /** ARN of the job. */
  public readonly jobArn: string;
  /** Status of the job: `COMPLETED`, or `FAILED` or `STOPPED` if a fallback replaces its recommendation. */
  public readonly status: string;
  /** When the job was created, as an ISO time. */
  public readonly creationTime: string;
  /** When the job completed, as an ISO time. */
  public readonly completionTime: string;
  /** When the job was last modified, as an ISO time. */
  public readonly lastModifiedTime: string;
  /** Number of recommendations that the job has. */
  public readonly recommendationCount: string;
  /** Name of the existing endpoint that the job compared. */
  public readonly existingEndpointName: string;
  /** The most requests a minute that the existing endpoint served. */
  public readonly existingEndpointMaxInvocations: string;
  /** The existing endpoint's latency at most invocations, in the unit that the service reports. */
  public readonly existingEndpointModelLatency: string;
  /** Number of benchmarks that the job ran. */
  public readonly benchmarkStepCount: string;
  /**
   * The benchmarks as JSON text, with the API's names: status, endpoint and model configuration, metrics, an existing endpoint's
   * EndpointMetrics, failure reason. It has the first benchmarks that fit in an answer of 4,096 bytes. The function's log has all of them.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListInferenceRecommendationsJobSteps.html
   */
  public readonly benchmarkSteps: string;
  /**
   * What the job has cost at least, such as `at least 3.10 USD`: the instances of the benchmarks while they were invoked, at the cost an hour that the job
   * reports, else at AWS's public on-demand prices. The bill is higher, because the time in which instances start and end is paid for, and so are serverless
   * endpoints. A benchmark without a time or a price counts nothing. Empty if none has both.
   */
  public readonly costAtLeast: string;

  /**
   * Reads the results when the stack is deployed. `job.addResults()` does the same.
   *
   * @param scope where to add the results, usually the job or `this`
   * @param id construct id, unique in the scope
   * @param props the job
   */
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
    this.costAtLeast = text('CostAtLeast');
  }

  private fields(props: BenchmarkResultsProps): (attribute: ResultsAttribute) => string {
    const facts = jobFacts.of(props.job);
    const properties: ResultsProperties = { SchemaVersion: SCHEMA_VERSION, JobName: props.job.jobName, Namespace: facts?.namespace };
    const recommend = Runtime.of(this).recommend(INFERENCE_RECOMMENDER);
    facts?.allowDescribe?.(recommend);
    const resource = recommend.provide(this, 'Resource', jobResourceType(INFERENCE_RECOMMENDER.name, 'Results'), properties);
    return (attribute) => resource.getAtt(attribute).toString();
  }
}
