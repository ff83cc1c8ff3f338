import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnOutput, Stack, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { adviseOnChoice, mayHaveLocalStorage, renderImages } from './choice-hardware';
import { checkParameterPath, checkPin, INSTANCE_LISTS, renderTypeLimits, warnOfInstances } from './choice-request';
import { Chosen } from './chosen';
import { FieldSource, writtenFields } from './cross-stack-field';
import { recommendationFacts } from './facts';
import { renderFixed } from './figures';
import { FixedRecommendation } from './recommendation-attributes';
import { RecommendationBase } from './recommendation-base';
import type { IRecommendation } from './recommendation-interface';
import { ChoiceOptions, InstanceTypeLimits } from './recommendation-options';
import { checkIsA, checkProp, enumValue } from '../common/check';
import { EndpointType } from '../common/endpoint-type';
import { InstanceType } from '../common/instance-type';
import { modelNameOf, permissionArnsOfModel } from '../common/refs';
import { prune } from '../common/render';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { DEPLOYMENT_RECOMMENDATIONS } from '../contract/families';
import { LimitProperties, RecommendationProperties } from '../contract/recommend';
import { knownImages } from '../model-package/image-hardware';
import { Runtime } from '../runtime/runtime';
import { INSTANT } from '../service/recommendation-kinds';

/** Properties of an instant recommendation. */
export interface InstantRecommendationProps extends ChoiceOptions {
  /** The model to recommend an instance type for: one of your app, or an imported one. */
  readonly model: IModelRef;
  /**
   * Limits that the recommendation must keep.
   *
   * @default - no limits
   */
  readonly limits?: InstanceTypeLimits;
  /**
   * Instance type to choose. The service must recommend it, and `limits` must allow it.
   *
   * @default - all instance types
   */
  readonly pinnedInstanceType?: InstanceType;
  /**
   * Number of instances to deploy: at least 1. The service recommends none. It counts for a `fallback` without a number of its own, too.
   *
   * @default 1
   */
  readonly instanceCount?: number;
  /**
   * Figures to use if the service recommends nothing for the model, or nothing that keeps the limits. An output of the stack then has a warning.
   *
   * @default - the deploy fails
   */
  readonly fallback?: FixedRecommendation;
}

/** Attributes of an instant recommendation that is published to Parameter Store. */
export interface SsmInstantRecommendationAttributes {
  /** Path that the recommendation is published below: the `parameterPath` of the original. It may not be a token. */
  readonly parameterPath: string;
  /**
   * The model that the recommendation is for. A `Model` of the recommendation needs it: it copies the model with the recommended variables.
   *
   * @default - unknown
   */
  readonly model?: IModelRef;
}

/**
 * The instance type that SageMaker recommends with a model at once, without a benchmark. It takes seconds and costs nothing.
 *
 * The service lists at most 3 instance types, some with environment variables for the container, and no figures. So there is no objective: the first
 * type of the list that keeps the limits is chosen. For some models, the service recommends nothing. Then the `fallback` is used, or the deploy fails.
 * The list is read again when the model is replaced, or an option changes.
 *
 * It can be deployed while a benchmark runs in the background: see `startFrom` of a job's recommendation.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentRecommendation.html
 * @example
 * const instant = new InstantRecommendation(this, 'Instant', {
 *   model,
 *   limits: { refusedInstanceFamilies: ['ml.p4d'] },
 *   fallback: { instanceType: InstanceType.of('ml.m5.large') },
 * });
 * const served = new Model(this, 'Served', { recommendation: instant });
 * new EndpointConfig(this, 'Config', { variants: [Variant.fromRecommendation(served, instant)] });
 */
export class InstantRecommendation extends RecommendationBase {
  /**
   * An instant recommendation that another app, account or Region published to Parameter Store of this account and Region. The stack reads it at each of its
   * deploys.
   *
   * @param scope where to add the recommendation, usually `this`
   * @param id construct id, unique in the scope
   * @param attrs the path, and the model
   * @throws if `parameterPath` is no path
   */
  public static fromSsmParameter(scope: Construct, id: string, attrs: SsmInstantRecommendationAttributes): IRecommendation {
    const { parameterPath } = attrs;
    checkParameterPath(parameterPath);
    class Read extends RecommendationBase {
      public readonly endpointType = EndpointType.REAL_TIME;
      public readonly modelPackage?: IModelPackageRef;
      public readonly model = attrs.model;
      protected readonly _source: FieldSource;

      constructor() {
        super(scope, id);
        this._source = writtenFields(this, parameterPath);
        recommendationFacts.keep(this, { hostedAs: () => ({ environment: this.environment }), targetInLowerCase: () => this._targetInLowerCase });
      }

      public get parameterPath(): string { return parameterPath; }
    }
    return new Read();
  }

  public readonly endpointType: EndpointType = EndpointType.REAL_TIME;
  public readonly modelPackage?: IModelPackageRef;
  public readonly model?: IModelRef;
  /** @internal */
  protected readonly _source: FieldSource;
  private readonly chosen: Chosen;

