import {
  AddToResourcePolicyResult, Grant, IGrantable, IResourceWithPolicy, PolicyDocument, PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { CfnModelPackageGroup, IModelPackageGroupRef, ModelPackageGroupReference } from 'aws-cdk-lib/aws-sagemaker';
import { Fn, IResource, Lazy, Names, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { STACK_DIGITS } from '../contract/job-name';
import { checkMembers } from '../common/check';
import { stackPrefixToken } from '../common/names';
import { endOf } from '../common/refs';

const MAX_NAME_LENGTH = 63;
const READ = ['DescribeModelPackageGroup', 'DescribeModelPackage', 'ListModelPackages'];

/** A group of model package versions. */
export interface IModelPackageGroup extends IResource, IModelPackageGroupRef {
  /**
   * ARN of the group.
   * @attribute
   */
  readonly modelPackageGroupArn: string;
  /**
   * Name of the group.
   * @attribute
   */
  readonly modelPackageGroupName: string;

  /**
   * Adds a statement to the policy of the group, by which other accounts get at it. Without resources, it is about the group and its
   * versions. The policy of an existing group is not changed.
   */
  addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult;

  /**
   * Lets a principal, of another account too, describe the group and its versions. What the versions are made of (images, model data, keys)
   * has policies of its own.
   */
  grantRead(grantee: IGrantable): Grant;

  /** Lets a principal, of another account too, read the versions and make models of them. */
  grantDeploy(grantee: IGrantable): Grant;

  /** Lets a principal, of another account too, read the versions and register new ones. */
  grantRegister(grantee: IGrantable): Grant;
}

abstract class ModelPackageGroupBase extends Resource implements IModelPackageGroup, IResourceWithPolicy {
  public abstract readonly modelPackageGroupArn: string;
  public abstract readonly modelPackageGroupName: string;

  public get modelPackageGroupRef(): ModelPackageGroupReference {
    return { modelPackageGroupArn: this.modelPackageGroupArn };
  }

  public abstract addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult;

  public grantRead(grantee: IGrantable): Grant {
    return this.grant(grantee, READ);
  }

  public grantDeploy(grantee: IGrantable): Grant {
    return this.grant(grantee, [...READ, 'CreateModel']);
  }

  public grantRegister(grantee: IGrantable): Grant {
    return this.grant(grantee, [...READ, 'CreateModelPackage']);
  }

  /** ARN of the group and of all its versions, without a reference to the group itself: its own policy cannot have one. */
  protected arnsOf(name: string): string[] {
    return [['model-package-group', name], ['model-package', `${name}/*`]].map(([resource, resourceName]) => this.stack.formatArn({
      service: 'sagemaker', account: this.env.account, region: this.env.region, resource, resourceName,
    }));
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    const [, versions] = this.arnsOf(this.modelPackageGroupName);
    return Grant.addToPrincipalOrResource({
      grantee,
      actions: actions.map((action) => `sagemaker:${action}`),
      resource: this,
      resourceArns: [this.modelPackageGroupArn, versions],
      // A statement without resources: the policy puts its own there.
      resourceSelfArns: [],
    });
  }
}

/** Properties of a model package group. */
export interface ModelPackageGroupProps {
  /**
   * Name of the group: 1 to 63 letters, digits and hyphens. Changing it replaces the group, and with it every version and job in the stack.
   *
   * @default - a name made from the construct's path
   */
  readonly modelPackageGroupName?: string;
  /**
   * Description: up to 1,024 characters. Changing it replaces the group, and with it every version and job in the stack.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * What happens to the group when it leaves the stack. A group in which versions stand cannot be deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A group of model package versions. Versions take no tags of their own: tag the group. Changing its tags or its policy runs nothing again.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-modelpackagegroup.html
 *
 * @resource AWS::SageMaker::ModelPackageGroup
 */
export class ModelPackageGroup extends ModelPackageGroupBase {
  /** An existing group of this account and Region, by its name. */
  public static fromModelPackageGroupName(scope: Construct, id: string, modelPackageGroupName: string): IModelPackageGroup {
    checkMembers('', { modelPackageGroupName }, { modelPackageGroupName: 'EntityName' });
    return ModelPackageGroup.fromModelPackageGroupArn(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker', resource: 'model-package-group', resourceName: modelPackageGroupName,
    }));
  }

  /** An existing group, by its ARN. */
  public static fromModelPackageGroupArn(scope: Construct, id: string, modelPackageGroupArn: string): IModelPackageGroup {
    class Import extends ModelPackageGroupBase {
      public readonly modelPackageGroupArn = modelPackageGroupArn;
      public readonly modelPackageGroupName = endOf(modelPackageGroupArn);

      public addToResourcePolicy(): AddToResourcePolicyResult {
        return { statementAdded: false };
      }
    }
    return new Import(scope, id, { environmentFromArn: modelPackageGroupArn });
  }

  public readonly modelPackageGroupArn: string;
  public readonly modelPackageGroupName: string;
  private readonly ownName: string;
  private readonly policy = new PolicyDocument();

  /**
   * @throws if name or description is out of its bounds
   */
  constructor(scope: Construct, id: string, props: ModelPackageGroupProps = {}) {
    super(scope, id, { physicalName: props.modelPackageGroupName });
    checkMembers('', props, { modelPackageGroupName: 'EntityName', description: 'EntityDescription' });
    this.ownName = props.modelPackageGroupName ?? this.generatedName();
    const resource = new CfnModelPackageGroup(this, 'Resource', {
      modelPackageGroupName: this.ownName,
      modelPackageGroupDescription: props.description,
      modelPackageGroupPolicy: Lazy.any({ produce: () => (this.policy.isEmpty ? undefined : this.policy) }),
    });
    resource.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);
    this.modelPackageGroupArn = this.getResourceArnAttribute(resource.attrModelPackageGroupArn, {
      service: 'sagemaker', resource: 'model-package-group', resourceName: this.physicalName,
    });
    this.modelPackageGroupName = this.getResourceNameAttribute(this.ownName);
    this.node.addValidation({ validate: () => this.policy.validateForResourcePolicy() });
  }

  public addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult {
    const [group, versions] = this.arnsOf(this.ownName);
    const own = (arns: string[]) => arns.map((arn) => arn.split(this.modelPackageGroupArn).join(group));
    const isOpen = statement.resources.length === 0 && statement.notResources.length === 0;
    this.policy.addStatements(statement.copy({
      resources: isOpen ? [group, versions] : own(statement.resources), notResources: own(statement.notResources),
    }));
    return { statementAdded: true, policyDependable: this };
  }

  /** The service wants a name. A group that stays behind must not be in the way of a new stack of the same name: so the stack's id is in it. */
  private generatedName(): string {
    const readable = Names.uniqueResourceName(this, { maxLength: MAX_NAME_LENGTH - STACK_DIGITS - 1, separator: '-' });
    return Fn.join('-', [readable, stackPrefixToken()]);
  }
}

/** The name of a group: as an L1 or L2 knows it, or else the end of its ARN. */
export function groupNameOf(group: IModelPackageGroupRef): string {
  if (group instanceof CfnModelPackageGroup) { return group.modelPackageGroupName; }
  return isModelPackageGroup(group) ? group.modelPackageGroupName : endOf(group.modelPackageGroupRef.modelPackageGroupArn);
}

function isModelPackageGroup(group: IModelPackageGroupRef): group is IModelPackageGroup {
  return 'modelPackageGroupName' in group;
}
