import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IModelPackageGroupRef, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { IResource, RemovalPolicy } from 'aws-cdk-lib/core';
import { ContainerImage } from './container-image';
import { MlDomain, MlTask } from './machine-learning';
import { DriftCheckBaselines, ModelMetrics } from './model-metrics';
import { AdditionalInferenceSpecification, ModelPackageContainer } from './model-package-container';
import { ModelPackageValidation } from './package-validation';
import { ModelData, SamplePayload } from './s3-source';
import { SourceAlgorithm } from './source-algorithm';
import { InstanceType } from '../common/instance-type';

/** The approval status of a version: whether it can be deployed. */
export enum ModelApprovalStatus {
  /** The version can be deployed. */
  APPROVED = 'Approved',
  /** The version can be benchmarked, but not deployed. */
  PENDING_MANUAL_APPROVAL = 'PendingManualApproval',
  /** The version cannot be deployed. */
  REJECTED = 'Rejected',
}

/** The status of a model card. */
export enum ModelCardStatus {
  /** It is being written. */
  DRAFT = 'Draft',
  /** It waits for a review. */
  PENDING_REVIEW = 'PendingReview',
  /** It was approved. */
  APPROVED = 'Approved',
  /** It is kept, but holds no longer. */
  ARCHIVED = 'Archived',
}

/** What a model is for, how it was made, and how well it does. Changing any of it starts no new job. */
export interface ModelCard {
  /** The card as JSON in the service's schema: up to 100,000 characters. */
  readonly content: string;
  /** Status of the card. */
  readonly status: ModelCardStatus;
}

/** A model package: a registered model. */
export interface IModelPackage extends IResource, IModelPackageRef {
  /**
   * ARN of the package or version.
   * @attribute
   */
  readonly modelPackageArn: string;

  /**
   * Lets a principal read the package's images, model data and sample payload, and use the package's key if it has one.
   *
   * An imported package grants access only to the images and data in its `ModelPackageAttributes`.
   *
   * @param grantee principal that gets the permissions, e.g. a role
   */
  grantReadArtifacts(grantee: IGrantable): void;
}

/** Attributes of an existing model package: its ARN and its artifacts. */
export interface ModelPackageAttributes {
  /** ARN of the package or version. */
  readonly modelPackageArn: string;
  /**
   * Images of its containers.
   *
   * @default - unknown: `grantReadArtifacts()` gives no permission to pull them
   */
  readonly images?: ContainerImage[];
  /**
   * Model data of its containers.
   *
   * @default - unknown: `grantReadArtifacts()` gives no permission to read it
   */
  readonly modelData?: ModelData[];
  /**
   * Its sample payload.
   *
   * @default - unknown: `grantReadArtifacts()` gives no permission to read it
   */
  readonly samplePayload?: SamplePayload;
  /**
   * Key that encrypts the package's information in the registry.
   *
   * @default - a key that SageMaker owns
   */
  readonly encryptionKey?: IKeyRef;
}

