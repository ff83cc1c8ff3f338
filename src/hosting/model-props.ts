import { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { InferenceExecutionMode, ModelContainer } from './model-container';
import { NetworkOptions } from '../common/network-options';
import { IRecommendation } from '../recommendation/recommendation-interface';

/** Properties of a model. Changing any of them except `allowAllOutbound` replaces it. */
export interface ModelProps extends NetworkOptions {
  /**
   * The recommendation to deploy. The model is a copy of what was benchmarked, with the recommended inference specification, compiled artifact and
   * tuned environment.
   *
   * The kind of a ranked recommendation is known only after its job is done, so a function creates the model through the API. The model is a plain
   * CloudFormation resource in two cases: the recommendation is fixed, or all candidates of a load test vary the same variables and compiled models
   * are not allowed. If a model was benchmarked, the copy takes its role, network and isolation. Changing it replaces the model.
   *
   * With instance pools, each next best recommendation gets a model of its own beside this one, in the same way, unless it is known at synth that it
   * needs none. `Variant.fromRecommendation()` names it in its pool.
   *
   * @default - none: `modelPackage` or `containers` without changes
   */
  readonly recommendation?: IRecommendation;
  /**
   * The model package to deploy. It is required if there is no `recommendation` and there are no `containers`. Changing it replaces the model.
   *
   * @default - the package that the recommendation's job benchmarked
   */
  readonly modelPackage?: IModelPackageRef;
  /**
   * Containers of your own instead of a recommendation or a model package: 1 to 15. Changing them replaces the model.
   *
   * @default - those of the recommendation or of the model package
   */
  readonly containers?: ModelContainer[];
  /**
   * The way in which requests reach `containers`, if there are several. It needs `containers`. Changing it replaces the model.
   *
   * @default InferenceExecutionMode.SERIAL
   */
  readonly inferenceExecutionMode?: InferenceExecutionMode;
  /**
   * Environment variables of your own: up to 100, of up to 1,024 characters each. They override those of the package or benchmarked model, and those
   * that the recommendation tunes: if one of them is known to be tuned, there is a warning, because the benchmark's figures then do not hold. They are
   * in the template in plain text, so none may be a secret. Set them on each of `containers` instead if you give these. Changing them replaces the model.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
  /**
   * The role that the containers run with. In a VPC it needs EC2's actions on network interfaces. It is required if the recommendation is of a
   * model that this library did not create. Changing it replaces the model.
   *
   * @default - a new role that may read the containers' artifacts and gets the permissions that endpoint configurations need; if the
   * recommendation is of a model, that model's role
   */
  readonly role?: IRoleRef;
  /**
   * Whether the containers are isolated: they may not make network calls. The service requires it for packages of AWS Marketplace. Changing it replaces
   * the model.
   *
   * @default - true for a model package of AWS Marketplace, otherwise false
   */
  readonly enableNetworkIsolation?: boolean;
}
