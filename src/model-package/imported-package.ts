import { Annotations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { IModelPackage } from './model-package';

interface MaybeOpaque extends IModelPackage {
  /** Set on an imported package of which nothing but its ARN is known. */
  readonly _isOpaque?: boolean;
}

/** A role made here cannot read what nobody said a package is made of: that would come out late, a job's bill first. */
export function warnOfUnreadable(scope: Construct, modelPackage: IModelPackage | undefined): void {
  if ((modelPackage as MaybeOpaque | undefined)?._isOpaque) {
    Annotations.of(scope).addWarningV2('cdk-sagemaker-inference-recommender:UnreadablePackage',
      '`role` should be given for an imported model package: the role made here cannot read its image and data.'
      + ' Or say what it is made of, with ModelPackage.fromModelPackageAttributes().');
  }
}
