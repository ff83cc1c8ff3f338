import type { JobRecommendation } from '../../../lambda/jobs/family';
import type { TargetLoad } from '../../../lambda/recommend/criteria';
import { withLoad } from '../../../lambda/recommend/rank';
import { HOURS_PER_MONTH } from '../../../src/service/prices';
import { BENCHMARKED, RecommendationKind } from '../../../src/service/recommendation-kinds';

/** What bears a load, and what it costs. NaN is unknown. */
export interface Fleet {
  /** Absent for a serverless endpoint. */
  readonly instances?: number;
  /** Absent for instances. */
  readonly concurrency?: number;
  readonly usdPerMonth: number;
}

/** The fleet of a recommendation that a load needs, by the code that the stack's function runs. */
export function fleetAt(recommendation: JobRecommendation, load: TargetLoad, kind: RecommendationKind = BENCHMARKED): Fleet {
  const { instanceCount, concurrency, figures } = withLoad(recommendation, { kind, load });
  return { instances: instanceCount, concurrency, usdPerMonth: figures.CostPerHour * HOURS_PER_MONTH };
}

/** Between instances and a serverless endpoint, the loads at which each is the cheaper one, in requests a minute. */
export interface BreakEven {
  /** Up to this load serverless is cheaper. Infinity if it is at every load. */
  readonly first: number;
  /** From this load on instances always are. Between the two it alternates, because instances come whole. */
  readonly last: number;
  /** The largest load that the serverless endpoint bears within its greatest concurrency. */
  readonly mostServerless: number;
}

interface Bounds {
  readonly headroomPercent: number;
  /** The greatest concurrency of a serverless endpoint. */
  readonly maxConcurrency: number;
}

/** `undefined` if a figure that decides is not known. */
export function breakEven(
  instances: JobRecommendation, serverless: JobRecommendation, { headroomPercent, maxConcurrency }: Bounds,
): BreakEven | undefined {
  const { figures, instanceCount } = instances;
  const usd = figures.CostPerHour / instanceCount;
  // The load of one full instance.
  const full = figures.MaxInvocations * 100 / ((100 + headroomPercent) * instanceCount);
  // The load at which serverless costs as much as one instance.
  const even = usd / (serverless.figures.CostPerInference * 60);
  const mostServerless = mostLoad(serverless, { headroomPercent, maxConcurrency });
  if (!(full > 0) || !(even >= 0) || Number.isNaN(mostServerless)) { return undefined; }
  if (even >= full) { return { first: Infinity, last: Infinity, mostServerless }; }
  // With n instances just begun, serverless is cheaper again if (n - 1) full ones cost it less than n times even.
  const alternating = Math.max(1, Math.ceil(full / (full - even)) - 1);
  return { first: even, last: alternating * even, mostServerless };
}

/** The largest load that a recommendation bears. Instances bear any. */
export function mostLoad({ serverlessConfig, figures }: JobRecommendation, { headroomPercent, maxConcurrency }: Bounds): number {
  if (!serverlessConfig) { return Infinity; }
  return figures.MaxInvocations * 100 * maxConcurrency / ((100 + headroomPercent) * (serverlessConfig.MaxConcurrency ?? 1));
}

/** Loads from one to another in equal ratios, with both ends. */
export function loadsBetween(least: number, most: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => (at === count - 1 ? most : least * (most / least) ** (at / (count - 1))));
}
