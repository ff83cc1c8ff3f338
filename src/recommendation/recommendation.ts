import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnOutput, CfnResource, Lazy, Names, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { parameterNames, RECOMMENDATION_RESOURCE_TYPE, RecommendationProperties, SOURCES } from '../contract/contract';
import { RECOMMENDATION_CHANGE } from '../contract/events';
import { EndpointType } from '../common/endpoint-type';
import { IInferenceRecommendationsJob } from '../jobs/inference-recommendations-job-props';
import { IModel } from '../hosting/model';
import { IModelPackage, ModelPackage } from '../model-package/model-package';
import { JOB, sagemakerArn } from '../common/arns';
import { dependOnStack } from '../common/dependencies';
import { eventRule } from '../runtime/event-rule';
import { fixedSource, renderFixed } from './figures';
import { Follower } from '../jobs/follower';
import { checkPlace, HandedOver, ownPaths, parameterNumber, parameterValue, Place } from './cross-stack-field';
import { logicalIdOf } from '../jobs/wait-chain';
import { NativeModel, UniformRows } from './native-model';
import { grantPullCompiled } from '../model-package/pull-actions';
import { FieldSource, RecommendationBase } from './recommendation-base';
import { checkParameterPath, renderRecommendation } from './recommendation-request';
import { Runtime } from '../runtime/runtime';
import { isWithoutJobs, WITHOUT_JOBS } from '../common/without-jobs';
import { RecommendationAttributes, SsmRecommendationAttributes } from './recommendation-attributes';
import { IRecommendation } from './recommendation-interface';
import { CrossStackReference, RecommendationOptions } from './recommendation-options';

/** Properties of a recommendation. */
export interface RecommendationProps extends RecommendationOptions {
  /** The job that recommends. */
  readonly job: IInferenceRecommendationsJob;
}

/**
 * The best of a job's recommendations by an objective.
 *
 * Source of the fields: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceRecommendation.html
 */
export class Recommendation extends RecommendationBase {
  /** A recommendation by figures in your code: one that was made elsewhere, or that you decide yourself. It makes no job. */
  public static fixed(scope: Construct, id: string, attributes: RecommendationAttributes): IRecommendation {
    class Fixed extends RecommendationBase {
      public readonly endpointType = attributes.endpointType ?? EndpointType.REAL_TIME;
      public readonly modelPackage = attributes.modelPackage;
      public readonly model = attributes.model;
      public readonly _native = attributes.compilationJobName === undefined ? attributes : undefined;
      protected readonly _source = fixedSource(scope, renderFixed('', attributes, this.endpointType), {
        JobName: attributes.jobName,
        ModelPackageArn: attributes.modelPackage?.modelPackageArn,
        ModelName: attributes.model?.modelName,
        RecommendationId: attributes.recommendationId,
        CompilationJobName: attributes.compilationJobName,
        Source: SOURCES.fixed,
        Summary: 'Fixed by the app.',
      });
      public _grantReadCompiled(grantee: IGrantable): void {
        if (attributes.compilationJobName !== undefined) { grantPullCompiled(grantee); }
      }
    }
    return new Fixed(scope, id);
  }

  /**
   * A recommendation of another app, account or Region, which wrote it to Parameter Store here. It is read anew at every deploy. A field without a
   * value is `-`.
   */
  public static fromSsmParameter(scope: Construct, id: string, attributes: SsmRecommendationAttributes): IRecommendation {
    const { parameterPath } = attributes;
    checkParameterPath(parameterPath);
    class Read extends RecommendationBase {
      public readonly endpointType = attributes.endpointType ?? EndpointType.REAL_TIME;
      public readonly model = attributes.model;
      private importedPackage?: IModelPackage;
      protected get _source(): FieldSource {
        return {
          text: (attribute) => parameterValue(Stack.of(this), parameterPath, attribute),
          number: (attribute) => parameterNumber(Stack.of(this), parameterPath, attribute),
        };
      }
      public get modelPackage(): IModelPackage | undefined {
        if (attributes.model) { return undefined; }
        this.importedPackage ??= attributes.modelPackage ?? ModelPackage.fromModelPackageArn(this, 'ModelPackage', this.modelPackageArn);
        return this.importedPackage;
      }
      public _grantReadCompiled(grantee: IGrantable): void {
        grantPullCompiled(grantee);
      }
    }
    return new Read(scope, id);
  }

