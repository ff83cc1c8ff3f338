import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnModel, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { checkProp } from '../common/check';
import { ContainerImage } from '../model-package/container-image';
import { grantReadArtifacts } from '../model-package/facts';
import { ModelData } from '../model-package/s3-source';

/** How the containers of a model are called. */
export class InferenceExecutionMode {
  /** One after the other: each gets what the one before answered. */
  public static readonly SERIAL = InferenceExecutionMode.of('Serial');
  /** Each by its own: a request names the container. */
  public static readonly DIRECT = InferenceExecutionMode.of('Direct');

  /** A mode that this version of the library does not know. */
  public static of(mode: string): InferenceExecutionMode {
    return new InferenceExecutionMode(mode);
  }

  private constructor(
    /** The name as the service has it. */
    public readonly value: string,
  ) {}
}

/** What every container of a model may be given. Changing any of it replaces the model. */
export interface ModelContainerOptions {
  /**
   * Name of the container among the model's: 1 to 63 letters, digits and hyphens. Where one has a name, each must. Changing it replaces the
   * model.
   *
   * @default - by its place
   */
  readonly containerHostname?: string;
  /**
   * Environment variables: up to 100, of up to 1,024 characters each. Changing them replaces the model.
   *
   * @default - the container's own
   */
  readonly environment?: { [name: string]: string };
}

/** What a container of an image may be given. Changing any of it replaces the model. */
export interface ImageContainerOptions extends ModelContainerOptions {
  /**
   * The trained model. Changing it replaces the model.
   *
   * @default - the model is part of the image
   */
  readonly modelData?: ModelData;
}

/** What a container of a model package may be given. Changing any of it replaces the model. */
export interface PackageContainerOptions extends ModelContainerOptions {
  /**
   * One of the package's additional inference specifications: 1 to 63 letters, digits and hyphens. Changing it replaces the model.
   *
   * @default - the package's own inference specification
   */
  readonly inferenceSpecificationName?: string;
}

/**
 * One container of a model.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
 */
export abstract class ModelContainer {
  /**
   * A container of an image and its model data, which no registry knows.
   *
   * @throws if a name or a variable is not what the service takes
   */
  public static fromImage(image: ContainerImage, options: ImageContainerOptions = {}): ModelContainer {
    return new ImageContainer(image, options);
  }

  /**
   * The container of a model package.
   *
   * @throws if a name or a variable is not what the service takes
   */
  public static fromModelPackage(modelPackage: IModelPackageRef, options: PackageContainerOptions = {}): ModelContainer {
    return new PackageContainer(modelPackage, options);
  }

  /** @internal */
  public readonly _hostname?: string;

  /** @internal */
  protected constructor(options: ModelContainerOptions) {
    checkProp('containerHostname', 'ContainerHostname', options.containerHostname);
    checkProp('environment', 'EnvironmentMap', options.environment);
    this._hostname = options.containerHostname;
  }

  /**
   * Gives the container's data a place in a stack.
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
