import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { Arn, ArnFormat, Fn, IResource, Names, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { STACK_DIGITS } from './api/job-name';
import { stackPrefixToken } from './private/stack-prefix';

const MAX_NAME_LENGTH = 63;

/** A group of model package versions. */
export interface IModelPackageGroup extends IResource {
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
}

/** Properties of a model package group. */
export interface ModelPackageGroupProps {
  /**
   * Name of the group: 1 to 63 letters, digits and hyphens. Changing it replaces the group.
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
 * A group of model package versions. Versions take no tags of their own: tag the group.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-modelpackagegroup.html
 *
 * @resource AWS::SageMaker::ModelPackageGroup
 */
export class ModelPackageGroup extends Resource implements IModelPackageGroup {
  /** An existing group of this account and Region, by its name. */
  public static fromModelPackageGroupName(scope: Construct, id: string, modelPackageGroupName: string): IModelPackageGroup {
    return ModelPackageGroup.fromModelPackageGroupArn(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker', resource: 'model-package-group', resourceName: modelPackageGroupName,
    }));
  }

  /** An existing group, by its ARN. */
  public static fromModelPackageGroupArn(scope: Construct, id: string, modelPackageGroupArn: string): IModelPackageGroup {
    class Import extends Resource implements IModelPackageGroup {
      public readonly modelPackageGroupArn = modelPackageGroupArn;
      public readonly modelPackageGroupName = Arn.split(modelPackageGroupArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
    }
    return new Import(scope, id, { environmentFromArn: modelPackageGroupArn });
  }

  public readonly modelPackageGroupArn: string;
  public readonly modelPackageGroupName: string;

  constructor(scope: Construct, id: string, props: ModelPackageGroupProps = {}) {
    super(scope, id, { physicalName: props.modelPackageGroupName });
    const resource = new CfnModelPackageGroup(this, 'Resource', {
      modelPackageGroupName: props.modelPackageGroupName ?? this.generatedName(),
      modelPackageGroupDescription: props.description,
    });
    resource.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);
    this.modelPackageGroupArn = this.getResourceArnAttribute(resource.attrModelPackageGroupArn, {
      service: 'sagemaker', resource: 'model-package-group', resourceName: this.physicalName,
    });
    this.modelPackageGroupName = this.getResourceNameAttribute(resource.modelPackageGroupName);
  }

  /** The service wants a name. A group that stays behind must not be in the way of a new stack of the same name: so the stack's id is in it. */
  private generatedName(): string {
    const readable = Names.uniqueResourceName(this, { maxLength: MAX_NAME_LENGTH - STACK_DIGITS - 1, separator: '-' });
    return Fn.join('-', [readable, stackPrefixToken()]);
  }
}
