import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { IResource } from 'aws-cdk-lib/core';
import { EndpointType } from '../common/endpoint-type';

/**
 * One recommendation, whatever made it. It is chosen when the stack is deployed, so every field is a token. A field that the recommendation does not have is
 * an empty string.
 *
 * Its kind decides how it is hosted, and adds figures of its own: see `IInferenceRecommendation`.
 */
export interface IRecommendation extends IResource {
  /** The kind of endpoint that the recommendation is for. */
  readonly endpointType: EndpointType;
  /** The model package that was benchmarked; undefined if this app does not know it. */
  readonly modelPackage?: IModelPackageRef;
  /** The model that was benchmarked; undefined if the target was a model package or this app does not know it. */
  readonly model?: IModelRef;
  /**
   * Name of the job that made the recommendation. Empty if no job did.
   * @attribute
   */
  readonly jobName: string;
  /**
   * ARN of the model package that was benchmarked.
   * @attribute
   */
  readonly modelPackageArn: string;
  /**
   * Name of the model that was benchmarked, if it was no model package.
   * @attribute
   */
  readonly modelName: string;
  /**
   * Id of the recommendation.
   * @attribute
   */
  readonly recommendationId: string;
  /**
   * Instance type, e.g. `ml.c5.xlarge`.
   * @attribute
   */
  readonly instanceType: string;
  /**
   * Number of instances that cost and throughput are for.
   * @attribute
   */
  readonly initialInstanceCount: number;
  /**
   * Number of instances to deploy: as many as the target load needs, or else `initialInstanceCount`.
   * @attribute
   */
  readonly instanceCount: number;
  /**
   * Name of the model package's inference specification to deploy.
   * @attribute
   */
  readonly inferenceSpecificationName: string;
  /**
   * Environment variables that the recommendation sets, as JSON text.
   * @attribute
   */
  readonly environment: string;
  /**
   * Cost in US dollars an hour, for all of `instanceCount`; with instance pools, for all of `variantInstanceCount` on this type. For a serverless
   * endpoint, the cost at the target load.
   * @attribute
   */
  readonly fleetCostPerHour: string;
  /**
   * Path in Parameter Store below which the recommendation is published; undefined if it is not.
   */
  readonly parameterPath?: string;
  /**
   * Source of the recommendation: `Benchmark`, `Instant`, `Fallback` or `Fixed`.
   * @attribute
   */
  readonly source: string;
  /**
   * A sentence for people, of at most 600 characters: the choice (type × count) with its cost in US dollars an hour and per million requests, its latency
   * and its throughput; the runner-up; how many were rejected; and the address of the job's logs in the console of its Region, if that has a public
   * console. If the fallback is used, a warning with the reason.
   * @attribute
   */
  readonly summary: string;
}

/**
 * A recommendation of SageMaker Inference Recommender, with the figures of its benchmark. A metric that the service does not report may be `NaN`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceRecommendation.html
 */
