import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnOutput, CfnResource, Lazy, Names, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { mayHaveLocalStorage } from './choice-hardware';
import { checkPlace, CrossStackField, enterPublication, FieldSource, keepExports, Place, writtenFields, writtenPackage } from './cross-stack-field';
import { enterRecommendation, factsOfJob, JobFacts, NativeModel, RecommendationFacts, recommendationFacts, recommendationsOf } from './facts';
import { fixedSource, renderFixed } from './figures';
import { nextBestOf } from './next-best';
import { RecommendationAttributes, SsmRecommendationAttributes } from './recommendation-attributes';
import { RecommendationBase } from './recommendation-base';
import { IRecommendation, IRecommendationJob } from './recommendation-interface';
import { CrossStackReference, RecommendationOptions } from './recommendation-options';
import { checkParameterPath, checkPoolCount, nativeNames, renderRecommendation } from './recommendation-request';
import { dependOnStack } from '../common/dependencies';
import { EndpointType } from '../common/endpoint-type';
import { ownPaths, sagemakerArns } from '../common/names';
import { modelNameOf } from '../common/refs';
import { isWithoutJobs, WITHOUT_JOBS } from '../common/without-jobs';
import { RECOMMENDATION_CHANGE } from '../contract/events';
import { parameterNames } from '../contract/parameters';
import { poolAttribute } from '../contract/pools';
import { RECOMMENDATION_RESOURCE_TYPE, RecommendationProperties, SOURCES } from '../contract/recommend';
import { knownImages } from '../model-package/image-hardware';
import { grantPullCompiled } from '../model-package/image-pull';
import { eventRule } from '../runtime/event-rule';
import { allowMetrics } from '../runtime/permissions';
import { Runtime } from '../runtime/runtime';

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html (Entries) */
const MOST_EVENTS = 10;

/** Properties of a recommendation. */
export interface RecommendationProps extends RecommendationOptions {
  /** The job to choose from: a job of this library, in the recommendation's own stack. */
  readonly job: IRecommendationJob;
}

/**
 * The best of a job's recommendations by an objective, within limits. `job.addRecommendation()` makes one, too.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceRecommendation.html
 * @example
 * const cheapest = new Recommendation(this, 'Cheapest', {
 *   job,
 *   objective: Objective.lowestCostPerHour(),
 *   targetLoad: { invocationsPerMinute: 50_000, headroomPercent: 20 },
 *   limits: { maxCostPerHour: 5, allowedInstanceFamilies: ['ml.c5', 'ml.c6i'] },
 * });
 * new Model(this, 'Model', { recommendation: cheapest });
 */
export class Recommendation extends RecommendationBase {
  /**
   * A recommendation with figures in your code, from another job or of your own choice. It starts no job.
   *
   * @param scope where to add the recommendation, usually `this`
   * @param id construct id, unique in the scope
   * @param attributes the figures, and the target that they are for
   * @throws if the kind of endpoint needs a figure that is missing, or a figure is out of its range
   */
  public static fromAttributes(scope: Construct, id: string, attributes: RecommendationAttributes): IRecommendation {
    const known = attributes.compilationJobName === undefined ? { native: attributes } : { grantReadCompiled: grantPullCompiled };
    const facts = { tunedNames: Object.keys(attributes.environment ?? {}), ...known };
    class Fixed extends RecommendationBase {
      public readonly endpointType = attributes.endpointType ?? EndpointType.REAL_TIME;
      public readonly modelPackage = attributes.modelPackage;
      public readonly model = attributes.model;
      public readonly nextBest: IRecommendation[];
      protected readonly _source = fixedSource(scope, renderFixed('', attributes, this.endpointType), {
        JobName: attributes.jobName,
        ModelPackageArn: attributes.modelPackage?.modelPackageRef.modelPackageArn,
        ModelName: attributes.model && modelNameOf(attributes.model),
        RecommendationId: attributes.recommendationId,
        CompilationJobName: attributes.compilationJobName,
        Source: SOURCES.fixed,
        Summary: 'Fixed by the app.',
      });

      constructor() {
        super(scope, id);
        recommendationFacts.keep(this, facts);
        this.nextBest = nextBestOf(this, this._source, 1 + (attributes.nextInstanceTypes?.length ?? 0), () => facts);
      }
    }
    return new Fixed();
  }

