import type { Criteria } from './criteria';
import { objectionsTo, RankedRecommendation, withLoad } from './rank';
import type { JobRecommendation } from '../jobs/family';

/** A rejected recommendation, and what would let it be chosen. */
export interface Nearest {
  readonly ranked: RankedRecommendation;
  /** The changes, in the words of the app's props. */
  readonly changes: readonly string[];
}

interface Distance extends Nearest {
  /** Changes that are of kind: another type, family or objective, a limit less. */
  readonly kinds: number;
  /** How far the figures are from their limits, in all. */
  readonly figures: number;
}

/** The recommendation that the fewest changes of kind, and then the smallest changes of figures, let pass. `undefined` if none can. */
export function nearest(recommendations: readonly JobRecommendation[], criteria: Criteria): Nearest | undefined {
  return recommendations.flatMap((recommendation) => distanceOf(recommendation, criteria) ?? [])
    .sort((a, b) => a.kinds - b.kinds || a.figures - b.figures || (a.ranked.recommendation.id < b.ranked.recommendation.id ? -1 : 1))[0];
}

/** Takes one objection away after the other: a change may bring others to light, as a load does that is no longer counted with. */
function distanceOf(recommendation: JobRecommendation, criteria: Criteria): Distance | undefined {
  const changes: string[] = [];
  let [kinds, figures] = [0, 0];
  for (let current = criteria; ;) {
    const ranked = withLoad(recommendation, current);
    const [first] = objectionsTo(ranked, current);
    if (first === undefined) { return { ranked, changes, kinds, figures }; }
    if (first.criteria === undefined) { return undefined; }
    changes.push(first.change!);
    if (first.distance === undefined) { kinds++; } else { figures += first.distance; }
    current = first.criteria;
  }
}
