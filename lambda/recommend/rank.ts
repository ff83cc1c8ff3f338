import { Criteria, Limit, TargetLoad } from './criteria';
import type { ObjectiveName } from '../../src/contract/recommend';
import { isOneOf, MetricName } from '../../src/service/limits';
import type { JobRecommendation } from '../jobs/family';

/** A recommendation with the figures that it is judged by. NaN stands for what is not known. */
export interface RankedRecommendation {
  readonly recommendation: JobRecommendation;
  /** Instances to deploy; a serverless one has none. */
  readonly instanceCount?: number;
  /**
   * Its own figures, but for the cost per hour: that is the cost of the fleet that a target load needs. Throughput stays its own: every such fleet bears
   * the load, and what it bears beyond comes of rounding.
   */
  readonly figures: Readonly<Record<MetricName, number>>;
}

interface Measure {
  readonly metric: MetricName;
  /** 1 where less is better. */
  readonly sign: 1 | -1;
}

const MEASURES: Readonly<Record<ObjectiveName, Measure>> = {
  LowestCostPerInference: { metric: 'CostPerInference', sign: 1 },
  LowestCostPerHour: { metric: 'CostPerHour', sign: 1 },
  LowestLatency: { metric: 'ModelLatency', sign: 1 },
  HighestThroughput: { metric: 'MaxInvocations', sign: -1 },
};

/**
 * What decides between recommendations that are equal by the objective: the metrics in this order, 1 where less is better. At last the lower id does.
 * A metric without its place here does not compile.
 */
const TIE_BREAKERS: Readonly<Record<MetricName, 1 | -1>> = {
  CostPerInference: 1,
  ModelLatency: 1,
  MaxInvocations: -1,
  CostPerHour: 1,
  CpuUtilization: 1,
  MemoryUtilization: 1,
};

export type Rejected = RankedRecommendation & { readonly reasons: readonly string[] };

/** All recommendations of a job: those that may be chosen, best first, and those that may not. */
export interface Ranking {
  readonly ranked: readonly RankedRecommendation[];
  readonly rejected: readonly Rejected[];
}

/** Judges every recommendation and ranks those that are left. The order in which the service lists them never counts. */
export function rank(recommendations: readonly JobRecommendation[], criteria: Criteria): Ranking {
  const judged = recommendations
    .map((recommendation) => withLoad(recommendation, criteria.load))
    .map((ranked): Rejected => ({ ...ranked, reasons: reasonsAgainst(ranked, criteria) }));
  return {
    ranked: judged.filter(({ reasons }) => reasons.length === 0).sort(better(criteria.objective)),
    rejected: judged.filter(({ reasons }) => reasons.length > 0).sort(byId),
  };
}

/** The instances that a load needs, and their cost. */
export function withLoad(recommendation: JobRecommendation, load?: TargetLoad): RankedRecommendation {
  const { figures, serverlessConfig, instanceCount: benchmarked } = recommendation;
  if (serverlessConfig) {
    // Paid by the request, whatever capacity there is.
    return { recommendation, figures: load ? { ...figures, CostPerHour: figures.CostPerInference * load.invocationsPerMinute * 60 } : figures };
  }
  if (!load) { return { recommendation, instanceCount: benchmarked, figures }; }
  // Throughput and cost cover all of the benchmarked instances: published are 3 instances of 0.23 with a cost per hour of 0.69.
  const { MaxInvocations: invocations, CostPerHour: costPerHour } = figures;
  // One division, at the end: each rounds, and what is just enough would come out as one instance more.
  const wanted = load.invocationsPerMinute * (100 + load.headroomPercent) * benchmarked;
  const instanceCount = invocations > 0 ? Math.max(1, Math.ceil(wanted / (100 * invocations))) : NaN;
  return { recommendation, instanceCount, figures: { ...figures, CostPerHour: costPerHour * instanceCount / benchmarked } };
}

function reasonsAgainst(ranked: RankedRecommendation, { objective, endpointType, limits, pin, ...criteria }: Criteria): string[] {
  const { recommendation: { id, instanceType, serverlessConfig, isCompiled, attributes }, figures } = ranked;
  const isServerless = serverlessConfig !== undefined;
  const compared = MEASURES[objective].metric;
  const checks: Array<[boolean, string]> = [
    [isServerless !== (endpointType === 'Serverless'), `it is ${isServerless ? 'serverless' : 'real-time'} and ${endpointType} is wanted`],
    [pin?.recommendationId !== undefined && id !== pin.recommendationId, `it is not the pinned ${pin?.recommendationId}`],
    [pin?.instanceType !== undefined && instanceType !== pin.instanceType, `it is not on the pinned ${pin?.instanceType}`],
    [criteria.allowed !== undefined && instanceType !== undefined && !isOneOf(criteria.allowed, instanceType), `${instanceType} is not allowed`],
    [instanceType !== undefined && isOneOf(criteria.refused, instanceType), `${instanceType} is refused`],
    [!criteria.allowCompiled && isCompiled, 'it is a compiled model'],
    [Number.isNaN(ranked.instanceCount),
      `MaxInvocations is ${attributes.MaxInvocations ?? 'not reported'}, so the instances that the load needs are not known`],
    [Number.isNaN(figures[compared]), `${compared} is not reported`],
  ];
  return [
    ...checks.filter(([applies]) => applies).map(([, reason]) => reason),
    ...limits.filter((limit) => breaks(figures[limit.metric], limit))
      .map(({ metric, bound, value }) => `${metric} ${Number.isNaN(figures[metric]) ? 'is not reported and' : figures[metric]} must be at ${bound} ${value}`),
  ];
}

/**
 * A figure that is not known keeps no limit. The service's figures are floats of 32 bits: what is published as 0.115 comes as 0.11500000208616257, and
 * keeps a limit of 0.115.
 */
function breaks(exactly: number, { bound, value: given }: Limit): boolean {
  const [figure, value] = [exactly, given].map(Math.fround);
  return !(bound === 'most' ? figure <= value : figure >= value);
}

function better(objective: ObjectiveName): (a: RankedRecommendation, b: RankedRecommendation) => number {
  const others = (Object.keys(TIE_BREAKERS) as MetricName[]).map((metric): Measure => ({ metric, sign: TIE_BREAKERS[metric] }));
  const measures = [MEASURES[objective], ...others];
  return (a, b) => measures.map((by) => cost(a, by) - cost(b, by)).find((difference) => difference !== 0) ?? byId(a, b);
}

/** Less is better; what is not known is worse than any figure. */
function cost({ figures }: RankedRecommendation, { metric, sign }: Measure): number {
  return Number.isNaN(figures[metric]) ? Number.MAX_VALUE : figures[metric] * sign;
}

function byId(a: RankedRecommendation, b: RankedRecommendation): number {
  const [one, other] = [a, b].map(({ recommendation }) => [recommendation.id, JSON.stringify(recommendation)]);
  return one < other ? -1 : 1;
}
