import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnModelPackage } from 'aws-cdk-lib/aws-sagemaker';
import { IResource, RemovalPolicy, Resource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ContainerImage } from './container-image';
import { InstanceType } from './instance-type';
import { MlDomain, MlFramework, MlTask } from './machine-learning';
import { IModelPackageGroup } from './model-package-group';
import { ModelData, SamplePayload } from './s3-source';

/** A registered model. */
export interface IModelPackage extends IResource {
  /**
   * ARN of the package or package version.
   * @attribute
   */
  readonly modelPackageArn: string;

  /** Lets a principal read what the package is made of: its image, model data and sample payload. */
  grantReadArtifacts(grantee: IGrantable): void;
}

/** Whether a package may be deployed. */
export enum ModelApprovalStatus {
  /** May be deployed. */
  APPROVED = 'Approved',
  /** May be benchmarked, but not deployed. */
  PENDING_MANUAL_APPROVAL = 'PendingManualApproval',
  /** May not be deployed. */
  REJECTED = 'Rejected',
}

/** One container of a model package. */
export interface ModelPackageContainer {
  /** Image of the container. Changing it is a new version, a new job and a new bill. */
  readonly image: ContainerImage;
  /**
   * Trained model. Changing it is a new version, a new job and a new bill.
   *
   * @default - the model is part of the image
   */
  readonly modelData?: ModelData;
  /**
   * Framework of the container; a recommendation job wants one. Changing it is a new version and a new job.
   *
   * @default - none
   */
  readonly framework?: MlFramework;
  /**
   * Version of the framework: 3 to 10 characters, e.g. `1.3-1`. Changing it is a new version and a new job.
   *
   * @default - none
   */
  readonly frameworkVersion?: string;
  /**
   * Name and shape of the model's inputs as JSON, which SageMaker Neo needs to compile it. Changing it is a new version and a new job.
   *
   * @default - the model is not compiled
   */
  readonly dataInputConfig?: string;
  /**
   * A pre-trained model that this one resembles, e.g. `xgboost`. Changing it is a new version and a new job.
   *
   * @default - none
   */
  readonly nearestModelName?: string;
  /**
   * Environment variables of the container. Changing them is a new version and a new job.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
}

/** Properties of a model package. */
export interface ModelPackageProps {
  /** The group that this is a version of. */
  readonly modelPackageGroup: IModelPackageGroup;
  /** Containers: at least 1. Changing them is a new version, a new job and a new bill. */
  readonly containers: ModelPackageContainer[];
  /**
   * Machine learning domain; a recommendation job wants one. Changing it is a new version and a new job.
   *
   * @default - none
   */
  readonly domain?: MlDomain;
  /**
   * Machine learning task; a recommendation job wants one. Changing it is a new version and a new job.
   *
   * @default - none
   */
  readonly task?: MlTask;
  /**
   * What a benchmark sends; a recommendation job wants one. Changing it is a new version and a new job.
   *
   * @default - none
   */
  readonly samplePayload?: SamplePayload;
  /**
   * MIME types that the model takes. A benchmark expects one. Changing them is a new version and a new job.
   *
   * @default - none
   */
  readonly supportedContentTypes?: string[];
  /**
   * MIME types that the model answers. Changing them is a new version and a new job.
   *
   * @default - none
   */
  readonly supportedResponseMimeTypes?: string[];
  /**
   * Instance types that the model may be hosted on. Changing them is a new version and a new job.
   *
   * @default - any
   */
  readonly supportedRealtimeInferenceInstanceTypes?: InstanceType[];
  /**
   * Description. Changing it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * Whether the package may be deployed. Changing it runs nothing again.
   *
   * @default ModelApprovalStatus.APPROVED - a pending package can be benchmarked, but not deployed
   */
  readonly approvalStatus?: ModelApprovalStatus;
  /**
   * What happens to this version when another takes its place or it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN - a registry keeps its versions
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A version of a model in the registry. Versions take no tags: tag their group.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-modelpackage.html
 *
 * @resource AWS::SageMaker::ModelPackage
 */
export class ModelPackage extends Resource implements IModelPackage {
  /**
   * An existing package or version, by its ARN. What it is made of is not known here:
   * `grantReadArtifacts()` grants nothing, so give the job a role that may read it.
   */
  public static fromModelPackageArn(scope: Construct, id: string, modelPackageArn: string): IModelPackage {
    class Import extends Resource implements IModelPackage {
      public readonly modelPackageArn = modelPackageArn;
      public grantReadArtifacts(): void {}
    }
    return new Import(scope, id, { environmentFromArn: modelPackageArn });
  }

  public readonly modelPackageArn: string;
  private readonly artifacts: Array<(grantee: IGrantable) => void> = [];

  /**
   * @throws if there is no container
   */
  constructor(scope: Construct, id: string, props: ModelPackageProps) {
    super(scope, id);
    if (props.containers.length === 0) {
      throw new Error('`containers` must have at least 1 entry, got none: a model package is made of containers.');
    }
    const payload = props.samplePayload?._bind(this, 'SamplePayload');
    if (payload) { this.artifacts.push((grantee) => payload.grantRead(grantee)); }

    const resource = new CfnModelPackage(this, 'Resource', {
      modelPackageGroupName: props.modelPackageGroup.modelPackageGroupName,
      modelPackageDescription: props.description,
      modelApprovalStatus: props.approvalStatus ?? ModelApprovalStatus.APPROVED,
      domain: props.domain?.value,
      task: props.task?.value,
      samplePayloadUrl: payload?.url,
      inferenceSpecification: {
        containers: props.containers.map((container, index) => this.renderContainer(container, index)),
        supportedContentTypes: props.supportedContentTypes ?? [],
        supportedResponseMimeTypes: props.supportedResponseMimeTypes ?? [],
        supportedRealtimeInferenceInstanceTypes: props.supportedRealtimeInferenceInstanceTypes?.map((type) => type.value),
      },
    });
    // The service refuses tags on a version; those of the app or of a scope would end up here.
    resource.addPropertyDeletionOverride('Tags');
    resource.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);
    resource.node.addDependency(props.modelPackageGroup);
    this.modelPackageArn = resource.attrModelPackageArn;
  }

  public grantReadArtifacts(grantee: IGrantable): void {
    this.artifacts.forEach((grant) => grant(grantee));
  }

  private renderContainer(container: ModelPackageContainer, index: number): CfnModelPackage.ModelPackageContainerDefinitionProperty {
    const data = container.modelData?._bind(this, index === 0 ? 'ModelData' : `ModelData${index + 1}`);
    this.artifacts.push((grantee) => {
      container.image._grantPull(grantee);
      data?.grantRead(grantee);
    });
    return {
      image: container.image.uri,
      modelDataUrl: data?.url,
      framework: container.framework?.value,
      frameworkVersion: container.frameworkVersion,
      nearestModelName: container.nearestModelName,
      // Of type JSON in the resource's schema: CDK passes its member's name as it stands.
      modelInput: container.dataInputConfig === undefined ? undefined : { DataInputConfig: container.dataInputConfig },
      environment: container.environment,
    };
  }
}
