import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { CfnModelPackage, IModelPackageGroupRef, ModelPackageReference } from 'aws-cdk-lib/aws-sagemaker';
import { RemovalPolicy, Resource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { TargetFacts } from '../service/job-rules';
import { REQUIRED_OF_UNVERSIONED } from '../service/model-package-rules';
import { ContainerImage } from './container-image';
import { packageFacts, versionsArn } from './facts';
import { ModelPackageContainer } from './model-package-container';
import { groupNameOf } from './model-package-group';
import { IModelPackage, ModelApprovalStatus, ModelPackageProps } from './model-package-props';
import { checkMembers, checkProp, checkRange } from '../common/check';
import { grantDecrypt } from '../common/refs';
import { GrantTo, renderAdditional, renderContainers, renderSupported } from './inference-specification';
import { renderMetrics, renderSourceAlgorithm } from './package-parts';
import { renderValidation } from './validation-request';
import { prune } from '../common/render';
import { ModelData, SamplePayload } from './s3-source';

/** What an existing package is, and is made of. */
export interface ModelPackageAttributes {
  /** ARN of the package or version. */
  readonly modelPackageArn: string;
  /**
   * Images of its containers.
   *
   * @default - unknown: `grantReadArtifacts()` lets nobody pull them
   */
  readonly images?: ContainerImage[];
  /**
   * Model data of its containers.
   *
   * @default - unknown: `grantReadArtifacts()` lets nobody read it
   */
  readonly modelData?: ModelData[];
  /**
   * Its sample payload.
   *
   * @default - unknown: `grantReadArtifacts()` lets nobody read it
   */
  readonly samplePayload?: SamplePayload;
  /**
   * Key that encrypts what it says.
   *
   * @default - a key of SageMaker's own
   */
  readonly encryptionKey?: IKeyRef;
}

/**
 * A model in the registry: a version of a group, or an unversioned package with a name of its own. Versions take no tags: tag their group.
 *
 * Drift baselines, a model card, a certificate for AWS Marketplace and specifications that a version gets later
 * (`AdditionalInferenceSpecificationsToAdd`) are reachable through the L1 child, `node.defaultChild`. An explainer belongs to an endpoint's
 * configuration, not to a package.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-modelpackage.html
 *
 * @resource AWS::SageMaker::ModelPackage
 */
export class ModelPackage extends Resource implements IModelPackage {
  /**
   * An existing package or version, by its ARN. What it is made of is not known here: `grantReadArtifacts()` grants nothing, so give the job
   * a role that may read it, or say more with `fromModelPackageAttributes()`.
   */
  public static fromModelPackageArn(scope: Construct, id: string, modelPackageArn: string): IModelPackage {
    return ModelPackage.fromModelPackageAttributes(scope, id, { modelPackageArn });
  }

  /** An existing unversioned package of this account and Region, by its name. What it is made of is not known here. */
  public static fromModelPackageName(scope: Construct, id: string, modelPackageName: string): IModelPackage {
    checkProp('modelPackageName', 'EntityName', modelPackageName);
    return ModelPackage.fromModelPackageArn(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker', resource: 'model-package', resourceName: modelPackageName,
    }));
  }

  /** An existing version of a group, by its number: at least 1. What it is made of is not known here. */
  public static fromModelPackageVersion(scope: Construct, id: string, group: IModelPackageGroupRef, modelPackageVersion: number): IModelPackage {
    checkRange('modelPackageVersion', modelPackageVersion, 1, Number.MAX_SAFE_INTEGER);
    return ModelPackage.fromModelPackageArn(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker',
      account: group.env.account,
      region: group.env.region,
      resource: 'model-package',
      resourceName: `${groupNameOf(group)}/${modelPackageVersion}`,
    }));
  }

  /** An existing package or version, with as much of what it is made of as is given. */
  public static fromModelPackageAttributes(scope: Construct, id: string, attributes: ModelPackageAttributes): IModelPackage {
    class Import extends Resource implements IModelPackage {
      public readonly modelPackageArn = attributes.modelPackageArn;
      public readonly modelPackageRef: ModelPackageReference = { modelPackageArn: attributes.modelPackageArn };

      public grantReadArtifacts(grantee: IGrantable): void {
        attributes.images?.forEach((image) => image._grantPull(grantee));
        attributes.modelData?.forEach((data, index) => data._bind(this, `ModelData${index + 1}`).grantRead(grantee));
        attributes.samplePayload?._bind(this, 'SamplePayload').grantRead(grantee);
        if (attributes.encryptionKey) { grantDecrypt(attributes.encryptionKey, grantee); }
      }
    }
    const imported = new Import(scope, id, { environmentFromArn: attributes.modelPackageArn });
    packageFacts.keep(imported, { isOpaque: !attributes.images && !attributes.modelData });
    return imported;
  }

  public readonly modelPackageArn: string;
  private readonly artifacts: GrantTo[] = [];

  /**
   * @throws if it has neither a group nor a name, or both; if nothing says what it is made of; or if a prop is out of its bounds
   */
  constructor(scope: Construct, id: string, props: ModelPackageProps) {
    super(scope, id);
    checkIdentity(props);
    checkMembers('', props, {
      modelPackageName: 'EntityName',
      description: 'EntityDescription',
      approvalDescription: 'ApprovalDescription',
      customerMetadataProperties: 'CustomerMetadataMap',
      commitId: 'MetadataPropertyValue',
      commitRepository: 'MetadataPropertyValue',
      generatedBy: 'MetadataPropertyValue',
      projectId: 'MetadataPropertyValue',
      sourceUri: 'ModelPackageSourceUri',
    });
    const payload = props.samplePayload?._bind(this, 'SamplePayload');
    checkProp('samplePayload', 'S3Uri', payload?.url);
    const specification = this.renderSpecification(props);
    const additional = props.additionalInferenceSpecifications && renderAdditional(this, props.additionalInferenceSpecifications);
    const algorithm = props.sourceAlgorithm && renderSourceAlgorithm(this, props.sourceAlgorithm);
    this.artifacts.push(...specification.grants, ...additional?.grants ?? [], ...algorithm?.grants ?? []);
    const validation = props.validation && renderValidation(this, props.validation, [...this.artifacts]);
    if (payload) { this.artifacts.push((grantee) => payload.grantRead(grantee)); }
    const { encryptionKey, modelPackageGroup: group } = props;
    if (encryptionKey) { this.artifacts.push((grantee) => grantDecrypt(encryptionKey, grantee)); }

    const resource = new CfnModelPackage(this, 'Resource', {
      modelPackageGroupName: group && groupNameOf(group),
      modelPackageName: props.modelPackageName,
      modelPackageDescription: props.description,
      modelApprovalStatus: group ? props.approvalStatus ?? ModelApprovalStatus.APPROVED : undefined,
      approvalDescription: props.approvalDescription,
      domain: props.domain?.value,
      task: props.task?.value,
      samplePayloadUrl: payload?.url,
      inferenceSpecification: specification.property,
      additionalInferenceSpecifications: additional?.property,
      customerMetadataProperties: props.customerMetadataProperties,
      metadataProperties: prune({
        commitId: props.commitId, repository: props.commitRepository, generatedBy: props.generatedBy, projectId: props.projectId,
      }),
      modelMetrics: props.modelMetrics && renderMetrics(this, props.modelMetrics),
      sourceAlgorithmSpecification: algorithm?.property,
      sourceUri: props.sourceUri,
      validationSpecification: validation?.property,
      skipModelValidation: props.skipModelValidation === undefined ? undefined : props.skipModelValidation ? 'All' : 'None',
      securityConfig: encryptionKey && { kmsKeyId: encryptionKey.keyRef.keyArn },
    });
    if (group) {
      // The service refuses tags on a version; those of the app or of a scope would end up here.
      resource.addPropertyDeletionOverride('Tags');
      resource.node.addDependency(group);
    }
    if (validation) { resource.node.addDependency(validation.role); }
    resource.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);
    this.modelPackageArn = resource.attrModelPackageArn;
    packageFacts.keep(this, {
      target: props.containers && targetFacts(props, props.containers),
      versionsArn: group && versionsArn(group),
      containersOf: (name) => (name === undefined ? props.containers
        : props.additionalInferenceSpecifications?.find(({ specificationName }) => specificationName === name)?.containers),
    });
  }

  public get modelPackageRef(): ModelPackageReference {
    return { modelPackageArn: this.modelPackageArn };
  }

  public grantReadArtifacts(grantee: IGrantable): void {
    this.artifacts.forEach((grant) => grant(grantee));
  }

  private renderSpecification(props: ModelPackageProps): { property?: CfnModelPackage.InferenceSpecificationProperty; grants: GrantTo[] } {
    const supported = renderSupported(this, '', props);
    if (!props.containers) {
      const idle = Object.entries(supported).find(([, value]) => value !== undefined);
      if (idle) { throw new Error(`\`containers\` is required where \`${idle[0]}\` is given.`); }
      return { grants: [] };
    }
    const { property: containers, grants } = renderContainers(this, '', 'containers', props.containers);
    // CloudFormation wants both lists, the service neither.
    const { supportedContentTypes = [], supportedResponseMimeTypes = [], ...instanceTypes } = supported;
    return { property: { containers, supportedContentTypes, supportedResponseMimeTypes, ...instanceTypes }, grants };
  }
}