export interface IInferenceRecommendation extends IRecommendation {
  /**
   * The next best recommendations, one for each instance pool after the first; none without `instancePools`. Each is on an instance type of its own, and
   * has the fields that it is deployed by, `maxInvocations` and `fleetCostPerHour`. Those about the job are the same; others are empty.
   */
  readonly nextBest: IInferenceRecommendation[];
  /**
   * Number of instances of a variant with instance pools: the largest `instanceCount` of this recommendation and of `nextBest`, because all instances
   * may be of the type that needs most. Without pools, `instanceCount`.
   * @attribute
   */
  readonly variantInstanceCount: number;
  /**
   * Memory of a serverless endpoint, in MB.
   * @attribute
   */
  readonly serverlessMemorySizeInMb: number;
  /**
   * Concurrent invocations of a serverless endpoint at most.
   * @attribute
   */
  readonly serverlessMaxConcurrency: number;
  /**
   * Name of the endpoint that the job benchmarked. The service deletes that endpoint when the job ends.
   * @attribute
   */
  readonly benchmarkEndpointName: string;
  /**
   * Name of that endpoint's production variant.
   * @attribute
   */
  readonly benchmarkVariantName: string;
  /**
   * Name of the compilation job that compiled the benchmarked model, if it was compiled.
   * @attribute
   */
  readonly compilationJobName: string;
  /**
   * Cost in US dollars an hour, for all of `initialInstanceCount`.
   * @attribute
   */
  readonly costPerHour: string;
  /**
   * Cost in US dollars for one request.
   * @attribute
   */
  readonly costPerInference: string;
  /**
   * Throughput: the most requests a minute that the endpoint served.
   * @attribute
   */
  readonly maxInvocations: string;
  /**
   * The model's latency at most invocations, in the unit that the service reports: AWS's own pages disagree whether that is ms or µs.
   * @attribute
   */
  readonly modelLatency: string;
  /**
   * CPU utilization in percent: the sum over the cores.
   * @attribute
   */
  readonly cpuUtilization: string;
  /**
   * Memory utilization in percent.
   * @attribute
   */
  readonly memoryUtilization: string;
  /**
   * Time to launch a serverless endpoint's compute resources, in the unit that the service reports.
   * @attribute
   */
  readonly modelSetupTime: string;
  /**
   * When the benchmark began, as an ISO time.
   * @attribute
   */
  readonly invocationStartTime: string;
  /**
   * When the benchmark ended, as an ISO time.
   * @attribute
   */
  readonly invocationEndTime: string;
}

/**
 * A recommendation for a generative model. Times are in milliseconds and throughputs a second, converted from the unit that the service reports, and costs are
 * in US dollars. A figure that the service does not report, or reports without a unit, is an empty string.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIRecommendation.html
 */
export interface IGenerativeRecommendation extends IRecommendation {
  /**
   * Copies of the model on each instance.
   * @attribute
   */
  readonly copyCountPerInstance: number;
  /**
   * Copies of the model on all of `instanceCount`.
   * @attribute
   */
  readonly copyCount: number;
  /**
   * Accelerators of each copy: those of the instance type, divided by the copies. Empty for a type that this version of the library does not know.
   * @attribute
   */
  readonly acceleratorCount: number;
  /**
   * Memory of the instance that each copy reserves at least, in MiB: at least 128. It is 1024 if the job names none.
   * @attribute
   */
  readonly minMemoryRequiredInMb: number;
  /**
   * Cost in US dollars an hour, for all of `initialInstanceCount`.
   * @attribute
   */
  readonly costPerHour: string;
  /**
   * Cost in US dollars of a million input tokens, if all of the cost was theirs.
   * @attribute
   */
  readonly costPerMillionInputTokens: string;
  /**
   * Cost in US dollars of a million output tokens, if all of the cost was theirs.
   * @attribute
   */
  readonly costPerMillionOutputTokens: string;
  /**
   * Time to the first token, in milliseconds, by the statistic that all recommendations of the job have.
   * @attribute
   */
  readonly timeToFirstToken: string;
  /**
   * Latency between two tokens, in milliseconds, by the statistic that all recommendations of the job have.
   * @attribute
   */
  readonly interTokenLatency: string;
  /**
   * Output tokens a second, of all requests together.
   * @attribute
   */
  readonly outputTokenThroughput: string;
  /**
   * Requests a second.
   * @attribute
   */
  readonly requestThroughput: string;
  /**
   * Name of the benchmark job that the figures are of.
   * @attribute
   */
  readonly benchmarkJobName: string;
  /**
   * All figures as the service reported them, as JSON text: metric, statistic, value and unit of each. It has the first ones that fit in an answer.
   * @attribute
   */
  readonly performance: string;
}

/** A job that makes recommendations. */
export interface IRecommendationJob extends IResource {
  /**
   * Name of the job. If the deploy waits for the job, a resource that uses the name is deployed after the job has completed.
   * @attribute
   */
  readonly jobName: string;

  /** The model package that the job benchmarks; undefined if the target is a model or this app does not know it. */
  readonly modelPackage?: IModelPackageRef;

  /** The model that the job benchmarks; undefined if the target is a model package or this app does not know it. */
  readonly model?: IModelRef;
}
