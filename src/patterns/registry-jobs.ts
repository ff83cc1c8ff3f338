import { Lazy, Resource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { FollowedRecommendation } from '../contract/contract';
import { BenchmarkTarget } from '../jobs/benchmark-target';
import type { IInferenceRecommendationsJob } from '../jobs/inference-recommendations-job-props';
import { ModelPackage } from '../model-package/model-package';
import { Recommendation } from '../recommendation/recommendation';
import type { RecommendationOptions } from '../recommendation/recommendation-options';

/** The jobs that approvals start, in the place of one job: which package each benchmarks comes with its recommendation. */
export class RegistryJobs extends Resource implements IInferenceRecommendationsJob {
  public readonly jobName = '';
  public readonly target: BenchmarkTarget;
  public readonly _isInBackground = true;
  /** The recommendation as the background writes it. */
  public followed?: FollowedRecommendation;
  public readonly _follower = { write: (recommendation: FollowedRecommendation) => { this.followed = recommendation; } };
  private recommendation?: Recommendation;

  constructor(scope: Construct, id: string, public readonly _registry: { readonly initialPackageArn?: string }) {
    super(scope, id);
    this.target = BenchmarkTarget.fromModelPackage(ModelPackage.fromModelPackageArn(this, 'Version', Lazy.string({
      produce: () => this.recommendation!.modelPackageArn,
    })));
  }

  public addRecommendation(id: string, options: RecommendationOptions = {}): Recommendation {
    this.recommendation = new Recommendation(this, id, { job: this, ...options });
    return this.recommendation;
  }
}
