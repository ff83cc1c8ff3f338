import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnOutput, CfnResource, IResource, Lazy, Names, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { checkPlace, CrossStackField, FieldSource, Place, writtenFields } from './cross-stack-field';
import { enterRecommendation, JobFacts, jobFacts, NativeModel, recommendationFacts, recommendationsOf, UniformRecommendations } from './facts';
import { fixedSource, renderFixed } from './figures';
import { RecommendationAttributes, SsmRecommendationAttributes } from './recommendation-attributes';
import { RecommendationBase } from './recommendation-base';
import { IRecommendation } from './recommendation-interface';
import { CrossStackReference, RecommendationOptions } from './recommendation-options';
import { checkParameterPath, renderRecommendation } from './recommendation-request';
import { dependOnStack } from '../common/dependencies';
import { EndpointType } from '../common/endpoint-type';
import { ownPaths, sagemakerArn } from '../common/names';
import { modelNameOf } from '../common/refs';
import { isWithoutJobs, WITHOUT_JOBS } from '../common/without-jobs';
import { RECOMMENDATION_CHANGE } from '../contract/events';
import { parameterNames } from '../contract/parameters';
import { RECOMMENDATION_RESOURCE_TYPE, RecommendationProperties, SOURCES } from '../contract/recommend';
import { grantPullCompiled } from '../model-package/container-image';
import { ModelPackage } from '../model-package/model-package';
import { eventRule } from '../runtime/event-rule';
import { Runtime } from '../runtime/runtime';

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html (Entries) */
const MOST_EVENTS = 10;

/** A job whose recommendations can be chosen from. */
export interface IRecommendationJob extends IResource {
  /**
   * Name of the job that completed, for whatever must come after it.
   * @attribute
   */
  readonly jobName: string;

  /** The model package that the job benchmarks, if it benchmarks one and that is known here. */
  readonly modelPackage?: IModelPackageRef;

  /** The model that the job benchmarks, if it benchmarks one and that is known here. */
  readonly model?: IModelRef;
}

/** Properties of a recommendation. */
export interface RecommendationProps extends RecommendationOptions {
  /** The job that recommends. It must be a job of this library. */
  readonly job: IRecommendationJob;
}

/**
 * The best of a job's recommendations by an objective.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceRecommendation.html
 */
