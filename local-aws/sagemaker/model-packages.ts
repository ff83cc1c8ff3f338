import { createHash } from 'crypto';
import { checkModelData } from './containers';
import { marketplacePackage } from './marketplace';
import { findGroup } from './model-package-groups';
import { SAGEMAKER_SHAPES } from './shapes';
import { isSameName, ModelPackage, SageMakerState } from './state';
import { isMarketplaceArn } from '../../src/service/marketplace';
import { REQUIRED_OF_UNVERSIONED } from '../../src/service/model-package-rules';
import { Events } from '../events';
import { AwsError, Call, invalid, listing, Operations } from '../kernel';

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageSummary.html */
const SUMMARY = Object.keys(SAGEMAKER_SHAPES.ModelPackageSummary.members!);

/** Members of DescribeModelPackage's answer that the event carries. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html */
const TOLD = [
  'ModelPackageGroupName', 'ModelPackageName', 'ModelPackageVersion', 'ModelPackageArn', 'ModelPackageDescription', 'CreationTime', 'InferenceSpecification',
  'ModelPackageStatus', 'ModelPackageStatusDetails', 'CertifyForMarketplace', 'ModelApprovalStatus', 'ApprovalDescription', 'MetadataProperties',
  'CustomerMetadataProperties', 'ModelMetrics', 'SourceUri', 'ModelLifeCycle', 'LastModifiedTime',
];

/** The updatable members, by the event's names for them. */
const UPDATES: Readonly<Record<string, string>> = {
  ModelApprovalStatus: 'ModelApprovalStatus',
  ApprovalDescription: 'ApprovalDescription',
  SourceUri: 'sourceUri',
  CustomerMetadataProperties: 'CustomerMetadataProperties',
  InferenceSpecification: 'InferenceSpecification',
  ModelLifeCycle: 'ModelLifeCycle',
};

/** A package by `name`, `group/version` or ARN; an error if there is none. */
export function findPackage(nameOrArn: string, call: Call): ModelPackage {
  const found = packageOf(nameOrArn, call);
  if (!found) { throw invalid(`ModelPackage ${arnOf(nameOrArn, call)} does not exist.`); }
  return found;
}

/** The same, or nothing. */
export function packageOf(nameOrArn: string, call: Call): ModelPackage | undefined {
  const arn = arnOf(nameOrArn, call);
  if (isMarketplaceArn(arn)) { return marketplacePackage(arn, call); }
  const found = call.region.room(SageMakerState).packages.get(keyOf(arn));
  return found && isSameName(found.arn, arn) ? found : undefined;
}

export const modelPackageOperations: Operations = {
  CreateModelPackage({ Tags, ClientToken: _, ...input }, call) {
    const { packages, tags } = call.region.room(SageMakerState);
    const now = new Date(call.region.clock.now());
    checkContainers(input);
    const description = {
      ...input,
      CreationTime: now,
      LastModifiedTime: now,
      ModelPackageStatus: 'Completed',
      ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    };
    if (input.ModelPackageGroupName !== undefined) {
      if (input.ModelPackageName !== undefined) {
        throw invalid('Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to use.');
      }
      if (Tags?.length > 0) { throw invalid('Tags are not supported in Model Package versions. Please add them to the Model Package Group'); }
      const group = findGroup(input.ModelPackageGroupName, call);
      const version = ++group.lastVersion;
      const arn = packageArn(`${group.name}/${version}`, call);
      const made: ModelPackage = {
        arn,
        group: group.name,
        description: {
          ModelApprovalStatus: 'PendingManualApproval',
          ...description,
          ModelPackageArn: arn,
          ModelPackageName: group.name,
          ModelPackageGroupName: group.name,
          ModelPackageVersion: version,
        },
      };
      packages.set(keyOf(arn), made);
      tellOf(made, call);
      return { ModelPackageArn: arn };
    }
    if (input.ModelPackageName === undefined) { throw invalid('Missing ARN.'); }
    if (input.ModelApprovalStatus !== undefined) { throw invalid('ModelApprovalStatus is supported only for versioned Model Packages.'); }
    const missing = input.InferenceSpecification && REQUIRED_OF_UNVERSIONED.find((member) => input.InferenceSpecification[member] === undefined);
    if (missing) { throw invalid(`InferenceSpecification of an unversioned Model Package must have ${missing}.`); }
    const arn = packageArn(input.ModelPackageName, call);
    if (packages.has(keyOf(arn))) { throw invalid(`Model Package already exists: ${arn}`); }
    const made: ModelPackage = { arn, description: { ...description, ModelPackageArn: arn } };
    packages.set(keyOf(arn), made);
    tags.set(arn, Tags ?? []);
    tellOf(made, call);
    return { ModelPackageArn: arn };
  },

  DescribeModelPackage({ ModelPackageName }, call) {
    return withDigests(findPackage(ModelPackageName, call).description, call);
  },

  /** Without a group, it lists packages that are not versions, unless the request has a type. */
  ListModelPackages({ ModelPackageGroupName, ModelPackageType = 'Unversioned', ModelApprovalStatus, ...input }, call) {
    const group = ModelPackageGroupName === undefined ? undefined : findGroup(ModelPackageGroupName, call).name;
    const found = [...call.region.room(SageMakerState).packages.values()]
      .filter((one) => (group === undefined ? ModelPackageType === 'Both' || (one.group !== undefined) === (ModelPackageType === 'Versioned') : one.group === group))
      .filter(({ description }) => [undefined, description.ModelApprovalStatus].includes(ModelApprovalStatus))
      .map(({ arn, description }) => ({
        name: arn,
        created: description.CreationTime,
        modified: description.LastModifiedTime,
        summary: Object.fromEntries(SUMMARY.filter((member) => description[member] !== undefined).map((member) => [member, description[member]])),
      }));
    return listing('ModelPackageSummaryList', found, input);
  },

  UpdateModelPackage(input, call) {
    const { ModelPackageArn, ClientToken: _, CustomerMetadataPropertiesToRemove, AdditionalInferenceSpecificationsToAdd, ...changes } = input;
    const found = findOwn(ModelPackageArn, call);
    checkContainers({ ...input, AdditionalInferenceSpecifications: AdditionalInferenceSpecificationsToAdd });
    const earlier = found.description;
    const { CustomerMetadataProperties: metadata = {}, AdditionalInferenceSpecifications: specifications = [] } = earlier;
    const added = AdditionalInferenceSpecificationsToAdd ?? [];
    for (const { Name } of added) {
      if (specifications.some((other: any) => other.Name === Name)) { throw invalid(`An inference specification named "${Name}" already exists.`); }
    }
    const kept = Object.entries(metadata).filter(([key]) => !CustomerMetadataPropertiesToRemove?.includes(key));
    const merged = { ...Object.fromEntries(kept), ...changes.CustomerMetadataProperties };
    found.description = {
      ...earlier,
      ...changes,
      CustomerMetadataProperties: Object.keys(merged).length > 0 ? merged : undefined,
      ...(specifications.length > 0 || added.length > 0) && { AdditionalInferenceSpecifications: [...specifications, ...added] },
      LastModifiedTime: new Date(call.region.clock.now()),
    };
    tellOf(found, call, earlier);
    return { ModelPackageArn };
  },

  DeleteModelPackage({ ModelPackageName }, call) {
    const { packages, tags } = call.region.room(SageMakerState);
    const { arn } = findOwn(ModelPackageName, call);
    packages.delete(keyOf(arn));
    tags.delete(arn);
  },
};

