import { ContainerImage } from './container-image';
import { InstanceType } from '../common/instance-type';
import { MlFramework } from './machine-learning';
import { ModelData } from './s3-source';

/**
 * One container of a model package. In the package's own specification, changing any of it is a new version, a new job and a new bill.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageContainerDefinition.html
 */
export interface ModelPackageContainer {
  /** Image of the container: its URI has up to 255 characters. */
  readonly image: ContainerImage;
  /**
   * Digest that identifies the image: `sha256:` and 64 hexadecimal digits.
   *
   * @default - none: a tag is taken for what it names when the model starts
   */
  readonly imageDigest?: string;
  /**
   * Trained model.
   *
   * @default - the model is part of the image
   */
  readonly modelData?: ModelData;
  /**
   * Host name of the container, by which the containers of one package find each other: up to 63 letters, digits and hyphens.
   *
   * @default - none
   */
  readonly containerHostname?: string;
  /**
   * Framework of the container; a recommendation job wants one.
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
   * Name and shape of the model's inputs as JSON, which SageMaker Neo needs to compile it: 1 to 16,384 characters.
   *
   * @default - the model is not compiled
   */
  readonly dataInputConfig?: string;
  /**
   * A pre-trained model that this one resembles, e.g. `xgboost`.
   *
   * @default - none
   */
  readonly nearestModelName?: string;
  /**
   * Environment variables of the container: up to 100, with names and values of up to 1,024 characters.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
}

/**
 * Another way to run a model package's model, by a name that a load test's candidate can choose: e.g. a compiled artifact, or one for a GPU.
 *
 * CloudFormation gives it to the service together with a new version. As far as its published handler shows, a change of it alone does
 * nothing: change the package's description along with it, which is a new version, a new job and a new bill.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AdditionalInferenceSpecificationDefinition.html
 */
export interface AdditionalInferenceSpecification {
  /** Name, of which a package has only one of a kind: 1 to 63 letters, digits and hyphens. */
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
   * MIME types that the model takes, each of up to 256 characters.
   *
   * @default - none
   */
  readonly supportedContentTypes?: string[];
  /**
   * MIME types that the model answers, each of up to 1,024 characters.
   *
   * @default - none
   */
  readonly supportedResponseMimeTypes?: string[];
  /**
   * Instance types that the model may be hosted on.
   *
   * @default - any
   */
  readonly supportedRealtimeInferenceInstanceTypes?: InstanceType[];
  /**
   * Instance types that batch transform jobs may run on: at least 1, where any are given.
   *
   * @default - any
   */
  readonly supportedTransformInstanceTypes?: InstanceType[];
}
