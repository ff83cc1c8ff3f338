import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { Lazy, Resource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { INFERENCE_RECOMMENDER } from '../jobs/family';
import { writtenPackage } from '../recommendation/cross-stack-field';
import { jobFacts } from '../recommendation/facts';
import { Recommendation } from '../recommendation/recommendation';
import { IRecommendationJob } from '../recommendation/recommendation-interface';
import { RecommendationOptions } from '../recommendation/recommendation-options';

/** All jobs that approvals start, as one job for the recommendation. The recommendation's fields have the package that was benchmarked. */
export class RegistryJobs extends Resource implements IRecommendationJob {
  public readonly jobName = '';
  public readonly modelPackage: IModelPackageRef;
  public readonly recommendation: Recommendation;

  constructor(scope: Construct, id: string, initialPackageArn: string | undefined, namespace: string, options: RecommendationOptions) {
    super(scope, id);
    jobFacts.keep(this, {
      family: INFERENCE_RECOMMENDER, namespace, isInBackground: true, hasPendingResults: true, fallbackTarget: { ModelPackageArn: initialPackageArn },
    });
    const field = (produce: () => string) => Lazy.string({ produce });
    this.modelPackage = writtenPackage(this, 'Version', field(() => this.recommendation.modelPackageArn), field(() => this.recommendation._targetInLowerCase));
    this.recommendation = new Recommendation(this, 'Recommendation', { ...options, job: this });
  }
}
