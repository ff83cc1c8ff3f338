import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Size } from 'aws-cdk-lib/core';
import { EndpointType } from '../common/endpoint-type';
import { InstanceType } from '../common/instance-type';

/** The figures of a recommendation, fixed in your code. */
export interface FixedRecommendation {
  /**
   * Instance type. It is required for a real-time recommendation.
   *
   * @default - none
   */
  readonly instanceType?: InstanceType;
  /**
   * Number of instances to deploy: at least 1.
   *
   * @default 1
   */
  readonly initialInstanceCount?: number;
  /**
   * Instance types of the instance pools after the first, which is `instanceType`: at most 4, the best first. If less capacity is free than wanted, the
   * next type serves. All pools have the same number of instances, specification and environment.
   *
   * @default - no instance pools
   */
  readonly nextInstanceTypes?: InstanceType[];
  /**
   * Memory of a serverless endpoint: 1 to 6 GiB in steps of 1 GiB. It is required for a serverless recommendation.
   *
   * @default - none
   */
  readonly serverlessMemorySize?: Size;
  /**
   * Concurrent invocations of a serverless endpoint at most: 1 to 200. It is required for a serverless recommendation.
   *
   * @default - none
   */
  readonly serverlessMaxConcurrency?: number;
  /**
   * Name of an additional inference specification of the model package.
   *
   * @default - the package's own inference specification
   */
  readonly inferenceSpecificationName?: string;
  /**
   * Environment variables that override the model's own.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
}

/** Attributes of a recommendation with fixed figures. */
export interface RecommendationAttributes extends FixedRecommendation {
  /**
   * The kind of endpoint.
   *
   * @default EndpointType.REAL_TIME
   */
  readonly endpointType?: EndpointType;
  /**
   * The model package that was benchmarked. A `Model` of the recommendation needs it or `model`.
   *
   * @default - unknown
   */
  readonly modelPackage?: IModelPackageRef;
  /**
   * The model that was benchmarked. A `Model` of the recommendation needs it or `modelPackage`.
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
   * Name of the compilation job that compiled the model.
   *
   * @default - not compiled
   */
  readonly compilationJobName?: string;
}

/** Attributes of a recommendation that is published to Parameter Store. */
export interface SsmRecommendationAttributes {
  /** Path that the recommendation is published below: the `parameterPath` of the original. It may not be a token. */
  readonly parameterPath: string;
  /**
   * The kind of endpoint, the same as that of the original.
   *
   * @default EndpointType.REAL_TIME
   */
  readonly endpointType?: EndpointType;
  /**
   * Number of instance pools, the same as that of the original: 2 to 5. It may not be a token.
   *
   * @default - no instance pools
   */
  readonly instancePools?: number;
  /**
   * The model package. If you give one of this app, the role of a model may read the package's artifacts.
   *
   * @default - the package of the published ARN
   */
  readonly modelPackage?: IModelPackageRef;
  /**
   * The model that was benchmarked, if it was no model package.
   *
   * @default - a model package was benchmarked
   */
  readonly model?: IModelRef;
}
