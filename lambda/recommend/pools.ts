import type { Criteria } from './criteria';
import { objectionsTo, RankedRecommendation } from './rank';

/** The instance pools of a variant, or the one choice of a recommendation without pools. */
export interface Pools {
  /** One for each instance type, best first. The cost per hour is that of `count` instances. */
  readonly chosen: readonly RankedRecommendation[];
  /** The largest count that one of them needs, because all instances may be of that type. A serverless endpoint has none. */
  readonly count?: number;
}

/**
 * Chooses as many instance types as the criteria want: of all sets whose recommendations keep the limits at the largest count of the set, the one with
 * the best recommendation, then the best second one and so on. `undefined` if there is no such set.
 */
export function poolsOf(ranked: readonly RankedRecommendation[], criteria: Criteria): Pools | undefined {
  if (criteria.instancePools === 1) { return ranked.length > 0 ? { chosen: ranked.slice(0, 1), count: ranked[0].instanceCount } : undefined; }
  return completed([], ranked, criteria);
}

/** A larger set only has a larger count, so a set that breaks a limit is left with all that begin with it. */
function completed(begun: readonly RankedRecommendation[], rest: readonly RankedRecommendation[], criteria: Criteria): Pools | undefined {
  const count = Math.max(...begun.map(({ instanceCount }) => instanceCount!));
  const chosen = begun.map((one) => atCount(one, count));
  if (chosen.some((one) => objectionsTo(one, criteria).length > 0)) { return undefined; }
  if (chosen.length === criteria.instancePools) { return { chosen, count }; }
  for (const [index, one] of rest.entries()) {
    const others = rest.slice(index + 1).filter(({ recommendation }) => recommendation.instanceType !== one.recommendation.instanceType);
    const pools = completed([...begun, one], others, criteria);
    if (pools) { return pools; }
  }
  return undefined;
}

function atCount(ranked: RankedRecommendation, count: number): RankedRecommendation {
  const { figures, instanceCount } = ranked;
  return instanceCount === count ? ranked : { ...ranked, figures: { ...figures, CostPerHour: figures.CostPerHour * count / instanceCount! } };
}
