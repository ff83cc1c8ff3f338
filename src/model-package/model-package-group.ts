import { AddToResourcePolicyResult, IResourceWithPolicy, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnModelPackageGroup, IModelPackageGroupRef, ModelPackageGroupReference } from 'aws-cdk-lib/aws-sagemaker';
import { Fn, IResource, Lazy, Names, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { namedGroups } from './facts';
import { ModelPackageGroupGrants } from './model-package-group-grants';
import { checkMembers } from '../common/check';
import { arnSpellings, checkOneResource, nameSpellings, stackPrefixToken } from '../common/names';
import { endOf } from '../common/refs';
import { digest, STACK_DIGITS } from '../contract/job-name';

const MAX_NAME_LENGTH = 63;

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
  /** Grants of the group and its versions. */
  readonly grants: ModelPackageGroupGrants;

  /**
   * Adds a statement to the policy of the group, which gives other accounts access. The policy of an imported group does not change.
   *
   * @param statement statement to add; if it has no resources, it gets the group and its versions as resources
   * @returns whether the statement was added
   */
  addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult;
}

abstract class ModelPackageGroupBase extends Resource implements IModelPackageGroup, IResourceWithPolicy {
  public abstract readonly modelPackageGroupArn: string;
  public abstract readonly modelPackageGroupName: string;

  public get modelPackageGroupRef(): ModelPackageGroupReference {
    return { modelPackageGroupArn: this.modelPackageGroupArn };
  }

  public abstract addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult;

  /** Grants of the group and its versions. */
  public get grants(): ModelPackageGroupGrants {
    return ModelPackageGroupGrants.fromModelPackageGroup(this);
  }
}

