import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IModelPackageGroupRef, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { IResource, RemovalPolicy } from 'aws-cdk-lib/core';
import { InstanceType } from '../common/instance-type';
import { MlDomain, MlTask } from './machine-learning';
import { ModelMetrics } from './model-metrics';
import { AdditionalInferenceSpecification, ModelPackageContainer } from './model-package-container';
import { ModelPackageValidation } from './package-validation';
import { SamplePayload } from './s3-source';
import { SourceAlgorithm } from './source-algorithm';

/** Whether a version may be deployed. */
export enum ModelApprovalStatus {
  /** May be deployed. */
  APPROVED = 'Approved',
  /** May be benchmarked, but not deployed. */
  PENDING_MANUAL_APPROVAL = 'PendingManualApproval',
  /** May not be deployed. */
  REJECTED = 'Rejected',
}

/** A registered model. */
export interface IModelPackage extends IResource, IModelPackageRef {
  /**
   * ARN of the package or package version.
   * @attribute
   */
  readonly modelPackageArn: string;

  /** Lets a principal read what the package is made of: its images, model data and sample payload, through the key where it has one. */
  grantReadArtifacts(grantee: IGrantable): void;
}

/** Properties of a model package. */
export interface ModelPackageProps {
  /**
   * The group that this is a version of. Changing it is a new version, a new job and a new bill.
   *
   * @default - none: an unversioned package, which has a name of its own
   */
  readonly modelPackageGroup?: IModelPackageGroupRef;
  /**
   * Name of an unversioned package: 1 to 63 letters, digits and hyphens. Nothing renames a package: give the construct another id. What
   * replaces a package cannot take its name: where a change is said to be a new version, change id and name with it.
   *
   * @default - none: a version of `modelPackageGroup`
   */
  readonly modelPackageName?: string;
  /**
   * Containers: 1 to 15. Changing them is a new version, a new job and a new bill.
   *
   * @default - none: what `sourceAlgorithm` or `sourceUri` brings
   */
  readonly containers?: ModelPackageContainer[];
  /**
   * Further ways to run the model: 1 to 15, with different names. They reach the service with a new version: of themselves they make none.
   *
   * @default - none
   */
  readonly additionalInferenceSpecifications?: AdditionalInferenceSpecification[];
  /**
   * Machine learning domain; a recommendation job wants one. Changing it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly domain?: MlDomain;
  /**
   * Machine learning task; a recommendation job wants one. Changing it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly task?: MlTask;
  /**
   * What a benchmark sends; a recommendation job wants one. Changing it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly samplePayload?: SamplePayload;
  /**
   * MIME types that the model takes, each of up to 256 characters. A benchmark expects one. Changing them is a new version, a new job and a
   * new bill.
   *
   * @default - none
   */
  readonly supportedContentTypes?: string[];
  /**
   * MIME types that the model answers, each of up to 1,024 characters. Changing them is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly supportedResponseMimeTypes?: string[];
  /**
   * Instance types that the model may be hosted on; an unversioned package must name them. Changing them is a new version, a new job and a
   * new bill.
   *
   * @default - any
   */
  readonly supportedRealtimeInferenceInstanceTypes?: InstanceType[];
  /**
   * Instance types that batch transform jobs may run on: at least 1, where any are given; an unversioned package must name them. Changing
   * them is a new version, a new job and a new bill.
   *
   * @default - any
   */
  readonly supportedTransformInstanceTypes?: InstanceType[];
  /**
   * Description: up to 1,024 characters. Changing it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * Whether the version may be deployed. Changing it runs nothing again. An unversioned package has no such status.
   *
   * @default ModelApprovalStatus.APPROVED - a pending version can be benchmarked, but not deployed
   */
  readonly approvalStatus?: ModelApprovalStatus;
  /**
   * Why the status is what it is: up to 1,024 characters. Changing it runs nothing again. The service takes it only with an update: what the
   * version is made with is lost, as far as CloudFormation's published handler shows.
   *
   * @default - none
   */
  readonly approvalDescription?: string;
  /**
   * Your own names and values: 1 to 50, names of 1 to 128 and values of 1 to 256 characters, in letters, digits, spaces and `_.:/=+-@`.
   * Changing them runs nothing again.
   *
   * @default - none
   */
  readonly customerMetadataProperties?: { [name: string]: string };
  /**
   * Commit that the model was made from: up to 1,024 characters. Changing it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly commitId?: string;
  /**
   * Repository that the commit is in: up to 1,024 characters. Changing it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly commitRepository?: string;
  /**
   * Who or what made the model: up to 1,024 characters. Changing it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly generatedBy?: string;
  /**
   * Project that the model belongs to: up to 1,024 characters. Changing it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly projectId?: string;
  /**
   * How good the model is, by files in S3. Changing any of it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly modelMetrics?: ModelMetrics;
  /**
   * The algorithm that made the model. Changing any of it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly sourceAlgorithm?: SourceAlgorithm;
  /**
   * What the package is a copy of, the ARN of a package or of a model: up to 1,024 characters. Changing it runs nothing again.
   *
   * @default - none
   */
  readonly sourceUri?: string;
  /**
   * A batch transform job by which the service validates the package. Changing any of it is a new version, a new job and a new bill.
   *
   * @default - none
   */
  readonly validation?: ModelPackageValidation;
  /**
   * Whether the service leaves out what it validates of itself. It matters when the package is made: changing it does nothing.
   *
   * @default false
   */
  readonly skipModelValidation?: boolean;
  /**
   * Key that encrypts what the package says. Changing it is a new version, a new job and a new bill.
   *
   * @default - a key of SageMaker's own
   */
  readonly encryptionKey?: IKeyRef;
  /**
   * What happens to this version when another takes its place or it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN - a registry keeps its versions
   */
  readonly removalPolicy?: RemovalPolicy;
}
