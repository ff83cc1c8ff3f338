import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IModelPackageGroupRef, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { Fn } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import type { ModelPackageContainer } from './model-package-container';
import type { IModelPackageGroup } from './model-package-group';
import type { IModelPackage } from './model-package-props';
import { Facts } from '../common/facts';
import { endOf } from '../common/refs';
import { warn } from '../common/warn';
import { TargetFacts } from '../service/job-rules';

/** Facts about a package of this library, known at synth. */
export interface PackageFacts {
  /** Facts for a job's checks. Undefined if the package has no containers of its own. */
  readonly target?: TargetFacts;
  /** ARN pattern of all versions of its group, so that a policy's size does not grow with the number of versions. */
  readonly versionsArn?: string;
  /** The containers of an inference specification, if they are known. Without a name, the package's own containers. */
  readonly containersOf?: (inferenceSpecificationName?: string) => readonly ModelPackageContainer[] | undefined;
  /** Whether it is imported, and its images and model data are unknown. */
  readonly isOpaque?: boolean;
}

export const packageFacts = new Facts<IModelPackageRef, PackageFacts>();

function isModelPackage(modelPackage: IModelPackageRef): modelPackage is IModelPackage {
  return ('grantReadArtifacts' satisfies keyof IModelPackage) in modelPackage;
}

/** Lets a principal read the images and data of a package, as far as they are known. */
export function grantReadArtifacts(modelPackage: IModelPackageRef, grantee: IGrantable): void {
  if (isModelPackage(modelPackage)) { modelPackage.grantReadArtifacts(grantee); }
}

/** The ARN of a package in a shared policy: for a version of this app's group, the pattern of all versions. */
export function permissionArn(modelPackage: IModelPackageRef): string {
  return packageFacts.of(modelPackage)?.versionsArn ?? modelPackage.modelPackageRef.modelPackageArn;
}

/** Constructs that make a job and a model without a `role`, with their own remedy: they are warned once for both. */
export const unreadableRemedies = new WeakMap<IConstruct, string>();

const WARNED = new WeakSet<IConstruct>();

/** Without a `role`, a job or model cannot read the package: otherwise it fails only after the user has paid for it. */
export function warnOfUnreadable(scope: IConstruct, modelPackage: IModelPackageRef | undefined): void {
  if (!modelPackage || (isModelPackage(modelPackage) && !packageFacts.of(modelPackage)?.isOpaque)) { return; }
  const maker = scope.node.scope && unreadableRemedies.has(scope.node.scope) ? scope.node.scope : scope;
  if (WARNED.has(maker)) { return; }
  WARNED.add(maker);
  const remedy = unreadableRemedies.get(maker) ?? '`role` should be set for this model package';
  warn(maker, 'UnreadablePackage', `${remedy}: the role that this library makes cannot read its images and data.`
    + ' Alternatively, name them with ModelPackage.fromModelPackageAttributes().');
}

/** ARN pattern of all versions of a group. It uses the group's own ARN, because the service was seen to write names there in lower case. */
export function versionsArn(group: IModelPackageGroupRef): string {
  // The same string for the same group, so that a policy has it once for any number of packages.
  const known = VERSIONS.get(group);
  if (known) { return known; }
  const [head, name] = [0, 1].map((index) => Fn.select(index, Fn.split(':model-package-group/', group.modelPackageGroupRef.modelPackageGroupArn)));
  const versions = `${head}:model-package/${name}/*`;
  VERSIONS.set(group, versions);
  return versions;
}

const VERSIONS = new WeakMap<IModelPackageGroupRef, string>();

/** Name of a group: from an L1 or L2, or else the end of its ARN. */
export function groupNameOf(group: IModelPackageGroupRef): string {
  return isModelPackageGroup(group) ? group.modelPackageGroupName : endOf(group.modelPackageGroupRef.modelPackageGroupArn);
}

function isModelPackageGroup(group: IModelPackageGroupRef): group is IModelPackageGroup {
  return ('modelPackageGroupName' satisfies keyof IModelPackageGroup) in group;
}
