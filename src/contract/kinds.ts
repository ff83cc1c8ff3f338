import { AI_RECOMMENDATIONS, DEPLOYMENT_RECOMMENDATIONS } from './families';
import { BENCHMARKED, GENERATIVE, INSTANT, RecommendationKind } from '../service/recommendation-kinds';

const KINDS: Readonly<Record<string, RecommendationKind>> = { [AI_RECOMMENDATIONS]: GENERATIVE, [DEPLOYMENT_RECOMMENDATIONS]: INSTANT };

/** The kind of what a family recommends: figures of a benchmark, unless the family has its own. */
export function kindOf(family: string): RecommendationKind {
  return KINDS[family] ?? BENCHMARKED;
}
