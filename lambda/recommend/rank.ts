import type { InferenceRecommendation } from '@aws-sdk/client-sagemaker';
import { Candidate, candidateOf } from './ranked-recommendation';
import type { Criteria, Limit } from './criteria';
import type { ObjectiveName } from '../../src/contract/contract';
import { isOneOf, MetricName } from '../../src/service/limits';

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

/** What decides between rows that are equal by the objective, one after the other; at last the lower id does. */
const TIE_BREAKERS: readonly Measure[] = [
  MEASURES.LowestCostPerInference,
  MEASURES.LowestLatency,
  MEASURES.HighestThroughput,
  MEASURES.LowestCostPerHour,
  { metric: 'CpuUtilization', sign: 1 },
  { metric: 'MemoryUtilization', sign: 1 },
];

export type Rejected = Candidate & { readonly reasons: readonly string[] };

/** All rows: those that may be chosen, best first, and those that may not. */
export interface Choice {
  readonly ranking: readonly Candidate[];
  readonly rejected: readonly Rejected[];
}

/** Judges every row and ranks what is left. The order in which the rows come never counts. */
export function choose(rows: readonly InferenceRecommendation[], criteria: Criteria): Choice {
  const judged = rows
    .map((row) => candidateOf(row, criteria.load))
    .map((candidate): Rejected => ({ ...candidate, reasons: reasonsAgainst(candidate, criteria) }));
  return {
    ranking: judged.filter(({ reasons }) => reasons.length === 0).sort(better(criteria.objective)),
    rejected: judged.filter(({ reasons }) => reasons.length > 0).sort(byId),
  };
}

function reasonsAgainst(candidate: Candidate, { objective, endpointType, limits, pin, ...criteria }: Criteria): string[] {
  const { row, isServerless, figures } = candidate;
  const instanceType = isServerless ? undefined : row.EndpointConfiguration?.InstanceType;
  const compared = MEASURES[objective].metric;
  const checks: Array<[boolean, string]> = [
    [isServerless !== (endpointType === 'Serverless'), `it is ${isServerless ? 'serverless' : 'real-time'} and ${endpointType} is wanted`],
    [pin?.recommendationId !== undefined && row.RecommendationId !== pin.recommendationId, `it is not the pinned ${pin?.recommendationId}`],
    [pin?.instanceType !== undefined && instanceType !== pin.instanceType, `it is not on the pinned ${pin?.instanceType}`],
    [criteria.allowed !== undefined && instanceType !== undefined && !isOneOf(criteria.allowed, instanceType), `${instanceType} is not allowed`],
    [instanceType !== undefined && isOneOf(criteria.refused, instanceType), `${instanceType} is refused`],
    [!criteria.allowCompiled && row.ModelConfiguration?.CompilationJobName !== undefined, 'it is a compiled model'],
    [Number.isNaN(candidate.instanceCount),
      `MaxInvocations is ${row.Metrics?.MaxInvocations ?? 'not reported'}, so the instances that the load needs are not known`],
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

function better(objective: ObjectiveName): (a: Candidate, b: Candidate) => number {
  const measures = [MEASURES[objective], ...TIE_BREAKERS];
  return (a, b) => measures.map((by) => cost(a, by) - cost(b, by)).find((difference) => difference !== 0) ?? byId(a, b);
}

/** Less is better; what is not known is worse than any figure. */
function cost({ figures }: Candidate, { metric, sign }: Measure): number {
  return Number.isNaN(figures[metric]) ? Number.MAX_VALUE : figures[metric] * sign;
}

function byId(a: Candidate, b: Candidate): number {
  const [one, other] = [a, b].map(({ row }) => [row.RecommendationId ?? '', JSON.stringify(row)]);
  return one < other ? -1 : 1;
}