  /**
   * Reads the recommendation of a model when the stack is deployed.
   *
   * @param scope where to add the recommendation, usually `this`
   * @param id construct id, unique in the scope
   * @param props the model, and the rules of the choice
   * @throws if an option needs figures, which this recommendation has not, or is out of its range
   */
  constructor(scope: Construct, id: string, props: InstantRecommendationProps) {
    super(scope, id);
    checkNeedsNoFigures(props);
    const { model } = props;
    this.model = model;
    const properties = this.propertiesOf(props);
    const recommend = () => Runtime.of(this).recommend();
    this.chosen = new Chosen(this, { recommend, facts: {}, target: { ModelName: properties.JobName } }, props.parameterPath);
    const policy = this.allowDescribe(model);
    this._source = this.chosen.make(properties, props.fallback !== undefined, props.crossStackReference);
    if (policy) { this.chosen.addDependency(policy); }
    recommendationFacts.keep(this, {
      hostedAs: () => ({ environment: this.environment }),
      chosen: this.chosen,
      copied: () => [this.modelName, this.recommendationId, this.instanceType, this.instanceCount, this.environment, this.source, this.summary],
      targetInLowerCase: () => this._targetInLowerCase,
      mayHaveLocalStorage: mayHaveLocalStorage(props, this.endpointType, undefined),
    });
    if (props.explain ?? props.fallback) {
      new CfnOutput(this, 'Summary', { description: 'What SageMaker recommends with the model', value: this.summary });
    }
  }

  /** Path in Parameter Store below which the recommendation is published; undefined if it is not. */
  public get parameterPath(): string | undefined { return this.chosen.path; }

  /** Lets the function describe the model: in its role, unless the role would then wait for a model that may itself wait for the function. */
  private allowDescribe(model: IModelRef): Construct | undefined {
    const [recommend, arns] = [Runtime.of(this).recommend(), permissionArnsOfModel(model, this)];
    const actions = ['sagemaker:DescribeModel'];
    // Reason: reads what SageMaker recommends with the model, without a job.
    if (namesResource(this, arns)) { return recommend.allowIn(this, [new PolicyStatement({ actions, resources: [...arns] })]); }
    // Reason: reads what SageMaker recommends with the model, without a job.
    recommend.allow(actions, ...arns);
    return undefined;
  }

  private propertiesOf(props: InstantRecommendationProps): RecommendationProperties {
    const { model, instanceCount = 1, parameterPath, pinnedInstanceType } = props;
    checkIsA('model', model, 'modelRef', 'a model, such as `Model.fromModelName()` returns');
    checkProp('instanceCount', 'InitialTaskCount', instanceCount);
    if (parameterPath !== undefined) { checkParameterPath(parameterPath); }
    const limits = props.limits && prune(renderTypeLimits(props.limits)) as LimitProperties | undefined;
    const pinned = pinnedInstanceType && enumValue('pinnedInstanceType', pinnedInstanceType, 'InstanceType');
    checkPin(pinned, limits);
    const fallback = props.fallback && { initialInstanceCount: instanceCount, ...props.fallback };
    if (fallback?.nextInstanceTypes) { throw new Error('`fallback.nextInstanceTypes` must be left out: an instant recommendation has no instance pools.'); }
    const images = knownImages({ model });
    warnOfInstances(this, props);
    adviseOnChoice(this, images, props, this.endpointType);
    return {
      SchemaVersion: SCHEMA_VERSION,
      Family: DEPLOYMENT_RECOMMENDATIONS,
      JobName: modelNameOf(model),
      Objective: 'FirstOfList' satisfies keyof typeof INSTANT.objectives,
      EndpointType: 'RealTime',
      Limits: limits,
      Images: renderImages(this, images),
      Pin: prune({ InstanceType: pinned }),
      InstanceCount: Tokenization.stringifyNumber(instanceCount),
      Fallback: fallback && renderFixed('fallback', fallback, this.endpointType),
      ParameterPath: parameterPath,
    };
  }
}

/** Whether ARNs refer to a resource of the stack, and not only to its account, its Region and other stacks. */
function namesResource(scope: Construct, arns: readonly string[]): boolean {
  return /"Fn::GetAtt"|"Ref":"(?!AWS::)/.test(JSON.stringify(Stack.of(scope).resolve(arns)));
}

const OPTIONS: ReadonlyArray<keyof InstantRecommendationProps> = [
  'model', 'limits', 'pinnedInstanceType', 'instanceCount', 'fallback', 'parameterPath', 'crossStackReference', 'explain',
];
const LIMITS: ReadonlyArray<keyof InstanceTypeLimits> = [...INSTANCE_LISTS, 'allowLocalStorage'];

/** Refuses the options of other kinds, which no compiler keeps JavaScript from passing: they would be dropped without a word. */
function checkNeedsNoFigures(props: InstantRecommendationProps): void {
  const strange = [
    ...Object.keys(props).filter((name) => !OPTIONS.includes(name as keyof InstantRecommendationProps)),
    ...Object.keys(props.limits ?? {}).filter((name) => !LIMITS.includes(name as keyof InstanceTypeLimits)).map((name) => `limits.${name}`),
  ];
  if (strange.length === 0) { return; }
  throw new Error(`\`${strange.join('`, `')}\` must be left out: an instant recommendation has no figures to compare, only the order of the service's list.`
    + ' Benchmark the model with an `InferenceRecommendationsJob` to choose by figures.');
}
