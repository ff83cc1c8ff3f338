import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnModel, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { checkProp } from '../common/check';
import { ContainerImage } from '../model-package/container-image';
import { grantReadArtifacts } from '../model-package/facts';
import { checkImageRegion } from '../model-package/image-region';
import { ModelData } from '../model-package/s3-source';

/**
 * The way in which a request reaches the containers of a model.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceExecutionConfig.html
 * @example
 * const image = ContainerImage.fromRegistry(imageUri);
 * new Model(this, 'Pipeline', {
 *   containers: [ModelContainer.fromImage(image), ModelContainer.fromImage(image)],
 *   inferenceExecutionMode: InferenceExecutionMode.SERIAL,
 * });
 */
export class InferenceExecutionMode {
  /** The containers run one after the other: each gets the response of the previous one. */
  public static readonly SERIAL = InferenceExecutionMode.of('Serial');
  /** Each request names the one container that it invokes. */
  public static readonly DIRECT = InferenceExecutionMode.of('Direct');

  /**
   * A mode that has no constant in this version of the library.
   *
   * @param mode the value that the service's API uses
   */
  public static of(mode: string): InferenceExecutionMode {
    return new InferenceExecutionMode(mode);
  }

  private constructor(
    /** The value that the service's API uses. */
    public readonly value: string,
  ) {}
}

/** Options of every container of a model. Changing any of them replaces the model. */
export interface ModelContainerOptions {
  /**
   * Name of the container within the model: 1 to 63 letters, digits and hyphens. If one container of a model has a name, all must have different
   * names. Changing it replaces the model.
   *
   * @default - the service names the container by its position
   */
  readonly containerHostname?: string;
  /**
   * Environment variables: up to 100, of up to 1,024 characters each. Changing them replaces the model.
   *
   * @default - those of the image or the model package
   */
  readonly environment?: { [name: string]: string };
}

/** Options of a container with an image. Changing any of them replaces the model. */
export interface ImageContainerOptions extends ModelContainerOptions {
  /**
   * Artifacts of the trained model in S3. Changing them replaces the model.
   *
   * @default - the model is part of the image
   */
  readonly modelData?: ModelData;
}

/** Options of a container with a model package. Changing any of them replaces the model. */
export interface PackageContainerOptions extends ModelContainerOptions {
  /**
   * Name of one of the package's additional inference specifications: 1 to 63 letters, digits and hyphens. Changing it replaces the model.
   *
   * @default - the package's own inference specification
   */
  readonly inferenceSpecificationName?: string;
}

/**
 * A container of a model: an image with its model data, or a model package.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
 * @example
 * new Model(this, 'Model', {
 *   containers: [ModelContainer.fromImage(ContainerImage.fromRegistry(imageUri), {
 *     modelData: ModelData.fromBucket(modelBucket, 'model.tar.gz'),
 *   })],
 * });
 */
export abstract class ModelContainer {
  /**
   * A container with an image and its model data, without a model package.
   *
   * @param image image of the container
   * @param options model data, name and environment
   * @throws if the image's URI, the name or an environment variable is invalid
   */
  public static fromImage(image: ContainerImage, options: ImageContainerOptions = {}): ModelContainer {
    return new ImageContainer(image, options);
  }

  /**
   * A container with a model package.
   *
   * @param modelPackage the model package
   * @param options inference specification, name and environment
   * @throws if a name or an environment variable is invalid
   */
  public static fromModelPackage(modelPackage: IModelPackageRef, options: PackageContainerOptions = {}): ModelContainer {
    return new PackageContainer(modelPackage, options);
  }

  /** @internal */
  public readonly _hostname?: string;

  /**
   * Checks the options of every container.
   *
   * @internal
   * @param options name and environment
   */
  protected constructor(options: ModelContainerOptions) {
    checkProp('containerHostname', 'ContainerHostname', options.containerHostname);
    checkProp('environment', 'EnvironmentMap', options.environment);
    this._hostname = options.containerHostname;
  }

  /**
   * Adds the container's data to a stack.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, index: number): BoundContainer;
}

/** @internal */
export interface BoundContainer {
  readonly properties: CfnModel.ContainerDefinitionProperty;
  readonly grantRead: (grantee: IGrantable) => void;
}

class ImageContainer extends ModelContainer {
  constructor(private readonly image: ContainerImage, private readonly options: ImageContainerOptions) {
    super(options);
    checkProp('image', 'ContainerImage', image.uri);
  }

  public _bind(scope: Construct, index: number): BoundContainer {
    checkImageRegion(scope, 'image', this.image.uri);
    const data = this.options.modelData?._bind(scope, index === 0 ? 'ModelData' : `ModelData${index + 1}`);
    checkProp('modelData', 'Url', data?.url);
    const { containerHostname, environment } = this.options;
    return {
      properties: { image: this.image.uri, modelDataUrl: data?.url, containerHostname, environment },
      grantRead: (grantee) => {
        this.image._grantPull(grantee);
        data?.grantRead(grantee);
      },
    };
  }
}

class PackageContainer extends ModelContainer {
  constructor(private readonly modelPackage: IModelPackageRef, private readonly options: PackageContainerOptions) {
    super(options);
    checkProp('inferenceSpecificationName', 'InferenceSpecificationName', options.inferenceSpecificationName);
  }

  public _bind(): BoundContainer {
    const { containerHostname, environment, inferenceSpecificationName } = this.options;
    return {
      properties: { modelPackageName: this.modelPackage.modelPackageRef.modelPackageArn, containerHostname, environment, inferenceSpecificationName },
      grantRead: (grantee) => grantReadArtifacts(this.modelPackage, grantee),
    };
  }
}
