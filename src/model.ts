import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Arn, ArnFormat, CustomResource, Duration, IResource, ITaggableV2, Lazy, Resource, Stack, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { MODEL_RESOURCE_TYPE, ModelProperties, SCHEMA_VERSION } from './api/contract';
import { IModelPackage } from './model-package';
import { modelRole } from './private/execution-role';
import { Runtime } from './private/runtime';
import { renderTags } from './private/tags';
import { IRecommendation } from './recommendation';

/** Making a model takes seconds; the rest is for roles that IAM has not spread yet. */
const TIMEOUT = Duration.minutes(15);

/** A model that endpoints serve. */
export interface IModel extends IResource {
  /**
   * ARN of the model.
   * @attribute
   */
  readonly modelArn: string;
  /**
   * Name of the model.
   * @attribute
   */
  readonly modelName: string;
}

/** Properties of a model. */
export interface ModelProps {
  /**
   * The recommendation to deploy: the model becomes what was benchmarked, with its inference specification, compiled artifact and tuned
   * environment. A row's kind is known only when its job is done, so such a model is made through the API.
   *
   * @default - none: `modelPackage` as it is
   */
  readonly recommendation?: IRecommendation;
  /**
   * The model package to deploy.
   *
   * @default - the one that the recommendation's job benchmarked
   */
  readonly modelPackage?: IModelPackage;
  /**
   * The role that the containers run with. Changing it replaces the model.
   *
   * @default - a role that may read the package's artifacts
   */
  readonly role?: IRole;
  /**
   * Whether the containers may make no network calls. Changing it replaces the model.
   *
   * @default false
   */
  readonly enableNetworkIsolation?: boolean;
}

/**
 * A model, made from a recommendation or from a model package. Any change replaces it; endpoint configurations follow.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
 *
 * @resource AWS::SageMaker::Model
 */
export class Model extends Resource implements IModel, ITaggableV2, IGrantable {
  /** An existing model of this account and Region, by its name. */
  public static fromModelName(scope: Construct, id: string, modelName: string): IModel {
    return Model.fromModelArn(scope, id, Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'model', resourceName: modelName }));
  }

  /** An existing model, by its ARN. */
  public static fromModelArn(scope: Construct, id: string, modelArn: string): IModel {
    class Import extends Resource implements IModel {
      public readonly modelArn = modelArn;
      public readonly modelName = Arn.split(modelArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
    }
    return new Import(scope, id, { environmentFromArn: modelArn });
  }

  public readonly modelArn: string;
  public readonly modelName: string;
  /** The role that the containers run with. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** Tags of the model. Changing them replaces nothing. */
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, 'AWS::SageMaker::Model');

  /**
   * @throws if neither a recommendation of a known model package nor a model package is given
   */
  constructor(scope: Construct, id: string, props: ModelProps) {
    super(scope, id);
    const modelPackage = props.modelPackage ?? props.recommendation?.modelPackage;
    if (!modelPackage) {
      throw new Error('`modelPackage` is required: '
        + (props.recommendation ? 'the recommendation does not say what was benchmarked.' : 'there is no recommendation that names one.'));
    }
    this.role = props.role ?? modelRole(this, modelPackage);
    this.grantPrincipal = this.role.grantPrincipal;
    ({ modelArn: this.modelArn, modelName: this.modelName } = props.recommendation
      ? this.makeThroughApi(props, props.recommendation, modelPackage)
      : this.makeNatively(props, modelPackage));
  }

  private makeNatively(props: ModelProps, modelPackage: IModelPackage): { modelArn: string; modelName: string } {
    const resource = new CfnModel(this, 'Resource', {
      executionRoleArn: this.role.roleArn,
      enableNetworkIsolation: props.enableNetworkIsolation,
      primaryContainer: { modelPackageName: modelPackage.modelPackageArn },
    });
    resource.addPropertyOverride('Tags', Lazy.any({ produce: () => renderTags(this.cdkTagManager) }));
    resource.node.addDependency(this.role);
    return { modelArn: resource.attrModelArn, modelName: resource.attrModelName };
  }

  private makeThroughApi(
    props: ModelProps, recommendation: IRecommendation, modelPackage: IModelPackage,
  ): { modelArn: string; modelName: string } {
    const runtime = Runtime.of(this);
    runtime.model.allowAlso('sagemaker:DescribeModelPackage', modelPackage.modelPackageArn);
    runtime.model.allowPassRole(this.role.roleArn);
    const properties: ModelProperties = {
      SchemaVersion: SCHEMA_VERSION,
      ModelPackageName: modelPackage.modelPackageArn,
      InferenceSpecificationName: recommendation.inferenceSpecificationName,
      CompilationJobName: recommendation.compilationJobName,
      Environment: recommendation.environment,
      ExecutionRoleArn: this.role.roleArn,
      EnableNetworkIsolation: props.enableNetworkIsolation ? 'true' : undefined,
      Tags: Lazy.any({ produce: () => renderTags(this.cdkTagManager) }) as any,
    };
    const resource = new CustomResource(this, 'Resource', {
      resourceType: MODEL_RESOURCE_TYPE,
      serviceToken: runtime.model.functionArn,
      serviceTimeout: TIMEOUT,
      properties,
    });
    resource.node.addDependency(this.role, runtime.model.permissions);
    return { modelArn: resource.getAttString('ModelArn'), modelName: resource.getAttString('ModelName') };
  }
}