function targetFacts(props: ModelPackageProps, containers: ModelPackageContainer[]): TargetFacts {
  return {
    domain: props.domain?.value,
    task: props.task?.value,
    framework: containers.find(({ framework }) => framework)?.framework?.value,
    samplePayload: props.samplePayload !== undefined,
    supportedContentTypes: props.supportedContentTypes,
    supportedInstanceTypes: props.supportedRealtimeInferenceInstanceTypes?.map(({ value }) => value),
  };
}

function checkIdentity(props: ModelPackageProps): void {
  if ((props.modelPackageGroup === undefined) === (props.modelPackageName === undefined)) {
    throw new Error(props.modelPackageGroup
      ? '`modelPackageName` must not be given with `modelPackageGroup`: a version is named by its group.'
      : '`modelPackageGroup` is required, or `modelPackageName` for an unversioned package.');
  }
  if (!props.containers && !props.sourceAlgorithm && props.sourceUri === undefined) {
    throw new Error('`containers` is required where there is no `sourceAlgorithm` and no `sourceUri`: a model package is made of containers.');
  }
  if (props.modelPackageGroup) { return; }
  for (const name of ['approvalStatus', 'approvalDescription'] as const) {
    if (props[name] !== undefined) { throw new Error(`\`${name}\` must not be given for an unversioned package: only versions of a group are approved.`); }
  }
  for (const member of props.containers ? REQUIRED_OF_UNVERSIONED : []) {
    const name = member.replace(/^S/, 's') as 'supportedTransformInstanceTypes' | 'supportedRealtimeInferenceInstanceTypes';
    if (props[name] === undefined) { throw new Error(`\`${name}\` is required for an unversioned package. A version of a group may leave it out.`); }
  }
}