export class Recommendation extends RecommendationBase {
  /** A recommendation by figures in your code: one that was made elsewhere, or that you decide yourself. It makes no job. */
  public static fromAttributes(scope: Construct, id: string, attributes: RecommendationAttributes): IRecommendation {
    class Fixed extends RecommendationBase {
      public readonly endpointType = attributes.endpointType ?? EndpointType.REAL_TIME;
      public readonly modelPackage = attributes.modelPackage;
      public readonly model = attributes.model;
      protected readonly _source = fixedSource(scope, renderFixed('', attributes, this.endpointType), {
        JobName: attributes.jobName,
        ModelPackageArn: attributes.modelPackage?.modelPackageRef.modelPackageArn,
        ModelName: attributes.model && modelNameOf(attributes.model),
        RecommendationId: attributes.recommendationId,
        CompilationJobName: attributes.compilationJobName,
        Source: SOURCES.fixed,
        Summary: 'Fixed by the app.',
      });
    }
    const fixed = new Fixed(scope, id);
    const isCompiled = attributes.compilationJobName !== undefined;
    recommendationFacts.keep(fixed, isCompiled ? { grantReadCompiled: grantPullCompiled } : { native: attributes });
    return fixed;
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
      public readonly modelPackage?: IModelPackageRef;
      protected readonly _source: FieldSource;

      constructor() {
        super(scope, id);
        this._source = writtenFields(this.stack, parameterPath);
        this.modelPackage = attributes.model ? undefined
          : attributes.modelPackage ?? ModelPackage.fromModelPackageArn(this, 'ModelPackage', this.modelPackageArn);
      }
    }
    const read = new Read();
    recommendationFacts.keep(read, { grantReadCompiled: grantPullCompiled });
    return read;
  }

  public readonly endpointType: EndpointType;
  public readonly modelPackage?: IModelPackageRef;
  public readonly model?: IModelRef;
  /** @internal */
  protected readonly _source: FieldSource;
  private readonly facts: JobFacts;
  private readonly resource?: CfnResource;
  private readonly replicas: Place[] = [];
  private path?: string;

  /**
   * @throws if a figure is out of its range, options do not go together, or the job is of another stack
   */
  constructor(scope: Construct, id: string, props: RecommendationProps) {
    super(scope, id);
    const { job } = props;
    this.facts = factsOf(job);
    this.endpointType = props.endpointType ?? EndpointType.REAL_TIME;
    this.modelPackage = job.modelPackage;
    this.model = job.model;
    this.path = props.parameterPath;
    if (Stack.of(this) !== Stack.of(job)) {
      throw new Error(`\`job\` must be in the recommendation's own stack, got one of ${Stack.of(job).node.path || 'another'}:`
        + ' add the recommendation beside the job, and use its fields in other stacks.');
    }
    const { importedName, isInBackground = false, uniform } = this.facts;
    const names = nativeNames(props, uniform);
    // Rendered in any case: what passes without jobs passes with them, too.
    const properties = renderRecommendation(this.facts.family.name, job.jobName, props, this.endpointType, names);
    const fixed = props.withoutJobs ?? props.fallback;
    const isFixed = isWithoutJobs(this) && (fixed !== undefined || importedName === undefined);
    if (isInBackground && !props.fallback) {
      throw new Error('`fallback` is required where the job runs in the background: it serves until the first result is in.');
    }
    let native: NativeModel | undefined;
    if (isFixed) {
      if (!fixed) { throw new Error(`\`withoutJobs\` or \`fallback\` is required where the context '${WITHOUT_JOBS}' is true: no job runs there.`); }
      native = fixed;
      this._source = fixedSource(this, renderFixed(props.withoutJobs ? 'withoutJobs' : 'fallback', fixed, this.endpointType), {
        ...this.fallbackTarget(),
        Source: SOURCES.fixed,
        Summary: `Fixed by the app: the context '${WITHOUT_JOBS}' is true.`,
      });
    } else {
      const resource = this.makeResource(job, properties, props.fallback !== undefined);
      this.resource = resource;
      if (this.path !== undefined || isInBackground) { this._publish(); }
      const isExported = props.crossStackReference === CrossStackReference.CDK;
      const producer = { resource, isInBackground, pathFor: isExported ? undefined : (consumer: Stack) => this.handOver(consumer) };
      const token = (attribute: string) => new CrossStackField(producer, attribute);
      this._source = { text: (attribute) => Token.asString(token(attribute)), number: (attribute) => Token.asNumber(token(attribute)) };
      native = names && {
        inferenceSpecificationName: uniform!.inferenceSpecificationName,
        environment: Object.fromEntries(names.map((name) => [name, Token.asString(token(`Environment.${name}`))])),
      };
    }
    const mayBeCompiled = !isFixed && props.limits?.allowCompiledModels !== false;
    recommendationFacts.keep(this, {
      native,
      isOfOwnJob: importedName === undefined,
      grantReadCompiled: (grantee) => {
        if (!mayBeCompiled) { return; }
        this.facts.grantReadCompiled?.(grantee);
        grantPullCompiled(grantee);
      },
    });
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
    if (!this._isInBackground) { throw new Error('`onChange` needs a job that runs in the background: set its `wait` to `Wait.inBackground()`.'); }
    return eventRule(this, id, RECOMMENDATION_CHANGE, { LogicalResourceId: [this._logicalId ?? this.node.path] }, options);
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
    if (this.resource) { Runtime.of(this).recommend(this.facts.family).allowParameters(this.path, this.resource); }
    return this.path;
  }

  /**
   * The logical id of its resource; none where it is figures in the app's code, and nothing else.
   *
   * @internal
   */
  public get _logicalId(): string | undefined {
    return this.resource && Stack.of(this).getLogicalId(this.resource);
  }

  /** @internal */
  public get _isInBackground(): boolean {
    return this.facts.isInBackground ?? false;
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
    return this.facts.fallbackTarget ?? {
      ModelPackageArn: this.modelPackage?.modelPackageRef.modelPackageArn, ModelName: this.model && modelNameOf(this.model),
    };
  }

  private makeResource(job: IRecommendationJob, properties: RecommendationProperties, hasFallback: boolean): CfnResource {
    const { family, importedName, isInBackground, hasPendingResults } = this.facts;
    const recommend = Runtime.of(this).recommend(family);
    // By the name that it was imported by: what comes of a stage would have to be there before the function that makes it.
    if (importedName !== undefined) { recommend.allowAlso(`sagemaker:${family.operations.describe}`, sagemakerArn(family.arnResource, importedName)); }
    const given: RecommendationProperties = {
      ...properties,
      ParameterPath: Lazy.string({ produce: () => this.path }),
      InBackground: isInBackground ? 'true' : undefined,
      ...properties.Fallback && this.fallbackTarget(),
      PendingPath: hasPendingResults ? Lazy.string({ produce: () => parameterNames(this.path!).pending }) : undefined,
    };
    const resource = recommend.provide(this, 'Resource', RECOMMENDATION_RESOURCE_TYPE, given);
    if (isInBackground && recommendationsOf(job).length === MOST_EVENTS) {
      throw new Error(`A job that runs in the background can have ${MOST_EVENTS} recommendations at most, got one more: their changes go out as one`
        + ' request. Let the deploy wait for the job, or make another job.');
    }
    const { JobName: _job, ...followed } = given;
    enterRecommendation(job, {
      resource,
      hasFallback,
      followed: isInBackground ? () => ({ ...followed, ParameterPath: this.path!, LogicalResourceId: this._logicalId! }) : undefined,
    });
    return resource;
  }
}

/** @throws for a job of another kind, which no function of this library knows */
function factsOf(job: IRecommendationJob): JobFacts {
  const facts = jobFacts.of(job);
  if (!facts) {
    throw new Error(`\`job\` must be a job of this library, got '${job.node.path}': use \`InferenceRecommendationsJob.fromJobName()\` for one that something`
      + ' else started. Where the app has two copies of the library, use the copy that made the job.');
  }
  return facts;
}

/** Names of the variables that any recommendation has, where a native model can be made of whatever is chosen. */
function nativeNames({ limits, fallback }: RecommendationProps, uniform: UniformRecommendations | undefined): readonly string[] | undefined {
  if (!uniform || limits?.allowCompiledModels !== false) { return undefined; }
  const isAlike = !fallback || (fallback.inferenceSpecificationName === uniform.inferenceSpecificationName
    && Object.keys(fallback.environment ?? {}).sort().join() === [...uniform.environmentNames].sort().join());
  return isAlike ? uniform.environmentNames : undefined;
}
