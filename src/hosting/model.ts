import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Arn, ArnFormat, IResource, ITaggableV2, Lazy, Resource, Stack, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { MODEL_RESOURCE_TYPE, ModelProperties, SCHEMA_VERSION } from '../contract/contract';
import { permissionArn, permissionArnOfModel } from '../jobs/benchmark-target';
import { InferenceExecutionMode, ModelContainer } from './model-container';
import { IModelPackage } from '../model-package/model-package';
import { NetworkOptions } from '../common/network-options';
import { sagemakerArn } from '../common/arns';
import { checkProp } from '../common/check';
import { grantUntilReplaced, modelRole } from './execution-role';
import { warnOfUnreadable } from '../model-package/imported-package';
import { isPlain, Known, nativeContainer } from '../recommendation/native-model';
import { allowInterfaces, Network, networkOf } from '../common/network';
import { Runtime } from '../runtime/runtime';
import { renderTags } from '../common/tags';
import { IRecommendation } from '../recommendation/recommendation-interface';

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

/** Properties of a model. Changing any of them but `allowAllOutbound` replaces it. */
export interface ModelProps extends NetworkOptions {
  /**
   * The recommendation to deploy: the model becomes what was benchmarked, with its inference specification, compiled artifact and tuned
   * environment. A row's kind is known only when its job is done, so such a model is made through the API; it is a CloudFormation resource where
   * a load test's candidates all vary the same variables and compiled models are not allowed, and where the recommendation is fixed. If a model
   * was benchmarked, its role, network and isolation are taken over. Changing it replaces the model.
   *
   * @default - none: `modelPackage` or `containers` as they are
   */
  readonly recommendation?: IRecommendation;
  /**
   * The model package to deploy. Changing it replaces the model.
   *
   * @default - the one that the recommendation's job benchmarked
   */
  readonly modelPackage?: IModelPackage;
  /**
   * Containers of your own instead of a recommendation or a model package: 1 to 15. Changing them replaces the model.
   *
   * @default - those of the recommendation or of the model package
   */
  readonly containers?: ModelContainer[];
  /**
   * How `containers` are called, where there are several. Changing it replaces the model.
   *
   * @default InferenceExecutionMode.SERIAL
   */
  readonly inferenceExecutionMode?: InferenceExecutionMode;
  /**
   * The role that the containers run with. In a VPC it needs EC2's actions on network interfaces. Changing it replaces the model.
   *
   * @default - a role that may read what the containers are made of, and what the endpoint configurations ask for
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
 * A model, made from a recommendation, from a model package or from containers. Any change replaces it; endpoint configurations follow.
 *
 * What has no prop here (images in a private registry, several models in a container) is reached through the `CfnModel` below one that is not
 * made from a recommendation: `model.node.defaultChild`.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
 *
 * @resource AWS::SageMaker::Model
 */
export class Model extends Resource implements IModel, ITaggableV2, IGrantable, IConnectable {
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
   * The role, if this library made it.
   *
   * @internal
   */
  public readonly _ownRole?: IRole;
  /** @internal */
  public readonly _isIsolated: boolean;
  /**
   * How many containers there are, as far as it is known here.
   *
   * @internal
   */
  public readonly _containerCount: number;
  /**
   * ARN of what the function of its stack makes, if that makes it.
   *
   * @internal
   */
  public _ownNamesArn?: string;
  private readonly network?: Network;