  /**
   * A recommendation that another app, account or Region published to Parameter Store of this account and Region. The stack reads it at each of its
   * deploys.
   *
   * @param scope where to add the recommendation, usually `this`
   * @param id construct id, unique in the scope
   * @param attributes the path, the kind of endpoint, and the target
   * @throws if `parameterPath` is no path, or `instancePools` is out of its range
   */
  public static fromSsmParameter(scope: Construct, id: string, attributes: SsmRecommendationAttributes): IRecommendation {
    const { parameterPath, instancePools } = attributes;
    checkParameterPath(parameterPath);
    if (instancePools !== undefined) { checkPoolCount(instancePools); }
    class Read extends RecommendationBase {
      public readonly endpointType = attributes.endpointType ?? EndpointType.REAL_TIME;
      public readonly model = attributes.model;
      public readonly modelPackage?: IModelPackageRef;
      public readonly nextBest: IRecommendation[];
      protected readonly _source: FieldSource;

      constructor() {
        super(scope, id);
        this._source = writtenFields(this, parameterPath);
        this.modelPackage = attributes.model ? undefined
          : attributes.modelPackage ?? writtenPackage(this, 'ModelPackage', this.modelPackageArn, this._targetInLowerCase);
        const facts = { grantReadCompiled: grantPullCompiled, targetInLowerCase: () => this._targetInLowerCase };
        recommendationFacts.keep(this, facts);
        this.nextBest = nextBestOf(this, this._source, instancePools ?? 1, () => facts);
      }
    }
    return new Read();
  }

  public readonly endpointType: EndpointType;
  public readonly modelPackage?: IModelPackageRef;
  public readonly model?: IModelRef;
  public readonly nextBest: IRecommendation[];
  /** @internal */
  protected readonly _source: FieldSource;
  private readonly facts: JobFacts;
  private readonly resource?: CfnResource;
  private readonly replicas: Place[] = [];
  private path?: string;

  /**
   * Chooses one of the job's recommendations when the stack is deployed.
   *
   * @param scope where to add the recommendation, in the job's stack
   * @param id construct id, unique in the scope
   * @param props the job, and the rules of the choice
   * @throws if a figure is out of its range, options exclude each other, a required fallback is missing, or the job is of another stack
   */
  constructor(scope: Construct, id: string, props: RecommendationProps) {
    super(scope, id);
    const { job } = props;
    this.facts = factsOfJob(job);
    this.endpointType = props.endpointType ?? EndpointType.REAL_TIME;
    this.modelPackage = job.modelPackage;
    this.model = job.model;
    this.path = props.parameterPath;
    if (Stack.of(this) !== Stack.of(job)) {
      throw new Error(`\`job\` must be of the recommendation's own stack, got one of ${Stack.of(job).node.path || 'another'}:`
        + ' add the recommendation to the job\'s stack, and use its fields in other stacks.');
    }
    const { importedName, isInBackground = false, uniform } = this.facts;
    const names = nativeNames(props, uniform);
    // Rendered also if no job runs, so that the same mistakes are found with and without jobs.
    const properties = renderRecommendation(this, this.facts, job.jobName, props, this.endpointType, names, knownImages(job));
    const fixed = props.withoutJobs ?? props.fallback;
    const isFixed = isWithoutJobs(this) && (fixed !== undefined || importedName === undefined);
    if (isInBackground && !props.fallback) { throw new Error('`fallback` is required if the job runs in the background: it is deployed until there is a first result.'); }
    let native: (priority: number) => NativeModel | undefined;
    if (isFixed) {
      if (!fixed) { throw new Error(`\`withoutJobs\` or \`fallback\` is required if the context '${WITHOUT_JOBS}' is true, because then no job runs.`); }
      native = () => fixed;
      this._source = fixedSource(this, renderFixed(props.withoutJobs ? 'withoutJobs' : 'fallback', fixed, this.endpointType), {
        ...this.fallbackTarget(),
        Source: SOURCES.fixed,
        Summary: `Fixed by the app: the context '${WITHOUT_JOBS}' is true.`,
      });
    } else {
      const resource = this.makeResource(job, properties, props.fallback !== undefined);
      this.resource = resource;
      if (this.path !== undefined) { enterPublication({ producer: this, path: this.path, replicas: this.replicas }); }
      if (this.path !== undefined || isInBackground) { this._publish(); }
      const isExported = props.crossStackReference === CrossStackReference.CDK;
      const producer = { resource, isInBackground, pathFor: isExported ? undefined : (consumer: Stack) => this.publishFor(consumer) };
      const token = (attribute: string) => new CrossStackField(producer, attribute);
      this._source = { text: (attribute) => Token.asString(token(attribute)), number: (attribute) => Token.asNumber(token(attribute)) };
      native = (priority) => names && {
        inferenceSpecificationName: uniform!.inferenceSpecificationName,
        environment: Object.fromEntries(names.map((name) => {
          const variable = `Environment.${name}`;
          return [name, Token.asString(token(priority === 1 ? variable : poolAttribute(priority, variable)))];
        })),
      };
    }
    const mayBeCompiled = !isFixed && props.limits?.allowCompiledModels !== false;
    const factsAt = (priority: number): RecommendationFacts => ({
      native: native(priority),
      tunedNames: [...isFixed ? [] : this.facts.tunedNames ?? [], ...Object.keys((isFixed ? fixed : props.fallback)?.environment ?? {})],
      targetInLowerCase: isFixed ? undefined : () => this._targetInLowerCase,
      isOfOwnJob: importedName === undefined,
      mayHaveLocalStorage: !isFixed && mayHaveLocalStorage(props, this.endpointType, this.facts.tried?.instanceTypes),
      grantReadCompiled: (grantee) => {
        if (!mayBeCompiled) { return; }
        this.facts.grantReadCompiled?.(grantee);
        grantPullCompiled(grantee);
      },
    });
    recommendationFacts.keep(this, factsAt(1));
    this.nextBest = nextBestOf(this, this._source, isFixed ? 1 + (fixed!.nextInstanceTypes?.length ?? 0) : props.instancePools ?? 1, factsAt);
    if (props.explain ?? props.fallback) {
      new CfnOutput(this, 'Summary', { description: 'What Inference Recommender chose', value: this.summary });
    }
  }

