import type { Criteria } from './criteria';
import { nearest, Nearest } from './nearest';
import { Pools, poolsOf } from './pools';
import { passingValue } from './rank';
import type { RankedRecommendation, Ranking, Rejected } from './rank';
import { SCHEMA_VERSION } from '../../src/contract/custom-resource';
import { FallbackProperties, RecommendationProperties } from '../../src/contract/recommend';
import { shown } from '../../src/service/figures';
import { figureOf, RecommendationKind } from '../../src/service/recommendation-kinds';
import type { JobRecommendation, RecommendationSource } from '../jobs/family';
import { withNaN } from '../runtime/answer';

/** The choice, its alternatives and its reasons, with the API's names. */
export interface Explanation {
  readonly SchemaVersion: string;
  readonly JobName: string;
  readonly Criteria: Readonly<Record<string, unknown>>;
  /** The winner's id. Absent if the fallback is used. */
  readonly Chosen?: string;
  readonly RunnerUp?: string;
  /** The ids of the instance pools, the first to serve first. Absent if there is one. */
  readonly Pools?: readonly string[];
  /** Why the fallback is used. */
  readonly Warning?: string;
  /** Best first. */
  readonly Ranking: readonly ExplainedRecommendation[];
  readonly Rejected: readonly ExplainedRecommendation[];
  /** Request time of a background result. An older result never replaces it. */
  readonly AskedAt?: string;
  /** The number of recommendations that did not fit. */
  readonly LeftOut?: number;
}

interface ExplainedRecommendation {
  readonly RecommendationId?: string;
  readonly InstanceType?: string;
  readonly InstanceCount?: number;
  readonly ServerlessConfig?: unknown;
  readonly CompilationJobName?: string;
  readonly InferenceSpecificationName?: string;
  readonly Environment?: Readonly<Record<string, string>>;
  /** The compared metrics. With a target load, the cost per hour is the fleet's. */
  readonly Metrics: Readonly<Record<string, number | string>>;
  readonly Reasons?: readonly string[];
}

const LONGEST_SUMMARY = 600;
const LONGEST_WARNING = 1500;
/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (Value, of an advanced parameter) */
const MOST_BYTES = 8192;

export function explain(
  properties: RecommendationProperties, { ranked, rejected }: Ranking, pools: Pools | undefined, warning?: string,
): Explanation {
  const { JobName, Objective, ObjectiveStatistic, EndpointType, Limits, Thresholds, TargetLoad, Pin } = properties;
  const { InstanceCount, InstancePools } = properties;
  const chosen = pools?.chosen ?? [];
  return {
    SchemaVersion: SCHEMA_VERSION,
    JobName,
    Criteria: {
      Objective,
      ObjectiveStatistic,
      EndpointType,
      Limits,
      Thresholds,
      TargetLoad,
      Pin,
      InstanceCount,
      InstancePools,
      Fallback: withoutVariables(properties.Fallback),
    },
    Chosen: idOf(chosen[0]),
    RunnerUp: pools && idOf(ranked.find(({ recommendation }) => recommendation !== chosen[0].recommendation)),
    Pools: chosen.length > 1 ? chosen.map((one) => idOf(one)!) : undefined,
    Warning: warning && shortened(warning, LONGEST_WARNING),
    Ranking: ranked.map((one) => explained(one)),
    Rejected: rejected.map((one) => explained(one, one.reasons)),
  };
}

/** A variable may be a secret, and the log has the explanation. */
function withoutVariables(fallback: FallbackProperties | undefined): FallbackProperties | undefined {
  if (!fallback) { return undefined; }
  const { Environment: _variables, EnvironmentText: _text, ...others } = fallback;
  return others;
}

/** As JSON, with as many recommendations as a parameter can hold. The last ones are dropped first; the log has all of them. */
export function explanationText(explanation: Explanation): string {
  const { Ranking, Rejected } = explanation;
  const all = Ranking.length + Rejected.length;
  for (let kept = all; ; kept--) {
    const text = JSON.stringify({
      ...explanation,
      Ranking: Ranking.slice(0, kept),
      Rejected: Rejected.slice(0, Math.max(0, kept - Ranking.length)),
      LeftOut: kept < all ? all - kept : undefined,
    });
    if (Buffer.byteLength(text) <= MOST_BYTES || kept === 0) { return text; }
  }
}

/** The choice in one sentence, short enough for an output: how much it costs, the next best, and where the job is to be seen. */
export function summaryOf(
  kind: RecommendationKind, { ranked: [winner, runnerUp], rejected }: Ranking, { chosen, count }: Pools, link?: string,
): string {
  const isAlike = runnerUp !== undefined && endpointOf(winner) === endpointOf(runnerUp);
  const nameAmong = isAlike ? nameOf : endpointOf;
  const sentence = chosen.length > 1
    ? `${chosen.length} instance pools for ${count} instances: ${chosen.map((one) => `${endpointOf(one)}${inBrackets(figuresOf(kind, one))}`).join(', then ')}`
    : `${[nameAmong(winner), figuresOf(kind, winner)].filter((part) => part !== '').join(': ')}${
      runnerUp ? `; runner-up ${nameAmong(runnerUp)}${inBrackets(figuresOf(kind, runnerUp))}` : ''}`;
  const tail = link === undefined ? '' : `; ${link}`;
  return `${shortened(`${sentence}; ${rejected.length} rejected`, LONGEST_SUMMARY - tail.length)}${tail}`;
}