/** A package that the account may change; an error for any other one. */
function findOwn(nameOrArn: string, call: Call): ModelPackage {
  if (isMarketplaceArn(nameOrArn)) { throw new AwsError('AccessDeniedException', `${nameOrArn} belongs to AWS Marketplace: it can be read and deployed only.`); }
  return findPackage(nameOrArn, call);
}

/** Checks the containers of all specifications. */
function checkContainers({ InferenceSpecification, AdditionalInferenceSpecifications = [], SourceAlgorithmSpecification }: any): void {
  const named = [
    ['InferenceSpecification', InferenceSpecification],
    ...AdditionalInferenceSpecifications.map((one: any, index: number) => [`AdditionalInferenceSpecifications.${index + 1}`, one]),
  ];
  for (const [at, specification] of named) {
    specification?.Containers?.forEach((container: any, index: number) => checkModelData(container, `${at}.Containers.${index + 1}`));
  }
  SourceAlgorithmSpecification?.SourceAlgorithms?.forEach((algorithm: any, index: number) => (
    checkModelData(algorithm, `SourceAlgorithmSpecification.SourceAlgorithms.${index + 1}`)));
}

function arnOf(nameOrArn: string, call: Call): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : packageArn(nameOrArn, call);
}

function packageArn(name: string, { region }: Call): string {
  return region.arn('sagemaker', `model-package/${name}`);
}

function keyOf(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}

/** Sends EventBridge an event about a new package or, with an earlier description, about its changes: none if nothing has changed. */
function tellOf({ arn, description }: ModelPackage, { region }: Call, earlier?: Record<string, any>): void {
  const changed = earlier && Object.keys(UPDATES).filter((member) => JSON.stringify(earlier[member]) !== JSON.stringify(description[member]));
  if (changed?.length === 0) { return; }
  region.room(Events).emit({
    source: 'aws.sagemaker',
    detailType: 'SageMaker Model Package State Change',
    resources: [arn],
    detail: {
      CertifyForMarketplace: false,
      ...Object.fromEntries(TOLD.filter((member) => description[member] !== undefined).map((member) => [member, told(description[member])])),
      ...changed && { UpdatedModelPackageFields: changed.map((member) => UPDATES[member]) },
    },
  });
}

/** Times have a precision of seconds. */
function told(value: unknown): unknown {
  return value instanceof Date ? value.toISOString().replace(/\.\d+Z$/, 'Z') : value;
}

/**
 * A package with the digests of its images, and the ETags of its model data. The API has members for both. That the service fills them by itself is
 * unverified. Somebody who moves an image's tag puts its digest into `imageDigests`.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageContainerDefinition.html
 */
function withDigests(description: any, call: Call): any {
  const { InferenceSpecification: specification } = description;
  if (!specification?.Containers) { return description; }
  const Containers = specification.Containers.map((container: any) => ({
    ...container,
    ...container.ImageDigest === undefined && /\.dkr\.ecr\./.test(container.Image ?? '') && { ImageDigest: digestOf(container.Image, call) },
  }));
  return { ...description, InferenceSpecification: { ...specification, Containers } };
}

function digestOf(image: string, call: Call): string {
  const [, written] = /@(sha256:[0-9a-f]{64})$/i.exec(image) ?? [];
  return written ?? call.region.room(SageMakerState).imageDigests.get(image) ?? `sha256:${createHash('sha256').update(image).digest('hex')}`;
}