  public readonly endpointType: EndpointType;
  public readonly modelPackage?: IModelPackage;
  public readonly model?: IModel;
  /**
   * What a native model needs to know of the row, where that is known before the deploy.
   *
   * @internal
   */
  public readonly _native?: NativeModel;
  /** @internal */
  public readonly _isOfOwnJob: boolean;
  /** @internal */
  protected readonly _source: FieldSource;
  private readonly job: OwnJob;
  private readonly mayBeCompiled: boolean;
  private resource?: CfnResource;
  private readonly replicas: Place[] = [];
  private path?: string;

  /**
   * @throws if a figure is out of its range, options do not go together, or the job is of another stack
   */
  constructor(scope: Construct, id: string, props: RecommendationProps) {
    super(scope, id);
    this.job = props.job;
    this._isOfOwnJob = this.job._importedName === undefined;
    this.endpointType = props.endpointType ?? EndpointType.REAL_TIME;
    this.modelPackage = props.job.target?.modelPackage;
    this.model = props.job.target?.model;
    this.path = props.parameterPath;
    if (Stack.of(this) !== Stack.of(props.job)) {
      throw new Error(`\`job\` must be in the recommendation's own stack, got one of ${Stack.of(props.job).node.path || 'another'}:`
        + ' add the recommendation beside the job, and use its fields in other stacks.');
    }
    const names = nativeNames(props, this.job._uniform);
    // Rendered in any case: what passes without jobs passes with them, too.
    const properties = renderRecommendation(props.job.jobName, props, this.endpointType, names);
    const fixed = props.fixed ?? props.fallback;
    const isFixed = isWithoutJobs(this) && (fixed !== undefined || this.job._importedName === undefined);
    this.mayBeCompiled = !isFixed && props.limits?.allowCompiledModels !== false;
    if (this.job._isInBackground && !props.fallback) {
      throw new Error('`fallback` is required where the job runs in the background: it serves until the first result is in.');
    }
    if (isFixed) {
      if (!fixed) { throw new Error(`\`fixed\` or \`fallback\` is required where the context '${WITHOUT_JOBS}' is true: no job runs there.`); }
      this._native = fixed;
      this._source = fixedSource(this, renderFixed(props.fixed ? 'fixed' : 'fallback', fixed, this.endpointType), {
        ...this.fallbackTarget(),
        Source: SOURCES.fixed,
        Summary: `Fixed by the app: the context '${WITHOUT_JOBS}' is true.`,
      });
    } else {
      this.makeResource(properties);
      const isExported = props.crossStackReference === CrossStackReference.CDK;
      const handover = { resource: this.resource!, pathFor: isExported ? undefined : (consumer: Stack) => this.handOver(consumer) };
      const token = (attribute: string) => new HandedOver(handover, attribute);
      this._source = { text: (attribute) => Token.asString(token(attribute)), number: (attribute) => Token.asNumber(token(attribute)) };
      this._native = names && {
        inferenceSpecificationName: this.job._uniform!.inferenceSpecificationName,
        environment: Object.fromEntries(names.map((name) => [name, Token.asString(token(`Environment.${name}`))])),
      };
      if (props.fallback) { this.job._tolerateFailure?.(); }
    }
    if (props.explain ?? props.fallback) {
      new CfnOutput(this, 'Summary', { description: 'What Inference Recommender chose', value: this.summary });
    }
  }

  /**
   * A rule for when another recommendation is chosen in the background than the one before. Figures alone make no other one: only what is deployed
   * does.
   *
   * The detail: `StackId` and `LogicalResourceId` of this resource, `JobName`, `ParameterPath`, `Adopted`, and the fields `Current` and `Previous`.
   *
   * @throws if the job is waited for: its recommendation changes when the stack is deployed, and at no other time
   */
  public onChange(id: string, options: OnEventOptions = {}): Rule {
    if (!this.job._isInBackground) { throw new Error('`onChange` needs a job that runs in the background: set its `wait` to `Wait.inBackground()`.'); }
    return eventRule(this, id, RECOMMENDATION_CHANGE, { LogicalResourceId: [this.resource ? logicalIdOf(this.resource) : this.node.path] }, options);
  }

