import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IGrantable, IPrincipal, IRole, IRoleRef } from 'aws-cdk-lib/aws-iam';
import { CfnModel, IModelPackageRef, IModelRef, ModelReference } from 'aws-cdk-lib/aws-sagemaker';
import { IResource, ITaggableV2, Resource, Stack, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ApiSource, apiSource, packageArnOf } from './api-model';
import { modelFacts } from './facts';
import { BoundContainer } from './model-container';
import { ModelProps } from './model-props';
import { grantUntilReplaced, modelRole } from './model-role';
import { checkSource, isolationOf, warnOfTuned } from './model-source';
import { isPlain, isSameModel, nativeContainer } from './native-model';
import { poolModels } from './pool-models';
import { enumValue } from '../common/check';
import { dependOnPoliciesOf } from '../common/dependencies';
import { checkOneResource } from '../common/names';
import { allowInterfaces, Network, networkOf } from '../common/network';
import { endOf, grantableRole, modelArns, modelNameOf, modelNames, ownModelNames } from '../common/refs';
import { renderTags } from '../common/render';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { MODEL_RESOURCE_TYPE, ModelProperties } from '../contract/model';
import { grantReadArtifacts, KnownImage, warnOfUnreadable } from '../model-package/facts';
import { knownImages, modelImages } from '../model-package/image-hardware';
import { grantPullCompiled } from '../model-package/image-pull';
import { grantReadModel, modelReading } from '../model-package/model-reading';
import { hostedAs, recommendationFacts } from '../recommendation/facts';
import { IRecommendation } from '../recommendation/recommendation-interface';
import { Runtime } from '../runtime/runtime';

/** A model that endpoints serve, of this library or imported. */
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

/**
 * A model, created from a recommendation, a model package or containers. Any change replaces it and the endpoint configurations that use it.
 *
 * There is no prop for images in a private registry and for several models in one container. Set them on the `CfnModel` in
 * `model.node.defaultChild`, if the model is not created from a recommendation.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
 * @resource AWS::SageMaker::Model
 * @example
 * new Model(this, 'Model', { recommendation: best });
 */
