import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnOutput } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { mayHaveLocalStorage } from './choice-hardware';
import { checkParameterPath } from './choice-request';
import { allowReading, Chosen, chosenFromJob } from './chosen';
import { FieldSource, writtenFields, writtenPackage } from './cross-stack-field';
import { checkKind, checkSameStack, factsOfJob, RecommendationFacts } from './facts';
import { fixedSource } from './figures';
import { GenerativeRecommendationBase } from './generative-base';
import { FixedGenerativeRecommendation, GenerativeRecommendationOptions } from './generative-options';
import { renderFixedGenerative, renderGenerative } from './generative-request';
import { PackageApproval } from './package-approval';
import { IGenerativeRecommendation, IRecommendationJob } from './recommendation-interface';
import { EndpointType } from '../common/endpoint-type';
import { sagemakerArn } from '../common/names';
import { isWithoutJobs, WITHOUT_JOBS } from '../common/without-jobs';
import { APPROVAL_NEEDED } from '../contract/events';
import { SOURCES } from '../contract/recommend';
import { grantReadArtifacts, isReadable } from '../model-package/facts';
import { approvalWaiting } from '../runtime/approval-wait';
import { allowApproval } from '../runtime/permissions';
import { Runtime } from '../runtime/runtime';
import { GENERATIVE } from '../service/recommendation-kinds';

/** Properties of a recommendation for a generative model. */
export interface GenerativeRecommendationProps extends GenerativeRecommendationOptions {
  /** The job to choose from: an `AIRecommendationJob`, in the recommendation's own stack. */
  readonly job: IRecommendationJob;
}

/** Attributes of a recommendation for a generative model that is published to Parameter Store. */
export interface SsmGenerativeRecommendationAttributes {
  /** Path that the recommendation is published below: the `parameterPath` of the original. It may not be a token. */
  readonly parameterPath: string;
}

/**
 * The best of what an `AIRecommendationJob` recommends, by an objective, within thresholds and limits. `job.addRecommendation()` makes one, too.
 *
 * It names a version of a model package and one of its inference specifications: a `Model` of it deploys both. Where several copies of the model share an
 * instance, place an `InferenceComponent` of it on an endpoint.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIRecommendation.html
 * @example
 * const best = aiJob.addRecommendation('Best', {
 *   objective: GenerativeObjective.lowestCostPerMillionOutputTokens(),
 *   thresholds: [TokenThreshold.timeToFirstToken(Duration.millis(200), TokenStatistic.P99)],
 *   instancePrices: { 'ml.p5.48xlarge': 63.3 },
 *   approval: PackageApproval.byThisStack(),
 * });
 * new Model(this, 'ChatModel', { recommendation: best });
 */
export class GenerativeRecommendation extends GenerativeRecommendationBase {
  /**
   * A recommendation for a generative model that another app, account or Region published to Parameter Store of this account and Region. The stack reads it
   * at each of its deploys.
   *
   * @param scope where to add the recommendation, usually `this`
   * @param id construct id, unique in the scope
   * @param attrs the path
   * @throws if `parameterPath` is no path
   */
  public static fromSsmParameter(scope: Construct, id: string, attrs: SsmGenerativeRecommendationAttributes): IGenerativeRecommendation {
    const { parameterPath } = attrs;
    checkParameterPath(parameterPath);
    class Read extends GenerativeRecommendationBase {
      public readonly modelPackage?: IModelPackageRef;
      protected readonly _source: FieldSource;

      constructor() {
        super(scope, id);
        this._source = writtenFields(this, parameterPath);
        this.modelPackage = writtenPackage(this, 'ModelPackage', this.modelPackageArn, this._targetInLowerCase);
        this._keep({});
      }

      public get parameterPath(): string { return parameterPath; }
    }
    return new Read();
  }

  /**
   * A recommendation for a generative model, fixed in your code. It starts no job.
   *
   * @param scope where to add the recommendation, usually `this`
   * @param id construct id, unique in the scope
   * @param attributes package, instance type and the other figures
   * @throws if a figure is out of its range
   */
  public static fromAttributes(scope: Construct, id: string, attributes: FixedGenerativeRecommendation): IGenerativeRecommendation {
    class Fixed extends GenerativeRecommendationBase {
      public readonly modelPackage = attributes.modelPackage;
      protected readonly _source = fixedSource(scope, renderFixedGenerative('', attributes), { Source: SOURCES.fixed, Summary: 'Fixed by the app.' });

      constructor() {
        super(scope, id);
        this._keep({
          native: { inferenceSpecificationName: attributes.inferenceSpecificationName }, targetInLowerCase: undefined, copiesLack: lackOf(attributes),
        });
      }
    }
    return new Fixed();
  }

  public readonly modelPackage?: IModelPackageRef;
  /** @internal */
  protected readonly _source: FieldSource;
  private readonly chosen: Chosen;
  private readonly approval: PackageApproval;

