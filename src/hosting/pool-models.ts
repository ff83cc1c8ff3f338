import { IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Facts } from '../common/facts';
import type { IRecommendation } from '../recommendation/recommendation-interface';

/** The models of a recommendation's instance pools. They are no facts of `facts.ts`, which knows variants, because a variant reads them. */
export interface PoolModels {
  readonly recommendation: IRecommendation;
  /** Names of the models for its next best ones. A pool without one takes the variant's model. */
  readonly names: ReadonlyArray<string | undefined>;
}

/** By the model of the first pool. */
export const poolModels = new Facts<IModelRef, PoolModels>();