/**
 * Why no recommendation may be chosen: what would change that, and then the reason against each one. The reasons come last, because there may be
 * more of them than an answer holds.
 */
export function whyNone(
  jobName: string, rejected: readonly Rejected[], near: Nearest | undefined, source?: RecommendationSource,
): string {
  const sentences = [
    `None of the ${rejected.length} recommendations of ${source?.noun ?? 'job'} ${jobName} may be chosen`,
    ...near ? [`The nearest is ${nameOf(near.ranked)}: it may be chosen ${inWords(near.changes)}`] : [],
    ...source ? [] : ['The job has completed and is paid: the next deploy finds it and does not pay again'],
    ...rejected.length > 0 ? [rejected.map((one) => `${nameOf(one)}: ${one.reasons.join(', ')}`).join('; ')] : [],
  ];
  return `${sentences.join('. ')}.`;
}

/** Why there are too few instance types for the wanted instance pools, and what would change that. */
export function whyTooFew(jobName: string, { ranked }: Ranking, criteria: Criteria, recommendations: readonly JobRecommendation[]): string {
  const wanted = criteria.instancePools;
  const typeOf = ({ recommendation }: RankedRecommendation) => recommendation.instanceType;
  const good = ranked.filter((one, index) => ranked.findIndex((other) => typeOf(other) === typeOf(one)) === index);
  const most = [...Array(wanted - 1).keys()].reverse().find((fewer) => poolsOf(ranked, { ...criteria, instancePools: fewer + 1 }))! + 1;
  const remedies = [most > 1 ? `set \`instancePools\` to ${most}` : 'leave `instancePools` out'];
  if (good.length < wanted) {
    const near = nearest(recommendations.filter(({ instanceType }) => !good.some((one) => typeOf(one) === instanceType)), criteria);
    if (near) { remedies.push(`let ${nameOf(near.ranked)} be chosen ${inWords(near.changes)}`); }
  } else {
    const limits = criteria.limits.filter(({ metric }) => metric !== 'CostPerHour');
    const { chosen } = poolsOf(ranked, { ...criteria, limits })!;
    const [limit] = criteria.limits.filter(({ metric }) => metric === 'CostPerHour');
    remedies.push(`set \`limits.maxCostPerHour\` to ${passingValue(Math.max(...chosen.map(({ figures }) => figures.CostPerHour)), limit)}`);
  }
  return `${wanted} instance pools are wanted, and of job ${jobName} ${good.length < wanted
    ? `only ${good.length} instance type${good.length === 1 ? '' : 's'} may be chosen: ${good.map(nameOf).join(', ')}`
    : `no ${wanted} of ${good.length} instance types keep the limits together, because each must keep them with as many instances as the weakest needs: ${
      good.map((one) => `${nameOf(one)} with CostPerHour ${shown(criteria.kind, 'CostPerHour', one.figures.CostPerHour)}`).join(', ')}`}. To mend it, ${remedies.join(', or ')
  }. The job has completed and is paid: the next deploy finds it and does not pay again.`;
}

function inWords(changes: readonly string[]): string {
  return [changes.slice(0, -1).join(', '), ...changes.slice(-1)].filter((part) => part !== '').join(' and ');
}

export function shortened(sentence: string, most = LONGEST_SUMMARY): string {
  return sentence.length <= most ? sentence : `${sentence.slice(0, most - 1)}…`;
}

function explained(
  { recommendation, instanceCount, concurrency, figures }: RankedRecommendation, reasons?: readonly string[],
): ExplainedRecommendation {
  const { instanceType, serverlessConfig, attributes, environment } = recommendation;
  return {
    RecommendationId: attributes.RecommendationId?.toString(),
    InstanceType: instanceType,
    InstanceCount: instanceCount,
    ServerlessConfig: serverlessConfig && { ...serverlessConfig, MaxConcurrency: concurrency },
    CompilationJobName: attributes.CompilationJobName?.toString(),
    InferenceSpecificationName: attributes.InferenceSpecificationName?.toString(),
    Environment: Object.keys(environment).length > 0 ? environment : undefined,
    Metrics: withNaN(figures),
    Reasons: reasons,
  };
}

function idOf(ranked: RankedRecommendation | undefined): string | undefined {
  return ranked?.recommendation.attributes.RecommendationId?.toString();
}

function nameOf(ranked: RankedRecommendation): string {
  return `${endpointOf(ranked)} (${ranked.recommendation.id})`;
}

function endpointOf({ recommendation: { instanceType, serverlessConfig, isCompiled }, instanceCount, concurrency }: RankedRecommendation): string {
  const endpoint = serverlessConfig ? `serverless of ${serverlessConfig.MemorySizeInMB} MB × ${concurrency}` : `${instanceType} × ${instanceCount}`;
  return `${endpoint}${isCompiled ? ' compiled' : ''}`;
}

function figuresOf(kind: RecommendationKind, { figures }: RankedRecommendation): string {
  return kind.told.filter((metric) => !Number.isNaN(figureOf(figures, metric))).map((metric) => shown(kind, metric, figures[metric])).join(', ');
}

function inBrackets(text: string): string {
  return text === '' ? '' : ` (${text})`;
}