  /**
   * Chooses one of the job's recommendations when the stack is deployed.
   *
   * @param scope where to add the recommendation, in the job's stack
   * @param id construct id, unique in the scope
   * @param props the job, and the rules of the choice
   * @throws if a figure is out of its range, options exclude each other, a required fallback is missing, or the job is of another stack
   */
  constructor(scope: Construct, id: string, props: GenerativeRecommendationProps) {
    super(scope, id);
    const { job, fallback } = props;
    this.approval = props.approval ?? PackageApproval.required();
    const facts = factsOfJob(job);
    checkSameStack(this, job);
    checkKind(facts, GENERATIVE);
    const { importedName, isInBackground = false } = facts;
    // Rendered also if no job runs, so that the same mistakes are found with and without jobs.
    const properties = renderGenerative(this, facts, job.jobName, props);
    const fixed = props.withoutJobs ?? fallback;
    const isFixed = isWithoutJobs(this) && (fixed !== undefined || importedName === undefined);
    if (isInBackground && !fallback) { throw new Error('`fallback` is required if the job runs in the background: it is deployed until there is a first result.'); }
    this.chosen = chosenFromJob(this, job, facts, undefined, props);
    if (isFixed) {
      if (!fixed) { throw new Error(`\`withoutJobs\` or \`fallback\` is required if the context '${WITHOUT_JOBS}' is true, because then no job runs.`); }
      this._source = fixedSource(this, renderFixedGenerative(props.withoutJobs ? 'withoutJobs' : 'fallback', fixed), {
        Source: SOURCES.fixed, Summary: `Fixed by the app: the context '${WITHOUT_JOBS}' is true.`,
      });
      this.modelPackage = fixed.modelPackage;
    } else {
      allowReading(this, facts);
      // Without a group of the app's, the service chooses the packages' names.
      const packages = facts.packagesArns ?? [sagemakerArn('model-package', '*')];
      allowApproval(Runtime.of(this).recommend(facts.family), packages, properties.Approval === 'ByStack');
      const waiting = this.isAwaited ? approvalWaiting(this, facts.family) : undefined;
      this._source = this.chosen.make({ ...properties, StateMachineArn: waiting?.machineArn }, fallback !== undefined, props.crossStackReference);
      if (waiting) { this.chosen.addDependency(waiting.policy); }
      this.modelPackage = writtenPackage(this, 'ModelPackage', this.modelPackageArn, this._targetInLowerCase, {
        isOpaque: !facts.grantReadPackages || !isReadable(fallback?.modelPackage),
        grantRead: (grantee) => {
          facts.grantReadPackages?.(grantee);
          if (fallback) { grantReadArtifacts(fallback.modelPackage, grantee); }
        },
      });
    }
    // A template takes no empty name of a specification, and a fallback may have none.
    const isNative = isFixed || !fallback || fallback.inferenceSpecificationName !== undefined;
    this._keep({
      native: isNative ? { inferenceSpecificationName: isFixed ? fixed!.inferenceSpecificationName : this.inferenceSpecificationName } : undefined,
      targetInLowerCase: isFixed ? undefined : () => this._targetInLowerCase,
      chosen: this.chosen,
      copiesLack: lackOf(isFixed ? fixed : fallback),
      copied: () => copiedOf(this),
      mayHaveLocalStorage: !isFixed && mayHaveLocalStorage(props, EndpointType.REAL_TIME, facts.tried?.instanceTypes),
    });
    if (props.explain ?? fallback) {
      new CfnOutput(this, 'Summary', { description: 'What is recommended for the generative model', value: this.summary });
    }
  }

  /**
   * Adds a rule for a change of the recommendation in the background: see `Recommendation.onChange()`.
   *
   * @param id construct id of the rule, unique in the recommendation
   * @param options target and other options of the rule
   * @returns the rule
   * @throws if the deploy waits for the job, because then the recommendation changes only when the stack is deployed
   */
  public onChange(id: string, options: OnEventOptions = {}): Rule {
    return this.chosen.onChange(id, options);
  }

  /**
   * Adds a rule for a package that waits for an approval: the job runs in the background, and its result is published once somebody approves the package; or the
   * deploy waits (`PackageApproval.byPerson()`).
   *
   * The event's detail has `StackId` and `LogicalResourceId` of the recommendation's resource, `JobName`, `ModelPackageArn`, `Summary`, and `WaitsUntil`: the
   * ISO time after which nobody looks for the approval any more.
   *
   * @param id construct id of the rule, unique in the recommendation
   * @param options target and other options of the rule
   * @returns the rule
   * @throws if nobody waits for the approval: the deploy fails, and says so, or the stack approves the package
   */
  public onApprovalNeeded(id: string, options: OnEventOptions = {}): Rule {
    if (this.approval._mode === 'ByStack') { throw new Error('`onApprovalNeeded` needs an `approval` by others, got `PackageApproval.byThisStack()`.'); }
    if (!this.isAwaited && !this.chosen.isInBackground) {
      throw new Error('`onApprovalNeeded` needs something that waits: set `approval` to `PackageApproval.byPerson()`, or let the job run in the background.');
    }
    return this.chosen.onEvent(APPROVAL_NEEDED, id, options);
  }

  /** Whether a deploy waits for the approval. */
  private get isAwaited(): boolean { return this.approval._mode === 'Wait' && !this.chosen.isInBackground; }

  /** Path in Parameter Store below which the recommendation is published; undefined if it is not. */
  public get parameterPath(): string | undefined { return this.chosen.path; }
}

/** The figures that an inference component needs, and that figures of the code do not have. */
function lackOf(fixed: FixedGenerativeRecommendation | undefined): RecommendationFacts['copiesLack'] {
  if (!fixed) { return undefined; }
  const hasAccelerators = renderFixedGenerative('', fixed).AcceleratorCount !== undefined;
  return [...fixed.minMemory ? [] : ['minMemory' as const], ...hasAccelerators ? [] : ['accelerators' as const]];
}

/** The fields that are deployed, their cost and the summary. */
function copiedOf(best: GenerativeRecommendation): Array<string | number> {
  return [
    best.jobName, best.recommendationId, best.modelPackageArn, best.inferenceSpecificationName, best.instanceType, best.initialInstanceCount,
    best.instanceCount, best.copyCountPerInstance, best.acceleratorCount, best.minMemoryRequiredInMb, best.costPerHour, best.fleetCostPerHour,
    best.source, best.summary,
  ];
}
