import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnModelPackage, CfnModelPackageGroup, IModelPackageGroupRef, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { Fn } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import type { ContainerImage } from './container-image';
import type { ModelPackageContainer } from './model-package-container';
import type { IModelPackage } from './model-package-props';
import { Facts } from '../common/facts';
import { showsName } from '../common/names';
import { arnsInPolicy, endOf } from '../common/refs';
import { warn } from '../common/warn';
import { TargetFacts } from '../service/job-rules';
import { isMarketplaceArn } from '../service/marketplace';

/** An image of a package or model, and the inference specification that has it; none is the package's own. */
export interface KnownImage {
  readonly specificationName?: string;
  readonly image: ContainerImage;
  /** Whether another image may serve the model, because SageMaker Neo can compile it. */
  readonly mayBeReplaced?: boolean;
}

/** Facts about a package of this library, known at synth. */
export interface PackageFacts {
  /** Facts for a job's checks. Undefined if the package has no containers of its own. */
  readonly target?: TargetFacts;
  /** The ARNs that a shared policy has instead of its own: those of all versions of its group, so that the policy does not grow with their number. */
  readonly permissionArns?: readonly string[];
  /** The ARNs that any policy has instead of its own, if only the deploy knows which package it is. */
  readonly arns?: readonly string[];
  /** The containers of an inference specification, if they are known. Without a name, the package's own containers. */
  readonly containersOf?: (inferenceSpecificationName?: string) => readonly ModelPackageContainer[] | undefined;
  /** The images of its inference specifications, as far as they are known. */
  readonly images?: readonly KnownImage[];
  /** Lets a principal read its images and model data, if the job that registers it knows where they are. */
  readonly grantRead?: (grantee: IGrantable) => void;
  /** Whether it is imported, and its images and model data are unknown. */
  readonly isOpaque?: boolean;
  /** Whether it is a package of AWS Marketplace, whose images and model data only the service reads. */
  readonly isOfMarketplace?: boolean;
}

export const packageFacts = new Facts<IModelPackageRef, PackageFacts>();

function isModelPackage(modelPackage: IModelPackageRef): modelPackage is IModelPackage {
  return ('grantReadArtifacts' satisfies keyof IModelPackage) in modelPackage;
}

/** Lets a principal read the images and data of a package, as far as they are known. */
export function grantReadArtifacts(modelPackage: IModelPackageRef, grantee: IGrantable): void {
  if (isModelPackage(modelPackage)) { modelPackage.grantReadArtifacts(grantee); }
  packageFacts.of(modelPackage)?.grantRead?.(grantee);
}

/** Whether a package is known to come from AWS Marketplace. */
export function isOfMarketplace(modelPackage: IModelPackageRef): boolean {
  return packageFacts.of(modelPackage)?.isOfMarketplace ?? isMarketplaceArn(modelPackage.modelPackageRef.modelPackageArn);
}

/** The ARNs of a package in a shared policy: for a version of this app's group, those of all versions. */
export function permissionArns(modelPackage: IModelPackageRef): readonly string[] {
  return packageFacts.of(modelPackage)?.permissionArns ?? packageArns(modelPackage);
}

/** The ARNs of a package in a policy. */
export function packageArns(modelPackage: IModelPackageRef): readonly string[] {
  const known = packageFacts.of(modelPackage)?.arns;
  if (known) { return known; }
  const resource = [modelPackage, modelPackage.node.defaultChild].find(CfnModelPackage.isCfnModelPackage);
  const name = resource?.modelPackageName;
  return arnsInPolicy(modelPackage, 'model-package', modelPackage.modelPackageRef.modelPackageArn, name);
}

/** Whether a role that this library makes can read all that a package needs: then `grantReadArtifacts()` knows its images and data, or AWS reads them. */
export function isReadable(modelPackage: IModelPackageRef | undefined): boolean {
  return !modelPackage || isOfMarketplace(modelPackage) || (isModelPackage(modelPackage) && !packageFacts.of(modelPackage)?.isOpaque);
}

/** Constructs that make a job and a model without a `role`, with their own remedy: they are warned once for both. */
export const unreadableRemedies = new WeakMap<IConstruct, string>();

/** Without a `role`, a job or model cannot read the package: otherwise it fails only after the user has paid for it. */
export function warnOfUnreadable(scope: IConstruct, modelPackage: IModelPackageRef | undefined): void {
  if (isReadable(modelPackage)) { return; }
  const maker = scope.node.scope && unreadableRemedies.has(scope.node.scope) ? scope.node.scope : scope;
  const remedy = unreadableRemedies.get(maker) ?? '`role` should be set for this model package';
  warn(maker, 'UnreadablePackage', `${remedy}: the role that this library makes cannot read its images and data.`
    + ' Alternatively, name them with ModelPackage.fromModelPackageAttributes().');
}

/** ARN patterns of all versions of a group in a policy. */
export function versionsArns(group: IModelPackageGroupRef): readonly string[] {
  // The same strings for the same group, so that a policy has them once for any number of packages.
  const known = VERSIONS.get(group);
  if (known) { return known; }
  const [given, name] = givenNames(group).map((part) => part && `${part}/*`);
  const versions = arnsInPolicy(group, 'model-package', versionsOf(group.modelPackageGroupRef.modelPackageGroupArn), given, name);
  VERSIONS.set(group, versions);
  return versions;
}

/** Not `Facts`: a group of another copy of this library stays that copy's. */
const VERSIONS = new WeakMap<IModelPackageGroupRef, readonly string[]>();

/** The ARNs of a group in a policy. */
export function groupArns(group: IModelPackageGroupRef): readonly string[] {
  return arnsInPolicy(group, 'model-package-group', group.modelPackageGroupRef.modelPackageGroupArn, ...givenNames(group));
}

/** Groups whose name this library makes: it has no capitals. */
export const namedGroups = new Facts<IModelPackageGroupRef, true>();

function givenNames(group: IModelPackageGroupRef): [given?: string, name?: string] {
  const name = [group, group.node.defaultChild].find(CfnModelPackageGroup.isCfnModelPackageGroup)?.modelPackageGroupName;
  return namedGroups.of(group) ? [] : [name, name];
}

function versionsOf(groupArn: string): string {
  const [head, name] = [0, 1].map((index) => (showsName(groupArn) ? groupArn.split(GROUP)[index] : Fn.select(index, Fn.split(GROUP, groupArn))));
  return `${head}:model-package/${name}/*`;
}

const GROUP = ':model-package-group/';

/** Name of a group: from an L1 or L2, or else the end of its ARN. */
export function groupNameOf(group: IModelPackageGroupRef): string {
  return isNamed(group) ? group.modelPackageGroupName : endOf(group.modelPackageGroupRef.modelPackageGroupArn);
}

function isNamed(group: IModelPackageGroupRef): group is IModelPackageGroupRef & { readonly modelPackageGroupName: string } {
  return 'modelPackageGroupName' in group;
}
