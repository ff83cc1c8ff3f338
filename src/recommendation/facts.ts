import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnResource, Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import type { TriedEndpoints } from './reachable';
import type { IGenerativeRecommendation, IInferenceRecommendation, IRecommendation } from './recommendation-interface';
import { claimStack } from '../common/copies';
import { Facts } from '../common/facts';
import { kindOf } from '../contract/kinds';
import type { PromiseProperties } from '../contract/promise';
import type { FollowedRecommendation } from '../contract/recommend';
import type { JobFamily } from '../runtime/job-family';
import type { RuntimeFunction } from '../runtime/runtime-function';
import type { RecommendationKind } from '../service/recommendation-kinds';

/** Facts about a job of this library that its recommendations need at synth. */
export interface JobFacts {
  readonly family: JobFamily;
  /** The name of an imported job. */
  readonly importedName?: string;
  /** The prefix of the names of its attempts. An imported job has none. */
  readonly namespace?: string;
  /** Whether the job runs in the background: no deploy waits for it. */
  readonly isInBackground?: boolean;
  /** The target of a fallback, if it is not the job's target: the jobs that approvals start have none yet. */
  readonly fallbackTarget?: { readonly ModelPackageArn?: string };
  /** Whether results are published as pending results first. */
  readonly hasPendingResults?: boolean;
  /** The variables that any of its candidates tunes, if they are known before the deploy. */
  readonly tunedNames?: readonly string[];
  /** Facts that all recommendations of the job share, if they are known before the deploy. */
  readonly uniform?: UniformRecommendations;
  /** Lets a function read the package or model that the job benchmarks. */
  readonly allowDescribe?: (reader: RuntimeFunction) => void;
  /** The ARN patterns of the packages that the job registers. Absent if the service chooses their group. */
  readonly packagesArns?: readonly string[];
  /** Lets a principal read what the packages that the job registers are made of. */
  readonly grantReadPackages?: (grantee: IGrantable) => void;
  /** Lets a function read what the job has written. */
  readonly allowResults?: (reader: RuntimeFunction) => void;
  /** The objective of a recommendation that has none of its own, if the job has one. */
  readonly objective?: string;
  /** The endpoints that the job tries, if they are known before the deploy. */
  readonly tried?: TriedEndpoints;
  /** Lets a principal read the models that the job compiled. */
  readonly grantReadCompiled?: (grantee: IGrantable) => void;
}

/** Facts of jobs. `src/jobs` and `src/patterns` keep them. */
export const jobFacts = new Facts<IConstruct, JobFacts>();

/** Facts of a recommendation that a native model needs before the deploy. */
export interface NativeModel {
  readonly inferenceSpecificationName?: string;
  /** Values may be tokens, names may not. */
  readonly environment?: { readonly [name: string]: string };
}

/** Facts that all recommendations of a job share, because all its endpoint candidates share them. */
export interface UniformRecommendations {
  readonly inferenceSpecificationName?: string;
  readonly environmentNames: readonly string[];
}

/** An account and a Region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A choice of this app, and what publishes it. */
export interface Publisher {
  /** The logical id of its resource; undefined if the recommendation is fixed by the app. */
  readonly logicalId: string | undefined;
  readonly isInBackground: boolean;
  /** Publishes the recommendation to Parameter Store and returns the path. */
  publish(): string;
  addReplica(place: Place): void;
}

/** How the kind of a recommendation is hosted, besides on so many instances of a type. */
export interface HostedAs {
  /** The capacity, if it is for a serverless endpoint. */
  readonly serverless?: { readonly memorySizeInMb: number; readonly maxConcurrency: number };
  /** The next best ones of its instance pools, and the number of instances of all pools. Absent without pools. */
  readonly pools?: { readonly nextBest: readonly IRecommendation[]; readonly instanceCount: number };
  /** The compilation job whose artifact is deployed. Empty if there is none. */
  readonly compilationJobName?: string;
  /** Copies of the model on the instances, for inference components. Absent if its kind knows none. */
  readonly copies?: { readonly copyCount: number; readonly acceleratorCount: number; readonly minMemoryMb: number };
  /** Variables that the container gets, as JSON text, if its specification does not have them already. */
  readonly environment?: string;
}

/** Facts of a recommendation of this library at synth. */
export interface RecommendationFacts {
  /** Decided by its kind. */
  readonly hostedAs?: () => HostedAs;
  /** Its choice and what publishes it. Absent if it is fixed in the app, or read from parameters. */
  readonly chosen?: Publisher;
  /** The fields whose change is copied by a replica. */
  readonly copied?: () => ReadonlyArray<string | number>;
  /** The props of an inference component that its fallback, or its figures in the code, do not give. */
  readonly copiesLack?: ReadonlyArray<'minMemory' | 'accelerators'>;
  /** The figures that a dashboard compares with. What is absent is not promised. */
  readonly promised?: () => Partial<Pick<PromiseProperties, 'CostPerHour' | 'CostPerInference' | 'MaxInvocations' | 'ModelLatency'>>;
  /** Whether the service recommends settings of auto scaling for it. */
  readonly isScalable?: boolean;
  /** Lets a principal read a compiled artifact and the image of SageMaker Neo for it, because the choice may turn out to be one. */
  readonly grantReadCompiled?: (grantee: IGrantable) => void;
  readonly native?: NativeModel;
  /** The variables that it may tune, as far as they are known before the deploy. */
  readonly tunedNames?: readonly string[];
  /** The ARN or name of what was benchmarked in lower case, if only the deploy knows it. */
  readonly targetInLowerCase?: () => string;
  /** Whether an instance type with local storage may be chosen, as far as that is known. */
  readonly mayHaveLocalStorage?: boolean;
  /** Whether a job of its own stack made its compiled models. */
  readonly isOfOwnJob?: boolean;
}

