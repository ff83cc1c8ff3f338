import { IAlarmRef } from 'aws-cdk-lib/aws-cloudwatch';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IEndpointConfigRef, IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Size } from 'aws-cdk-lib/core';
import { NetworkOptions } from '../common/network-options';
import { AsyncInference } from '../hosting/async-inference';
import { DataCapture } from '../hosting/data-capture';
import { DeploymentConfig } from '../hosting/deployment-config';
import { EndpointAutoScalingOptions } from '../hosting/endpoint-autoscaling-props';
import { RecommendedVariantOptions } from '../hosting/variant-props';
import { ManagedInstanceScaling } from '../hosting/variant-strategies';
import { ContainerConfigOptions } from '../jobs/container-config';
import { PreflightOptions } from '../jobs/inference-recommendations-job-props';
import { JobType } from '../jobs/job-type';
import { IRecommendation, IRecommendationJob } from '../recommendation/recommendation-interface';
import { RecommendationOptions } from '../recommendation/recommendation-options';

/**
 * Properties of a recommended endpoint. The benchmarked endpoints and the model run in the same VPC. A part of your own (`job`, `recommendation`,
 * `model` or `endpointConfig`) replaces the one that this construct would make. Properties of the replaced part are not required and have no effect.
 */
export interface RecommendedEndpointProps extends RecommendationOptions, NetworkOptions {
  /**
   * The model package to benchmark and deploy. Changing it runs, and bills, a new job.
   *
   * @default - the package of your own `job` or `recommendation`
   */
  readonly modelPackage?: IModelPackageRef;
  /**
   * The type of the job, with its options. Changing it runs, and bills, a new job.
   *
   * @default JobType.instanceRecommendation()
   */
  readonly jobType?: JobType;
  /**
   * Facts about the container that the model package lacks, or that replace the package's own. Changing it runs, and bills, a new job.
   *
   * @default - the model package's own values. Where `endpointType` is serverless, an instance recommendation tries serverless endpoints only
   */
  readonly containerConfig?: ContainerConfigOptions;
  /**
   * A value that you change to run the job again. A value that this stack has not used before runs, and bills, a new job.
   *
   * @default - the job runs again only if its target or one of its other inputs changes
   */
  readonly trigger?: string;
  /**
   * What is looked at right before the job starts. Changing it starts no new job.
   *
   * @default - all checks but the simulation of permissions
   */
  readonly preflight?: PreflightOptions;
  /**
   * The highest cost of the job in US dollars: above 0. A job whose estimate is higher is not started: see `InferenceRecommendationsJob`. Changing it starts no
   * new job.
   *
   * @default - no limit
   */
  readonly maxCost?: number;
  /**
   * Your own job.
   *
   * @default - a new one
   */
  readonly job?: IRecommendationJob;
  /**
   * Your own recommendation, e.g. `Recommendation.fromAttributes()`. Then no job is made.
   *
   * @default - a new one of the job
   */
  readonly recommendation?: IRecommendation;
  /**
   * Your own model.
   *
   * @default - a new one of the recommendation
   */
  readonly model?: IModelRef;
  /**
   * Environment variables of your own for the model. They override the model package's and those that the recommendation tunes: see `Model`.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
  /**
   * Your own endpoint configuration.
   *
   * @default - a new one that deploys the model as recommended
   */
  readonly endpointConfig?: IEndpointConfigRef;
  /**
   * Settings of the variant.
   *
   * @default - the service's defaults
   */
  readonly hosting?: RecommendedVariantOptions;
  /**
   * What each copy of the model gets, if the model is hosted as an inference component: then several copies may share an instance, as a recommendation for a
   * generative model may say. The shape is chosen here, because only the deploy knows the recommendation. An empty object takes what is recommended.
   *
   * @default - the model is hosted by a variant of its own, one copy on each instance
   */
  readonly inferenceComponent?: RecommendedComponentOptions;
  /**
   * Capture of requests and responses.
   *
   * @default - no capture
   */
  readonly dataCapture?: DataCapture;
  /**
   * Settings of asynchronous inference. The endpoint then takes only asynchronous requests.
   *
   * @default - synchronous inference
   */
  readonly asyncInference?: AsyncInference;
  /**
   * Key that encrypts the storage volumes of the instances.
   *
   * @default - a key that SageMaker owns
   */
  readonly encryptionKey?: IKeyRef;
  /**
   * Name of the endpoint. Changing it replaces the endpoint.
   *
   * @default - CloudFormation chooses
   */
  readonly endpointName?: string;
  /**
   * Strategy for updates of the endpoint.
   *
   * @default - all at once, blue/green
   */
  readonly deployment?: DeploymentConfig;
  /**
   * Alarms that stop an update and roll it back.
   *
   * @default - none
   */
  readonly rollbackAlarms?: IAlarmRef[];
  /**
   * Settings of auto scaling. The recommendation decides the settings that you leave out.
   *
   * @default - no auto scaling
   */
  readonly autoScaling?: EndpointAutoScalingOptions;
}

/** What each copy of a recommended model gets in an inference component. */
export interface RecommendedComponentOptions {
  /**
   * Number of copies: at least 1.
   *
   * @default - those of the recommendation
   */
  readonly copies?: number;
  /**
   * Accelerators of each copy: at least 1.
   *
   * @default - those of the recommendation
   */
  readonly accelerators?: number;
  /**
   * Memory that each copy gets at least: 128 MiB or more.
   *
   * @default - that of the recommendation
   */
  readonly minMemory?: Size;
  /**
   * Bounds within which the service changes the number of instances.
   *
   * @default - the number of instances does not change
   */
  readonly managedInstanceScaling?: ManagedInstanceScaling;
}