/** Properties of a model package group. */
export interface ModelPackageGroupProps {
  /**
   * Name of the group: 1 to 63 letters, digits and hyphens. Changing it replaces the group, its versions and their jobs in the stack.
   *
   * @default - a name made from the construct's path, the description and the stack's id
   */
  readonly modelPackageGroupName?: string;
  /**
   * Description: up to 1,024 characters. Changing it replaces the group, its versions and their jobs in the stack. If you set the group's name, change
   * it together with the description: CloudFormation creates the new group before it deletes the old one.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * What CloudFormation does with the group if it is removed from the stack. A group that still has versions cannot be deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A group of model package versions.
 *
 * Versions cannot have tags: tag the group. Changing the tags or the policy of the group starts no new job.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-modelpackagegroup.html
 * @resource AWS::SageMaker::ModelPackageGroup
 * @example
 * const group = new ModelPackageGroup(this, 'Group', { description: 'Versions of the churn model' });
 * group.grants.read(new iam.AccountPrincipal('111122223333'));
 */
export class ModelPackageGroup extends ModelPackageGroupBase {
  /**
   * Imports an existing group in the account and Region of the stack, by its name.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct, unique in its scope
   * @param modelPackageGroupName name of the group: 1 to 63 letters, digits and hyphens
   * @returns the group
   * @throws if the name is not valid
   */
  public static fromModelPackageGroupName(scope: Construct, id: string, modelPackageGroupName: string): IModelPackageGroup {
    checkMembers('', { modelPackageGroupName }, { modelPackageGroupName: 'EntityName' });
    return ModelPackageGroup.fromModelPackageGroupArn(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker', resource: 'model-package-group', resourceName: modelPackageGroupName,
    }));
  }

  /**
   * Imports an existing group, by its ARN.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct, unique in its scope
   * @param modelPackageGroupArn ARN of the group, which may be in another account or Region
   * @returns the group
   * @throws if it has a '*' or a '?': a grant would reach more than one resource
   */
  public static fromModelPackageGroupArn(scope: Construct, id: string, modelPackageGroupArn: string): IModelPackageGroup {
    class Import extends ModelPackageGroupBase {
      public readonly modelPackageGroupArn = modelPackageGroupArn;
      public readonly modelPackageGroupName = endOf(modelPackageGroupArn);

      public addToResourcePolicy(): AddToResourcePolicyResult {
        return { statementAdded: false };
      }
    }
    checkOneResource('modelPackageGroupArn', modelPackageGroupArn);
    return new Import(scope, id, { environmentFromArn: modelPackageGroupArn });
  }

  public readonly modelPackageGroupArn: string;
  public readonly modelPackageGroupName: string;
  private readonly ownName: string;
  private readonly policy = new PolicyDocument();

  /**
   * Adds a model package group.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct, unique in its scope; the default name contains it
   * @param props name, description and removal policy of the group
   * @throws if the name or the description is not valid
   */
  constructor(scope: Construct, id: string, props: ModelPackageGroupProps = {}) {
    super(scope, id, { physicalName: props.modelPackageGroupName });
    checkMembers('', props, { modelPackageGroupName: 'EntityName', description: 'EntityDescription' });
    this.ownName = props.modelPackageGroupName ?? this.generatedName(props.description);
    const resource = new CfnModelPackageGroup(this, 'Resource', {
      modelPackageGroupName: this.ownName,
      modelPackageGroupDescription: props.description,
      modelPackageGroupPolicy: Lazy.any({ produce: () => (this.policy.isEmpty ? undefined : this.policy) }),
    });
    resource.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);
    this.modelPackageGroupArn = this.getResourceArnAttribute(resource.attrModelPackageGroupArn, {
      service: 'sagemaker', resource: 'model-package-group', resourceName: this.physicalName,
    });
    if (props.modelPackageGroupName === undefined) { namedGroups.keep(this, true); }
    // In another stack, the prefix of the generated name would be that stack's.
    this.modelPackageGroupName = this.getResourceNameAttribute(props.modelPackageGroupName ?? endOf(resource.attrModelPackageGroupArn));
    this.node.addValidation({ validate: () => this.policy.validateForResourcePolicy() });
  }

  /**
   * Adds a statement to the policy of the group, which gives other accounts access.
   *
   * @param statement statement to add; if it has no resources, it gets the group and its versions as resources
   * @returns the result: the statement was added
   */
  public addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult {
    const [groups, versions] = arnsOf(this, this.ownName);
    const spelled = (arn: string) => groups.flatMap((group) => arnSpellings(arn.split(this.modelPackageGroupArn).join(group)));
    const own = (arns: string[]) => [...new Set(arns.flatMap(spelled))];
    const isOpen = statement.resources.length === 0 && statement.notResources.length === 0;
    this.policy.addStatements(statement.copy({
      resources: isOpen ? [...groups, ...versions] : own(statement.resources), notResources: own(statement.notResources),
    }));
    return { statementAdded: true, policyDependable: this };
  }

  /**
   * The service requires a name. It has the stack's id, because a retained group must not block a new stack that has the same stack name. It has the
   * description, because CloudFormation creates the group of a new description before it deletes the old one.
   */
  private generatedName(description: string | undefined): string {
    const content = description === undefined ? []
      : [digest(JSON.stringify(this.stack.resolve(description)), STACK_DIGITS)];
    const maxLength = MAX_NAME_LENGTH - (STACK_DIGITS + 1) * (1 + content.length);
    const readable = Names.uniqueResourceName(this, { maxLength, separator: '-' }).toLowerCase();
    return Fn.join('-', [readable, ...content, stackPrefixToken()]);
  }
}

/** ARNs of a group, and ARN patterns of all its versions. They do not reference the group, because the group's own policy cannot do that. */
function arnsOf({ stack, env: { account, region } }: IResource, name: string): string[][] {
  return [['model-package-group', ''], ['model-package', '/*']].map(([resource, rest]) => nameSpellings(name)
    .map((spelling) => stack.formatArn({ service: 'sagemaker', account, region, resource, resourceName: spelling + rest })));
}
