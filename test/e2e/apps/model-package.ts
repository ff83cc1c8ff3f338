import { RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as library from '../../../src';
import { xgboost } from '../../harness/model-package';

/** The model of the quick start, which goes with its stack. */
export function exampleModelPackage(scope: Construct): library.ModelPackage {
  const removalPolicy = RemovalPolicy.DESTROY;
  return new library.ModelPackage(scope, 'ModelPackage', {
    modelPackageGroup: new library.ModelPackageGroup(scope, 'Group', { removalPolicy }), ...xgboost(library), removalPolicy,
  });
}
