import { AI_RECOMMENDATIONS, DEPLOYMENT_RECOMMENDATIONS } from './families';
import { GENERATIVE_ATTRIBUTES, INSTANT_ATTRIBUTES, RECOMMENDATION_ATTRIBUTES, RecommendationAttribute } from './recommend';
import { BENCHMARKED, GENERATIVE, INSTANT, RecommendationKind } from '../service/recommendation-kinds';

const KINDS: Readonly<Record<string, RecommendationKind>> = { [AI_RECOMMENDATIONS]: GENERATIVE, [DEPLOYMENT_RECOMMENDATIONS]: INSTANT };

/** The kind of what a family recommends: figures of a benchmark, unless the family has its own. */
export function kindOf(family: string): RecommendationKind {
  return KINDS[family] ?? BENCHMARKED;
}

const ATTRIBUTES: Readonly<Record<string, readonly RecommendationAttribute[]>> = {
  [AI_RECOMMENDATIONS]: GENERATIVE_ATTRIBUTES, [DEPLOYMENT_RECOMMENDATIONS]: INSTANT_ATTRIBUTES,
};

/** The attributes of what a family recommends. */
export function attributesOf(family: string): readonly RecommendationAttribute[] {
  return ATTRIBUTES[family] ?? RECOMMENDATION_ATTRIBUTES;
}