export class Model extends Resource implements IModel, ITaggableV2, IGrantable, IConnectable {
  /**
   * Imports an existing model of this account and Region by its name.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param modelName name of the model
   * @throws if it has a '*' or a '?': a grant would reach more than one resource
   */
  public static fromModelName(scope: Construct, id: string, modelName: string): IModel {
    return Model.fromModelArn(scope, id, Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'model', resourceName: modelName }));
  }

  /**
   * Imports an existing model by its ARN.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param modelArn ARN of the model
   * @throws if it has a '*' or a '?': a grant would reach more than one resource
   */
  public static fromModelArn(scope: Construct, id: string, modelArn: string): IModel {
    class Import extends Resource implements IModel {
      public readonly modelArn = modelArn;
      public readonly modelName = endOf(modelArn);
      public readonly modelRef: ModelReference = { modelArn };
    }
    checkOneResource('modelArn', modelArn);
    return new Import(scope, id, { environmentFromArn: modelArn });
  }

  /** ARN of the model. */
  public readonly modelArn: string;
  /** Name of the model. */
  public readonly modelName: string;
  /** The role that the containers run with. */
  public readonly role: IRole;
  /** The principal to grant permissions to: the role. */
  public readonly grantPrincipal: IPrincipal;
  /** Tags of the model. Changing them replaces nothing. */
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, 'AWS::SageMaker::Model');

  private readonly network?: Network;
  private readonly isIsolated?: boolean;

  /**
   * Defines a model.
   *
   * @param scope where to add it, usually `this`
   * @param id id of the construct within `scope`
   * @param props the recommendation, model package or containers, and their role and network
   * @throws if there is nothing to deploy or more than one source, if a container, a variable or a part of the network is invalid, or if a package of
   * AWS Marketplace is not isolated
   */
  constructor(scope: Construct, id: string, props: ModelProps) {
    super(scope, id);
    const modelPackage = checkSource(props);
    warnOfTuned(this, props);
    const benchmarked = props.recommendation && !modelPackage ? props.recommendation.model : undefined;
    const containers = props.containers?.map((container, index) => container._bind(this, index)) ?? [];
    this.isIsolated = isolationOf(props, [modelPackage, ...containers.map((container) => container.modelPackage)]);
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
    // A copy of a model needs that model's role.
    if (!role) { throw new Error(`\`role\` is required: the role of the imported model '${benchmarked!.node.path}' is unknown. Pass its role.`); }
    this.role = grantableRole(this, 'GivenRole', role);
    this.grantPrincipal = this.role.grantPrincipal;
    modelReading.keep(this, (grantee) => {
      if (benchmarked) { grantReadModel(benchmarked, grantee); }
      grantRead(grantee);
    });
    modelFacts.keep(this, {
      recommendation: props.recommendation,
      role: this.role,
      ownRole,
      isIsolated: this.isIsolated ?? false,
      isInVpc: this.network !== undefined,
      containerCount: Math.max(1, containers.length),
    });
    modelImages.keep(this, imagesOf(props, modelPackage, containers));
    const packageArn = modelPackage && packageArnOf(this, props, modelPackage);
    const make = (recommendation?: IRecommendation, pool = '') => {
      const native = modelPackage && nativeContainer(recommendation, modelPackage, packageArn!, props.environment);
      const definitions = native ? [native] : containers.map(({ properties }) => properties);
      // A fixed recommendation of the benchmarked model itself needs no copy.
      const asIs = benchmarked && isPlain(recommendation!) && Object.keys(props.environment ?? {}).length === 0
        ? { modelArn: benchmarked.modelRef.modelArn, modelName: modelNameOf(benchmarked) } : undefined;
      const isNative = definitions.length > 0 && !containers.some(({ isOnlyInApi }) => isOnlyInApi);
      return asIs ?? (isNative ? this.makeNatively(props, role, definitions, pool)
        : this.makeThroughApi({ ...props, recommendation }, role, packageArn ?? benchmarked ?? containers, pool));
    };
    ({ modelArn: this.modelArn, modelName: this.modelName } = make(props.recommendation));
    modelNames.keep(this, this.modelName);
    const { recommendation } = props;
    const { pools } = hostedAs(recommendation);
    if (recommendation && pools) {
      const names = pools.nextBest.map((next, index) => (isSameModel(recommendation, next) ? undefined : make(next, `Pool${index + 2}`).modelName));
      poolModels.keep(this, { recommendation, names });
    }
  }

  /** Reference to the model, as CDK's own constructs take it. */
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

  private makeNatively(
    props: ModelProps, role: IRoleRef, containers: CfnModel.ContainerDefinitionProperty[], pool: string,
  ): { modelArn: string; modelName: string } {
    const mode = props.inferenceExecutionMode;
    const resource = new CfnModel(this, `${pool}Resource`, {
      executionRoleArn: role.roleRef.roleArn,
      enableNetworkIsolation: this.isIsolated,
      vpcConfig: this.network?.vpcConfig,
      ...containers.length > 1 || mode ? { containers } : { primaryContainer: containers[0] },
      inferenceExecutionConfig: mode && { mode: enumValue('inferenceExecutionMode', mode, 'InferenceExecutionMode') },
    });
    dependOnPoliciesOf(role, resource);
    return { modelArn: resource.attrModelArn, modelName: resource.attrModelName };
  }

  private makeThroughApi(props: ModelProps, role: IRoleRef, source: ApiSource, pool: string): { modelArn: string; modelName: string } {
    const { inferenceExecutionMode: mode } = props;
    const runtime = Runtime.of(this);
    const model = runtime.model();
    const named = apiSource(this, props, source, model);
    const isCopy = named.ModelName !== undefined;
    model.allowPassRole(role.roleRef.roleArn);
    const properties: ModelProperties = {
      SchemaVersion: SCHEMA_VERSION,
      ...named,
      OwnEnvironment: props.environment,
      InferenceExecutionConfig: mode && { Mode: enumValue('inferenceExecutionMode', mode, 'InferenceExecutionMode') },
      ExecutionRoleArn: !isCopy || props.role ? role.roleRef.roleArn : undefined,
      EnableNetworkIsolation: this.isIsolated ? 'true' : undefined,
      VpcConfig: this.network && { SecurityGroupIds: this.network.vpcConfig.securityGroupIds, Subnets: this.network.vpcConfig.subnets },
      Tags: renderTags(this.cdkTagManager),
    };
    // Without a change, the benchmarked model itself is deployed.
    ownModelNames.keep(this, [runtime.modelNamesArn, ...isCopy ? modelArns(source as IModelRef) : []]);
    // CloudFormation refuses another type under a logical id, so the native resource and this one have different ids.
    const resource = model.provide(this, `${pool}CustomResource`, MODEL_RESOURCE_TYPE, properties);
    if (pool === '') { this.node.defaultChild = resource; }
    if (properties.ExecutionRoleArn === undefined) { resource.node.addDependency(role); } else { dependOnPoliciesOf(role, resource); }
    return { modelArn: resource.getAtt('ModelArn').toString(), modelName: resource.getAtt('ModelName').toString() };
  }
}

/** A ranked recommendation may be of another specification, or compiled. */
function imagesOf(
  { recommendation }: ModelProps, modelPackage: IModelPackageRef | undefined, containers: readonly BoundContainer[],
): readonly KnownImage[] {
  const native = recommendationFacts.of(recommendation)?.native;
  const mayBeReplaced = recommendation !== undefined && !native;
  return [...containers.flatMap(({ images }) => images), ...knownImages({ modelPackage, model: modelPackage ? undefined : recommendation?.model })]
    .filter(({ specificationName }) => mayBeReplaced || !modelPackage || specificationName === native?.inferenceSpecificationName)
    .map(({ image }) => ({ image, mayBeReplaced }));
}

function grantReadCompiled({ recommendation }: ModelProps, grantee: IGrantable): void {
  if (!recommendation) { return; }
  // A recommendation of another copy of this library has no facts: it may be a compiled model.
  const { grantReadCompiled: grant } = recommendationFacts.of(recommendation) ?? { grantReadCompiled: grantPullCompiled };
  grant?.(grantee);
}
