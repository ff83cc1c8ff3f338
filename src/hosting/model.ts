import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IGrantable, IPrincipal, IRole, IRoleRef } from 'aws-cdk-lib/aws-iam';
import { CfnModel, IModelPackageRef, IModelRef, ModelReference } from 'aws-cdk-lib/aws-sagemaker';
import { IResource, ITaggableV2, Lazy, Resource, Stack, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { modelFacts } from './facts';
import { InferenceExecutionMode, ModelContainer } from './model-container';
import { grantUntilReplaced, modelRole } from './model-role';
import { isPlain, nativeContainer } from './native-model';
import { checkProp } from '../common/check';
import { sagemakerArn } from '../common/names';
import { allowInterfaces, Network, networkOf } from '../common/network';
import { NetworkOptions } from '../common/network-options';
import { endOf, grantableRole, modelNameOf, modelNames, ownModelNames } from '../common/refs';
import { renderTags } from '../common/render';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { MODEL_RESOURCE_TYPE, ModelProperties } from '../contract/model';
import { permissionArnOfModel } from '../jobs/benchmark-target';
import { compilationJobArns } from '../jobs/family';
import { grantReadArtifacts, permissionArn, warnOfUnreadable } from '../model-package/facts';
import { recommendationFacts } from '../recommendation/facts';
import { IRecommendation } from '../recommendation/recommendation-interface';
import { Runtime } from '../runtime/runtime';

/** A model that endpoints serve. */
export interface IModel extends IResource, IModelRef {
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
  readonly modelPackage?: IModelPackageRef;
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
  readonly role?: IRoleRef;
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
      public readonly modelName = endOf(modelArn);
      public readonly modelRef: ModelReference = { modelArn };
    }
    const imported = new Import(scope, id, { environmentFromArn: modelArn });
    modelNames.keep(imported, imported.modelName);
    return imported;
  }

  public readonly modelArn: string;
  public readonly modelName: string;
  /** The role that the containers run with. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** Tags of the model. Changing them replaces nothing. */
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, 'AWS::SageMaker::Model');

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
    const grantRead = (grantee: IGrantable) => {
      if (modelPackage) { grantReadArtifacts(modelPackage, grantee); }
      containers.forEach((container) => container.grantRead(grantee));
      grantReadCompiled(props, grantee);
    };
    const source = modelFacts.of(benchmarked);
    let ownRole: IRole | undefined;
    if (!props.role && !benchmarked) {
      warnOfUnreadable(this, modelPackage);
      ownRole = modelRole(this, grantRead);
      if (this.network) { allowInterfaces(ownRole, this.network); }
    }
    if (source?.ownRole) { grantUntilReplaced(source.ownRole, (grantee) => grantReadCompiled(props, grantee)); }
    const role = props.role ?? ownRole ?? source?.role;
    // A copy has the role of the model that it is a copy of.
    if (!role) { throw new Error(`\`role\` is required: the role of the imported model '${benchmarked!.node.path}' is unknown. Pass the role that it has.`); }
    this.role = grantableRole(this, 'GivenRole', role);
    this.grantPrincipal = this.role.grantPrincipal;
    modelFacts.keep(this, {
      role: this.role,
      ownRole,
      isIsolated: props.enableNetworkIsolation ?? false,
      isInVpc: this.network !== undefined,
      containerCount: Math.max(1, containers.length),
    });
    const packageArn = modelPackage && arnOf(this, props, modelPackage);
    const native = props.recommendation && modelPackage && nativeContainer(props.recommendation, modelPackage, packageArn!);
    const packaged = modelPackage && (native ?? { modelPackageName: packageArn });
    const definitions = packaged ? [packaged] : containers.map(({ properties }) => properties);
    // A recommendation that is fixed to the benchmarked model itself needs no other model.
    const asIs = benchmarked && isPlain(props.recommendation!) ? { modelArn: benchmarked.modelRef.modelArn, modelName: modelNameOf(benchmarked) } : undefined;
    ({ modelArn: this.modelArn, modelName: this.modelName } = asIs ?? (props.recommendation && !native
      ? this.makeThroughApi(props, props.recommendation, role, packageArn ?? benchmarked!)
      : this.makeNatively(props, role, definitions)));
    modelNames.keep(this, this.modelName);
  }

  public get modelRef(): ModelReference {
    return { modelArn: this.modelArn };
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

  private makeNatively(props: ModelProps, role: IRoleRef, containers: CfnModel.ContainerDefinitionProperty[]): { modelArn: string; modelName: string } {
    const mode = props.inferenceExecutionMode;
    const resource = new CfnModel(this, 'Resource', {
      executionRoleArn: role.roleRef.roleArn,
      enableNetworkIsolation: props.enableNetworkIsolation,
      vpcConfig: this.network?.vpcConfig,
      ...containers.length > 1 || mode ? { containers } : { primaryContainer: containers[0] },
      inferenceExecutionConfig: mode && { mode: mode.value },
    });
    resource.node.addDependency(role);
    return { modelArn: resource.attrModelArn, modelName: resource.attrModelName };
  }

  private makeThroughApi(
    props: ModelProps, recommendation: IRecommendation, role: IRoleRef, target: string | IModelRef,
  ): { modelArn: string; modelName: string } {
    const runtime = Runtime.of(this);
    const model = runtime.model();
    const isPackage = typeof target === 'string';
    if (isPackage) {
      const modelPackage = props.modelPackage ?? recommendation.modelPackage;
      const allowed = modelPackage && !handedOver(this, props) ? permissionArn(modelPackage) : target;
      model.allowAlso('sagemaker:DescribeModelPackage', allowed);
      // The owner of a package in another account asks for it on the package too.
      model.allowAlso('sagemaker:CreateModel', allowed);
    } else {
      model.allowAlso('sagemaker:DescribeModel',
        handedOver(this, props) ? sagemakerArn('model', recommendation.modelName) : permissionArnOfModel(target, this));
      // Its container may be one of a package, whose environment is kept.
      model.allowAlso('sagemaker:DescribeModelPackage', sagemakerArn('model-package', '*'));
    }
    compilationJobArns().forEach((arn) => model.allowAlso('sagemaker:DescribeCompilationJob', arn));
    const isOfThisStack = recommendationFacts.of(recommendation)?.isOfOwnJob && !handedOver(this, props);
    if (!isOfThisStack && recommendation.compilationJobName !== '') {
      model.allowAlso('sagemaker:DescribeCompilationJob', sagemakerArn('compilation-job', recommendation.compilationJobName));
    }
    model.allowPassRole(role.roleRef.roleArn);
    const properties: ModelProperties = {
      SchemaVersion: SCHEMA_VERSION,
      ...isPackage ? { ModelPackageName: target } : { ModelName: handedOver(this, props) ? recommendation.modelName : modelNameOf(target) },
      InferenceSpecificationName: recommendation.inferenceSpecificationName,
      CompilationJobName: recommendation.compilationJobName,
      Environment: recommendation.environment,
      ExecutionRoleArn: isPackage || props.role ? role.roleRef.roleArn : undefined,
      EnableNetworkIsolation: props.enableNetworkIsolation ? 'true' : undefined,
      VpcConfig: this.network && { SecurityGroupIds: this.network.vpcConfig.securityGroupIds, Subnets: this.network.vpcConfig.subnets },
      Tags: Lazy.any({ produce: () => renderTags(this.cdkTagManager) }) as any,
    };
    ownModelNames.keep(this, runtime.modelNamesArn);
    const resource = model.provide(this, 'Resource', MODEL_RESOURCE_TYPE, properties);
    resource.node.addDependency(role);
    return { modelArn: resource.getAtt('ModelArn').toString(), modelName: resource.getAtt('ModelName').toString() };
  }
}

/** In another stack, what was benchmarked comes with the recommendation: an export of its ARN could not change. */
function arnOf(scope: Construct, props: ModelProps, modelPackage: IModelPackageRef): string {
  return handedOver(scope, props) && !props.modelPackage ? props.recommendation!.modelPackageArn : modelPackage.modelPackageRef.modelPackageArn;
}

function handedOver(scope: Construct, { recommendation }: ModelProps): boolean {
  return recommendation !== undefined && Stack.of(recommendation) !== Stack.of(scope);
}

function grantReadCompiled({ recommendation }: ModelProps, grantee: IGrantable): void {
  recommendationFacts.of(recommendation)?.grantReadCompiled?.(grantee);
}

/** The package to deploy; none if there are containers instead. */
function checkSource(props: ModelProps): IModelPackageRef | undefined {
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
