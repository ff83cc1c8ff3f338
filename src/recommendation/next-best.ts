import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import type { FieldSource } from './cross-stack-field';
import { RecommendationFacts } from './facts';
import { InferenceRecommendationBase, RecommendationBase } from './recommendation-base';
import type { IInferenceRecommendation } from './recommendation-interface';
import type { EndpointType } from '../common/endpoint-type';
import { POOL_ATTRIBUTES, poolAttribute } from '../contract/pools';
import { RecommendationAttribute } from '../contract/recommend';

/** The fields of the job, which are the same for each of its recommendations. */
const OF_THE_JOB: readonly RecommendationAttribute[] = ['JobName', 'ModelPackageArn', 'ModelName', 'TargetInLowerCase', 'Source', 'Summary'];

/** The recommendation of an instance pool after the first. The recommendation that has it makes the one choice of all pools, and writes their fields. */
class NextBest extends InferenceRecommendationBase {
  public readonly endpointType: EndpointType;
  public readonly modelPackage?: IModelPackageRef;
  public readonly model?: IModelRef;
  public readonly nextBest: IInferenceRecommendation[] = [];
  /** @internal */
  protected readonly _source: FieldSource;

  constructor(best: RecommendationBase, priority: number, source: FieldSource) {
    super(best, `Pool${priority}`);
    ({ endpointType: this.endpointType, modelPackage: this.modelPackage, model: this.model } = best);
    const fieldOf = (attribute: string) => {
      const [own] = POOL_ATTRIBUTES.filter((name) => name === attribute);
      return own ? poolAttribute(priority, own) : OF_THE_JOB.find((name) => name === attribute);
    };
    this._source = {
      text: (attribute) => { const field = fieldOf(attribute); return field ? source.text(field) : ''; },
      number: (attribute) => { const field = fieldOf(attribute); return field ? source.number(field) : 0; },
    };
  }
}

/** The recommendations of a recommendation's pools after the first. */
export function nextBestOf(
  best: RecommendationBase, source: FieldSource, pools: number, factsOf: (priority: number) => RecommendationFacts,
): IInferenceRecommendation[] {
  return [...Array(pools - 1).keys()].map((index) => {
    const priority = index + 2;
    const next = new NextBest(best, priority, source);
    next._keep(factsOf(priority));
    return next;
  });
}
