import { IEndpointRef, IInferenceComponentRef } from 'aws-cdk-lib/aws-sagemaker';
import { Duration } from 'aws-cdk-lib/core';
import { AIBenchmarkPreflightOptions, GenerativeJobOptions } from './generative-job-options';
import { NetworkOptions } from '../../common/network-options';

/** Properties of a job that benchmarks an endpoint. The load generator runs in the VPC. Changing the network starts no new job. */
export interface AIBenchmarkJobProps extends GenerativeJobOptions, NetworkOptions {
  /**
   * The endpoint to benchmark: in service, with the chat completions API of OpenAI. Another endpoint runs, and bills, a new job. A changed endpoint of the same
   * name does not: change `trigger` with it.
   */
  readonly endpoint: IEndpointRef;
  /**
   * The inference components to benchmark. An endpoint that hosts components needs them. Changing them runs, and bills, a new job.
   *
   * @default - none
   */
  readonly inferenceComponents?: IInferenceComponentRef[];
  /**
   * Host name of the container to benchmark, of an endpoint with several containers. Changing it runs, and bills, a new job.
   *
   * @default - the endpoint's own choice
   */
  readonly targetContainerHostname?: string;
  /**
   * How long the job may run: 15 minutes to 20 hours. The service has no such limit. After this time the library stops the job, and the deploy fails. A job in
   * the background is stopped up to 75 minutes later. Time that a job has run is billed. Changing it starts no new job.
   *
   * @default Duration.hours(2)
   */
  readonly maxDuration?: Duration;
  /**
   * What is looked at right before the job starts. Changing it starts no new job.
   *
   * @default - all checks
   */
  readonly preflight?: AIBenchmarkPreflightOptions;
}