  /**
   * @throws if it is not clear what to deploy, or a container or a part of the network is not what the service takes
   */
  constructor(scope: Construct, id: string, props: ModelProps) {
    super(scope, id);
    const modelPackage = checkSource(props);
    const benchmarked = props.recommendation && !modelPackage ? props.recommendation.model : undefined;
    const containers = props.containers?.map((container, index) => container._bind(this, index)) ?? [];
    this.network = networkOf(this, props);
    this._isIsolated = props.enableNetworkIsolation ?? false;
    this._containerCount = Math.max(1, containers.length);
    if (!props.role && !benchmarked) {
      warnOfUnreadable(this, modelPackage);
      const grantReadArtifacts = (grantee: IGrantable) => containers.forEach(({ grantRead }) => grantRead(grantee));
      this._ownRole = modelRole(this, (grantee) => {
        (modelPackage ?? { grantReadArtifacts }).grantReadArtifacts(grantee);
        readCompiled(props, grantee);
      });
      if (this.network) { allowInterfaces(this._ownRole, this.network); }
    }
    if (benchmarked instanceof Model && benchmarked._ownRole) { grantUntilReplaced(benchmarked._ownRole, (grantee) => readCompiled(props, grantee)); }
    this.role = props.role ?? this._ownRole ?? roleOf(benchmarked!);
    this.grantPrincipal = this.role.grantPrincipal;
    const packageArn = modelPackage && arnOf(this, props, modelPackage);
    const native = props.recommendation && modelPackage && nativeContainer(props.recommendation, modelPackage, packageArn!);
    const packaged = modelPackage && (native ?? { modelPackageName: packageArn });
    const definitions = packaged ? [packaged] : containers.map(({ properties }) => properties);
    // What is fixed to the benchmarked model itself needs no other.
    const asIs = benchmarked && isPlain(props.recommendation!) ? benchmarked : undefined;
    ({ modelArn: this.modelArn, modelName: this.modelName } = asIs ?? (props.recommendation && !native
      ? this.makeThroughApi(props, props.recommendation, packageArn ?? benchmarked!)
      : this.makeNatively(props, definitions)));
  }

  /**
   * Network connections of the containers.
   *
   * @throws if the model has no VPC
   */
  public get connections(): Connections {
    if (!this.network) { throw new Error('`connections` needs a VPC: set `vpc`.'); }
    return this.network.connections;
  }

  /** @internal */
  public get _isInVpc(): boolean {
    return this.network !== undefined;
  }

  private makeNatively(props: ModelProps, containers: CfnModel.ContainerDefinitionProperty[]): { modelArn: string; modelName: string } {
    const mode = props.inferenceExecutionMode;
    const resource = new CfnModel(this, 'Resource', {
      executionRoleArn: this.role.roleArn,
      enableNetworkIsolation: props.enableNetworkIsolation,
      vpcConfig: this.network?.vpcConfig,
      ...containers.length > 1 || mode ? { containers } : { primaryContainer: containers[0] },
      inferenceExecutionConfig: mode && { mode: mode.value },
    });
    resource.node.addDependency(this.role);
    return { modelArn: resource.attrModelArn, modelName: resource.attrModelName };
  }

