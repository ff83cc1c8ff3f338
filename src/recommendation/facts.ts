import { CfnResource } from 'aws-cdk-lib/core';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import type { IRecommendation } from './recommendation-interface';
import { Facts } from '../common/facts';
import type { FollowedRecommendation } from '../contract/recommend';
import type { JobFamily } from '../runtime/job-family';

/** What a job of this library tells its recommendations at synth. */
export interface JobFacts {
  readonly family: JobFamily;
  /** The name of a job that something else started. */
  readonly importedName?: string;
  /** Whether nobody waits for the job. */
  readonly isInBackground?: boolean;
  /** What a fallback is deployed of, where that is not the job's target: the jobs that approvals start have none yet. */
  readonly fallbackTarget?: { readonly ModelPackageArn?: string };
  /** Whether results are written as pending ones first. */
  readonly hasPendingResults?: boolean;
  /** What all recommendations of the job have in common, if that is known before the deploy. */
  readonly uniform?: UniformRecommendations;
  /** Lets a principal read the models that the job compiled. */
  readonly grantReadCompiled?: (grantee: IGrantable) => void;
}

/** Facts of jobs, which the rooms of the jobs keep. */
export const jobFacts = new Facts<IConstruct, JobFacts>();

/** What a native model needs to know of a recommendation before the deploy. */
export interface NativeModel {
  readonly inferenceSpecificationName?: string;
  /** Values may be tokens, names may not. */
  readonly environment?: { readonly [name: string]: string };
}

/** What all recommendations of a job have in common, because all its candidates do. */
export interface UniformRecommendations {
  readonly inferenceSpecificationName?: string;
  readonly environmentNames: readonly string[];
}

/** What a recommendation of this library tells at synth. */
export interface RecommendationFacts {
  /** Lets a principal read what the recommendation may turn out to be: a compiled artifact, in an image of SageMaker Neo. */
  readonly grantReadCompiled?: (grantee: IGrantable) => void;
  readonly native?: NativeModel;
  /** Whether its compiled models are of a job of its stack. */
  readonly isOfOwnJob?: boolean;
}

export const recommendationFacts = new Facts<IRecommendation, RecommendationFacts>();

/** A recommendation, as its job looks at it when the template is made. */
export interface JobRecommendationRecord {
  readonly resource: CfnResource;
  /** Whether something stands in when the job fails. */
  readonly hasFallback: boolean;
  /** Of a job in the background: what is written once the job is over. */
  readonly followed?: () => FollowedRecommendation;
}

const RECORDS = new Facts<IConstruct, JobRecommendationRecord[]>();

/** The recommendations of a job. They enter themselves here, and the job reads: nothing changes the job after it is made. */
export function recommendationsOf(job: IConstruct): readonly JobRecommendationRecord[] {
  return RECORDS.of(job) ?? [];
}

export function enterRecommendation(job: IConstruct, record: JobRecommendationRecord): void {
  RECORDS.keep(job, [...recommendationsOf(job), record]);
}
