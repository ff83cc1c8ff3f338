import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnOutput } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { mayHaveLocalStorage } from './choice-hardware';
import { checkParameterPath } from './choice-request';
import { allowReading, Chosen, chosenFromJob } from './chosen';
import { FieldSource, writtenFields, writtenPackage } from './cross-stack-field';
import { checkKind, checkSameStack, factsOfJob, NativeModel, RecommendationFacts, recommendationFacts } from './facts';
import { fixedSource, renderFixed } from './figures';
import { nextBestOf } from './next-best';
import { RecommendationAttributes, SsmRecommendationAttributes } from './recommendation-attributes';
import { InferenceRecommendationBase } from './recommendation-base';
import { IInferenceRecommendation, IRecommendationJob } from './recommendation-interface';
import { RecommendationOptions } from './recommendation-options';
import { checkPoolCount, nativeNames, renderRecommendation } from './recommendation-request';
import { EndpointType } from '../common/endpoint-type';
import { modelNameOf } from '../common/refs';
import { isWithoutJobs, WITHOUT_JOBS } from '../common/without-jobs';
import { poolAttribute, RecommendationField } from '../contract/pools';
import { SOURCES } from '../contract/recommend';
import { knownImages } from '../model-package/image-hardware';
import { grantPullCompiled } from '../model-package/image-pull';
import { BENCHMARKED } from '../service/recommendation-kinds';

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
export class Recommendation extends InferenceRecommendationBase {
  /**
   * A recommendation with figures in your code, from another job or of your own choice. It starts no job.
   *
   * @param scope where to add the recommendation, usually `this`
   * @param id construct id, unique in the scope
   * @param attrs the figures, and the target that they are for
   * @throws if the kind of endpoint needs a figure that is missing, or a figure is out of its range
   */
  public static fromAttributes(scope: Construct, id: string, attrs: RecommendationAttributes): IInferenceRecommendation {
    const known = attrs.compilationJobName === undefined ? { native: attrs } : { grantReadCompiled: grantPullCompiled };
    const facts = { tunedNames: Object.keys(attrs.environment ?? {}), ...known };
    class Fixed extends InferenceRecommendationBase {
      public readonly endpointType = attrs.endpointType ?? EndpointType.REAL_TIME;
      public readonly modelPackage = attrs.modelPackage;
      public readonly model = attrs.model;
      public readonly nextBest: IInferenceRecommendation[];
      protected readonly _source = fixedSource(scope, renderFixed('', attrs, this.endpointType), {
        JobName: attrs.jobName,
        ModelPackageArn: attrs.modelPackage?.modelPackageRef.modelPackageArn,
        ModelName: attrs.model && modelNameOf(attrs.model),
        RecommendationId: attrs.recommendationId,
        CompilationJobName: attrs.compilationJobName,
        Source: SOURCES.fixed,
        Summary: 'Fixed by the app.',
      });

      constructor() {
        super(scope, id);
        this._keep(facts);
        this.nextBest = nextBestOf(this, this._source, 1 + (attrs.nextInstanceTypes?.length ?? 0), () => facts);
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
   * @param attrs the path, the kind of endpoint, and the target
   * @throws if `parameterPath` is no path, or `instancePools` is out of its range
   */
  public static fromSsmParameter(scope: Construct, id: string, attrs: SsmRecommendationAttributes): IInferenceRecommendation {
    const { parameterPath, instancePools } = attrs;
    checkParameterPath(parameterPath);
    if (instancePools !== undefined) { checkPoolCount(instancePools); }
    class Read extends InferenceRecommendationBase {
      public readonly endpointType = attrs.endpointType ?? EndpointType.REAL_TIME;
      public readonly model = attrs.model;
      public readonly modelPackage?: IModelPackageRef;
      public readonly nextBest: IInferenceRecommendation[];
      protected readonly _source: FieldSource;

      constructor() {
        super(scope, id);
        this._source = writtenFields(this, parameterPath);
        this.modelPackage = attrs.model ? undefined
          : attrs.modelPackage ?? writtenPackage(this, 'ModelPackage', this.modelPackageArn, this._targetInLowerCase);
        const facts = { grantReadCompiled: grantPullCompiled, targetInLowerCase: () => this._targetInLowerCase };
        this._keep(facts);
        this.nextBest = nextBestOf(this, this._source, instancePools ?? 1, () => facts);
      }

      public get parameterPath(): string { return parameterPath; }
    }
    return new Read();
  }

  public readonly endpointType: EndpointType;
  public readonly modelPackage?: IModelPackageRef;
  public readonly model?: IModelRef;
  public readonly nextBest: IInferenceRecommendation[];
  /** @internal */
  protected readonly _source: FieldSource;
  private readonly chosen: Chosen;

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
    const { job, startFrom } = props;
    const facts = factsOfJob(job);
    this.endpointType = props.endpointType ?? EndpointType.REAL_TIME;
    this.modelPackage = job.modelPackage;
    this.model = job.model;
    checkSameStack(this, job);
    checkKind(facts, BENCHMARKED);
    const { importedName, isInBackground = false, uniform } = facts;
    const names = nativeNames(props, uniform);
    // Rendered also if no job runs, so that the same mistakes are found with and without jobs.
    const properties = renderRecommendation(this, facts, job.jobName, props, this.endpointType, names, knownImages(job));
    const { Fallback } = properties;
    const fixed = props.withoutJobs ? renderFixed('withoutJobs', props.withoutJobs, this.endpointType) : Fallback;
    const isFixed = isWithoutJobs(this) && (fixed !== undefined || importedName === undefined);
    if (isInBackground && !Fallback) { throw new Error('`fallback` or `startFrom` is required if the job runs in the background: it is deployed until there is a first result.'); }
    const target = { ModelPackageArn: this.modelPackage?.modelPackageRef.modelPackageArn, ModelName: this.model && modelNameOf(this.model) };
    // Without jobs it has no function: nothing is chosen.
    this.chosen = chosenFromJob(this, job, facts, target, props);
    let native: (priority: number) => NativeModel | undefined;
    if (isFixed) {
      if (!fixed) { throw new Error(`\`withoutJobs\`, \`fallback\` or \`startFrom\` is required if the context '${WITHOUT_JOBS}' is true, because then no job runs.`); }
      const { InferenceSpecificationName: inferenceSpecificationName, Environment: environment, EnvironmentText: text } = fixed;
      native = () => (text === undefined ? { inferenceSpecificationName, environment } : undefined);
      this._source = fixedSource(this, fixed, {
        ...this.chosen.fallbackTarget,
        Source: SOURCES.fixed,
        Summary: `Fixed by the app: the context '${WITHOUT_JOBS}' is true.`,
      });
    } else {
      allowReading(this, facts);
      const source = this.chosen.make(properties, Fallback !== undefined, props.crossStackReference);
      this._source = source;
      native = (priority) => names && {
        inferenceSpecificationName: uniform!.inferenceSpecificationName,
        environment: Object.fromEntries(names.map((name) => {
          const variable = `Environment.${name}`;
          return [name, source.text((priority === 1 ? variable : poolAttribute(priority, variable)) as RecommendationField)];
        })),
      };
    }
    const mayBeCompiled = !isFixed && props.limits?.allowCompiledModels !== false;
    const factsAt = (priority: number): RecommendationFacts => ({
      native: native(priority),
      tunedNames: [...isFixed ? [] : facts.tunedNames ?? [], ...Object.keys((isFixed ? fixed : Fallback)?.Environment ?? {})],
      targetInLowerCase: isFixed ? undefined : () => this._targetInLowerCase,
      chosen: this.chosen,
      copied: () => copiedOf(this),
      isOfOwnJob: importedName === undefined,
      mayHaveLocalStorage: (!isFixed && mayHaveLocalStorage(props, this.endpointType, facts.tried?.instanceTypes))
        || (startFrom !== undefined && recommendationFacts.of(startFrom)?.mayHaveLocalStorage === true),
      grantReadCompiled: (grantee) => {
        if (!mayBeCompiled) { return; }
        facts.grantReadCompiled?.(grantee);
        grantPullCompiled(grantee);
      },
    });
    this._keep(factsAt(1));
    this.nextBest = nextBestOf(this, this._source, isFixed ? 1 + (fixed!.NextInstanceTypes?.length ?? 0) : props.instancePools ?? 1, factsAt);
    if (props.explain ?? Fallback) {
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
    return this.chosen.onChange(id, options);
  }

  /** Path in Parameter Store below which the recommendation is published; undefined if it is not. */
  public get parameterPath(): string | undefined { return this.chosen.path; }
}

/** The fields that are deployed, their cost and the summary. The other figures change only with the job or the recommendation. */
function copiedOf(best: Recommendation): Array<string | number> {
  return [
    best.jobName, best.recommendationId, best.modelPackageArn, best.modelName, best.instanceType, best.initialInstanceCount, best.instanceCount,
    best.serverlessMemorySizeInMb, best.serverlessMaxConcurrency, best.inferenceSpecificationName, best.compilationJobName, best.environment,
    best.costPerHour, best.costPerInference, best.fleetCostPerHour, best.source, best.summary,
    ...best.nextBest.flatMap((next) => [
      next.recommendationId, next.instanceType, next.instanceCount, next.inferenceSpecificationName, next.compilationJobName, next.environment,
      next.fleetCostPerHour,
    ]),
  ];
}