/** Properties of a model package. */
export interface ModelPackageProps {
  /**
   * Group that gets this version. Set either this or `modelPackageName`. Changing it creates a new version and starts a new, billed job.
   *
   * @default - none: an unversioned package, named by `modelPackageName`
   */
  readonly modelPackageGroup?: IModelPackageGroupRef;
  /**
   * Name of an unversioned package: 1 to 63 letters, digits and hyphens.
   *
   * A package cannot be renamed: to have another name, also give the construct another id. If another prop's change creates a new version,
   * change the id and the name too, because the new package cannot take the name of the old one.
   *
   * @default - none: a version of `modelPackageGroup`
   */
  readonly modelPackageName?: string;
  /**
   * Containers: 1 to 15. Changing them creates a new version and starts a new, billed job.
   *
   * @default - none: `sourceAlgorithm` or `sourceUri` must be set
   */
  readonly containers?: ModelPackageContainer[];
  /**
   * Further ways to run the model: 1 to 15, with different names. The service gets them only with a new version. A change of them alone creates
   * no version.
   *
   * @default - none
   */
  readonly additionalInferenceSpecifications?: AdditionalInferenceSpecification[];
  /**
   * Machine learning domain. A recommendation job needs one. Changing it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly domain?: MlDomain;
  /**
   * Machine learning task. A recommendation job needs one. Changing it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly task?: MlTask;
  /**
   * Payload that a benchmark sends to the model. A recommendation job needs one. Changing it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly samplePayload?: SamplePayload;
  /**
   * MIME types of requests that the model accepts, each of up to 256 characters. A benchmark needs at least one. Set them only with `containers`.
   * Changing them creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly supportedContentTypes?: string[];
  /**
   * MIME types of responses that the model returns, each of up to 1,024 characters. Set them only with `containers`.
   * Changing them creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly supportedResponseMimeTypes?: string[];
  /**
   * Instance types that can host the model. An unversioned package with `containers` requires them. Set them only with `containers`.
   * Changing them creates a new version and starts a new, billed job.
   *
   * @default - any
   */
  readonly supportedRealtimeInferenceInstanceTypes?: InstanceType[];
  /**
   * Instance types that batch transform jobs can use: at least 1 if the list is set. An unversioned package with `containers` requires them.
   * Set them only with `containers`. Changing them creates a new version and starts a new, billed job.
   *
   * @default - any
   */
  readonly supportedTransformInstanceTypes?: InstanceType[];
  /**
   * Description: up to 1,024 characters. Changing it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * Approval status: whether the version can be deployed. Changing it starts no new job. An unversioned package has no approval status: there,
   * setting it is an error.
   *
   * @default ModelApprovalStatus.APPROVED - a pending version can be benchmarked, but not deployed
   */
  readonly approvalStatus?: ModelApprovalStatus;
  /**
   * Reason for the approval status: up to 1,024 characters. Changing it starts no new job. An unversioned package has no approval status:
   * there, setting it is an error.
   *
   * The service accepts it only in an update: according to CloudFormation's published handler, the value that a version is created with is lost.
   *
   * @default - none
   */
  readonly approvalDescription?: string;
  /**
   * Your own metadata: 1 to 50 pairs of a name of 1 to 128 characters and a value of 1 to 256 characters. The characters are letters, digits,
   * spaces and `_.:/=+-@`. Changing them starts no new job.
   *
   * @default - none
   */
  readonly customerMetadataProperties?: { [name: string]: string };
  /**
   * Commit that the model was made from: up to 1,024 characters. Changing it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly commitId?: string;
  /**
   * Repository that has the commit: up to 1,024 characters. Changing it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly commitRepository?: string;
  /**
   * Person or tool that made the model: up to 1,024 characters. Changing it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly generatedBy?: string;
  /**
   * Project that the model belongs to: up to 1,024 characters. Changing it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly projectId?: string;
  /**
   * Metrics of the model, as files in S3. Changing any of them creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly modelMetrics?: ModelMetrics;
  /**
   * What SageMaker Model Monitor compares a deployed model with. Changing any of it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly driftCheckBaselines?: DriftCheckBaselines;
  /**
   * Card of the model. Changing it starts no new job.
   *
   * @default - none
   */
  readonly modelCard?: ModelCard;
  /**
   * Whether the package is certified for a listing on AWS Marketplace. Changing it starts no new job.
   *
   * @default - the service's default, false
   */
  readonly certifyForMarketplace?: boolean;
  /**
   * Algorithm that trained the model. Changing any of it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly sourceAlgorithm?: SourceAlgorithm;
  /**
   * ARN of the model package or model that this package is a copy of: up to 1,024 characters. Changing it starts no new job.
   *
   * @default - none
   */
  readonly sourceUri?: string;
  /**
   * Batch transform job that validates the package. Changing any of it creates a new version and starts a new, billed job.
   *
   * @default - none
   */
  readonly validation?: ModelPackageValidation;
  /**
   * Whether the service skips its own validation of the model. It has an effect only when the package is created: changing it does nothing.
   *
   * @default false
   */
  readonly skipModelValidation?: boolean;
  /**
   * Key that encrypts the package's information in the registry. Changing it creates a new version and starts a new, billed job.
   *
   * @default - a key that SageMaker owns
   */
  readonly encryptionKey?: IKeyRef;
  /**
   * What CloudFormation does with this version if another version replaces it, or if it is removed from the stack.
   *
   * @default RemovalPolicy.RETAIN - a registry keeps its versions
   */
  readonly removalPolicy?: RemovalPolicy;
}