  /**
   * Lets a model's role read what this recommendation may turn out to be: a compiled artifact, in an image of SageMaker Neo.
   *
   * @internal
   */
  public _grantReadCompiled(grantee: IGrantable): void {
    if (!this.mayBeCompiled) { return; }
    this.job._grantReadCompiled?.(grantee);
    grantPullCompiled(grantee);
  }

  /**
   * Makes the recommendation write itself to Parameter Store, and gives the path.
   *
   * @internal
   */
  public _publish(): string {
    if (this.path === undefined) {
      this.path = `${ownPaths(this)}/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`;
      checkParameterPath(this.path);
    }
    if (this.resource) { Runtime.of(this).conclude.allowParameters(this.path, this.resource); }
    return this.path;
  }

  /**
   * Whether it stands in the app's code, and nowhere else.
   *
   * @internal
   */
  public get _isFixed(): boolean {
    return this.resource === undefined;
  }

  /** @internal */
  public get _isInBackground(): boolean {
    return this.job._isInBackground ?? false;
  }

  /** @internal */
  public _addReplica(place: Place): void {
    this.replicas.push(place);
  }

  private handOver(consumer: Stack): string {
    checkPlace(this, consumer, this.replicas);
    dependOnStack(consumer, Stack.of(this), 'it reads the recommendation from Parameter Store');
    return this._publish();
  }

  /** What a fallback is deployed of. */
  private fallbackTarget(): Pick<RecommendationProperties, 'ModelPackageArn' | 'ModelName'> {
    const { _registry } = this.job;
    if (_registry) { return { ModelPackageArn: _registry.initialPackageArn }; }
    return { ModelPackageArn: this.modelPackage?.modelPackageArn, ModelName: this.model?.modelName };
  }

  private makeResource(properties: RecommendationProperties): void {
    const { conclude } = Runtime.of(this);
    // By the name that it was imported by: what comes of a wait link would have to be there before the function that makes it.
    if (this.job._importedName !== undefined) {
      conclude.allowAlso('sagemaker:DescribeInferenceRecommendationsJob', sagemakerArn(JOB, this.job._importedName));
    }
    const isInBackground = this.job._isInBackground;
    const given: RecommendationProperties = {
      ...properties,
      ParameterPath: Lazy.string({ produce: () => this.path }),
      InBackground: isInBackground ? 'true' : undefined,
      ...properties.Fallback && this.fallbackTarget(),
      CandidatePath: this.job._registry && Lazy.string({ produce: () => parameterNames(this.path!).candidate }),
    };
    this.resource = conclude.provide(this, 'Resource', RECOMMENDATION_RESOURCE_TYPE, given);
    if (this.path !== undefined || isInBackground) { this._publish(); }
    if (isInBackground) {
      const { JobName: _job, ...followed } = given;
      this.job._follower!.write({ ...followed, ParameterPath: this.path!, LogicalResourceId: logicalIdOf(this.resource) }, this.resource);
    }
  }
}

/** What only a job of this library has. */
interface OwnJob extends IInferenceRecommendationsJob {
  /** Of a job that something else started. */
  readonly _importedName?: string;
  readonly _isInBackground?: boolean;
  readonly _follower?: Pick<Follower, 'write'>;
  /** Of the jobs that approvals start: the package of each is known only then. */
  readonly _registry?: { readonly initialPackageArn?: string };
  /** What all rows have in common, if that is known before the deploy. */
  readonly _uniform?: UniformRows;
  readonly _grantReadCompiled?: (grantee: IGrantable) => void;
  readonly _tolerateFailure?: () => void;
}

/** Names of the variables that any row has, where a native model can be made of whatever is chosen. */
function nativeNames({ limits, fallback }: RecommendationProps, uniform: UniformRows | undefined): readonly string[] | undefined {
  if (!uniform || limits?.allowCompiledModels !== false) { return undefined; }
  const isAlike = !fallback || (fallback.inferenceSpecificationName === uniform.inferenceSpecificationName
    && Object.keys(fallback.environment ?? {}).sort().join() === [...uniform.environmentNames].sort().join());
  return isAlike ? uniform.environmentNames : undefined;
}
