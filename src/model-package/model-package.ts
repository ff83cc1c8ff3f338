import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnModelPackage, IModelPackageGroupRef, ModelPackageReference } from 'aws-cdk-lib/aws-sagemaker';
import { RemovalPolicy, Resource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { groupNameOf, namedGroups, packageFacts, versionsArns } from './facts';
import { imagesIn } from './image-hardware';
import { GrantTo, renderAdditional, renderContainers, renderSupported, warnOfMlNames } from './inference-specification';
import { ModelPackageContainer } from './model-package-container';
import { IModelPackage, ModelApprovalStatus, ModelPackageAttributes, ModelPackageProps } from './model-package-props';
import { renderBaselines, renderMetrics, renderSourceAlgorithm } from './package-parts';
import { warnOfStackTags } from './stack-tags';
import { renderValidation } from './validation-request';
import { checkMembers, checkProp, checkRange, enumValue } from '../common/check';
import { dependOnPoliciesOf } from '../common/dependencies';
import { checkOneResource } from '../common/names';
import { grantDecrypt } from '../common/refs';
import { prune } from '../common/render';
import { TargetFacts } from '../service/job-rules';
import { isMarketplaceArn } from '../service/marketplace';
import { REQUIRED_OF_UNVERSIONED } from '../service/model-package-rules';

/**
 * A model package in the registry: a version of a group, or an unversioned package with its own name.
 *
 * Versions cannot have tags: tag their group. A stack with tags puts them on a version, too, so it gets a warning.
 *
 * The props do not cover specifications that are added to an existing version (`AdditionalInferenceSpecificationsToAdd`): set them on the L1 child,
 * `node.defaultChild`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-modelpackage.html
 * @resource AWS::SageMaker::ModelPackage
 * @example
 * new ModelPackage(this, 'ModelPackage', {
 *   modelPackageGroup,
 *   domain: MlDomain.MACHINE_LEARNING,
 *   task: MlTask.CLASSIFICATION,
 *   containers: [{
 *     image: ContainerImage.fromRegistry(imageUri),
 *     modelData: ModelData.fromAsset('model.tar.gz'),
 *     framework: MlFramework.XGBOOST,
 *     frameworkVersion: '1.3-1',
 *   }],
 *   samplePayload: SamplePayload.fromAsset('payload'),
 *   supportedContentTypes: ['text/csv'],
 *   supportedResponseMimeTypes: ['text/csv'],
 * });
 */
export class ModelPackage extends Resource implements IModelPackage {
  /**
   * Imports an existing package or version, by its ARN.
   *
   * Its images and data are unknown, so `grantReadArtifacts()` grants nothing. Give the job a `role` that can read them, or use
   * `fromModelPackageAttributes()`.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct, unique in its scope
   * @param modelPackageArn ARN of the package or version, which may be in another account or Region
   * @returns the model package
   * @throws if it has a '*' or a '?': a grant would reach more than one resource
   */
  public static fromModelPackageArn(scope: Construct, id: string, modelPackageArn: string): IModelPackage {
    return ModelPackage.fromModelPackageAttributes(scope, id, { modelPackageArn });
  }

  /**
   * Imports a model package of AWS Marketplace, by the ARN that the product's page shows for a Region.
   *
   * The account must have subscribed to the product. A `Model` of it is isolated from the network, because the service requires that. Only the service
   * may read its images and data, so no role gets permissions to. `fromModelPackageArn()` does the same for the accounts of AWS Marketplace that
   * this version of the library knows.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct, unique in its scope
   * @param modelPackageArn ARN of the package, in the Region of the stack
   * @returns the model package
   * @throws if the ARN has a '*' or a '?': a grant would reach more than one resource
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-mkt-find-subscribe.html
   */
  public static fromMarketplaceArn(scope: Construct, id: string, modelPackageArn: string): IModelPackage {
    const imported = ModelPackage.fromModelPackageAttributes(scope, id, { modelPackageArn });
    packageFacts.keep(imported, { isOfMarketplace: true });
    return imported;
  }

  /**
   * Imports an existing unversioned package in the account and Region of the stack, by its name.
   *
   * Its images and data are unknown, so `grantReadArtifacts()` grants nothing.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct, unique in its scope
   * @param modelPackageName name of the package: 1 to 63 letters, digits and hyphens
   * @returns the model package
   * @throws if the name is not valid
   */
  public static fromModelPackageName(scope: Construct, id: string, modelPackageName: string): IModelPackage {
    checkProp('modelPackageName', 'EntityName', modelPackageName);
    return ModelPackage.fromModelPackageArn(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker', resource: 'model-package', resourceName: modelPackageName,
    }));
  }

  /**
   * Imports an existing version of a group, by its number.
   *
   * Its images and data are unknown, so `grantReadArtifacts()` grants nothing.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct, unique in its scope
   * @param group group that has the version
   * @param modelPackageVersion number of the version: at least 1
   * @returns the model package
   * @throws if the number is not a whole number of at least 1
   */
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

  /**
   * Imports an existing package or version, with the images and data that you name. `grantReadArtifacts()` grants access to these.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct, unique in its scope
   * @param attrs ARN of the package, and its images and data as far as you know them
   * @returns the model package
   * @throws if the ARN has a '*' or a '?': a grant would reach more than one resource
   */
  public static fromModelPackageAttributes(scope: Construct, id: string, attrs: ModelPackageAttributes): IModelPackage {
    class Import extends Resource implements IModelPackage {
      public readonly modelPackageArn = attrs.modelPackageArn;
      public readonly modelPackageRef: ModelPackageReference = { modelPackageArn: attrs.modelPackageArn };

      public grantReadArtifacts(grantee: IGrantable): void {
        attrs.images?.forEach((image) => image._grantPull(grantee));
        attrs.modelData?.forEach((data, index) => data._bind(this, `ModelData${index + 1}`).grantRead(grantee));
        attrs.samplePayload?._bind(this, 'SamplePayload').grantRead(grantee);
        // Reason: decrypts what a model package is made of with the package's key.
        if (attrs.encryptionKey) { grantDecrypt(attrs.encryptionKey, grantee); }
      }
    }
    checkOneResource('modelPackageArn', attrs.modelPackageArn);
    const imported = new Import(scope, id, { environmentFromArn: attrs.modelPackageArn });
    const isOfMarketplace = isMarketplaceArn(attrs.modelPackageArn);
    // Which specification has which of several images is unknown.
    const images = attrs.images?.length === 1 ? [{ image: attrs.images[0], mayBeReplaced: true }] : undefined;
    packageFacts.keep(imported, { isOpaque: !attrs.images && !attrs.modelData, isOfMarketplace, images });
    return imported;
  }

  public readonly modelPackageArn: string;
  private readonly artifacts: GrantTo[] = [];

  /**
   * Adds a model package.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct, unique in its scope
   * @param props group or name of the package, its containers, and what the registry says about the model
   * @throws if both or neither of `modelPackageGroup` and `modelPackageName` are set; if `containers`, `sourceAlgorithm` and `sourceUri` are all
   * missing; or if a prop is not valid
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
    checkProp('modelCard.content', 'ModelCardContent', props.modelCard?.content);
    const specification = this.renderSpecification(props);
    const additional = props.additionalInferenceSpecifications && renderAdditional(this, props.additionalInferenceSpecifications);
    const algorithm = props.sourceAlgorithm && renderSourceAlgorithm(this, props.sourceAlgorithm);
    this.artifacts.push(...specification.grants, ...additional?.grants ?? [], ...algorithm?.grants ?? []);
    const validation = props.validation && renderValidation(this, props.validation, [...this.artifacts]);
    if (payload) { this.artifacts.push((grantee) => payload.grantRead(grantee)); }
    const { encryptionKey, modelPackageGroup: group } = props;
    // Reason: decrypts what a model package is made of with the package's key.
    if (encryptionKey) { this.artifacts.push((grantee) => grantDecrypt(encryptionKey, grantee)); }

    warnOfMlNames(this, '', props);
    const resource = new CfnModelPackage(this, 'Resource', {
      modelPackageGroupName: group && groupNameOf(group),
      modelPackageName: props.modelPackageName,
      modelPackageDescription: props.description,
      modelApprovalStatus: group ? props.approvalStatus ?? ModelApprovalStatus.APPROVED : undefined,
      approvalDescription: props.approvalDescription,
      domain: props.domain && enumValue('domain', props.domain, 'MlDomain'),
      task: props.task && enumValue('task', props.task, 'MlTask'),
      samplePayloadUrl: payload?.url,
      inferenceSpecification: specification.property,
      additionalInferenceSpecifications: additional?.property,
      customerMetadataProperties: props.customerMetadataProperties,
      metadataProperties: prune({
        commitId: props.commitId, repository: props.commitRepository, generatedBy: props.generatedBy, projectId: props.projectId,
      }),
      modelMetrics: props.modelMetrics && renderMetrics(this, props.modelMetrics),
      driftCheckBaselines: props.driftCheckBaselines && renderBaselines(this, props.driftCheckBaselines),
      modelCard: props.modelCard && { modelCardContent: props.modelCard.content, modelCardStatus: props.modelCard.status },
      certifyForMarketplace: props.certifyForMarketplace,
      sourceAlgorithmSpecification: algorithm?.property,
      sourceUri: props.sourceUri,
      validationSpecification: validation?.property,
      skipModelValidation: props.skipModelValidation === undefined ? undefined : props.skipModelValidation ? 'All' : 'None',
      securityConfig: encryptionKey && { kmsKeyId: encryptionKey.keyRef.keyArn },
    });
    if (group) {
      // The service refuses tags on a version, but the tags of the app or of a scope would be rendered here.
      resource.addPropertyDeletionOverride('Tags');
      warnOfStackTags(this);
      // A generated name is of the group's own resource.
      if (!namedGroups.of(group)) { resource.node.addDependency(group); }
    }
    if (validation) { dependOnPoliciesOf(validation.role, resource); }
    resource.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);
    this.modelPackageArn = resource.attrModelPackageArn;
    packageFacts.keep(this, {
      images: imagesIn(props),
      target: props.containers && targetFacts(props, props.containers),
      permissionArns: group && versionsArns(group),
      containersOf: (name) => (name === undefined ? props.containers
        : props.additionalInferenceSpecifications?.find(({ specificationName }) => specificationName === name)?.containers),
    });
  }

  public get modelPackageRef(): ModelPackageReference {
    return { modelPackageArn: this.modelPackageArn };
  }

  /**
   * Lets a principal read the package's images, model data and sample payload, and use the package's key if it has one.
   *
   * @param grantee principal that gets the permissions, e.g. a role
   */
  public grantReadArtifacts(grantee: IGrantable): void {
    this.artifacts.forEach((grant) => grant(grantee));
  }

  private renderSpecification(props: ModelPackageProps): { property?: CfnModelPackage.InferenceSpecificationProperty; grants: GrantTo[] } {
    const supported = renderSupported(this, '', props, props.containers);
    if (!props.containers) {
      const idle = Object.entries(supported).find(([, value]) => value !== undefined);
      if (idle) { throw new Error(`\`containers\` is required if \`${idle[0]}\` is set: set \`containers\`, or remove \`${idle[0]}\`.`); }
      return { grants: [] };
    }
    const { property: containers, grants } = renderContainers(this, '', 'containers', props.containers);
    // CloudFormation requires both lists; the service requires neither.
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
      ? '`modelPackageName` must not be given with `modelPackageGroup`, because a version has no name of its own: remove one of them.'
      : '`modelPackageGroup` is required, or `modelPackageName` for an unversioned package.');
  }
  if (!props.containers && !props.sourceAlgorithm && props.sourceUri === undefined) {
    throw new Error('`containers` is required if neither `sourceAlgorithm` nor `sourceUri` is set.');
  }
  if (props.modelPackageGroup) { return; }
  for (const name of ['approvalStatus', 'approvalDescription'] as const) {
    if (props[name] !== undefined) { throw new Error(`\`${name}\` must not be given for an unversioned package: only a version of a group has an approval status.`); }
  }
  for (const member of props.containers ? REQUIRED_OF_UNVERSIONED : []) {
    const name = member.replace(/^S/, 's') as 'supportedTransformInstanceTypes' | 'supportedRealtimeInferenceInstanceTypes';
    if (props[name] === undefined) { throw new Error(`\`${name}\` is required for an unversioned package. It is optional only for a version of a group.`); }
  }
}
