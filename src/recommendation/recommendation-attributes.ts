import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Size } from 'aws-cdk-lib/core';
import { EndpointType } from '../common/endpoint-type';
import { InstanceType } from '../common/instance-type';

/** What a recommendation decides, as figures in your code. */
export interface FixedRecommendation {
  /**
   * Instance type; a real-time recommendation needs one.
   *
   * @default - none
   */
  readonly instanceType?: InstanceType;
  /**
   * Instances to deploy: at least 1.
   *
   * @default 1
   */
  readonly initialInstanceCount?: number;
  /**
   * Memory of a serverless endpoint: 1 to 6 GiB in steps of 1 GiB.
   *
   * @default - none
   */
  readonly serverlessMemorySize?: Size;
  /**
   * Invocations that a serverless endpoint serves at a time: 1 to 200.
   *
   * @default - none
   */
  readonly serverlessMaxConcurrency?: number;
  /**
   * Inference specification of the model package.
   *
   * @default - the package's own
   */
  readonly inferenceSpecificationName?: string;
  /**
   * Environment variables to lay over the model's own.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
}

/** A recommendation by its figures. */
export interface RecommendationAttributes extends FixedRecommendation {
  /**
   * The kind of endpoint.
   *
   * @default EndpointType.REAL_TIME
   */
  readonly endpointType?: EndpointType;
  /**
   * The model package that was benchmarked; a model made from the recommendation needs it, or `model`.
   *
   * @default - unknown
   */
  readonly modelPackage?: IModelPackageRef;
  /**
   * The model that was benchmarked.
   *
   * @default - unknown
   */
  readonly model?: IModelRef;
  /**
   * Name of the job.
   *
   * @default - empty
   */
  readonly jobName?: string;
  /**
   * Id of the recommendation.
   *
   * @default - empty
   */
  readonly recommendationId?: string;
  /**
   * Compilation job that made the model.
   *
   * @default - not compiled
   */
  readonly compilationJobName?: string;
}

/** A recommendation that stands in Parameter Store. */
export interface SsmRecommendationAttributes {
  /** The path that the recommendation is written below: the `parameterPath` of the original. It may not be a token. */
  readonly parameterPath: string;
  /**
   * The kind of endpoint, as the original has it.
   *
   * @default EndpointType.REAL_TIME
   */
  readonly endpointType?: EndpointType;
  /**
   * The model package, if more is known of it here than its ARN: a model's role may then read what it is made of.
   *
   * @default - by its ARN
   */
  readonly modelPackage?: IModelPackageRef;
  /**
   * The model that was benchmarked, where that was no model package.
   *
   * @default - a model package was benchmarked
   */
  readonly model?: IModelRef;
}
