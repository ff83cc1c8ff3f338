import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IModelPackageGroupRef, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { Fn } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import type { ModelPackageContainer } from './model-package-container';
import type { IModelPackage } from './model-package-props';
import { Facts } from '../common/facts';
import { warn } from '../common/warn';
import { TargetFacts } from '../service/job-rules';

/** What a package of this library tells at synth. */
export interface PackageFacts {
  /** What a job's checks may know of it; nothing, where an algorithm or another package says what it is. */
  readonly target?: TargetFacts;
  /** All versions of its group: a policy has room for them, however many there are. */
  readonly versionsArn?: string;
  /** The containers of an inference specification, by default the package's own, if they are known. */
  readonly containersOf?: (inferenceSpecificationName?: string) => readonly ModelPackageContainer[] | undefined;
  /** Whether it is imported, and nothing says what it is made of. */
  readonly isOpaque?: boolean;
}

export const packageFacts = new Facts<IModelPackageRef, PackageFacts>();

function isModelPackage(modelPackage: IModelPackageRef): modelPackage is IModelPackage {
  return 'grantReadArtifacts' in modelPackage;
}

/** Lets a principal read what a package is made of, as far as that is known here. */
export function grantReadArtifacts(modelPackage: IModelPackageRef, grantee: IGrantable): void {
  if (isModelPackage(modelPackage)) { modelPackage.grantReadArtifacts(grantee); }
}

/** What a shared policy names a package by: a package of this app by its group. */
export function permissionArn(modelPackage: IModelPackageRef): string {
  return packageFacts.of(modelPackage)?.versionsArn ?? modelPackage.modelPackageRef.modelPackageArn;
}

/** Without a role of the user's own, a job or model would fail at reading the package, and only after the user has paid for it. */
export function warnOfUnreadable(scope: IConstruct, modelPackage: IModelPackageRef | undefined): void {
  if (!modelPackage || (isModelPackage(modelPackage) && !packageFacts.of(modelPackage)?.isOpaque)) { return; }
  warn(scope, 'UnreadablePackage', '`role` should be given for this model package: the role made here cannot read its image and data.'
    + ' Or say what the package is made of, with ModelPackage.fromModelPackageAttributes().');
}

/** All versions of a group. From the group's own ARN: the service has been seen to write names there in lower case. */
export function versionsArn(group: IModelPackageGroupRef): string {
  // The same string for the same group: a policy then has it once, however many packages name it.
  const known = VERSIONS.of(group);
  if (known) { return known; }
  const [head, name] = [0, 1].map((index) => Fn.select(index, Fn.split(':model-package-group/', group.modelPackageGroupRef.modelPackageGroupArn)));
  const versions = `${head}:model-package/${name}/*`;
  VERSIONS.keep(group, versions);
  return versions;
}

const VERSIONS = new Facts<IModelPackageGroupRef, string>();