export const recommendationFacts = new Facts<IRecommendation, RecommendationFacts>();

/** What the kind of SageMaker Inference Recommender decides. */
export function kindOfInference(recommendation: IInferenceRecommendation): Pick<RecommendationFacts, 'hostedAs' | 'promised' | 'isScalable'> {
  return {
    hostedAs: () => {
      const { nextBest, variantInstanceCount, compilationJobName, environment } = recommendation;
      return {
        serverless: { memorySizeInMb: recommendation.serverlessMemorySizeInMb, maxConcurrency: recommendation.serverlessMaxConcurrency },
        pools: nextBest.length > 0 ? { nextBest, instanceCount: variantInstanceCount } : undefined,
        compilationJobName,
        environment,
      };
    },
    promised: () => {
      const { costPerHour, costPerInference, maxInvocations, modelLatency } = recommendation;
      return { CostPerHour: costPerHour, CostPerInference: costPerInference, MaxInvocations: maxInvocations, ModelLatency: modelLatency };
    },
    isScalable: true,
  };
}

/** What the kind of a recommendation decides. One of another copy of this library has no facts, and tells its kind by its fields. */
export function kindFacts(recommendation: IRecommendation | undefined): Pick<RecommendationFacts, 'hostedAs' | 'promised' | 'isScalable'> {
  const own = recommendationFacts.of(recommendation);
  if (own || !recommendation) { return own ?? {}; }
  if (isInference(recommendation)) { return kindOfInference(recommendation); }
  return isGenerative(recommendation) ? kindOfGenerative(recommendation) : { hostedAs: () => ({ environment: recommendation.environment }) };
}

/** What the kind of a generative model decides: its package's specification has the environment. */
export function kindOfGenerative(recommendation: IGenerativeRecommendation): Pick<RecommendationFacts, 'hostedAs' | 'promised' | 'isScalable'> {
  return {
    hostedAs: () => {
      const { copyCount, acceleratorCount, minMemoryRequiredInMb } = recommendation;
      return { copies: { copyCount, acceleratorCount, minMemoryMb: minMemoryRequiredInMb } };
    },
    promised: () => ({ CostPerHour: recommendation.costPerHour }),
  };
}

function isGenerative(recommendation: IRecommendation): recommendation is IGenerativeRecommendation {
  return 'copyCountPerInstance' satisfies keyof IGenerativeRecommendation in recommendation;
}

export function hostedAs(recommendation: IRecommendation | undefined): HostedAs {
  return kindFacts(recommendation).hostedAs?.() ?? {};
}

function isInference(recommendation: IRecommendation): recommendation is IInferenceRecommendation {
  return 'compilationJobName' satisfies keyof IInferenceRecommendation in recommendation;
}

/** The facts of a recommendation that its job reads when the template is made. */
export interface JobRecommendationRecord {
  readonly resource: CfnResource;
  /** Whether it has a fallback for a failed job. */
  readonly hasFallback: boolean;
  /** The properties that the follower publishes it with; undefined if the deploy waits for the job. */
  readonly followed?: () => FollowedRecommendation;
}

const RECORDS = new Facts<IConstruct, JobRecommendationRecord[]>();

/** The recommendations of a job. Each one enters itself here and the job reads them, so that nothing changes the job after it is made. */
export function recommendationsOf(job: IConstruct): readonly JobRecommendationRecord[] {
  return RECORDS.of(job) ?? [];
}

export function enterRecommendation(job: IConstruct, record: JobRecommendationRecord): void {
  RECORDS.keep(job, [...recommendationsOf(job), record]);
}

/** @throws if the job is of another kind, which the library's functions do not know */
export function factsOfJob(job: IConstruct): JobFacts {
  const facts = jobFacts.of(job);
  if (facts) { return facts; }
  claimStack(job);
  throw new Error(`\`job\` must be a job of this library, got '${job.node.path}': use \`InferenceRecommendationsJob.fromJobName()\` to import one.`);
}

/** @throws if a job recommends another kind than this one, which would show only after the job is paid for */
export function checkKind({ family }: Pick<JobFacts, 'family'>, kind: RecommendationKind): void {
  if (kindOf(family.name) === kind) { return; }
  throw new Error(`\`job\` is an ${family.title}, which recommends another kind: use the job's own \`addRecommendation()\`.`);
}

/** @throws if a recommendation is added to another stack than its job's */
export function checkSameStack(recommendation: IConstruct, job: IConstruct): void {
  if (Stack.of(recommendation) === Stack.of(job)) { return; }
  throw new Error(`\`job\` must be of the recommendation's own stack, got one of ${Stack.of(job).node.path || 'another'}:`
    + ' add the recommendation to the job\'s stack, and use its fields in other stacks.');
}