  /**
   * Adds a rule for a change of the recommendation in the background. It is a change only if a deployed field differs, such as the instance type.
   * Other figures alone are no change.
   *
   * The event's detail has `StackId` and `LogicalResourceId` of this resource, `JobName`, `ParameterPath`, `Adopted`, and the fields in `Current` and
   * `Previous`.
   *
   * @param id construct id of the rule, unique in the recommendation
   * @param options target and other options of the rule
   * @returns the rule
   * @throws if the deploy waits for the job, because then the recommendation changes only when the stack is deployed
   */
  public onChange(id: string, options: OnEventOptions = {}): Rule {
    if (!this._isInBackground) { throw new Error('`onChange` needs a job that runs in the background: set its `wait` to `Wait.inBackground()`.'); }
    return eventRule(this, id, RECOMMENDATION_CHANGE, { LogicalResourceId: [this._logicalId ?? this.node.path] }, options);
  }

  /**
   * Publishes the recommendation to Parameter Store and returns the path.
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
   * The logical id of its resource; undefined if the recommendation is fixed by the app.
   *
   * @internal
   */
  public get _logicalId(): string | undefined {
    return this.resource && Stack.of(this).getLogicalId(this.resource);
  }

  /** @internal */
  public get _isInBackground(): boolean { return this.facts.isInBackground ?? false; }

  /** @internal */
  public _addReplica(place: Place): void {
    this.replicas.push(place);
  }

  private publishFor(consumer: Stack): string {
    checkPlace(this, consumer, this.replicas);
    dependOnStack(consumer, Stack.of(this), 'it reads the recommendation from Parameter Store');
    keepExports(Stack.of(this), Object.values(this.fallbackTarget()));
    return this._publish();
  }

  /** The target of a fallback, and the package or model of this stack that every recommendation of its job is deployed with. */
  private fallbackTarget(): Pick<RecommendationProperties, 'ModelPackageArn' | 'ModelName'> {
    return this.facts.fallbackTarget ?? {
      ModelPackageArn: this.modelPackage?.modelPackageRef.modelPackageArn, ModelName: this.model && modelNameOf(this.model),
    };
  }

  private makeResource(job: IRecommendationJob, properties: RecommendationProperties, hasFallback: boolean): CfnResource {
    const { family, importedName, namespace, isInBackground, hasPendingResults } = this.facts;
    const recommend = Runtime.of(this).recommend(family);
    this.facts.allowDescribe?.(recommend);
    if (properties.PublishMetrics) { allowMetrics(recommend); }
    // The name at import, not the name from a wait stage: the function's policy must exist before that stage.
    if (importedName !== undefined) { recommend.allow([`sagemaker:${family.operations.describe}`], ...sagemakerArns(family.arnResource, importedName)); }
    const given: RecommendationProperties = {
      ...properties,
      Namespace: namespace,
      ParameterPath: Lazy.string({ produce: () => this.path }),
      InBackground: isInBackground ? 'true' : undefined,
      ...this.facts.fallbackTarget ? {} : this.fallbackTarget(),
      ...this.facts.fallbackTarget && { Fallback: { ...properties.Fallback, ...this.facts.fallbackTarget } },
      PendingPath: hasPendingResults ? Lazy.string({ produce: () => parameterNames(this.path!).pending }) : undefined,
    };
    const resource = recommend.provide(this, 'Resource', RECOMMENDATION_RESOURCE_TYPE, given);
    if (isInBackground && recommendationsOf(job).length === MOST_EVENTS) {
      throw new Error(`A job that runs in the background can have at most ${MOST_EVENTS} recommendations, got one more, because one request`
        + ' puts the events of all of them. Let the deploy wait for the job, or make another job.');
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
