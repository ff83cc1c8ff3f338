import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { IResource } from 'aws-cdk-lib/core';
import { EndpointType } from '../common/endpoint-type';

/**
 * One recommendation, chosen when the stack is deployed: every field is a token.
 *
 * Fields that a row does not have are empty strings; a metric that the service does not report may be `NaN`.
 */
export interface IRecommendation extends IResource {
  /** The kind of endpoint that is recommended. */
  readonly endpointType: EndpointType;
  /** The model package that was benchmarked, if that is known here. */
  readonly modelPackage?: IModelPackageRef;
  /** The model that was benchmarked, if it was one and that is known here. */
  readonly model?: IModelRef;
  /**
   * Name of the job.
   * @attribute
   */
  readonly jobName: string;
  /**
   * ARN of the model package that was benchmarked.
   * @attribute
   */
  readonly modelPackageArn: string;
  /**
   * Name of the model that was benchmarked, if it was one.
   * @attribute
   */
  readonly modelName: string;
  /**
   * Id of the recommendation: the job's name and eight digits.
   * @attribute
   */
  readonly recommendationId: string;
  /**
   * Instance type, e.g. `ml.c5.xlarge`.
   * @attribute
   */
  readonly instanceType: string;
  /**
   * Instances that the figures hold for.
   * @attribute
   */
  readonly initialInstanceCount: number;
  /**
   * Instances to deploy: what the target load needs, or those that the figures hold for.
   * @attribute
   */
  readonly instanceCount: number;
  /**
   * Memory of a serverless endpoint in MB.
   * @attribute
   */
  readonly serverlessMemorySizeInMb: number;
  /**
   * Invocations that a serverless endpoint serves at a time.
   * @attribute
   */
  readonly serverlessMaxConcurrency: number;
  /**
   * Name of the endpoint that the job benchmarked; it is gone when the job is done.
   * @attribute
   */
  readonly benchmarkEndpointName: string;
  /**
   * Name of that endpoint's production variant.
   * @attribute
   */
  readonly benchmarkVariantName: string;
  /**
   * Inference specification of the model package that was benchmarked.
   * @attribute
   */
  readonly inferenceSpecificationName: string;
  /**
   * Compilation job that made the benchmarked model, if it was compiled.
   * @attribute
   */
  readonly compilationJobName: string;
  /**
   * Environment variables that the job tuned, as JSON text.
   * @attribute
   */
  readonly environment: string;
  /**
   * US dollars an hour, for all of `initialInstanceCount`.
   * @attribute
   */
  readonly costPerHour: string;
  /**
   * US dollars for one request.
   * @attribute
   */
  readonly costPerInference: string;
  /**
   * Requests a minute at most.
   * @attribute
   */
  readonly maxInvocations: string;
  /**
   * The model's latency at most invocations, in the unit that the service reports: AWS's own pages disagree whether that is ms or µs.
   * @attribute
   */
  readonly modelLatency: string;
  /**
   * CPU utilization in percent.
   * @attribute
   */
  readonly cpuUtilization: string;
  /**
   * Memory utilization in percent.
   * @attribute
   */
  readonly memoryUtilization: string;
  /**
   * Time to launch a serverless endpoint's compute resources.
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
  /**
   * US dollars an hour, for all of `instanceCount`; of a serverless endpoint, at the target load.
   * @attribute
   */
  readonly fleetCostPerHour: string;
  /**
   * Where it comes from: `Benchmark`, `Fallback` or `Fixed`.
   * @attribute
   */
  readonly source: string;
  /**
   * What was chosen and before what, in a sentence; where a fallback stands in, a warning that says why.
   * @attribute
   */
  readonly summary: string;
}