  private makeThroughApi(
    props: ModelProps, recommendation: IRecommendation, target: string | IModel,
  ): { modelArn: string; modelName: string } {
    const runtime = Runtime.of(this);
    const isPackage = typeof target === 'string';
    if (isPackage) {
      const modelPackage = props.modelPackage ?? recommendation.modelPackage;
      const allowed = modelPackage && !handedOver(this, props) ? permissionArn(modelPackage) : target;
      runtime.model.allowAlso('sagemaker:DescribeModelPackage', allowed);
      // The owner of a package in another account asks for it on the package too.
      runtime.model.allowAlso('sagemaker:CreateModel', allowed);
    } else {
      runtime.model.allowAlso('sagemaker:DescribeModel',
        handedOver(this, props) ? sagemakerArn('model', recommendation.modelName) : permissionArnOfModel(target, this));
      // Its container may be one of a package, whose environment is kept.
      runtime.model.allowAlso('sagemaker:DescribeModelPackage', sagemakerArn('model-package', '*'));
    }
    const isOfThisStack = (recommendation as Known)._isOfOwnJob && !handedOver(this, props);
    if (!isOfThisStack && recommendation.compilationJobName !== '') {
      runtime.model.allowAlso('sagemaker:DescribeCompilationJob', sagemakerArn('compilation-job', recommendation.compilationJobName));
    }
    runtime.model.allowPassRole(this.role.roleArn);
    const properties: ModelProperties = {
      SchemaVersion: SCHEMA_VERSION,
      ...isPackage ? { ModelPackageName: target } : { ModelName: handedOver(this, props) ? recommendation.modelName : target.modelName },
      InferenceSpecificationName: recommendation.inferenceSpecificationName,
      CompilationJobName: recommendation.compilationJobName,
      Environment: recommendation.environment,
      ExecutionRoleArn: isPackage || props.role ? this.role.roleArn : undefined,
      EnableNetworkIsolation: props.enableNetworkIsolation ? 'true' : undefined,
      VpcConfig: this.network && { SecurityGroupIds: this.network.vpcConfig.securityGroupIds, Subnets: this.network.vpcConfig.subnets },
      Tags: Lazy.any({ produce: () => renderTags(this.cdkTagManager) }) as any,
    };
    this._ownNamesArn = runtime.modelNamesArn;
    const resource = runtime.model.provide(this, 'Resource', MODEL_RESOURCE_TYPE, properties);
    resource.node.addDependency(this.role);
    return { modelArn: resource.getAtt('ModelArn').toString(), modelName: resource.getAtt('ModelName').toString() };
  }
}

/** In another stack, what was benchmarked comes with the recommendation: an export of its ARN could not change. */
function arnOf(scope: Construct, props: ModelProps, modelPackage: IModelPackage): string {
  return handedOver(scope, props) && !props.modelPackage ? props.recommendation!.modelPackageArn : modelPackage.modelPackageArn;
}

function handedOver(scope: Construct, { recommendation }: ModelProps): boolean {
  return recommendation !== undefined && Stack.of(recommendation) !== Stack.of(scope);
}

function readCompiled({ recommendation }: ModelProps, grantee: IGrantable): void {
  (recommendation as Known | undefined)?._grantReadCompiled?.(grantee);
}

/** Whoever makes a model hands its role over: a copy has the role of what it is a copy of. */
function roleOf(model: IModel): IRole {
  if (model instanceof Model) { return model.role; }
  throw new Error(`\`role\` is required: the benchmarked model '${model.node.path}' is imported, and which role it has is not known here.`
    + ' Give the one that it has.');
}

/** The package to deploy; none if there are containers instead. */
function checkSource(props: ModelProps): IModelPackage | undefined {
  const { containers, recommendation } = props;
  if (!containers) {
    if (props.inferenceExecutionMode) { throw new Error('`inferenceExecutionMode` goes with `containers`: set these, or leave it out.'); }
    const modelPackage = props.modelPackage ?? recommendation?.modelPackage;
    if (!modelPackage && recommendation?.model) {
      const [given] = (['vpc', 'enableNetworkIsolation'] as const).filter((name) => props[name] !== undefined);
      if (given) { throw new Error(`\`${given}\` cannot be given where the recommendation is of a model, whose network is taken over: leave it out.`); }
      return undefined;
    }
    if (!modelPackage) {
      throw new Error('`modelPackage` is required: '
        + (recommendation ? 'the recommendation does not say what was benchmarked.' : 'there is neither a recommendation nor `containers`.'));
    }
    return modelPackage;
  }
  if (recommendation || props.modelPackage) {
    throw new Error(`\`containers\` cannot be given beside \`${recommendation ? 'recommendation' : 'modelPackage'}\`: leave one out.`);
  }
  if (containers.length === 0) { throw new Error('`containers` must have at least 1 entry, got none.'); }
  // Their number only: each container judges itself.
  checkProp('containers', 'ContainerDefinitionList', containers.map(() => ({})));
  const names = containers.flatMap(({ _hostname }) => (_hostname === undefined ? [] : [_hostname]));
  // Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (ContainerHostname)
  if (names.length > 0 && names.length < containers.length) {
    throw new Error(`\`containerHostname\` must be set for each of \`containers\` or for none, got: ${names.length} of ${containers.length}.`);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) { throw new Error(`\`containerHostname\` must be another for each of \`containers\`, got '${twice}' twice.`); }
  return undefined;
}
