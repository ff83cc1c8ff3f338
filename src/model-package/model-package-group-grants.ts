import { Grant, IGrantable, ResourceWithPolicies } from 'aws-cdk-lib/aws-iam';
import { IModelPackageGroupRef } from 'aws-cdk-lib/aws-sagemaker';
import { groupArns, versionsArns } from './facts';

const READ = ['DescribeModelPackageGroup', 'DescribeModelPackage', 'ListModelPackages'];

/**
 * Grants of a model package group and its versions: a group of this library, an imported one, or a `CfnModelPackageGroup`. Only the policy of a
 * `ModelPackageGroup` can let a principal of another account in.
 *
 * The images, model data and keys of the versions have their own policies, which these grants do not change.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-deploy-xaccount.html
 * @example
 * const group = ModelPackageGroup.fromModelPackageGroupName(this, 'Group', 'churn');
 * ModelPackageGroupGrants.fromModelPackageGroup(group).read(new iam.AccountRootPrincipal());
 */
export class ModelPackageGroupGrants {
  /**
   * The grants of a group.
   *
   * @param modelPackageGroup the group, of any library
   */
  public static fromModelPackageGroup(modelPackageGroup: IModelPackageGroupRef): ModelPackageGroupGrants {
    return new ModelPackageGroupGrants(modelPackageGroup);
  }

  private constructor(private readonly group: IModelPackageGroupRef) {}

  /**
   * Lets a principal describe the group and its versions.
   *
   * @param grantee principal that gets the permissions, e.g. a role
   * @returns the grant
   */
  public read(grantee: IGrantable): Grant {
    return this.actions(grantee, onGroup(READ));
  }

  /**
   * Lets a principal describe the group and its versions, and create models from the versions.
   *
   * @param grantee principal that gets the permissions, e.g. a role
   * @returns the grant
   */
  public deploy(grantee: IGrantable): Grant {
    return this.actions(grantee, onGroup([...READ, 'CreateModel']));
  }

  /**
   * Lets a principal describe the group and its versions, and register new versions.
   *
   * @param grantee principal that gets the permissions, e.g. a role
   * @returns the grant
   */
  public register(grantee: IGrantable): Grant {
    return this.actions(grantee, onGroup([...READ, 'CreateModelPackage']));
  }

  /**
   * Lets a principal do some actions on the group and its versions.
   *
   * @param grantee principal that gets the permissions, e.g. a role
   * @param actions IAM actions, e.g. `sagemaker:UpdateModelPackage`
   * @returns the grant
   */
  public actions(grantee: IGrantable, actions: string[]): Grant {
    const resource = ResourceWithPolicies.of(this.group);
    const resourceArns = [...groupArns(this.group), ...versionsArns(this.group)];
    // No resources of its own: addToResourcePolicy() adds them.
    return resource ? Grant.addToPrincipalOrResource({ grantee, actions, resource, resourceArns, resourceSelfArns: [] })
      : Grant.addToPrincipal({ grantee, actions, resourceArns });
  }
}

function onGroup(actions: readonly string[]): string[] {
  return actions.map((action) => `sagemaker:${action}`);
}
