import { ContainerImage } from './container-image';
import { MlFramework } from './machine-learning';
import { ModelData } from './s3-source';
import { InstanceType } from '../common/instance-type';

/**
 * One container of a model package.
 *
 * In the package's own `containers`, changing any of it creates a new version and starts a new, billed job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageContainerDefinition.html
 */
export interface ModelPackageContainer {
  /** Image of the container. Its URI has up to 255 characters. */
  readonly image: ContainerImage;
  /**
   * Digest that identifies the image: `sha256:` followed by 64 hexadecimal digits.
   *
   * @default - none: the service resolves the image's tag when the model starts
   */
  readonly imageDigest?: string;
  /**
   * Trained model.
   *
   * @default - the model is part of the image
   */
  readonly modelData?: ModelData;
  /**
   * DNS host name of the container, which the other containers of the package can use: up to 63 letters, digits and hyphens.
   *
   * @default - none
   */
  readonly containerHostname?: string;
  /**
   * Framework of the container. A recommendation job needs one.
   *
   * @default - none
   */
  readonly framework?: MlFramework;
  /**
   * Version of the framework: 3 to 10 characters, of which the first two are a digit and a dot, e.g. `1.3-1`.
   *
   * @default - none
   */
  readonly frameworkVersion?: string;
  /**
   * Name and shape of the model's inputs as JSON: 1 to 16,384 characters. SageMaker Neo needs it to compile the model.
   *
   * @default - none: the model is not compiled
   */
  readonly dataInputConfig?: string;
  /**
   * Name of a known pre-trained model that is similar to this one, e.g. `xgboost`.
   *
   * @default - none
   */
  readonly nearestModelName?: string;
  /**
   * Environment variables of the container: up to 100. Each name and each value has up to 1,024 characters.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
}

/**
 * Another way to run the model of a model package, e.g. a compiled artifact, or an artifact for a GPU. A candidate of a load test chooses it
 * by its name.
 *
 * CloudFormation sends it to the service only when it creates a version: according to its published handler, a change of it alone does
 * nothing. So also change the package's `description`: that creates a new version and starts a new, billed job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AdditionalInferenceSpecificationDefinition.html
 */
export interface AdditionalInferenceSpecification {
  /** Name, unique in the package: 1 to 63 letters, digits and hyphens. */
  readonly specificationName: string;
  /** Containers: 1 to 15. */
  readonly containers: ModelPackageContainer[];
  /**
   * Description: up to 1,024 characters.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * MIME types of requests that the model accepts, each of up to 256 characters.
   *
   * @default - none
   */
  readonly supportedContentTypes?: string[];
  /**
   * MIME types of responses that the model returns, each of up to 1,024 characters.
   *
   * @default - none
   */
  readonly supportedResponseMimeTypes?: string[];
  /**
   * Instance types that can host the model.
   *
   * @default - any
   */
  readonly supportedRealtimeInferenceInstanceTypes?: InstanceType[];
  /**
   * Instance types that batch transform jobs can use: at least 1 if the list is set.
   *
   * @default - any
   */
  readonly supportedTransformInstanceTypes?: InstanceType[];
}
